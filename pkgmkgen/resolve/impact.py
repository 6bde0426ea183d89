"""What a change of some files of the tree makes out of date, before anything is built.

Pure. A package is touched if one of the files is in its directory or among its SCAN_DEPENDS; its
dependents are built again, too. Files below mk/ touch no package here: see INFRASTRUCTURE.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pkgmkgen.index.reader import record_chunks
from pkgmkgen.model import PkgName, State
from pkgmkgen.resolve.resolution import Resolution

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_HEAD = re.compile(rb"^PKGNAME=(\S+)$")
_LOCATION = re.compile(rb"^PKG_LOCATION=(\S+)$", re.MULTILINE)
_DEPENDS = re.compile(rb"^SCAN_DEPENDS=(.*)$", re.MULTILINE)


def touched(blocks: Iterable[bytes], files: Collection[str]) -> dict[PkgName, str]:
    """Return the packages whose inputs are among these files (below the tree), and which one."""
    wanted = {file for file in files if not file.startswith("mk/")}
    names = {posixpath.basename(file).encode("utf-8", "surrogateescape") for file in wanted}
    folders = {folder: file for file in sorted(wanted, reverse=True) for folder in _above(file)}
    found: dict[PkgName, str] = {}
    for chunk in record_chunks(blocks):
        for record in re.split(rb"^(?=PKGNAME=)", chunk, flags=re.MULTILINE):
            head, location = _HEAD.match(record.partition(b"\n")[0]), _LOCATION.search(record)
            if not head or not location:
                continue
            pkgpath = location[1].decode(errors="replace")
            file = folders.get(pkgpath) or _included(record, pkgpath, wanted, names)
            if file:
                found.setdefault(PkgName(head[1].decode(errors="replace")), file)
    return found


def affected(resolution: Resolution, touched: Mapping[PkgName, str]) -> dict[PkgName, str]:
    """Return the packages that are built again, each with the reason."""
    reasons: dict[PkgName, str] = {}
    open_ = {p.pkgname: p for p in resolution.packages if p.state is State.BUILDABLE}
    users: dict[PkgName, list[PkgName]] = {}
    for package in open_.values():
        for needed in package.depends:
            users.setdefault(needed, []).append(package.pkgname)
    todo = [name for name in open_ if name in touched]
    reasons.update((name, touched[name]) for name in todo)
    while todo:
        name = todo.pop(0)
        for user in users.get(name, ()):
            if user not in reasons:
                reasons[user] = f"needs {name}"
                todo.append(user)
    return reasons


def only(resolution: Resolution, names: Collection[PkgName]) -> Resolution:
    """Return a resolution of these packages alone, as if all others were built."""
    kept = (package for package in resolution.packages if package.pkgname in names)
    return Resolution(
        tuple(replace(p, depends=tuple(d for d in p.depends if d in names)) for p in kept)
    )


def _above(file: str) -> Iterator[str]:
    """Yield the directory `category/package` that a file is in, if it is in one."""
    parts = file.split("/")
    if len(parts) > 2:
        yield "/".join(parts[:2])


def _included(record: bytes, pkgpath: str, files: set[str], names: set[bytes]) -> str:
    """Return the first of these files in SCAN_DEPENDS; their last parts are `names`."""
    line = _DEPENDS.search(record)
    for word in line[1].split() if line else ():
        if word.rpartition(b"/")[2] in names:
            text = word.decode("utf-8", "surrogateescape")
            path = posixpath.normpath(posixpath.join(pkgpath, text))
            if path in files:
                return path
    return ""
