"""Models of GNU make, bmake and list scheduling, second by second.

Pure. A model is given steps (packages and gates) in the order in which make lists them, and
returns when each would start. tests/bench/bench_schedule.py compares them with the real makes.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgmkgen.plan.gates import Gates

GATE_SECONDS = 0.003
"""What a gate costs a make: a process that does nothing."""


@dataclass(frozen=True, slots=True)
class Steps:
    """A step of make: the places in its list that it waits for, and its seconds.

    `package` is the place of a package in the order of urgency, -1 for a gate.
    """

    waits: Sequence[Sequence[int]]
    seconds: Sequence[float]
    package: Sequence[int]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each step starts, in seconds after make does, and when the last one is done."""

    makespan: float
    starts: Sequence[float]


def plain(needs: Sequence[Sequence[int]], seconds: Sequence[float]) -> Steps:
    """Return packages without gates, as they stand."""
    return Steps(needs, seconds, range(len(seconds)))


def gated(
    needs: Sequence[Sequence[int]],
    seconds: Sequence[float],
    gates: Sequence[Gates],
    cost: float = GATE_SECONDS,
) -> Steps:
    """Return packages with their gates before them, as make meets them in bulk.mk."""
    waits: list[list[int]] = []
    durations: list[float] = []
    package: list[int] = []
    at: list[int] = []  # of packages, by place
    last: list[int] = []  # of their last gates
    for place, series in enumerate(gates):
        before = [last[other] for other in series.after]
        if series.hub is not None:
            before.append(at[series.hub])
        for _ in range(series.steps):
            waits.append(before)
            durations.append(cost)
            package.append(-1)
            before = [len(waits) - 1]
        last.append(len(waits) - 1)
        at.append(len(waits))
        waits.append([at[other] for other in needs[place]] + (before if series.steps else []))
        durations.append(seconds[place])
        package.append(place)
    return Steps(waits, durations, package)


class _Run:
    """Steps that wait, run and finish; the models differ in which one starts next."""

    def __init__(self, steps: Steps) -> None:
        self.now = 0.0
        self.starts = [0.0] * len(steps.seconds)
        self._seconds = steps.seconds
        self.left = [len(set(waits)) for waits in steps.waits]
        self._behind: list[list[int]] = [[] for _ in steps.waits]
        for step, waits in enumerate(steps.waits):
            for other in set(waits):
                self._behind[other].append(step)
        self.running: list[tuple[float, int]] = []

    def ready(self) -> list[int]:
        """Return the steps that wait for nothing, in the order of the list."""
        return [step for step, left in enumerate(self.left) if not left]

    def start(self, step: int) -> None:
        """Start a step now."""
        self.starts[step] = self.now
        heappush(self.running, (self.now + self._seconds[step], step))

    def finish(self) -> list[int]:
        """Wait until a step is done; returns the steps that this makes ready."""
        self.now, done = heappop(self.running)
        ready = []
        for step in self._behind[done]:
            self.left[step] -= 1
            if not self.left[step]:
                ready.append(step)
        return ready

    def finish_all_now(self) -> list[int]:
        """Wait until a step is done, and take all others that are done at that time."""
        ready = self.finish()
        while self.running and self.running[0][0] <= self.now:
            ready += self.finish()
        return ready

    def ended(self) -> Schedule:
        """Return what happened. ValueError: some steps wait for each other."""
        if any(self.left):
            raise ValueError("some steps wait for each other")
        return Schedule(self.now, self.starts)


def list_schedule(steps: Steps, priority: Sequence[float], slots: int) -> Schedule:
    """Let a free slot always take the ready step of highest priority; ties by place."""
    run = _Run(steps)
    waiting = [(-priority[step], step) for step in run.ready()]
    heapify(waiting)
    while waiting or run.running:
        while waiting and len(run.running) < slots:
            run.start(heappop(waiting)[1])
        for step in run.finish_all_now():
            heappush(waiting, (-priority[step], step))
    return run.ended()


def gnu_make(steps: Steps, slots: int) -> Schedule:
    """GNU make -j: walks its list, waits for a slot at what is ready, and walks on from there.

    What gets ready behind it has to wait for the next walk. With one slot make walks on only when
    what it started is done.
    """
    run = _Run(steps)
    walk = run.ready()
    while walk or run.running:
        heapify(walk)
        later: list[int] = []
        while walk:
            step = heappop(walk)
            _make_room(run, slots - 1, step, walk, later)
            run.start(step)
            if slots == 1:
                _make_room(run, 0, step, walk, later)
        if run.running:
            later += run.finish_all_now()
        walk = later
    return run.ended()


def _make_room(run: _Run, most: int, at: int, walk: list[int], later: list[int]) -> None:
    """Wait until at most so many steps run; what gets ready goes to this walk or to the next."""
    while len(run.running) > most:
        for ready in run.finish():
            if ready > at:
                heappush(walk, ready)
            else:
                later.append(ready)


def bmake(steps: Steps, slots: int) -> Schedule:
    """NetBSD make -j: a queue, at whose end stands what gets ready.

    In what order things stand there that get ready together is not told exactly.
    """
    run = _Run(steps)
    queue = deque(range(len(steps.seconds)))
    passed = [False] * len(steps.seconds)
    while queue or run.running:
        while queue and len(run.running) < slots:
            step = queue.popleft()
            if run.left[step]:
                passed[step] = True
            else:
                run.start(step)
        if run.running:
            queue.extend(step for step in sorted(run.finish()) if passed[step])
    return run.ended()
