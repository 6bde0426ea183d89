"""Pause a run, hold a package, cancel a build: by a person, while make goes on."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bulk import TOP, TREE, Bulk

pytestmark = pytest.mark.root

PATHS = {"lonely-1.0": "misc/lonely", "echod-1.0": "net/echod", "colrule-1.0": "textproc/colrule"}
END = '.include "../../mk/bsd.pkg.mk"'


def _tell(bulk: Bulk, *words: str) -> str:
    argv = [sys.executable, "-m", "pkgmkgen", *words, "--log", str(bulk.log)]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _started(bulk: Bulk) -> list[str]:
    text = (bulk.root / "out").read_text()
    return [name for name in PATHS if f"building   {name} " in text]


@pytest.fixture
def slow(new_bulk, tmp_path: Path) -> Bulk:
    """Give a build of packages that wait, when they build, for a file `go`."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    go = tmp_path / "bulk0" / "packages" / "go"
    wait = f"post-build:\n\twhile [ ! -e {go} ]; do sleep 0.2; done\n\n{END}"
    for path in PATHS.values():
        makefile = tmp_path / "tree" / path / "Makefile"
        makefile.write_text(makefile.read_text().replace(END, wait))
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(*PATHS.values())
    return bulk


def _until_two_build(bulk: Bulk) -> list[str]:
    end = time.monotonic() + 60
    while len(found := _started(bulk)) < 2:
        assert time.monotonic() < end
        time.sleep(0.1)
    return found


def test_a_paused_run_finishes_what_builds_and_starts_nothing(slow: Bulk) -> None:
    """And goes on when it is told to."""
    process = slow.start("-j2")
    first = _until_two_build(slow)
    assert "starts no build any more" in _tell(slow, "pause")
    (slow.root / "packages" / "go").touch()
    for name in first:
        slow.wait_for(f"built      {name} ")
    time.sleep(3)
    assert _started(slow) == first
    assert json.loads(_tell(slow, "status", "--json"))["state"] == "paused"
    assert "goes on" in _tell(slow, "pause", "--off")
    assert process.wait() == 0
    assert slow.packages() >= PATHS.keys()


def test_a_build_is_cancelled_and_a_run_is_ended(slow: Bulk) -> None:
    """Nothing is recorded against what was cancelled, held or not started."""
    process = slow.start("-j2")
    first, second = _until_two_build(slow)
    (third,) = PATHS.keys() - {first, second}
    assert "ends when what builds now is built" in _tell(slow, "pause", "--end")
    assert f"{first} is ended" in _tell(slow, "cancel", first)
    (slow.root / "packages" / "go").touch()
    assert process.wait() != 0
    said = (slow.root / "out").read_text()
    assert f"stopped    {first}\n" in said
    assert "the run was ended by pkgmkgen pause --end" in said
    assert slow.packages() & PATHS.keys() == {second}
    assert not slow.result(first)
    assert _tell(slow, "hold", PATHS[third]) == f"{third} is not built until hold --off\n"
    done = slow.make("-j2")
    assert f"held       {third} (pkgmkgen hold --off {third}" in done.stdout
    assert done.returncode != 0
    assert slow.packages() & PATHS.keys() == {first, second}
    assert _tell(slow, "hold") == f"{third}\n"
    _tell(slow, "hold", "--off", third)
    assert slow.make("-j2").returncode == 0
    assert slow.packages() >= PATHS.keys()
