"""Hosts that compile: real distccd servers, each on a machine of its own (hosts.py)."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import subprocess
from pathlib import Path

import hosts

TOOLS = ("ip", "distcc", "distccd", "socat")
"""What a farm and its users need on this machine."""

PORT = 3632
_NUMBERS = itertools.count(16)
"""Of the hosts: beyond those of hosts.farm."""


def lacking() -> list[str]:
    """Return the tools that are not installed."""
    return [name for name in TOOLS if not shutil.which(name)]


class Host(hosts.Host):
    """A machine that runs distccd, which serves this one only."""

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "console"

    def configure(self) -> None:
        """Nothing to write."""

    def service(self) -> str:
        """Return the command that it runs."""
        return (
            f"distccd --daemon --no-detach --user nobody --allow {self.gateway} --jobs 4"
            f" --listen {self.address} --log-stderr --log-level info"
        )

    def ready(self) -> bool:
        """Tell whether it listens."""
        assert self.process
        assert self.process.poll() is None, self.log.read_text()
        argv = ["ip", "netns", "exec", self.namespace, "cat", "/proc/net/tcp"]
        lines = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.split("\n")
        return any(f":{PORT:04X}" in line.split()[1] for line in lines[1:] if " 0A " in line)

    def jobs(self) -> int:
        """Return how many jobs it has done."""
        return self.log.read_text().count("COMPILE_OK")

    def refuse(self) -> None:
        """Kill the server and all that it started: connections are refused from now on."""
        pids = subprocess.run(
            ["ip", "netns", "pids", self.namespace], capture_output=True, check=True
        )
        for pid in pids.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), 9)

    def swallow(self) -> None:
        """Let nothing come back from it: packets are taken and never answered."""
        inside = ("ip", "-n", self.namespace)
        hosts.run(*inside, "route", "add", "blackhole", f"{self.gateway}/32")
        hosts.run(*inside, "addr", "del", f"{self.address}/30", "dev", "eth0")


@contextlib.contextmanager
def farm(folder: Path, count: int):
    """Give running hosts."""
    made = [
        Host(f"distccd{n}", n, folder / f"distccd{n}") for n in itertools.islice(_NUMBERS, count)
    ]
    try:
        for host in made:
            host.create()
            host.start()
        yield made
    finally:
        for host in made:
            host.remove()
