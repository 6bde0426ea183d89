"""Hostile packages, each for real: none harms the host, a neighbour or the run.

Each ends as a failed package with a reason. Attacks print BREACH where they succeed; that they
can is shown by running the same words outside a sandbox.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import pytest
from attacks import service
from bulk import TOP, TREE, Bulk
from person import person

pytestmark = pytest.mark.root

MAKEFILE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\thostile
MAINTAINER=\tmini@example.org
COMMENT=\tHostile
LICENSE=\tmodified-bsd
USE_DESTDIR=\t{destdir}
INSTALLATION_DIRS=\tshare/{name}

do-build:
{build}
do-install:
{install}\t${{INSTALL_DATA}} ${{.CURDIR}}/attack.sh ${{DESTDIR}}${{PREFIX}}/share/{name}/attack

.include "../../mk/bsd.pkg.mk"
"""


ATTACKS = {path.stem: path.read_text() for path in (TOP / "tests" / "hostile").glob("*.sh")}


@dataclass(frozen=True)
class Hostile:
    """A package, where its words run and how it must end: STATUS and a pattern for REASON."""

    words: str
    hook: str = "do-build"
    status: str = "failed"
    reason: str = ""
    limits: str = ""


PACKAGES = {
    "reader": Hostile(ATTACKS["read"], status="built"),
    "reader-root": Hostile(ATTACKS["read"], "do-install", status="built"),
    "writer": Hostile(ATTACKS["write"], status="built"),
    "writer-root": Hostile(ATTACKS["write"], "do-install", status="built"),
    "planted": Hostile(ATTACKS["plant"], "do-install", reason=""),
    "daemon": Hostile(ATTACKS["daemon"], status="built"),
    "killer": Hostile("kill -9 -1; sleep 1", status="killed", reason="killed by signal 9"),
    "killer-root": Hostile("kill -9 -1; sleep 1", "do-install", "killed", "killed by signal 9"),
    "filler": Hostile(
        "cat /dev/zero >big",
        reason=r"no space left in the work directory: \d+ kB \(SCRATCH, SCRATCH_SIZE\)",
        limits="SCRATCH=tmpfs SCRATCH_SIZE=20m",
    ),
    "tmp-filler": Hostile(
        "cat /dev/zero >/tmp/big", reason=r"no space left outside the work directory: \d+ kB"
    ),
    "forker": Hostile(
        "i=0; while [ $i -lt 300 ]; do sleep 5 & i=$((i + 1)); done; wait",
        reason=r"out of processes at the limit of 60 \(PROCESSES_MAX\)",
        limits="PROCESSES_MAX=60",
    ),
    "eater": Hostile(
        "head -c 300m /dev/zero | tail >/dev/null",
        reason=r"out of memory at the limit of 64m \(MEMORY_MAX\)",
        limits="MEMORY_MAX=64m",
    ),
    "sleeper": Hostile(
        "sleep 1000",
        status="timed-out",
        reason=r"timed out after 3 s without output \(TIMEOUT_SILENT\)",
        limits="TIMEOUT_SILENT=3",
    ),
    "chatterer": Hostile(
        "while :; do echo still here; sleep 0.2; done",
        status="timed-out",
        reason=r"timed out after 4 s \(TIMEOUT\)",
        limits="TIMEOUT=4 TIMEOUT_SILENT=3",
    ),
    "shouter": Hostile(
        "yes",
        reason=r"wrote more than 1 MB of logs \(LOG_MAX\)",
        limits="LOG_MAX=1 TIMEOUT=60 TIMEOUT_SILENT=10",
    ),
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Give the port of a server on the host: anyone may talk to it who can reach it."""
    with service() as number:
        yield number


@pytest.fixture(scope="module", params=["root", "user"])
def run(request, kit, tmp_path_factory, port) -> Iterator[tuple[Bulk, Path]]:
    """Build all hostile packages and an innocent one, with a secret in the environment.

    For root and for an ordinary user.
    """
    with person() as somebody:
        if request.param == "user":
            bulk = somebody.bulk(kit)
        else:
            root = tmp_path_factory.mktemp("hostile")
            bulk = Bulk(root, kit, root / "tree")
            shutil.copytree(TREE, bulk.tree, symlinks=True)
        bulk.settings |= {"PACKAGE_SETTINGS": f"{bulk.root}/limits", "ROOT_SIZE": "40m"}
        canary = bulk.root / "canary"
        canary.mkdir()
        (canary / "secret").write_text("secret")
        (canary / "precious").write_text("precious")
        (bulk.root / "limits").write_text(
            "".join(f"{name}-1.0 {one.limits}\n" for name, one in PACKAGES.items() if one.limits)
        )
        for name, one in PACKAGES.items():
            _write(bulk.tree / "hostile" / name, one, _words(one, bulk, canary, port))
        bulk.generate("misc/lonely", *(f"hostile/{name}" for name in PACKAGES))
        bulk.all.mkdir(parents=True)
        if bulk.before:
            somebody.own(bulk.root)
        done = bulk.make("-j6", env={**os.environ, "SECRET_IN_ENVIRONMENT": "secret"}, cwd=canary)
        (bulk.root / "out").write_text(done.stdout)
        yield bulk, canary


def _words(one: Hostile, bulk: Bulk, canary: Path, port: int = 0) -> str:
    names = {"canary": canary, "port": port, "tree": bulk.tree, "packages": bulk.root / "packages"}
    return "".join(f"{name}={value}\n" for name, value in names.items()) + one.words


def _write(folder: Path, one: Hostile, words: str) -> None:
    name = folder.name
    folder.mkdir(parents=True)
    (folder / "DESCR").write_text("Hostile.\n")
    (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/attack\n")
    (folder / "attack.sh").write_text(words)
    line = "\tcd ${WRKSRC} && sh ${.CURDIR}/attack.sh\n"
    root = one.hook == "do-install"
    text = MAKEFILE.format(
        name=name,
        destdir="destdir" if root else "user-destdir",
        build="\t:\n" if root else line,
        install=line if root else "",
    )
    (folder / "Makefile").write_text(text)


@pytest.mark.parametrize("name", sorted(PACKAGES))
def test_how_it_ends(run, name: str) -> None:
    """Each as a package, never as a halted run; what went wrong stands in one line."""
    bulk, _ = run
    one, result = PACKAGES[name], bulk.result(f"{name}-1.0")
    said = (bulk.root / "out").read_text()
    assert result.get("STATUS") == one.status, said
    assert re.search(one.reason, result.get("REASON", "")), result
    if one.reason:
        assert re.search(f"{one.status} +{name}-1.0 in \\S+ after \\d+ s: .*{one.reason}", said), (
            said
        )


@pytest.mark.parametrize("name", sorted(name for name in PACKAGES if "er" in name))
def test_no_attack_succeeds(run, name: str) -> None:
    """What the attack says in its own log."""
    bulk, _ = run
    logs = list(bulk.log.glob(f"{name}-1.0/*.log"))
    assert logs
    for log in logs:
        with log.open(errors="replace") as lines:  # one prints for ever: its first are enough
            assert not [one for one in islice(lines, 100_000) if one.startswith("BREACH")]


def test_the_host_and_the_neighbour_are_unharmed(run) -> None:
    """Canaries live, the tree has nothing new, the innocent package is built, nothing is left."""
    bulk, canary = run
    assert (canary / "precious").read_text() == "precious"
    assert sorted(path.name for path in canary.iterdir()) == ["precious", "secret"]
    assert not list(bulk.tree.rglob("was-here"))
    assert "lonely-1.0" in bulk.packages()
    assert not bulk.gone()
    assert "halted" not in (bulk.root / "out").read_text()
    for name in PACKAGES:
        folder = bulk.log / f"{name}-1.0"
        assert not [path for path in folder.iterdir() if path.is_symlink() or not path.is_file()]
        assert "precious" not in (folder / "result").read_text()
    groups = [path.name for path in Path("/sys/fs/cgroup").glob("**/pkgmkgen/*-1.0@*")]
    names = {re.sub(r"^\d+\.|-1\.0@.*", "", group) for group in groups}
    assert not names & PACKAGES.keys(), groups


def test_the_attacks_are_real(run, port, tmp_path) -> None:
    """Outside a sandbox the same words find what they look for."""
    bulk, canary = run
    script = tmp_path / "attack.sh"
    script.write_text(_words(PACKAGES["reader"], bulk, canary, port))
    environment = {**os.environ, "SECRET_IN_ENVIRONMENT": "secret"}
    done = subprocess.run(
        ["sh", script], env=environment, capture_output=True, text=True, check=False, cwd=tmp_path
    )
    for what in ("environment", "sees /", f"reads {canary}/secret", "sees foreign", "network"):
        assert f"BREACH: {what}" in done.stdout, done.stdout


def test_limits_without_control_groups(kit, tmp_path) -> None:
    """Where there are none, resource limits hold the build user."""
    bulk = Bulk(tmp_path, kit, tmp_path / "tree", {"MEMORY_MAX": "200m"})
    shutil.copytree(TREE, bulk.tree, symlinks=True)
    hog = Hostile("head -c 900m /dev/zero | tail")
    _write(bulk.tree / "hostile" / "hog", hog, hog.words)
    bulk.generate("hostile/hog", "misc/lonely")
    hide = "mount -t tmpfs none /sys/fs/cgroup && exec make -j2 -f $0"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", hide, bulk.mk],
        capture_output=True,
        text=True,
        check=False,
    )
    assert bulk.packages() == {"lonely-1.0"}, done.stdout
    assert bulk.result("hog-1.0")["PHASE"] == "build"
    log = (bulk.log / "hog-1.0" / "build.log").read_text()
    assert "memory exhausted" in log.lower() or "cannot allocate" in log.lower(), log
    assert not bulk.gone()


CONTAINER = """\
set -e
echo '+memory +pids' >/sys/fs/cgroup/cgroup.subtree_control
mkdir -p /sys/fs/cgroup/box
echo $$ >/sys/fs/cgroup/box/cgroup.procs
inside='umount -l /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec make -f "$0"'
exec unshare --cgroup --mount sh -c "$inside" "$0"
"""


@pytest.mark.skipif(
    not Path("/sys/fs/cgroup/cgroup.controllers").exists(),
    reason="control groups are of version 1 here",
)
def test_limits_in_a_container(kit, tmp_path) -> None:
    """Its root group has processes, beside which no group may have limits: they make room."""
    bulk = Bulk(tmp_path, kit, tmp_path / "tree", {"MEMORY_MAX": "64m"})
    shutil.copytree(TREE, bulk.tree, symlinks=True)
    hog = Hostile(PACKAGES["eater"].words)
    _write(bulk.tree / "hostile" / "hog", hog, hog.words)
    bulk.generate("hostile/hog")
    done = subprocess.run(
        ["sh", "-c", CONTAINER, bulk.mk], capture_output=True, text=True, check=False
    )
    assert "out of memory at the limit of 64m" in bulk.result("hog-1.0").get("REASON", ""), done
    assert not bulk.gone()
    for group in ("box/pkgmkgen", "box/processes", "box"):
        (Path("/sys/fs/cgroup") / group).rmdir()
