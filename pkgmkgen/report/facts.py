"""All that a report says of a run, worked out once; the formats only print it. Pure."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName
from pkgmkgen.runs.outcomes import Became, Outcome, Past, count
from pkgmkgen.runs.result import Compiled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.runs.folder import Run


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier run to compare with."""

    name: str
    start: float
    packages: tuple[Past, ...]


@dataclass(frozen=True)
class Report:
    """A run with the outcome of each package, in the order of bulk.mk.

    `tails` are the ends of the logs of packages that failed. `logs` says under which folder,
    beside the report, the logs of a package are found: their names, by package. `url` is where
    the folder will be published, empty if unknown.
    """

    run: Run
    outcomes: tuple[Outcome, ...]
    earlier: tuple[Earlier, ...] = ()
    tails: Mapping[PkgName, str] = field(default_factory=dict)
    logs: Mapping[PkgName, tuple[str, ...]] = field(default_factory=dict)
    url: str = ""

    @cached_property
    def counts(self) -> dict[Became, int]:
        """How many packages became what; together all."""
        return count(self.outcomes)

    @cached_property
    def failed(self) -> tuple[Outcome, ...]:
        """The packages whose own build failed, those that break most others first."""
        bad = [one for one in self.outcomes if one.became.bad]
        return tuple(sorted(bad, key=lambda one: (-self.breaks[one.pkgname], one.pkgname)))

    @cached_property
    def _order(self) -> tuple[PkgName, ...]:
        """All packages, each after what it needs."""
        return _order({one.pkgname: one.needs for one in self.outcomes})

    @cached_property
    def _dependents(self) -> dict[PkgName, int]:
        """For each package the set of all that need it, as bits: package number n is bit n."""
        needs = {one.pkgname: one.needs for one in self.outcomes}
        number = {name: bit for bit, name in enumerate(needs)}
        found = dict.fromkeys(needs, 0)
        for name in reversed(self._order):
            mine = found[name] | 1 << number[name]
            for one in needs[name]:
                if one in found:
                    found[one] |= mine
        return found

    @cached_property
    def dependents(self) -> dict[PkgName, int]:
        """How many packages need each, directly or not."""
        return {name: bits.bit_count() for name, bits in self._dependents.items()}

    @cached_property
    def breaks(self) -> dict[PkgName, int]:
        """How many packages could not be built for want of each failed one (or of others, too)."""
        broken = 0
        for bit, one in enumerate(self.outcomes):
            broken |= (one.became is Became.BROKEN) << bit
        bad = [one.pkgname for one in self.outcomes if one.became.bad]
        return {name: (self._dependents[name] & broken).bit_count() for name in bad}

    @cached_property
    def slots(self) -> dict[PkgName, int]:
        """A number of a job slot for each build, so that no two overlap on a slot."""
        timed = sorted(
            (one.start, max(one.end, one.start), one.pkgname) for one in self.outcomes if one.start
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
        built = {one.pkgname: one for one in self.outcomes if one.seconds}
        length: dict[PkgName, float] = {}
        before: dict[PkgName, PkgName] = {}
        for name in filter(built.__contains__, self._order):
            needed = [(length[one], one) for one in built[name].needs if one in length]
            longest = max(needed, default=None)
            if longest:
                before[name] = longest[1]
            length[name] = built[name].seconds + (longest[0] if longest else 0.0)
        if not length:
            return ()
        chain = [max(length, key=lambda one: (length[one], one))]
        while chain[-1] in before:
            chain.append(before[chain[-1]])
        return tuple(reversed(chain))

    @cached_property
    def waits(self) -> dict[PkgName, float]:
        """Seconds from the moment that all a package needs was there to its own start."""
        ends = {one.pkgname: one.end for one in self.outcomes}
        first = min((one.start for one in self.outcomes if one.start), default=0.0)
        return {
            one.pkgname: max(one.start - max((ends.get(x, 0.0) for x in one.needs), default=0), 0)
            if any(ends.get(x) for x in one.needs)
            else one.start - first
            for one in self.outcomes
            if one.start
        }

    @cached_property
    def elapsed(self) -> float:
        """Seconds from the first start to the last end of a build."""
        timed = [one for one in self.outcomes if one.start and one.end]
        first = min((one.start for one in timed), default=0.0)
        return max((one.end for one in timed), default=0.0) - first

    @cached_property
    def compiled(self) -> Compiled | None:
        """Where the compile jobs of all builds were done; None without distcc and ccache."""
        found = [one.record.compiled for one in self.outcomes if one.record and one.record.compiled]
        return sum(found, Compiled()) if found else None

    @cached_property
    def compiler(self) -> str:
        """PKGSRC_COMPILER of most builds, of equals the first by name; empty if none tells."""
        told = Counter(one.record.compiler for one in self.outcomes if one.record)
        del told[""]
        return min(told, key=lambda name: (-told[name], name), default="")

    @cached_property
    def phases(self) -> dict[str, tuple[float, float]]:
        """Seconds and CPU seconds of all builds by phase."""
        total: dict[str, tuple[float, float]] = {}
        for one in self.outcomes:
            for phase, seconds, cpu in one.record.phases if one.record else ():
                before = total.get(phase, (0.0, 0.0))
                total[phase] = before[0] + seconds, before[1] + cpu
        return total


def _order(needs: Mapping[PkgName, Iterable[PkgName]]) -> tuple[PkgName, ...]:
    """Return needed packages before those that need them; nothing if a plan is no plan."""
    try:
        return tuple(name for name in TopologicalSorter(needs).static_order() if name in needs)
    except CycleError:
        return tuple(needs)
