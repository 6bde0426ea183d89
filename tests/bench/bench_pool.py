"""One pool of jobs under a real make: bulk.mk of the 1,815-package build, its builds sleeping.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_pool.py --bound 600 --cores 8,16,24,32

Each build takes tokens from the real pool (sandbox-scripts/os/Linux-pool.c) as GNU make does: a
serial part with one, then jobs with as many as it gets. All times are scaled so that the lower
bound takes the seconds of --bound; the builds of all numbers of cores run at the same time, since
they sleep. Prints makespan over lower bound, as measured and as `pkgmkgen simulate --cores`
predicts it, for the pool and for slots of 4 jobs each, and the mean load of the machine.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from graphs import data, lines

from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.plan.parts import Parts, split

SCRIPTS = Path(__file__).resolve().parents[2] / "sandbox-scripts"
INDEX, HISTORY = "bulk-large.pscan.zst", "bulk-large.history.csv.zst"
UNKNOWN = Parts(20.0, 5.0)
"""Packages that did not succeed in the real build."""


def real_parts() -> dict[str, Parts]:
    """Return the parts of all packages."""
    known: dict[str, Parts] = {}
    for row in csv.DictReader(lines(HISTORY)):
        if row["outcome"] == "success":
            times = [
                int(row[column]) / 1000 if row[column].isdigit() else 0.0
                for column in ("duration", "build", "cpu:build")
            ]
            jobs = int(row["make_jobs"]) if row["make_jobs"].isdigit() else 1
            known[row["pkgname"]] = split(times[0], times[1], times[2], jobs) or Parts(
                times[0], 0.0
            )
    by_base = {pkgbase(PkgName(name)): parts for name, parts in known.items()}
    names = {name for line in lines("bulk-large.depgraph.zst") for name in line.split(" -> ")}
    return {
        name: known.get(name) or by_base.get(pkgbase(PkgName(name)), UNKNOWN)
        for name in map(str.strip, sorted(names))
    }


def prepare(root: Path, parts: dict[str, Parts]) -> None:
    """Write the history of builds with 4 jobs, and bulk.mk; compile the programs."""
    heading = "pkgname,outcome,duration,make_jobs,build,cpu:build\n"
    rows = (
        f"{name},success,{two.seconds(4) * 1000:.0f},4,"
        f"{two.seconds(4) * 1000:.0f},{sum(two) * 1000:.0f}\n"
        for name, two in parts.items()
    )
    (root / "history").write_text(heading + "".join(rows))
    argv = [*pkgmkgen(root), "-o", str(root / "bulk.mk")]
    subprocess.run(argv, check=True)
    for source in (SCRIPTS / "os" / "Linux-pool.c", Path(__file__).with_name("pool_sleeper.c")):
        subprocess.run(["cc", "-O2", "-o", root / source.stem, source], check=True)


def pkgmkgen(root: Path, *words: str) -> list[str]:
    """Return the command with its input."""
    argv = [sys.executable, "-m", "pkgmkgen", *words, "-q", "--index", str(data(INDEX))]
    return [*argv, "--history", str(root / "history"), "--set", f"BULKLOG={root}/log"]


def predict(root: Path, cores: list[int]) -> dict[int, dict[str, float]]:
    """Return the forecasts by number of cores."""
    words = ("simulate", "--format", "json", "-j", "4", "--cores", ",".join(map(str, cores)))
    done = subprocess.run(pkgmkgen(root, *words), check=True, capture_output=True, text=True)
    return {row["cores"]: row for row in json.loads(done.stdout)["pool"]}


def measure(root: Path, parts: dict[str, Parts], cores: int, scale: float) -> float:
    """Build all from nothing; returns wall-clock seconds."""
    mine = root / str(cores)
    for folder in ("parts", "staging", "packages/All"):
        (mine / folder).mkdir(parents=True)
    for name, two in parts.items():
        times = " ".join(f"{seconds * scale * 1000:.3f}" for seconds in two)
        (mine / "parts" / name).write_text(f"{times}\n")
    ranks = [
        line.split()[1]
        for line in (root / "bulk.mk").read_text().splitlines()
        if line.startswith("#job ")
    ]
    (mine / "pool.ranks").write_text("".join(f"{name}\n" for name in ranks))
    words = f"{root}/Linux-pool {mine}/pool {cores} {mine}/parts {mine}/staging"
    script = f'exec {root}/pool_sleeper {words} {mine}/packages/All "$1"\n'
    (mine / "build.sh").write_text(script)
    argv = ["make", "-f", f"{root}/bulk.mk", f"-j{cores}", f"BUILD_PACKAGE={mine}/build.sh"]
    argv += [f"PACKAGES={mine}/packages", "packages"]
    begin = time.perf_counter()
    subprocess.run(argv, cwd=mine, stdout=subprocess.DEVNULL, check=True)
    spent = time.perf_counter() - begin
    assert len(list((mine / "packages" / "All").iterdir())) == len(parts)
    return spent


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="one pool of jobs under a real make")
    parser.add_argument("--cores", default="8,16,24,32")
    parser.add_argument("--bound", type=float, default=600.0)
    found = parser.parse_args()
    cores = [int(word) for word in found.cores.split(",")]
    parts = real_parts()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        prepare(root, parts)
        rows = predict(root, cores)
        loads: list[float] = []
        with ThreadPoolExecutor(len(cores)) as threads:
            runs = {
                number: threads.submit(
                    measure, root, parts, number, found.bound / rows[number]["bound"]
                )
                for number in cores
            }
            while not all(run.done() for run in runs.values()):
                loads.append(os.getloadavg()[0])
                time.sleep(5)
        print(f"{'cores':>6}{'measured':>10}{'predicted':>11}{'slots of 4':>12}")
        for number, run in runs.items():
            row = rows[number]
            ratios = [row[rule] / row["bound"] for rule in ("pool", "static")]
            print(f"{number:6}{run.result() / found.bound:10.3f}{ratios[0]:11.3f}{ratios[1]:12.3f}")
        print(f"bound {found.bound:.0f} s, mean load {sum(loads) / len(loads):.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
