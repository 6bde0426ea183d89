"""A bulk build of the miniature tree in a directory of its own, for the tests that run make."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
TREE = TOP / "tests" / "minipkgsrc"


@dataclass(frozen=True, slots=True)
class Expected:
    """A line of the tree's EXPECTED table: what becomes of a package, where or by whom."""

    pkgname: str
    pkgpath: str
    outcome: str
    detail: str


def expected() -> dict[str, Expected]:
    """Read the table."""
    lines = [line.split() for line in (TREE / "EXPECTED").read_text().splitlines()]
    rows = [Expected(*[*line, ""][:4]) for line in lines if line and not line[0].startswith("#")]
    return {row.pkgname: row for row in rows}


@dataclass
class Bulk:
    """Directories below `root`, a bootstrap kit, a tree; and the runs made with them.

    `before` are words before make.
    """

    root: Path
    kit: Path
    tree: Path = TREE
    settings: dict[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()

    @property
    def mk(self) -> Path:
        """The Makefile."""
        return self.root / "bulk.mk"

    @property
    def all(self) -> Path:
        """Where binary packages appear."""
        return self.root / "packages" / "All"

    @property
    def log(self) -> Path:
        """Logs and results."""
        return self.root / "log"

    def generate(self, *words: str) -> str:
        """Run pkgmkgen; returns what it said on standard error.

        Scans without a sandbox, for speed: the tests of scans have theirs.
        """
        sets = {
            "BOOTSTRAP_KIT": str(self.kit),
            "MAKECONF": str(self.kit.parent / "mk.conf"),
            "PACKAGES": str(self.root / "packages"),
            "DISTDIR": str(self.root / "distfiles"),
            "BULKLOG": str(self.log),
            "SANDBOXDIR": str(self.root / "sandboxes"),
            "DISK_MIN": "50",
            **self.settings,
        }
        argv = [sys.executable, "-m", "pkgmkgen", "--pkgsrc", str(self.tree), "-o", str(self.mk)]
        argv += ["--no-sandbox"]
        argv += [word for pair in sets.items() for word in ("--set", "=".join(pair))]
        done = subprocess.run([*argv, *words], capture_output=True, text=True, check=False, cwd=TOP)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def make(self, *words: str, tool: str = "make", **options) -> subprocess.CompletedProcess[str]:
        """Run make on the Makefile to its end."""
        return subprocess.run(
            [*self.before, tool, "-f", self.mk, *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            **options,
        )

    def start(self, *words: str, tool: str = "make", **options) -> subprocess.Popen[bytes]:
        """Start make in a process group of its own, its output going to the file `out`."""
        with (self.root / "out").open("wb") as out:
            argv = [*self.before, tool, "-f", str(self.mk), *words]
            return subprocess.Popen(argv, stdout=out, stderr=out, start_new_session=True, **options)

    def wait_for(self, text: str, seconds: float = 30.0) -> None:
        """Wait until the started make has printed `text`."""
        end = time.monotonic() + seconds
        while text not in (said := (self.root / "out").read_text()):
            assert time.monotonic() < end, said
            time.sleep(0.05)

    def packages(self) -> set[str]:
        """PKGNAMEs of the finished packages."""
        return {path.name.removesuffix(".tgz") for path in self.all.glob("*.tgz")}

    def result(self, pkgname: str) -> dict[str, str]:
        """Return the result record of a package, empty if it has none."""
        path = self.log / pkgname / "result"
        lines = path.read_text().splitlines() if path.exists() else []
        return dict(line.split("=", 1) for line in lines)

    def broken(self) -> dict[str, str]:
        """Return packages that the last run could not build, and which failed one broke each."""
        runs = sorted(self.log.glob(".runs/2*/broken"))
        lines = [line.split() for line in runs[-1].read_text().splitlines()] if runs else []
        return {line[0]: line[3] for line in lines}

    def processes(self) -> list[int]:
        """Return the living processes of runs here, known by BULK_LOG in their environment."""
        mark = f"BULK_LOG={self.log}".encode()
        return [pid for pid in _pids() if mark in _read(pid, "environ").split(b"\0")]

    def inside(self) -> list[int]:
        """Return processes inside sandboxes: those whose mounts are not this process's."""
        mine = Path("/proc/self/ns/mnt").readlink()
        below = _descendants(self.processes())
        return [pid for pid in below if _link(pid, "ns/mnt") not in ("", str(mine))]

    def left(self) -> list[str]:
        """Whatever of a run is still there: processes, mounts, half-written files."""
        found = [f"process {pid}: {_read(pid, 'cmdline')!r}" for pid in self.processes()]
        mark = str(self.root / "sandboxes")
        found += [
            line for line in Path("/proc/self/mounts").read_text().splitlines() if mark in line
        ]
        found += [
            f"namespace of {pid}" for pid in _pids() if mark.encode() in _read(pid, "mountinfo")
        ]
        return found + self.half_made()

    def half_made(self) -> list[str]:
        """Return the directories of builds that are not finished."""
        found: list[str] = []
        for folder in ("packages/.staging", "distfiles/.staging", "sandboxes/scratch"):
            found += [str(path) for path in (self.root / folder).glob("*")]
        return found

    def gone(self, seconds: float = 10.0) -> list[str]:
        """Wait until nothing is left; what is left after that, on a machine as busy as may be."""
        end = time.monotonic() + seconds
        while (found := self.left()) and time.monotonic() < end:
            time.sleep(0.05)
        return found


def kill(pid: int) -> None:
    """Send signal 9 to a process that may be gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def is_janitor(pid: int) -> bool:
    """Tell whether a process is the one that waits to sweep up after a build."""
    return _read(pid, "cmdline").startswith((b"flock\0", b"setsid\0flock\0"))


def runs(pid: int, script: str) -> bool:
    """Tell whether a process is a shell that runs a script."""
    return any(word.endswith(script.encode()) for word in _read(pid, "cmdline").split(b"\0")[:2])


def is_first(pid: int) -> bool:
    """Tell whether a process is the first of its process namespace."""
    words = re.findall(rb"NSpid:.*", _read(pid, "status"))
    return bool(words) and words[0].split()[-1] == b"1"


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _read(pid: int, name: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/{name}").read_bytes()
    except OSError:
        return b""


def _link(pid: int, name: str) -> str:
    try:
        return str(Path(f"/proc/{pid}/{name}").readlink())
    except OSError:
        return ""


def _descendants(pids: list[int]) -> set[int]:
    children: dict[int, list[int]] = {}
    for pid in _pids():
        stat = _read(pid, "stat").rpartition(b") ")[2].split()
        if len(stat) > 1:
            children.setdefault(int(stat[1]), []).append(pid)
    found, queue = set(pids), list(pids)
    while queue:
        for child in children.get(queue.pop(), ()):
            if child not in found:
                found.add(child)
                queue.append(child)
    return found
