"""What the live page of a run shows beside its status: what comes next, results, curves. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.runs.expected_end import ends
from pkgmkgen.runs.outcomes import OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgmkgen.model import PkgName
    from pkgmkgen.runs.outcomes import Outcome
    from pkgmkgen.runs.status import Snapshot

_POINTS = 200
_RECENT = 15
_NOT_PLANNED = (OutcomeKind.UP_TO_DATE, OutcomeKind.SKIPPED, OutcomeKind.UNRESOLVED)

Curve = tuple[tuple[float, int], ...]
"""How many packages are done at so many seconds since the start."""


@dataclass(frozen=True, slots=True)
class Live:
    """The queue, the latest results and the progress of a run.

    `ready` are packages whose dependencies are there, the most urgent first; `waiting` is the
    number of those that wait for others; `failures` and `recent` are the latest first. `done` is
    how many packages had their result when, `planned` when bulk.mk expected that.
    """

    ready: tuple[PkgName, ...]
    waiting: int
    recent: tuple[Outcome, ...]
    failures: tuple[Outcome, ...]
    done: Curve
    planned: Curve


def live(seen: Snapshot) -> Live:
    """Return what the page shows."""
    kinds = {outcome.pkgname: outcome.kind for outcome in seen.outcomes}
    open_ = [outcome for outcome in seen.outcomes if outcome.kind is OutcomeKind.LEFT]
    ready = tuple(
        outcome.pkgname
        for outcome in open_
        if all(kinds[need].good for need in outcome.needs if need in kinds)
    )
    ended = sorted(
        (outcome for outcome in seen.outcomes if outcome.end and outcome.kind in _RESULTS),
        key=lambda outcome: outcome.end,
    )
    start = seen.run.start
    return Live(
        ready=ready,
        waiting=len(open_) - len(ready),
        recent=tuple(reversed(ended[-_RECENT:])),
        failures=tuple(outcome for outcome in reversed(ended) if outcome.kind.bad),
        done=_counted([max(outcome.end - start, 0.0) for outcome in ended]),
        planned=_planned(seen),
    )


_RESULTS = (OutcomeKind.BUILT, OutcomeKind.FAILED, OutcomeKind.TIMED_OUT, OutcomeKind.KILLED)


def _planned(seen: Snapshot) -> Curve:
    estimates = seen.run.estimates
    planned = [outcome for outcome in seen.outcomes if outcome.kind not in _NOT_PLANNED]
    if not estimates or not planned:
        return ()
    needs = {outcome.pkgname: outcome.needs for outcome in planned}
    seconds = {name: estimates.get(name, 0.0) for name in needs}
    return _counted(ends(needs, seconds, {}, seen.run.jobs or 1))


def _counted(times: Sequence[float]) -> Curve:
    """Count the times; of many only every so-manyth, and the last."""
    step = max(len(times) // _POINTS, 1)
    points = [(when, number) for number, when in enumerate(times, 1)]
    return ((0.0, 0), *points[::step], *points[-1:]) if points else ()
