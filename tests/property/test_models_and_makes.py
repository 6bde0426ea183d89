"""The model of GNU make against GNU make: with one slot, the order of starts.

Times would need a quiet machine; tests/bench/bench_real_make.py compares those, for bmake, too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from strategies import graphs
from test_gates_laws import bound, built

from pkgmkgen import pipeline
from pkgmkgen.model import PkgName
from pkgmkgen.plan.planner import Plan
from pkgmkgen.simulate import makes as simulate

Needs = dict[PkgName, tuple[PkgName, ...]]


def order(plan: Plan) -> list[str]:
    """Return the packages in the order in which the model starts them."""
    place = {job.pkgname: number for number, job in enumerate(plan.jobs)}
    needs = [[place[one] for one in job.needs] for job in plan.jobs]
    steps = simulate.gated(needs, [job.duration.seconds for job in plan.jobs], plan.gates)
    starts = simulate.gnu_make(steps, 1).starts
    at = sorted(range(len(starts)), key=lambda step: (starts[step], step))
    return [plan.jobs[steps.package[step]].pkgname for step in at if steps.package[step] >= 0]


@settings(max_examples=10, deadline=None)
@given(needs=graphs(max_size=14))
def test_make_starts_what_its_model_starts(needs: Needs) -> None:
    """Same packages, same order, gates and all."""
    plan = pipeline.planned(bound(needs), ())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bulk.mk").write_text(pipeline.bulk_mk(bound(needs), {}))
        assert built(folder, ["make", "-j1"], "packages", set()) == order(plan)
