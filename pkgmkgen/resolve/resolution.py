"""The result of resolving: packages with dependencies and states, and problems.

Data only, made by resolver.py and limited.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pkgmkgen.model import Depend, PkgName, PkgPath, Resolved, State
from pkgmkgen.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A pattern of `pkgname` that found nothing, and why; `near` has its base, other versions."""

    pkgname: PkgName
    depend: Depend
    what: str
    near: tuple[PkgName, ...] = ()

    def __str__(self) -> str:
        """Say it in one line."""
        where = f" of {self.depend.pkgpath}" if self.depend.pkgpath else ""
        near = f" (there is {', '.join(self.near)})" if self.near else ""
        return f"{self.what}: {plain(self.depend.pattern)}{where}{near}"


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A pattern that several packages match; `users` are the packages that ask with it."""

    pattern: str
    candidates: tuple[PkgName, ...]
    best: PkgName
    users: tuple[PkgName, ...]


@dataclass(frozen=True, slots=True)
class Misplaced:
    """A pattern met by a package from `pkgpath`, another directory than the one it names."""

    pkgname: PkgName
    depend: Depend
    chosen: PkgName
    pkgpath: PkgPath


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A PKGNAME met twice: the item at position `kept` counts, that at `dropped` does not."""

    pkgname: PkgName
    kept: int
    dropped: int


@dataclass(frozen=True)  # no slots: the look-ups are made when first asked for
class Resolution:
    """All packages, bound and judged, in the order of the input, and what is odd about them.

    `cycles` has, of each knot of packages that need each other, the shortest chain: each name
    needs the next, the last needs the first. The packages of a knot are UNRESOLVED.
    """

    packages: tuple[Resolved, ...]
    unmatched: tuple[Unmatched, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    misplaced: tuple[Misplaced, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    cycles: tuple[tuple[PkgName, ...], ...] = ()

    @cached_property
    def by_name(self) -> Mapping[PkgName, Resolved]:
        """Every package by its PKGNAME."""
        return {package.item.pkgname: package for package in self.packages}

    @cached_property
    def by_path(self) -> Mapping[PkgPath, tuple[PkgName, ...]]:
        """The packages of each directory, in the order of the input."""
        by_path: dict[PkgPath, list[PkgName]] = {}
        for package in self.packages:
            by_path.setdefault(package.item.pkg_location, []).append(package.item.pkgname)
        return {path: tuple(names) for path, names in by_path.items()}

    def counts(self) -> dict[State, int]:
        """Count the packages of each state; every state is there."""
        counts = dict.fromkeys(State, 0)
        for package in self.packages:
            counts[package.state] += 1
        return counts

    def closure(self, pkgnames: Iterable[PkgName]) -> frozenset[PkgName]:
        """Return these packages and all that they need, directly or not."""
        by_name = self.by_name
        todo = [name for name in pkgnames if name in by_name]
        closure = set(todo)
        while todo:
            for name in by_name[todo.pop()].depends:
                if name not in closure:
                    closure.add(name)
                    todo.append(name)
        return frozenset(closure)
