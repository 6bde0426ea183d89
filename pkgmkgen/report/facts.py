"""The facts of a report, computed once; the formats only print them. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName
from pkgmkgen.runs.outcomes import Outcome, OutcomeKind, count
from pkgmkgen.runs.result import Compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.runs.folder import Run


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run to compare with."""

    name: str
    start: float
    packages: tuple[Outcome, ...]


@dataclass(frozen=True)
class Report:
    """A run with the outcome of each package, in the order of bulk.mk.

    `tails` are the ends of the logs of packages that failed. `logs` says under which folder,
    beside the report, the logs of a package are found: their names, by package. `changed` says of
    the newly broken packages what has changed since they were built. `url` is where the folder will
    be published, empty if unknown.
    """

    run: Run
    outcomes: tuple[Outcome, ...]
    earlier: tuple[Earlier, ...] = ()
    tails: Mapping[PkgName, str] = field(default_factory=dict)
    logs: Mapping[PkgName, tuple[str, ...]] = field(default_factory=dict)
    url: str = ""
    changed: Mapping[PkgName, str] = field(default_factory=dict)

    @cached_property
    def counts(self) -> dict[OutcomeKind, int]:
        """How many packages became what; together all."""
        return count(self.outcomes)

    @cached_property
    def failed(self) -> tuple[Outcome, ...]:
        """The packages whose own build failed, those that break most others first."""
        bad = [outcome for outcome in self.outcomes if outcome.kind.bad]
        return tuple(
            sorted(bad, key=lambda outcome: (-self.breaks[outcome.pkgname], outcome.pkgname))
        )

    @cached_property
    def _order(self) -> tuple[PkgName, ...]:
        """All packages, each after what it needs."""
        return _order({outcome.pkgname: outcome.needs for outcome in self.outcomes})

    @cached_property
    def _dependents(self) -> dict[PkgName, int]:
        """For each package the set of all that need it, as bits: package number n is bit n."""
        needs = {outcome.pkgname: outcome.needs for outcome in self.outcomes}
        number = {name: bit for bit, name in enumerate(needs)}
        dependents = dict.fromkeys(needs, 0)
        for name in reversed(self._order):
            mine = dependents[name] | 1 << number[name]
            for needed in needs[name]:
                if needed in dependents:
                    dependents[needed] |= mine
        return dependents

    @cached_property
    def dependents(self) -> dict[PkgName, int]:
        """How many packages need each, directly or not."""
        return {name: bits.bit_count() for name, bits in self._dependents.items()}

    @cached_property
    def breaks(self) -> dict[PkgName, int]:
        """How many packages each failed one (or others too) kept from being built."""
        broken = 0
        for bit, outcome in enumerate(self.outcomes):
            broken |= (outcome.kind is OutcomeKind.BROKEN) << bit
        bad = [outcome.pkgname for outcome in self.outcomes if outcome.kind.bad]
        return {name: (self._dependents[name] & broken).bit_count() for name in bad}

    @cached_property
    def slots(self) -> dict[PkgName, int]:
        """A number of a job slot for each build, so that no two overlap on a slot."""
        timed = sorted(
            (outcome.start, max(outcome.end, outcome.start), outcome.pkgname)
            for outcome in self.outcomes
            if outcome.start
        )
        free: list[int] = []
        busy: list[tuple[float, int]] = []
        slots: dict[PkgName, int] = {}
        for start, end, name in timed:
            while busy and busy[0][0] <= start:
                heapq.heappush(free, heapq.heappop(busy)[1])
            slot = heapq.heappop(free) if free else len(busy)
            heapq.heappush(busy, (end, slot))
            slots[name] = slot
        return slots

    @cached_property
    def jobs(self) -> int:
        """How many builds ran at a time at most: what make was given, or what was seen."""
        return self.run.jobs or max(self.slots.values(), default=-1) + 1

    @cached_property
    def critical(self) -> tuple[PkgName, ...]:
        """The longest chain of builds of this run, each waiting for the one before it."""
        built = {outcome.pkgname: outcome for outcome in self.outcomes if outcome.seconds}
        length: dict[PkgName, float] = {}
        before: dict[PkgName, PkgName] = {}
        for name in filter(built.__contains__, self._order):
            longest = max(
                ((length[needed], needed) for needed in built[name].needs if needed in length),
                default=None,
            )
            if longest:
                before[name] = longest[1]
            length[name] = built[name].seconds + (longest[0] if longest else 0.0)
        if not length:
            return ()
        chain = [max(length, key=lambda name: (length[name], name))]
        while chain[-1] in before:
            chain.append(before[chain[-1]])
        return tuple(reversed(chain))

    @cached_property
    def waits(self) -> dict[PkgName, float]:
        """Seconds from the moment that all a package needs was there to its own start."""
        ends = {outcome.pkgname: outcome.end for outcome in self.outcomes}
        first = min((outcome.start for outcome in self.outcomes if outcome.start), default=0.0)
        return {
            outcome.pkgname: max(
                outcome.start - max((ends.get(x, 0.0) for x in outcome.needs), default=0), 0
            )
            if any(ends.get(x) for x in outcome.needs)
            else outcome.start - first
            for outcome in self.outcomes
            if outcome.start
        }

    @cached_property
    def elapsed(self) -> float:
        """Seconds from the first start to the last end of a build."""
        timed = [outcome for outcome in self.outcomes if outcome.start and outcome.end]
        first = min((outcome.start for outcome in timed), default=0.0)
        return max((outcome.end for outcome in timed), default=0.0) - first

    @cached_property
    def compiled(self) -> Compiled | None:
        """Where the compile jobs of all builds were done; None without distcc and ccache."""
        parts = [
            outcome.result.compiled
            for outcome in self.outcomes
            if outcome.result and outcome.result.compiled
        ]
        return sum(parts, Compiled()) if parts else None

    @cached_property
    def compiler(self) -> str:
        """PKGSRC_COMPILER of most builds, of equals the first by name; empty if none tells."""
        results = (outcome.result for outcome in self.outcomes)
        told = Counter(result.compiler for result in results if result)
        del told[""]
        return min(told, key=lambda name: (-told[name], name), default="")

    @cached_property
    def phases(self) -> dict[str, tuple[float, float]]:
        """Seconds and CPU seconds of all builds by phase."""
        total: dict[str, tuple[float, float]] = {}
        for outcome in self.outcomes:
            for phase, seconds, cpu in outcome.result.phases if outcome.result else ():
                before = total.get(phase, (0.0, 0.0))
                total[phase] = before[0] + seconds, before[1] + cpu
        return total


def _order(needs: Mapping[PkgName, Iterable[PkgName]]) -> tuple[PkgName, ...]:
    """Return needed packages before those that need them; nothing if a plan is no plan."""
    try:
        return tuple(name for name in TopologicalSorter(needs).static_order() if name in needs)
    except CycleError:
        return tuple(needs)
