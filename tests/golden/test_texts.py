"""What people read: --help of every command, the end of a run, status and reports."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bulk import TOP
from folders import make_run, record

from pkgmkgen.__main__ import main
from pkgmkgen.cli import VERBS
from pkgmkgen.model import PkgName
from pkgmkgen.report import FORMATS
from pkgmkgen.report.facts import Earlier, Report
from pkgmkgen.runs.folder import folders, read_run
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import outcomes
from pkgmkgen.runs.status import MachineState, Snapshot, status, status_text

GOLDEN = Path(__file__).parent
PLAN = """
lib-1:
tool-2:
app-1: lib-1
gui-1: app-1
one-1:
old-1! pre-failed: known to fail
ugly-1! unresolved: gone>=2
"""


@pytest.fixture
def check(request):
    """Compare a text with a golden file."""

    def compare(name: str, got: str) -> None:
        want = GOLDEN / name
        if request.config.getoption("--update-golden"):
            want.write_text(got)
        assert got == want.read_text()

    return compare


@pytest.mark.parametrize("verb", ["", *sorted(VERBS)])
def test_help(verb: str, check, capsys, monkeypatch) -> None:
    """At 80 columns."""
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "/home/you")
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit) as end:
        main([*filter(None, [verb]), "--help"])
    assert end.value.code == 0
    check(f"help/{verb or 'pkgmkgen'}.txt", capsys.readouterr().out)


def _report(log: Path) -> Report:
    """Make the second of two runs: one package breaks, one is repaired, one fails in a new way."""
    first = "start lib-1\nbuilt lib-1\nstart app-1\nbuilt app-1\nstart one-1\nfailed one-1 build\n"
    make_run(log, 1, PLAN, first, record("one-1", "failed", PHASE="build"))
    second = "start lib-1\nbuilt lib-1\nstart one-1\nbuilt one-1\nstart app-1\nfailed app-1 build\n"
    facts: dict[str, Any] = {
        "SECONDS": 12,
        "SECONDS.build": 9,
        "CPU_SECONDS.build": 17,
        "MEMORY_KB": 4096,
    }
    records = record("lib-1", **facts) + record("one-1", **facts)
    records += record("app-1", "failed", PHASE="build", REASON="app.c:3: error: x", **facts)
    make_run(log, 2, PLAN, second, records)
    with History(log) as history:
        history.update()
        before = history.of_run("20260101T000000Z@1.1")
    run = read_run(folders(log)[1])
    earlier = (Earlier("20260101T000000Z@1.1", 1.0, before),)
    return Report(run, outcomes(run), earlier, {}, {}, "https://example.org/bulk")


@pytest.mark.parametrize(("kind", "name"), [("text", "report.txt"), ("json", "report.json")])
def test_report(kind: str, name: str, check, tmp_path) -> None:
    """The report of the second run."""
    check(f"reports/{name}", FORMATS[kind](_report(tmp_path))[name])


@pytest.mark.parametrize("state", ["running", "halted", "gone", "interrupted"])
def test_status(state: str, check, tmp_path) -> None:
    """A run half-way: one package failed, one at work, one to come."""
    plan = "a-1:\nb-1: a-1\nc-1: b-1\nd-1:\ne-1: d-1"
    events = "start a-1\nbuilt a-1\nstart d-1\nfailed d-1 configure\nstart b-1"
    make_run(tmp_path, 1, plan, events, end=False)
    run = read_run(folders(tmp_path)[0])
    if state == "halted":
        run = replace(run, halt="disk nearly full: 12 MB on / left\nfix: free some space")
    run = replace(run, facts={**run.facts, "AGAIN": "make -f /bulk.mk -j 2"})
    if state == "interrupted":
        facts = {**run.facts, "END": str(int(run.start) + 9), "MAKE_STATUS": "130"}
        states = {"a": "built", "b": "not done", "c": "not done", "d": "failed in configure"}
        states["e"] = "broken by d-1"
        names = {PkgName(f"{name}-1"): text for name, text in states.items()}
        run = replace(run, facts=facts, states=names)
    machine = MachineState((1.5, 1.0, 0.5), (("/packages", 2048),))
    judged, now = outcomes(run, {"a-1": 1.0}), run.start + 12
    phases, usual = {"b-1": "build"}, {"b": 30.0, "c": 40.0}
    snapshot = Snapshot(run, judged, phases, usual, now, machine, state != "gone")  # type: ignore[arg-type]
    check(f"reports/status-{state}.txt", status_text(status(snapshot), 80))


@pytest.mark.parametrize("halt", ["", "disk nearly full\n  fix: free some space"])
def test_summary(halt: str, check, tmp_path) -> None:
    """The end of a run as the terminal shows it."""
    run, packages = tmp_path / "run", tmp_path / "packages" / "All"
    run.mkdir()
    packages.mkdir(parents=True)
    (packages / "zlib-1.3.tgz").touch()
    shutil.copy(GOLDEN / "small" / "bulk.mk", tmp_path)
    (run / "events").write_text("built zlib-1.3 - 1\nfailed png-1.6.43 build 2\n")
    (run / "results").write_text(record("png-1.6.43", "failed"))
    if halt:
        (run / "halt").write_text(halt)
    settings = {
        "SCRIPTS": TOP / "sandbox-scripts",
        "PACKAGES": packages.parent,
        "PKG_SUFX": ".tgz",
        "LOG": "/var/log/bulk",
        "RUNDIR": run,
        "MAKEFILE": tmp_path / "bulk.mk",
    }
    env = {**os.environ, **{f"BULK_{name}": str(value) for name, value in settings.items()}}
    script = TOP / "sandbox-scripts" / "host" / "summary.sh"
    argv: list[str | Path] = ["sh", script, "build"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (75 if halt else 1, "")
    got = done.stdout.replace(str(tmp_path), "/tmp") + (run / "states").read_text()
    check(f"reports/summary{'-halted' if halt else ''}.txt", got)
