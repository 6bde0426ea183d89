"""The expected end of a run: list scheduling of the rest in bulk.mk's order. Pure."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pkgmkgen.model import PkgName


def remaining(
    needs: Mapping[PkgName, Sequence[PkgName]],
    seconds: Mapping[PkgName, float],
    building: Mapping[PkgName, float],
    slots: int,
) -> float:
    """Return the seconds until all keys of `needs` are built by list scheduling, as `ends`."""
    return max(ends(needs, seconds, building, slots), default=0.0)


def ends(
    needs: Mapping[PkgName, Sequence[PkgName]],
    seconds: Mapping[PkgName, float],
    building: Mapping[PkgName, float],
    slots: int,
) -> list[float]:
    """Return after how many seconds each of the keys of `needs` is built, in that order.

    `needs` holds what is open, the most urgent first, that at work included; needs outside it are
    met already. `building` says how many seconds each of those at work still takes. What waits
    for a package that never comes is left out, as make leaves it.
    """
    rank = {name: number for number, name in enumerate(needs)}
    waits = {name: sum(need in rank for need in set(needed)) for name, needed in needs.items()}
    dependents: dict[PkgName, list[PkgName]] = {}
    for name, needed in needs.items():
        for need in set(needed):
            if need in rank:
                dependents.setdefault(need, []).append(name)
    running = [(left, rank[name], name) for name, left in building.items() if name in rank]
    heapq.heapify(running)
    ready = [
        (rank[name], name) for name, left in waits.items() if not left and name not in building
    ]
    heapq.heapify(ready)
    now = 0.0
    found: list[float] = []
    while ready or running:
        while ready and len(running) < max(slots, 1):
            number, name = heapq.heappop(ready)
            heapq.heappush(running, (now + seconds[name], number, name))
        now, _, done = heapq.heappop(running)
        found.append(now)
        for name in dependents.get(done, ()):
            waits[name] -= 1
            if not waits[name] and name not in building:
                heapq.heappush(ready, (rank[name], name))
    return found
