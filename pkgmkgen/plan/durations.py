"""Estimate build times: from results, from history, from a table, else guessed.

Pure. Only successful builds count, recent ones most. A package that was never built in this
version takes the time of its other versions, then that of the same module for other interpreters
(`py313-x` for `py312-x`), then that of other major versions (`gcc14` for `gcc12`). Times of
another machine are scaled to those of the source before it: those of packages that are not safe to
build with more than one job (MAKE_JOBS_SAFE=no) by such packages alone, since another MAKE_JOBS
makes no difference to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pkgmkgen.model import pkgbase

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from pkgmkgen.model import PkgName
    from pkgmkgen.plan.parts import Parts

FALLBACK = 60.0
"""Assumed build time, in seconds, of a package of which nothing is known."""

LEAST = 0.1
"""Minimum: a time of 0 would hide a package from the schedule."""

COMMON = 10
"""Number of packages that two sources must share before one is scaled to the other."""

_VARIANT = re.compile(r"^(py|php|ruby|lua|apache|mysql|mariadb|postgresql)[0-9]+(?=-)")
_MAJOR = re.compile(r"(?<=[A-Za-z+])[0-9.]+$")


class Origin(Enum):
    """The source of a duration; the value is the word for people."""

    RESULT = "result"
    HISTORY = "history"
    TABLE = "table"
    GUESS = "guess"


class Observation(NamedTuple):
    """A successful build: its wall-clock seconds and when it was, in seconds since 1970.

    `parts` says what more jobs would make shorter, None if that is unknown.
    """

    pkgname: str
    seconds: float
    when: float = 0.0
    parts: Parts | None = None


@dataclass(frozen=True, slots=True)
class Duration:
    """What a build is expected to take; `parts`: see Observation."""

    seconds: float
    origin: Origin
    parts: Parts | None = None


Past = tuple[tuple[Origin, tuple[Observation, ...]], ...]
"""Durations of earlier builds, the most trusted source first."""


def durations(
    packages: Iterable[PkgName],
    past: Past,
    guess: Mapping[PkgName, float],
    serial: Collection[PkgName] = (),
) -> dict[PkgName, Duration]:
    """Return the durations of all packages; `guess` is for those that no source knows.

    `serial` are the packages that build with one job whatever MAKE_JOBS is.
    """
    open_ = sorted(packages)
    durations: dict[PkgName, Duration] = {}
    for origin, observations in past:
        known = _Known(observations)
        usual, one_job = _scales(durations, known.seconds, serial)
        for name in open_:
            if name not in durations and (seconds := known.seconds(name)):
                scale = one_job if name in serial else usual
                durations[name] = _duration(seconds * scale, origin, known.parts(name))
    usual, one_job = _scales(durations, lambda name: guess.get(name, 0.0), serial)
    for name in open_:
        if name not in durations:
            scale = one_job if name in serial else usual
            durations[name] = _duration(guess.get(name, FALLBACK) * scale, Origin.GUESS)
    return durations


def family(base: str) -> str:
    """Return a pkgbase without the version of its interpreter or server: `py-x` for `py313-x`."""
    return _VARIANT.sub(r"\1", base)


def stem(base: str) -> str:
    """Return what different major versions of a package share: `gcc` for `gcc14`."""
    return _MAJOR.sub("", family(base)).lower()


def kind(base: str) -> str:
    """Return the kind of a module, `py` for `py313-x`, `p5` for `p5-x`; empty for others."""
    if base.startswith("p5-"):
        return "p5"
    variant = _VARIANT.match(base)
    return variant[1] if variant else base[:1] if base.startswith("R-") else ""


class _Known:
    """Answers for one source, by PKGNAME, else pkgbase, else family, else stem."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        recent = sorted(observations, key=lambda build: (-build.when, build.pkgname, build.seconds))
        keys: tuple[Callable[[str], str], ...] = (
            str,
            pkgbase,
            lambda name: family(pkgbase(name)),
            lambda name: stem(pkgbase(name)),
        )
        self._levels = [(key, _by(key, recent)) for key in keys]
        self._parts = [
            {key(build.pkgname): build.parts for build in reversed(recent) if build.parts}
            for key in keys
        ]
        self._keys = keys

    def seconds(self, pkgname: str) -> float:
        """Return the seconds of a package, 0 if the source does not know it."""
        for key, means in self._levels:
            if seconds := means.get(key(pkgname)):
                return seconds
        return 0.0

    def parts(self, pkgname: str) -> Parts | None:
        """Return the parts of a package, None if the source does not know them."""
        found = (
            parts.get(key(pkgname)) for key, parts in zip(self._keys, self._parts, strict=True)
        )
        return next(filter(None, found), None)


def _by(key: Callable[[str], str], recent: Iterable[Observation]) -> dict[str, float]:
    """Return means by key; a build counts twice as much as the one before it."""
    sums: dict[str, tuple[float, float, float]] = {}  # seconds, weights, weight of the next
    for build in recent:
        name = key(build.pkgname)
        seconds, weights, weight = sums.get(name, (0.0, 0.0, 1.0))
        sums[name] = seconds + weight * build.seconds, weights + weight, weight / 2
    return {name: seconds / weights for name, (seconds, weights, _) in sums.items() if weights}


def _scales(
    durations: Mapping[PkgName, Duration],
    other: Callable[[PkgName], float],
    serial: Collection[PkgName],
) -> tuple[float, float]:
    """Return by how much another source's seconds must be multiplied to be like those found.

    The second number is for `serial` packages; too few of these are scaled as all others are.
    """
    ratios: tuple[list[float], list[float]] = [], []
    for name, ours in durations.items():
        if (theirs := other(name)) > 0 and ours.seconds > 0:
            ratios[name in serial].append(ours.seconds / theirs)
    usual = _middle(ratios[0] if len(ratios[0]) >= COMMON else ratios[0] + ratios[1], 1.0)
    return usual, _middle(ratios[1], usual)


def _middle(ratios: Sequence[float], otherwise: float) -> float:
    return median(ratios) if len(ratios) >= COMMON else otherwise


def _duration(seconds: float, origin: Origin, parts: Parts | None = None) -> Duration:
    return Duration(round(max(seconds, LEAST), 1), origin, parts)
