"""Cache of records; a record is valid until one of its inputs changes.

A record is stored with the state of every file it depends on (fingerprints.py), under a digest of
the settings of the scan. The file is an SQLite database: a crash or a concurrent scan does not
damage it. It can be deleted at any time.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pkgmkgen.errors import FileError
from pkgmkgen.model import PkgPath

_KEPT = 8
"""Records are kept for this many different settings."""
_VERSION = 2
_TABLES = """
create table if not exists states (id integer primary key, path text, state text,
    unique (path, state));
create table if not exists records (settings text, pkgpath text, text blob, states blob,
    seconds real, options text, primary key (settings, pkgpath)) without rowid;
create table if not exists settings (settings text primary key, used integer);
create table if not exists folders (path text primary key, signature text, digest text)
    without rowid;
"""
_USE = """
insert or replace into settings select ?, coalesce(max(used), 0) + 1 from settings
"""
_FORGET = """
delete from settings where settings in
    (select settings from settings order by used desc limit -1 offset ?)
"""
_DROP = "delete from records where settings not in (select settings from settings)"


@dataclass(frozen=True, slots=True)
class Stored:
    """A directory's records, what they depend on (path -> state) and how long they took.

    `options` are the PKG_OPTIONS of each record, none if they are not known.
    """

    pkgpath: PkgPath
    text: bytes
    states: Mapping[str, str]
    seconds: float
    options: tuple[str, ...] = ()


class Cache:
    """An open cache. Only the thread that opened it may use it."""

    def __init__(self, db: sqlite3.Connection, settings: str) -> None:
        """Take over an open database and the digest of the settings in force."""
        self._db = db
        self._settings = settings
        self._ids: dict[tuple[str, str], int] = {}

    @classmethod
    def opened(cls, path: str, settings: str) -> Self:
        """Open or create it; replace a file that is no cache. FileError: it cannot be written."""
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            try:
                db = _open(path)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                Path(path).unlink()
                db = _open(path)
            cache = cls(db, settings)
            cache._tidy()
        except (OSError, sqlite3.Error) as error:
            fix = "name another with --cache FILE"
            raise FileError(f"cannot be used as a cache: {error}", path, fix) from error
        rows = db.execute("select path, state, id from states")
        cache._ids = {(path, state): number for path, state, number in rows}
        return cache

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def paths(self) -> set[str]:
        """Return all files and directories that records depend on."""
        return {path for path, _ in self._ids}

    def valid(self, states: Mapping[str, str]) -> dict[PkgPath, tuple[bytes, tuple[str, ...]]]:
        """Return the records that are valid for these states of the files, and their options."""
        now = {number for (path, state), number in self._ids.items() if states.get(path) == state}
        rows = self._db.execute(
            "select pkgpath, text, options, states from records where settings = ?",
            (self._settings,),
        )
        records: dict[PkgPath, tuple[bytes, tuple[str, ...]]] = {}
        for pkgpath, text, options, packed in rows:
            if now.issuperset(array("I", packed)):
                with contextlib.suppress(zlib.error):
                    known = () if options is None else tuple(options.split("\n"))
                    records[PkgPath(pkgpath)] = zlib.decompress(text), known
        return records

    def seconds(self) -> dict[PkgPath, float]:
        """Return how long each directory took, also where its records are not valid now."""
        rows = self._db.execute("select pkgpath, max(seconds) from records group by pkgpath")
        return {PkgPath(pkgpath): seconds for pkgpath, seconds in rows}

    def put(self, items: Iterable[Stored]) -> None:
        """Store all records in one transaction."""
        with self._db:
            self._db.execute("begin immediate")
            for record in items:
                packed = array("I", sorted(map(self._id, record.states.items()))).tobytes()
                row = (
                    self._settings,
                    record.pkgpath,
                    zlib.compress(record.text, 1),
                    packed,
                    record.seconds,
                    "\n".join(record.options) if record.options else None,
                )
                self._db.execute("insert or replace into records values (?, ?, ?, ?, ?, ?)", row)

    def folders(self) -> dict[str, tuple[str, str]]:
        """Return signature and digest of each directory (package_files.py)."""
        rows = self._db.execute("select path, signature, digest from folders")
        return {path: (signature, digest) for path, signature, digest in rows}

    def put_folders(self, items: Iterable[tuple[str, str, str]]) -> None:
        """Store path, signature and digest of directories in one transaction."""
        with self._db:
            self._db.execute("begin immediate")
            self._db.executemany("insert or replace into folders values (?, ?, ?)", items)

    def forget_others(self, pkgpaths: Iterable[PkgPath]) -> None:
        """Drop the records of all other directories."""
        known = {row[0] for row in self._db.execute("select distinct pkgpath from records")}
        with self._db:
            self._db.executemany(
                "delete from records where pkgpath = ?",
                [(path,) for path in known.difference(pkgpaths)],
            )

    def _id(self, state: tuple[str, str]) -> int:
        number = self._ids.get(state)
        if number is None:
            self._db.execute("insert or ignore into states (path, state) values (?, ?)", state)
            row = self._db.execute("select id from states where path = ? and state = ?", state)
            number = self._ids[state] = int(row.fetchone()[0])
        return number

    def _tidy(self) -> None:
        """Note that these settings are in use; drop the records of settings not used for long."""
        with self._db:
            self._db.execute(_USE, (self._settings,))
            self._db.execute(_FORGET, (_KEPT,))
            self._db.execute(_DROP)


def _open(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    try:
        if db.execute("pragma user_version").fetchone()[0] not in (0, _VERSION):
            raise sqlite3.DatabaseError("of another version")
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = normal")
        db.executescript(_TABLES)
        db.execute(f"pragma user_version = {_VERSION}")
    except sqlite3.Error:
        db.close()
        raise
    return db
