"""Limited lists: a few package directories and their dependencies.

As in pbulk, only the packages of the listed directories and the dependencies chosen for them are
active; another package of such a directory is only a candidate. pbulk scans the listed
directories, then those that unmatched patterns name, until none is missing. `close_over` does the
same on a stored index, so that an index and a live tree give the same result.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pkgmkgen.model import Fault, PkgPath, ScanItem
from pkgmkgen.names import pkgpath_error, plain, read_pkgpath
from pkgmkgen.resolve.resolution import Ambiguous, Resolution
from pkgmkgen.resolve.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

MAX_FAULTS = 1_000
"""At most this many invalid lines of a list are described."""


def read_list(lines: Iterable[str], name: str) -> tuple[tuple[PkgPath, ...], tuple[Fault, ...]]:
    """Read a limited list: one `category/package` a line, `#` comments, blank lines.

    Returns the directories, each once, in order, and the lines that are none. `name` is the
    file, for messages.
    """
    paths: dict[PkgPath, None] = {}
    faults: list[Fault] = []
    fix = "write one category/package per line"
    unlisted = 0
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        path = read_pkgpath(text)
        if path is not None:
            paths[path] = None
        elif text and len(faults) < MAX_FAULTS:
            faults.append(Fault(pkgpath_error(text), f"{name}:{number}", fix, plain(text[:200])))
        elif text:
            unlisted += 1
    if unlisted:
        faults.append(Fault(f"{unlisted} more lines are not directories", name, fix))
    return tuple(paths), tuple(faults)


def restrict(resolution: Resolution, pkgpaths: Iterable[PkgPath]) -> Resolution:
    """Return only the packages of these directories and what they need, and their oddities.

    Directories without a package are passed over: compare with `by_path` to name them. States
    stay as they are, since what a package needs is always kept with it.
    """
    by_path = resolution.by_path
    kept = resolution.closure(name for path in pkgpaths for name in by_path.get(path, ()))
    ambiguous: list[Ambiguous] = []
    for choice in resolution.ambiguous:
        users = tuple(name for name in choice.users if name in kept)
        if users:
            ambiguous.append(Ambiguous(choice.pattern, choice.candidates, choice.best, users))
    return Resolution(
        packages=tuple(package for package in resolution.packages if package.item.pkgname in kept),
        unmatched=tuple(lost for lost in resolution.unmatched if lost.pkgname in kept),
        ambiguous=tuple(ambiguous),
        misplaced=tuple(stray for stray in resolution.misplaced if stray.pkgname in kept),
        duplicates=tuple(
            duplicate for duplicate in resolution.duplicates if duplicate.pkgname in kept
        ),
        cycles=tuple(chain for chain in resolution.cycles if chain[0] in kept),
    )


def missing(resolution: Resolution, scanned: Collection[PkgPath]) -> tuple[PkgPath, ...]:
    """Return the directories to scan next, sorted: those that unmatched patterns name.

    `resolution` holds active packages only (from `restrict`); a directory in `scanned` is not
    named again, whether it gave packages or not.
    """
    wanted = {lost.depend.pkgpath for lost in resolution.unmatched if lost.depend.pkgpath}
    return tuple(sorted(wanted.difference(scanned)))


def close_over(items: Sequence[ScanItem], pkgpaths: Iterable[PkgPath]) -> Resolution:
    """Resolve a limited list from an index as a live scan would, scanning only what is missing.

    Candidates are the packages of the directories looked into, not of the whole index.
    """
    listed = tuple(pkgpaths)
    scanned = set(listed)
    while True:
        at = [place for place, item in enumerate(items) if item.pkg_location in scanned]
        active = restrict(resolve([items[place] for place in at]), listed)
        wanted = missing(active, scanned)
        if not wanted:
            twice = [replace(d, kept=at[d.kept], dropped=at[d.dropped]) for d in active.duplicates]
            return replace(active, duplicates=tuple(twice))
        scanned.update(wanted)
