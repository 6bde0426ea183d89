"""The schedule under real makes: bulk.mk of the 1,815-package build, its builds sleeping.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_real_make.py --bound 200 \
        --tools make,bmake,ninja --slots 4,6,8,12,16,32 --draws 1,2

All times are scaled so that the lower bound takes the seconds of --bound. Prints makespan over
lower bound, as measured and as simulate.py predicts it. A gate costs a make a millisecond or two,
more on a busy machine, whatever the scale, so that a short bound overstates gates: the column `at
scale` is the prediction with gates that cost what they cost here and now, measured by builds that
take no time; `full size` that of a real build. --draws are seeds by which durations are permuted,
run with as many slots as make it hardest. ninja 1.12 or newer, which schedules by critical path,
counted in packages, is a peer. Needs a C compiler (cc), for a stand-in of a build that costs
little itself.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from graphs import Build, bulk_large, data


@dataclass(frozen=True)
class Run:
    """A build in a directory of its own, with the file that tells make or ninja of it."""

    root: Path
    build: Build

    def prepare(self, name: str) -> None:
        """Write bulk.mk, for which the known durations are its history, and build.ninja."""
        subprocess.run(
            ["cc", "-O1", "-o", self.root / "sleeper", Path(__file__).with_name("sleeper.c")],
            check=True,
        )
        script = f'exec {self.root}/sleeper sh build "$@"\n'
        (self.root / "build.sh").write_text(script)
        (self.root / "sleeps").mkdir()
        (self.root / "packages" / "All").mkdir(parents=True)
        rows = (f"{one},success,{sec * 1000:.0f}\n" for one, sec in self.build.known.items())
        (self.root / "history").write_text("pkgname,outcome,duration\n" + "".join(rows))
        argv: list[str | Path] = [sys.executable, "-m", "pkgmkgen", "-q", "--index", data(name)]
        argv += ["--history", self.root / "history", "-o", self.root / "bulk.mk"]
        argv += ["--set", f"BULKLOG={self.root}/log"]
        subprocess.run(argv, check=True)
        (self.root / "build.ninja").write_text(ninja_file(self.build))

    def measure(self, tool: str, slots: int, scale: float, *words: str) -> float:
        """Build all from nothing; returns wall-clock seconds."""
        for name, seconds in self.build.real.items():
            (self.root / "sleeps" / name).write_text(f"{seconds * scale:.6f}\n")
        folder = self.root / "packages" / "All"
        for path in folder.iterdir():
            path.unlink()
        packages = self.root / "packages"
        argv = [tool, "-f", "bulk.mk", f"-j{slots}", f"BUILD_PACKAGE={self.root}/build.sh"]
        argv += [f"PACKAGES={packages}", *words, "packages"]
        if Path(tool).name == "ninja":
            (self.root / ".ninja_log").unlink(missing_ok=True)
            argv = [tool, f"-j{slots}", "--quiet"]
        environment = {"SLEEPS": str(self.root / "sleeps"), "BULK_PACKAGES": str(packages)}
        begin = time.perf_counter()
        subprocess.run(
            argv,
            env=os.environ | environment,
            cwd=self.root,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        spent = time.perf_counter() - begin
        built = {path.name.removesuffix(".tgz") for path in folder.iterdir()}
        assert built == self.build.real.keys(), f"{len(built)} packages built"
        return spent


def ninja_file(build: Build) -> str:
    """Return the same graph for ninja."""
    rules = ["rule build\n  command = exec sh ./build.sh $name\n"]
    for name, needs in build.needs.items():
        files = "".join(f" packages/All/{one}.tgz" for one in needs)
        rules.append(f"build packages/All/{name}.tgz: build{files}\n  name = {name}\n")
    return "".join(rules)


def find(tool: str) -> str:
    """Return a program on the path or beside this Python."""
    found = shutil.which(tool) or shutil.which(tool, path=str(Path(sys.executable).parent))
    if not found:
        sys.stderr.write(f"no such program: {tool}\n")
        sys.exit(69)
    return found


def gate_seconds(run: Run, tool: str, slots: int) -> float:
    """Return what a gate costs a make at present: builds without length, with gates and without."""
    if Path(tool).name == "ninja":
        return 0.0
    count = len(re.findall(r"^_[0-9.]+:", (run.root / "bulk.mk").read_text(), re.MULTILINE))
    spent = [run.measure(tool, slots, 0.0, f"GATES={word}") for word in ("yes", "no")]
    return max(spent[0] - spent[1], 0.0) / max(count, 1)


def report(run: Run, tool: str, slots: int, bound: float, title: str) -> None:
    """Measure and print a line."""
    program = find(tool)
    scale = bound / run.build.bound(slots)
    gate = gate_seconds(run, program, slots)
    measured = run.measure(program, slots, scale) / bound
    name = Path(tool).name
    small = run.build.ratios(slots, gate / scale)[name]
    full = run.build.ratios(slots)[name]
    line = f"{title:12}{tool:7}-j{slots:<4}{measured:10.3f}{small:10.3f}{full:10.3f}"
    print(f"{line}{bound:8.0f} s{gate * 1000:8.2f} ms", flush=True)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description="the schedule under real makes")
    parser.add_argument("--tools", default="make,bmake,ninja")
    parser.add_argument("--slots", default="4,6,8,12,16,32")
    parser.add_argument("--draws", default="")
    parser.add_argument("--bound", type=float, default=200.0)
    found = parser.parse_args()
    real = bulk_large()
    builds = [("history", real, [int(word) for word in found.slots.split(",") if word])]
    for seed in filter(None, found.draws.split(",")):
        drawn = real.permuted(random.Random(int(seed)))
        builds.append((f"permuted {seed}", drawn, [drawn.hardest()]))
    print(f"{'':24}{'measured':>10}{'at scale':>10}{'full size':>10}{'bound':>10}{'gate':>11}")
    for title, build, numbers in builds:
        with tempfile.TemporaryDirectory() as folder:
            run = Run(Path(folder), build)
            run.prepare("bulk-large.pscan.zst")
            for slots in numbers:
                for tool in found.tools.split(","):
                    report(run, tool, slots, found.bound, title)
    return 0


if __name__ == "__main__":
    sys.exit(main())
