"""What a run of the whole tree costs to report: a made-up one over PKGMKGEN_DATA's records.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_report.py [FOLDER]

The run is as the scripts would leave it: bulk.mk's plan by plan.awk, a journal and result records
with log-normal times on 64 slots and failures with logs. Five runs, so that history and
comparison have something to do. Prints seconds and sizes of report and status, and ratios to a
floor measured in the same run: reading and packing the same files. FOLDER keeps them.
"""

from __future__ import annotations

import gzip
import heapq
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = "pkgsrc-2026.pscan.zst"
TOP = Path(__file__).resolve().parent.parent.parent
SLOTS = 64
RUNS = 5
START = 1_780_000_000
REASONS = ("missing header: foo.h", "missing library: -lbar", "PLIST mismatch: x", "unknown: y")
PHASES = ("pre-clean", "depends", "checksum", "configure", "build", "install", "package", "clean")
SHARES = (0.01, 0.04, 0.02, 0.3, 0.5, 0.06, 0.05, 0.02)


def plan_of(mk: Path) -> list[str]:
    """Return the lines of the plan, made by the scripts' own awk."""
    lib = TOP / "sandbox-scripts" / "bulkmk"
    argv = ["awk", "-f", str(lib / "rules.awk"), "-f", str(lib / "plan.awk"), str(mk)]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()


def record(name: str, path: str, run: str, times: tuple[float, float], failed: str) -> str:
    """Return a result record; `times` are start and seconds."""
    start, seconds = times
    lines = [f"STATUS={'failed' if failed else 'built'}", f"PKGNAME={name}", f"PKGPATH={path}"]
    lines += [f"RUN={run}", "HOST=bench", f"START={int(start)}", f"END={int(start + seconds)}"]
    lines += [f"SECONDS={int(seconds)}", f"PACKAGE_BYTES={len(name) * 9999}", "WRKDIR_KB=4711"]
    lines += ["PHASE=build", f"REASON={failed}"] if failed else []
    for phase, share in zip(PHASES, SHARES, strict=True):
        lines.append(f"SECONDS.{phase}={seconds * share:.2f}")
        lines.append(f"CPU_SECONDS.{phase}={seconds * share * 1.5:.2f}")
    return "\n".join(lines) + "\n\n"


def simulate(plan: list[str], seed: int, run: str, start: int) -> tuple[str, str, list[str]]:
    """Build everything in order on SLOTS slots; journal, records and the names that failed."""
    chance = random.Random(seed)
    packages = [line.split(" ")[1:] for line in plan if line.startswith("build ")]
    slots = [float(start)] * SLOTS
    ends: dict[str, float] = {}
    events: list[tuple[float, str]] = []
    records: list[str] = []
    failed: list[str] = []
    for name, path, *words in packages:
        needs = [one for one in words if one]
        if any(one not in ends for one in needs):
            continue
        begin = max(heapq.heappop(slots), *(ends[one] for one in needs), start)
        seconds = chance.lognormvariate(3.5, 1.2)
        heapq.heappush(slots, begin + seconds)
        bad = chance.choice(REASONS) if chance.random() < 0.004 and len(needs) > 3 else ""
        events.append((begin, f"start {name} 1.1 {int(begin)}"))
        word = f"failed {name} build" if bad else f"built {name} -"
        events.append((begin + seconds, f"{word} {int(begin + seconds)}"))
        records.append(record(name, path, run, (begin, seconds), bad))
        if bad:
            failed.append(name)
        else:
            ends[name] = begin + seconds
    journal = "".join(f"{line}\n" for _, line in sorted(events))
    return journal, "".join(records), failed


def make_runs(log: Path, mk: Path) -> None:
    """Write RUNS finished runs below BULKLOG, and the logs of the last one's failures."""
    plan = plan_of(mk)
    packed = gzip.compress("\n".join(plan).encode())
    for number in range(RUNS):
        start = START + number * 1_000_000
        run = time.strftime("%Y%m%dT%H%M%SZ@1.1", time.gmtime(start))
        folder = log / ".runs" / run
        folder.mkdir(parents=True)
        journal, records, failed = simulate(plan, number, run, start)
        (folder / "plan.gz").write_bytes(packed)
        (folder / "events").write_text(journal)
        (folder / "results.gz").write_bytes(gzip.compress(records.encode()))
        (folder / "states").write_text("")
        end = max(int(line.rpartition(" ")[2]) for line in journal.splitlines())
        facts = f"RUN={run}\nGOAL=build\nHOST=bench\nSYSTEM=Bench 1 x86_64\nMAKE=make\n"
        facts += (
            f"JOBS={SLOTS}\nPACKAGES={log}\nPKG_SUFX=.tgz\nSTART={start}\nEND={end}\nSTATUS=1\n"
        )
        (folder / "run").write_text(facts)
        for name in failed if number == RUNS - 1 else ():
            (log / name).mkdir()
            (log / name / "build.log").write_text("cc -c x.c\n" * 2000 + "x.c:1: error: no\n")
            (log / name / "result").write_text(record(name, "x/y", run, (0, 1), "z: z"))


def half(last: Path) -> Path:
    """Return a run of this process that is as far as `last` was half-way."""
    start = Path("/proc/self/stat").read_text().rpartition(") ")[2].split()[19]
    name = time.strftime(f"%Y%m%dT%H%M%SZ@{os.getpid()}.{start}", time.gmtime())
    live = last.with_name(name)
    live.mkdir()
    (live / "plan.gz").write_bytes((last / "plan.gz").read_bytes())
    lines = (last / "events").read_text().splitlines(keepends=True)
    (live / "events").write_text("".join(lines[: len(lines) // 2]))
    facts = (last / "run").read_text().splitlines(keepends=True)[:-2]
    (live / "run").write_text("".join(facts).replace(f"RUN={last.name}", f"RUN={name}"))
    return live


def timed(argv: list[str]) -> float:
    """Run a command; returns its wall seconds."""
    start = time.perf_counter()
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def packed_size(folder: Path) -> int:
    """Return the bytes of all files of a report but the logs, packed by gzip as servers do."""
    files = [p for p in folder.rglob("*") if p.is_file() and "logs" not in p.parts]
    return sum(len(gzip.compress(path.read_bytes())) for path in files)


def measure(here: Path, data: str) -> None:
    """Make the runs if they are not there; print the table."""
    log, mk, report = here / "log", here / "bulk.mk", here / "report"
    pkgmkgen = [sys.executable, "-m", "pkgmkgen"]
    if not log.exists():
        timed([*pkgmkgen, "-q", "--index", f"{data}/{DATA}", "-o", str(mk)])
        make_runs(log, mk)
    last = max((log / ".runs").glob("2*"))
    start = time.perf_counter()
    for name in ("plan.gz", "results.gz"):
        gzip.compress(gzip.decompress((last / name).read_bytes()))
    floor = time.perf_counter() - start
    (log / ".runs" / "history.db").unlink(missing_ok=True)
    print(f"floor, unpack and pack plan and records of one run: {floor:.2f} s")
    rows = [
        (f"history of {RUNS} runs, made anew", ["history"]),
        ("history again", ["history"]),
        ("report, all formats", ["report", "-o", str(report)]),
        ("status of the finished run", ["status", "--json"]),
        ("diff of two runs", ["diff", "-1", "last"]),
    ]
    for name, words in rows:
        seconds = timed([*pkgmkgen, *words, "--log", str(log)])
        print(f"{name}: {seconds:.2f} s, {seconds / floor:.1f} times the floor")
    live = half(last)
    seconds = timed([*pkgmkgen, "status", "--json", live.name, "--log", str(log)])
    shutil.rmtree(live)
    print(f"status half-way, with its end: {seconds:.2f} s, {seconds / floor:.1f} times the floor")
    print(f"report without logs, packed: {packed_size(report) / 1e6:.2f} MB")
    html = sum(len(gzip.compress((report / n).read_bytes())) for n in ("data.js", "tails.js"))
    print(f"of which the data of the page: {html / 1e6:.2f} MB")


def main() -> int:
    """Measure in a folder that stays or one that goes."""
    data = os.environ.get("PKGMKGEN_DATA")
    if not data:
        sys.stderr.write(f"bench_report: PKGMKGEN_DATA is not set: the folder with {DATA}\n")
        return 69
    if len(sys.argv) > 1:
        measure(Path(sys.argv[1]), data)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), data)
    return 0


if __name__ == "__main__":
    sys.exit(main())
