"""`status --watch` in a real pseudo-terminal: its screen, its keys, and the terminal afterwards."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from folders import make_run

PLAN = "a-1:\nb-1: a-1\nc-1: b-1\nd-1:\ne-1: d-1\nf-1:\ng-1: a-1"
EVENTS = "start a-1\nbuilt a-1\nstart d-1\nfailed d-1 configure\nstart b-1\nstart f-1"
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"


@dataclass
class Seat:
    """A person at a terminal that shows a run."""

    process: subprocess.Popen[bytes]
    terminal: int
    theirs: int
    before: list[object]
    said: str = ""
    log: Path = field(default_factory=Path)

    def read(self, seconds: float = 0.2) -> str:
        """Read what has come; returns the latest screen."""
        end = time.monotonic() + 2
        while time.monotonic() < end and select.select([self.terminal], [], [], seconds)[0]:
            try:
                self.said += os.read(self.terminal, 65536).decode()
            except OSError:
                break
        return self.said.rpartition("\x1b[H")[2]

    def wait_for(self, text: str) -> str:
        """Wait until the screen has a text; returns the screen."""
        end = time.monotonic() + 20
        while text not in (screen := self.read(0.1)):
            assert time.monotonic() < end, (text, screen)
        return screen

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.terminal, keys.encode())

    def restored(self) -> bool:
        """Tell whether the terminal is as it was."""
        self.read()
        same = termios.tcgetattr(self.theirs) == self.before
        return same and self.said.rfind(LEAVE) > self.said.rfind(ENTER)


@pytest.fixture
def running(tmp_path: Path) -> Path:
    """Give BULKLOG with a run that this process is the make of."""
    folder = make_run(tmp_path / "log", 1, PLAN, EVENTS, end=False)
    start = Path("/proc/self/stat").read_text().rpartition(") ")[2].split()[19]
    name = f"{folder.name.partition('@')[0]}@{os.getpid()}.{start}"
    facts = (folder / "run").read_text().replace("/nowhere", str(tmp_path / "packages"))
    (folder / "run").write_text(facts)
    folder.rename(folder.with_name(name))
    for package in ("b-1", "f-1"):
        out = tmp_path / "packages" / ".staging" / f"{package}@1.1" / "out"
        out.mkdir(parents=True)
        (out / "phase").write_text("build\n")
        (tmp_path / "log" / package).mkdir()
        lines = [f"line {number} of {package}" for number in range(1, 101)]
        (tmp_path / "log" / package / "build.log").write_text("\n".join([*lines, ""]))
    (tmp_path / "log" / "d-1").mkdir()
    (tmp_path / "log" / "d-1" / "configure.log").write_text("no \x1b[31mcompiler\u202e\n")
    (tmp_path / "packages" / "All").mkdir()
    (tmp_path / "packages" / "All" / "a-1.tgz").write_text("x")
    return tmp_path / "log"


@pytest.fixture
def seat(running: Path) -> Iterator[Seat]:
    """Give a terminal of 100 columns and 30 lines on which `status --watch` runs."""
    terminal, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
    before = termios.tcgetattr(theirs)
    argv = [sys.executable, "-m", "pkgmkgen", "status", "--watch", "--every", "0.3"]
    env = {**os.environ, "TERM": "xterm"}
    for name in ("COLUMNS", "LINES"):
        env.pop(name, None)
    with subprocess.Popen(
        [*argv, "--log", str(running)], stdin=theirs, stdout=theirs, stderr=theirs, env=env
    ) as process:
        yield Seat(process, terminal, theirs, before, log=running)
        process.kill()
    os.close(terminal)
    os.close(theirs)


def test_a_screen_with_logs_and_keys(seat: Seat) -> None:
    """What builds, what is ready and waits, the end of a log; another log, and its start."""
    screen = seat.wait_for("line 100 of b-1")
    assert "\n> b-1 " in screen.replace("\x1b[K", "")
    assert "1 ready, 1 waiting for others: g-1" in screen
    lines = screen.replace("\x1b[K", "").replace("\x1b[J", "").split("\r\n")
    assert len(lines) == 30
    assert max(map(len, lines)) == 100
    assert lines[-1].startswith("up, down: another log")
    seat.type("\x1b[B")
    seat.wait_for("line 100 of f-1")
    seat.type("j")
    assert "no ?[31mcompiler?" in seat.wait_for("-- failed: d-1, configure.log")
    seat.type("\x1b[A\x1b[A")
    seat.wait_for("line 100 of b-1")
    seat.type("\x1b[5~")
    assert "line 100 of b-1" not in seat.wait_for("15 lines above its end")
    seat.type("bbbbbbbbb")
    seat.wait_for("line 1 of b-1\x1b")
    seat.type(" " * 20)
    seat.wait_for("line 100 of b-1")
    with (seat.log / "b-1" / "build.log").open("a") as file:
        file.write("line 101 of b-1\n")
    seat.wait_for("line 101 of b-1")
    fcntl.ioctl(seat.theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 12, 40, 0, 0))
    seat.process.send_signal(signal.SIGWINCH)
    small = seat.wait_for("line 101 of b-1").replace("\x1b[K", "").replace("\x1b[J", "")
    assert len(small.split("\r\n")) == 12
    assert max(map(len, small.split("\r\n"))) <= 40
    seat.type("q")
    assert seat.process.wait(10) == 0
    assert seat.restored()
    assert seat.said.rpartition(LEAVE)[2].startswith("202601"), "the last status stays"


@pytest.mark.parametrize(
    ("number", "status"),
    [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1), (signal.SIGQUIT, -3)],
    ids=["INT", "TERM", "HUP", "QUIT"],
)
def test_the_terminal_is_restored_after_a_signal(seat: Seat, number: int, status: int) -> None:
    """Its modes, its cursor and what it showed before."""
    seat.wait_for("line 100 of b-1")
    assert termios.tcgetattr(seat.theirs) != seat.before
    seat.process.send_signal(number)
    assert seat.process.wait(10) == status
    assert seat.restored()


def test_stopped_and_continued(seat: Seat) -> None:
    """^Z gives the terminal back; afterwards the screen is drawn anew."""
    seat.wait_for("line 100 of b-1")
    seat.process.send_signal(signal.SIGTSTP)
    os.waitid(os.P_PID, seat.process.pid, os.WSTOPPED | os.WNOWAIT)
    assert seat.restored()
    seat.process.send_signal(signal.SIGCONT)
    seat.read(1.0)
    assert seat.said.rfind(ENTER) > seat.said.rfind(LEAVE)
    seat.type("q")
    assert seat.process.wait(10) == 0
    assert seat.restored()


def test_it_ends_with_the_run(seat: Seat) -> None:
    """With the status that stays on the terminal."""
    seat.wait_for("line 100 of b-1")
    (run,) = (seat.log / ".runs").glob("2*/run")
    with run.open("a") as file:
        file.write("END=1700100100\nSTATUS=1\n")
    assert seat.process.wait(10) == 0
    assert seat.restored()
    assert ": ended\r\n" in seat.said.rpartition(LEAVE)[2]


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_plain_lines_where_there_is_no_terminal(running: Path, term: str) -> None:
    """In a file or a pipe, the status again and again, without codes."""
    argv = [sys.executable, "-m", "pkgmkgen", "status", "--watch", "--every", "0.2"]
    env = {**os.environ, "TERM": term}
    with subprocess.Popen(
        [*argv, "--log", str(running)], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=env
    ) as process:
        assert process.stdout
        said = b"".join(process.stdout.readline() for _ in range(30)).decode()
        process.kill()
    assert said.count("on h, -j 2: running") > 1
    assert "\x1b" not in said
