"""When a run will be done."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pkgmkgen.plan.critical_path import levels
from pkgmkgen.runs.expected_end import remaining


@st.composite
def _plans(draw: st.DrawFn):
    """Give a plan with times: each package may need those before it."""
    count = draw(st.integers(1, 12))
    names = [f"p{number}" for number in range(count)]
    needs = {
        name: tuple(draw(st.sets(st.sampled_from(names[:number])))) if number else ()
        for number, name in enumerate(names)
    }
    seconds = {name: draw(st.integers(1, 50)) for name in names}
    return needs, seconds


@given(_plans(), st.integers(1, 5))
def test_no_sooner_than_the_bounds_and_no_later_than_one_slot(plan, slots: int) -> None:
    """At least the critical path and the work shared by all slots; at most all one by one."""
    needs, seconds = plan
    found = remaining(needs, seconds, {}, slots)
    path = max(levels(needs, seconds).bl.values())
    total = sum(seconds.values())
    assert max(path, total / slots) <= found <= total


@given(_plans())
def test_what_is_at_work_counts_with_what_is_left_of_it(plan) -> None:
    """With a slot for each, a package at work delays only by what it still takes."""
    needs, seconds = plan
    first = next(iter(needs))
    sooner = remaining(needs, seconds, {first: 0.5}, len(needs))
    assert sooner <= remaining(needs, seconds, {}, len(needs))


def test_a_ring_is_left_out() -> None:
    """What waits for itself never comes, and the rest does."""
    assert remaining({"a": ("b",), "b": ("a",), "c": ()}, {"a": 1, "b": 1, "c": 7}, {}, 1) == 7
