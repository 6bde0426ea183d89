"""Bulk builds on a real NetBSD machine (see netbsd.py), by its own make; scans are made here.

It takes about an hour on an emulated machine, so each test can be run alone.
"""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import netbsd
import pytest
from bulk import TOP, TREE, expected
from netbsd import HERE, Guest

pytestmark = pytest.mark.skipif(bool(netbsd.missing()), reason=netbsd.missing() or "there is one")

EXPECTED = expected()
BUILT = {name for name, row in EXPECTED.items() if row.outcome == "built"}
FAILED = {name: row.detail for name, row in EXPECTED.items() if row.outcome == "failed"}
BROKEN = {name: row.detail for name, row in EXPECTED.items() if row.outcome == "broken-by"}
MAKE = f"cd {HERE} && make -f bulk.mk"
ROUNDS = int(os.environ.get("NETBSD_ROUNDS", "10"))
"""How many processes test_killed_at_any_moment kills in all."""


@pytest.fixture(scope="module")
def there(kit, tmp_path_factory) -> Iterator[Guest]:
    """Give the machine, with scripts, tree, kit and a bulk.mk of the whole tree."""
    folder = tmp_path_factory.mktemp("netbsd")
    with netbsd.guest(folder) as machine:
        netbsd.bring(machine, kit, folder)
        (folder / "bulk.mk").write_text(generated())
        machine.put(folder, "bulk.mk")
        yield machine
        assert not left(machine)


def generated(**settings: str) -> str:
    """Return a bulk.mk of the miniature tree as it lies there."""
    sets = {
        "PKGSRCDIR": f"{HERE}/minipkgsrc", "SCRIPTS": f"{HERE}/sandbox-scripts",
        "PACKAGES": f"{HERE}/packages",
        "DISTDIR": f"{HERE}/distfiles", "BULKLOG": f"{HERE}/log", "SANDBOXDIR": f"{HERE}/sandboxes",
        "BOOTSTRAP_KIT": f"{HERE}/kit.tar.gz", "DISK_MIN": "20",
        "ROOT_SIZE": "300m", "SCRATCH_SIZE": "400m",
        "PREFIX": "/usr/pkg", "PKG_DBDIR": "/usr/pkg/pkgdb", "MAKECONF": "", **settings,
    }  # fmt: skip
    words = [word for pair in sets.items() for word in ("--set", "=".join(pair))]
    argv = [sys.executable, "-m", "pkgmkgen", "--no-sandbox", "-q", "--pkgsrc", str(TREE), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=True, cwd=TOP).stdout


def left(there: Guest) -> list[str]:
    """Return what is still there of builds: mounts, processes, half-made files."""
    found = there.run(
        f"mount | grep ' on {HERE}/' || :\n"
        f"ps -axww -o pid= -o args= | grep -e '{HERE}/sandboxes/roots' -e '/chroot-[e]nter' || :\n"
        f"ls -d {HERE}/packages/.staging/* {HERE}/sandboxes/roots/* 2>/dev/null || :"
    )
    return [line for line in found.splitlines() if "grep" not in line]


def gone(there: Guest, seconds: float = 60) -> list[str]:
    """Wait until nothing is left."""
    end = time.monotonic() + seconds
    while (found := left(there)) and time.monotonic() < end:
        time.sleep(2)
    return found


def packages(there: Guest) -> set[str]:
    """Return the PKGNAMEs of what is built."""
    return {
        name.removesuffix(".tgz")
        for name in there.run(f"ls {HERE}/packages/All").split()
        if name.endswith(".tgz")
    }


def result(there: Guest, pkgname: str) -> dict[str, str]:
    """Return the result of a package."""
    lines = there.run(f"cat {HERE}/log/{pkgname}/result").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def clear(there: Guest) -> None:
    """Forget all that was built."""
    there.run(f"rm -rf {HERE}/packages {HERE}/log")


@pytest.fixture(scope="module")
def whole(there: Guest) -> str:
    """Build the whole tree with two jobs; give what was printed."""
    clear(there)
    return there.run(f"{MAKE} -j 2 all", 5400, check=False)


def lacking(there: Guest) -> set[str]:
    """Return what the base cannot build, and what needs it: lib++ wants c++, lingerd setsid."""
    wants = {"c++": "lib++-3.1", "setsid": "lingerd-1.0"}
    bad = {wants[name] for name in there.run(f"for i in {' '.join(wants)}; do\n"
        "command -v $i >/dev/null || echo $i; done").split()}  # fmt: skip
    argv = [sys.executable, "-m", "pkgmkgen", "resolve", "--no-sandbox", "-q", "--pkgsrc"]
    done = subprocess.run([*argv, str(TREE)], capture_output=True, text=True, check=True, cwd=TOP)
    needs = {
        found["name"]: set(found["needs"].split())
        for found in re.finditer(
            r"^PKGNAME=(?P<name>.*)$(?:\n(?!PKGNAME=).*)*?\nDEPENDS=(?P<needs>.*)$",
            done.stdout,
            re.MULTILINE,
        )
    }
    while more := {name for name in needs if needs[name] & bad} - bad:
        bad |= more
    return bad


def as_expected(there: Guest, out: str) -> None:
    """Built, failed in the same phase, broken by the same: as on Linux."""
    bad = lacking(there)
    assert packages(there) == BUILT - bad, out[-3000:]
    for pkgname, phase in FAILED.items():
        if pkgname not in bad:
            assert result(there, pkgname)["PHASE"] == phase, pkgname
    lines = there.run(f"cat {HERE}/log/.runs/2*/broken").splitlines()
    broken = {words[0]: words[3] for words in map(str.split, lines)}
    assert {name: by for name, by in broken.items() if name not in bad} == {
        name: by for name, by in BROKEN.items() if name not in bad
    }
    assert not gone(there)


def test_the_whole_tree_one_by_one(there: Guest) -> None:
    """NetBSD's make without -j, which runs simple commands without a shell."""
    clear(there)
    as_expected(there, there.run(f"{MAKE} all", 5400, check=False))


def test_the_whole_tree(there: Guest, whole: str) -> None:
    """Two jobs of NetBSD's make."""
    as_expected(there, whole)


def test_a_rerun_builds_nothing(there: Guest, whole: str) -> None:
    """All is up to date, or has failed before."""
    before = packages(there)
    out = there.run(f"{MAKE} -j 2 all", 600, check=False)
    assert "building" not in out
    assert f"0 built, {len(before)} up to date" in out, whole[-1000:]


def test_users_and_directory_of_a_phase(there: Guest, whole: str) -> None:
    """The build user works in the directory of the package, in its own group only."""
    name = next(name for name, row in EXPECTED.items() if row.pkgpath == "misc/lonely")
    assert name in packages(there), whole[-1000:]
    out = there.run(f"{MAKE} shell PKG={name} COMMAND='pwd; id -un; id -Gn'", 300)
    assert f"{HERE}/minipkgsrc/misc/lonely" in out
    assert out.split()[-2:] == ["pbulk", "pbulk"]


def test_published_and_installed_from(there: Guest, whole: str) -> None:
    """Publishing needs no rsync here; the repository is complete."""
    there.run(f"{MAKE} publish PUBLISH={HERE}/srv/packages", 600)
    summary = f"{HERE}/srv/packages/All/pkg_summary.gz"
    listed = there.run(f"gzip -dc {summary} | sed -n 's/^PKGNAME=//p'")
    assert {name for name in listed.split() if name.startswith("quiltview")}, whole[-1000:]
    script = f"""set -e
        root={HERE}/srv/root parts='bin lib libexec usr/bin usr/lib usr/libexec usr/sbin sbin'
        mkdir -p $root/srv $root/tmp $root/dev
        (cd /dev && tar -cf - null) | (cd $root/dev && tar -xpf -)
        gzip -dc {HERE}/kit.tar.gz | (cd $root && tar -xpf -)
        for dir in $parts; do mkdir -p $root/$dir; mount_null /$dir $root/$dir; done
        mount_null {HERE}/srv/packages/All $root/srv
        chroot $root env PATH=/usr/pkg/sbin:/usr/pkg/bin:/bin:/usr/bin PKG_PATH=/srv \\
            sh -c 'pkg_add quiltview && pkg_info' || bad=$?
        for dir in srv $parts; do umount $root/$dir; done
        exit ${{bad:-0}}"""
    assert "quiltview" in there.run(script, 300)


def test_the_report_is_made_here(there: Guest, whole: str, tmp_path: Path) -> None:
    """The logs of that machine are read on this one."""
    there.run(f"cd {HERE} && rm -rf log/*/*.log")
    there.get(HERE, "log", tmp_path)
    words = ["report", "-o", str(tmp_path / "report"), "--log", str(tmp_path / "log")]
    argv = [sys.executable, "-m", "pkgmkgen", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads((tmp_path / "report" / "report.json").read_text())
    assert told["facts"]["SYSTEM"].startswith("NetBSD"), whole[-1000:]
    assert told["total"] == len(EXPECTED)


KILLS = """cd {here}
ls packages/All/quiltview* >/dev/null 2>&1 && rm -rf packages log
make -f bulk.mk -j 2 graphics/quiltview misc/lonely </dev/null >out 2>&1 &
for moment in {moments}; do
    sleep $moment
    set -- $(ps -axww -o pid= -o args= | grep -e '{victim}' | grep -e bulk.mk -e {here} |
        grep -v -e grep -e 'sh -s' | awk '{{ print $1 }}')
    [ $# -gt 0 ] || continue
    shift $(({number} % $#))
    kill -9 "$1" 2>/dev/null && echo killed
done
ps -axww -o pid= -o args= | awk '/^ *[0-9]+ make .*bulk[.]mk/ {{ print $1 }}' |
    xargs kill -9 2>/dev/null
:
"""
"""One run: a victim is killed at each moment, make in the end. What is built is forgotten first."""


@pytest.mark.parametrize("victim", ["make", "build.sh", "chroot-enter.sh"])
def test_killed_at_any_moment(there: Guest, victim: str) -> None:
    """Processes of a run are killed by signal 9: the next run goes on, and nothing is left."""
    rng = random.Random(f"{victim} {ROUNDS}")
    wanted = max(1, ROUNDS // 3)
    killed = number = 0
    clear(there)
    while killed < wanted and number < 4 * wanted:
        more = 0 if victim == "make" else 2
        waits = [rng.uniform(1, 20), *(rng.uniform(0.5, 4) for _ in range(more))]
        moments = " ".join(f"{wait:.2f}" for wait in waits)
        script = KILLS.format(here=HERE, moments=moments, victim=victim, number=number)
        killed += there.run(script).count("killed\n")
        assert not gone(there, 90), (number, moments)
        number += 1
    assert killed >= wanted, number
    out = there.run(f"{MAKE} -j 2 graphics/quiltview misc/lonely", 900, check=False)
    assert any(name.startswith("quiltview-") for name in packages(there)), out
    assert not gone(there)


def test_a_build_that_takes_too_long(there: Guest) -> None:
    """TIMEOUT ends it, and all of it."""
    name = next(name for name, row in EXPECTED.items() if row.pkgpath == "math/polyforge")
    there.run(f"rm -rf {HERE}/packages/All/{name}.tgz {HERE}/log/{name}")
    there.run(f"{MAKE} TIMEOUT=5 math/polyforge", 900, check=False)
    assert result(there, name)["STATUS"] == "timed-out"
    assert not gone(there)


HOSTILE = {
    "hide": "(cd / && exec sleep 600 <&- >&- 2>&-) & sleep 1",
    "root": "test ! -r /etc/master.passwd && ! id -Gn | grep -e wheel -e kmem -e operator",
    "tree": "! touch ${PKGSRCDIR}/was-here 2>/dev/null && ! touch ${DISTDIR}/was-here 2>/dev/null",
    "files": "i=0; while [ $$i -lt 200 ]; do exec 3</dev/null; i=$$((i + 1)); done",
}
"""What a hostile package tries in its build; each must leave nothing, and be built."""


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_package(there: Guest, tmp_path: Path, name: str) -> None:
    """What chroot withstands: hidden processes, files of root, the trees."""
    lonely = TREE / "misc" / "lonely"
    text = (lonely / "Makefile").read_text()
    end = '.include "../../mk/bsd.pkg.mk"'
    text = text.replace(end, f"do-configure:\n\t{HOSTILE[name]}\n\n{end}")
    assert "do-configure" in text
    (tmp_path / "Makefile").write_text(text)
    pkgname = next(one for one, row in EXPECTED.items() if row.pkgpath == "misc/lonely")
    there.put(tmp_path, "Makefile", to=f"{HERE}/minipkgsrc/misc/lonely")
    there.run(f"rm -rf {HERE}/packages/All/{pkgname}.tgz {HERE}/log/{pkgname}")
    try:
        out = there.run(f"{MAKE} misc/lonely", 600, check=False)
    finally:
        there.put(lonely, "Makefile", to=f"{HERE}/minipkgsrc/misc/lonely")
    assert f"built      {pkgname}" in out, there.run(f"cat {HERE}/log/{pkgname}/build.log")
    assert not gone(there)
    assert "sleep 600" not in there.run("ps -axww -o args=")
    there.run(f"rm -rf {HERE}/packages/All/{pkgname}.tgz")


@pytest.fixture
def ssh(there: Guest, tmp_path: Path) -> str:
    """Give a directory with an ssh that knows the words for that machine."""
    path = tmp_path / "bin" / "ssh"
    path.parent.mkdir()
    words = [word for word in there.login[1:-1] if word != "-oBatchMode=yes"]
    path.write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} {shlex.join(words)} "$@"\n')
    path.chmod(0o755)
    return str(path)


def test_scanned_there(there: Guest, ssh: str) -> None:
    """The tree of that machine, by its own make: the same packages as here."""
    argv = [sys.executable, "-m", "pkgmkgen", "scan", "--no-cache", "--pkgsrc"]
    env = {**os.environ, "PATH": f"{Path(ssh).parent}:{os.environ['PATH']}"}
    far = ["--scan-on", there.login[-1], "--make", "/usr/bin/make"]
    runs = [
        subprocess.run(
            [*argv, *words], capture_output=True, text=True, env=env, check=False, cwd=TOP
        )
        for words in ([f"{HERE}/minipkgsrc", *far], [str(TREE), "--no-sandbox"])
    ]
    scanned, here = ([one for one in run.stdout.split("\n") if "NAME=" in one] for run in runs)
    assert scanned == here, runs[0].stderr
    assert len(scanned) > len(EXPECTED)


def test_scheduled_here(there: Guest, ssh: str, new_bulk, kit: Path, tmp_path: Path) -> None:
    """LAUNCH=ssh: make runs here, the sandboxes are there; packages, logs and results come back."""
    if not there.run("command -v rsync", check=False):
        pytest.skip("LAUNCH=ssh needs rsync on that machine")
    hosts = tmp_path / "hosts"
    places = {"SANDBOXDIR": "sandboxes", "PKGSRCDIR": "minipkgsrc", "PACKAGES": "sent",
              "DISTDIR": "distfiles"}  # fmt: skip
    words = " ".join(f"{name}={HERE}/{place}" for name, place in places.items())
    hosts.write_text(f"{there.login[-1]} 2 {words}\n")
    bulk = new_bulk(
        LAUNCH="ssh", HOSTS=str(hosts), SSH=ssh, BOOTSTRAP_KIT=str(netbsd.kit_for(kit, tmp_path)),
        MAKECONF="", PREFIX="/usr/pkg", PKG_DBDIR="/usr/pkg/pkgdb",
    )  # fmt: skip
    rows = [row for row in EXPECTED.values() if row.pkgpath in SOME]
    bulk.generate(*SOME)
    done = bulk.make("-j2", timeout=900)
    for row in rows:
        result = bulk.result(row.pkgname)
        assert (result["STATUS"], result.get("PHASE", "")) == (row.outcome, row.detail), done.stdout
        assert (bulk.log / row.pkgname / f"{row.detail or 'install'}.log").stat().st_size
    assert {bulk.result(name)["HOST"] for name in bulk.packages()} == {there.login[-1]}
    assert not gone(there)
    assert not there.run(f"ls {HERE}/sandboxes/jobs; ls {HERE}/sandboxes/scratch").split()


SOME = ("graphics/quiltview", "net/netprobe", "mail/askmail")
"""Packages that go over: two that are built, with dependencies, and one that fails."""
