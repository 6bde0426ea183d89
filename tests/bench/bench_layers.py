"""How many installations would layers of dependencies save: a simulation of policies.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_layers.py

A layer is what pkg_add leaves on top of other layers; a sandbox installs the rest. Two real graphs.
Policies: a layer for each set that several packages have in common, and a trie of the
sets, each sorted by how many packages need a member, so that each beginning of such a
list holds what its members need: a layer where lists part or end, if `users` packages share it and
it saves `gain` installations; or (pieces) where so many times fewer packages go on. Prints layers,
what is installed in them and beside them, what that saves, and how many layers lie on each other.
Nothing of this is built here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict
from graphlib import TopologicalSorter
from pathlib import Path

Closures = dict[str, frozenset[str]]


def closures(path: Path) -> Closures:
    """Read a graph: every package and all that it needs, dependencies first."""
    needs: dict[str, set[str]] = defaultdict(set)
    for line in subprocess.check_output(["zstdcat", path], text=True).splitlines():
        needed, _, package = line.partition(" -> ")
        needs[needed].update(())
        if package:
            needs[package].add(needed)
    found: Closures = {}
    for name in TopologicalSorter(needs).static_order():
        found[name] = frozenset(needs[name]).union(*(found[one] for one in needs[name]))
    return found


class Trie:
    """The sets as lists in a trie: for each node its parent, users, children, ends."""

    def __init__(self, sets: Closures) -> None:
        """Build it."""
        popular = Counter(one for members in sets.values() for one in members)
        place = {name: number for number, name in enumerate(sets)}
        self.users: Counter[int] = Counter()
        self.children: Counter[int] = Counter()
        self.ends: Counter[int] = Counter()
        self.lists: list[list[int]] = []
        nodes: dict[tuple[int, str], int] = {}
        for members in sets.values():
            node = 0
            path = []
            for one in sorted(members, key=lambda one: (-popular[one], place[one])):
                if (node, one) not in nodes:
                    self.children[node] += 1
                node = nodes.setdefault((node, one), len(nodes) + 1)
                self.users[node] += 1
                path.append(node)
            self.ends[node] += 1
            self.lists.append(path)

    def pieces(self, fewer: float, gain: int) -> tuple[dict[tuple[int, int], int], int, int]:
        """Return the same for layers that end where `fewer` times fewer packages go on."""
        layers: dict[tuple[int, int], int] = {}
        rest = deepest = 0
        for path in self.lists:
            have = first = depth = below = 0
            for number, node in enumerate(path, 1):
                goes_on = self.users[path[number]] if number < len(path) else 0
                if goes_on * fewer >= self.users[path[first]]:
                    continue
                first = number
                sharing = self.users[node] if goes_on else self.ends[node]
                if (sharing - 1) * (number - have) >= gain:
                    layers[below, node] = number - have
                    have = number
                    below = node
                    depth += 1
            rest += len(path) - have
            deepest = max(deepest, depth)
        return layers, rest, deepest

    def layers(self, users: int, gain: int) -> tuple[dict[int, int], int, int]:
        """Return the size of each layer, installations beside them, and the deepest pile."""
        layers: dict[int, int] = {}
        rest = deepest = 0
        for path in self.lists:
            have = depth = 0
            for number, node in enumerate(path, 1):
                parts = self.children[node] > 1 or self.ends[node]
                if parts and (self.users[node] - 1) * (number - have) >= gain:
                    if self.users[node] < users:
                        break
                    layers[node] = number - have
                    have = number
                    depth += 1
            rest += len(path) - have
            deepest = max(deepest, depth)
        return layers, rest, deepest


def main() -> None:
    """Simulate both graphs."""
    data = Path(os.environ["PKGMKGEN_DATA"])
    for name in ("bulk-large", "pkgsrc-2026"):
        sets = closures(data / f"{name}.depgraph.zst")
        plain = sum(map(len, sets.values()))
        print(f"{name}: {len(sets)} packages, {plain} installations")
        shared = Counter(sets.values())
        whole = sum(map(len, shared))
        number = sum(count > 1 for count in shared.values())
        print(f"  same sets: {number} layers, {whole} installations, saves {1 - whole / plain:.1%}")
        trie = Trie(sets)
        runs: dict[str, tuple[list[int], int, int]] = {}
        for users, gain in ((2, 1), (2, 20), (2, 100), (2, 500), (8, 1), (8, 100)):
            layers, rest, deepest = trie.layers(users, gain)
            runs[f"users {users}, gain {gain}"] = list(layers.values()), rest, deepest
        for fewer in (1.1, 1.5, 2.0, 3.0):
            for gain in (20, 100):
                pieces, rest, deepest = trie.pieces(fewer, gain)
                runs[f"pieces {fewer}, gain {gain}"] = list(pieces.values()), rest, deepest
        for rule, (sizes, rest, deepest) in runs.items():
            inside = sum(sizes)
            print(
                f"  trie, {rule}: {len(sizes)} layers, {inside} + {rest} installations,",
                f"saves {1 - (inside + rest) / plain:.1%}, {deepest} on each other",
            )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
