"""Laws of the gates: they order, and never hold up what does not depend on a failure."""

from __future__ import annotations

import os
import subprocess
import tempfile
from functools import reduce
from operator import or_
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import graphs, timed_graphs

from pkgmkgen import index, pipeline
from pkgmkgen.gates import gates
from pkgmkgen.levels import levels
from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem
from pkgmkgen.resolve import resolve

Needs = dict[PkgName, tuple[PkgName, ...]]

BUILD = """\
case " $FAILING " in *" $1 "*) exit 1 ;; esac
for word; do case $word in */All/*) [ -f "$word" ] || exit 9 ;; esac; done
printf '%s\\n' "$1" >>"$BULK_PACKAGES/built"
: >"$BULK_PACKAGES/All/$1.tgz"
"""


def bulk_mk(needs: Needs) -> str:
    """Return bulk.mk of a graph."""
    items = [
        ScanItem(
            name,
            PkgPath(f"x/{name.rpartition('-')[0]}"),
            tuple(Depend(one, PkgPath("x/x")) for one in below),
            depends=below,
        )
        for name, below in needs.items()
    ]
    return pipeline.bulk_mk(pipeline.Bound(index.from_items(items), resolve(items)), {})


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
        (folder / "bulk.mk").write_text(bulk_mk(needs))
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
        (folder / "bulk.mk").write_text(bulk_mk(needs))
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
