"""A tree that changed after bulk.mk was made: said once, and bulk.mk made again as it was made."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bulk import TREE, Bulk

PKGMKGEN = f"{sys.executable} -m pkgmkgen"


@pytest.fixture
def old(tmp_path) -> Bulk:
    """Give a bulk.mk of a copy of the tree, with settings that are not the usual ones."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    kit = tmp_path / "kit.tar.gz"
    kit.touch()
    (tmp_path / "mk.conf").touch()
    bulk = Bulk(tmp_path, kit, tmp_path / "tree", {"TIMEOUT": "1234", "BUILD_PACKAGE": "/b.sh"})
    bulk.generate("graphics/quiltview", "misc/lonely", "misc/vacant")
    time.sleep(0.05)
    return bulk


def refresh(bulk: Bulk, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `pkgmkgen --refresh`."""
    argv = [*PKGMKGEN.split(), "--refresh", str(bulk.mk), *words]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


def notes(text: str) -> list[str]:
    """Return what is said of files that changed after bulk.mk was made."""
    return [line for line in text.splitlines() if "was made: " in line]


def test_what_changed_after_bulk_mk_was_made_is_said_once(old) -> None:
    """By content: a file that was only touched, or a work directory, is no change."""
    (old.tree / "graphics/quiltview/Makefile").touch()
    (old.tree / "misc/lonely/work").mkdir()
    (old.tree / "misc/lonely/work/file").touch()
    assert not notes(old.make("-n").stdout)
    with (old.tree / "misc/lonely/Makefile").open("a") as file:
        file.write("# new\n")
    os.utime(old.tree / "misc/lonely/Makefile", (1, 1))  # as a copy with old times
    said = f"note       1 package directory (misc/lonely) changed after {old.mk} was made: "
    assert notes(old.make("-n").stdout) == [f"{said}make -f {old.mk} regenerate"]
    shutil.rmtree(old.tree / "devel/libquilt")
    with (old.tree / "mk/bsd.pkg.mk").open("a") as file:
        file.write("# new\n")
    (line,) = notes(old.make("-n", tool="bmake").stdout)
    said = "note       2 package directories (devel/libquilt, misc/lonely) and files below mk/"
    assert line.startswith(f"{said} changed after ")
    assert "files below mk/" not in "".join(notes(old.make("-n", "INFRASTRUCTURE=ignore").stdout))


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_bulk_mk_is_made_again_as_it_was_made(old, tool: str) -> None:
    """With its settings and packages; the same bytes if nothing has changed."""
    before = old.mk.read_text()
    done = old.make("regenerate", f"PKGMKGEN={PKGMKGEN}", tool=tool)
    assert (done.returncode, old.mk.read_text()) == (0, before), done.stdout
    assert f"{old.mk}: 6 packages: none changed\n" in done.stdout
    with (old.tree / "misc/lonely/Makefile").open("a") as file:
        file.write("# new\n")
    done = old.make("regenerate", f"PKGMKGEN={PKGMKGEN}", tool=tool)
    assert f"{old.mk}: 6 packages: 1 changed\n" in done.stdout
    assert not notes(old.make("-n").stdout)
    after = old.mk.read_text()
    assert "\nTIMEOUT = 1234\n" in after
    assert "\nBUILD_PACKAGE = /b.sh\n" in after
    assert re.sub("#inputs lonely.*", "", after) == re.sub("#inputs lonely.*", "", before)


def test_regenerate_without_the_command_says_how(old) -> None:
    """One fault and its mend."""
    done = old.make("regenerate", "PKGMKGEN=/nowhere/pkgmkgen")
    assert done.returncode == 2
    said = "pkgmkgen: command not found: /nowhere/pkgmkgen\n  fix: install pkgmkgen, or name it: "
    assert said in done.stdout


def test_a_list_is_read_again_and_other_options_count(old, tmp_path) -> None:
    """Paths that make and sh would misread are kept; --set replaces one setting."""
    odd = tmp_path / "a $(list) #1 é%"
    odd.write_text("misc/lonely\n")
    old.generate("--list", str(odd))
    assert old.mk.read_text().count("\n#job ") == 1
    odd.write_text("misc/lonely\nmisc/oddfiles\n")
    done = refresh(old, "--set", "TIMEOUT=99")
    assert f"{old.mk}: 2 packages: 1 added\n" in done.stderr, done.stderr
    assert "\nTIMEOUT = 99\n" in old.mk.read_text()


def test_what_cannot_be_made_again_is_refused(old, tmp_path) -> None:
    """Nothing is overwritten then."""
    done = refresh(old, "misc/oddfiles")
    assert "--refresh takes the packages from this file" in done.stderr
    (tmp_path / "scan").write_text("PKGNAME=a-1\nPKG_LOCATION=x/a\nALL_DEPENDS=\n")
    argv = [*PKGMKGEN.split(), "--index", str(tmp_path / "scan"), "-o", str(old.mk)]
    subprocess.run(argv, check=True, capture_output=True)
    done = refresh(old)
    assert f"{old.mk}: was made from a stored scan\n  fix: pkgmkgen --refresh" in done.stderr
    assert refresh(old, "--index", str(tmp_path / "scan")).returncode == 0
    old.mk.write_text(re.sub("(?m)^#made.*\n", "", old.mk.read_text()))
    assert "does not say how it was made" in refresh(old).stderr
    old.mk.unlink()
    assert "cannot be read" in refresh(old).stderr
    assert not Path(old.mk).exists()
