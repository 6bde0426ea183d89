"""The folder of a run, BULKLOG/.runs/RUN, as sandbox-scripts/host/journal.sh leaves it.

Reads files and judges nothing: what became of each package is told by outcomes.py. A run that is
going on, or whose machine died, has no END; its last lines may be cut off and are passed over.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.model import PkgName, PkgPath
from pkgmkgen.names import plain, read_pkgname, read_pkgpath, split_words
from pkgmkgen.runs.result import Result, parse_results

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_RUN = re.compile(r"[0-9]{8}T[0-9]{6}Z@[0-9A-Za-z.]{1,60}")
_FACT = re.compile(r"([A-Z_]{1,30})=(.*)")
_EVENTS = frozenset({"start", "built", "failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the journal: what happened to a package, with a detail, at a second since 1970.

    `detail` is the phase if it failed, with the `reason`, and the process that builds it if it
    starts.
    """

    word: str
    pkgname: PkgName
    detail: str
    when: float
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A package as bulk.mk had it. `skip` is `state: reason` if it was not to be built."""

    pkgname: PkgName
    pkgpath: PkgPath
    needs: tuple[PkgName, ...] = ()
    skip: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A run as its files tell it.

    `facts` are the lines of `run` (RUN, GOAL, HOST, JOBS, START, PACKAGES, ...; END and STATUS
    when it has ended). `plan` is in the order of bulk.mk, empty if the run is older than this
    file; `estimates` are the seconds that bulk.mk expected. `results` holds the last result of
    each package. `states` are the verdicts at its end, by summary.awk; `halt` says why
    the run was halted, empty if it was not; `paused` whether builds wait for `pause --off`.
    """

    name: str
    facts: Mapping[str, str]
    plan: tuple[Planned, ...] = ()
    maintainers: Mapping[PkgName, str] = field(default_factory=dict)
    restricted: frozenset[PkgName] = frozenset()
    estimates: Mapping[PkgName, float] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    results: Mapping[PkgName, Result] = field(default_factory=dict)
    states: Mapping[PkgName, str] = field(default_factory=dict)
    halt: str = ""
    paused: bool = False

    @property
    def start(self) -> float:
        """Its start in seconds since 1970, 0 if unknown."""
        return _seconds(self.facts.get("START", ""))

    @property
    def end(self) -> float:
        """Its end, 0 if unknown; its start if the clock was set back meanwhile."""
        end = _seconds(self.facts.get("END", ""))
        return max(end, self.start) if end else 0.0

    @property
    def interrupted(self) -> bool:
        """Whether a signal, as that of ^C, ended its make."""
        return _seconds(self.facts.get("MAKE_STATUS", "")) > 128

    @property
    def jobs(self) -> int:
        """How many builds make had at a time, 0 if it did not say."""
        return int(_seconds(self.facts.get("JOBS", "")))


def folders(log: Path) -> tuple[Path, ...]:
    """Return the folders of all bulk runs below BULKLOG, the oldest first."""
    try:
        paths = [path for path in (log / ".runs").iterdir() if _RUN.fullmatch(path.name)]
    except OSError as error:
        what = f"no runs there: {error.strerror}"
        raise FileError(what, str(log / ".runs"), "use --log BULKLOG") from error
    return tuple(sorted(path for path in paths if read_facts(path).get("GOAL", "build") == "build"))


def choose(runs: tuple[Path, ...], name: str, log: Path) -> Path:
    """Return the run that a person means: `last`, `-2` (two before it), or a start of its name."""
    if runs and re.fullmatch(r"last|-[0-9]{1,6}", name):
        back = 0 if name == "last" else int(name[1:])
        if back < len(runs):
            return runs[-1 - back]
    if not runs:
        raise UsageError(
            "no bulk run yet",
            str(log / ".runs"),
            "start one with make -f bulk.mk -j 6, or use --log BULKLOG",
        )
    named = [path for path in runs if path.name.startswith(name)]
    if len(named) == 1:
        return named[0]
    what = f"{len(named)} runs are named {name!r}" if named else f"no run {name!r}"
    raise UsageError(what, str(log / ".runs"), "`pkgmkgen history` lists the runs")


def choose_with_results(runs: tuple[Path, ...], name: str, log: Path) -> Path:
    """Return the run that a person means; `last` and `-2` count only runs `with_results`."""
    counted = re.fullmatch(r"last|-[0-9]{1,6}", name)
    return choose(with_results(runs) if counted else runs, name, log)


def with_results(runs: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the runs that tell of packages; if none does, all.

    One that was halted before its first build has no result of any package.
    """
    return tuple(path for path in runs if _has_results(path)) or runs


def _has_results(folder: Path) -> bool:
    if not any((folder / name).exists() for name in ("plan.gz", "plan")):
        return False
    return not (folder / "halt").exists() or any(_events(_lines(folder / "events")))


def read_facts(folder: Path) -> dict[str, str]:
    """Read the facts of a run; of one without them, what its name tells."""
    facts = {"RUN": folder.name}
    for line in _lines(folder / "run"):
        if match := _FACT.fullmatch(line):
            facts[match[1]] = plain(match[2])[:300]
    return facts


def read_run(folder: Path) -> Run:
    """Read all of a run."""
    results = {result.pkgname: result for result in parse_results(_lines(folder / "results"))}
    return replace(read_journal(folder), results=results)


def read_journal(folder: Path, known: Run | None = None) -> Run:
    """Read a run but for its results; of one that was read before, only what changes."""
    plan = known or _read_plan(folder)
    return Run(
        name=folder.name,
        facts=read_facts(folder),
        plan=plan.plan,
        maintainers=plan.maintainers,
        restricted=plan.restricted,
        estimates=plan.estimates,
        events=tuple(_events(_lines(folder / "events"))),
        states=dict(_states(_lines(folder / "states"))),
        paused=(folder / "pause").exists(),
        halt=read_halt(folder),
    )


def read_halt(folder: Path) -> str:
    """Return why a run was halted and how to mend it, empty if it was not."""
    return "\n".join(map(plain, _lines(folder / "halt"))).strip()[:1000]


def _read_plan(folder: Path) -> Run:
    planned: list[Planned] = []
    maintainers: dict[PkgName, str] = {}
    restricted: set[PkgName] = set()
    estimates: dict[PkgName, float] = {}
    for line in _lines(folder / "plan"):
        word, _, rest = line.partition(" ")
        name, _, text = rest.partition(" ")
        if (pkgname := read_pkgname(name)) is None:
            continue
        if word == "maintainer":
            maintainers[pkgname] = plain(text)[:100]
        elif word == "restricted":
            restricted.add(pkgname)
        elif word == "estimate":
            estimates[pkgname] = _seconds(text)
        elif package := _planned(word, pkgname, text):
            planned.append(package)
    return Run(
        name=folder.name,
        facts={},
        plan=tuple(planned),
        maintainers=maintainers,
        restricted=frozenset(restricted),
        estimates=estimates,
    )


def _planned(word: str, pkgname: PkgName, text: str) -> Planned | None:
    path, _, rest = text.partition(" ")
    pkgpath = read_pkgpath(path)
    if pkgpath is None or word not in ("build", "skip"):
        return None
    if word == "skip":
        return Planned(pkgname, pkgpath, (), plain(rest) or "skipped")
    return Planned(pkgname, pkgpath, tuple(filter(None, map(read_pkgname, split_words(rest)))))


def _events(lines: Iterable[str]) -> Iterator[Event]:
    for line in lines:
        words = line.split(" ")
        if len(words) < 2 or words[0] not in _EVENTS:
            continue
        if (pkgname := read_pkgname(words[1])) is None:
            continue
        detail = words[2] if len(words) > 2 and words[2] != "-" else ""
        when = _seconds(words[3]) if len(words) > 3 else 0.0
        reason = plain(" ".join(words[4:]))[:300]
        yield Event(words[0], pkgname, plain(detail)[:60], when, reason)


def _states(lines: Iterable[str]) -> Iterator[tuple[PkgName, str]]:
    """Give what summary.awk has said of each package."""
    for line in lines:
        name, _, state = line.partition(" ")
        if state and (pkgname := read_pkgname(name)):
            yield pkgname, plain(state)[:300]


def _lines(path: Path) -> list[str]:
    """Return the lines of a file, of its packed form or of none; a packed one may be cut off."""
    try:
        for name in (path, path.with_name(f"{path.name}.gz")):
            if not name.exists():
                continue
            data = name.read_bytes()
            if name.suffix == ".gz":
                data = _unpack(data)
            return data.decode("utf-8", "replace").split("\n")
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise FileError(what, str(path), "check its permissions") from error
    return []


def _unpack(data: bytes) -> bytes:
    try:
        return gzip.decompress(data)
    except (EOFError, gzip.BadGzipFile):
        return b""


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 13 else 0.0
