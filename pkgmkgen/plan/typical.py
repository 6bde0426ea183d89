"""Typical build times, shipped with the package, and guesses for other packages.

The head of typical-times.txt describes its sources. Its lines are

    time NAME SECONDS       a package; NAME is a pkgbase without version of its interpreter
    factor FEATURE NUMBER   by how much a feature of a package multiplies a guess

A guess is the product of the factors of a package: one for all, one for its category, one for the
kind of its name (`p5-`, `py-`), one for each dependency, and their number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import pkgbase
from pkgmkgen.names import split_lines, split_words
from pkgmkgen.plan.durations import Observation, family, kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pkgmkgen.model import Resolved

COUNT = "count"
"""The feature whose factor is raised to the logarithm of 1 + the number of dependencies."""

LEAST_GUESS = 1.0
MOST_GUESS = 3600.0
"""Seconds: factors that multiply to more or less than this are not believed."""


@dataclass(frozen=True, slots=True)
class Typical:
    """The table: times as observations of builds, and the factors of a guess."""

    times: tuple[Observation, ...] = ()
    factors: Mapping[str, float] | None = None

    def guess(self, package: Resolved) -> float:
        """Return seconds for a package that nobody has built yet."""
        factors = self.factors or {}
        power = sum(
            weight * math.log(factors.get(feature, 1.0))
            for feature, weight in features(package).items()
        )
        return min(max(math.exp(power), LEAST_GUESS), MOST_GUESS)


def features(package: Resolved) -> dict[str, float]:
    """Return the features of a package, each with its weight."""
    path = package.item.pkg_location
    weights = {"all": 1.0, f"category/{path.partition('/')[0]}": 1.0}
    if name := kind(pkgbase(package.pkgname)):
        weights[f"kind/{name}"] = 1.0
    for dependency in package.depends:
        weights[f"needs/{family(pkgbase(dependency))}"] = 1.0
    weights[COUNT] = math.log1p(len(package.depends))
    return weights


def parse(text: str) -> Typical:
    """Read the table. ValueError: a line is none of the two; the file is ours, so that is a bug."""
    times: list[Observation] = []
    factors: dict[str, float] = {}
    for line in split_lines(text):
        if not line or line.startswith("#"):
            continue
        word, name, number = split_words(line)
        if word == "time":
            times.append(Observation(f"{name}-0", float(number)))
        elif word == "factor":
            factors[name] = float(number)
        else:
            raise ValueError(f"neither time nor factor: {line}")
    return Typical(tuple(times), factors)
