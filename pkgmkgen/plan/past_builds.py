"""Read earlier builds: runs, results, and history files (CSV).

A history has a heading with at least the columns `pkgname`, `outcome` and `duration`
(milliseconds), optionally `timestamp` (seconds since 1970), and, for what more jobs would buy,
`make_jobs`, `build` and `cpu:build` (milliseconds of the phase); other columns are ignored.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
from typing import TYPE_CHECKING

from pkgmkgen.errors import FileError, HistoryError
from pkgmkgen.model import Fault
from pkgmkgen.names import pkgname_error, quoted
from pkgmkgen.plan.durations import Observation, Origin
from pkgmkgen.plan.parts import split
from pkgmkgen.runs.history import History
from pkgmkgen.runs.result import last_results

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pkgmkgen.index.source import Source
    from pkgmkgen.plan.durations import Past
    from pkgmkgen.plan.parts import Parts
    from pkgmkgen.runs.result import Result

_NUMBER = re.compile(r"[0-9]{1,15}")
_COLUMNS = ("pkgname", "outcome", "duration")


def past(bulklog: Path, histories: Iterable[Source]) -> tuple[Past, tuple[Fault, ...]]:
    """Return the earlier builds, and the faults of the history files."""
    history: list[Observation] = []
    faults: list[Fault] = []
    for source in histories:
        with source:
            rows, wrong = from_history(source)
        history += rows
        faults += wrong
    results = from_results(bulklog)
    known = ((Origin.RESULT, results), (Origin.HISTORY, tuple(history)))
    return known, tuple(faults)


def from_results(folder: Path) -> tuple[Observation, ...]:
    """Return the successful builds of all runs below BULKLOG, and of results of no such run."""
    builds: list[Observation] = []
    runs: set[str] = set()
    results = tuple(last_results(folder))
    parts = {result.pkgname: _parts_of(result) for result in results}
    if (folder / ".runs").is_dir():
        # A damaged history stops no build: the results alone will do.
        with contextlib.suppress(FileError), History(folder) as history:
            history.update()
            builds = [Observation(*build, parts.get(build[0])) for build in history.builds()]
            runs = {run.name for run in history.runs()}
    builds += (
        Observation(result.pkgname, result.seconds, result.end, parts[result.pkgname])
        for result in results
        if result.status == "built" and result.seconds > 0 and result.run not in runs
    )
    return tuple(builds)


def from_history(source: Source) -> tuple[tuple[Observation, ...], tuple[Fault, ...]]:
    """Return the successful builds of a history, and the rows that are none.

    HistoryError: the file has no such heading, or cannot be read as CSV.
    """
    text = b"".join(source.blocks()).decode("utf-8", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            what = f"invalid history file: no column {missing[0]}"
            fix = "give a CSV file with the columns pkgname,outcome,duration[,timestamp]"
            raise HistoryError(what, source.name, fix)
        return _observations(rows, source.name)
    except csv.Error as error:
        fix = "create the file again, or run without --history"
        raise HistoryError(
            f"invalid history file, not CSV: {error}", f"{source.name}:{rows.line_num}", fix
        ) from error


def _observations(
    rows: csv.DictReader[str], name: str
) -> tuple[tuple[Observation, ...], tuple[Fault, ...]]:
    builds: list[Observation] = []
    faults: list[Fault] = []
    for row in rows:
        if wrong := _row_error(row):
            where = f"{name}:{rows.line_num}"
            faults.append(Fault(f"ignored row: {wrong}", where, "correct or delete the line"))
        elif row["outcome"] == "success":
            when = row.get("timestamp") or ""
            seconds = int(row["duration"]) / 1000
            at = float(when) if _NUMBER.fullmatch(when) else 0.0
            builds.append(Observation(row["pkgname"], seconds, at, _parts_in(row, seconds)))
    return tuple(builds), tuple(faults)


def _row_error(row: dict[str, str]) -> str:
    if any(row[column] is None for column in _COLUMNS):
        return "too few fields"
    if row["outcome"] == "success" and not _NUMBER.fullmatch(row["duration"]):
        return f"duration {quoted(row['duration'])} is not a number of milliseconds"
    return pkgname_error(row["pkgname"])


def _parts_of(result: Result) -> Parts | None:
    """Return the parts of a build on this machine."""
    jobs = result.jobs_mean or (int(word) if _NUMBER.fullmatch(word := result.make_jobs) else 0)
    if result.status != "built":
        return None
    times = {name: (seconds, cpu) for name, seconds, cpu in result.phases}
    return split(result.seconds, *times.get("build", (0.0, 0.0)), jobs)


def _parts_in(row: dict[str, str], seconds: float) -> Parts | None:
    """Return the parts of a build in a history, None if the row does not tell them."""
    words = [row.get(column) or "" for column in ("make_jobs", "build", "cpu:build")]
    if not all(map(_NUMBER.fullmatch, words)):
        return None
    jobs, build, cpu = map(int, words)
    return split(seconds, build / 1000, cpu / 1000, jobs)
