"""Scans of a tree that asks as pkgsrc does: same records as bmake's, each question asked once."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pbulktree
import pytest
from bulk import TOP, TREE
from hosts import farm, missing
from pbulktree import BMAKE, PACKAGES, PbulkTree

from pkgmkgen import resources
from pkgmkgen.model import PkgPath
from pkgmkgen.scan import directory as records
from pkgmkgen.scan import places as place
from pkgmkgen.scan.session import Limits, Session
from pkgmkgen.scan.tree import Tree

WHICH = pytest.mark.skipif(BMAKE == "bmake", reason="needs bmake")
pytestmark = WHICH


@pytest.fixture(params=[pbulktree.INDEX, pbulktree.INDEX_2026], ids=["2017", "2026"])
def tree(tmp_path, request) -> PbulkTree:
    """Write a tree, with each kind of recipe."""
    return pbulktree.make(tmp_path / "tree", request.param)


@pytest.fixture
def session() -> Iterator[Session]:
    """Give a machine."""
    one = Session(place.host(resources.sandbox_scripts()).launch, Limits(60))
    yield one
    one.kill()


class Command:
    """pkgmkgen scan of a tree with a cache of its own."""

    def __init__(self, tree: PbulkTree, cache: Path) -> None:
        """Run nothing yet."""
        self.tree = tree
        self.argv = [sys.executable, "-m", "pkgmkgen", "scan", "--pkgsrc", str(tree.root)]
        self.argv += ["--make", BMAKE, "--set", f"MAKECONF={tree.root}/mk.conf", "-j2"]
        self.argv += ["--cache", str(cache)]

    def __call__(self, *words: str, **options) -> subprocess.CompletedProcess[str]:
        """Run it to its end."""
        argv = [*self.argv, *words]
        return subprocess.run(
            argv, capture_output=True, text=True, check=False, cwd=TOP, timeout=60, **options
        )

    def asked(self, *words: str) -> tuple[int, int]:
        """Run it; return how many directories were scanned and how many were unchanged."""
        done = self(*words)
        assert done.returncode == 0, done.stderr
        line = done.stderr.splitlines()[-1].replace(",", " ,").split()
        assert line[2:5] == ["directories", "scanned", ","], done.stderr
        return int(line[1]), int(line[5])


@pytest.fixture
def scan(tree, tmp_path) -> Command:
    """Give the command."""
    return Command(tree, tmp_path / "cache")


def in_tree(tree: PbulkTree) -> Tree:
    """Speak to it."""
    return Tree(str(tree.root), BMAKE, f"{tree.root}/mk.conf", "/usr/sbin:/usr/bin:/sbin:/bin")


def test_the_short_way_gives_the_bytes_of_the_long_one(tree, session) -> None:
    """In any order, when nothing is known and when all is."""
    reader = records.reader(in_tree(tree), session)
    assert reader.recipe
    want = {name: records.located(tree.plain(name), PkgPath(f"x/{name}")) for name in PACKAGES}
    names = list(PACKAGES)
    for seed in range(3):
        random.Random(seed).shuffle(names)
        reader = records.reader(in_tree(tree), session)
        for name in names + names:
            got = reader.read(session, PkgPath(f"x/{name}"))
            assert (name, got.text, got.fault) == (name, want[name].text, "")


def test_options_are_asked_once_and_only_where_they_are_the_same(tree, session) -> None:
    """Nested makes by the dozen become one short question for each that differs."""
    for name in PACKAGES:
        tree.plain(name)
    assert tree.nested() > 20
    reader = records.reader(in_tree(tree), session)
    for name in PACKAGES:
        reader.read(session, PkgPath(f"x/{name}"))
    assert tree.nested() == 1  # x/nested, which asks in a way of its own
    multi = reader.read(session, PkgPath("x/multi")).text.decode()
    assert [f"opt-p{version}:" in multi for version in "234"] == [True] * 3


def test_a_backslash_is_printed_by_the_recipe_itself(scan) -> None:
    """Some shells' echo reads it: no directory is scanned slowly for that."""
    assert "the long way" not in scan().stderr


def test_a_tree_of_another_kind_is_asked_the_long_way(tree, session, scan) -> None:
    """A recipe that is not understood is not guessed at."""
    path = tree.root / "mk" / "pbulk" / "pbulk-index.mk"
    path.write_text(path.read_text().replace('echo "BOOT', ': && echo "BOOT'))
    reader = records.reader(in_tree(tree), session)
    assert reader.recipe is None
    assert '`: && echo "BOOTSTRAP_PKG="' in reader.slow
    assert (
        reader.read(session, PkgPath("x/c")).text
        == records.located(tree.plain("c"), PkgPath("x/c")).text
    )
    assert reader.shared.platform()["OPSYS"]  # the slow scan is told this, too
    first = scan().stderr.splitlines()[0]  # said before anything is scanned, with what it costs
    assert "BOOTSTRAP_PKG=" in first
    assert "ten times as long" in first


def test_check_finds_a_value_that_must_not_be_shared(tree, scan) -> None:
    """Exit 1, the directory named; 0 on a good tree."""
    done = scan("--check")
    said = f"{len(PACKAGES)} directories scanned both ways, 0 differ\n"
    assert (done.returncode, done.stdout) == (0, said)
    hidden = ".if !defined(_GCC_VERSION)\n_GCC_VERSION!=echo ${.CURDIR:T}\n.endif\n"
    for name in ("v1", "v2", "v3"):
        tree.add(name, f"{hidden}PKGNAME={name}-1\nDEPENDS=gcc-${{_GCC_VERSION}}")
    done = scan("--check", "-j1")
    assert done.returncode == 1
    assert "x/v3" in done.stdout.splitlines()
    assert "please report" in done.stderr


def test_a_rescan_scans_what_has_changed(tree, scan) -> None:
    """Content counts, not times; files of other packages whose options were asked count, too."""
    every = len(PACKAGES)
    first = scan("--no-cache").stdout
    assert scan.asked() == (0, every)
    assert scan().stdout == first
    for path in tree.root.rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    assert scan.asked() == (0, every)
    path = tree.root / "x" / "a" / "Makefile"
    path.write_text(path.read_text().replace("x11", "x12"))
    os.utime(path, (1, 1))
    assert scan.asked() == (4, every - 4)  # a, and b, c, multi, whose dependencies hang on it
    path.write_text(path.read_text().replace("x12", "x11"))
    scan.asked()
    assert scan().stdout == first
    (tree.root / "x" / "patched" / "patches" / "patch-aa").unlink()
    assert scan.asked() == (1, every - 1)
    conf = tree.root / "mk.conf"
    conf.write_text(conf.read_text() + "# changed\n")
    assert scan.asked() == (every, 0)
    assert scan.asked("--no-cache") == (every, 0)


def test_added_and_deleted_directories_are_noticed(tree, scan) -> None:
    """A record does not outlive its directory."""
    every = len(PACKAGES)
    assert scan.asked() == (every, 0)
    tree.add("new", "PKGNAME=new-1")
    assert scan.asked() == (1, every)
    (tree.root / "x" / "new" / "Makefile").unlink()
    tree.add("a", PACKAGES["a"])
    assert "new-1" not in scan().stdout


def test_a_limited_scan_uses_the_same_cache(scan) -> None:
    """And follows what is needed."""
    assert scan.asked("x/c") == (3, 0)
    assert scan.asked("x/c") == (0, 3)
    assert scan.asked() == (len(PACKAGES) - 3, 3)


FLOOD = "X!=i=0; while [ $$i -lt 300000 ]; do echo 0123456789; i=$$((i+1)); done >&2"
BAD = {
    "hangs": ("X!=sleep 100", "took longer than 2 s"),
    "floods": (FLOOD, "printed more than 1048576 bytes"),
    "dies": ("X!=kill -9 $$PPID", "exit status 137"),
    "errs": (".error this is wrong", "this is wrong"),
}
ALONE = {
    "dies-late": ("echo PKGNAME=late-1; kill -9 $$PPID", "exit status 137"),
    "half": ("echo PKGNAME=half-1", "half a record"),
    "silent": (":", "printed no record"),
    "babbles": ("echo hello", "printed no record"),
}
"""Makefiles with a pbulk-index of their own."""


def test_a_bad_directory_is_one_failure(tree, scan) -> None:
    """Each is named with its reason; all others are there, and nothing is left running."""
    good = scan().stdout
    for name, (text, _) in (BAD | ALONE).items():
        tree.add(name, f"PKGNAME={name}-1\n{text}")
    for name, (text, _) in ALONE.items():
        (tree.root / "x" / name / "Makefile").write_text(f"pbulk-index:\n\t@{text}\n")
    tree.add("forks", "PKGNAME=forks-1\nX!=sleep 77 >/dev/null & echo x")
    done = scan("--scan-seconds", "2", "--scan-megabytes", "1")
    assert done.returncode == 0
    for name, (_, why) in (BAD | ALONE).items():
        lines = [line for line in done.stderr.splitlines() if f"/x/{name}: " in line]
        assert len(lines) == 1, done.stderr
        assert why in lines[0]
    assert "PKGNAME=forks-1\n" in done.stdout
    for record in good.split("PKGNAME=")[1:]:
        assert record.splitlines()[0] in done.stdout
    assert not _running("sleep 77", 5)
    assert not _running("sleep 100", 5)


def test_interrupted_it_ends_at_once_and_keeps_what_it_has(tree, scan) -> None:
    """^C, exit 130; the same command goes on from there."""
    for number in range(3):
        tree.add(f"slow{number}", f"PKGNAME=slow{number}-1\nX!=sleep 33; echo x")
    running = subprocess.Popen(
        scan.argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=TOP, text=True
    )
    until = time.monotonic() + 30
    while len(_running("sleep 33")) < 2:
        assert time.monotonic() < until
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, err = running.communicate(timeout=20)
    assert time.monotonic() - start < 3  # a second on a machine with nothing else to do
    assert (running.returncode, "are kept" in err, "Traceback" in err) == (130, True, False)
    assert not _running("sleep 33")
    for number in range(3):
        tree.add(f"slow{number}", f"PKGNAME=slow{number}-1")
    scanned, stored = scan.asked()
    assert stored
    assert scanned < len(PACKAGES) + 3


def test_killed_it_leaves_nothing_running(tree, scan) -> None:
    """By kill -9: the makes see their input end."""
    tree.add("slow", "PKGNAME=slow-1\nX!=sleep 44; echo x")
    running = subprocess.Popen(scan.argv, stdout=subprocess.DEVNULL, cwd=TOP)
    until = time.monotonic() + 30
    while not _running("sleep 44"):
        assert time.monotonic() < until
        time.sleep(0.05)
    running.kill()
    running.wait()
    until = time.monotonic() + 5
    while _running("sleep 44"):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_scan_on_another_machine(tree, scan, tmp_path) -> None:
    """Everything is asked through ssh: here a stand-in that notes its words and runs them."""
    ssh = tmp_path / "bin" / "ssh"
    ssh.parent.mkdir()
    ssh.write_text(f'#!/bin/sh\necho "$1 $2 $3" >>{tmp_path}/calls\nshift 3\nexec sh -c "$*"\n')
    ssh.chmod(0o755)
    env = {**os.environ, "PATH": f"{ssh.parent}:{os.environ['PATH']}"}
    here = scan("--no-cache").stdout
    there = scan("--scan-on", "me@far", env=env)
    assert there.stdout == here, there.stderr
    assert set((tmp_path / "calls").read_text().splitlines()) == {"-oBatchMode=yes -- me@far"}
    again = scan("--scan-on", "me@far", env=env)
    assert "0 directories scanned" in again.stderr
    path = tree.root / "x" / "a" / "Makefile"
    path.write_text(path.read_text().replace("x11", "x12"))
    assert "4 directories scanned" in scan("--scan-on", "me@far", env=env).stderr
    done = scan("--scan-on", "-oProxyCommand=x", env=env)
    assert done.returncode == 2


@pytest.mark.root
@pytest.mark.skipif(bool(missing()), reason=missing())
def test_scan_on_a_machine_by_ssh(scan, tmp_path) -> None:
    """The same through a real ssh and sshd; when that machine is gone, one clear word."""
    with farm("far") as made:
        ssh = tmp_path / "bin" / "ssh"
        ssh.parent.mkdir()
        ssh.write_text(f'#!/bin/sh\nexec /usr/bin/{made.ssh} -oConnectTimeout=2 "$@"\n')
        ssh.chmod(0o755)
        env = {**os.environ, "PATH": f"{ssh.parent}:{os.environ['PATH']}"}
        there = scan("--no-cache", "--scan-on", "far", env=env)
        assert there.stdout == scan("--no-cache").stdout, there.stderr
        made.hosts[0].kill()
        done = scan("--no-cache", "--scan-on", "far", env=env)
        assert done.returncode == 69
        assert "fix: make sure that `ssh far true` works" in done.stderr


def test_scan_on_a_machine_that_is_not_there(scan, tmp_path) -> None:
    """Its own words, and what to do."""
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho 'ssh: no route to far' >&2\nexit 255\n")
    ssh.chmod(0o755)
    env = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = scan("--scan-on", "far", env=env)
    assert done.returncode == 69
    assert "no route to far\n  fix: " in done.stderr


@pytest.mark.root
def test_scan_in_a_sandbox(kit, tmp_path) -> None:
    """The kit's make and mk.conf, not those of the machine; nothing is left of the sandboxes."""
    words = ["--set", f"BOOTSTRAP_KIT={kit}", "--set", f"SANDBOXDIR={tmp_path}/boxes"]
    argv = [sys.executable, "-m", "pkgmkgen", "scan", "--pkgsrc", str(TREE), "-j2", *words]
    argv += ["--cache", str(tmp_path / "cache"), "editors/microvi", "mail/postroom"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=TOP)
    assert done.returncode == 0, done.stderr
    assert "PKGNAME=" in done.stdout
    assert "/usr/pkg/etc/mk.conf" in done.stdout
    for name in ("run", "scratch"):
        until = time.monotonic() + 5
        while list((tmp_path / "boxes" / name).iterdir()):
            assert time.monotonic() < until
            time.sleep(0.05)
    again = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=TOP)
    assert (again.stdout, " 0 directories scanned" in again.stderr) == (done.stdout, True)


def _running(text: str, seconds: float = 0) -> list[str]:
    """Return the living processes with these words, which may take that long to die."""
    until = time.monotonic() + seconds
    while (alive := _alive(text)) and time.monotonic() < until:
        time.sleep(0.05)
    return alive


def _alive(text: str) -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
        except OSError:
            continue
        if words == text:
            found.append(path.parent.name)
    return found


@pytest.mark.parametrize("kind", ["2017", "2026"])
def test_minipkgsrc_has_both_recipes_and_each_is_understood(tmp_path, kind) -> None:
    """Same bytes as pbulk-index for every directory, without asking the long way."""
    root = tmp_path / "tree"
    shutil.copytree(TREE, root, symlinks=True)
    if kind == "2017":
        path = root / "mk" / "pbulk" / "pbulk-index.mk"
        before = path.read_text().partition("pbulk-index-item:\n")[0]
        path.write_text(before + (path.parent / "item-2017.mk").read_text())
    one = Session(place.host(resources.sandbox_scripts()).launch, Limits(60))
    try:
        tree = Tree(str(root), BMAKE)
        reader = records.reader(tree, one)
        assert not reader.slow
        for path in tree.directories(one):
            if path in ("misc/halfwritten", "misc/vacant"):
                continue
            found = reader.read(one, path)
            assert (path, found.long) == (path, False)
            assert found.text == records.scan_slow(tree, one, path).text
    finally:
        one.kill()
