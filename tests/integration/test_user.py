"""Sandboxes without root: in user namespaces, by a person who has some user ids to spare."""

from __future__ import annotations

import subprocess
import tarfile
from pathlib import Path

import hosts
import pytest
from bulk import TOP, Bulk, expected
from person import UID, Person

from pkgmkgen.machine import Request
from pkgmkgen.scan import places as place
from pkgmkgen.scan.session import Launch, Limits, Session

pytestmark = pytest.mark.root

EXPECTED = expected()
PACKAGES = {
    row.pkgname: row
    for row in EXPECTED.values()
    if row.pkgname.startswith(("setuidkit-", "graffiti-", "netprobe-5", "askmail-", "lingerd-"))
}
CANNOT = "user bulky cannot create a user namespace, and is not root"
HIDE = "mount --bind /dev/null $(readlink -f /usr/bin/{})"


def _members(path: Path) -> list[tuple[object, ...]]:
    with tarfile.open(path) as archive:
        return [(one.name, one.mode, one.uname, one.gname, one.linkname) for one in archive]


def test_packages_are_those_that_root_builds(their, bulk: Bulk) -> None:
    """The same succeed and fail, with the same members, modes and owners."""
    paths = {row.pkgpath for row in PACKAGES.values()}
    mine = their(*paths)
    done = mine.make("-j4")
    bulk.generate(*paths)
    bulk.make("-j4")
    assert mine.packages() == bulk.packages(), done.stdout
    for name, row in PACKAGES.items():
        result = mine.result(name)
        told = (result.get("STATUS"), result.get("PHASE", ""))
        assert told == (row.outcome, row.detail), done.stdout
    for path in mine.all.glob("*.tgz"):
        assert _members(path) == _members(bulk.all / path.name)
        assert path.stat().st_uid == UID


def test_a_run_starts_and_goes_on_without_root(their, somebody: Person) -> None:
    """A package by its name, a shell in its sandbox, fetching, and a run with nothing to do."""
    hook = somebody.home / "hook"
    hook.write_text("id -u >>$HOME/hooks\n")
    mine = their(EXPECTED["askmail-2.2"].pkgpath, HOOK=f"sh {hook}")
    assert mine.make("fetch").returncode == 0
    assert list((mine.root / "distfiles").glob("askmail*"))
    assert mine.make("askmail").returncode == 0
    for more, ids in (((), "59999 59999"), (("ROOT=yes",), "0 0")):  # and none of their groups
        words = ("shell", "PKG=askmail", "AT=build", "COMMAND=echo ids `id -u` `id -G`", *more)
        assert f"ids {ids}\n" in mine.make(*words).stdout
    assert "2 up to date" in mine.make().stdout
    assert set((somebody.home / "hooks").read_text().split()) == {str(UID)}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("umount /etc/subuid", f"{CANNOT}: unshare: no line matching user"),
        ("umount /etc/subgid", f"{CANNOT}: unshare: no line matching user"),
        (HIDE.format("newuidmap"), f"{CANNOT}: unshare: failed to execute newuidmap"),
        (HIDE.format("cc"), "no working C compiler: cc fails on this machine and in BASE"),
        ("LAUNCH=vm", "LAUNCH=vm needs root"),
    ],
)
def test_it_is_told_plainly_where_it_cannot_be(their, spoil: str, said: str) -> None:
    """One error that says what is missing and how to mend it; nothing is recorded."""
    mine = their("misc/lonely")
    *words, become, home = mine.before
    if spoil.startswith("LAUNCH"):
        done = mine.make(spoil)
    else:
        mine.before = (*words, become.replace("exec ", f"{spoil}\nexec "), home)
        done = mine.make()
    assert done.returncode != 0
    assert f"pkgmkgen: run halted: {said}" in done.stdout
    assert "\n  fix: " in done.stdout
    assert not mine.result("lonely-1.0")


def test_where_user_namespaces_are_refused_it_is_told_at_once(their) -> None:
    """A run, a scan and a shell end with the reason; unshare --map-auto would wait for ever."""
    mine = their("misc/lonely")
    mine.before = ("sh", str(TOP / "tests" / "nonamespaces.sh"), *mine.before)
    for words in (("-j2",), ("lonely",), ("shell", "PKG=lonely")):
        done = mine.make(*words, timeout=30)
        assert f"pkgmkgen: run halted: {CANNOT}: unshare" in done.stdout, done.stdout
        assert "max_user_namespaces" in done.stdout
        assert done.returncode != 0
    may = mine.root / "scripts" / "os" / "Linux-may.sh"
    done = subprocess.run([*mine.before, "sh", may], capture_output=True, check=False, timeout=30)
    assert done.returncode == 1


def test_a_kit_of_somebody_else_must_be_an_archive(their, somebody: Person) -> None:
    """What a package writes beside the files of a directory would not be allowed."""
    kit = somebody.home / "kit"
    kit.mkdir()
    mine = their("misc/lonely", BOOTSTRAP_KIT=str(kit))
    subprocess.run(["tar", "-xf", mine.kit, "-C", kit], check=True)
    said = f"the directory BOOTSTRAP_KIT={kit} belongs to another user"
    assert said in mine.make().stdout
    somebody.own(kit)
    assert mine.make().returncode == 0


def test_a_tree_on_which_others_are_mounted(their) -> None:
    """A user namespace may not look below what is mounted: it is there in the sandbox, too."""
    mine = their("misc/lonely")
    *words, become, home = mine.before
    mount = f"mkdir {mine.tree}/below && mount -t tmpfs -o mode=1777 below {mine.tree}/below"
    mine.before = (*words, become.replace("exec ", f"{mount}\nexec "), home)
    shell = mine.make("shell", "PKG=lonely", "AT=depends", f"COMMAND=touch {mine.tree}/below/file")
    assert "Read-only file system" in shell.stdout
    assert mine.make().returncode == 0


@pytest.mark.skipif(bool(hosts.missing()), reason=hosts.missing())
def test_they_build_on_hosts_where_they_are_not_root_either(their, somebody: Person) -> None:
    """With keys and a login of their own."""
    with hosts.farm("slow1", user=somebody) as made:
        settings = {"LAUNCH": "ssh", "HOSTS": str(made.file(1)), "SSH": made.ssh}
        mine = their("misc/lonely", HOST_RETRY="1", **settings)
        done = mine.make(timeout=60)
        assert mine.result("lonely-1.0").get("HOST") == "slow1", done.stdout
        assert (mine.all / "lonely-1.0.tgz").stat().st_uid == UID
        found = [one for one in made.hosts[0].files() if one.startswith("sandboxes/jobs")]
        assert not found
        assert not made.hosts[0].processes()


def test_a_scan_has_its_sandbox_without_root(their, somebody: Person) -> None:
    """Like that of a build: with the kit, without the homes, in a network of its own."""
    mine = their("misc/lonely")
    scripts = mine.root / "scripts"
    may = subprocess.run([*somebody.argv, "sh", scripts / "os" / "Linux-may.sh"], check=False)
    assert may.returncode == 0
    values = {
        "SANDBOXDIR": str(mine.root / "sandboxes"),
        "PREFIX": "/usr/pkg",
        "PKGSRCDIR": str(mine.tree),
        "PKG_DBDIR": "/usr/pkg/pkgdb",
        "MAKECONF": "",
        "BOOTSTRAP_KIT": str(mine.kit),
        "BASE": "host",
        "BUILD_USER": "pbulk",
    }
    scan = place.sandbox(scripts, values)
    one = Session(Launch((*somebody.argv, *scan.launch.argv), "here", "mend it"), Limits(60))
    words = ("sh", "-c", "ls /usr/pkg/bin /home; wc -l </proc/net/dev")
    done = one.run(Request(words, "/", {"PATH": "/usr/bin:/bin"}))
    one.kill()
    assert done.out.split() == [b"/home:", b"/usr/pkg/bin:", b"bmake", b"3"], done
    subprocess.run([*somebody.argv, *scan.end], check=True)
