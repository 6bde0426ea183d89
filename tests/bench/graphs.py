"""The real graphs and durations that the benchmarks of the schedule share."""

from __future__ import annotations

import csv
import math
import os
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.plan import gates
from pkgmkgen.plan.critical_path import levels
from pkgmkgen.simulate import makes as simulate


def data(name: str) -> Path:
    """Return a file of the data folder; ends the program if it is not there."""
    path = Path(os.environ.get("PKGMKGEN_DATA", "/nowhere"), name)
    if not path.exists():
        sys.stderr.write(f"{name}: not found; PKGMKGEN_DATA must name the folder that has it\n")
        sys.exit(69)
    return path


def lines(name: str) -> list[str]:
    """Return the lines of a compressed file of the data folder."""
    done = subprocess.run(["zstd", "-dcq", data(name)], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@dataclass(frozen=True)
class Build:
    """A graph, how long its packages really take, and what is known of that beforehand."""

    needs: dict[PkgName, tuple[PkgName, ...]]
    real: dict[PkgName, float]
    known: dict[PkgName, float]

    def critical(self) -> float:
        """Return the length of the critical path."""
        return max(levels(self.needs, self.real).bl.values())

    def bound(self, slots: int) -> float:
        """Return what no schedule can beat."""
        return max(self.critical(), sum(self.real.values()) / slots)

    def hardest(self) -> int:
        """Return the number of slots at which work and critical path take equally long."""
        return max(1, round(sum(self.real.values()) / self.critical()))

    def noisy(self, sigma: float, rng: random.Random) -> Build:
        """Return the same, known with lognormal noise."""
        known = {name: self.real[name] * math.exp(rng.gauss(0, sigma)) for name in self.real}
        return Build(self.needs, self.real, known)

    def permuted(self, rng: random.Random) -> Build:
        """Return the same with the durations dealt out anew among the packages."""
        values = list(self.real.values())
        rng.shuffle(values)
        real = dict(zip(self.real, values, strict=True))
        return Build(self.needs, real, real)

    def ratios(self, slots: int, gate: float = simulate.GATE_SECONDS) -> dict[str, float]:
        """Return makespan over lower bound by each rule, `gate` being the seconds of a gate.

        ninja schedules by critical path, too, but counts packages and not seconds.
        """
        chain = levels(self.needs, dict.fromkeys(self.needs, 1.0))
        found = levels(self.needs, self.known)
        order = sorted(self.needs, key=lambda name: (-found.bl[name], name))
        place = {name: number for number, name in enumerate(order)}
        needs = [[place[one] for one in self.needs[name]] for name in order]
        seconds = [self.real[name] for name in order]
        series = gates.gates(self.needs, found, order)
        plain = simulate.plain(needs, seconds)
        gated = simulate.gated(needs, seconds, series, gate)
        made = {
            "list": simulate.list_schedule(plain, [found.bl[name] for name in order], slots),
            "ninja": simulate.list_schedule(plain, [chain.bl[name] for name in order], slots),
            "sorted": simulate.gnu_make(plain, slots),
            "make": simulate.gnu_make(gated, slots),
            "bmake": simulate.bmake(gated, slots),
        }
        return {rule: one.makespan / self.bound(slots) for rule, one in made.items()}


def history() -> dict[str, float]:
    """Return the seconds of the successful builds of the history."""
    rows = csv.DictReader(lines("bulk-large.history.csv.zst"))
    return {r["pkgname"]: int(r["duration"]) / 1000 for r in rows if r["outcome"] == "success"}


def bulk_large() -> Build:
    """Return the build of 1,815 packages that really happened; without a row: the median."""
    known = history()
    by_base = {pkgbase(PkgName(name)): seconds for name, seconds in known.items()}
    middle = sorted(known.values())[len(known) // 2]
    return _build(
        "bulk-large.depgraph.zst",
        lambda name: known.get(name) or by_base.get(pkgbase(name), middle),
    )


def whole_tree() -> Build:
    """Return the whole tree; packages that the history does not know draw a duration from it."""
    known = history()
    by_base = {pkgbase(PkgName(name)): seconds for name, seconds in known.items()}
    pool, rng = sorted(known.values()), random.Random(1)
    return _build(
        "pkgsrc-2026.depgraph.zst",
        lambda name: known.get(name) or by_base.get(pkgbase(name)) or rng.choice(pool),
    )


def _build(graph: str, seconds) -> Build:
    needs: dict[PkgName, set[PkgName]] = {}
    for line in lines(graph):
        below, name = map(PkgName, line.strip().split(" -> "))
        needs.setdefault(name, set()).add(below)
        needs.setdefault(below, set())
    real = {name: seconds(name) for name in sorted(needs)}
    return Build({name: tuple(sorted(needs[name])) for name in sorted(needs)}, real, real)
