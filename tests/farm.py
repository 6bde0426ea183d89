"""Hosts that compile: real distccd servers, each in a network namespace of its own."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

TOOLS = ("ip", "distcc", "distccd", "socat")
"""What a farm and its users need on this machine."""

PORT = 3632
_NUMBERS = itertools.count(os.getpid() % 50 * 5)
"""Of the networks: two farms, or two test runs at a time, should not meet."""


def lacking() -> list[str]:
    """Return the tools that are not installed."""
    return [name for name in TOOLS if not shutil.which(name)]


@dataclass
class Host:
    """A network namespace joined to this machine by a cable of its own, a distccd in it."""

    number: int
    log: Path
    server: subprocess.Popen[bytes] | None = None

    @property
    def name(self) -> str:
        """The namespace."""
        return f"farm{os.getpid()}-{self.number}"

    @property
    def here(self) -> str:
        """Address of this machine on the cable."""
        return f"10.213.{self.number}.1"

    @property
    def address(self) -> str:
        """The host's own."""
        return f"10.213.{self.number}.2"

    def start(self, jobs: int = 4) -> None:
        """Lay the cable and start the server, which serves this machine only."""
        cable = f"farm{self.number}"
        _ip("netns", "add", self.name)
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("addr", "add", f"{self.here}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        for words in (("addr", "add", f"{self.address}/30", "dev", "eth0"),):
            _ip("-n", self.name, *words)
        for device in ("lo", "eth0"):
            _ip("-n", self.name, "link", "set", device, "up")
        argv = ["ip", "netns", "exec", self.name, "distccd", "--daemon", "--no-detach"]
        argv += ["--user", "nobody", "--allow", self.here, "--listen", self.address]
        argv += ["--jobs", str(jobs), "--log-stderr", "--log-level", "info"]
        with self.log.open("wb") as log:
            self.server = subprocess.Popen(argv, stderr=log, start_new_session=True)
        end = time.monotonic() + 20
        while f"{PORT:04X}" not in self._listening():
            assert self.server.poll() is None, self.log.read_text()
            assert time.monotonic() < end, self.log.read_text()
            time.sleep(0.02)

    def _listening(self) -> str:
        argv = ["ip", "netns", "exec", self.name, "cat", "/proc/net/tcp"]
        lines = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split("\n")
        return " ".join(line.split()[1] for line in lines[1:] if " 0A " in line)

    def jobs(self) -> int:
        """How many jobs it has done."""
        return self.log.read_text().count("COMPILE_OK")

    def kill(self) -> None:
        """Kill the server and all that it started: connections are refused from now on."""
        pids = subprocess.run(["ip", "netns", "pids", self.name], capture_output=True, check=False)
        for pid in pids.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 9)
        if self.server:
            self.server.wait()

    def swallow(self) -> None:
        """Let nothing come back from it: packets are taken and never answered."""
        _ip("-n", self.name, "route", "add", "blackhole", f"{self.here}/32")
        _ip("-n", self.name, "addr", "del", f"{self.address}/30", "dev", "eth0")

    def remove(self) -> None:
        """Take it away."""
        self.kill()
        _ip("link", "del", f"farm{self.number}")
        _ip("netns", "del", self.name)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)


@contextlib.contextmanager
def farm(folder: Path, count: int):
    """Give running hosts."""
    numbers = [next(_NUMBERS) for _ in range(count)]
    hosts = [Host(number, folder / f"distccd{number}.log") for number in numbers]
    try:
        for host in hosts:
            host.start()
        yield hosts
    finally:
        for host in hosts:
            host.remove()
