"""One pool of jobs in real builds: GNU make inside joins, others take a share."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bulk import Bulk

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.root

POLYFORGE = "polyforge-4.0"


@pytest.fixture
def forge(kit: Path, tmp_path: Path) -> Callable[..., Bulk]:
    """Give the build of a package of some compile jobs, with lines of mk.conf and settings."""

    def forge_(conf: str = "", **settings: str) -> Bulk:
        makeconf = tmp_path / "mk.conf"
        usual = (kit.parent / "mk.conf").read_text()
        makeconf.write_text(f"{usual}\nPOLYFORGE_UNITS=12\n{conf}")
        bulk = Bulk(tmp_path, kit, settings={"MAKECONF": str(makeconf), **settings})
        bulk.generate("math/polyforge")
        return bulk

    return forge_


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_gnu_make_inside_takes_what_is_free(forge: Callable[..., Bulk], tool: str) -> None:
    """-j 3 and one package: three jobs at work."""
    bulk = forge("MAKE_PROGRAM=gmake")
    done = bulk.make("-j3", tool=tool)
    assert done.returncode == 0, done.stdout
    assert bulk.result(POLYFORGE)["JOBS_MAX"] == "3"
    assert "jobserver" not in (bulk.log / POLYFORGE / "build.log").read_text()


def test_others_take_a_share(forge: Callable[..., Bulk]) -> None:
    """bmake cannot join: half of four tokens and its own; none if it is not safe."""
    bulk = forge()
    assert bulk.make("-j4").returncode == 0
    assert bulk.result(POLYFORGE)["JOBS_MAX"] == "3"


@pytest.mark.parametrize("setting", ["MAKE_JOBS=2", "JOB_POOL=no"])
def test_settings_turn_it_off(forge: Callable[..., Bulk], setting: str) -> None:
    """With a fixed number of jobs, or without a pool, nothing further is taken."""
    bulk = forge("MAKE_PROGRAM=gmake")
    assert bulk.make("-j4", setting).returncode == 0
    assert bulk.result(POLYFORGE).get("JOBS_MAX", "1") == "1"


def test_mk_conf_may_set_the_jobs(forge: Callable[..., Bulk]) -> None:
    """MAKE_JOBS in mk.conf is a fixed number, too."""
    bulk = forge("MAKE_PROGRAM=gmake\nMAKE_JOBS=2")
    assert bulk.make("-j4").returncode == 0
    assert "gmake" not in (bulk.log / POLYFORGE / "build.log").read_text()


def test_packages_at_a_time(forge: Callable[..., Bulk]) -> None:
    """JOBS=1: one package at a time, with all jobs."""
    bulk = forge("MAKE_PROGRAM=gmake")
    assert bulk.make("-j4", "JOBS=1").returncode == 0
    assert int(bulk.result(POLYFORGE)["JOBS_MAX"]) == 4


def test_a_sandbox_ends_with_its_tokens(forge: Callable[..., Bulk]) -> None:
    """The process that holds the tokens is killed: so is the sandbox; the next run builds it."""
    bulk = forge("MAKE_PROGRAM=gmake\nPOLYFORGE_UNITS=300")
    run = bulk.start("-j3")
    bulk.wait_for("building   polyforge")
    os.kill(_server(bulk), signal.SIGKILL)
    assert run.wait(60) == 2
    assert bulk.result(POLYFORGE)["STATUS"] == "killed"
    assert bulk.make("-j3", "POLYFORGE_UNITS=3").returncode == 0
    assert POLYFORGE in bulk.packages()


def _server(bulk: Bulk) -> int:
    found = list(bulk.root.glob(f"packages/.staging/{POLYFORGE}@*/pool/server"))
    return int(found[0].read_text())
