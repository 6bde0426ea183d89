"""Layers of dependencies: what a sandbox on them has, and what happens when there is none."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest
from bulk import TREE, Bulk

pytestmark = pytest.mark.root

CORE, DRAW, FONT = "pixel-core-2.0", "pixel-draw-2.1", "pixel-font-2.0.5nb2"
STUDIO = "pixel-studio-2.2"
# In +INSTALLED_INFO the real pkg_add marks a package that is asked for later; this one does not.
LAYERS = f"""
#layer 1 0 {CORE}
#layer 2 1 {DRAW} {FONT}
#layered {DRAW} 1
#layered {FONT} 1
#layered {STUDIO} 2
"""
FIND = (
    'find / -xdev ! -path "/sandbox/*" ! -path "/tmp/*" ! -name pkgdb.byfile.db ! -name "*ED_INFO"'
    r' -printf "%p %y %M %U %G %l\n" | sort; cat /etc/passwd /etc/group;'
    " cd /usr/pkg/pkgdb; for f in */+[!I]*; do echo $$f; sort $$f; done"
)


def _bulk(folder: Path, kit: Path, text: str = LAYERS, tree: Path = TREE) -> Bulk:
    folder.mkdir()
    bulk = Bulk(folder, kit, tree)
    bulk.generate("graphics/pixel-studio")
    bulk.mk.write_text(bulk.mk.read_text() + text)
    return bulk


@pytest.fixture(scope="module")
def bulk(kit, tmp_path_factory) -> Bulk:
    """Build a package on two layers of dependencies, once for this module."""
    bulk = _bulk(tmp_path_factory.mktemp("layers") / "on", kit)
    done = bulk.make("-j2", "LAYERS=2000")
    assert done.returncode == 0, done.stdout
    assert "cannot be made" not in done.stdout
    return bulk


def test_packages_are_the_same_as_without_layers(bulk: Bulk, kit, tmp_path: Path) -> None:
    """Members, modes, owners, content."""
    other = _bulk(tmp_path / "off", kit)
    done = other.make("-j2", "LAYERS=0")
    assert done.returncode == 0, done.stdout
    assert bulk.packages() == other.packages()
    for name in bulk.packages():
        assert _members(bulk.all / f"{name}.tgz") == _members(other.all / f"{name}.tgz"), name


def _members(path: Path) -> list[tuple[object, ...]]:
    with tarfile.open(path) as archive:
        return [
            (one.name, one.mode, one.uname, one.linkname, one.isfile() and _content(archive, one))
            for one in archive
            if one.name != "+BUILD_INFO"
        ]


def _content(archive: tarfile.TarFile, one: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(one)
    return file.read() if file else b""


def test_a_sandbox_on_layers_has_the_files_of_a_fresh_installation(bulk: Bulk) -> None:
    """All of them, with owners, modes, links, users, and the records of the package tools."""
    words = ["shell", f"PKG={STUDIO}", "AT=depends", "ROOT=yes"]
    seen = {}
    for layers in ("2000", "0"):
        done = bulk.make(*words, f"LAYERS={layers}", f"COMMAND={FIND}")
        assert done.returncode == 0, done.stdout
        seen[layers] = done.stdout.splitlines()
    assert any(CORE in line for line in seen["0"])
    assert seen["2000"] == seen["0"]


def test_each_layer_was_made_once_and_is_gone_with_the_run(bulk: Bulk) -> None:
    """Who comes while another makes a layer does not wait; later packages find it."""
    assert not list(bulk.root.glob("sandboxes/run/*Z@*"))
    found = {
        name: (bulk.log / name / "depends.log").read_text().count("already recorded as installed")
        for name in (STUDIO, DRAW, FONT)
    }
    assert found[STUDIO] == len((CORE, DRAW, FONT)), found
    assert found[DRAW] + found[FONT] >= 1, found
    assert not bulk.left()


def test_a_layer_that_cannot_be_made_is_said_and_done_without(kit, tmp_path: Path) -> None:
    """The disk for it takes no layer; and a wrong plan for another."""
    wrong = LAYERS.replace(f"#layer 1 0 {CORE}", f"#layer 1 0 {FONT}").replace(f"2 1 {DRAW}", "2 1")
    bulk = _bulk(tmp_path / "bad", kit, wrong)
    done = bulk.make("-j2", "LAYERS=2000")
    assert done.returncode == 0, done.stdout
    assert "layer      1 of dependencies cannot be made" in done.stdout
    assert done.stdout.count("cannot be made") == 1
    assert STUDIO in bulk.packages()


def test_no_more_layers_than_disk_for_them(kit, tmp_path: Path) -> None:
    """The first fills a limit of 1 MB; the next is not made."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    makefile = tree / "graphics/pixel-core/Makefile"
    big = "\thead -c 3000000 /dev/zero >${DESTDIR}${PREFIX}/share/pixel/big\n"
    makefile.write_text(makefile.read_text().replace("core.sh\n\n", f"core.sh\n{big}\n", 1))
    with (tree / "graphics/pixel-core/PLIST").open("a") as plist:
        plist.write("share/pixel/big\n")
    bulk = _bulk(tmp_path / "full", kit, tree=tree)
    done = bulk.make("-j2", "LAYERS=1")
    assert done.returncode == 0, done.stdout
    text = (bulk.log / STUDIO / "depends.log").read_text()
    assert text.count("already recorded as installed") == 1, text
