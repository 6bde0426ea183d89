"""Sandboxes without root: in user namespaces, by a person who has some user ids to spare."""

from __future__ import annotations

import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import Bulk, expected
from person import UID, Person, person

from pkgmkgen import place
from pkgmkgen.machine import Request
from pkgmkgen.session import Limits, Session, Started

pytestmark = pytest.mark.root

EXPECTED = expected()
PACKAGES = {
    row.pkgname: row
    for row in EXPECTED.values()
    if row.pkgname.startswith(("setuidkit-", "graffiti-", "netprobe-5", "askmail-", "lingerd-"))
}


@pytest.fixture(scope="module")
def somebody() -> Iterator[Person]:
    """Give a person."""
    with person() as made:
        yield made


@pytest.fixture
def their(somebody: Person, kit) -> Iterator[Callable[..., Bulk]]:
    """Give bulk builds of theirs, generated, and see to it that each leaves nothing behind."""
    made: list[Bulk] = []

    def make(*words: str, **settings: str) -> Bulk:
        made.append(somebody.bulk(kit, **settings))
        made[-1].generate(*words)
        somebody.own(made[-1].root)
        return made[-1]

    yield make
    for one in made:
        assert not one.gone()


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
    words = ("shell", "PKG=askmail", "AT=build", "COMMAND=id -un; ls")
    shell = mine.make(*words)
    assert "pbulk" in shell.stdout
    assert "2 up to date" in mine.make().stdout
    assert set((somebody.home / "hooks").read_text().split()) == {str(UID)}


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        ("umount /etc/subuid && : >/etc/subuid.none", "no line matching user"),
        ("mount --bind /dev/null /usr/bin/newuidmap", "failed to execute newuidmap"),
    ],
)
def test_it_is_told_plainly_where_it_cannot_be(their, spoil: str, said: str) -> None:
    """One error that says what is missing and how to mend it; nothing is recorded."""
    mine = their("misc/lonely")
    *words, become, home = mine.before
    mine.before = (*words, become.replace("exec ", f"{spoil}\nexec "), home)
    done = mine.make()
    assert done.returncode != 0
    assert f"sandboxes need root, or a user namespace that bulky cannot make: {said}" in (
        text := done.stdout.replace("unshare: ", "")
    ), text
    assert "fix: run make as root; or install newuidmap" in text
    assert not mine.result("lonely-1.0")


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
    one = Session(Started((*somebody.argv, *scan.started.argv), "here", "mend it"), Limits(60))
    words = ("sh", "-c", "ls /usr/pkg/bin /home; wc -l </proc/net/dev")
    done = one.run(Request(words, "/", {"PATH": "/usr/bin:/bin"}))
    one.kill()
    assert done.out.split() == [b"/home:", b"/usr/pkg/bin:", b"bmake", b"3"], done
    subprocess.run([*somebody.argv, *scan.end], check=True)
