"""Laws of the models, each against a slow and plain retelling of the make."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from strategies import timed_graphs

from pkgmkgen.plan.critical_path import levels
from pkgmkgen.plan.gates import gates
from pkgmkgen.simulate import makes as simulate


def _steps(build) -> tuple[simulate.Steps, list[float], list[float]]:
    needs, seconds = build
    found = levels(needs, seconds)
    order = sorted(needs, key=lambda name: (-found.bl[name], name))
    place = {name: number for number, name in enumerate(order)}
    numbers = [[place[one] for one in needs[name]] for name in order]
    length = [seconds[name] for name in order]
    steps = simulate.gated(numbers, length, gates(needs, found, order))
    return steps, length, [found.bl[name] for name in order]


def _walks(steps: simulate.Steps, slots: int) -> float:
    """GNU make, told plainly: walk over all that is not started; wait for a slot where it is."""
    done: set[int] = set()
    running: list[tuple[float, int]] = []
    todo = list(range(len(steps.seconds)))
    now = 0.0
    while todo or running:
        left = []
        for step in todo:
            if not set(steps.waits[step]) <= done:
                left.append(step)
                continue
            while len(running) >= slots:
                running.sort()
                now, other = running.pop(0)
                done.add(other)
            running.append((now + steps.seconds[step], step))
        todo = left
        running.sort()
        if running:
            now = running[0][0]
            done |= {step for end, step in running if end <= now}
            running = [one for one in running if one[0] > now]
    return now


@given(build=timed_graphs(max_size=20), slots=st.integers(min_value=1, max_value=5))
def test_gnu_make_is_walks_over_the_list(build, slots: int) -> None:
    """The quick model and the plain one agree to the last second."""
    steps = _steps(build)[0]
    assert abs(simulate.gnu_make(steps, slots).makespan - _walks(steps, slots)) < 1e-6


@given(build=timed_graphs(max_size=20), slots=st.integers(min_value=1, max_value=5))
def test_no_model_breaks_the_rules(build, slots: int) -> None:
    """Nothing starts before what it waits for; never more run than slots; no bound is beaten."""
    steps, length, left = _steps(build)
    priority = [left[package] if package >= 0 else 0.0 for package in steps.package]
    for found in (
        simulate.gnu_make(steps, slots),
        simulate.bmake(steps, slots),
        simulate.list_schedule(steps, priority, slots),
    ):
        ends = [start + one for start, one in zip(found.starts, steps.seconds, strict=True)]
        for step, waits in enumerate(steps.waits):
            assert all(ends[one] <= found.starts[step] + 1e-9 for one in waits)
        for start in found.starts:
            running = sum(
                one <= start < end - 1e-9 for one, end in zip(found.starts, ends, strict=True)
            )
            assert running <= slots
        bound = max([*left, sum(length) / slots])
        assert found.makespan >= bound - 1e-6
        assert found.makespan <= sum(steps.seconds) + 1e-6
