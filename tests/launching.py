"""What the tests of launchers share: packages that take their time, and files to wait for."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

from bulk import TREE

MAKEFILE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tFor the tests of launchers
LICENSE=\tmodified-bsd
INSTALLATION_DIRS=\tshare/{name}
{more}
do-build:
\t{build}

do-install:
\t${{INSTALL_DATA}} ${{.CURDIR}}/DESCR ${{DESTDIR}}${{PREFIX}}/share/{name}/file

.include "../../mk/bsd.pkg.mk"
"""
SLOW = "for i in 1 2 3 4 5 6 7; do echo step $$i; sleep 1; done"


def slow_tree(folder: Path, builds: dict[str, str]) -> Path:
    """Return a copy of the miniature tree with packages that are built by these commands."""
    if not builds:
        return TREE
    tree = folder / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    for name, build in builds.items():
        add_package(tree, name, build)
    return tree


def add_package(tree: Path, name: str, build: str, more: str = "") -> None:
    """Add misc/NAME, which is built by this command, with more lines in its Makefile."""
    package = tree / "misc" / name
    package.mkdir()
    (package / "DESCR").write_text("For tests.\n")
    (package / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/file\n")
    (package / "Makefile").write_text(MAKEFILE.format(name=name, build=build, more=more))


def wait_for_text(path: Path, text: str, seconds: float = 30, count: int = 1) -> str:
    """Wait until a file has `text` so many times; returns what it has then."""
    end = time.monotonic() + seconds
    while not path.exists() or (found := path.read_text()).count(text) < count:
        assert time.monotonic() < end, f"no {text!r} in {path}"
        time.sleep(0.1)
    return found
