"""Makes pkgmkgen/plan/typical-times.txt: how long packages typically build.

    PKGMKGEN_DATA=/path/to/data python tests/bench/make_typical_times.py LFS BLFS \
        > pkgmkgen/plan/typical-times.txt

LFS and BLFS are git clones of the books Linux From Scratch and Beyond Linux From Scratch. Times
of pkgsrc packages are from the history of a real bulk build in the data folder; those of others
from the SBU figures of the books, fitted to the packages that both know. The factors of a guess
are a ridge regression of the logarithm of the history's times on the features of a package.
"""

from __future__ import annotations

import math
import re
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from graphs import data, history

from pkgmkgen import pipeline
from pkgmkgen.index.source import Source
from pkgmkgen.machine import unzstd
from pkgmkgen.model import pkgbase
from pkgmkgen.plan.durations import Observation, family, stem
from pkgmkgen.plan.typical import Typical, features

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgmkgen.model import Resolved

TREE = "pkgsrc-2026.pscan.zst"
BUILD = "bulk-large.pscan.zst"

PENALTY = 3.0
"""How strongly a factor is drawn to 1."""

SEEN = 6
"""A feature of fewer packages has no factor."""

SMALL = 30.0
"""Seconds that pkgsrc spends on a package whatever its size."""

JOBS = 4
"""Most MAKE_JOBS in the history; the books' times with other numbers are made like it."""

HEAD = """\
Typical build times, made by tests/bench/make_typical_times.py. Facts from
- the history of a bulk build of 1,815 packages on NetBSD (MAKE_JOBS up to 4), part of the test
  data of bob, https://github.com/jperkin/bob, copyright Jonathan Perkin, ISC licence;
- the build times (SBU) in the books Linux From Scratch and Beyond Linux From Scratch,
  https://www.linuxfromscratch.org, fitted to the packages that both know.
time NAME SECONDS; factor FEATURE NUMBER: see typical.py.""".splitlines()


@dataclass(frozen=True)
class Sbu:
    """A build time in a book, in SBU, and whether JOBS processors shared the work."""

    number: float
    parallel: bool


def books(folders: list[str]) -> dict[str, Sbu]:
    """Return the times of the books by package name in lower case."""
    found: dict[str, Sbu] = {}
    for folder in folders:
        argv = ["git", "-C", folder, "grep", "-hE", "ENTITY +[^ ]+-(time|fin-sbu) ", "HEAD"]
        text = subprocess.run(argv, capture_output=True, check=True).stdout.decode(
            "utf-8", "replace"
        )
        for name, value in re.findall(r'ENTITY +([\w+.-]+?)-(?:time|fin-sbu) +"([^"]*)"', text):
            number = re.search(r"(\d+(?:\.\d+)?)\s*SBU", value)
            if number:
                share = 0.5 if re.search("less|&lt|Less", value) else 1.0
                jobs = re.search(r"parallelism ?= ?(\d+)|-j(\d+)|(\d+)-core", value.lower())
                many = int(next(filter(None, jobs.groups()))) / JOBS if jobs else 1.0
                sbu = float(number[1]) * share * many
                found.setdefault(name.lower(), Sbu(sbu, jobs is not None))
    return found


def book_name(base: str, found: dict[str, Sbu]) -> str:
    """Return the name by which a book knows a pkgbase, empty if it does not."""
    name = stem(base)
    bare = re.sub(r"-(libs|base|server|client)$", "", name)
    module = re.sub(r"^(py|p5|r|ruby|lua)-", "", name)
    return next((one for one in (name, bare, bare.rstrip("+"), module) if one in found), "")


def fitted(found: dict[str, Sbu], known: dict[str, float]) -> dict[str, float]:
    """Return the books' times in seconds, by the median of the packages known to both."""
    pairs = [
        (found[name], seconds)
        for base, seconds in known.items()
        if (name := book_name(base, found))
    ]
    rate = {
        parallel: median(
            max(seconds - SMALL, 1.0) / sbu.number
            for sbu, seconds in pairs
            if sbu.parallel == parallel and sbu.number >= 1
        )
        for parallel in (False, True)
    }
    return {name: SMALL + rate[sbu.parallel] * sbu.number for name, sbu in found.items()}


def packages(name: str) -> dict[str, Resolved]:
    """Return the packages of a scan by PKGNAME."""
    with Source(name, data(name).open("rb"), unzstd) as source:
        return {p.pkgname: p for p in pipeline.bind(source, ()).resolution.packages}


def fit(rows: list[tuple[dict[str, float], float]]) -> dict[str, float]:
    """Return the factors that explain seconds by features, by coordinate descent."""
    columns: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, (row, _) in enumerate(rows):
        for feature, weight in row.items():
            columns[feature].append((number, weight))
    columns = {name: column for name, column in sorted(columns.items()) if len(column) >= SEEN}
    power = dict.fromkeys(columns, 0.0)
    rest = [math.log(seconds) for _, seconds in rows]
    for _ in range(60):
        for name, column in columns.items():
            square = sum(weight * weight for _, weight in column)
            pull = sum(rest[number] * weight for number, weight in column) + power[name] * square
            new = pull / (square + (0.0 if name == "all" else PENALTY))
            for number, weight in column:
                rest[number] -= (new - power[name]) * weight
            power[name] = new
    return {name: math.exp(value) for name, value in power.items()}


def table(known: dict[str, float], tree: set[str], folders: list[str]) -> Typical:
    """Return the table of what is known by PKGNAME, and of the books for pkgbases of `tree`."""
    scanned = packages(BUILD)
    times: dict[str, list[float]] = defaultdict(list)
    for pkgname, seconds in known.items():
        times[family(pkgbase(pkgname))].append(seconds)
    means = {name: sum(values) / len(values) for name, values in times.items()}
    found = books(folders)
    taken = {stem(name) for name in means}
    fit_seconds = fitted(found, {pkgbase(name): value for name, value in known.items()})
    for base in sorted(tree):
        name = book_name(base, found)
        if name and stem(base) not in taken:
            means.setdefault(stem(base), fit_seconds[name])
    rows = [(features(scanned[name]), value) for name, value in known.items() if name in scanned]
    return Typical(tuple(Observation(f"{n}-0", s) for n, s in sorted(means.items())), fit(rows))


def main() -> int:
    """Print the table."""
    if len(sys.argv) != 3:
        sys.stderr.write("usage: make_typical_times.py LFS BLFS\n")
        return 2
    tree = {pkgbase(name) for name in packages(TREE)}
    sys.stdout.write(dump(table(history(), tree, sys.argv[1:]), HEAD))
    return 0


def dump(table: Typical, head: Iterable[str]) -> str:
    """Print the table under a head of comments."""
    lines = [f"# {line}".rstrip() for line in head]
    lines += [f"time {pkgbase(one.pkgname)} {one.seconds:.0f}" for one in table.times]
    lines += [f"factor {name} {number:.3f}" for name, number in (table.factors or {}).items()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
