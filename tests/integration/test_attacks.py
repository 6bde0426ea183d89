"""Attacks by somebody whose brief was to break out, thought up apart from the defence.

They are built in one run beside an innocent package: some by default, all with --long, as root and
as an ordinary user. `test_the_calls_work_outside` and its like show that they can succeed.
"""

from __future__ import annotations

import gzip
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from attacks import ATTACKS, FEW, HERE, MANY, Tried, compile_to, lines, meeting, run, service, write
from bulk import TREE, Bulk
from person import person

pytestmark = pytest.mark.root
GIGABYTE = 1 << 30
RUNS = [
    pytest.param(("root", FEW | MANY, 120), id="root"),
    pytest.param(("user", FEW, 60), id="user"),
    pytest.param(("root", ATTACKS, 600), id="root-all", marks=pytest.mark.long),
    pytest.param(("user", ATTACKS, 600), id="user-all", marks=pytest.mark.long),
]


@pytest.fixture(scope="module")
def programs(tmp_path_factory) -> Path:
    """Compile what attacks run, once."""
    path = tmp_path_factory.mktemp("attacks") / "bin"
    compile_to(path)
    return path


@pytest.fixture(scope="module", params=RUNS)
def tried(request, kit, programs, tmp_path_factory) -> Iterator[Tried]:
    """Build them in one run."""
    way, attacks, seconds = request.param
    with person() as somebody, service() as port:
        if way == "user":
            bulk = somebody.bulk(kit)
        else:
            root = tmp_path_factory.mktemp("attacks")
            bulk = Bulk(root, kit, root / "tree")
            shutil.copytree(TREE, bulk.tree, symlinks=True)
        bulk.settings |= {
            "PACKAGE_SETTINGS": f"{bulk.root}/limits",
            "ROOT_SIZE": "200m",
            "TIMEOUT": "60",
            "TIMEOUT_SILENT": "15",
        }
        (bulk.root / "limits").write_text(
            "".join(f"{name}-1.0 {one.limits}\n" for name, one in attacks.items() if one.limits)
        )
        victim = subprocess.Popen(["sleep", "900"])
        for name in attacks:
            write(bulk, name, victim=victim.pid, port=port)
        shutil.copytree(programs, bulk.tree / "bin")
        bulk.generate("misc/lonely", *(f"hostile/{name}" for name in attacks))
        bulk.all.mkdir(parents=True)
        if bulk.before:
            somebody.own(bulk.root)
        done = Tried(bulk, list(attacks), victim)
        start = time.monotonic()
        try:
            run(done, seconds)
            sys.stdout.write(f"{done.said[-60000:]}\n{time.monotonic() - start:.0f} s\n")
            yield done
        finally:
            victim.kill()
            victim.wait()


def test_no_attack_succeeds(tried: Tried) -> None:
    """No call gives more rights, nothing of others is found, no code is loaded with rights."""
    # What an ordinary user's builds share and reach.
    known = "(?!watchers$|a service of the host)" if tried.bulk.before else ""
    assert not lines(tried.bulk, f"BREACH: ({known}.*)")


def test_how_they_end(tried: Tried) -> None:
    """As packages, in a way that the attack cannot choose."""
    ends = {name: result.get("STATUS", "") for name, result in tried.results.items()}
    if tried.bulk.before:
        ends.pop("memory", None)  # without a control group, files count as nobody's memory
    assert not {name: end for name, end in ends.items() if end not in ATTACKS[name].ends}


def test_the_run_goes_on(tried: Tried) -> None:
    """Its innocent package is built, nobody is stopped, nothing is left, the host is as it was."""
    assert "halted" not in tried.said
    assert not tried.hung
    assert "lonely-1.0" in tried.bulk.packages()
    assert tried.victim.poll() is None
    assert not tried.bulk.gone()
    assert not list(tried.bulk.tree.rglob("was-here"))


def test_nobody_speaks_for_the_run(tried: Tried) -> None:
    """What comes out of a sandbox is marked as such, short, and does not steer a terminal."""
    said = tried.said.splitlines()
    assert not [line for line in said if "FORGED" in line and not line.startswith("inside: ")]
    assert not [char for char in tried.said if not char.isprintable() and char not in "\n\t"]
    assert len(tried.said) < 400_000


def test_reasons_are_short_lines(tried: Tried) -> None:
    """Of printable characters."""
    for result in tried.results.values():
        assert len(result.get("REASON", "")) < 1000
        assert result.get("REASON", "").isprintable()


def test_what_is_left_is_the_hosts(tried: Tried) -> None:
    """Directories keep owner and mode; no set-user-id file, no great or numerous ones."""
    bulk, owner = tried.bulk, tried.bulk.log.stat().st_uid
    for name in tried.names:
        folder = bulk.log / f"{name}-1.0"
        if folder.exists():
            assert folder.stat().st_uid == owner, name
            assert not folder.stat().st_mode & 0o6022, name
    for top in (bulk.log, bulk.root / "packages", bulk.root / "distfiles"):
        for path in top.rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert not path.stat().st_mode & 0o6000, path
                assert "security.capability" not in os.listxattr(path), path
                assert path.stat().st_blocks * 512 < GIGABYTE, path
    assert tried.largest < 8 * GIGABYTE  # the watch looks every second


def test_no_distfile_of_others_comes(tried: Tried) -> None:
    """None of these packages has any."""
    found = [path for path in (tried.bulk.root / "distfiles").rglob("*") if path.name != ".staging"]
    assert not found


def test_two_sandboxes_share_no_user(tried: Tried) -> None:
    """Run by root, each has ids of its own, since the kernel counts by user."""
    maps = [line.split() for line in lines(tried.bulk, r"ids +0 +(\d+) +65536$")]
    if not tried.bulk.before:
        assert len({line[-1] for line in maps}) > 1, maps


def test_no_forged_package_is_published(tried: Tried) -> None:
    """Either it is not there or it is what its name says."""
    for name in tried.names:
        path = tried.bulk.all / f"{name}-1.0.tgz"
        if path.exists() and name.startswith(("forge-", "later-")):
            _is_harmless(path, name)


def _is_harmless(path: Path, name: str) -> None:
    with gzip.open(path) as stream:
        size = 0
        while piece := stream.read(1 << 20):
            size += len(piece)
            assert size < GIGABYTE, name
    with tarfile.open(path) as archive:
        for one in archive:
            assert not one.name.startswith("/"), one
            assert ".." not in one.name.split("/"), one
            assert one.isfile() or one.issym() or one.islnk() or one.isdir(), one
            assert not (one.islnk() or one.issym()) or name == "forge-through", one
            assert not one.name.startswith("share/way/"), one
        contents = archive.extractfile("+CONTENTS")
        assert contents is not None
        assert f"@name {name}-1.0" in contents.read().decode()


def test_fetching_reaches_local_services_if_asked_to(bulk: Bulk) -> None:
    """The attack on them can succeed."""
    bulk.tree = bulk.root / "tree"
    shutil.copytree(TREE, bulk.tree, symlinks=True)
    bulk.settings["FETCH_LOCAL"] = "yes"
    with service() as port:
        write(bulk, "services", victim=0, port=port)
        bulk.generate("hostile/services")
        bulk.make("services-1.0")
    found = lines(bulk, "BREACH: (a service .*)")
    assert len(found) == 4, found
    assert all("/checksum: " in line for line in found)


OUTSIDE = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--net", "--fork", "--mount-proc"]
WORK = """newuser newuser_clone newnet keys mount fsopen detached device handle realtime urgent
io_first lease door32_lease families netlink watchers asynchronous access_watch many_terminals
discipline"""


def test_the_calls_work_outside(programs: Path, tmp_path: Path) -> None:
    """Root may do nearly all of them, in namespaces that are thrown away."""
    env = {**os.environ, "LEASE_ON": str(programs / "forge.py")}
    argv: list[str | Path] = [*OUTSIDE, programs / "calls"]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert set(WORK.split()) <= set(done.stdout.split()), done.stdout


def test_what_others_leave_is_found_outside(programs: Path) -> None:
    """By those who share memory and sockets."""
    with meeting(programs, "1364283730"):
        env = {**os.environ, "MEET": "1364283730"}
        argv: list[str | Path] = [programs / "meet", "find"]
        found = subprocess.run(argv, env=env, capture_output=True, check=True)
    assert found.stdout.count(b"BREACH") == 2


def test_what_is_forged_is_bad(tmp_path: Path) -> None:
    """A package that was forged would be seen by the check here."""
    forge = runpy.run_path(str(HERE / "forge.py"))["main"]
    good = tmp_path / "good.tgz"
    (tmp_path / "contents").write_text("@name forge-name-1.0\n")
    with tarfile.open(good, "w:gz") as archive:
        archive.add(tmp_path / "contents", "+CONTENTS")
    _is_harmless(good, "forge-name")
    for kind in ("absolute", "dotdot", "through", "device", "hardlink", "name"):
        file = tmp_path / f"{kind}.tgz"
        shutil.copy(good, file)
        forge(file, kind)
        with pytest.raises(AssertionError):
            _is_harmless(file, "forge-name")
