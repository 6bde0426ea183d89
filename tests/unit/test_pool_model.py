"""The model of one pool of jobs: builds whose times can be counted by hand, and the real one."""

from __future__ import annotations

import csv
import functools
import os
import subprocess
from pathlib import Path

import pytest
from worlds import resolved

from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.plan.durations import Duration, Observation, Origin
from pkgmkgen.plan.parts import Parts, split
from pkgmkgen.plan.planner import Plan, plan
from pkgmkgen.simulate.forecast import forecast, forecast_text
from pkgmkgen.simulate.pool import PoolModel

DATA = Path(os.environ.get("PKGMKGEN_DATA", "/nowhere"))


def _plan(parts: dict[str, Parts], *texts: str) -> Plan:
    past = tuple(Observation(name, sum(two), 0.0, two) for name, two in parts.items())
    return plan(resolved(*texts), ((Origin.HISTORY, past),))


@pytest.mark.parametrize(
    ("build", "cpu", "jobs", "parts"),
    [
        (100.0, 250.0, 4, Parts(20 + 50.0, 200.0)),  # 50 serial, 200 shared by 4: 100 seconds
        (100.0, 400.0, 4, Parts(20.0, 400.0)),
        (100.0, 90.0, 4, Parts(120.0, 0.0)),
        (100.0, 90.0, 1, None),
    ],
)
def test_split(build: float, cpu: float, jobs: int, parts: Parts | None) -> None:
    """The parts take as long as the build did with its number of jobs."""
    found = split(120.0, build, cpu, jobs)
    assert found == (parts and pytest.approx(parts))
    assert found is None or cpu <= build or found.seconds(jobs) == pytest.approx(120)


def test_one_package_gets_all_cores() -> None:
    """Ten serial seconds, then eighty shared by eight."""
    row = PoolModel(_plan({"a-1": Parts(10, 80)}, "a")).row(8)
    assert (row.pool, row.bound, row.static, row.single) == (20, 20, 30, 90)


def test_the_most_urgent_takes_what_is_left() -> None:
    """Two packages that can share, and one behind the longer: 4 cores are never idle."""
    made = _plan({"a-1": Parts(0, 120), "b-1": Parts(0, 40), "c-1": Parts(0, 40)}, "a", "b", "c: a")
    row = PoolModel(made).row(4)
    assert row.pool == row.bound == 50
    assert row.static == 50
    assert row.single == 160


def test_without_cpu_times_nothing_is_shared() -> None:
    """A package of which only the duration is known takes that long."""
    made = plan(resolved("a"), ((Origin.HISTORY, (Observation("a-1", 90.0),)),))
    assert made.jobs[0].duration == Duration(90.0, Origin.HISTORY)
    assert PoolModel(made).row(8).pool == 90


def test_the_text_has_the_rows() -> None:
    """A table only if it was asked for."""
    made = _plan({"a-1": Parts(10, 80)}, "a")
    assert "one pool" not in forecast_text(forecast(made, (2,)))
    text = forecast_text(forecast(made, (2,), (8,)))
    assert "from the CPU times of 1 packages" in text
    assert "0:00:20  1.000" in text


@pytest.mark.skipif(not DATA.is_dir(), reason="PKGMKGEN_DATA names no folder")
@pytest.mark.parametrize(
    ("cores", "bound", "pool", "static", "single"),
    [
        (8, 20.13, 20.16, 33.31, 37.75),
        (16, 10.06, 10.16, 16.67, 37.75),
        (24, 6.71, 6.81, 11.13, 37.75),
        (32, 5.03, 5.18, 10.49, 37.75),
        (64, 2.52, 2.86, 10.49, 37.75),
    ],
)
def test_the_real_build(
    cores: int, bound: float, pool: float, static: float, single: float
) -> None:
    """Hours of a model written apart from this one, whose pool serves first jobs first."""
    row = PoolModel(_real()).row(cores)
    hours = [one / 3600 for one in (row.bound, row.static, row.single)]
    assert hours == pytest.approx([bound, static, single], abs=0.006)
    assert row.bound <= row.pool <= (pool + 0.006) * 3600


@functools.cache
def _real() -> Plan:
    """Return the build of 1,815 packages; those without a row take 20 + 5 seconds."""
    parts: dict[str, Parts] = {}
    for row in csv.DictReader(_lines("bulk-large.history.csv.zst")):
        if row["outcome"] == "success":
            times = [
                int(row[c]) / 1000 if row[c].isdigit() else 0.0
                for c in ("duration", "build", "cpu:build")
            ]
            jobs = int(row["make_jobs"]) if row["make_jobs"].isdigit() else 1
            parts[row["pkgname"]] = split(times[0], times[1], times[2], jobs) or Parts(times[0], 0)
    by_base = {pkgbase(PkgName(name)): two for name, two in parts.items()}
    needs: dict[str, list[str]] = {}
    for line in _lines("bulk-large.depgraph.zst"):
        below, name = line.strip().split(" -> ")
        needs.setdefault(name, []).append(below)
        needs.setdefault(below, [])
    found = {
        name: parts.get(name) or by_base.get(pkgbase(PkgName(name)), Parts(20, 5)) for name in needs
    }
    return _plan(found, *(f"{name}: {' '.join(below)}" for name, below in needs.items()))


def _lines(name: str) -> list[str]:
    done = subprocess.run(["zstd", "-dcq", DATA / name], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
