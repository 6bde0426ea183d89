"""A Slurm cluster for tests: its daemons for real, a node in each of some namespaces (hosts.py)."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hosts import Host, run
from person import Person

TOOLS = ("munged", "slurmctld", "slurmd", "srun")
CONFIG = """\
ClusterName=test
SlurmctldHost={name}({address})
SlurmUser=root
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/%n.pid
SlurmdSpoolDir={folder}/spool.%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=5
MessageTimeout=5
MpiDefault=none
KillWait=2
UnkillableStepTimeout=20
"""


def missing() -> str:
    """Say why there can be no cluster here; empty if there can."""
    if os.geteuid() != 0:
        return "needs root, for network namespaces"
    path = os.environ["PATH"] + ":/usr/sbin"
    absent = [tool for tool in ("ip", *TOOLS) if not shutil.which(tool, path=path)]
    return f"needs {', '.join(absent)}" if absent else ""


@dataclass
class Node(Host):
    """A machine that runs slurmd."""

    def configure(self) -> None:
        """Nothing to write: the cluster's file is for all."""

    def prepare(self) -> str:
        """Give it a disk of its own at the same path as all the others."""
        bind = f"mount --bind {self.private} {self.folder.parent}/local"
        return f"{super().prepare()}\n{bind}"

    def service(self) -> str:
        """Return the command that it runs."""
        return f"env SLURM_CONF={self.folder.parent}/slurm.conf /usr/sbin/slurmd -D -N {self.name}"

    def ready(self) -> bool:
        """Tell whether it is idle, as the controller says."""
        argv = ["sinfo", "-h", "-n", self.name, "-o", "%T"]
        env = os.environ | {"SLURM_CONF": str(self.folder.parent / "slurm.conf")}
        done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
        return done.stdout.strip() == "idle"


@dataclass
class Cluster:
    """Nodes, and where slurm.conf is."""

    folder: Path
    nodes: list[Node] = field(default_factory=list)
    daemons: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def config(self) -> str:
        """The file, for SLURM_CONF."""
        return str(self.folder / "slurm.conf")

    def daemon(self, *argv: str, user: str = "root") -> None:
        """Start one that serves the cluster."""
        with (self.folder / f"{Path(argv[0]).name}.log").open("wb") as log:
            self.daemons.append(
                subprocess.Popen(
                    argv,
                    stdout=log,
                    stderr=log,
                    user=user,
                    group=pwd.getpwnam(user).pw_gid,
                    extra_groups=[],
                    env=os.environ | {"SLURM_CONF": self.config},
                )
            )

    def say(self, *argv: str) -> str:
        """Run a command of Slurm's; returns what it prints."""
        env = os.environ | {"SLURM_CONF": self.config}
        return subprocess.run(argv, env=env, capture_output=True, text=True, check=True).stdout


@contextmanager
def cluster(*names: str, user: Person | None = None) -> Iterator[Cluster]:
    """Give a cluster whose nodes have these names; their disks are those of `user`."""
    folder = Path(tempfile.mkdtemp(prefix="slurm", dir="/var/tmp"))
    folder.chmod(0o755)
    nodes = [Node(name, number, folder / name, user=user) for number, name in enumerate(names, 1)]
    made = Cluster(folder, nodes)
    munge = folder / "munge"
    munge.mkdir()
    (munge / "key").write_bytes(os.urandom(256))
    (munge / "key").chmod(0o600)
    run("chown", "-R", "munge:", munge)
    config = CONFIG.format(name=socket.gethostname(), address=made.nodes[0].gateway, folder=folder)
    for node in made.nodes:
        config += f"NodeName={node.name} NodeAddr={node.address} CPUs=2 State=UNKNOWN\n"
    config += "PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP\n"
    Path(made.config).write_text(config)
    (folder / "state").mkdir()
    (folder / "local").mkdir()
    try:
        for node in made.nodes:
            node.create()
        words = ("--key-file", "--pid-file", "--seed-file", "--log-file")
        paths = [f"{word}={munge}/{word.split('-')[2]}" for word in words]
        made.daemon("/usr/sbin/munged", "-F", f"--socket={munge}/socket", *paths, user="munge")
        while not (munge / "socket").exists():
            time.sleep(0.05)
            assert made.daemons[0].poll() is None, (folder / "munged.log").read_text()
        knows = ("unshare", "--mount", "sh", "-c", f'{user.know}\nexec "$@"', "sh") if user else ()
        made.daemon(*knows, "/usr/sbin/slurmctld", "-D", "-i")
        for node in made.nodes:
            node.start()
        yield made
    finally:
        for node in made.nodes:
            node.remove()
        for daemon in reversed(made.daemons):
            daemon.terminate()
            daemon.wait()
        shutil.rmtree(folder)
