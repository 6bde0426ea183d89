"""pbulk's presolve format, byte by byte."""

from __future__ import annotations

import io

from pkgmkgen.index import reader as index
from pkgmkgen.model import PkgPath
from pkgmkgen.resolve import presolve
from pkgmkgen.resolve.limited import restrict
from pkgmkgen.resolve.resolver import resolve

SCAN = b"""\
PKGNAME=a-1
PKG_LOCATION=x/a
ALL_DEPENDS=  b>=1:../../x/b   c>=1:../../x/c
NEW_KEY= kept  as it is\t
SCAN_DEPENDS=../../mk/bsd.pkg.mk Makefile
MULTI_VERSION= X=1
PKGNAME=c-1
PKG_LOCATION=x/c
ALL_DEPENDS=
PKGNAME=b-1
PKG_LOCATION=x/b
ALL_DEPENDS=c>=1:../../x/c
PKGNAME=d-1
PKG_LOCATION=x/d
ALL_DEPENDS=c>=2:../../x/c
"""

SOLVED = SCAN.replace(b"X=1\n", b"X=1\nDEPENDS=b-1 c-1\n").replace(
    b"PKGNAME=d", b"DEPENDS=c-1\nPKGNAME=d"
)


def solve(data: bytes, *paths: str, size: int = 1 << 20) -> bytes:
    """Read, resolve and write."""
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    scan = index.read(blocks, "f")
    resolution = resolve(scan.items)
    if paths:
        resolution = restrict(resolution, map(PkgPath, paths))
    out = io.BytesIO()
    out.writelines(presolve.solved(blocks, scan, resolution))
    return out.getvalue()


def test_records_as_they_are_and_depends_last() -> None:
    """None for a package without dependencies, none for an unresolved one."""
    assert solve(SCAN) == SOLVED


def test_blocks_may_be_cut_anywhere() -> None:
    """The second pass reads as the first did."""
    assert solve(SCAN, size=5) == SOLVED


def test_presolve_stays_as_it_is() -> None:
    """Resolving what is resolved changes nothing."""
    assert solve(SOLVED) == SOLVED


def test_crlf_text_is_copied() -> None:
    """Records keep their line ends."""
    got = solve(SCAN.replace(b"\n", b"\r\n"))
    assert got.replace(b"\r", b"") == SOLVED


def test_duplicates_and_bad_records_are_left_out() -> None:
    """Only what counts is printed, and in its own words."""
    double = SCAN + b"PKGNAME=a-1\nPKG_LOCATION=x/other\nALL_DEPENDS=\n"
    bad = b"PKGNAME=b-1\nPKG_LOCATION=../..\nALL_DEPENDS=\n"
    assert solve(bad + double + b"PKGNAME=cut-1\nPKG_LOC") == SOLVED
    assert solve(b"rubbish\n" + SCAN) == SOLVED


def test_a_limited_list_prints_less() -> None:
    """The order stays that of the file."""
    assert (
        solve(SCAN, "x/b")
        == b"".join(SOLVED.partition(b"PKGNAME=c")[1:]).partition(b"PKGNAME=d")[0]
    )
