"""Records and histories of earlier builds, sound and damaged."""

from __future__ import annotations

import io

import pytest

from pkgmkgen.errors import HistoryError
from pkgmkgen.index.source import Source
from pkgmkgen.machine import unzstd
from pkgmkgen.plan import past_builds as timings
from pkgmkgen.plan.durations import Observation, Origin

RECORD = """\
STATUS=built
PKGNAME=a-1
PKGPATH=x/a
END=2026-11-24T21:57:11Z
SECONDS=12
"""


def _history(text: bytes):
    return timings.from_history(Source("history", io.BytesIO(text), unzstd))


def test_only_successes_in_the_log_count(tmp_path) -> None:
    """Failures, killed builds, files that are no records, directories of runs."""
    for name, status in (("a-1", "built"), ("b-1", "failed"), ("c-1", "killed")):
        (tmp_path / name).mkdir()
        text = RECORD.replace("a-1", name).replace("built", status)
        (tmp_path / name / "result").write_text(text)
    (tmp_path / "d-1").mkdir()
    (tmp_path / "d-1" / "result").write_text("SECONDS=1\n\0")
    (tmp_path / "e-1").write_text("a file")
    (tmp_path / ".runs").mkdir()
    assert timings.from_results(tmp_path) == (Observation("a-1", 12.0, 1795557431.0),)
    assert timings.from_results(tmp_path / "nowhere") == ()


def test_jobs_of_the_pool_tell_what_more_would_buy(tmp_path) -> None:
    """The mean of the jobs that a build had stands for a fixed number."""
    (tmp_path / "a-1").mkdir()
    text = f"{RECORD}JOBS_MEAN=4.00\nSECONDS.build=10\nCPU_SECONDS.build=25\nSECONDS.install=2\n"
    (tmp_path / "a-1" / "result").write_text(text)
    assert timings.from_results(tmp_path)[0].parts == (7.0, 20.0)


def test_a_history_gives_its_successes() -> None:
    """Milliseconds; further columns and CRLF do not matter; other outcomes do not count."""
    text = b"timestamp,pkgname,x,outcome,duration\r\n7,a-1,-,success,1500\r\n8,b-1,-,failed,9\r\n"
    assert _history(text) == ((Observation("a-1", 1.5, 7.0),), ())


@pytest.mark.parametrize(
    "row",
    ["a-1,success", "a-1,success,-3", "a-1,success,1e5", "$(id)-1,success,3", ",success,3"],
)
def test_a_bad_row_is_set_aside_and_told(row: str) -> None:
    """With file and line; the other rows count."""
    found, faults = _history(f"pkgname,outcome,duration\n{row}\nb-1,success,1000\n".encode())
    assert found == (Observation("b-1", 1.0),)
    assert [fault.where for fault in faults] == ["history:2"]


@pytest.mark.parametrize("text", [b"", b"\0\xff", b"<html>\n", b"pkgname,outcome\na-1,success\n"])
def test_what_is_no_history_is_refused(text: bytes) -> None:
    """One error that says which columns it must have."""
    with pytest.raises(HistoryError, match="column") as caught:
        _history(text)
    assert caught.value.exit_status == 65


def test_a_field_without_end_is_refused() -> None:
    """CSV's own limit, as an error and no traceback."""
    with pytest.raises(HistoryError):
        _history(b'pkgname,outcome,duration\n"' + b"a" * 200_000)


def test_the_past_has_records_before_histories(tmp_path) -> None:
    """Several histories are one."""
    sources = [
        Source("h", io.BytesIO(f"pkgname,outcome,duration\n{n}-1,success,9\n".encode()), unzstd)
        for n in "ab"
    ]
    past, faults = timings.past(tmp_path, sources)
    assert [origin for origin, _ in past] == [Origin.RESULT, Origin.HISTORY]
    assert [one.pkgname for one in past[1][1]] == ["a-1", "b-1"]
    assert faults == ()
