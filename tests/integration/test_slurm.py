"""LAUNCH=slurm: each package is a step of Slurm, on a real cluster (tests/slurm.py).

Needs root.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import Bulk, expected
from launching import SLOW, slow_tree, wait_for_text
from person import Person
from slurm import Cluster, cluster, missing

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(missing()), reason=missing())]

EXPECTED = expected()


@pytest.fixture(scope="module")
def two() -> Iterator[Cluster]:
    """Give a cluster of two nodes."""
    with cluster("node1", "node2") as made:
        yield made


@pytest.fixture
def stepwise(two: Cluster, new_bulk, tmp_path: Path, monkeypatch) -> Iterator[Callable[..., Bulk]]:
    """Give bulk builds by that cluster, of packages with the given commands."""
    monkeypatch.setenv("SLURM_CONF", two.config)
    for node in two.nodes:
        if not node.process:
            node.start()

    local = str(two.folder / "local")
    settings = {"LAUNCH": "slurm", "HOST_RETRY": "1", "SANDBOXDIR": local}
    settings |= {"SLURM_OPTIONS": "--partition=all --mem=0", "MAKE_JOBS": "1"}

    def make(**builds: str) -> Bulk:
        bulk: Bulk = new_bulk(slow_tree(tmp_path, builds), **settings)
        if builds:
            bulk.generate(*(f"misc/{name}" for name in builds))
        return bulk

    yield make
    assert not _jobs(two)


def _jobs(two: Cluster, seconds: float = 15) -> str:
    """Wait until Slurm has no job; those that it has after that."""
    end = time.monotonic() + seconds
    while (found := two.say("squeue", "-h").strip()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def test_who_is_not_root_has_steps_of_their_own(their, somebody: Person, monkeypatch) -> None:
    """Here and on the node they make their own namespaces."""
    with cluster("node1", user=somebody) as made:
        monkeypatch.setenv("SLURM_CONF", made.config)
        local = str(made.folder / "local")
        settings = {"LAUNCH": "slurm", "HOST_RETRY": "1", "SANDBOXDIR": local, "MAKE_JOBS": "1"}
        bulk = their("misc/lonely", **settings, SLURM_OPTIONS="--mem=0")
        somebody.own(made.folder / "local")
        done = bulk.make(timeout=60)
        assert bulk.result("lonely-1.0").get("HOST") == "node1", done.stdout
        assert not _jobs(made)


def test_slurm_places_the_packages(stepwise) -> None:
    """Each ends as it does on this machine, and says on which node."""
    bulk = stepwise()
    rows = [EXPECTED[name] for name in ("quiltview-2.0nb3", "netprobe-5.1", "lonely-1.0")]
    bulk.generate(*(row.pkgpath for row in rows))
    done = bulk.make("-j4")
    for row in rows:
        result = bulk.result(row.pkgname)
        assert (result["STATUS"], result.get("PHASE", "")) == (row.outcome, row.detail), done.stdout
    assert {bulk.result(name)["HOST"] for name in bulk.packages()} == {"node1", "node2"}


def test_inside_an_allocation_packages_are_its_steps(two: Cluster, stepwise) -> None:
    """`salloc make` keeps to the nodes that it got, and the allocation survives the steps."""
    bulk = stepwise()
    bulk.generate(EXPECTED["quiltview-2.0nb3"].pkgpath)
    argv = ["salloc", "-Q", "-w", "node2", "-n2", "make", "-f", str(bulk.mk), "-j2"]
    assert "built" in two.say(*argv)
    assert {bulk.result(name)["HOST"] for name in bulk.packages()} == {"node2"}


def test_a_node_that_loses_power_costs_a_retry(two: Cluster, stepwise) -> None:
    """The package is built on the other node."""
    bulk = stepwise(slow=SLOW)
    make = bulk.start()
    wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1")
    node = next(node for node in two.nodes if node.name in two.say("squeue", "-h", "-o", "%N"))
    node.kill()
    assert make.wait(90) == 0, (bulk.root / "out").read_text()
    result = bulk.result("slow-1.0")
    assert (result["STATUS"], result["TRIED"]) == ("built", node.name)
    assert result["HOST"] != node.name


def test_when_make_is_killed_the_job_ends(two: Cluster, stepwise) -> None:
    """Within seconds there is nothing of it on the node, nor in Slurm's queue."""
    bulk = stepwise(slow=SLOW)
    make = bulk.start()
    wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1")
    os.killpg(make.pid, 9)
    make.wait()
    assert not _jobs(two)
    assert not bulk.gone()
    assert not bulk.result("slow-1.0")
