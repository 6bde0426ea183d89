"""The critical path method: earliest start and remaining time of each package.

Works on plain mappings, without networkx, so that planning a whole tree does not load it.
"""

from __future__ import annotations

from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.model import PkgName


@dataclass(frozen=True, slots=True)
class Levels:
    """Times along the graph in the unit of the durations, by package.

    `tl` is the earliest start: the longest way through what a package needs, itself not
    counted; `ends` the earliest end. `bl` is what is left from its start to the end of the
    longest way through its dependents, itself counted. The critical path is as long as the
    largest `bl`.
    """

    tl: Mapping[PkgName, float]
    ends: Mapping[PkgName, float]
    bl: Mapping[PkgName, float]


def levels(
    needs: Mapping[PkgName, Iterable[PkgName]], durations: Mapping[PkgName, float]
) -> Levels:
    """Return the levels of all keys of `needs`, which must have every name that it mentions.

    A package without a duration counts as 0. Raises ValueError if there is a cycle.
    """
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError as error:
        message = f"the graph has a cycle: {' -> '.join(error.args[1])}"
        raise ValueError(message) from error
    length = {name: durations.get(name, 0.0) for name in order}
    tl: dict[PkgName, float] = {}
    ends: dict[PkgName, float] = {}
    for name in order:
        tl[name] = max([ends[needed] for needed in needs[name]], default=0.0)
        ends[name] = tl[name] + length[name]
    after = dict.fromkeys(order, 0.0)  # the longest way through dependents
    bl: dict[PkgName, float] = {}
    for name in reversed(order):
        mine = bl[name] = after[name] + length[name]
        for needed in needs[name]:
            after[needed] = max(after[needed], mine)
    return Levels(tl, ends, bl)
