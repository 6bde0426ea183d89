"""What is made from the table of settings (setting_table.py).

bulk.mk lets its user override them on make's command line, --set gives other defaults, `pkgmkgen
help settings` prints them. bulk.mk tells the scripts what they must know of them (`declarations`):
names and defaults, which go to other hosts, which a host or a package may have of its own, which a
build is made from. Values are text for make; they may name other settings as `$(NAME)` in the
defaults of the table only.
"""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import TYPE_CHECKING

from pkgmkgen.errors import UsageError
from pkgmkgen.model import PHASES
from pkgmkgen.near import did_you_mean
from pkgmkgen.setting_table import TABLE, WORDS, Setting, Use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_VALUE = re.compile(r"[A-Za-z0-9 %+,./:=@_~-]*")
_REFERENCE = re.compile(r"\$\((\w+)\)")
_NOTES = {
    Use.PER_HOST: "A host in HOSTS may have its own.",
    Use.PER_PACKAGE: "PACKAGE_SETTINGS may change it for some packages.",
    Use.INPUT: "Another value builds again what failed before.",
}


def parse(words: tuple[str, ...]) -> dict[str, str]:
    """Read `NAME=VALUE` words of --set. UsageError: unknown NAME, or a value make would misread."""
    values: dict[str, str] = {}
    known = {setting.name for setting in TABLE}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in known:
            otherwise = "`pkgmkgen help settings` lists them"
            fix = (
                did_you_mean(name.upper(), known, otherwise) if name not in known else "NAME=VALUE"
            )
            raise UsageError(f"unknown setting: {word!r}", "--set", fix)
        check(name, value, "--set")
        values[name] = value
    return values


def check(name: str, value: str, where: str) -> None:
    """Raise UsageError unless make and sh take `value` for what it is and it is allowed."""
    if not _VALUE.fullmatch(value):
        raise UsageError(
            f"{name} has a character that make or sh misreads: {value!r}",
            where,
            "use letters, digits, blanks and %+,./:=@_~- only",
        )
    good = _of(name).good
    if good and value and not re.fullmatch(good, value):
        raise UsageError(
            f"{name} cannot be {value!r}", where, f"use {_shown(good)}: pkgmkgen help settings"
        )


def default(name: str) -> str:
    """Return the default of a setting."""
    return _of(name).value


def table(values: Mapping[str, str]) -> tuple[Setting, ...]:
    """Return TABLE with the given values in place of its defaults."""
    return tuple(replace(s, value=values.get(s.name, s.value)) for s in TABLE)


def expanded(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values of all settings without references to others."""
    known = {setting.name: setting.value for setting in table(values)}
    for _ in known:
        for name, value in known.items():
            known[name] = _REFERENCE.sub(lambda match: known[match[1]], value)
    return known


def declarations() -> dict[str, str]:
    """Return the variables by which scripts know the settings, as they call them: lists of words.

    BULK_SETTINGS has `NAME=DEFAULT`, or NAME alone where a value is required. BULK_PHASES are the
    phases of a build.
    """
    seen = [setting for setting in TABLE if setting.export]
    return {
        "BULK_SETTINGS": " ".join(map(_declared, seen)),
        "BULK_TRAVELS": _names(setting for setting in seen if Use.HERE not in setting.use),
        "BULK_PER_HOST": " ".join(s.name for s in seen if Use.PER_HOST in s.use),
        "BULK_PER_PACKAGE": _names(setting for setting in seen if Use.PER_PACKAGE in setting.use),
        "BULK_INPUTS": _names(setting for setting in seen if Use.INPUT in setting.use),
        "BULK_PHASES": " ".join(PHASES),
    }


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """Return what scripts need to build, or to scan, on a machine that does not schedule."""
    known = expanded(values)
    travelling = (s for s in TABLE if s.export and Use.HERE not in s.use)
    return {**declarations(), **{setting.export: known[setting.name] for setting in travelling}}


def help_text() -> str:
    """Print the table for people."""
    return "".join(map(_help, TABLE))


def _of(name: str) -> Setting:
    return next(setting for setting in TABLE if setting.name == name)


def _names(some: Iterable[Setting]) -> str:
    return " ".join(setting.export.removeprefix("BULK_") for setting in some)


def _declared(setting: Setting) -> str:
    name = setting.export.removeprefix("BULK_")
    return name if Use.REQUIRED in setting.use else f"{name}={setting.value}"


def _shown(good: str) -> str:
    return WORDS.get(good) or " or ".join(good.split("|"))


def _help(setting: Setting) -> str:
    notes = [f"Values: {_shown(setting.good)}."] if setting.good else []
    notes += [note for use, note in _NOTES.items() if use in setting.use]
    notes += [f"In a tree that is scanned: its {setting.asked}."] if setting.asked else []
    lines = textwrap.wrap(" ".join([f"{setting.comment}.", *notes]), 76)
    return f"{setting.name} = {setting.value}\n".replace(" = \n", " =\n") + "".join(
        f"    {line}\n" for line in lines
    )
