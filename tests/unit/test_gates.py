"""Graded gates on small graphs: who waits for whom, and for how long."""

from __future__ import annotations

from worlds import names

from pkgmkgen.model import PkgName
from pkgmkgen.plan.critical_path import levels
from pkgmkgen.plan.gates import HOT, Gates, gates


def _gates(needs: dict[str, str], seconds: dict[str, float]) -> dict[str, Gates]:
    graph = {PkgName(name): names(*below.split()) for name, below in needs.items()}
    found = levels(graph, {PkgName(name): one for name, one in seconds.items()})
    order = sorted(graph, key=lambda name: (-found.bl[name], name))
    return dict(zip(order, gates(graph, found, order), strict=True))


def test_members_of_a_hub_stand_in_a_row() -> None:
    """The first waits for the hub, each other for the one before it, by urgency."""
    needs = {"hub": "", "slow": "hub", "middle": "hub", "quick": "hub"}
    found = _gates(needs, {"hub": 10, "slow": 9, "middle": 5, "quick": 1})
    assert (found["slow"].hub, found["slow"].after) == (found["hub"].place, (found["hub"].place,))
    assert (found["middle"].hub, found["middle"].after) == (None, (found["slow"].place,))
    assert (found["quick"].hub, found["quick"].after) == (None, (found["middle"].place,))


def test_the_more_slack_the_longer_the_series() -> None:
    """What hangs on the critical path passes one gate, what can wait passes many."""
    needs = {"a": "", "b": "a", "late": "b", "leaf": ""}
    found = _gates(needs, {"a": 100, "b": 100, "late": 50, "leaf": 1})
    assert found["a"].steps == 1
    assert found["leaf"].steps > found["late"].steps


def test_the_hot_ones_go_ungated() -> None:
    """A share of the packages, those with the least slack, waits for dependencies only."""
    count = 100
    needs = {"p0": ""} | {f"p{n}": f"p{n - 1}" for n in range(1, count // 2)}
    needs |= {f"q{n}": "" for n in range(count // 2)}
    found = _gates(needs, dict.fromkeys(needs, 1.0))
    hot = {name for name, one in found.items() if not one.steps}
    assert len(hot) == int(HOT * count)
    assert all(name.startswith("p") for name in hot)
    assert all(one.hub is None and not one.after for one in found.values() if not one.steps)


def test_nothing_to_build_has_no_gates() -> None:
    """An empty plan is a plan."""
    assert gates({}, levels({}, {}), ()) == ()
