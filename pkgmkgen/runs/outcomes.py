"""What became of every package of a run. Pure.

Every package that bulk.mk named has exactly one outcome, so that the numbers add up. Also of a
run that is going on: then some packages are being built and some are to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName, PkgPath
from pkgmkgen.runs.folder import Planned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgmkgen.runs.folder import Run
    from pkgmkgen.runs.result import Record


class Became(Enum):
    """What became of a package in a run; the values are the words for people."""

    BUILT = "built"
    UP_TO_DATE = "up to date"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    KILLED = "killed"
    BROKEN = "broken"
    SKIPPED = "skipped"
    UNRESOLVED = "unresolved"
    BUILDING = "building"
    LEFT = "not done"

    @property
    def good(self) -> bool:
        """Whether there is a package of it."""
        return self in (Became.BUILT, Became.UP_TO_DATE)

    @property
    def bad(self) -> bool:
        """Whether its own build failed."""
        return self in (Became.FAILED, Became.TIMED_OUT, Became.KILLED)


_STATUS = {
    "built": Became.BUILT,
    "failed": Became.FAILED,
    "killed": Became.KILLED,
    "timed-out": Became.TIMED_OUT,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """A package, what became of it, and how.

    `phase` and `reason` say where and why it failed, or why it is skipped; `by` is the failed
    package that a broken one waits for in vain. `start` and `end` are seconds since 1970 of its
    build in this run, 0 if there was none. `record` is that of this run's build.
    """

    pkgname: PkgName
    pkgpath: PkgPath
    became: Became
    needs: tuple[PkgName, ...] = ()
    phase: str = ""
    reason: str = ""
    by: PkgName | None = None
    start: float = 0.0
    end: float = 0.0
    record: Record | None = None

    @property
    def seconds(self) -> float:
        """How long its build took in this run, 0 if there was none."""
        if self.record and self.record.seconds:
            return self.record.seconds
        return max(self.end - self.start, 0.0)

    @property
    def summary(self) -> str:
        """One line for people, `failed in build: missing header: foo.h`."""
        return past(self).summary


@dataclass(frozen=True, slots=True)
class Past:
    """What became of a package in a run, and what it cost; 0 where there was no build."""

    pkgname: PkgName
    pkgpath: PkgPath
    became: Became
    phase: str
    reason: str
    culprit: str
    seconds: float
    cpu: float
    memory_kb: int
    wrkdir_kb: int
    package_bytes: int

    @property
    def summary(self) -> str:
        """One line for people."""
        where = f" in {self.phase}" if self.phase else f" by {self.culprit}" if self.culprit else ""
        return f"{self.became.value}{where}" + (f": {self.reason}" if self.reason else "")


def past(one: Outcome) -> Past:
    """Return what the history keeps of an outcome."""
    record = one.record
    return Past(
        one.pkgname,
        one.pkgpath,
        one.became,
        one.phase,
        one.reason,
        one.by or "",
        one.seconds,
        record.cpu_seconds if record else 0.0,
        record.memory_kb if record else 0,
        record.wrkdir_kb if record else 0,
        record.package_bytes if record else 0,
    )


@dataclass
class _Told:
    """What the journal says of one package."""

    word: str = ""
    detail: str = ""
    reason: str = ""
    start: float = 0.0
    end: float = 0.0


def outcomes(run: Run, present: Mapping[PkgName, float] | None = None) -> tuple[Outcome, ...]:
    """Tell what became of the packages of a run, in the order of its plan.

    `present`, for a run that goes on, are the binary packages that are there, with the time of
    their files: what make finds up to date.
    """
    told = _told(run)
    plan = run.plan or tuple(
        Planned(name, record.pkgpath) for name, record in sorted(run.records.items())
    )
    needs = {one.pkgname: one.needs for one in plan if not one.skip}
    culprits = _culprits(needs, [name for name, tale in told.items() if tale.word == "failed"])
    done = needs.keys() - run.left if run.end else _up_to_date(needs, told, present or {})
    return tuple(_outcome(one, told.get(one.pkgname), culprits, run, done) for one in plan)


def count(found: tuple[Outcome, ...]) -> dict[Became, int]:
    """Count the packages by what became of them; every word has its number, together all."""
    numbers = dict.fromkeys(Became, 0)
    for one in found:
        numbers[one.became] += 1
    return numbers


def _told(run: Run) -> dict[PkgName, _Told]:
    told: dict[PkgName, _Told] = {}
    for event in run.events:
        tale = told.setdefault(event.pkgname, _Told())
        tale.word, tale.detail, tale.reason = event.word, event.detail, event.reason
        if event.word == "start":
            tale.start, tale.end = event.when, 0.0
        elif tale.start:
            tale.end = event.when
    return told


def _outcome(
    one: Planned,
    tale: _Told | None,
    culprits: Mapping[PkgName, PkgName],
    run: Run,
    done: frozenset[PkgName] | set[PkgName],
) -> Outcome:
    name, path = one.pkgname, one.pkgpath
    if one.skip:
        state, _, reason = one.skip.partition(": ")
        word = Became.UNRESOLVED if state.endswith("unresolved") else Became.SKIPPED
        return Outcome(name, path, word, reason=reason or state, phase="")
    record = run.records.get(name)
    if tale and tale.word in ("built", "failed"):
        became = Became.BUILT if tale.word == "built" else Became.FAILED
        if record and became is Became.FAILED:
            became = _STATUS.get(record.status, became)
        phase = "" if became is Became.BUILT else tale.detail or (record.phase if record else "")
        reason = "" if became is Became.BUILT else record.reason if record else tale.reason
        return Outcome(
            name, path, became, one.needs, phase, reason, None, tale.start, tale.end, record
        )
    if tale and tale.word == "start" and not run.end:
        return Outcome(name, path, Became.BUILDING, one.needs, start=tale.start)
    if name in culprits:
        return Outcome(name, path, Became.BROKEN, one.needs, by=culprits[name])
    became = Became.UP_TO_DATE if name in done else Became.LEFT
    return Outcome(name, path, became, one.needs)


def _culprits(
    needs: Mapping[PkgName, tuple[PkgName, ...]], failed: list[PkgName]
) -> dict[PkgName, PkgName]:
    """Give each package that waits for a failed one the first that failed, as summary.awk does."""
    dependents: dict[PkgName, list[PkgName]] = {}
    for name, needed in needs.items():
        for one in needed:
            dependents.setdefault(one, []).append(name)
    own = set(failed)
    found: dict[PkgName, PkgName] = {}
    for culprit in dict.fromkeys(failed):
        queue = [culprit]
        for name in queue:
            for up in dependents.get(name, ()):
                if up not in found and up not in own:
                    found[up] = culprit
                    queue.append(up)
    return found


def _up_to_date(
    needs: Mapping[PkgName, tuple[PkgName, ...]],
    told: Mapping[PkgName, _Told],
    present: Mapping[PkgName, float],
) -> set[PkgName]:
    """Judge as make does: the file is there and no older than those that it is made from."""
    try:
        order = tuple(TopologicalSorter(needs).static_order())
    except CycleError:
        return set()
    good: set[PkgName] = set()
    for name in order:
        time = present.get(name)
        if time is None or (name in told and told[name].word not in ("built", "stopped")):
            continue
        if all(one in good and present[one] <= time for one in needs.get(name, ())):
            good.add(name)
    return good
