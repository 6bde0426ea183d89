"""Model of one pool of jobs: what it would buy beside a fixed number of jobs for each package.

Pure. Each running package has one of the cores; a core that gets free goes to the most urgent
package that can use it, as its first one or as a further one in its parallel part. There is no
contention, no limit of memory, and the parallel part has perfect speed-up: the forecast is a bound,
not a promise.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from pkgmkgen.plan.critical_path import levels
from pkgmkgen.plan.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgmkgen.model import PkgName
    from pkgmkgen.plan.planner import Plan

STATIC = 4
"""Jobs of each package where their number is fixed, and for the order of urgency."""

_DONE = 1e-6  # seconds


@dataclass(frozen=True, slots=True)
class PoolRow:
    """Makespans on a number of cores, in seconds.

    `bound` is the lower bound of all schedules, `pool` that of one pool, `static` that of cores /
    STATIC slots with STATIC jobs each, `single` that of packages with one job each.
    """

    cores: int
    bound: float
    pool: float
    static: float
    single: float


class PoolModel:
    """A plan in which packages are shorter with more jobs."""

    def __init__(self, plan: Plan) -> None:
        """Split all durations; packages of which nothing is known have one job."""
        self._needs = {job.pkgname: job.needs for job in plan.jobs}
        self._parts = {
            job.pkgname: job.duration.parts or Parts(job.duration.seconds, 0.0) for job in plan.jobs
        }
        self.known = sum(job.duration.parts is not None for job in plan.jobs)
        self._left = self._urgency(STATIC)
        self._behind: dict[PkgName, list[PkgName]] = {name: [] for name in self._needs}
        for name, needs in self._needs.items():
            for needed in set(needs):
                self._behind[needed].append(name)

    def row(self, cores: int) -> PoolRow:
        """Forecast a number of cores."""
        work = sum(sum(parts) for parts in self._parts.values())
        critical = max(self._urgency(cores).values(), default=0.0)
        return PoolRow(
            cores=cores,
            bound=max(work / cores, critical),
            pool=self._pool(cores),
            static=self._slots(max(cores // STATIC, 1), min(STATIC, cores)),
            single=self._slots(cores, 1),
        )

    def _urgency(self, jobs: int) -> dict[PkgName, float]:
        seconds = {name: parts.seconds(jobs) for name, parts in self._parts.items()}
        return dict(levels(self._needs, seconds).bl)

    def _queue(self) -> tuple[list[tuple[float, PkgName]], Callable[[PkgName], None]]:
        """Return the packages that can start, and what to call when one is done."""
        missing = {name: len(set(needs)) for name, needs in self._needs.items()}
        queue = [(-self._left[name], name) for name, left in missing.items() if not left]
        heapify(queue)

        def done(name: PkgName) -> None:
            for behind in self._behind[name]:
                missing[behind] -= 1
                if not missing[behind]:
                    heappush(queue, (-self._left[behind], behind))

        return queue, done

    def _slots(self, slots: int, jobs: int) -> float:
        """Return the makespan with a fixed number of jobs for each package."""
        queue, done = self._queue()
        running: list[tuple[float, PkgName]] = []
        now = 0.0
        while queue or running:
            while queue and len(running) < slots:
                name = heappop(queue)[1]
                heappush(running, (now + self._parts[name].seconds(jobs), name))
            now, name = heappop(running)
            done(name)
        return now

    def _pool(self, cores: int) -> float:
        """Return the makespan with one pool."""
        queue, done = self._queue()
        running: dict[PkgName, list[float]] = {}
        now = 0.0
        while queue or running:
            eager = max((self._left[name] for name in running if _phase(running[name])), default=0)
            while queue and len(running) < cores and -queue[0][0] >= eager:
                name = heappop(queue)[1]
                running[name] = list(self._parts[name])
            rates = self._rates(running, cores)
            step = min(rest[_phase(rest)] / rates[name] for name, rest in running.items())
            now += step
            for name, rest in list(running.items()):
                rest[_phase(rest)] -= step * rates[name]
                if max(rest) <= _DONE:
                    del running[name]
                    done(name)
        return now

    def _rates(self, running: dict[PkgName, list[float]], cores: int) -> dict[PkgName, int]:
        """Return the cores of each running package: the most urgent parallel one gets the rest."""
        rates = dict.fromkeys(running, 1)
        eager = [name for name, rest in running.items() if _phase(rest)]
        if eager:
            first = min(eager, key=lambda name: (-self._left[name], name))
            rates[first] += cores - len(running)
        return rates


def _phase(rest: list[float]) -> int:
    """Return 0 in the serial part, which comes first, and 1 in the parallel one."""
    return 0 if rest[0] > _DONE or rest[1] <= _DONE else 1
