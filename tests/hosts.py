"""Machines to build on, for tests: each an sshd in namespaces and a network of its own.

A host shares this machine's kernel and files but for its processes, its name, its network and the
private directory in which its sandboxes are made. Killing it is a loss of power: all of its
processes end at once and no packet says so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from person import Person

SSHD = "/usr/sbin/sshd"
SERVICE = """\
umask 022
hostname {name}
mount -t tmpfs -o size={size},mode=755 private {private}
{prepare}
{service} &
wait
"""


def run(*words: str | Path) -> None:
    """Run a command that has to succeed."""
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stderr}"


def missing() -> str:
    """Say why there can be no such hosts here; empty if there can."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    absent = [tool for tool in ("ip", "ssh", "rsync", SSHD) if not shutil.which(tool)]
    return f"needs {', '.join(absent)}" if absent else ""


@dataclass
class Host:
    """One machine: its name and address, and the folder with its keys and its private directory.

    `user` is who logs in there, root if nobody.
    """

    name: str
    number: int
    folder: Path
    size: str = "2g"
    user: Person | None = None
    process: subprocess.Popen[bytes] | None = None

    @property
    def private(self) -> Path:
        """Where only this host sees what it writes."""
        return self.folder / "private"

    @property
    def address(self) -> str:
        """Its address on the wire between it and this machine."""
        return self.end(2)

    @property
    def gateway(self) -> str:
        """Our address on that wire."""
        return self.end(1)

    def end(self, which: int) -> str:
        """Return an address that no other test at work has."""
        pid = os.getpid()
        return f"10.{64 + pid // 256 % 64}.{pid % 256}.{4 * self.number + which}"

    @property
    def wire(self) -> str:
        """Our end of the wire."""
        return f"w{self.number}.{os.getpid()}"

    @property
    def namespace(self) -> str:
        """The name of its network namespace."""
        return f"{self.name}.{os.getpid()}"

    def create(self) -> None:
        """Make its keys, its folder and its network."""
        self.private.mkdir(parents=True)
        self.configure()
        run("ip", "netns", "add", self.namespace)
        run("ip", "link", "add", self.wire, "type", "veth", "peer", "eth0", "netns", self.namespace)
        run("ip", "address", "add", f"{self.gateway}/30", "dev", self.wire)
        run("ip", "link", "set", self.wire, "up")
        inside = ("ip", "-n", self.namespace)
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "address", "add", f"{self.address}/30", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        run(*inside, "route", "add", "default", "via", self.gateway)

    def configure(self) -> None:
        """Write what the service needs."""
        Path("/run/sshd").mkdir(exist_ok=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "key")
        config = (
            f"ListenAddress {self.address}\nHostKey {self.folder}/key\nPidFile none\n"
            f"AuthorizedKeysFile {self.folder.parent}/client.pub\nStrictModes no\nUsePAM no\n"
            "PermitRootLogin prohibit-password\nPasswordAuthentication no\nLogLevel ERROR\n"
            "MaxStartups 100\n"
        )
        (self.folder / "sshd_config").write_text(config)

    def start(self) -> None:
        """Boot: returns when it accepts connections."""
        script = SERVICE.format(
            name=self.name,
            size=self.size,
            private=self.private,
            service=self.service(),
            prepare=self.prepare(),
        )
        argv = ["nsenter", f"--net=/run/netns/{self.namespace}", "unshare", "--mount", "--pid"]
        argv += ["--uts", "--ipc", "--fork", "--kill-child", "--mount-proc", "sh", "-c", script]
        with (self.folder / "console").open("ab") as console:
            self.process = subprocess.Popen(argv, stdout=console, stderr=console)
        self.plug("up")
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if self.ready():
                return
            time.sleep(0.1)
        raise AssertionError((self.folder / "console").read_text())

    def prepare(self) -> str:
        """Return commands that come before the service."""
        return f"{self.user.know}\nchown bulky {self.private}" if self.user else "true"

    def service(self) -> str:
        """Return the command that it runs."""
        return f"{SSHD} -D -e -f {self.folder}/sshd_config"

    def ready(self) -> bool:
        """Tell whether it answers."""
        probe = ["ssh-keyscan", "-T", "1", self.address]
        return bool(subprocess.run(probe, capture_output=True, check=False).stdout)

    def plug(self, word: str) -> None:
        """Plug (`up`) or unplug (`down`) its network."""
        run("ip", "link", "set", self.wire, word)

    def kill(self) -> None:
        """Cut its power."""
        assert self.process
        self.plug("down")
        self.process.kill()
        self.process.wait()
        self.process = None
        pids = ("ip", "netns", "pids", self.namespace)
        while subprocess.run(pids, capture_output=True, check=True).stdout:
            time.sleep(0.05)

    def processes(self) -> str:
        """List what runs there besides sshd and this command itself."""
        argv = ["nsenter", "-t", self.first(), "-m", "-p", "ps", "-eo", "pid,ppid,args"]
        text = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        return "\n".join(
            line
            for line in text.splitlines()[1:]
            if line.split()[0] != "1" and "sshd" not in line and "ps -eo" not in line
        )

    def first(self) -> str:
        """Return the process number, here, of its first process."""
        assert self.process
        pid = self.process.pid
        return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0]

    def files(self) -> list[str]:
        """List the files below its private directory."""
        root = Path(f"/proc/{self.first()}/root")
        base = root / str(self.private).lstrip("/")
        walk = os.walk(base)
        return sorted(os.path.relpath(Path(at, one), base) for at, _, some in walk for one in some)

    def remove(self) -> None:
        """Take it away."""
        if self.process:
            self.kill()
        subprocess.run(["ip", "link", "delete", self.wire], check=False, capture_output=True)
        run("ip", "netns", "delete", self.namespace)


@dataclass
class Farm:
    """Some hosts, and the ssh command that reaches them by name."""

    folder: Path
    hosts: list[Host] = field(default_factory=list)

    @property
    def ssh(self) -> str:
        """The command, for the setting SSH."""
        return f"ssh -F {self.folder}/ssh_config -oServerAliveInterval=1"

    def file(self, jobs: int, *words: str) -> Path:
        """Write a hosts file in which each host has so many jobs, and directories of its own."""
        path = self.folder / "hosts"
        lines = [
            f"{h.name} {jobs} 1 SANDBOXDIR={h.private}/sandboxes PACKAGES={h.private}/packages "
            f"DISTDIR={h.private}/distfiles {' '.join(words)}\n"
            for h in self.hosts
        ]
        path.write_text("# HOST JOBS SPEED NAME=VALUE\n" + "".join(lines))
        return path


@contextmanager
def farm(
    *names: str, sizes: dict[str, str] | None = None, user: Person | None = None
) -> Iterator[Farm]:
    """Give hosts with these names, up and known to ssh; sizes are those of their disks.

    `user` is who calls ssh and logs in there, root if nobody.
    """
    folder = Path(tempfile.mkdtemp(prefix="farm", dir="/var/tmp"))
    made = Farm(folder)
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "client")
    config = (
        f"IdentityFile {folder}/client\nIdentitiesOnly yes\nUserKnownHostsFile {folder}/known\n"
        f"StrictHostKeyChecking yes\nUser {'bulky' if user else 'root'}\n"
    )
    if user:
        folder.chmod(0o755)
        user.own(folder / "client")
    try:
        for number, name in enumerate(names, 1):
            host = Host(name, number, folder / name, (sizes or {}).get(name, "2g"), user)
            made.hosts.append(host)
            host.create()
            host.start()
            key = (host.folder / "key.pub").read_text()
            with (folder / "known").open("a") as known:
                known.write(f"{host.address} {key}")
            config += f"Host {name}\n    HostName {host.address}\n"
        (folder / "ssh_config").write_text(config)
        yield made
    finally:
        for host in made.hosts:
            host.remove()
        shutil.rmtree(folder)
