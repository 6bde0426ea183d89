"""Kits that do not fit: for other settings, of another architecture, older than the tree."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bulk import TREE, Bulk

pytestmark = pytest.mark.root

SMALL = """\
DISTNAME=\t{name}
CATEGORIES=\tpkgtools
MAINTAINER=\tmini@example.org
COMMENT=\tSmall
LICENSE=\tmodified-bsd
INSTALLATION_DIRS=\tshare/small
NO_BUILD=\tyes
{more}
do-install:
\techo {name} >${{DESTDIR}}${{PREFIX}}/share/small/{base}

.include "../../mk/bsd.pkg.mk"
"""
ELF_HEADER = bytes.fromhex("7f454c46020101000000000000000000")


def _package(tree: Path, name: str, more: str = "") -> str:
    base = name.rpartition("-")[0]
    folder = tree / "pkgtools" / base
    folder.mkdir(exist_ok=True)
    (folder / "DESCR").write_text("Small.\n")
    (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/small/{base}\n")
    (folder / "Makefile").write_text(SMALL.format(name=name, base=base, more=more))
    return f"pkgtools/{base}"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a copy of the miniature tree."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    return tmp_path / "tree"


def _unpacked(kit: Path, to: Path) -> Path:
    to.mkdir()
    subprocess.run(["tar", "-xpf", kit, "-C", to], check=True)
    return to


@pytest.fixture
def aged(new_bulk, tree: Path, kit: Path, tmp_path: Path) -> Bulk:
    """Give a build whose kit has wrapper-1.0 and digger-1.0, while the tree has 2.0 of both.

    A package needs them; digger may not be deleted if the test says so.
    """
    _package(tree, "wrapper-1.0")
    _package(tree, "digger-1.0")
    first = new_bulk(tree)
    first.generate("pkgtools/wrapper", "pkgtools/digger")
    assert first.make().returncode == 0
    folder = _unpacked(kit, tmp_path / "folder")
    # A kit is what pkg_add left in the prefix: so is this one, by the tree's own tools.
    words = "mount --bind -- {0}/usr/pkg /usr/pkg && /usr/pkg/sbin/pkg_add {1}/*.tgz"
    Path("/usr/pkg").mkdir(exist_ok=True)
    script = words.format(folder, first.all)
    subprocess.run(["unshare", "--mount", "sh", "-ec", script], check=True)
    _package(tree, "wrapper-2.0")
    _package(tree, "digger-2.0")
    needs = "TOOL_DEPENDS=\twrapper>=1:../../pkgtools/wrapper\n"
    needs += "DEPENDS=\tdigger>=1:../../pkgtools/digger"
    user = _package(tree, "user-1.0", needs)
    bulk = new_bulk(tree, BOOTSTRAP_KIT=str(folder))
    bulk.generate(user)
    return bulk


def test_older_packages_of_the_kit_make_way(aged: Bulk) -> None:
    """Each sandbox that gets the tree's version deletes that of the kit first; the kit stays."""
    done = aged.make()
    assert done.returncode == 0, done.stdout
    assert "kit        contains wrapper-1.0, the tree has wrapper-2.0" in done.stdout
    assert aged.packages() == {"user-1.0", "wrapper-2.0", "digger-2.0"}
    kit = Path(aged.settings["BOOTSTRAP_KIT"])
    assert (kit / "usr/pkg/share/small/wrapper").read_text() == "wrapper-1.0\n"
    assert not (aged.log / "wrapper-2.0" / "stray.log").exists()


def test_what_may_not_be_deleted_is_named(aged: Bulk) -> None:
    """Before anything is built, with what to do; what needs the other version fails."""
    db = Path(aged.settings["BOOTSTRAP_KIT"]) / "usr/pkg/pkgdb"
    (db / "digger-1.0" / "+PRESERVE").touch()
    said = aged.make().stdout
    line = "contains digger-1.0, the tree has digger-2.0, and digger-1.0 cannot be deleted"
    assert line in said
    assert said.index(line) < said.index("building")
    assert "rebuild the kit" in said


def test_kit_for_another_prefix_or_database(new_bulk) -> None:
    """One error that names both, before anything is built."""
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    done = bulk.make("PREFIX=/opt/pkg", "PKG_DBDIR=/opt/pkg/pkgdb")
    assert "was made for the prefix /usr/pkg, but PREFIX is /opt/pkg" in done.stdout
    assert "building" not in done.stdout
    done = bulk.make("PKG_DBDIR=/var/db/pkg")
    assert "for the package database /usr/pkg/pkgdb, but PKG_DBDIR is /var/db/pkg" in done.stdout
    assert done.stdout.count("run halted") == 1
    assert not bulk.result("lonely-1.0")


@pytest.mark.parametrize("machine", [b"\xb7\x00", b"\xf3\x00"])
def test_kit_of_another_architecture(new_bulk, kit: Path, tmp_path: Path, machine: bytes) -> None:
    """As the programs of kit and base say; a base of that architecture will do."""
    folder = _unpacked(kit, tmp_path / "folder")
    pkg_add = folder / "usr/pkg/sbin/pkg_add"
    pkg_add.write_bytes(ELF_HEADER + b"\x02\x00" + machine)
    bulk = new_bulk(BOOTSTRAP_KIT=str(folder))
    bulk.generate("misc/lonely")
    done = bulk.make()
    name = {b"\xb7\x00": "AArch64", b"\xf3\x00": "RISC-V"}[machine]
    assert f"was made for {name}, but the base system is " in done.stdout
    assert "building" not in done.stdout
    own = Path("/bin/sh").resolve().read_bytes()[:20]
    pkg_add.write_bytes(own)
    assert "was made for" not in bulk.make().stdout
