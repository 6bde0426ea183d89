"""Settings from files: an older bulk.mk (`--like`), and pbulk.conf (`--pbulk-conf`)."""

from __future__ import annotations

import re
from pathlib import Path

from pkgmkgen.errors import FileError
from pkgmkgen.names import split_lines
from pkgmkgen.setting_table import TABLE

_MAKE = re.compile(r"([A-Z_]+) \??= ?(.*)")
_SHELL = re.compile(r"\s*(?:export\s+)?([a-z_]+)=(.*)")
_HEAD = 100_000
_OF_THIS_PROGRAM = ("SCRIPTS",)

_PBULK = {
    "bootstrapkit": "BOOTSTRAP_KIT",
    "packages": "PACKAGES",
    "bulklog": "BULKLOG",
    "pkgsrc": "PKGSRCDIR",
    "prefix": "PREFIX",
    "pkgdb": "PKG_DBDIR",
    "unprivileged_user": "BUILD_USER",
}
"""Variables of pbulk.conf that name what settings name."""


def like(name: str) -> dict[str, str]:
    """Return the settings with which a bulk.mk was made, but for those that are as by default.

    FileError: it cannot be read, or is no bulk.mk.
    """
    defaults = {setting.name: setting.value for setting in TABLE}
    head = _read(name)[:_HEAD]
    if not head.startswith("# bulk.mk - "):
        raise FileError("is no bulk.mk of pkgmkgen", name, "name a file that pkgmkgen has made")
    matches = filter(None, map(_MAKE.fullmatch, split_lines(head)))
    found = {match[1]: match[2] for match in matches}
    return {
        name: value
        for name, value in found.items()
        if name in defaults and value != defaults[name] and name not in _OF_THIS_PROGRAM
    }


def of_pbulk(name: str) -> dict[str, str]:
    """Return the paths in a pbulk.conf. Only plain assignments are read, nothing is run."""
    values: dict[str, str] = {}
    for line in split_lines(_read(name)):
        if match := _SHELL.fullmatch(re.sub(r"(^|\s)#.*", "", line).rstrip()):
            text = match[2].strip("\"'")
            values[match[1]] = re.sub(
                r"\$\{?([a-z_]+)\}?", lambda found: values.get(found[1], ""), text
            )
    return {setting: values[name] for name, setting in _PBULK.items() if values.get(name)}


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8", "surrogateescape")
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise FileError(what, name, "check the path and its permissions") from error
