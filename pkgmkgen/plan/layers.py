"""Layers of dependencies: sets that many packages install, each made once and shared by sandboxes.

Pure. Each package's dependencies, direct or not, are put into a list, those first that most
packages need; what a member needs stands before it. Lists with the same beginning share it. A layer
is a piece of a list; it lies on those before it. A piece ends where the list does, and where far
fewer packages go on than began it: few layers on each other, since every look for a file goes
through all of them. (tests/bench/bench_layers.py compares rules.)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.model import PkgName

GAIN = 20
"""Installations that a layer must save."""
FEWER = 1.5
"""A layer ends before a package that so many times fewer need than the first one in it."""
DEEPEST = 20
"""Layers on each other: their paths are options of one mount, which takes 4,096 bytes."""


@dataclass(frozen=True, slots=True)
class Layer:
    """The packages that are installed in it; `below` is the number of the one under it, or 0."""

    number: int
    below: int
    pkgnames: tuple[PkgName, ...]


@dataclass(frozen=True, slots=True)
class Layers:
    """All layers, and of each package the number of the last one under it."""

    layers: tuple[Layer, ...]
    last: tuple[tuple[PkgName, int], ...]


def layers(needs: Mapping[PkgName, Iterable[PkgName]], gain: int = GAIN) -> Layers:
    """Choose the layers for packages and their direct dependencies."""
    lists = _lists(needs)
    node_of: dict[tuple[int, PkgName], int] = {}
    users: Counter[int] = Counter()
    ends: Counter[int] = Counter()
    paths: dict[PkgName, list[int]] = {}
    for pkgname, members in lists.items():
        node = 0
        path = paths[pkgname] = []
        for member in members:
            key = (node, member)
            node = node_of.setdefault(key, len(node_of) + 1)
            users[node] += 1
            path.append(node)
        ends[node] += 1
    made: dict[tuple[int, int], Layer] = {}
    last = []
    for pkgname, path in paths.items():
        below = have = 0
        for end in _pieces(path, users, ends, gain)[:DEEPEST]:
            layer = Layer(len(made) + 1, below, tuple(lists[pkgname][have:end]))
            below = made.setdefault((below, path[end - 1]), layer).number
            have = end
        if below:
            last.append((pkgname, below))
    return Layers(tuple(made.values()), tuple(last))


def _pieces(path: list[int], users: Counter[int], ends: Counter[int], gain: int) -> list[int]:
    """Return where the pieces of a list end that are worth a layer."""
    pieces: list[int] = []
    have = first = 0
    for end, node in enumerate(path, 1):
        goes_on = users[path[end]] if end < len(path) else 0
        if goes_on * FEWER < users[path[first]]:
            sharing = users[node] if goes_on else ends[node]
            if (sharing - 1) * (end - have) >= gain:
                pieces.append(end)
                have = end
            first = end
    return pieces


def _lists(needs: Mapping[PkgName, Iterable[PkgName]]) -> dict[PkgName, list[PkgName]]:
    """Return the list of each package."""
    graph = {name: sorted(needs[name]) for name in sorted(needs)}
    closures: dict[PkgName, set[PkgName]] = {}
    users: dict[PkgName, int] = defaultdict(int)
    for name in TopologicalSorter(graph).static_order():
        direct = graph.get(name, [])
        closures[name] = set(direct).union(*(closures[one] for one in direct))
        for member in closures[name]:
            users[member] += 1
    place = {name: number for number, name in enumerate(closures)}
    rank = sorted(closures, key=lambda name: (-users[name], place[name]))
    order = {name: number for number, name in enumerate(rank)}
    return {name: sorted(closures[name], key=order.__getitem__) for name in graph}
