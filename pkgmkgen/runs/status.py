"""The progress of a run, from a snapshot of its files and its machine. Pure."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.runs.expected_end import remaining
from pkgmkgen.runs.outcomes import Outcome, OutcomeKind, count
from pkgmkgen.timetext import local_time, span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgmkgen.runs.folder import Run

GOES_ON = ("running", "paused")
"""The states of a run that has not ended."""

_LATEST = 8
_OVERTIME = 0.2
"""A build that takes longer than last time is taken to need this part of its time still."""


@dataclass(frozen=True, slots=True)
class MachineState:
    """The observed machine: load averages, and MB free by directory; empty if unknown."""

    load: tuple[float, ...] = ()
    free_mb: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Building:
    """A package at work: its phase, since when, and how long it took last time (0: unknown)."""

    pkgname: PkgName
    phase: str
    since: float
    seconds: float
    last_time: float


@dataclass(frozen=True, slots=True)
class Status:
    """How far a run is at the moment `now`; times in seconds since 1970.

    `state`: running, paused, ended, halted, interrupted (^C or a signal), or gone when its make
    died without an end. `stopped` were being built when it was interrupted or died; `again` is the
    command that continues it. `counts` add up to `total`. `expected_end` is 0 if the run is over or
    nothing is known about build times.
    """

    run: str
    state: str
    halt: str
    host: str
    jobs: int
    now: float
    start: float
    end: float
    expected_end: float
    total: int
    counts: dict[str, int]
    building: tuple[Building, ...]
    failures: tuple[tuple[PkgName, str], ...]
    stopped: tuple[PkgName, ...]
    again: str
    load: tuple[float, ...]
    free_mb: tuple[tuple[str, int], ...]

    @property
    def done(self) -> int:
        """How many packages are settled, one way or another."""
        return self.total - self.counts["building"] - self.counts["not done"]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a status is made from: the run, the outcome of each package, the phases at work.

    `alive` says whether its make still runs; `durations` are seconds by pkgbase.
    """

    run: Run
    outcomes: tuple[Outcome, ...]
    phases: Mapping[PkgName, str]
    durations: Mapping[str, float]
    now: float
    machine: MachineState
    alive: bool = True


def status(seen: Snapshot) -> Status:
    """Return the progress of the run."""
    run, outcomes = seen.run, seen.outcomes
    running = seen.alive and not run.end
    going = "paused" if run.paused else "running"
    ended = "interrupted" if run.interrupted else "ended"
    state = "halted" if run.halt else ended if run.end else going if running else "gone"
    at_work = [outcome for outcome in outcomes if outcome.kind is OutcomeKind.BUILDING]
    counts = {word.value: number for word, number in count(outcomes).items()}
    stopped = () if running or state == "halted" else _stopped(run)
    if not running:  # what was at work when make died is at work no more
        counts["not done"] += counts["building"]
        counts["building"] = 0
        at_work = []
    bad = sorted(
        (outcome for outcome in outcomes if outcome.kind.bad), key=lambda outcome: -outcome.end
    )
    return Status(
        run=run.name,
        state=state,
        halt=run.halt,
        host=run.facts.get("HOST", ""),
        jobs=run.jobs,
        now=seen.now,
        start=run.start,
        end=run.end,
        expected_end=_expected_end(seen, at_work) if running else 0.0,
        total=len(outcomes),
        counts=counts,
        building=tuple(
            sorted(
                (_building(seen, outcome) for outcome in at_work), key=lambda package: package.since
            )
        ),
        failures=tuple((outcome.pkgname, outcome.summary) for outcome in bad[:_LATEST]),
        stopped=stopped,
        again=run.facts.get("AGAIN", ""),
        load=seen.machine.load,
        free_mb=seen.machine.free_mb,
    )


def status_json(current: Status) -> dict[str, object]:
    """Return the status as plain values."""
    return {**asdict(current), "done": current.done}


def status_text(current: Status, width: int = 80) -> str:
    """Print a status on one page for people.

    No line but the command that continues the run is longer than `width`.
    """
    lines = [
        f"{current.run} on {current.host or '?'}, -j {current.jobs or '?'}: {current.state}",
        *_times(current).split("\n"),
        _bar(current, width),
        ", ".join(f"{n} {word}" for word, n in current.counts.items() if n) or "no packages",
    ]
    if current.halt:
        lines += ["", "halted: " + current.halt.replace("\n", "\n  ")]
    lines += what_now(current)
    if current.building:
        room = max(min(width, 100) - 33, 12)
        lines += ["", f"{'building':{room}} {'phase':10} {'for':>9} {'last time':>10}"]
    for package in current.building:
        last = span(package.last_time) if package.last_time else "-"
        name = f"{package.pkgname[:room]:{room}}"
        lines.append(f"{name} {package.phase:10} {span(package.seconds):>9} {last:>10}")
    if current.failures:
        lines += ["", "latest failures"]
        lines += [f"  {name}: {text}" for name, text in current.failures]
    free = ", ".join(f"{mb / 1024:.1f} GB on {where}" for where, mb in current.free_mb)
    load = " ".join(f"{average:.2f}" for average in current.load)
    lines += ["", *([f"load {load}"] if load else []), *([f"free {free}"] if free else [])]
    cut = (
        line if len(line) <= width or line.startswith(_GO_ON) else line[: width - 1] + ">"
        for line in lines
    )
    return "\n".join(cut).rstrip() + "\n"


def what_now(current: Status) -> list[str]:
    """Say of a run that came to no good end what happened, and what continues it."""
    if current.state not in _HAPPENED:
        return []
    lines = ["", _HAPPENED[current.state]] if _HAPPENED[current.state] else []
    if current.stopped:
        more = ", ..." if len(current.stopped) > _LATEST else ""
        lines.append(f"at work then: {', '.join(current.stopped[:_LATEST])}{more}")
    return [*lines, f"{_GO_ON}{current.again or 'the same make command'}"]


_GO_ON = "to go on: "
_HAPPENED = {
    "interrupted": "make was interrupted (^C or a signal)",
    "gone": "make died without a word (kill -9, or the machine went down)",
    "halted": "",
}


def _stopped(run: Run) -> tuple[PkgName, ...]:
    """Return the packages whose builds began and came to no end."""
    last = {event.pkgname: event.word for event in run.events}
    return tuple(name for name, word in last.items() if word in ("start", "stopped"))


def _times(current: Status) -> str:
    text = f"since {local_time(current.start)}"
    if current.end:
        return f"{text}, ended {local_time(current.end)} after {span(current.end - current.start)}"
    text += f", {span(current.now - current.start)} ago"
    if current.expected_end:
        left = span(current.expected_end - current.now)
        return f"{text}\nexpected end {local_time(current.expected_end)}, in {left}"
    return text


def _bar(current: Status, width: int) -> str:
    share = current.done / current.total if current.total else 0.0
    text = f" {current.done} of {current.total} ({share:.0%})"
    room = max(min(width, 100) - len(text) - 2, 10)
    full = int(room * share)
    return f"[{'#' * full}{'.' * (room - full)}]{text}"


def _building(seen: Snapshot, outcome: Outcome) -> Building:
    last = seen.durations.get(pkgbase(outcome.pkgname), 0.0)
    phase = seen.phases.get(outcome.pkgname, "")
    return Building(outcome.pkgname, phase, outcome.start, max(seen.now - outcome.start, 0.0), last)


def _expected_end(seen: Snapshot, at_work: list[Outcome]) -> float:
    """Return when the build will end; 0 if no build time is known."""
    known, planned = seen.durations, seen.run.estimates
    if not known and not planned:
        return 0.0
    usual = statistics.median(known.values() or planned.values())
    open_ = [
        outcome
        for outcome in seen.outcomes
        if outcome.kind in (OutcomeKind.BUILDING, OutcomeKind.LEFT)
    ]
    seconds = {
        outcome.pkgname: known.get(pkgbase(outcome.pkgname))
        or planned.get(outcome.pkgname)
        or usual
        for outcome in open_
    }
    building = {
        outcome.pkgname: max(
            seconds[outcome.pkgname] - (seen.now - outcome.start),
            _OVERTIME * (seen.now - outcome.start),
        )
        for outcome in at_work
    }
    needs = {outcome.pkgname: outcome.needs for outcome in open_}
    slots = seen.run.jobs or len(building) or 1
    return seen.now + remaining(needs, seconds, building, slots)
