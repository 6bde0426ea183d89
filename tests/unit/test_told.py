"""inside/told.sh: values that the first make of a package computes, for its later makes."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
TOLD = TOP / "sandbox-scripts/inside/told.sh"
MAKEFILE = """
.include "mk.conf"
GCC_REQD?=	3.0
.if !defined(_GCC_VERSION)
_GCC_VERSION!=	echo asked >>asked; echo 12
.endif
.if !defined(PKG_BUILD_OPTIONS.MesaLib)
PKG_BUILD_OPTIONS.MesaLib!=	echo asked >>asked; echo "x11 cups"
.endif
_GCC_STRICTEST_REQD?=	3.0; touch evil
MAKEVARS+=	PKG_BUILD_OPTIONS.MesaLib OTHER
OTHER=	secret
show-vars:
.for VARNAME in ${VARNAMES}
	@echo ${${VARNAME}:Q}
.endfor
"""
BARRIER = (
    "\tcd ${.CURDIR} && ${RECURSIVE_MAKE} ${MAKEFLAGS} _PKGSRC_BARRIER=yes"
    " ALLOW_VULNERABLE_PACKAGES= ${_BARRIER_CMDLINE_TARGETS}\n"
)
PLAIN = "/usr/bin/env MAKECONF=/sandbox/mk.conf PATH=/work/.tools/bin:/usr/bin"


def sh(words: str, tree: Path, *args: str) -> str:
    """Run words after sourcing told.sh for the package misc/one of the tree."""
    script = f'. "$0"; pkgpath=misc/one BULK_PKGSRCDIR={tree}; {words}'
    return subprocess.check_output(["sh", "-euc", script, str(TOLD), *args], text=True)


def ask(folder: Path, names: str) -> str:
    """Return what the make of a folder prints for names."""
    words = ["bmake", "show-vars", f"VARNAMES={names}"]
    return subprocess.check_output(words, cwd=folder, text=True)


def test_a_later_make_asks_nothing_and_other_packages_still_do(tmp_path: Path) -> None:
    """What is safe is told, to this package only."""
    conf = sh("told_conf", tmp_path)
    for name in ("one", "two"):
        folder = tmp_path / "misc" / name
        folder.mkdir(parents=True)
        (folder / "Makefile").write_text(MAKEFILE)
        (folder / "mk.conf").write_text(conf)
    one, two = tmp_path / "misc/one", tmp_path / "misc/two"
    log = tmp_path / "checksum.log"
    log.write_text("told:_GCC_VERSION=99%\n" + ask(one, "TOLD_VALUES") + "later words\n")
    told = sh('told_read "$1"', tmp_path, str(log))
    assert "_GCC_VERSION=12\n" in told
    assert "PKG_BUILD_OPTIONS.MesaLib=x11 cups\n" in told
    assert "secret" not in told
    assert "evil" not in told
    for folder in (one, two):
        (folder / "mk.conf").write_text(conf + told)
        (folder / "asked").unlink(missing_ok=True)
        assert ask(folder, "_GCC_VERSION PKG_BUILD_OPTIONS.MesaLib") == "12\nx11 cups\n"
    assert not (one / "asked").exists()
    assert (two / "asked").read_text() == "asked\nasked\n"


def test_a_log_without_values_tells_nothing(tmp_path: Path) -> None:
    """A tree whose make prints nothing builds as before."""
    log = tmp_path / "checksum.log"
    log.write_text("=> Checksum SHA1 OK\n")
    assert sh('told_read "$1"', tmp_path, str(log)).count("\n") == 2


@pytest.mark.parametrize(
    ("barrier", "said", "used"),
    [
        (BARRIER, PLAIN, PLAIN),
        ("", PLAIN, ""),
        (BARRIER.replace("&& ", "&& sudo "), PLAIN, PLAIN),
        (BARRIER.replace("_PKGSRC_BARRIER", "_BARRIER"), PLAIN, ""),
        (BARRIER, PLAIN + " CCACHE_COMPILERCHECK=echo\\ gcc", ""),
        (BARRIER, "/usr/bin/env -i PATH=/usr/bin", ""),
        (BARRIER, "PATH=/usr/bin", ""),
        (BARRIER, "", ""),
    ],
)
def test_the_barrier_is_passed_only_where_it_is_as_known(
    tmp_path: Path, barrier: str, said: str, used: str
) -> None:
    """Other trees, other words and other characters keep the make that only starts another."""
    (tmp_path / "mk").mkdir()
    (tmp_path / "mk" / "bsd.pkg.barrier.mk").write_text(barrier)
    log = tmp_path / "checksum.log"
    log.write_text(f"barrier:/usr/bin/env PATH=/evil\ntold:\nbarrier:{said}\n")
    assert sh('told_barrier "$1"; printf "%s" "$told_behind"', tmp_path, str(log)) == used
