"""Results, as sandbox-scripts/host/result.sh writes them: what became of one package.

A result is `KEY=VALUE` lines; in a run's `results` each is followed by an empty line. Their text
comes from builds of anybody's packages: what is no name, no number or no plain line is not taken
over. A result that is cut off (a machine died while it was written) is ignored.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pkgmkgen.names import plain, read_pkgname, read_pkgpath, split_lines, split_words
from pkgmkgen.runs.untrusted import read_end

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from pkgmkgen.model import PkgName, PkgPath

_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")
_PHASE = re.compile(r"[a-z][a-z0-9-]{0,30}")
_STATUS = re.compile(r"[a-z][a-z-]{0,30}")
_MAX_REASON = 300
_MAX_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Compiled:
    """Compile jobs by distcc and ccache.

    `jobs` is what distcc could have sent away, `remote` what other machines did, `retries` how
    often one did not do it and distcc tried elsewhere. `cached` of the `looked_up` jobs were in
    the cache of ccache.
    """

    jobs: int = 0
    remote: int = 0
    retries: int = 0
    looked_up: int = 0
    cached: int = 0

    def __add__(self, other: Compiled) -> Compiled:
        """Count those of two packages together."""
        return Compiled(
            self.jobs + other.jobs,
            self.remote + other.remote,
            self.retries + other.retries,
            self.looked_up + other.looked_up,
            self.cached + other.cached,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a package in one build of it.

    `status` is `built`, `failed`, `timed-out`, `killed` or another word of the scripts'. `phase`
    and `reason` are empty if it was built. `start` and `end` are whole seconds since 1970, 0 if
    unknown; `seconds` is the time of all phases, `phases` that of each step with its CPU time.
    Sizes are in KB (1024 bytes), 0 if unknown. `installed` counts what was installed for it.
    `jobs_mean` is how many jobs of the pool it had in its phase `build`, 0 without a pool.
    `compiled` says where its compile jobs were done, None where neither distcc nor ccache was used.
    `compiler` is PKGSRC_COMPILER, empty if unknown. `changed` says of a failed build which inputs
    have changed since the package was built last.
    """

    pkgname: PkgName
    pkgpath: PkgPath
    status: str
    run: str = ""
    host: str = ""
    phase: str = ""
    reason: str = ""
    start: float = 0.0
    end: float = 0.0
    seconds: float = 0.0
    phases: tuple[tuple[str, float, float], ...] = ()
    memory_kb: int = 0
    wrkdir_kb: int = 0
    package_bytes: int = 0
    make_jobs: str = ""
    jobs_mean: float = 0.0
    depends: tuple[PkgName, ...] = ()
    installed: int = 0
    compiled: Compiled | None = None
    compiler: str = ""
    changed: str = ""

    @property
    def cpu_seconds(self) -> float:
        """CPU time of all phases."""
        return sum(cpu for _, _, cpu in self.phases)


def last_results(log: Path) -> Iterator[Result]:
    """Yield the result of each package's last build below BULKLOG, by name; nothing if none."""
    try:
        names = sorted(path.name for path in log.iterdir() if read_pkgname(path.name))
    except OSError:
        return
    for name in names:
        text = read_end(log / name / "result", _MAX_BYTES).decode("utf-8", "replace")
        if result := parse_result(text):
            yield result


def parse_results(lines: Iterable[str]) -> Iterator[Result]:
    """Read results one after the other; what is no whole result is passed over."""
    facts: dict[str, str] = {}
    for line in lines:
        text = line.rstrip("\n")
        if text:
            key, equals, value = text.partition("=")
            if equals:
                facts.setdefault(key, value)
        elif facts:
            if result := _result(facts):
                yield result
            facts = {}


def parse_result(text: str) -> Result | None:
    """Read one result, the content of a package's `result`; None if it is none."""
    return next(parse_results([*split_lines(text), ""]), None)


def _result(facts: Mapping[str, str]) -> Result | None:
    get = facts.get
    pkgname, pkgpath = read_pkgname(get("PKGNAME", "")), read_pkgpath(get("PKGPATH", ""))
    if pkgname is None or pkgpath is None or not _STATUS.fullmatch(get("STATUS", "")):
        return None
    phases = tuple(_phases(facts))
    start, end = _moment(get("START", "")), _moment(get("END", ""))
    return Result(
        pkgname=pkgname,
        pkgpath=pkgpath,
        status=facts["STATUS"],
        run=plain(get("RUN", ""))[:100],
        host=plain(get("HOST", ""))[:100],
        phase=phase if _PHASE.fullmatch(phase := get("PHASE", "")) else "",
        reason=plain(get("REASON", ""))[:_MAX_REASON],
        start=start,
        end=max(start, end),
        seconds=sum(seconds for _, seconds, _ in phases) or _number(get("SECONDS", "")),
        phases=phases,
        memory_kb=int(_number(get("MEMORY_BYTES", "")) / 1024),
        wrkdir_kb=int(_number(get("WRKDIR_KB", ""))),
        package_bytes=int(_number(get("PACKAGE_BYTES", ""))),
        make_jobs=plain(get("MAKE_JOBS", ""))[:20],
        jobs_mean=_number(get("JOBS_MEAN", "")),
        depends=tuple(filter(None, map(read_pkgname, split_words(get("DEPENDS", ""))))),
        installed=int(_number(get("INSTALLED", ""))),
        compiled=_compiled(facts),
        compiler=plain(get("COMPILER", ""))[:40],
        changed=plain(get("CHANGED", ""))[:_MAX_REASON],
    )


def _compiled(facts: Mapping[str, str]) -> Compiled | None:
    keys = ("DISTCC_JOBS", "DISTCC_REMOTE", "DISTCC_RETRIES", "CCACHE_JOBS", "CCACHE_HITS")
    if not any(key in facts for key in keys):
        return None
    return Compiled(*(int(_number(facts.get(key, ""))) for key in keys))


def _phases(facts: Mapping[str, str]) -> Iterator[tuple[str, float, float]]:
    for key, value in facts.items():
        if key.startswith("SECONDS.") and _PHASE.fullmatch(name := key[8:]):
            yield name, _number(value), _number(facts.get(f"CPU_SECONDS.{name}", ""))


def _number(text: str) -> float:
    return float(text) if _NUMBER.fullmatch(text) else 0.0


def _moment(text: str) -> float:
    """Read `2026-11-24T22:13:56Z` as seconds since 1970; 0 if it is none."""
    if _NUMBER.fullmatch(text):
        return float(text)
    try:
        return datetime.fromisoformat(text).timestamp()
    except ValueError:
        return 0.0
