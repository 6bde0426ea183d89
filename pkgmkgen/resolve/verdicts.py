"""Propagate states from packages to their dependents.

The reason of a package itself comes first; without one it gets the worst state of its
dependencies, in the order pre-failed, unresolved, pre-skipped. Packages in a cycle are unresolved.
Works on names and edges only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName, State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pkgmkgen.resolve.graph import Cycle


@dataclass(frozen=True, slots=True)
class Verdict:
    """Why a package cannot be built: its state, a line for people, the package at fault."""

    state: State
    reason: str
    because: PkgName | None = None


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdicts on all packages that cannot be built, and the cycles that were found."""

    of: Mapping[PkgName, Verdict]
    cycles: tuple[tuple[PkgName, ...], ...]


_SPREADS = {
    State.PRE_SKIPPED: State.INDIRECT_SKIPPED,
    State.UNRESOLVED: State.INDIRECT_UNRESOLVED,
    State.PRE_FAILED: State.INDIRECT_FAILED,
}
_BADNESS = {state: rank for rank, pair in enumerate(_SPREADS.items()) for state in pair}


def spread(
    depends: Mapping[PkgName, tuple[PkgName, ...]], own: Mapping[PkgName, Verdict]
) -> Verdicts:
    """Return the verdict of each package; `own` has those with their own reason.

    Every name in the lists of `depends` must be one of its keys. Visits each package after all its
    dependencies (Kahn's algorithm); packages that are never reached are in a cycle or depend on
    one.
    """
    waiting = {name: len(needed) for name, needed in depends.items()}
    dependents: dict[PkgName, list[PkgName]] = {name: [] for name in depends}
    for name, needed in depends.items():
        for dependency in needed:
            dependents[dependency].append(name)
    verdicts = dict(own)
    ready = [name for name, count in waiting.items() if not count]
    _walk(ready, waiting, dependents, verdicts, depends)
    left = {name for name, count in waiting.items() if count > 0}
    if not left:
        return Verdicts(verdicts, ())
    cycles = _cycles(depends, left)
    for cycle in cycles:
        circle = " -> ".join((*cycle.chain, cycle.chain[0]))
        verdict = Verdict(State.UNRESOLVED, f"needs itself: {circle}")
        for name in cycle.members:
            verdicts.setdefault(name, verdict)
            waiting[name] = 0
    members = [name for cycle in cycles for name in cycle.members]
    _walk(members, waiting, dependents, verdicts, depends)
    return Verdicts(verdicts, tuple(cycle.chain for cycle in cycles))


def _walk(
    ready: list[PkgName],
    waiting: dict[PkgName, int],
    dependents: Mapping[PkgName, list[PkgName]],
    verdicts: dict[PkgName, Verdict],
    depends: Mapping[PkgName, tuple[PkgName, ...]],
) -> None:
    """Take packages that wait for nothing more, judge them, and release their dependents."""
    while ready:
        name = ready.pop()
        if name not in verdicts and not verdicts.keys().isdisjoint(depends[name]):
            verdicts[name] = _inherited(depends[name], verdicts)
        for dependent in dependents[name]:
            waiting[dependent] -= 1
            if not waiting[dependent]:
                ready.append(dependent)


def _inherited(needed: Iterable[PkgName], verdicts: Mapping[PkgName, Verdict]) -> Verdict:
    """Judge a package by its dependencies, of which at least one cannot be built."""
    bad = [name for name in needed if name in verdicts]
    worst = max(bad, key=lambda name: _BADNESS[verdicts[name].state])  # the first of equals
    fault = verdicts[worst].because or worst
    verdict = verdicts[fault]
    reason = f"needs {fault}, which is {verdict.state.value}: {verdict.reason}"
    return Verdict(_SPREADS[verdict.state], reason, fault)


def _cycles(
    depends: Mapping[PkgName, tuple[PkgName, ...]], left: Collection[PkgName]
) -> tuple[Cycle, ...]:
    from pkgmkgen.resolve.graph import Graph  # noqa: PLC0415  networkx takes 0.3 s; cycles are rare

    return Graph({name: depends[name] for name in left}).cycles()
