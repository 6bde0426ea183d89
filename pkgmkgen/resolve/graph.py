"""Questions about who needs whom, over a graph that cannot be changed.

An edge goes from a package to what it needs. All answers are sorted or ordered with ties by
name, so that the same packages give the same answers in whatever order they came. The only
module that imports networkx, which takes a noticeable part of a second: import this one late.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.model import PkgName
    from pkgmkgen.resolve.resolution import Resolution

MAX_STARTS = 1000
"""From so many packages of a knot its shortest chain is searched; larger knots never occur."""


@dataclass(frozen=True, slots=True)
class Knot:
    """Packages that all need each other (or one that needs itself), and a shortest cycle.

    Each name of `chain` needs the next, the last needs the first, which is the smallest.
    """

    members: tuple[PkgName, ...]
    chain: tuple[PkgName, ...]


class Graph:
    """A set of packages and their needs; see the module."""

    def __init__(self, needs: Mapping[PkgName, tuple[PkgName, ...]]) -> None:
        """Take over a mapping whose keys, and the names of each value, are sorted."""
        self._needs = needs
        needed_by: dict[PkgName, list[PkgName]] = {name: [] for name in needs}
        for name, needed in needs.items():
            for one in needed:
                needed_by[one].append(name)
        self._needed_by = needed_by

    @classmethod
    def of(cls, resolution: Resolution) -> Graph:
        """Make the graph of all packages of a resolution, buildable or not."""
        return cls.from_edges({one.item.pkgname: one.depends for one in resolution.packages})

    @classmethod
    def from_edges(cls, needs: Mapping[PkgName, Iterable[PkgName]]) -> Graph:
        """Make a graph of the keys; needs outside them are left out."""
        known = needs.keys()
        return cls({name: tuple(sorted(known & set(needs[name]))) for name in sorted(needs)})

    @cached_property
    def _digraph(self) -> nx.DiGraph[PkgName]:
        """The same as networkx has it, made when first needed: half a second for a tree."""
        digraph: nx.DiGraph[PkgName] = nx.DiGraph(self._needs)
        nx.freeze(digraph)
        return digraph

    @property
    def names(self) -> tuple[PkgName, ...]:
        """All packages, sorted."""
        return tuple(self._needs)

    def needs(self, pkgname: PkgName) -> tuple[PkgName, ...]:
        """Return what a package needs directly, sorted."""
        return self._needs[pkgname]

    def needed_by(self, pkgname: PkgName) -> tuple[PkgName, ...]:
        """Return what needs a package directly, sorted."""
        return tuple(self._needed_by[pkgname])

    def closure(self, pkgname: PkgName) -> frozenset[PkgName]:
        """Return all that a package needs, directly or not, without itself."""
        return frozenset(nx.descendants(self._digraph, pkgname))

    def dependents(self, pkgname: PkgName) -> frozenset[PkgName]:
        """Return all that needs a package, directly or not, without itself."""
        return frozenset(nx.ancestors(self._digraph, pkgname))

    def chain(self, pkgname: PkgName, needed: PkgName) -> tuple[PkgName, ...]:
        """Return a shortest way by which one package needs another, both included; or nothing."""
        try:
            return tuple(nx.shortest_path(self._digraph, pkgname, needed))
        except nx.NetworkXNoPath:
            return ()

    def order(self) -> tuple[PkgName, ...]:
        """Return all packages so that each follows what it needs; ties by name.

        Raises ValueError if there is a cycle: ask `knots` first, or leave out unresolved ones.
        """
        try:
            return tuple(nx.lexicographical_topological_sort(self._digraph.reverse(copy=False)))
        except nx.NetworkXUnfeasible as error:
            message = "the graph has a cycle"
            raise ValueError(message) from error

    def knots(self) -> tuple[Knot, ...]:
        """Return the groups of packages that need each other, each with a shortest cycle."""
        found = [
            self._knot(members)
            for members in nx.strongly_connected_components(self._digraph)
            if len(members) > 1 or self._digraph.has_edge(*members, *members)
        ]
        return tuple(sorted(found, key=lambda knot: knot.members))

    def _knot(self, members: set[PkgName]) -> Knot:
        """Find the shortest cycle of a knot; of equal ones that of the smallest name."""
        names = tuple(sorted(members))
        part = self._digraph.subgraph(names)
        shortest: tuple[PkgName, ...] = ()
        if part.number_of_edges() == len(names):  # a plain ring
            names_on = [names[0]]
            while (after := next(part.successors(names_on[-1]))) != names[0]:
                names_on.append(after)
            return Knot(names, tuple(names_on))
        for start in names[:MAX_STARTS]:
            chain = _cycle_through(part, start, len(shortest))
            if chain:
                shortest = chain
        return Knot(names, shortest)


def _cycle_through(part: nx.DiGraph[PkgName], start: PkgName, limit: int) -> tuple[PkgName, ...]:
    """Return a shortest cycle through `start` of fewer than `limit` packages (0: any), or nothing.

    Walks breadth first with the smaller name first.
    """
    came_from: dict[PkgName, PkgName] = {}
    level = [start]
    length = 1
    while level and (not limit or length < limit):
        following: list[PkgName] = []
        for name in level:
            for one in sorted(part.successors(name)):
                if one == start:
                    chain = [name]
                    while chain[-1] != start:
                        chain.append(came_from[chain[-1]])
                    return tuple(reversed(chain))
                if one not in came_from:
                    came_from[one] = name
                    following.append(one)
        level = following
        length += 1
    return ()
