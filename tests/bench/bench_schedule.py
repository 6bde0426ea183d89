"""How good the schedule is, simulated: makespan over the lower bound, by rule and by what is known.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_schedule.py [LFS BLFS]

Columns: list scheduling by critical path; bulk.mk under GNU make; the same under bmake; sorted
make without gates. bench_real_make.py checks the models against real makes. With git clones of
the two books, also schedules from tables of typical times that know nothing of the packages they
are tried on: of the books alone, and of the other four fifths of the history, book rows of the
tested packages taken out.
"""

from __future__ import annotations

import random
import sys
from typing import TYPE_CHECKING

import make_typical_times as maker
from graphs import Build, bulk_large, history, whole_tree

from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.plan.durations import Origin, durations, stem
from pkgmkgen.plan.typical import Typical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgmkgen.model import Resolved

RULES = ("list", "make", "bmake", "sorted")
SLOTS = (4, 6, 8, 12, 16, 32)
FOLDS = 5


def show(title: str, rows: Iterable[dict[str, float]]) -> None:
    """Print the mean and the worst of some ratios, and the mean over list scheduling."""
    found = list(rows)
    cells = []
    for rule in RULES:
        values = [row[rule] for row in found]
        mean = sum(values) / len(values)
        cells.append(f"{mean:.4f}" + (f" ({max(values):.3f})" if len(values) > 1 else ""))
    over = sum(row["make"] / row["list"] for row in found) / len(found)
    print(f"{title:34}" + "".join(f"{cell:>17}" for cell in cells) + f"{over:12.4f}", flush=True)


def draws(real: Build, sigma: float) -> Iterable[dict[str, float]]:
    """Yield ratios of 20 builds whose durations are permuted, each with its hardest -j."""
    for seed in range(1, 21):
        rng = random.Random(seed)
        drawn = real.permuted(rng)
        yield (drawn.noisy(sigma, rng) if sigma else drawn).ratios(drawn.hardest())


def by_table(real: Build, table: Typical, scanned: dict[str, Resolved]) -> dict[str, float]:
    """Return durations by a table alone."""
    guesses = {name: table.guess(scanned[name]) for name in real.needs}
    found = durations(real.needs, ((Origin.TABLE, table.times),), guesses)
    return {name: one.seconds for name, one in found.items()}


def folded(real: Build, seed: int, folders: list[str], scanned: dict[str, Resolved]) -> Build:
    """Return the build, each package known by a table made without it and its likes."""
    rng = random.Random(seed)
    stems = sorted({stem(pkgbase(name)) for name in real.needs})
    fold = {name: rng.randrange(FOLDS) for name in stems}
    known: dict[PkgName, float] = {}
    for number in range(FOLDS):
        past = {n: s for n, s in history().items() if fold.get(stem(pkgbase(n))) != number}
        made = maker.table(past, {pkgbase(name) for name in real.needs}, folders)
        times = [one for one in made.times if fold.get(stem(pkgbase(one.pkgname))) != number]
        found = by_table(real, Typical(tuple(times), made.factors), scanned)
        known |= {PkgName(n): s for n, s in found.items() if fold[stem(pkgbase(n))] == number}
    return Build(real.needs, real.real, known)


def unknown(real: Build, folders: list[str]) -> None:
    """Print what comes of knowing nothing, and of tables made from other packages."""
    scanned = maker.packages(maker.BUILD)
    nothing = Build(real.needs, real.real, dict.fromkeys(real.real, 60.0))
    show("nothing known, -j 6, 8", (nothing.ratios(slots) for slots in (6, 8)))
    book = maker.books(folders)
    found = maker.fitted(book, {pkgbase(name): one for name, one in history().items()})
    seconds = {name: found.get(maker.book_name(pkgbase(name), book), 60.0) for name in real.needs}
    known = Build(real.needs, real.real, seconds)
    for slots in SLOTS:
        show(f"books alone, -j {slots}", [known.ratios(slots)])
    builds = [folded(real, seed, folders, scanned) for seed in range(5)]
    for slots in (*SLOTS, real.hardest()):
        show(f"other packages, 5 folds, -j {slots}", (one.ratios(slots) for one in builds))


def main() -> int:
    """Print the table."""
    real = bulk_large()
    print(" " * 34 + "".join(f"{rule:>17}" for rule in RULES) + f"{'make/list':>12}")
    for slots in SLOTS:
        show(f"history, -j {slots}", [real.ratios(slots)])
    for slots in SLOTS:
        noisy = [real.noisy(0.6, random.Random(seed)) for seed in range(8)]
        show(f"noise 0.6, 8 seeds, -j {slots}", (one.ratios(slots) for one in noisy))
    show("permuted, 20 draws", draws(real, 0.0))
    show("permuted, noise 0.6, 20 draws", draws(real, 0.6))
    if len(sys.argv) == 3:
        unknown(real, sys.argv[1:])
    whole = whole_tree()
    for slots in (16, 64, 115, 128):
        show(f"whole tree, -j {slots}", [whole.ratios(slots)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
