"""All runs in one SQLite file, BULKLOG/.runs/history.db: a run each, and a line per package.

The file is made from the folders of the runs and can be made again from them; it is brought up to
date when somebody asks, never while packages build. A run that has ended is read once.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from pkgmkgen.errors import FileError
from pkgmkgen.model import PkgName, PkgPath, pkgbase
from pkgmkgen.runs.folder import folders, read_run
from pkgmkgen.runs.outcomes import Outcome, OutcomeKind, outcomes

if TYPE_CHECKING:
    from pathlib import Path

    from pkgmkgen.runs.folder import Run

_VERSION = 1
_SCHEMA = """
create table if not exists runs (
    id integer primary key, name text unique not null, mark text not null, host text not null,
    jobs integer not null, start real not null, finish real not null, status text not null);
create table if not exists packages (
    id integer primary key, name text unique not null, path text not null);
create table if not exists outcomes (
    run integer not null, package integer not null, became text not null, phase text not null,
    reason text not null, culprit text not null, seconds real not null, cpu real not null,
    memory_kb integer not null, wrkdir_kb integer not null, package_bytes integer not null,
    primary key (package, run)) without rowid;
create index if not exists outcomes_of_run on outcomes (run);
"""
_ROW = "became, phase, reason, culprit, seconds, cpu, memory_kb, wrkdir_kb, package_bytes"


@dataclass(frozen=True, slots=True)
class PastRun:
    """A run as the history has it; `finish` is 0 if it has not ended."""

    name: str
    host: str
    jobs: int
    start: float
    finish: float
    counts: dict[OutcomeKind, int]


class History:
    """The history of a BULKLOG, a context manager; one that may not be written is in memory."""

    def __init__(self, log: Path) -> None:
        """Open nothing yet."""
        self._log = log

    def __enter__(self) -> Self:
        """Open the file. FileError: it is of another version."""
        folder = self._log / ".runs"
        where = str(folder / "history.db") if os.access(folder, os.W_OK) else ":memory:"
        try:
            self._db = _open(where)
        except sqlite3.DatabaseError as error:
            what = f"unknown version of the history database: {error}"
            raise FileError(
                what, where, "remove the file: it is made again from the runs"
            ) from error
        return self

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Close the file. FileError: it could not be read or written."""
        self._db.close()
        if isinstance(error, sqlite3.Error):
            where = str(self._log / ".runs" / "history.db")
            fix = "check the disk, or remove the file: it is made again from the runs"
            raise FileError(f"cannot be opened: {error}", where, fix) from error

    def update(self) -> None:
        """Take over every run whose folder says more than is known of it."""
        db = self._db
        known = dict(db.execute("select name, mark from runs"))
        for folder in folders(self._log):
            mark = _mark(folder)
            if known.get(folder.name) == mark:
                continue
            run = read_run(folder)
            with db:
                self._forget(folder.name)
                self._add(run, mark)

    def runs(self) -> tuple[PastRun, ...]:
        """Return all runs, the oldest first."""
        counts: dict[int, dict[OutcomeKind, int]] = {}
        query = "select run, became, count(*) from outcomes group by run, became"
        for run, became, number in self._db.execute(query):
            counts.setdefault(run, dict.fromkeys(OutcomeKind, 0))[OutcomeKind(became)] = number
        rows = self._db.execute(
            "select id, name, host, jobs, start, finish from runs order by name"
        )
        empty = dict.fromkeys(OutcomeKind, 0)
        return tuple(
            PastRun(
                name=name,
                host=host,
                jobs=jobs,
                start=start,
                finish=finish,
                counts=counts.get(run, empty),
            )
            for run, name, host, jobs, start, finish in rows
        )

    def of_run(self, name: str) -> tuple[Outcome, ...]:
        """Return what became of the packages of a run, by name."""
        query = f"""select p.name, p.path, {_ROW} from outcomes o, packages p
            where o.package = p.id and o.run = (select id from runs where name = ?)
            order by p.name"""  # noqa: S608 - _ROW is ours
        return tuple(_outcome(row) for row in self._db.execute(query, (name,)))

    def of_package(self, name: str) -> tuple[tuple[str, float, Outcome], ...]:
        """Return run, its start and outcome for a PKGNAME, a pkgbase or a PKGPATH; oldest first."""
        query = f"""select r.name, r.start, p.name, p.path, {_ROW}
            from outcomes o, packages p, runs r
            where o.package = p.id and o.run = r.id and (p.name = ?1 or p.path = ?1
                or (p.name like ?2 escape '\\' and p.name not like ?3 escape '\\'))
            order by r.name, p.name"""  # noqa: S608 - _ROW is ours
        plain = name.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        rows = self._db.execute(query, (name, f"{plain}-%", f"{plain}-%-%"))
        return tuple((run, start, _outcome(row)) for run, start, *row in rows)

    def builds(self) -> tuple[tuple[PkgName, float, float], ...]:
        """Return all successful builds, the oldest run first: PKGNAME, seconds, start of the run.

        What a schedule can be made from.
        """
        query = """select p.name, o.seconds, r.start from outcomes o, packages p, runs r
            where o.package = p.id and o.run = r.id and o.became = ? and o.seconds > 0
            order by r.name, p.name"""
        rows = self._db.execute(query, (OutcomeKind.BUILT.value,))
        return tuple((PkgName(name), seconds, start) for name, seconds, start in rows)

    def durations(self) -> dict[str, float]:
        """Return how long the last successful build of each pkgbase took, in seconds."""
        return {pkgbase(name): seconds for name, seconds, _ in self.builds()}

    def prune(self, keep: int) -> tuple[str, ...]:
        """Forget all runs but the last `keep` and remove their folders; returns their names."""
        names = [folder.name for folder in folders(self._log)]
        gone = tuple(names[: max(len(names) - keep, 0)])
        for name in gone:
            with self._db:
                self._forget(name)
            try:
                shutil.rmtree(self._log / ".runs" / name)
            except OSError as error:
                what = f"cannot be removed: {error.strerror}"
                raise FileError(what, name, "check permissions") from error
        with self._db:
            self._db.execute("delete from packages where id not in (select package from outcomes)")
        self._db.execute("vacuum")
        return gone

    def _forget(self, name: str) -> None:
        query = "delete from outcomes where run = (select id from runs where name = ?)"
        self._db.execute(query, (name,))
        self._db.execute("delete from runs where name = ?", (name,))

    def _add(self, run: Run, mark: str) -> None:
        db, facts = self._db, run.facts
        query = "insert into runs (name, mark, host, jobs, start, finish, status)"
        row = (run.name, mark, facts.get("HOST", ""), run.jobs, run.start, run.end)
        with closing(
            db.execute(f"{query} values (?, ?, ?, ?, ?, ?, ?)", (*row, facts.get("STATUS", "")))
        ) as cursor:
            number = cursor.lastrowid
        judged = outcomes(run)
        names = [(outcome.pkgname, outcome.pkgpath) for outcome in judged]
        query = "insert into packages (name, path) values (?, ?)"
        db.executemany(f"{query} on conflict (name) do update set path = excluded.path", names)
        ids = dict(db.execute("select name, id from packages"))
        query = f"insert into outcomes (run, package, {_ROW}) values (?, ?{', ?' * 9})"  # noqa: S608
        db.executemany(
            query, [(number, ids[outcome.pkgname], *_row(outcome)) for outcome in judged]
        )


def _open(where: str) -> sqlite3.Connection:
    db = sqlite3.connect(where, timeout=30)
    version = db.execute("pragma user_version").fetchone()[0]
    if version not in (0, _VERSION):
        db.close()
        raise sqlite3.DatabaseError(f"version {version}")
    db.executescript(f"{_SCHEMA}pragma user_version = {_VERSION};")
    return db


def _mark(folder: Path) -> str:
    """Say how far a run has come: the sizes of what it grows."""
    sizes: list[str] = []
    for name in ("run", "events", "results", "results.gz", "states"):
        path = folder / name
        sizes.append(str(path.stat().st_size) if path.exists() else "-")
    return " ".join(sizes)


def _row(outcome: Outcome) -> tuple[object, ...]:
    return (
        outcome.kind.value,
        outcome.phase,
        outcome.reason,
        outcome.culprit,
        outcome.seconds,
        outcome.cpu_seconds,
        outcome.memory_kb,
        outcome.wrkdir_kb,
        outcome.package_bytes,
    )


def _outcome(row: tuple[str, ...] | list[str]) -> Outcome:
    name, path, kind, phase, reason, culprit, seconds, cpu, memory, wrkdir, size = row
    return Outcome(
        pkgname=PkgName(name),
        pkgpath=PkgPath(path),
        kind=OutcomeKind(kind),
        phase=phase,
        reason=reason,
        culprit=culprit,
        seconds=float(seconds),
        cpu_seconds=float(cpu),
        memory_kb=int(memory),
        wrkdir_kb=int(wrkdir),
        package_bytes=int(size),
    )
