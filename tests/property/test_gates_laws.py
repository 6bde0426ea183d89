"""Laws of the gates: they order, and never hold up what does not depend on a failure."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
from functools import reduce
from operator import or_
from pathlib import Path

import indexes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import graphs, timed_graphs

from pkgmkgen import pipeline
from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem
from pkgmkgen.plan.critical_path import levels
from pkgmkgen.plan.gates import gates
from pkgmkgen.resolve.resolver import resolve

Needs = dict[PkgName, tuple[PkgName, ...]]

BUILD = """\
case " $FAILING " in *" $1 "*) exit 1 ;; esac
for word; do case $word in */All/*) [ -f "$word" ] || exit 9 ;; esac; done
printf '%s\\n' "$1" >>"$BULK_PACKAGES/built"
echo x >"$BULK_PACKAGES/All/$1.tgz"
"""


def bound(needs: Needs) -> pipeline.Bound:
    """Return a graph as if it had been scanned."""
    items = [
        ScanItem(
            name,
            PkgPath(f"x/{name.rpartition('-')[0]}"),
            tuple(Depend(one, PkgPath("x/x")) for one in below),
            depends=below,
        )
        for name, below in needs.items()
    ]
    return pipeline.Bound(indexes.from_items(items), resolve(items))


def closure(needs: Needs, names: set[PkgName]) -> set[PkgName]:
    """Return packages and all that they need."""
    found, queue = set(names), list(names)
    while queue:
        new = set(needs[queue.pop()]) - found
        found |= new
        queue += new
    return found


def spoiled(needs: Needs, failing: set[PkgName]) -> set[PkgName]:
    """Return the failing packages and all that depend on them."""
    return {name for name in needs if closure(needs, {name}) & failing}


def built(folder: Path, make: list[str], goal: str, failing: set[PkgName]) -> list[str]:
    """Run a make on `folder`/bulk.mk; the packages built by it, in its order."""
    (folder / "build").write_text(BUILD)
    (folder / "packages" / "All").mkdir(parents=True, exist_ok=True)
    journal = folder / "packages" / "built"
    journal.write_text("")
    where = [f"PACKAGES={folder}/packages", f"BUILD_PACKAGE={folder}/build", goal]
    subprocess.run(
        [*make, "-f", folder / "bulk.mk", *where],
        env=os.environ | {"FAILING": " ".join(sorted(failing))},
        cwd=folder,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return journal.read_text().split()


@pytest.mark.parametrize("make", ["make", "bmake"])
@settings(max_examples=20, deadline=None)
@given(needs=graphs(), data=st.data())
def test_a_failure_spoils_only_what_depends_on_it(make: str, needs: Needs, data) -> None:
    """With packages failing at random, exactly those that need none of them are built, once."""
    failing = data.draw(st.sets(st.sampled_from(sorted(needs)))) if needs else set()
    slots = data.draw(st.integers(min_value=1, max_value=4))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bulk.mk").write_text(pipeline.bulk_mk(bound(needs), {}))
        done = built(folder, [make, f"-j{slots}"], "packages", failing)
        assert sorted(done) == sorted(needs.keys() - spoiled(needs, failing))
        again = built(folder, [make, f"-j{slots}"], "packages", set())
        assert sorted(again) == sorted(spoiled(needs, failing))
        assert built(folder, [make, f"-j{slots}"], "packages", set()) == []


@pytest.mark.parametrize("make", ["make", "bmake"])
@settings(max_examples=15, deadline=None)
@given(needs=graphs(), data=st.data())
def test_one_package_pulls_in_what_it_needs(make: str, needs: Needs, data) -> None:
    """`make NAME` builds its dependencies and itself, and passes no gate."""
    if not needs:
        return
    goal = data.draw(st.sampled_from(sorted(needs)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bulk.mk").write_text(pipeline.bulk_mk(bound(needs), {}))
        done = built(folder, [make, "-j2"], goal, set())
        assert sorted(done) == sorted(closure(needs, {goal}))


@given(build=timed_graphs(max_size=40))
def test_a_gate_waits_for_what_its_package_needs(build) -> None:
    """Through whatever gates, a gate waits for no package but those its own package needs."""
    needs, seconds = build
    found = levels(needs, seconds)
    order = sorted(needs, key=lambda name: (-found.bl[name], name))
    waits: list[set[PkgName]] = []
    for name, one in zip(order, gates(needs, found, order), strict=True):
        own = {order[one.hub]} if one.hub is not None else set()
        assert all(other < one.place for other in one.after)
        waits.append(reduce(or_, (waits[other] for other in one.after), own))
        assert waits[-1] <= closure(needs, set(needs[name]))


def outcome(needs: Needs, seconds: dict[PkgName, float], failing: set[PkgName]) -> set[PkgName]:
    """Return what is built when make goes by dependencies and gates and some packages fail."""
    found = levels(needs, seconds)
    order = sorted(needs, key=lambda name: (-found.bl[name], name))
    done: set[PkgName] = set()
    passed: list[bool] = []
    for name, one in zip(order, gates(needs, found, order), strict=True):
        hub = one.hub is None or order[one.hub] in done
        passed.append(hub and all(passed[other] for other in one.after))
        if passed[-1] and name not in failing and done.issuperset(needs[name]):
            done.add(name)
    return done


@given(build=timed_graphs(max_size=40), data=st.data())
def test_no_gate_is_shut_by_a_failure_elsewhere(build, data) -> None:
    """Whatever fails, exactly what needs none of it is built."""
    needs, seconds = build
    failing = data.draw(st.sets(st.sampled_from(sorted(needs)))) if needs else set()
    assert outcome(needs, seconds, failing) == needs.keys() - spoiled(needs, failing)


@pytest.mark.parametrize("share", [0.0005, 0.005, 0.05])
def test_failures_in_the_whole_tree(share: float) -> None:
    """The same with 28,509 real packages and as many failures as a bad day has."""
    path = Path(os.environ.get("PKGMKGEN_DATA", "/nowhere"), "pkgsrc-2026.depgraph.zst")
    if not path.exists():
        pytest.skip("PKGMKGEN_DATA is not set: the folder with real data")
    text = subprocess.run(["zstd", "-dcq", path], capture_output=True, text=True, check=True).stdout
    below: dict[PkgName, set[PkgName]] = {}
    for line in text.splitlines():
        one, name = map(PkgName, line.split(" -> "))
        below.setdefault(name, set()).add(one)
        below.setdefault(one, set())
    needs = {name: tuple(sorted(below[name])) for name in sorted(below)}
    rng = random.Random(share)
    seconds = {name: rng.lognormvariate(3.5, 1.2) for name in needs}
    failing = {name for name in needs if rng.random() < share}
    found = levels(needs, seconds)
    good: set[PkgName] = set()
    for name in sorted(needs, key=lambda one: (-found.bl[one], one)):
        if name not in failing and good.issuperset(needs[name]):
            good.add(name)
    assert outcome(needs, seconds, failing) == good


@given(build=timed_graphs(max_size=40))
def test_a_gated_package_waits_until_it_can_start(build) -> None:
    """Its last gate opens only after its latest dependency: it cannot open ahead of time."""
    needs, seconds = build
    found = levels(needs, seconds)
    order = sorted(needs, key=lambda name: (-found.bl[name], name))
    waits: list[set[PkgName]] = []
    for name, one in zip(order, gates(needs, found, order), strict=True):
        own = {order[one.hub]} if one.hub is not None else set()
        waits.append(reduce(or_, (waits[other] for other in one.after), own))
        if one.steps and needs[name]:
            assert max(needs[name], key=lambda dep: (found.ends[dep], dep)) in waits[-1]


@given(build=timed_graphs(max_size=30), turn=st.randoms(use_true_random=False))
def test_gates_do_not_depend_on_the_order_of_the_scan(build, turn) -> None:
    """Law 7: the same graph, the same gates."""
    needs, seconds = build
    found = levels(needs, seconds)
    order = sorted(needs, key=lambda name: (-found.bl[name], name))
    shuffled = dict(turn.sample(sorted(needs.items()), len(needs)))
    other = levels(shuffled, seconds)
    assert gates(shuffled, other, order) == gates(needs, found, order)
