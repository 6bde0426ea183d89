"""List all problems of a scan and its resolution, each with a remedy.

The reader decides whether a problem matters: an ambiguous pattern or a package from an unexpected
directory stops nothing. The order is that of the kinds below, then of the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from pkgmkgen.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgmkgen.index.reader import Index
    from pkgmkgen.model import Fault, PkgName, PkgPath, ScanItem
    from pkgmkgen.resolve.resolution import Resolution

_SHOWN = 5


class Kind(Enum):
    """The kind of a problem; the value is the word for people."""

    SCAN = "scan failed"
    RECORD = "bad record"
    UNRESOLVED = "unresolved"
    CYCLE = "cycle"
    DUPLICATE = "duplicate"
    MISPLACED = "other directory"
    AMBIGUOUS = "ambiguous"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem; `where` is `file:line` or a package."""

    kind: Kind
    what: str
    where: str
    fix: str


def problems(
    index: Index, resolution: Resolution, scan_faults: Iterable[Fault] = ()
) -> tuple[Problem, ...]:
    """Return all problems; `scan_faults` are directories whose scan failed."""
    places = _Places(index)
    return (
        *_of_faults(Kind.SCAN, scan_faults),
        *_of_faults(Kind.RECORD, index.faults),
        *_unresolved(resolution, places),
        *_cycles(resolution, places),
        *_duplicates(resolution, index),
        *_misplaced(resolution, places),
        *_ambiguous(resolution, places),
    )


def problems_text(problems: Iterable[Problem]) -> str:
    """Print problems, two lines each: kind, place and fault, then what to do."""
    return "".join(f"{p.kind.value}: {p.where}: {p.what}\n  fix: {p.fix}\n" for p in problems)


class _Places:
    """Knows where in the index a package stands and from which directory it is."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._at: dict[PkgName, int] = {}
        for position, item in enumerate(index.items):
            self._at.setdefault(item.pkgname, position)
        self.paths = {item.pkg_location for item in index.items}

    def where(self, pkgname: PkgName) -> str:
        """Return `file:line: PKGNAME`."""
        return f"{self._index.where(self._at[pkgname])}: {pkgname}"

    def path(self, pkgname: PkgName) -> PkgPath:
        """Return the package's directory."""
        return self._index.items[self._at[pkgname]].pkg_location


def _of_faults(kind: Kind, faults: Iterable[Fault]) -> Iterator[Problem]:
    for fault in faults:
        name = f" ({fault.pkgname})" if fault.pkgname else ""
        yield Problem(kind, fault.what + name, fault.where, fault.fix)


def _unresolved(resolution: Resolution, places: _Places) -> Iterator[Problem]:
    for lost in resolution.unmatched:
        path = lost.depend.pkgpath
        if lost.near:
            fix = f"correct the pattern used by {places.path(lost.pkgname)}, or update {path}"
        elif path in places.paths:
            fix = f"correct the pattern used by {places.path(lost.pkgname)}: {path} gives others"
        else:
            fix = f"scan {path or plain(lost.depend.pattern)}, too, or look why its scan failed"
        yield Problem(Kind.UNRESOLVED, str(lost), places.where(lost.pkgname), fix)


def _cycles(resolution: Resolution, places: _Places) -> Iterator[Problem]:
    for chain in resolution.cycles:
        what = "needs itself: " + " -> ".join((*chain, chain[0]))
        fix = f"take out one dependency in {', '.join(map(places.path, chain))}"
        yield Problem(Kind.CYCLE, what, places.where(chain[0]), fix)


def _duplicates(resolution: Resolution, index: Index) -> Iterator[Problem]:
    for duplicate in resolution.duplicates:
        first = index.items[duplicate.kept].pkg_location
        if _is_version(index.items[duplicate.kept], index.items[duplicate.dropped]):
            continue
        what = (
            f"PKGNAME {duplicate.pkgname} again; the first, {index.where(duplicate.kept)}, counts"
        )
        other = index.items[duplicate.dropped].pkg_location
        both = first if first == other else f"{first} or {other}"
        fix = f"nothing if both are the same package, else change PKGNAME in {both}"
        yield Problem(Kind.DUPLICATE, what, index.where(duplicate.dropped), fix)


def _is_version(kept: ScanItem, dropped: ScanItem) -> bool:
    """Tell whether a directory gave the same PKGNAME for other versions of what it needs."""
    return kept.pkg_location == dropped.pkg_location and kept.multi_version != dropped.multi_version


def _misplaced(resolution: Resolution, places: _Places) -> Iterator[Problem]:
    for stray in resolution.misplaced:
        pattern = f"{plain(stray.depend.pattern)} of {stray.depend.pkgpath}"
        what = f"{pattern} is met by {stray.chosen}, {stray.pkgpath}"
        fix = (
            f"nothing if that is meant, else correct the dependency in {places.path(stray.pkgname)}"
        )
        yield Problem(Kind.MISPLACED, what, places.where(stray.pkgname), fix)


def _ambiguous(resolution: Resolution, places: _Places) -> Iterator[Problem]:
    for choice in resolution.ambiguous:
        names = ", ".join(choice.candidates[:_SHOWN])
        more = ", ..." if len(choice.candidates) > _SHOWN else ""
        what = f"{plain(choice.pattern)} matches {len(choice.candidates)} packages: {names}{more}"
        what += f"; {choice.best} is taken ({len(choice.users)} dependents)"
        fix = f"nothing if that is meant, else narrow the pattern in {places.path(choice.users[0])}"
        yield Problem(Kind.AMBIGUOUS, what, places.where(choice.users[0]), fix)
