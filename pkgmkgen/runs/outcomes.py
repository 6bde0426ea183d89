"""What became of every package of a run. Pure.

Every package that bulk.mk named has exactly one outcome, so that the numbers add up. When a run
ends, its scripts judge (sandbox-scripts/bulkmk/summary.awk) and write their verdicts to the file
`states`; here they are read. Of a run that goes on, or that left none, the journal tells what is
known so far: some packages are being built and some are to come.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, NamedTuple

from pkgmkgen.model import PkgName, PkgPath
from pkgmkgen.runs.folder import Planned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.runs.folder import Run
    from pkgmkgen.runs.result import Result


class OutcomeKind(Enum):
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
        return self in (OutcomeKind.BUILT, OutcomeKind.UP_TO_DATE)

    @property
    def bad(self) -> bool:
        """Whether its own build failed."""
        return self in (OutcomeKind.FAILED, OutcomeKind.TIMED_OUT, OutcomeKind.KILLED)


_STATUS = {
    "built": OutcomeKind.BUILT,
    "failed": OutcomeKind.FAILED,
    "killed": OutcomeKind.KILLED,
    "timed-out": OutcomeKind.TIMED_OUT,
}
_WORDS = {kind.value: kind for kind in OutcomeKind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a package in a run, how, and what it cost; 0 where there was no build.

    `phase` and `reason` say where and why it failed, or why it is skipped; `culprit` is the failed
    package that blocks a broken one. `start` and `end` are seconds since 1970 of its build in this
    run. `needs`, `start`, `end` and `result` (of this run's build) are known of a run that was read
    from its files, not of one from the history.
    """

    pkgname: PkgName
    pkgpath: PkgPath
    kind: OutcomeKind
    phase: str = ""
    reason: str = ""
    culprit: str = ""
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    memory_kb: int = 0
    wrkdir_kb: int = 0
    package_bytes: int = 0
    needs: tuple[PkgName, ...] = ()
    start: float = 0.0
    end: float = 0.0
    result: Result | None = None

    @property
    def summary(self) -> str:
        """One line for people, `failed in build: missing header: foo.h`."""
        where = f" in {self.phase}" if self.phase else f" by {self.culprit}" if self.culprit else ""
        return f"{self.kind.value}{where}" + (f": {self.reason}" if self.reason else "")


class Judgement(NamedTuple):
    """What became of a package; `detail` is the phase of a failure, or the package that breaks."""

    kind: OutcomeKind
    detail: str = ""


@dataclass
class JournalEntry:
    """What the journal says of one package."""

    word: str = ""
    detail: str = ""
    reason: str = ""
    start: float = 0.0
    end: float = 0.0


_NOTHING = JournalEntry()


def outcomes(run: Run, present: Mapping[PkgName, float] | None = None) -> tuple[Outcome, ...]:
    """Tell what became of the packages of a run, in the order of its plan.

    `present`, for a run that goes on, are the binary packages that are there, with the time of
    their files: what make finds up to date.
    """
    journal = _journal(run)
    plan = run.plan or tuple(
        Planned(name, result.pkgpath) for name, result in sorted(run.results.items())
    )
    if run.states:
        verdicts = {name: read_judgement(text) for name, text in run.states.items()}
    else:
        verdicts = _judged(run, plan, journal, present or {})
    left = Judgement(OutcomeKind.LEFT)
    return tuple(
        _skipped(planned)
        if planned.skip
        else _outcome(
            planned,
            verdicts.get(planned.pkgname, left),
            journal.get(planned.pkgname, _NOTHING),
            run.results.get(planned.pkgname),
        )
        for planned in plan
    )


def count(outcomes: tuple[Outcome, ...]) -> dict[OutcomeKind, int]:
    """Count the packages by what became of them; every word has its number, together all."""
    numbers = dict.fromkeys(OutcomeKind, 0)
    for outcome in outcomes:
        numbers[outcome.kind] += 1
    return numbers


def read_judgement(text: str) -> Judgement:
    """Read what summary.awk says of a package, `failed in build`; a word it does not know: failed.

    What a halted run did not get to is `halted`, which is the same as `not done`.
    """
    word, _, detail = text.partition(" in ")
    if detail:
        return Judgement(_STATUS.get(word, OutcomeKind.FAILED), detail)
    word, _, detail = text.partition(" by ")
    if word == OutcomeKind.BROKEN.value:
        return Judgement(OutcomeKind.BROKEN, detail)
    return Judgement(_WORDS.get(text, OutcomeKind.LEFT))


def _skipped(planned: Planned) -> Outcome:
    state, _, reason = planned.skip.partition(": ")
    kind = OutcomeKind.UNRESOLVED if state.endswith("unresolved") else OutcomeKind.SKIPPED
    name, path = planned.pkgname, planned.pkgpath
    return Outcome(pkgname=name, pkgpath=path, kind=kind, reason=reason or state)


def _outcome(
    planned: Planned, verdict: Judgement, entry: JournalEntry, result: Result | None
) -> Outcome:
    """Put a verdict together with what the journal and the result of this run say."""
    kind = verdict.kind
    ended = kind is OutcomeKind.BUILT or kind.bad
    ours = result if ended else None
    seconds = (ours.seconds if ours else 0.0) or max(entry.end - entry.start, 0.0)
    return Outcome(
        pkgname=planned.pkgname,
        pkgpath=planned.pkgpath,
        kind=kind,
        phase=verdict.detail or (ours.phase if ours else "") if kind.bad else "",
        reason=(ours.reason if ours else entry.reason) if kind.bad else "",
        culprit=verdict.detail if kind is OutcomeKind.BROKEN else "",
        seconds=seconds if ended else 0.0,
        cpu_seconds=ours.cpu_seconds if ours else 0.0,
        memory_kb=ours.memory_kb if ours else 0,
        wrkdir_kb=ours.wrkdir_kb if ours else 0,
        package_bytes=ours.package_bytes if ours else 0,
        needs=planned.needs,
        start=entry.start if ended or kind is OutcomeKind.BUILDING else 0.0,
        end=entry.end if ended else 0.0,
        result=ours,
    )


def _journal(run: Run) -> dict[PkgName, JournalEntry]:
    entries: dict[PkgName, JournalEntry] = {}
    for event in run.events:
        entry = entries.setdefault(event.pkgname, JournalEntry())
        entry.word, entry.detail, entry.reason = event.word, event.detail, event.reason
        if event.word == "start":
            entry.start, entry.end = event.when, 0.0
        elif entry.start:
            entry.end = event.when
    return entries


def _judged(
    run: Run,
    plan: Iterable[Planned],
    journal: Mapping[PkgName, JournalEntry],
    present: Mapping[PkgName, float],
) -> dict[PkgName, Judgement]:
    """Tell what is known so far; what is not named is to come."""
    needs = {planned.pkgname: planned.needs for planned in plan if not planned.skip}
    done = needs.keys() if run.end else _up_to_date(needs, journal, present)
    verdicts = {name: Judgement(OutcomeKind.UP_TO_DATE) for name in done}
    failed = [name for name, entry in journal.items() if entry.word == "failed"]
    for name, culprit in _culprits(needs, failed).items():
        verdicts[name] = Judgement(OutcomeKind.BROKEN, culprit)
    for name, entry in journal.items():
        if entry.word == "built":
            verdicts[name] = Judgement(OutcomeKind.BUILT)
        elif entry.word == "failed":
            status = run.results[name].status if name in run.results else "failed"
            verdicts[name] = Judgement(_STATUS.get(status, OutcomeKind.FAILED), entry.detail)
        elif entry.word == "start" and not run.end:
            verdicts[name] = Judgement(OutcomeKind.BUILDING)
    return verdicts


def _culprits(
    needs: Mapping[PkgName, tuple[PkgName, ...]], failed: list[PkgName]
) -> dict[PkgName, PkgName]:
    """Give each package that waits for a failed one the first that failed, as summary.awk does."""
    dependents: dict[PkgName, list[PkgName]] = {}
    for name, needed in needs.items():
        for other in needed:
            dependents.setdefault(other, []).append(name)
    own = set(failed)
    culprits: dict[PkgName, PkgName] = {}
    for culprit in dict.fromkeys(failed):
        queue = [culprit]
        for name in queue:
            for user in dependents.get(name, ()):
                if user not in culprits and user not in own:
                    culprits[user] = culprit
                    queue.append(user)
    return culprits


def _up_to_date(
    needs: Mapping[PkgName, tuple[PkgName, ...]],
    journal: Mapping[PkgName, JournalEntry],
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
        if time is None or journal.get(name, _NOTHING).word not in ("", "built", "stopped"):
            continue
        if all(needed in good and present[needed] <= time for needed in needs.get(name, ())):
            good.add(name)
    return good
