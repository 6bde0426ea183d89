"""kill -9 of anything at any moment: nothing stays, nothing half-made counts, a rerun finishes."""

from __future__ import annotations

import os
import random
import signal as signals
import tarfile
import time

import pytest
from bulk import Bulk, expected, is_first, is_janitor, kill, runs
from launching import wait_for_text
from person import Person

pytestmark = pytest.mark.root

EXPECTED = expected()
ROUNDS = {"root": 30, "user": 8}
LONG_ROUNDS = {"root": 1000, "user": 200}


def _victim(bulk: Bulk, rng: random.Random) -> int | None:
    """Choose make, a recipe, or something inside a sandbox."""
    groups = [bulk.processes(), bulk.inside()]
    pids = rng.choice([group for group in groups if group] or [[]])
    return rng.choice(pids) if pids else None


def _finished(bulk: Bulk) -> None:
    """Law 2, at any time: what is in All is whole."""
    for path in bulk.all.glob("*.tgz"):
        with tarfile.open(path) as archive:
            assert "+CONTENTS" in archive.getnames(), path


def _settle(bulk: Bulk, tool: str) -> str:
    """Run the same command until it builds nothing more."""
    for _ in range(4):
        out = bulk.make("-j6", tool=tool).stdout
        if "building" not in out:
            return out
    raise AssertionError(out)


@pytest.mark.parametrize("who", ["root", "user"])
def test_killed_at_any_moment(new_bulk, kit, somebody: Person, request, who: str) -> None:
    """The rerun ends with the packages and results of an undisturbed run."""
    rng = random.Random(20051201)
    rounds, most = (LONG_ROUNDS, 4.0) if request.config.getoption("--long") else (ROUNDS, 2.0)
    bulk = new_bulk() if who == "root" else somebody.bulk(kit)
    bulk.generate()
    if who == "user":
        somebody.own(bulk.root)
    for number in range(rounds[who]):
        tool = ("make", "bmake")[number % 2]
        owed = set(bulk.half_made())  # this start may be killed before it has swept these
        process = bulk.start("-j6", tool=tool)
        time.sleep(rng.uniform(0.1, most))
        target = rng.choice(["make", "any", "any", "all"])
        victims = {"make": [process.pid], "any": [_victim(bulk, rng)], "all": bulk.processes()}
        swept = target == "all" or any(map(is_janitor, filter(None, victims[target])))
        for pid in filter(None, victims[target]):
            kill(pid)
        time.sleep(0.05)
        kill(process.pid)
        process.wait()
        left = bulk.gone()
        if swept:  # like a power loss: the next start sweeps half-made directories
            left = [item for item in left if item not in bulk.half_made()]
        rest = sorted(set(left) - owed)
        assert not rest, f"round {number}, {target}:\n" + "\n".join(rest)
        _finished(bulk)
    out = _settle(bulk, "make")
    assert bulk.packages() == {row.pkgname for row in EXPECTED.values() if row.outcome == "built"}
    for row in EXPECTED.values():
        if row.outcome == "failed":
            result = bulk.result(row.pkgname)
            assert (result["STATUS"], result["PHASE"]) == ("failed", row.detail), row
    broken = {row.pkgname: row.detail for row in EXPECTED.values() if row.outcome == "broken-by"}
    assert bulk.broken() == broken, out


def test_the_first_process_of_a_sandbox_is_killed(bulk: Bulk) -> None:
    """By hand, while the run goes on: the package has not failed, and the next run builds it."""
    bulk.generate("math/polyforge")
    process = bulk.start()
    wait_for_text(bulk.log / "polyforge-4.0" / "build.log", "polyforge")
    (first,) = (pid for pid in bulk.inside() if is_first(pid))
    kill(first)
    assert process.wait(timeout=30) != 0
    assert bulk.result("polyforge-4.0")["STATUS"] == "killed"
    assert bulk.make().returncode == 0


@pytest.mark.parametrize("tool", ["make", "bmake"])
@pytest.mark.parametrize("signal", ["INT", "TERM", "HUP"])
def test_interrupted_by_hand(bulk, tool: str, signal: str) -> None:
    """^C and its kin end the run within seconds, and the same command goes on."""
    slow = next(row for row in EXPECTED.values() if row.pkgname.startswith("polyforge-"))
    bulk.generate(slow.pkgpath)
    process = bulk.start("-j6", tool=tool)
    bulk.wait_for(f"building   {slow.pkgname}")
    os.killpg(process.pid, getattr(signals, f"SIG{signal}"))
    assert process.wait(timeout=10) != 0
    assert not bulk.gone()
    assert bulk.make("-j6", tool=tool).returncode == 0


def test_the_receiver_of_a_package_is_killed(bulk: Bulk) -> None:
    """By hand, before there is a package: its sandbox ends at once, and no package is blamed."""
    bulk.generate("math/polyforge")
    process = bulk.start()
    wait_for_text(bulk.log / "polyforge-4.0" / "build.log", "polyforge")
    (receiver,) = (pid for pid in bulk.processes() if runs(pid, "host/keep.sh"))
    kill(receiver)
    assert process.wait(timeout=30) != 0
    assert bulk.result("polyforge-4.0")["STATUS"] == "killed"
    assert bulk.make().returncode == 0
