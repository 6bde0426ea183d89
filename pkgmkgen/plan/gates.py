"""Gates, which make plain make start the most urgent package when a slot is free.

GNU make walks its goals from the top; when all slots are taken it waits at the first ready target
it meets, however unimportant. bmake appends ready targets to the end of its queue. A gate is a
target without work. A package with slack gets a series of gates, and gates of packages with the
same hub follow each other, so that make meets few ready packages that are not urgent, and mostly
gates, at which waiting costs nothing. A gate of a package waits only for a dependency of that
package, direct or not, or for another gate: no failure delays a package that does not depend on
it. Pure, and independent of make's syntax.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pkgmkgen.model import PkgName
    from pkgmkgen.plan.critical_path import Levels

HOT = 0.05
"""Share of packages, those with the least slack, that get no gates."""

CROSS = 6
"""Most gates of other hubs that the first gate of a series waits for."""

BACK = 400
"""So many packages back those are looked for."""

_LONGEST = 24.0
"""Longest series in a build of `_AT` packages or less; larger builds get shorter ones ..."""

_AT = 1815
_WHOLE = 28_509
_SHORTEST = 8.0
"""... down to this for a build of `_WHOLE` packages: a gate costs make a millisecond."""


@dataclass(frozen=True, slots=True)
class Gates:
    """The series of gates that the package at `place` in the order of urgency waits for.

    It has `steps` gates, each waiting for the one before; the first waits for the package at
    `hub`, if any, and for the last gates of the packages at `after`. Without steps the package
    waits for its dependencies only.
    """

    place: int
    steps: int = 0
    hub: int | None = None
    after: tuple[int, ...] = ()


def gates(
    needs: Mapping[PkgName, Sequence[PkgName]],
    levels: Levels,
    order: Sequence[PkgName],
) -> tuple[Gates, ...]:
    """Return the gates of all packages of `order`, which has the most urgent first."""
    return _Gating(needs, levels, order).made()


class _Gating:
    """Makes the gates in one pass over the packages, the most urgent first."""

    def __init__(
        self,
        needs: Mapping[PkgName, Sequence[PkgName]],
        levels: Levels,
        order: Sequence[PkgName],
    ) -> None:
        self._order = order
        place = {name: i for i, name in enumerate(order)}
        ends = levels.ends
        self._hub = [
            place[max(needs[name], key=lambda needed: (ends[needed], needed))]
            if needs[name]
            else None
            for name in order
        ]
        self._steps = _steps(order, {name: levels.tl[name] + levels.bl[name] for name in order})
        self._above = self._hubs_above(
            [[place[needed] for needed in needs[name]] for name in order]
        )

    def _hubs_above(self, needs: list[list[int]]) -> list[int]:
        """By place, the hubs among all that the package needs, as a mask of bits by place."""
        hubs = {hub for hub, steps in zip(self._hub, self._steps, strict=True) if steps}
        self._bit = {hub: 1 << number for number, hub in enumerate(sorted(hubs - {None}))}  # type: ignore[type-var]
        above: list[int] = []
        for below in needs:
            mask = 0
            for needed in below:
                mask |= above[needed] | self._bit.get(needed, 0)
            above.append(mask)
        return above

    def made(self) -> tuple[Gates, ...]:
        """Return the gates."""
        latest: dict[int | None, tuple[int, int]] = {}  # by hub: turn and place, oldest first
        made: list[Gates] = []
        turn = 0
        for place, steps in enumerate(self._steps):
            if not steps:
                made.append(Gates(place))
                continue
            hub = self._hub[place]
            before = latest.pop(hub, None)
            after = [before[1]] if before else []
            if hub is not None:
                oldest = max(before[0] if before else -1, turn - 1 - BACK)
                after += self._cross(hub, oldest, latest)
            made.append(Gates(place, steps, None if before else hub, tuple(after)))
            latest[hub] = turn, place
            turn += 1
        return tuple(made)

    def _cross(self, hub: int, oldest: int, latest: dict[int | None, tuple[int, int]]) -> list[int]:
        """Return the latest gated packages of hubs above `hub`, back to the turn `oldest`."""
        places: list[int] = []
        above, covered = self._above[hub], 0
        for other, (turn, place) in reversed(latest.items()):
            if turn <= oldest or len(places) == CROSS:
                break
            if other is None:
                if not places:
                    places.append(place)
                break
            bit = self._bit[other]
            if above & bit and not covered & bit:
                places.append(place)
                covered |= bit | self._above[other]
        return places


def _steps(order: Sequence[PkgName], through: Mapping[PkgName, float]) -> list[int]:
    """Return lengths of series: none where there is no slack, the longest where there is most.

    `through` is the length of the longest path through a package, in seconds.
    """
    longest = max(through.values(), default=0.0)
    scale = _scale(len(order))
    by_slack = sorted(order, key=lambda name: (-through[name], name))
    steps = dict.fromkeys(order, 0)
    for number, name in enumerate(by_slack):
        if number >= int(HOT * len(order)):
            slack = 1 - through[name] / longest if longest else 1.0
            steps[name] = 1 + int(scale * number / len(order) * slack)
    return [steps[name] for name in order]


def _scale(count: int) -> float:
    """Return the longest series for a build of so many packages."""
    share = min(max((count - _AT) / (_WHOLE - _AT), 0.0), 1.0)
    return float(_LONGEST * (_SHORTEST / _LONGEST) ** share)
