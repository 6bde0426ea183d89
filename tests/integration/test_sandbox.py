"""Around one sandbox: looking into it, what a package leaves, what does not fit in memory."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile

import pytest
from bulk import TOP, TREE, Bulk, expected
from launching import slow_tree

pytestmark = pytest.mark.root

EXPECTED = expected()
STRAY = """\
DISTNAME=\tmessy-1.0
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tLeaves files behind
LICENSE=\tmodified-bsd
USE_DESTDIR=\tdestdir
INSTALLATION_DIRS=\tshare/messy

do-build:
\tdd if=/dev/zero of=${WRKSRC}/big bs=1024k count=12

do-install:
\techo left >/etc/messy.conf
\t${INSTALL_DATA} ${.CURDIR}/DESCR ${DESTDIR}${PREFIX}/share/messy/file

.include "../../mk/bsd.pkg.mk"
"""
BARRIER = (
    """
.for target in all stage-install stage-package-create
.  if make(${target}) && !defined(_PKGSRC_BARRIER)
.error a make that only starts another one
.  endif
.endfor
PKGSRC_MAKE_ENV=\tMARK=behind
barrier-error-check:
\t@echo delayed message
"""
    "# ${RECURSIVE_MAKE} ${MAKEFLAGS} _PKGSRC_BARRIER=yes"
    " ALLOW_VULNERABLE_PACKAGES= ${_BARRIER_CMDLINE_TARGETS}\n"
)


def _row(base: str):
    return next(row for row in EXPECTED.values() if row.pkgname.rpartition("-")[0] == base)


@pytest.fixture(scope="module")
def small(kit, tmp_path_factory) -> Bulk:
    """Build a package that needs others, and one that fails in configure."""
    bulk = Bulk(tmp_path_factory.mktemp("small"), kit)
    bulk.generate(_row("quiltview").pkgpath, _row("netprobe").pkgpath)
    bulk.make("-j4")
    return bulk


def _shell(bulk: Bulk, *words: str, text: str = "") -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "pkgmkgen", "shell", "-f", str(bulk.mk), *words]
    return subprocess.run(
        argv, input=text, capture_output=True, text=True, check=False, cwd=TOP, timeout=60
    )


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_shell_has_the_dependencies_installed(small: Bulk, tool: str) -> None:
    """As build user, in the package's directory, with exactly what the build would see."""
    words = ["quiltview", "--make", tool, "--"]
    done = _shell(small, *words, "id -un; pwd; pkg_info -e libquilt-0.6; ls /sandbox/work")
    assert done.stdout.split() == ["pbulk", f"{small.tree}/graphics/quiltview", "libquilt-0.6"]
    assert done.returncode == 0


def test_shell_at_the_phase_that_failed(small: Bulk) -> None:
    """Everything up to the failure is there; the logs of the build are not touched."""
    row = _row("netprobe")
    before = (small.log / row.pkgname / "result").read_text()
    done = _shell(
        small, row.pkgpath, "--at", "configure", "--root", text="id -u; ls -d */\nexit 7\n"
    )
    assert f"{row.pkgname} failed in configure" in done.stderr
    assert done.stdout.split()[0] == "0"
    assert "Error 7" in done.stderr
    assert (small.log / row.pkgname / "result").read_text() == before
    assert not small.gone()


def test_shell_refuses_with_a_reason(small: Bulk) -> None:
    """No such package; a dependency that is not built; a name that is none."""
    assert "no package 'nosuch' in" in _shell(small, "nosuch").stderr
    assert "is no PKGNAME" in _shell(small, "$(touch x)").stderr
    path = small.all / "libquilt-0.6.tgz"
    path.rename(small.root / "kept")
    assert "the dependency libquilt-0.6 is not built" in _shell(small, "quiltview").stderr
    (small.root / "kept").rename(path)


@pytest.fixture
def messy(new_bulk, tmp_path):
    """Give a bulk build of a package that leaves files behind, with the settings asked for."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    folder = tmp_path / "tree" / "misc" / "messy"
    folder.mkdir()
    (folder / "DESCR").write_text("Messy.\n")
    (folder / "PLIST").write_text("@comment $NetBSD$\nshare/messy/file\n")
    (folder / "Makefile").write_text(STRAY)

    def make(**settings: str) -> Bulk:
        bulk = new_bulk(tmp_path / "tree", **settings)
        bulk.generate("misc/messy")
        return bulk

    return make


def test_what_a_package_leaves_is_reported(messy) -> None:
    """A warning with the files; the package counts all the same."""
    bulk = messy()
    done = bulk.make()
    assert done.returncode == 0, done.stdout
    log = (bulk.log / "messy-1.0" / "stray.log").read_text()
    assert "written outside the work directory: /etc/messy.conf" in log
    assert bulk.result("messy-1.0")["STRAY"] == str(len(log.splitlines()))
    assert "files outside its own" in done.stdout
    assert int(bulk.result("messy-1.0")["WRKDIR_KB"]) > 12 * 1024


def test_what_does_not_fit_in_memory_goes_to_disk_the_next_time(messy) -> None:
    """A full tmpfs fails the package; the next build of it works on disk."""
    bulk = messy(SCRATCH_SIZE="8m")
    assert "no space left in the work directory" in bulk.make().stdout
    assert bulk.make("RETRY=yes").returncode == 0
    assert bulk.result("messy-1.0")["STATUS"] == "built"


def test_settings_for_one_package(messy, tmp_path) -> None:
    """A line of PACKAGE_SETTINGS does the same at once; a wrong one halts the run."""
    file = tmp_path / "settings"
    bulk = messy(SCRATCH_SIZE="8m", PACKAGE_SETTINGS=str(file))
    file.write_text("nothing-* TIMEOUT=1\nmessy-* COLOUR=red\n")
    assert "unknown setting 'COLOUR=red'" in bulk.make().stdout
    file.write_text("messy-* TIMEOUT=never\n")
    assert "TIMEOUT=never is not a number" in bulk.make().stdout
    assert not bulk.result("messy-1.0")
    file.write_text("messy-* SCRATCH=disk TIMEOUT=600\n")
    assert bulk.make().returncode == 0


def test_keep_leaves_the_work_directory_of_a_failure(new_bulk) -> None:
    """As an archive among the logs."""
    bulk = new_bulk(KEEP="yes")
    row = _row("netprobe")
    bulk.generate(row.pkgpath)
    bulk.make()
    with tarfile.open(bulk.log / row.pkgname / "work.tar.gz") as archive:
        assert any("netprobe" in name for name in archive.getnames())


def test_no_make_only_starts_another(new_bulk, tmp_path) -> None:
    """After configure, pkgsrc's make behind its barrier is called at once, in its environment."""
    tree = slow_tree(tmp_path, {"one": '[ "$$MARK" = behind ]', "two": "false"})
    (tree / "mk" / "bsd.pkg.barrier.mk").write_text(BARRIER)
    with (tree / "mk" / "bsd.pkg.mk").open("a") as infrastructure:
        infrastructure.write('.include "bsd.pkg.barrier.mk"\n')
    bulk = new_bulk(tree)
    bulk.generate("misc/one", "misc/two")
    out = bulk.make().stdout
    assert bulk.packages() == {"one-1.0"}, out
    assert bulk.result("two-1.0")["PHASE"] == "build", out
    assert "delayed message" in (bulk.log / "two-1.0" / "build.log").read_text()
