"""Packages that try to break out, and all that they need; hostile/attacks/ has their words.

Each prints a line with BREACH where it succeeds.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bulk import TOP, Bulk

HERE = TOP / "tests" / "hostile" / "attacks"
MEET = "1364283729"
MAKEFILE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\thostile
MAINTAINER=\tmini@example.org
COMMENT=\tHostile
LICENSE=\tmodified-bsd
USE_DESTDIR=\t{destdir}
INSTALLATION_DIRS=\tshare/{name}
{lines}
do-build:
{do_build}
do-install:
{do_install}\t${{INSTALL_DATA}} ${{.CURDIR}}/attack.sh ${{DESTDIR}}${{PREFIX}}/share/{name}/attack
{others}
.include "../../mk/bsd.pkg.mk"
"""
RUN = "\tcd /tmp && sh ${.CURDIR}/attack.sh "
CREATE = "PKG_CREATE=\tsh ${.CURDIR}/attack.sh ${PKG_TOOLS_BIN}/pkg_create -K ${PKG_DBDIR}"
SURVIVOR = """\
#include <unistd.h>
int main(void)
{
    for (;;)
        if (fork()) { setsid(); usleep(1000); if (fork()) _exit(0); }
}
"""
PROGRAMS: dict[str, tuple[str | Path, ...]] = {
    "calls": ("-static", HERE / "calls.c"),
    "meet": ("-static", HERE / "meet.c"),
    "survivor": ("-static", "survivor.c"),
    "loaded.so": ("-shared", "-fPIC", "-DSPEAKS", HERE / "loaded.c"),
    "fails.so": ("-shared", "-fPIC", "-DFAILS", HERE / "loaded.c"),
    "loader": ("-static-pie", "-fPIE", "-DPROGRAM", HERE / "loaded.c"),
}

# How a package may end.
BUILT, FAILED = ("built",), ("failed", "killed", "timed-out")
BROKEN = ("",)  # by a package that it needs: it has no record
# In which targets its words run, and as which of its files.
ROOT, INSTALL, BUILD = ("pre-clean",), ("do-install",), ("do-build",)
ALL = ("pre-clean", "fetch", "do-build", "do-install")


@dataclass(frozen=True)
class Attack:
    """A package: where its words run, how it may end, its limits, lines of its Makefile."""

    words: str
    hooks: tuple[str, ...] = ()
    ends: tuple[str, ...] = BUILT + FAILED
    limits: str = "TIMEOUT_SILENT=4"
    lines: str = ""
    files: tuple[str, ...] = ()


FORGED = (
    "absolute",
    "dotdot",
    "through",
    "device",
    "hardlink",
    "name",
    "setid",
    "bomb",
    "long",
    "xz",
    "text",
    "many",
)
REPLACED = ("absolute", "name", "bomb", "fifo", "endless", "device")
FEW = {
    "probe": Attack("probe", ALL, BUILT, files=("INSTALL",)),
    "services": Attack("services", ("fetch", "do-build"), BUILT),
    "preload": Attack("preload", ROOT),
    "halts": Attack("halts", ROOT, FAILED),
    "speaks": Attack("speaks", ("pre-clean", "do-build")),
    "exits-75": Attack("exits", INSTALL, ("failed",)),
}
MANY = {
    "leaves": Attack("leaves", ("pre-clean", "fetch"), FAILED),
    "terminal": Attack("terminal", BUILD, ("failed",)),
    "distfiles": Attack("distfiles", ("fetch", "do-install")),
    "stops": Attack("stops", INSTALL, FAILED),
    "survives": Attack("survives", ("do-build", "do-install"), limits="PROCESSES_MAX=300"),
    "sparse": Attack("sparse", ROOT),
    "null": Attack("null", ROOT, FAILED),
    "poison": Attack(":", files=("INSTALL",)),
    "poisoned": Attack(
        ":", ends=BROKEN + FAILED, lines="DEPENDS+=\tpoison>=1:../../hostile/poison"
    ),
    "forge-name": Attack("create", lines=CREATE, ends=("failed",)),
    "forge-through": Attack("create", lines=CREATE),
    "later-fifo": Attack(":", files=("DEINSTALL",)),
}
REST = {
    "names": Attack("names", ROOT),
    "cached": Attack("cached", ROOT),
    "loader": Attack("loader", ROOT),
    "exits-130": Attack("exits", INSTALL, ("failed",)),
    "exits-137": Attack("exits", ROOT, ("failed", "killed")),
    "kills": Attack("kills", INSTALL, FAILED),
    "signals": Attack("signals", INSTALL, FAILED),
    "memory": Attack("memory", BUILD, FAILED, "MEMORY_MAX=64m"),
    "hands": Attack("hands", ROOT, limits="TIMEOUT=20"),
    "fills": Attack("fills", ROOT, limits="TIMEOUT=20"),
    **{f"forge-{kind}": Attack("create", lines=CREATE, limits="TIMEOUT=40") for kind in FORGED},
    **{
        f"later-{kind}": Attack(":", limits="TIMEOUT_SILENT=4 TIMEOUT=30", files=("DEINSTALL",))
        for kind in REPLACED
    },
}
ATTACKS = REST | MANY | FEW


@dataclass
class Tried:
    """A run of attacks: what was said, how long it took, what else was seen."""

    bulk: Bulk
    names: list[str]
    victim: subprocess.Popen[bytes]
    said: str = ""
    hung: bool = False
    largest: int = 0
    results: dict[str, dict[str, str]] = field(default_factory=dict)


@contextlib.contextmanager
def service() -> Iterator[int]:
    """Give the port of a service of the host, at all its addresses."""
    family = socket.AF_INET6
    with socket.create_server(("::", 0), family=family, dualstack_ipv6=True) as server:

        def serve() -> None:
            while True:
                try:
                    server.accept()[0].close()
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


@contextlib.contextmanager
def meeting(to: Path, key: str = MEET) -> Iterator[None]:
    """Leave memory and a socket where others of the same namespace find them."""
    argv: list[str | Path] = [to / "meet", "leave", "600"]
    left = subprocess.Popen(argv, env={**os.environ, "MEET": key}, stdout=subprocess.PIPE)
    try:
        assert left.stdout
        left.stdout.readline()
        yield
    finally:
        left.terminate()
        left.communicate()
        subprocess.run(["ipcrm", "-M", key], check=False)


def compile_to(to: Path) -> None:
    """Compile what attacks run."""
    to.mkdir(exist_ok=True)
    (to / "survivor.c").write_text(SURVIVOR)
    shutil.copy(HERE / "forge.py", to)
    for name, words in PROGRAMS.items():
        subprocess.run(["cc", "-O1", "-o", to / name, *words], check=True, cwd=to)


def write(bulk: Bulk, name: str, **settings: object) -> None:
    """Write the package of an attack."""
    one, folder = ATTACKS[name], bulk.tree / "hostile" / name
    places = {
        "tree": bulk.tree,
        "packages": bulk.root / "packages",
        "distdir": bulk.root / "distfiles",
    }
    known = {"name": name, "meet": MEET, **places, **settings}
    head = "#!/bin/sh\nset +e\n" + "".join(f"{key}={value}\n" for key, value in known.items())
    folder.mkdir(parents=True)
    (folder / "DESCR").write_text("Hostile.\n")
    (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/attack\n")
    (folder / "attack.sh").write_text(head + _words(one.words))
    for file in one.files:
        words = "later" if file == "DEINSTALL" else name
        (folder / file).write_text(head + _words(words))
    (folder / "Makefile").write_text(_makefile(name, one))


def _words(name: str) -> str:
    return ":\n" if name == ":" else (HERE / f"{name}.sh").read_text()


def _makefile(name: str, one: Attack) -> str:
    places = {"do-build": "\t:\n", "do-install": ""}
    others = ""
    for hook in one.hooks:
        line = f"{RUN}{hook}\n"
        if hook in places:
            places[hook] = line
        elif hook == "fetch":
            others += f"\nfetch: attack-fetch\nattack-fetch:\n{line}"
        else:
            others += f"\n{hook}:\n{line}"
    return MAKEFILE.format(
        name=name,
        destdir="destdir" if "do-install" in one.hooks else "user-destdir",
        lines=one.lines,
        others=others,
        do_build=places["do-build"],
        do_install=places["do-install"],
    )


def run(done: Tried, seconds: int) -> None:
    """Build, while the host leaves what a package could meet; watch what comes to its disk."""
    bulk = done.bulk
    env = {**os.environ, "SECRET_IN_ENVIRONMENT": "hunter2-of-the-caller"}
    with meeting(bulk.tree / "bin"):
        make = bulk.start("-j6", env=env, cwd=bulk.root)
        end = time.monotonic() + seconds
        while make.poll() is None:
            if time.monotonic() > end:
                done.hung = True
                os.killpg(make.pid, signal.SIGTERM)
                make.wait()
            done.largest = max(done.largest, _largest(bulk))
            time.sleep(0.05)
    done.said = (bulk.root / "out").read_text(errors="replace")
    done.results = {name: bulk.result(f"{name}-1.0") for name in done.names}


def _largest(bulk: Bulk) -> int:
    """Return how much of the disk the largest file takes that comes out of a sandbox."""
    sizes = [0]
    for below in ("out/*.tgz", "built/*.tgz", "out/distfiles/*", "distfiles/*"):
        for file in bulk.root.glob(f"packages/.staging/*/{below}"):
            with contextlib.suppress(OSError):
                sizes.append(file.lstat().st_blocks * BLOCK)
    return max(sizes)


BLOCK = 512
LOG_MAX = 20_000_000


def lines(bulk: Bulk, pattern: str) -> list[str]:
    """Return what the logs of a run have on lines that a pattern matches, and where."""
    found = set()
    for file in bulk.log.glob("*/*.log"):
        if file.is_file() and not file.is_symlink() and file.stat().st_size < LOG_MAX:
            for line in file.read_text(errors="replace").splitlines():
                if told := re.match(pattern, line):
                    found.add(f"{file.parent.name}/{file.stem}: {told[1]}")
    return sorted(found)
