"""What is different between two runs. Pure.

A package is the same package when its pkgbase and its directory are: a new version is no new
package. Where a run has two of them, their PKGNAMEs tell them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import pkgbase
from pkgmkgen.runs.outcomes import Outcome, OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_SLOWER = 1.5
_SLOWER_SECONDS = 30.0
_OPEN = (OutcomeKind.BUILDING, OutcomeKind.LEFT)


@dataclass(frozen=True, slots=True)
class Change:
    """A package then and now; one of them is None if a run does not have it."""

    then: Outcome | None
    now: Outcome | None

    @property
    def pkgname(self) -> str:
        """The newer PKGNAME."""
        newer = self.now or self.then
        return newer.pkgname if newer else ""


@dataclass(frozen=True, slots=True)
class Changes:
    """All that differs, each sorted by PKGNAME.

    `broken`: there was a package, now there is none; `fixed`: the other way; `otherwise`: fails
    still, in another way (phase, kind of reason or culprit); `added`, `removed`: in one run only;
    `times`: took half as long again or more, or less, by at least half a minute. What a run did
    not get to is in none of them.
    """

    broken: tuple[Change, ...]
    fixed: tuple[Change, ...]
    otherwise: tuple[Change, ...]
    added: tuple[Change, ...]
    removed: tuple[Change, ...]
    times: tuple[Change, ...]


def pairs(then: Iterable[Outcome], now: Iterable[Outcome]) -> tuple[Change, ...]:
    """Return every package of two runs, by PKGNAME."""
    before, after = list(then), list(now)
    twice = _twice(before) | _twice(after)
    old = {_key(outcome, twice): outcome for outcome in before}
    new = {_key(outcome, twice): outcome for outcome in after}
    changes = [Change(old.get(key), new.get(key)) for key in old.keys() | new.keys()]
    return tuple(sorted(changes, key=lambda change: change.pkgname))


def changes(then: Iterable[Outcome], now: Iterable[Outcome]) -> Changes:
    """Compare two runs."""
    every = pairs(then, now)
    both = [(c, c.then, c.now) for c in every if c.then and c.now]
    known = [(c, a, b) for c, a, b in both if a.kind not in _OPEN and b.kind not in _OPEN]
    return Changes(
        broken=tuple(c for c, a, b in known if a.kind.good and not b.kind.good),
        fixed=tuple(c for c, a, b in known if b.kind.good and not a.kind.good),
        otherwise=tuple(
            c for c, a, b in known if not a.kind.good and not b.kind.good and _way(a) != _way(b)
        ),
        added=tuple(c for c in every if c.then is None),
        removed=tuple(c for c in every if c.now is None),
        times=tuple(c for c, a, b in known if _other_time(a, b)),
    )


def changes_text(changes: Changes) -> str:
    """Print changes, a block a kind."""
    blocks = (
        ("newly broken", changes.broken),
        ("newly fixed", changes.fixed),
        ("fails in another way", changes.otherwise),
        ("added", changes.added),
        ("removed", changes.removed),
    )
    lines: list[str] = []
    for title, some in blocks:
        if some:
            lines.append(f"{title}: {len(some)}")
            lines += [f"  {_line(change)}" for change in some]
    if changes.times:
        lines.append(f"other build times: {len(changes.times)}")
        for change in sorted(changes.times, key=_difference, reverse=True):
            then, now = change.then, change.now
            if then and now:
                lines.append(f"  {change.pkgname}: {then.seconds:.0f} s, now {now.seconds:.0f} s")
    return "\n".join(lines or ["no difference"]) + "\n"


def _line(change: Change) -> str:
    then, now = change.then, change.now
    if then and now:
        older = f" (was {then.pkgname})" if then.pkgname != now.pkgname else ""
        if then.kind.good == now.kind.good:
            return f"{now.pkgname}{older}: {then.summary} -> {now.summary}"
        return f"{now.pkgname}{older}: {now.summary if not now.kind.good else then.summary}"
    only = now or then
    return f"{only.pkgname}: {only.summary}" if only else ""


def _twice(outcomes: list[Outcome]) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    twice: set[tuple[str, str]] = set()
    for outcome in outcomes:
        key = pkgbase(outcome.pkgname), outcome.pkgpath
        (twice if key in seen else seen).add(key)
    return twice


def _key(outcome: Outcome, twice: set[tuple[str, str]]) -> tuple[str, str]:
    key = pkgbase(outcome.pkgname), outcome.pkgpath
    return (outcome.pkgname, outcome.pkgpath) if key in twice else key


def _way(outcome: Outcome) -> tuple[OutcomeKind, str, str, str]:
    """Return how a package fails, without what changes from day to day: lines, versions, paths."""
    return outcome.kind, outcome.phase, outcome.reason.partition(": ")[0], pkgbase(outcome.culprit)


def _difference(change: Change) -> float:
    return abs(change.now.seconds - change.then.seconds) if change.then and change.now else 0.0


def _other_time(then: Outcome, now: Outcome) -> bool:
    if not (then.kind is now.kind is OutcomeKind.BUILT):
        return False
    short, long = sorted((then.seconds, now.seconds))
    return long > _SLOWER * short and long - short > _SLOWER_SECONDS
