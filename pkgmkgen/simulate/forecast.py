"""Forecast a bulk build: its duration for a number of slots, the cause, and more slots.

Pure. A plan is run through the models of makes.py: as bulk.mk under GNU make and bmake, and for
comparison under list scheduling by critical path, in sorted order without gates, and by pbulk's
rule, which prefers packages whose dependents weigh most.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from math import ceil
from typing import TYPE_CHECKING

from pkgmkgen.simulate import makes as simulate
from pkgmkgen.simulate.pool import STATIC, PoolModel
from pkgmkgen.timetext import clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgmkgen.model import PkgName
    from pkgmkgen.plan.planner import Plan
    from pkgmkgen.simulate.pool import PoolRow

RULES = ("GNU make", "bmake", "list scheduling", "sorted make", "pbulk's rule")
"""The rules that are forecast for each number of slots, bulk.mk first."""

NEAR = 1.01
"""More slots are useless once the build takes at most this times the critical path."""


@dataclass(frozen=True, slots=True)
class CriticalPackage:
    """A package on the critical path: when it can start at the earliest, and how long it takes."""

    pkgname: PkgName
    start: float
    seconds: float
    origin: str


@dataclass(frozen=True, slots=True)
class Row:
    """A number of slots: the lower bound and the makespan by each rule, in seconds."""

    slots: int
    bound: float
    makespans: dict[str, float]


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast; all times in seconds.

    `work` is the sum of all durations, `origins` the number of packages by source of their
    duration. `more` has further numbers of slots for GNU make, as long as they help. `pool` has
    numbers of cores that packages and the jobs inside them share; for `malleable` packages it is
    known how long they take with more jobs.
    """

    packages: int
    gates: int
    work: float
    critical: float
    origins: dict[str, int]
    path: tuple[CriticalPackage, ...]
    rows: tuple[Row, ...]
    more: tuple[Row, ...]
    malleable: int
    pool: tuple[PoolRow, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A package in the picture: its place in the plan, its slot, and from when to when."""

    place: int
    slot: int
    start: float
    end: float


class Model:
    """A plan in numbers: what each package waits for, with gates and without."""

    def __init__(self, plan: Plan) -> None:
        """Give the packages their places."""
        place = {job.pkgname: number for number, job in enumerate(plan.jobs)}
        needs = [[place[need] for need in job.needs] for job in plan.jobs]
        self._jobs = plan.jobs
        self._needs = needs
        self.seconds = [job.duration.seconds for job in plan.jobs]
        self._plain = simulate.plain(needs, self.seconds)
        self.gated = simulate.gated(needs, self.seconds, plan.gates)
        self.work = sum(self.seconds)
        self.critical = max([job.left for job in plan.jobs], default=0.0)
        self._left = [job.left for job in plan.jobs]
        weights = _weights(needs, [job.weight for job in plan.jobs])
        names = [job.pkgname for job in plan.jobs]
        by_weight = sorted(range(len(names)), key=lambda at: (-weights[at], names[at]))
        self._heavy = [0.0] * len(names)  # pbulk's preference; ties by name, as in its files
        for number, at in enumerate(by_weight):
            self._heavy[at] = -float(number)

    def bound(self, slots: int) -> float:
        """Return the lower bound of all schedules."""
        return max(self.critical, self.work / slots)

    def row(self, slots: int) -> Row:
        """Forecast all rules."""
        schedules = (
            simulate.gnu_make(self.gated, slots),
            simulate.bmake(self.gated, slots),
            simulate.list_schedule(self._plain, self._left, slots),
            simulate.gnu_make(self._plain, slots),
            simulate.list_schedule(self._plain, self._heavy, slots),
        )
        times = {rule: schedule.makespan for rule, schedule in zip(RULES, schedules, strict=True)}
        return Row(slots, self.bound(slots), times)

    def quick_row(self, slots: int) -> Row:
        """Forecast GNU make only."""
        makespan = simulate.gnu_make(self.gated, slots).makespan
        return Row(slots, self.bound(slots), {RULES[0]: makespan})

    def path(self) -> tuple[CriticalPackage, ...]:
        """Return the critical path from its start; ties go to the package listed first."""
        links: list[CriticalPackage] = []
        start = 0.0
        behind: list[list[int]] = [[] for _ in self._needs]
        for place, needs in enumerate(self._needs):
            for need in needs:
                behind[need].append(place)
        following = list(range(len(self._needs)))[:1]
        while following:
            place = min(following, key=lambda candidate: (-self._left[candidate], candidate))
            job = self._jobs[place]
            origin = job.duration.origin.value
            links.append(CriticalPackage(job.pkgname, start, job.duration.seconds, origin))
            start += job.duration.seconds
            following = behind[place]
        return tuple(links)

    def bars(self, slots: int) -> list[Bar]:
        """Return what each slot does under GNU make, by time."""
        schedule = simulate.gnu_make(self.gated, slots)
        starts = sorted(
            (start, place)
            for start, place in zip(schedule.starts, self.gated.package, strict=True)
            if place >= 0
        )
        bars: list[Bar] = []
        ends = [0.0] * slots
        for start, place in starts:
            slot = min(range(slots), key=lambda number: (ends[number] > start + 1e-6, number))
            ends[slot] = start + self.seconds[place]
            bars.append(Bar(place, slot, start, ends[slot]))
        return bars


def forecast(plan: Plan, slots: Sequence[int], cores: Sequence[int] = ()) -> Forecast:
    """Forecast a plan for numbers of slots, and of cores in one pool of jobs."""
    model = Model(plan)
    pool = PoolModel(plan)
    rows = tuple(model.row(number) for number in slots)
    return Forecast(
        packages=len(plan.jobs),
        gates=sum(series.steps for series in plan.gates),
        work=model.work,
        critical=model.critical,
        origins=dict(sorted(Counter(job.duration.origin.value for job in plan.jobs).items())),
        path=model.path(),
        rows=rows,
        more=_more(model, max(slots, default=1)),
        malleable=pool.known,
        pool=tuple(map(pool.row, cores)),
    )


def _more(model: Model, slots: int) -> tuple[Row, ...]:
    """Forecast half as many slots again, and again, until the critical path rules."""
    rows = [model.quick_row(slots)]
    enough = ceil(model.work / model.critical) * 4 if model.critical else 1
    while rows[-1].makespans[RULES[0]] > NEAR * model.critical and rows[-1].slots < enough:
        rows.append(model.quick_row(rows[-1].slots + (rows[-1].slots + 1) // 2))
    return tuple(rows)


def _weights(needs: Sequence[Sequence[int]], own: Sequence[int]) -> list[float]:
    """Return the weight of each package and of all that needs it, directly or not, once each."""
    count = len(needs)
    above = [1 << (count - 1 - place) for place in range(count)]
    for place in range(count - 1, -1, -1):  # what needs it stands behind it
        for need in needs[place]:
            above[need] |= above[place]
    usual = 100
    odd = [(bit, own[place] - usual) for place, bit in _bits(own, usual)]
    weights = []
    for mask in above:
        extra = sum(more for bit, more in odd if mask & bit)
        weights.append(float(usual * mask.bit_count() + extra))
    return weights


def _bits(own: Sequence[int], usual: int) -> list[tuple[int, int]]:
    """Return place and bit of the packages whose weight is not the usual one."""
    return [(at, 1 << (len(own) - 1 - at)) for at, weight in enumerate(own) if weight != usual]


def forecast_json(predicted: Forecast) -> str:
    """Print a forecast for programs."""
    return json.dumps(asdict(predicted), indent=1) + "\n"


def forecast_text(predicted: Forecast) -> str:
    """Print a forecast for people: a table, the critical path, what more slots would buy."""
    origins = ", ".join(f"{count} {origin}" for origin, count in predicted.origins.items())
    work = f"{predicted.packages} packages, {clock(predicted.work)} of work"
    lines = [
        f"{work}; durations: {origins or 'none'}",
        f"critical path {clock(predicted.critical)}; {predicted.gates} gates",
        "",
        f"{'-j':>5} {'lower bound':>12}" + "".join(f"{rule:>20}" for rule in RULES),
    ]
    for row in predicted.rows:
        cells = "".join(_cell(row, rule) for rule in RULES)
        lines.append(f"{row.slots:5} {clock(row.bound):>12}{cells}")
    lines += ["", "The critical path: earliest start, duration, where that is from"]
    lines += [
        f"{clock(link.start):>12} {clock(link.seconds):>10} {link.origin:8} {link.pkgname}"
        for link in predicted.path
    ]
    lines += ["", "More slots, GNU make"]
    lines += list(map(_gain, predicted.more, predicted.more[1:])) or ["  would not help"]
    if predicted.pool:
        lines += _pool_lines(predicted)
    return "\n".join(lines) + "\n"


def _pool_lines(predicted: Forecast) -> list[str]:
    """Compare one pool of jobs with a fixed number of jobs for each package."""
    headings = ("one pool", f"N/{STATIC} slots x {STATIC}", "N slots x 1")
    known = f"from the CPU times of {predicted.malleable} packages"
    lines = [
        "",
        f"N cores shared by packages and the jobs inside them, {known}",
        f"{'N':>5} {'lower bound':>12}" + "".join(f"{heading:>20}" for heading in headings),
    ]
    for row in predicted.pool:
        times = (row.pool, row.static, row.single)
        cells = "".join(f"{clock(time):>13} {time / (row.bound or 1.0):6.3f}" for time in times)
        lines.append(f"{row.cores:5} {clock(row.bound):>12}{cells}")
    return lines


def _cell(row: Row, rule: str) -> str:
    ratio = row.makespans[rule] / row.bound if row.bound else 1.0
    return f"{clock(row.makespans[rule]):>13} {ratio:6.3f}"


def _gain(row: Row, more: Row) -> str:
    before, after = row.makespans[RULES[0]], more.makespans[RULES[0]]
    share = 1 - after / before if before else 0.0
    saved = f"{clock(max(before - after, 0.0))} less than -j {row.slots} ({share:.1%})"
    return f"  -j {more.slots:<4} {clock(after)}, {saved}"
