"""What the whole tree costs make: bulk.mk of PKGMKGEN_DATA's 29,022 records, in both makes.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_make.py

Prints seconds, megabytes and ratios to a floor measured in the same run: the same make on a flat
Makefile with as many targets, no prerequisites and recipes that do as much. What gates cost, and
what they are worth, is the business of bench_real_make.py.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DATA = "pkgsrc-2026.pscan.zst"


def measure(argv: list[str]) -> tuple[float, float]:
    """Run a command; wall seconds and the peak megabytes of its largest process."""
    start = time.perf_counter()
    code = (
        "import resource, subprocess, sys\n"
        "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *argv], capture_output=True, check=True)
    return time.perf_counter() - start, int(done.stdout) / 1024


def flat(path: Path, names: list[str]) -> None:
    """Write the floor: the same targets without prerequisites."""
    targets = [f"$(PACKAGES)/All/{name}.tgz" for name in names]
    rules = "".join(f"{one}:\n\t@exec sh $(BUILD_PACKAGE) $@\n" for one in targets)
    path.write_text(f"packages: {' '.join(targets)}\n{rules}")


def main() -> int:
    """Print the table."""
    data = os.environ.get("PKGMKGEN_DATA")
    if not data:
        sys.stderr.write("bench_make: PKGMKGEN_DATA is not set: the folder with " + DATA + "\n")
        return 69
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        mk, floor, built = here / "bulk.mk", here / "flat.mk", here / "built" / "All"
        generate = [sys.executable, "-m", "pkgmkgen", "-q", "--index", f"{data}/{DATA}"]
        seconds, megabytes = measure([*generate, "-o", str(mk)])
        print(f"generate bulk.mk from {DATA}: {seconds:.2f} s, {megabytes:.0f} MB")
        names = re.findall(r"^\t@\$\(BUILD\) (\S+)", mk.read_text(), re.MULTILINE)
        flat(floor, names)
        built.mkdir(parents=True)
        for name in names:
            (built / f"{name}.tgz").write_text("x")
            os.utime(built / f"{name}.tgz", (1, 1))
        (here / "nothing").write_text("exit 0\n")
        common = [f"BUILD_PACKAGE={here}/nothing", "packages"]
        print(f"{len(names)} packages{'':22}{'s':>8}{'MB':>6}{'floor s':>9}{'ratio':>7}")
        for make in ("make", "bmake"):
            for title, extra in (
                ("-n, nothing built", ["-n", "PACKAGES=/nowhere"]),
                ("-n, all built", ["-n", f"PACKAGES={here}/built"]),
                ("run, all built", [f"PACKAGES={here}/built"]),
                ("run -j6, no gates", ["-j6", "GATES=no", "PACKAGES=/nowhere"]),
            ):
                low, _ = measure([make, "-f", str(floor), *extra, *common])
                seconds, megabytes = measure([make, "-f", str(mk), *extra, *common])
                ratio = seconds / low
                row = f"{make:6}{title:28}"
                print(f"{row}{seconds:8.2f}{megabytes:6.0f}{low:9.2f}{ratio:7.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
