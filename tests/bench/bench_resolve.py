"""How fast is `pkgmkgen resolve`: against the floor, and against pbulk-resolve if it is there.

Also, what the rounds of a limited scan cost, which resolves all its records again in each.

    PKGMKGEN_DATA=DIR [PBULK_RESOLVE=FILE] python tests/bench/bench_resolve.py

The floor is reading the unpacked scan line by line in Python. Each figure is the best of a few
runs, all in one go, so that they compare on a machine that others use too. No test: nothing
fails here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
RUNS = 3
FLOOR = """
import sys
with open(sys.argv[1], "rb") as file:
    for line in file:
        pass
"""
STAGES = """
import gc, io, sys, time
start = time.perf_counter()
from pkgmkgen.index import reader as index, source
from pkgmkgen.resolve import presolve, resolver as resolve
done = [("import", time.perf_counter())]
with source.open_index(sys.argv[1], lambda file: file) as opened:
    scan = index.read(opened.blocks(), opened.name)
    done.append(("read and check records", time.perf_counter()))
    bound = resolve.resolve(scan.items)
    done.append(("choose, propagate", time.perf_counter()))
    with open("/dev/null", "wb") as out:
        out.writelines(presolve.solved(opened.blocks(), scan, bound))
    done.append(("second pass, write", time.perf_counter()))
for name, end in done:
    print(f"    {name:24}{end - start:6.2f} s")
    start = end
"""
LIMITED = """
import gc, sys, time
gc.disable()
from pkgmkgen.index import reader as index, source
from pkgmkgen.resolve.limited import missing, restrict
from pkgmkgen.resolve.resolver import resolve
records = {}
with source.open_index(sys.argv[1], lambda file: file) as opened:
    for item in index.read(opened.blocks(), opened.name).items:
        records.setdefault(item.pkg_location, []).append(item)
for name, listed in (
    *((path, [path]) for path in ("mail/mutt", "www/firefox", "meta-pkgs/kde")),
    ("every second", sorted(records)[::2]),
):
    scanned, rounds, start = set(listed), 0, time.process_time()
    while True:
        items = [item for path in sorted(scanned) for item in records.get(path, ())]
        rounds += 1
        if not (more := missing(restrict(resolve(items), listed), scanned)):
            break
        scanned.update(more)
    seconds = time.process_time() - start
    print(f"    {name:16}{rounds:3} rounds,{len(scanned):6} directories{seconds:7.2f} s")
"""


def measure(argv: list[str]) -> tuple[float, float]:
    """Run a program with its output thrown away; return seconds and peak megabytes."""
    start = time.perf_counter()
    with Path(os.devnull).open("wb") as null:
        child = subprocess.Popen(argv, stdout=null, stderr=null, cwd=TOP)
        _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if child.returncode not in (0, 1):  # pbulk-resolve: 1 where something is unresolved
        sys.exit(f"{argv}: exit status {child.returncode}")
    return seconds, usage.ru_maxrss / 1024


def best(argv: list[str], runs: int = RUNS) -> tuple[float, float]:
    """Return the least time of several runs, and the memory of that run."""
    return min(measure(argv) for _ in range(runs))


def unpack(into: Path) -> Path:
    """Unpack the real scan."""
    data = os.environ.get("PKGMKGEN_DATA")
    zstd = shutil.which("zstd")
    if not data or not zstd:
        sys.exit("set PKGMKGEN_DATA to the folder of pkgsrc-2026.pscan.zst, and install zstd")
    path = into / "pscan"
    packed = f"{data}/pkgsrc-2026.pscan.zst"
    subprocess.run([zstd, "-qdf", packed, "-o", str(path)], check=True)
    return path


def main(write: Callable[[str], object]) -> None:
    """Measure everything and print it."""
    with tempfile.TemporaryDirectory() as folder:
        path = str(unpack(Path(folder)))
        python = sys.executable
        ours = [python, "-m", "pkgmkgen", "resolve", "-q", "--index", path]
        floor, _ = best([python, "-c", FLOOR, path])
        seconds, memory = best(ours)
        write(f"floor, line by line   {floor:6.2f} s\n")
        write(f"pkgmkgen resolve      {seconds:6.2f} s  {memory:4.0f} MB ")
        write(f" {seconds / floor:.1f} times the floor\n")
        peer = os.environ.get("PBULK_RESOLVE")
        if peer:
            theirs, their_memory = best([peer, "-p", path], runs=1)
            write(f"pbulk-resolve -p      {theirs:6.2f} s  {their_memory:4.0f} MB ")
            write(f" {theirs / seconds:.1f} times ours\n")
        write("  where the time goes, in one process:\n")
        write(subprocess.check_output([python, "-c", STAGES, path], cwd=TOP, text=True))
        write("  the rounds of a limited scan, CPU seconds without the makes:\n")
        write(subprocess.check_output([python, "-c", LIMITED, path], cwd=TOP, text=True))


if __name__ == "__main__":
    main(sys.stdout.write)
