"""What became of every package of a run, from the folder that the scripts leave."""

from __future__ import annotations

import gzip
import os
from dataclasses import replace

import pytest
from folders import make_run, record
from hypothesis import given, settings
from hypothesis import strategies as st

from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.plan.past_builds import from_results
from pkgmkgen.report.facts import Earlier, Report
from pkgmkgen.runs.compare import changes, changes_text
from pkgmkgen.runs.folder import choose, folders, read_journal, read_run
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import Judgement, OutcomeKind, count, outcomes, read_judgement
from pkgmkgen.runs.result import last_results, parse_result, parse_results

PLAN = """
a-1:
b-1: a-1
c-1: b-1
d-1: a-1
e-1:
s-1! pre-skipped: not for this system
u-1! indirect-unresolved: needs t
"""
EVENTS = """
start a-1
built a-1
start b-1
start d-1
failed b-1 build
built d-1
"""


@pytest.fixture
def log(tmp_path):
    """Give a BULKLOG with one run."""
    results = record("a-1", SECONDS=3) + record("b-1", "failed", REASON="missing header: z.h")
    make_run(tmp_path, 1, PLAN, EVENTS, results + record("d-1"))
    return tmp_path


def test_every_package_has_one_outcome_and_the_numbers_add_up(log) -> None:
    """Whatever happened, the counts together are the packages of bulk.mk."""
    found = outcomes(read_run(folders(log)[0]))
    assert {one.pkgname: one.summary for one in found} == {
        "a-1": "built",
        "b-1": "failed in build: missing header: z.h",
        "c-1": "broken by b-1",
        "d-1": "built",
        "e-1": "up to date",
        "s-1": "skipped: not for this system",
        "u-1": "unresolved: needs t",
    }
    assert sum(count(found).values()) == len(found)


def test_what_failed_before_keeps_its_reason(log) -> None:
    """A run that does not try it again has no record of it, but says why."""
    folder = make_run(log, 2, "a-1:", "failed a-1 build")
    events = folder / "events"
    events.write_text(events.read_text().replace("\n", " missing header: a b.h\n"))
    assert outcomes(read_run(folder))[0].summary == "failed in build: missing header: a b.h"


def test_a_run_without_end_judges_files_as_make_does(log) -> None:
    """Up to date: there, and no older than what it is made from, which is up to date itself."""
    make_run(log, 2, PLAN, "start e-1", end=False)
    run = read_journal(folders(log)[1])
    became = {one.pkgname: one.kind for one in outcomes(run, {"a-1": 5.0, "b-1": 6.0, "d-1": 4.0})}
    assert became["a-1"] is became["b-1"] is OutcomeKind.UP_TO_DATE
    assert became["c-1"] is became["d-1"] is OutcomeKind.LEFT
    assert became["e-1"] is OutcomeKind.BUILDING


@pytest.mark.parametrize(
    ("status", "became"),
    [("failed", "failed"), ("timed-out", "timed out"), ("killed", "killed"), ("odd", "failed")],
)
def test_a_failure_says_of_which_kind(log, status: str, became: str) -> None:
    """The record's word tells a time-out and a kill from a failure."""
    make_run(log, 2, "a-1:", "start a-1\nfailed a-1 build", record("a-1", status))
    assert outcomes(read_run(folders(log)[1]))[0].kind.value == became


@given(st.binary(max_size=400))
@settings(max_examples=200)
def test_any_bytes_are_read_as_records_without_a_traceback(data: bytes) -> None:
    """A record file may be cut off, or written by nobody we know."""
    text = data.decode("utf-8", "replace")
    for found in parse_results([*text.split("\n"), ""]):
        assert found.reason.isprintable()


@given(st.integers(0, 200))
def test_a_record_that_is_cut_off_is_none(cut: int) -> None:
    """Its end is an empty line; what a dead machine left of it is passed over."""
    whole = record("a-1", SECONDS=3, REASON="x", START="2026-11-24T22:13:56Z")
    assert list(parse_results(whole[: min(cut, len(whole) - 1)].split("\n")[:-1])) == []
    result = parse_result(whole)
    assert result
    assert result.start == 1795558436


def test_hostile_records_are_taken_for_what_they_are() -> None:
    """Names that are none make no record; text is one plain line; numbers are numbers."""
    assert parse_result(record("../../etc-1")) is None
    assert parse_result("STATUS=built\nPKGNAME=a-1\nPKGPATH=../x\n") is None
    found = parse_result(record("a-1", "failed", REASON="a\x1b[2Jb", SECONDS="1e999", PHASE="$(x)"))
    assert found
    assert (found.reason, found.seconds, found.phase) == ("a?[2Jb", 0.0, "")


def test_results_are_read_from_plain_files_only(log) -> None:
    """The last record of each package by name; a link, a pipe or a directory is none."""
    for name in ("b-1", "a-1", "pipe-1", "link-1", "no"):
        (log / name).mkdir()
        (log / name / "result").write_text(record("a-1"))
    (log / "b-1" / "result").write_text(record("b-1", SECONDS=7))
    for name in ("pipe-1", "link-1"):
        (log / name / "result").unlink()
    os.mkfifo(log / "pipe-1" / "result")
    (log / "link-1" / "result").symlink_to(log / "a-1" / "result")
    assert [(one.pkgname, one.seconds) for one in last_results(log)] == [("a-1", 0), ("b-1", 7)]


def test_a_torn_plan_is_no_traceback(log) -> None:
    """A gzip that was cut off, and an event of a package that nobody planned."""
    folder = make_run(log, 2, PLAN, "built z-9\nbuilt ../x\nrubbish -")
    (folder / "plan.gz").write_bytes(gzip.compress(b"build a-1 x/a")[:-9])
    (folder / "results").write_text(record("a-1"))
    assert [one.pkgname for one in outcomes(read_run(folder))] == ["a-1"]


def test_runs_are_named_by_last_back_and_start(log) -> None:
    """And a name that means none or several is an error that says how to list them."""
    make_run(log, 2, PLAN, EVENTS)
    found = folders(log)
    assert choose(found, "last", log) == found[1]
    assert choose(found, "-1", log) == found[0]
    assert choose(found, "20260101", log) == found[0]
    for name in ("2026", "-2", "../.."):
        with pytest.raises(UsageError, match=r"history"):
            choose(found, name, log)


def test_history_keeps_what_the_folders_say(log) -> None:
    """Made anew or brought up to date, the same; and a run that grew is read again."""
    make_run(log, 2, "a-2:\nb-1: a-2", "start a-2\nbuilt a-2\nstart b-1\nbuilt b-1", end=False)
    with History(log) as history:
        history.update()
        first = history.of_run("20260101T000000Z@1.1")
        known = sorted(outcomes(read_run(folders(log)[0])), key=lambda one: one.pkgname)
        assert first == tuple(
            replace(one, needs=(), start=0.0, end=0.0, result=None) for one in known
        )
        assert [run.finish > 0 for run in history.runs()] == [True, False]
    with (folders(log)[1] / "run").open("a") as file:
        file.write("END=1700200009\n")
    with History(log) as history:
        history.update()
        assert [run.finish for run in history.runs()] == [1700100006.0, 1700200009.0]
        assert [one.pkgname for _, _, one in history.of_package("a")] == ["a-1", "a-2"]
        assert history.of_package("a%") == ()
        assert history.durations() == {"a": 1.0, "b": 1.0, "d": 2.0}


def test_history_forgets_on_request(log) -> None:
    """Rows and folders of the oldest runs go, the others stay."""
    make_run(log, 2, PLAN, EVENTS)
    with History(log) as history:
        history.update()
        assert history.prune(1) == ("20260101T000000Z@1.1",)
        assert [run.name for run in history.runs()] == ["20260102T000000Z@1.1"]
    assert [path.name for path in folders(log)] == ["20260102T000000Z@1.1"]


def test_a_damaged_history_says_so(log) -> None:
    """It can be made again, and the message says how."""
    (log / ".runs" / "history.db").write_bytes(b"no database" * 99)
    with pytest.raises(FileError, match="remove the file"):
        History(log).__enter__()


def test_changes_follow_a_package_through_its_versions(log) -> None:
    """A new version is the same package; broken and fixed are told apart from added and gone."""
    new = "a-2:\nb-1: a-2\nc-1: b-1\nd-1: a-2\nn-1:"
    events = "start a-2\nfailed a-2 build\nstart n-1\nbuilt n-1"
    make_run(log, 2, new, events, record("a-2", "failed", REASON="disk full: x"))
    before, after = (outcomes(read_run(path)) for path in folders(log))
    found = changes(before, after)
    assert [one.pkgname for one in found.broken] == ["a-2", "d-1"]
    assert [one.pkgname for one in found.otherwise] == ["b-1", "c-1"]
    assert [one.pkgname for one in found.added] == ["n-1"]
    assert [one.pkgname for one in found.removed] == ["e-1", "s-1", "u-1"]
    assert "a-2 (was a-1): failed in build: disk full: x" in changes_text(found)
    back = changes(after, before)
    assert {one.pkgname for one in back.fixed} == {"a-1", "d-1"}
    assert changes_text(changes(after, after)) == "no difference\n"


def test_a_failure_that_only_moved_a_line_is_the_same(log) -> None:
    """Line numbers and versions change from day to day; another kind of reason is news."""
    one = outcomes(read_run(folders(log)[0]))[1]
    moved = replace(one, reason="missing header: other.h")
    other = replace(one, reason="disk full: x")
    assert changes([one], [moved]).otherwise == ()
    assert len(changes([one], [other]).otherwise) == 1


def test_report_facts(log) -> None:
    """What breaks what, job slots, the critical path, waiting."""
    folder = folders(log)[0]
    run = read_run(folder)
    report = Report(run, outcomes(run), (Earlier("x", 1.0, ()),))
    assert report.breaks == {"b-1": 1}
    assert report.dependents["a-1"] == 3
    assert report.slots == {"a-1": 0, "b-1": 0, "d-1": 1}
    assert report.critical == ("a-1", "d-1")
    assert report.waits == {"a-1": 0, "b-1": 1, "d-1": 2}


def test_the_schedule_knows_all_runs(log) -> None:
    """Also the time of a package whose last build failed; a record of no run counts, too."""
    make_run(log, 2, "d-1:", "start d-1\nfailed d-1 build", record("d-1", "failed"))
    (log / "z-1").mkdir()
    (log / "z-1" / "result").write_text(record("z-1", SECONDS=9, RUN="direct@1.1"))
    assert {(one.pkgname, one.seconds) for one in from_results(log)} == {
        ("a-1", 3),
        ("d-1", 2),
        ("z-1", 9),
    }
    (log / ".runs" / "history.db").write_bytes(b"no database" * 99)
    assert [one.pkgname for one in from_results(log)] == ["z-1"]


def test_a_ring_in_a_plan_ends(tmp_path) -> None:
    """A bulk.mk that somebody has edited may hold one; no question runs for ever."""
    make_run(tmp_path, 1, "a-1: b-1\nb-1: a-1", "start a-1\nstart b-1\nbuilt a-1\nfailed b-1 build")
    run = read_run(folders(tmp_path)[0])
    report = Report(run, outcomes(run))
    assert len(report.critical) == 2
    assert report.breaks == {"b-1": 0}
    assert len(report.dependents) == 2


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("built", Judgement(OutcomeKind.BUILT)),
        ("up to date", Judgement(OutcomeKind.UP_TO_DATE)),
        ("failed in build", Judgement(OutcomeKind.FAILED, "build")),
        ("timed-out in configure", Judgement(OutcomeKind.TIMED_OUT, "configure")),
        ("killed in install", Judgement(OutcomeKind.KILLED, "install")),
        ("strange in build", Judgement(OutcomeKind.FAILED, "build")),
        ("broken by b-1", Judgement(OutcomeKind.BROKEN, "b-1")),
        ("not done", Judgement(OutcomeKind.LEFT)),
        ("halted", Judgement(OutcomeKind.LEFT)),
        ("", Judgement(OutcomeKind.LEFT)),
    ],
)
def test_a_verdict_of_the_scripts_is_read(text: str, verdict: Judgement) -> None:
    """Each word that summary.awk has."""
    assert read_judgement(text) == verdict


def test_the_verdict_of_a_run_that_ended_is_that_of_its_scripts(log) -> None:
    """Whatever the journal lets suppose; what the scripts left out is not done."""
    states = folders(log)[0] / "states"
    said = states.read_text()
    assert "b-1 failed in build\n" in said
    assert "c-1 broken by b-1\n" in said
    states.write_text(said.replace("e-1 up to date\n", "").replace("by b-1", "by d-1"))
    found = {one.pkgname: one for one in outcomes(read_run(folders(log)[0]))}
    assert found["e-1"].kind is OutcomeKind.LEFT
    assert found["c-1"].culprit == "d-1"


def test_scripts_and_journal_judge_alike(log) -> None:
    """What is told of a run that goes on is what its scripts say in the end."""
    run = read_run(folders(log)[0])
    assert outcomes(replace(run, states={})) == outcomes(run)
