"""A bulk.mk run by a real make, with builds that sleep: makespans to set beside the predicted ones.

All times are scaled down, so that the lower bound of the build takes the seconds asked for.
"""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_BUILD = """\
# Stands in for a build: sleeps as long as the file of its name says, then makes the package.
read -r seconds <"$SLEEPS/$1"
case $seconds in fail) exit 1 ;; esac
sleep "$seconds"
: >"$BULK_PACKAGES/All/$1.tgz"
"""


@dataclass(frozen=True)
class Sleeper:
    """A directory with a bulk.mk and a time to sleep for each package."""

    root: Path
    mk: str

    def __post_init__(self) -> None:
        """Write what does not change from run to run."""
        (self.root / "bulk.mk").write_text(self.mk)
        (self.root / "build").write_text(_BUILD)
        (self.root / "sleeps").mkdir()

    def run(self, tool: str, slots: int, seconds: dict[str, float], *words: str) -> float:
        """Build all from nothing; returns the wall-clock seconds. AssertionError: not all built."""
        for name, time_ in seconds.items():
            (self.root / "sleeps" / name).write_text(f"{time_:.6f}\n")
        folder = self.root / "packages" / "All"
        folder.mkdir(parents=True, exist_ok=True)
        for path in folder.iterdir():
            path.unlink()
        begin = time.perf_counter()
        subprocess.run(
            [*self._argv(tool, slots), *words],
            env=os.environ | {"SLEEPS": str(self.root / "sleeps")} | self._exported(),
            cwd=self.root,
            stdout=subprocess.DEVNULL,
            check=True,
        )
        spent = time.perf_counter() - begin
        built = {path.name.removesuffix(".tgz") for path in folder.iterdir()}
        assert built == seconds.keys(), f"{len(built)} of {len(seconds)} packages built"
        return spent

    def _exported(self) -> dict[str, str]:
        return {"BULK_PACKAGES": str(self.root / "packages")}

    def _argv(self, tool: str, slots: int) -> list[str]:
        if Path(tool).name == "ninja":
            return [tool, "-j", str(slots), "--quiet"]
        where = [f"PACKAGES={self.root}/packages", f"BUILD_PACKAGE={self.root}/build"]
        return [tool, "-f", "bulk.mk", "-j", str(slots), *where, "packages"]


def ninja_file(needs: dict[str, tuple[str, ...]]) -> str:
    """Return the same graph for ninja, which schedules by critical path, in steps."""
    lines = ["rule build\n  command = sh build $name\n"]
    for name, below in needs.items():
        files = "".join(f" packages/All/{one}.tgz" for one in below)
        lines.append(f"build packages/All/{name}.tgz: build{files}\n  name = {name}\n")
    return "".join(lines)
