"""Resolve each dependency pattern to a package; find what cannot be built, and why.

Follows pbulk's presolve (pkgtools/pbulk/files/pbulk/presolve) exactly where that decides: all
scanned packages are candidates, also skipped and failed ones; the directory beside a pattern is
ignored; a package already chosen for the same dependent is chosen again if it matches. Unlike
presolve it continues after an unresolved pattern, a cycle or a bad record, and reports the state
of each package. It reads no file and knows no file names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.errors import PatternError
from pkgmkgen.model import Depend, PkgName, PkgPath, Resolved, ScanItem, State
from pkgmkgen.resolve.pattern import Pool
from pkgmkgen.resolve.resolution import Ambiguous, Duplicate, Misplaced, Resolution, Unmatched
from pkgmkgen.resolve.verdicts import Verdict, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def resolve(items: Sequence[ScanItem]) -> Resolution:
    """Resolve a whole scan. Never raises on account of the data.

    Of equal PKGNAMEs the first counts. A record that carries DEPENDS, being presolve output,
    keeps it, as in pbulk; its patterns are not tried again.
    """
    known, duplicates = _first_of_each(items)
    binder = _Binder(known)
    depends = {item.pkgname: binder.bind(item) for item in known}
    own = _own_verdicts(known, binder.unmatched)
    verdicts = spread(depends, own)
    packages: list[Resolved] = []
    for item in known:
        name = item.pkgname
        verdict = verdicts.of.get(name)
        if verdict is None:
            packages.append(Resolved(item, depends[name], State.BUILDABLE))
        else:
            packages.append(
                Resolved(item, depends[name], verdict.state, verdict.reason, verdict.because)
            )
    return Resolution(
        packages=tuple(packages),
        unmatched=tuple(binder.unmatched),
        ambiguous=binder.ambiguous(),
        misplaced=tuple(binder.misplaced),
        duplicates=tuple(duplicates),
        cycles=verdicts.cycles,
    )


def _first_of_each(items: Sequence[ScanItem]) -> tuple[list[ScanItem], list[Duplicate]]:
    first: dict[PkgName, int] = {}
    known: list[ScanItem] = []
    duplicates: list[Duplicate] = []
    for position, item in enumerate(items):
        kept = first.setdefault(item.pkgname, position)
        if kept == position:
            known.append(item)
        else:
            duplicates.append(Duplicate(item.pkgname, kept, position))
    return known, duplicates


class _Binder:
    """Chooses packages for the patterns of one item after the other, and notes what is odd."""

    def __init__(self, items: Iterable[ScanItem]) -> None:
        self._paths = {item.pkgname: item.pkg_location for item in items}
        self._pool = Pool(self._paths)
        self._plain: dict[Depend, PkgName] = {}
        self._users: dict[str, dict[PkgName, None]] = {}
        self.unmatched: list[Unmatched] = []
        self.misplaced: list[Misplaced] = []

    def bind(self, item: ScanItem) -> tuple[PkgName, ...]:
        """Return what an item depends on, in order of first choice; nothing if a pattern fails."""
        if item.depends is not None:
            return self._given(item)
        chosen: dict[PkgName, None] = {}
        plain = self._plain
        whole = True
        for depend in item.all_depends:
            only = plain.get(depend)
            if only is not None:
                chosen[only] = None
            elif not self._choose(item, depend, chosen):
                whole = False
        return tuple(chosen) if whole else ()

    def ambiguous(self) -> tuple[Ambiguous, ...]:
        """Return the patterns that several packages match, by pattern."""
        ambiguous: list[Ambiguous] = []
        for pattern, users in sorted(self._users.items()):
            choice = self._pool.choose(pattern)
            if choice.best is not None:
                ambiguous.append(Ambiguous(pattern, choice.candidates, choice.best, tuple(users)))
        return tuple(ambiguous)

    def _choose(self, item: ScanItem, depend: Depend, chosen: dict[PkgName, None]) -> bool:
        """Add the best match to `chosen` unless one there matches already; False if none does."""
        try:
            choice = self._pool.choose(depend.pattern)
        except PatternError as error:
            self.unmatched.append(Unmatched(item.pkgname, depend, error.what))
            return False
        if choice.best is None:
            near = self._pool.near(depend.pattern)
            self.unmatched.append(Unmatched(item.pkgname, depend, "no package matches", near))
            return False
        taken = choice.best
        if len(choice.candidates) > 1:
            self._users.setdefault(depend.pattern, {})[item.pkgname] = None
            taken = next((name for name in chosen if name in choice.candidates), taken)
        elif self._paths[taken] == depend.pkgpath:
            self._plain[depend] = taken
        chosen[taken] = None
        path = self._paths[taken]
        if path != depend.pkgpath:
            self.misplaced.append(Misplaced(item.pkgname, depend, taken, path))
        return True

    def _given(self, item: ScanItem) -> tuple[PkgName, ...]:
        """Return a record's own DEPENDS, if the index has all of them."""
        given = tuple(dict.fromkeys(item.depends or ()))
        lost = [name for name in given if name not in self._paths]
        for name in lost:
            depend = Depend(name, PkgPath(""))
            self.unmatched.append(Unmatched(item.pkgname, depend, "DEPENDS names no known package"))
        return () if lost else given


def _own_verdicts(
    items: Iterable[ScanItem], unmatched: Iterable[Unmatched]
) -> dict[PkgName, Verdict]:
    """Judge the packages that are at fault themselves; a skip reason is said before a failure."""
    own: dict[PkgName, Verdict] = {}
    for item in items:
        if item.pkg_skip_reason:
            own[item.pkgname] = Verdict(State.PRE_SKIPPED, item.pkg_skip_reason)
        elif item.pkg_fail_reason:
            own[item.pkgname] = Verdict(State.PRE_FAILED, item.pkg_fail_reason)
        elif item.error:
            own[item.pkgname] = Verdict(State.UNRESOLVED, item.error)
    for lost in unmatched:
        own.setdefault(lost.pkgname, Verdict(State.UNRESOLVED, str(lost)))
    return own
