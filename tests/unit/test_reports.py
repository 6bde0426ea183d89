"""The formats of a report, and the status."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from bulk import TOP
from folders import make_run, record

from pkgmkgen.cli.live_page import write_page
from pkgmkgen.model import PkgName
from pkgmkgen.plan.render import page
from pkgmkgen.report import FORMATS
from pkgmkgen.report.facts import Earlier, Report
from pkgmkgen.runs.compare import changes
from pkgmkgen.runs.folder import folders, read_run
from pkgmkgen.runs.history import History
from pkgmkgen.runs.live import live
from pkgmkgen.runs.outcomes import OutcomeKind, outcomes
from pkgmkgen.runs.status import MachineState, Snapshot, status, status_json, status_text
from pkgmkgen.timetext import local_time, span

PLAN = """
lib-1:
app-1: lib-1
gui-1: app-1
one-1:
old-1! pre-failed: known to fail
ugly-1! indirect-pre-skipped: needs x
"""
EVENTS = (
    "start lib-1\nbuilt lib-1\nstart app-1\nstart one-1\nfailed app-1 build\nfailed one-1 install"
)
NASTY = "error: </script><script>alert(1)</script> & \"'"


@pytest.fixture
def report(tmp_path) -> Report:
    """Give the report of a second run, of which the first one built everything."""
    whole = "lib-1:\napp-1: lib-1\ngui-1: app-1\none-1:"
    all_ = "".join(f"start {name}\nbuilt {name}\n" for name in ("lib-1", "app-1", "gui-1", "one-1"))
    make_run(tmp_path, 1, whole, all_)
    records = record(
        "lib-1", COMPILER="ccache gcc", **{"SECONDS.build": "4", "CPU_SECONDS.build": "8"}
    )
    records += record("app-1", "failed", REASON=NASTY) + record("one-1", "failed")
    make_run(tmp_path, 2, PLAN, EVENTS, records)
    with History(tmp_path) as history:
        history.update()
        before = history.of_run("20260101T000000Z@1.1")
    run = read_run(folders(tmp_path)[1])
    tails = dict.fromkeys(run.results, NASTY)
    return Report(run, outcomes(run), (Earlier("20260101T000000Z@1.1", 1.0, before),), tails)


def _data(text: str) -> dict[str, Any]:
    assert re.fullmatch(r"window\.[A-Z]+=.*;\n", text)
    return json.loads(text.partition("=")[2][:-2])


def test_text_is_as_pbulk_mails_it(report) -> None:
    """Totals, what breaks most, the failures by directory; then what is new."""
    text = FORMATS["text"](report)["report.txt"]
    assert "Total number of packages:           6" in text
    numbers = re.findall(r"^  \S.*:\s+(\d+)$", text, re.MULTILINE)
    assert sum(map(int, numbers)) == 6
    assert re.search(r"^x/app {32}      1 who@example.org$", text, re.MULTILINE)
    assert re.search(r"^x/one {39} who@example.org$", text, re.MULTILINE)
    assert "Newly broken: 3" in text
    assert "Newly fixed: 0" in text
    published = FORMATS["text"](replace(report, url="https://example.org/r"))["report.txt"]
    assert "Full report: https://example.org/r/index.html" in published


def test_pbulks_report_reads_as_pbulks_own(report) -> None:
    """Records with its words; PKG_DEPTH counts the package and all that need it."""
    files = FORMATS["pbulk"](report)
    found: dict[str, dict[str, str]] = {}
    for line in files["report.bz2"].splitlines():
        key, _, value = line.partition("=")
        if key == "PKGNAME":
            found[value] = {}
        else:
            list(found.values())[-1][key] = value
    words = {name: one["BUILD_STATUS"] for name, one in found.items()}
    assert words == {
        "lib-1": "done",
        "app-1": "failed",
        "gui-1": "indirect-failed",
        "one-1": "failed",
        "old-1": "prefailed",
        "ugly-1": "indirect-prefailed",
    }
    assert {name: one["PKG_DEPTH"] for name, one in found.items()}["lib-1"] == "3"
    assert found["gui-1"]["DEPENDS"] == "app-1"
    assert "BUILD_END_ISO=2023-11-17 05:46\n" in files["status"]
    assert "COMPILER=ccache gcc\n" in files["status"]


def test_json_says_it_all_for_programs(report) -> None:
    """One object a package, the counts add up."""
    found = json.loads(FORMATS["json"](report)["report.json"])
    assert sum(found["counts"].values()) == found["total"] == len(found["packages"]) == 6
    by_name = {one["pkgname"]: one for one in found["packages"]}
    assert by_name["gui-1"]["broken_by"] == "app-1"
    assert by_name["lib-1"]["phases"] == {"build": [4, 8]}
    assert by_name["app-1"]["reason"] == NASTY


def test_the_pages_data_cannot_leave_their_script(report) -> None:
    """Hostile text of a log is data: no `<` stands in a script, and it comes back as it was."""
    files = FORMATS["html"](report)
    for text in files.values():
        assert "<" not in text
    data, tails = _data(files["data.js"]), _data(files["tails.js"])
    assert NASTY in data["reasons"]
    assert set(tails.values()) == {NASTY}
    assert data["words"] == [word.value for word in OutcomeKind]
    assert len(data["state"]) == len(data["name"]) == 6
    assert len(data["words"]) <= 10, "a state is one digit"
    assert data["earlier"][0]["state"].count("-") == 2


def test_an_empty_run_has_a_report(report) -> None:
    """A run that was halted at once, or of an empty bulk.mk."""
    run = replace(report.run, plan=(), events=(), results={}, states={}, estimates={})
    empty = Report(run, outcomes(run))
    made = {name: render(empty) for name, render in FORMATS.items()}
    found = json.loads(made["json"]["report.json"])
    assert (found["total"], found["packages"], set(found["counts"].values())) == (0, [], {0})
    assert "Total number of packages:           0\n" in made["text"]["report.txt"]
    assert "Build failures\n" in made["text"]["report.txt"]
    assert made["pbulk"]["report.bz2"] == ""
    assert "PLATFORM=S 1 m\n" in made["pbulk"]["status"]
    data = _data(made["html"]["data.js"])
    assert (data["name"], data["state"], data["critical"], data["earlier"]) == ([], "", [], [])
    assert _data(made["html"]["tails.js"]) == {}


def test_the_page_shows_the_changes_that_diff_finds(report) -> None:
    """All kinds of them, by the same judgement."""
    data = _data(FORMATS["html"](report)["data.js"])
    difference = changes(report.earlier[0].packages, report.outcomes)
    shown = data["earlier"][0]["changes"]
    for field in fields(difference):
        names = [change.pkgname for change in getattr(difference, field.name)]
        told = shown[field.name]
        assert [data["name"][at] if isinstance(at, int) else at for at in told] == names
    assert {"broken", "fixed", "otherwise", "added", "removed", "times"} == set(shown)
    assert shown["broken"]
    script = (TOP / "templates" / "report" / "report.js").read_text()
    for kind in shown:
        assert f"found.{kind}" in script


def test_the_page_asks_no_server_and_no_stranger() -> None:
    """Everything it loads lies beside it; its libraries come with their licences."""
    folder = TOP / "templates" / "report"
    html = (folder / "index.html").read_text()
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', html)
    made = {"data.js", "report.txt", "report.json", "report.bz2", "data:,"}
    for name in set(loaded) - made:
        assert (folder / name).is_file(), name
    ours = html + (folder / "report.js").read_text() + (folder / "report.css").read_text()
    assert not re.search(r"https?://|innerHTML|insertAdjacentHTML|document\.write|\beval\(", ours)
    for name in ("echarts", "tabulator"):
        assert (folder / "vendor" / f"{name}.LICENSE").stat().st_size > 500
    for path in (folder / "vendor").iterdir():
        assert "sourceMappingURL=" not in path.read_text()[-300:], path


@pytest.fixture
def seen(tmp_path) -> Snapshot:
    """Give a run half-way: one at work, two to come."""
    plan = "a-1:\nb-1: a-1\nc-1: b-1\nd-1:"
    make_run(tmp_path, 1, plan, "start a-1\nbuilt a-1\nstart b-1", end=False)
    run = read_run(folders(tmp_path)[0])
    now = run.start + 12
    found = outcomes(run, {"a-1": 1.0})
    machine = MachineState((1.5, 1.0, 0.5), (("/packages", 2048),))
    return Snapshot(run, found, {"b-1": "build"}, {"b": 30.0, "c": 40.0}, now, machine)


def test_status_says_what_builds_and_when_it_ends(seen) -> None:
    """B takes 20 s more and then c 40 s, while d takes the median on the other slot."""
    found = status(seen)
    assert found.state == "running"
    assert sum(found.counts.values()) == found.total == 4
    assert found.expected_end == seen.now + 20 + 40
    text = status_text(found, 70)
    assert re.search(r"^b-1 +build +10 s +30 s$", text, re.MULTILINE)
    assert "2.0 GB on /packages" in text
    assert max(map(len, text.splitlines())) <= 70
    assert json.loads(json.dumps(status_json(found)))["done"] == 1


def test_status_without_history_takes_what_bulk_mk_expected(seen) -> None:
    """In a first run the plan's own estimates tell the end."""
    run = replace(seen.run, estimates={"b-1": 20.0, "c-1": 5.0, "d-1": 100.0})
    found = status(replace(seen, run=run, durations={}))
    assert found.expected_end == seen.now + 100
    assert status(replace(seen, durations={})).expected_end == 0


def test_status_of_a_dead_run_builds_nothing(seen) -> None:
    """When make is gone without an end, what was at work is not done."""
    found = status(replace(seen, alive=False))
    assert (found.state, found.counts["building"], found.counts["not done"]) == ("gone", 0, 3)
    assert found.expected_end == 0


def test_status_of_a_halted_run_says_why(seen) -> None:
    """The halt is what a person must see."""
    halted = replace(seen.run, halt="disk nearly full\nfix: free some space")
    found = status(replace(seen, run=halted))
    assert "disk nearly full" in status_text(found)
    assert found.state == "halted"


def test_the_status_page_refreshes_itself_and_escapes(seen) -> None:
    """Until the run is over; a reason is text there, too."""
    found = replace(status(seen), failures=((PkgName("a-1"), NASTY),))
    values = {
        "status": found,
        "live": live(seen),
        "what_now": [],
        "curves": {"seconds": 1, "done": "0,0", "planned": ""},
        "every": 9,
        "href": "{}/{}".format,
        "span": span,
        "local_time": local_time,
    }
    html = page("status.html.j2", TOP / "templates", values)
    assert 'http-equiv="refresh" content="9"' in html
    assert "<script>" not in html
    over = {**values, "status": replace(found, state="ended", end=found.now)}
    assert "refresh" not in page("status.html.j2", TOP / "templates", over)


def test_the_status_page_goes_through_a_link_and_into_a_pipe(seen, tmp_path) -> None:
    """Neither is replaced by a file, nor is a device."""
    (tmp_path / "link.html").symlink_to("real.html")
    write_page(tmp_path / "link.html", seen, tmp_path, 1.0)
    assert (tmp_path / "link.html").is_symlink()
    assert "<html" in (tmp_path / "real.html").read_text()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: (tmp_path / "read").write_bytes(pipe.read_bytes()))
    reader.start()
    write_page(pipe, seen, tmp_path, 1.0)
    reader.join(10)
    assert pipe.is_fifo()
    assert (tmp_path / "read").read_bytes() == (tmp_path / "real.html").read_bytes()


def test_the_plan_is_taken_from_bulk_mk() -> None:
    """All that a report needs to know of the packages, as the golden bulk.mk has it."""
    lib, golden = TOP / "sandbox-scripts" / "bulkmk", TOP / "tests" / "golden" / "small"
    argv: list[str | Path] = [
        "awk",
        "-f",
        lib / "rules.awk",
        "-f",
        lib / "plan.awk",
        golden / "bulk.mk",
    ]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    assert "build png-1.6.43 graphics/png zlib-1.3" in lines
    assert "estimate zlib-1.3 36" in lines
    assert "estimate gtk2+-2.24nb3 778" in lines
    text = (golden / "bulk.mk").read_text()
    for word, mark in (
        ("build", "\t@$(BUILD) "),
        ("skip", "#skip "),
        ("maintainer", "#maintainer "),
    ):
        assert sum(line.startswith(f"{word} ") for line in lines) == text.count(f"\n{mark}")


def test_awk_agrees_on_what_may_be_published(tmp_path) -> None:
    """Neither what is restricted nor what needs it or something that is missing."""
    plan = (
        "build a-1 x/a \nbuild b-1 x/b a-1\nbuild c-1 x/c b-1\nbuild d-1 x/d \nbuild e-1 x/e d-1\n"
    )
    (tmp_path / "plan").write_text(f"{plan}build f-1 x/f a-1\nrestricted b-1 no resale\n")
    (tmp_path / "present").write_text("a-1.tgz\nb-1.tgz\nc-1.tgz\ne-1.tgz\nf-1.tgz\ng-1.tgz\nx\n")
    script = TOP / "sandbox-scripts" / "repository" / "publish.awk"
    argv: list[str | Path] = [
        "awk",
        "-v",
        "suffix=.tgz",
        "-f",
        script,
        "present=1",
        "present",
        "present=",
        "plan",
    ]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert sorted(done.stdout.splitlines()) == [
        "missing d-1",
        "needs c-1 b-1",
        "needs e-1 d-1",
        "old g-1",
        "publish a-1",
        "publish f-1",
        "restricted b-1",
    ]
