"""Cycles and shortest chains in the graph of dependencies.

An edge goes from a package to what it needs. All answers are sorted or ordered with ties by
name, so that the same packages give the same answers in whatever order they came. The only
module that imports networkx: import this one late. Questions that every command asks (closure,
order, dependents) are not asked here: for a whole tree the import and a second copy of the graph
take 0.6 s, the walks themselves 0.03 s (tests/bench/bench_graph.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.model import PkgName

MAX_STARTS = 1000
"""Search for the shortest cycle from at most this many members; larger ones never occur."""


@dataclass(frozen=True, slots=True)
class Cycle:
    """Packages that all need each other (or one that needs itself), and a shortest cycle.

    Each name of `chain` needs the next, the last needs the first, which is the smallest.
    """

    members: tuple[PkgName, ...]
    chain: tuple[PkgName, ...]


class Graph:
    """A set of packages and what each needs; see the module."""

    def __init__(self, needs: Mapping[PkgName, Iterable[PkgName]]) -> None:
        """Make a graph of the keys; needs outside them are left out."""
        known = needs.keys()
        self._digraph: nx.DiGraph[PkgName] = nx.DiGraph(
            {name: sorted(known & set(needs[name])) for name in sorted(needs)}
        )
        nx.freeze(self._digraph)

    def chain(self, pkgname: PkgName, needed: PkgName) -> tuple[PkgName, ...]:
        """Return a shortest way by which one package needs another, both included; or nothing."""
        try:
            return tuple(nx.shortest_path(self._digraph, pkgname, needed))
        except nx.NetworkXNoPath:
            return ()

    def cycles(self) -> tuple[Cycle, ...]:
        """Return the groups of packages that need each other, each with a shortest cycle."""
        cycles = [
            self._cycle(members)
            for members in nx.strongly_connected_components(self._digraph)
            if len(members) > 1 or self._digraph.has_edge(*members, *members)
        ]
        return tuple(sorted(cycles, key=lambda cycle: cycle.members))

    def _cycle(self, members: set[PkgName]) -> Cycle:
        """Find the shortest cycle among the members; of equal ones that of the smallest name."""
        names = tuple(sorted(members))
        part = self._digraph.subgraph(names)
        shortest: tuple[PkgName, ...] = ()
        if part.number_of_edges() == len(names):  # a plain ring
            names_on = [names[0]]
            while (after := next(part.successors(names_on[-1]))) != names[0]:
                names_on.append(after)
            return Cycle(names, tuple(names_on))
        for start in names[:MAX_STARTS]:
            chain = _cycle_through(part, start, len(shortest))
            if chain:
                shortest = chain
        return Cycle(names, shortest)


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
            for needed in sorted(part.successors(name)):
                if needed == start:
                    chain = [name]
                    while chain[-1] != start:
                        chain.append(came_from[chain[-1]])
                    return tuple(reversed(chain))
                if needed not in came_from:
                    came_from[needed] = name
                    following.append(needed)
        level = following
        length += 1
    return ()
