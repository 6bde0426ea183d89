"""One pool of jobs in real builds: GNU make inside joins, others take a share."""

from __future__ import annotations

import functools
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


@pytest.fixture(scope="module")
def forge(kit: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Bulk]:
    """Give the build of a package of some compile jobs, with lines for mk.conf."""

    @functools.cache
    def forge_(conf: str) -> Bulk:
        root = tmp_path_factory.mktemp("forge")
        usual = (kit.parent / "mk.conf").read_text()
        (root / "mk.conf").write_text(f"{usual}\nPOLYFORGE_UNITS?=6\n{conf}\n")
        bulk = Bulk(root, kit, settings={"MAKECONF": str(root / "mk.conf")})
        bulk.generate("math/polyforge")
        return bulk

    return forge_


def built(bulk: Bulk, *words: str, tool: str = "make") -> dict[str, str]:
    """Build the package again; return its record."""
    (bulk.all / f"{POLYFORGE}.tgz").unlink(missing_ok=True)
    done = bulk.make(*words, tool=tool)
    assert done.returncode == 0, done.stdout
    return bulk.result(POLYFORGE)


GNU = "MAKE_PROGRAM=gmake"
SYSTEM = "MAKE_PROGRAM=/usr/bin/make"
"""What pkgsrc uses where the system's make is GNU's."""


@pytest.mark.parametrize(
    ("conf", "tool", "words", "most"),
    [
        (GNU, "make", ("-j3",), 3),
        (SYSTEM, "bmake", ("-j3", "JOBS=1"), 3),
        (GNU, "make", ("-j3", "MAKE_JOBS=2"), 1),
        (GNU, "make", ("-j3", "JOB_POOL=no"), 0),
        ("", "make", ("-j4",), 3),
        (f"{GNU}\nMAKE_JOBS=2", "make", ("-j4",), 1),
    ],
    ids=["joins", "one-package-at-a-time", "fixed", "no-pool", "share", "fixed-by-mk-conf"],
)
def test_jobs_at_work(
    forge: Callable[..., Bulk], conf: str, tool: str, words: tuple[str, ...], most: int
) -> None:
    """GNU make inside takes all that is free, others half; a fixed number takes nothing."""
    bulk = forge(conf)
    assert int(built(bulk, *words, tool=tool).get("JOBS_MAX", "0")) == most
    assert "jobserver" not in (bulk.log / POLYFORGE / "build.log").read_text()


def test_a_sandbox_ends_with_its_tokens(kit: Path, tmp_path: Path) -> None:
    """The process that holds the tokens is killed: so is the sandbox. That is no failure."""
    (tmp_path / "mk.conf").write_text(f"{(kit.parent / 'mk.conf').read_text()}\n{GNU}\n")
    bulk = Bulk(tmp_path, kit, settings={"MAKECONF": str(tmp_path / "mk.conf")})
    bulk.generate("math/polyforge")
    run = bulk.start("-j3", "POLYFORGE_UNITS=300")
    bulk.wait_for("building   polyforge", 60)
    found = next(bulk.root.glob(f"packages/.staging/{POLYFORGE}@*/server"))
    os.kill(int(found.read_text()), signal.SIGKILL)
    assert run.wait(60) == 2
    assert bulk.result(POLYFORGE)["STATUS"] == "killed"
    assert not bulk.gone()
