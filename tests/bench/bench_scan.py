"""How fast is a scan: ours, cold and warm, against pbulk-scan with as many workers, in one run.

    PKGSRC_TREE=DIR [PBULK_SCAN=FILE] [BMAKE=FILE] [JOBS=2] [SAMPLE=300] [WHOLE=yes] \
        [MAKECONF=FILE] python tests/bench/bench_scan.py

Scans a fixed sample of directories with pbulk-scan's own master and clients (without PBULK_SCAN
with the makes that these would start, and nothing around them), the same again tuned as the
pkgsrc guide says, with a cache of options and what is known of the platform, then with ours
without a cache and with the cache that left, on the host, and compares the records byte by byte.
WHOLE=yes then scans the whole tree our way, cold and warm. CPU seconds are perf's, or those of
all children where there is no perf. No test: nothing fails here.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pkgmkgen import resources
from pkgmkgen.cli.progress import ProgressBar
from pkgmkgen.machine import Machine
from pkgmkgen.model import PkgPath
from pkgmkgen.scan import directory as records_
from pkgmkgen.scan import places as place
from pkgmkgen.scan.scanner import Scanner, ScanOptions
from pkgmkgen.scan.session import Limits, Session
from pkgmkgen.scan.tree import Tree

TREE = os.environ.get("PKGSRC_TREE", "")
PBULK = os.environ.get("PBULK_SCAN", "")
BMAKE = os.environ.get("BMAKE", "/usr/pkg/bin/bmake")
JOBS = int(os.environ.get("JOBS", "2"))
MAKECONF = os.environ.get("MAKECONF", "")
SAMPLE = int(os.environ.get("SAMPLE", "300"))
SEED = 20140401
Seconds = dict[str, float]


class SampleTree(Tree):
    """A tree that lists the directories in a file as all that it has."""

    def directories(self, machine: Machine) -> tuple[PkgPath, ...]:  # noqa: ARG002 - a file tells
        """Return the sample."""
        return tuple(map(PkgPath, Path(os.environ["SAMPLE_FILE"]).read_text().split()))


@dataclass(frozen=True)
class Run:
    """What a scan took by the clock and of CPU, its records by directory, seconds of each."""

    wall: float
    cpu: float
    records: dict[bytes, bytes]
    seconds: Seconds


def records(path: Path) -> dict[bytes, bytes]:
    """Read a pscan file: the text of all records of a directory, by PKG_LOCATION.

    Of equal PKGNAMEs the first counts: pbulk-scan writes no other.
    """
    found: dict[bytes, bytes] = {}
    seen: set[str] = set()
    for part in ("\n" + path.read_text("utf-8", "surrogateescape")).split("\nPKGNAME=")[1:]:
        if (name := part.partition("\n")[0]) in seen:
            continue
        seen.add(name)
        text = part.rstrip("\n").encode("utf-8", "surrogateescape")
        location = text.split(b"\n", 2)[1].removeprefix(b"PKG_LOCATION=")
        found[location] = found.get(location, b"") + b"PKGNAME=" + text + b"\n"
    return found


def measured(argv: list[str], folder: Path) -> tuple[list[str], Callable[[], float]]:
    """Return the command under perf, and how to read the CPU seconds afterwards."""
    if not shutil.which("perf"):
        before = children()
        return argv, lambda: children() - before
    out = folder / f"perf{time.monotonic_ns()}"
    words = ["perf", "stat", "-x,", "-e", "task-clock", "-o", str(out), "--", *argv]

    def cpu() -> float:
        return float(out.read_text().splitlines()[-1].split(",")[0]) / 1000

    return words, cpu


def children() -> float:
    """Return CPU seconds of all processes waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def tuning(folder: Path) -> dict[str, str]:
    """Return the environment of a tuned scan: a cache of options, the platform's facts."""
    names: tuple[str, ...] = (
        "OPSYS",
        "OS_VERSION",
        "LOWER_ARCH",
        "UNPRIVILEGED_USER",
        "UNPRIVILEGED_GROUP",
    )
    names += ("UNPRIVILEGED_GROUPS", "PKGTOOLS_VERSION", "_PKGSRCDIR")
    session = Session(place.host(resources.sandbox_scripts()).launch, Limits())
    known = Tree(TREE, BMAKE, MAKECONF).variables(session, names)
    session.kill()
    known |= {f"NATIVE_{name}": known[name] for name in ("OPSYS", "OS_VERSION")}
    known |= {"_SRC_TOP_": "", "NO_PKGTOOLS_REQD_CHECK": "yes"}
    return {**known, "PBULK_CACHE_DIRECTORY": str(folder / "options")}


def makes(sample: Path, folder: Path, tuned: dict[str, str]) -> Run:
    """Run the makes that pbulk-scan's clients run, as many at a time."""
    env = {**Tree("", "", MAKECONF)._env(), **tuned}
    found: dict[str, bytes] = {}
    seconds: Seconds = {}

    def one(path: str) -> None:
        start = time.monotonic()
        argv = [BMAKE, "pbulk-index"]
        done = subprocess.run(argv, cwd=f"{TREE}/{path}", env=env, capture_output=True, check=False)
        seconds[path] = time.monotonic() - start
        if text := records_.located(done.stdout, PkgPath(path)).text:
            found[path] = text

    start, before = time.monotonic(), children()
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(one, sample.read_text().split()))
    wall, cpu = time.monotonic() - start, children() - before
    out = folder / "makes.pscan"
    out.write_bytes(b"".join(found[path] for path in sorted(found)))
    return Run(wall, cpu, records(out), seconds)


def pbulk(sample: Path, folder: Path, tuned: dict[str, str]) -> Run:
    """Run pbulk-scan's master and clients."""
    if not PBULK:
        return makes(sample, folder, tuned)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = f"127.0.0.1:{free.getsockname()[1]}"
    env = {**Tree("", "", MAKECONF)._env(), **tuned}
    out = folder / "pbulk.pscan"
    argv = [PBULK, "-l", "-m", port, "-M", BMAKE, TREE, str(out)]
    start = time.monotonic()
    with sample.open() as file:
        master = subprocess.Popen(argv, stdin=file, env=env, stderr=subprocess.DEVNULL)
    time.sleep(0.3)
    seconds: Seconds = {}
    meters, threads = [], []
    for _ in range(JOBS):
        words, cpu = measured([PBULK, "-v", "-c", port, "-M", BMAKE, TREE], folder)
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        client = subprocess.Popen(words, stdout=pipe, stderr=null, env=env, text=True)
        threads.append(threading.Thread(target=watch, args=(client, seconds)))
        threads[-1].start()
        meters.append(cpu)
    master.wait()
    wall = time.monotonic() - start
    for thread in threads:
        thread.join()
    return Run(wall, sum(cpu() for cpu in meters), records(out), seconds)


def watch(client: subprocess.Popen[str], seconds: Seconds) -> None:
    """Note how long a client is at work on each directory."""
    path, began = "", time.monotonic()
    assert client.stdout
    for line in client.stdout:
        now = time.monotonic()
        if path:
            seconds[path] = now - began
        path, began = line.removeprefix("Scanning ").strip(), now
    if path:
        seconds[path] = time.monotonic() - began
    client.wait()


def ours(sample: Path | None, folder: Path, name: str) -> Run:
    """Run this file as `--ours`, with the cache in `folder`."""
    out = folder / f"{name}.pscan"
    env = {**os.environ, "SAMPLE_FILE": str(sample or "")}
    cache = folder / ("sample.sqlite" if sample else "whole.sqlite")
    words, cpu = measured([sys.executable, __file__, "--ours", str(cache), str(out)], folder)
    start = time.monotonic()
    subprocess.run(words, env=env, check=True)
    wall = time.monotonic() - start
    lines = (line.split() for line in Path(f"{out}.seconds").read_text().splitlines())
    return Run(wall, cpu(), records(out), {path: float(text) for path, text in lines})


def one_of_ours(cache: str, out: str) -> None:
    """Scan in this process."""
    kind = SampleTree if os.environ.get("SAMPLE_FILE") else Tree
    tree = kind(TREE, BMAKE, MAKECONF)
    where = place.host(resources.sandbox_scripts())
    with Scanner(tree, where, ScanOptions(JOBS, Limits(), cache)) as scanner:
        found = scanner.scan((), ProgressBar())
    Path(out).write_bytes(found.text)
    text = "".join(f"{path} {seconds}\n" for path, seconds in found.seconds.items())
    Path(f"{out}.seconds").write_text(text)
    for fault in found.faults[:20]:
        print(f"  {fault.where}: {fault.what}")
    print(f"  {len(found.seconds)} scanned, {found.stored} unchanged, {len(found.faults)} failed")
    print(f"  {found.long} scanned slowly, as pbulk does, load {os.getloadavg()[0]:.1f}")


def main() -> None:
    """Measure everything and print it."""
    if not TREE or not Path(TREE, "mk/bsd.pkg.mk").is_file():
        sys.exit("set PKGSRC_TREE to a bootstrapped pkgsrc tree (and PBULK_SCAN to pbulk-scan)")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        session = Session(place.host(resources.sandbox_scripts()).launch, Limits())
        every = Tree(TREE, BMAKE, MAKECONF).directories(session)
        session.kill()
        sample = folder / "sample"
        drawn = sorted(random.Random(SEED).sample(every, min(SAMPLE, len(every))))
        sample.write_text("".join(f"{path}\n" for path in drawn))
        theirs = pbulk(sample, folder, {})
        tuned = pbulk(sample, folder, tuning(folder))
        cold, warm = ours(sample, folder, "cold"), ours(sample, folder, "warm")
        show(f"{len(drawn)} of {len(every)} directories, {JOBS} workers", theirs, cold, warm, tuned)
        if os.environ.get("WHOLE"):
            cold, warm = ours(None, folder, "whole"), ours(None, folder, "again")
            show(f"the whole tree, {JOBS} workers", None, cold, warm)


def show(title: str, theirs: Run | None, cold: Run, warm: Run, tuned: Run | None = None) -> None:
    """Print times, ratios, the ten worst and the comparison of records."""
    print(title)
    runs = {"pbulk-scan": theirs, "tuned": tuned, "pkgmkgen, cold": cold, "pkgmkgen, warm": warm}
    for name, run in runs.items():
        if run:
            ratio = f"{theirs.wall / run.wall:5.1f} {theirs.cpu / run.cpu:5.1f}" if theirs else ""
            print(f"  {name:16}{run.wall:8.1f} s by the clock {run.cpu:8.1f} s CPU  {ratio}")
    if tuned:
        times = f"{tuned.wall / cold.wall:.1f} {tuned.cpu / cold.cpu:.1f}"
        print(f"  against a tuned scan: {times} (clock, CPU)")
    print(f"  warm records same as cold: {'yes' if warm.records == cold.records else 'NO'}")
    worst = theirs.seconds if theirs else cold.seconds
    if theirs:
        known = theirs.records.keys() | cold.records.keys()
        bad = sorted(k for k in known if theirs.records.get(k) != cold.records.get(k))
        print(f"  records of {len(known)} directories compared, {len(bad)} differ {bad[:5]}")
    for path in sorted(worst, key=worst.__getitem__, reverse=True)[:10]:
        before = f"{theirs.seconds[path]:7.2f} s ->" if theirs else ""
        print(f"    {path:32}{before}{cold.seconds.get(path, 0):7.2f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--ours"]:
        one_of_ours(*sys.argv[2:4])
    else:
        main()
