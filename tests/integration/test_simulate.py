"""`pkgmkgen simulate` and --history as a person meets them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP

INDEX = TOP / "tests" / "golden" / "small" / "index.txt"
HISTORY = "pkgname,outcome,duration\nzlib-1.2,success,5000\ngtk2+-2.24,success,7200000\n"


@pytest.fixture
def run(tmp_path):
    """Run pkgmkgen on the small index, without records of builds on this machine."""

    def run_(*words: str | Path) -> subprocess.CompletedProcess[str]:
        stage, *rest = words
        argv = [sys.executable, "-m", "pkgmkgen", stage, "--index", INDEX, *rest]
        argv += ["--set", f"BULKLOG={tmp_path}/log"]
        return subprocess.run(argv, capture_output=True, text=True, check=False)

    return run_


@pytest.fixture
def history(tmp_path) -> Path:
    """Give a history of two packages in older versions."""
    path = tmp_path / "history.csv"
    path.write_text(HISTORY)
    return path


def test_the_plan_shows_seconds_and_their_source(run, history: Path) -> None:
    """History by pkgbase, the rest from the table or guessed; the longest wait first."""
    rows = [line.split() for line in run("plan", "--history", history).stdout.splitlines()]
    found = {row[0]: (float(row[2]), row[3]) for row in rows}
    assert found["zlib-1.3"] == (5.0, "history")
    assert found["gtk2+-2.24nb3"] == (7200.0, "history")
    assert {source for _, source in found.values()} <= {"history", "table", "guess"}
    left = [float(row[4]) for row in rows]
    assert left == sorted(left, reverse=True)


def test_records_of_this_machine_are_believed_first(run, history: Path, tmp_path) -> None:
    """What was built here took as long as it took here."""
    folder = tmp_path / "log" / "zlib-1.3"
    folder.mkdir(parents=True)
    record = "STATUS=built\nPKGNAME=zlib-1.3\nPKGPATH=devel/zlib\nSECONDS=77\n"
    (folder / "result").write_text(record)
    assert re.search(
        r"^zlib-1.3 \S+ 77.0 result ", run("plan", "--history", history).stdout, re.MULTILINE
    )


def test_text_json_svg_and_html(run, history: Path) -> None:
    """Four ways to say the same."""
    text = run("simulate", "-j", "1,2", "--history", history).stdout
    assert re.search(r"^ +2 .* 1\.\d{3}", text, re.MULTILINE)
    data = json.loads(run("simulate", "-j", "1,2", "--history", history, "--format", "json").stdout)
    assert [row["slots"] for row in data["rows"]] == [1, 2]
    assert data["path"][0]["pkgname"] == "zlib-1.3"
    assert run("simulate", "-j", "2", "--format", "svg").stdout.startswith("<svg ")
    page = run("simulate", "-j", "1,2", "--format", "html", "--history", history).stdout
    assert page.count("<svg ") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("simulate", "-j", "0"), "from 1 to"),
        (("simulate", "-j", "4,x"), "invalid"),
        (("simulate", "-j", "9999999"), "from 1 to"),
        (("simulate", "-j", "4,6", "--format", "svg"), "one number"),
        (("plan", "-j", "4,6"), "simulate"),
        (("plan", "--format", "json"), "unrecognized arguments: --format"),
    ],
)
def test_a_wrong_command_line_is_told(run, words: tuple[str, ...], said: str) -> None:
    """Exit 2, no traceback."""
    done = run(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("content", "status"), [(b"<html>", 65), (b"\x1f\x8bnonsense", 65), (None, 74)]
)
def test_a_history_that_is_none_is_told(run, tmp_path, content: bytes | None, status: int) -> None:
    """One error in two lines."""
    path = tmp_path / "history"
    if content is not None:
        path.write_bytes(content)
    done = run("plan", "--history", path)
    assert done.returncode == status
    assert done.stdout == ""
    assert f"pkgmkgen: {path}" in done.stderr
    assert "  fix: " in done.stderr


def test_the_same_history_gives_the_same_bytes(run, history: Path) -> None:
    """Law 7; and another history another order."""
    one = run("make", "--history", history).stdout
    assert one == run("make", "--history", history).stdout
    assert one != run("make").stdout
