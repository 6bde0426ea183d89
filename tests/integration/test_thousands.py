"""Thousands of distfiles in one package, as those of Go have, in directories of their own."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import tarfile

import pytest
from bulk import TREE, Bulk

pytestmark = pytest.mark.root

MANY = 6000
MAKEFILE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tMany distfiles
LICENSE=\tmodified-bsd
INSTALLATION_DIRS=\tshare/{name}

do-build:
\t{build}
do-install:
\t${{INSTALL_DATA}} ${{.CURDIR}}/DESCR ${{DESTDIR}}${{PREFIX}}/share/{name}/DESCR

.include "../../mk/bsd.pkg.mk"

fetch: many
many:
\t@[ -d ${{DISTDIR}}/github.com ] || (cd ${{DISTDIR}} && tar -xf ${{.CURDIR}}/files.tar)
"""
# In a process namespace of its own the number of a new process tells how many there have been.
COUNTED = '"$@"; status=$?; sh -c "echo processes \\$\\$"; exit $status'


@pytest.fixture(scope="module")
def bulk(kit, tmp_path_factory) -> Bulk:
    """Make one package that is built, and one that fails when all is fetched."""
    root = tmp_path_factory.mktemp("thousands")
    bulk = Bulk(root, kit, root / "tree")
    bulk.before = ("unshare", "--pid", "--fork", "--mount-proc", "sh", "-c", COUNTED, "sh")
    shutil.copytree(TREE, bulk.tree, symlinks=True)
    files = {f"github.com/!mini/mod{n // 20}/@v/v1.{n}.mod": b"%d\n" % n for n in range(MANY)}
    distinfo = [
        f"SHA512 ({name}) = {hashlib.sha512(text).hexdigest()}\nSize ({name}) = {len(text)} bytes\n"
        for name, text in files.items()
    ]
    for name, build in {"many": ":", "manybroken": "exit 1"}.items():
        folder = bulk.tree / "misc" / name
        folder.mkdir()
        (folder / "DESCR").write_text("Many.\n")
        (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/DESCR\n")
        (folder / "distinfo").write_text("$NetBSD$\n\n" + "".join(distinfo))
        (folder / "Makefile").write_text(MAKEFILE.format(name=name, build=build))
        with tarfile.open(folder / "files.tar", "w") as made:
            for path, text in files.items():
                one = tarfile.TarInfo(path)
                one.size = len(text)
                made.addfile(one, io.BytesIO(text))
    bulk.generate("misc/many", "misc/manybroken")
    return bulk


def processes(said: str) -> int:
    """Tell how many processes a run has started."""
    return int(re.findall(r"^processes (\d+)$", said, re.MULTILINE)[0])


@pytest.mark.parametrize("goal", ["fetch", "all"])
def test_all_are_saved_with_few_processes(bulk: Bulk, goal: str) -> None:
    """Fetched or built, and where a package fails; not even one process a file."""
    distfiles = bulk.root / "distfiles"
    shutil.rmtree(distfiles / "github.com", ignore_errors=True)
    said = bulk.make(goal).stdout
    assert len(list(distfiles.glob("github.com/*/*/*/*.mod"))) == MANY, said
    assert processes(said) < MANY
    if goal == "all":
        assert bulk.packages() == {"many-1.0"}, said
        assert bulk.result("manybroken-1.0")["PHASE"] == "build"
        assert len((bulk.log / "manybroken-1.0" / "inputs").read_text().splitlines()) > MANY
    assert not bulk.gone()


def test_what_cannot_be_saved_is_the_package_s_failure(bulk: Bulk) -> None:
    """A file stands where a directory must be: the run goes on."""
    distfiles = bulk.root / "distfiles"
    shutil.rmtree(distfiles / "github.com", ignore_errors=True)
    (bulk.all / "many-1.0.tgz").unlink(missing_ok=True)
    (distfiles / "github.com").write_text("in the way\n")
    said = bulk.make("many").stdout
    assert "halted" not in said
    assert bulk.result("many-1.0")["STATUS"] == "failed", said
