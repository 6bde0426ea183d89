"""What a change touches: by directory, by included makefile, and all that depends on it."""

from __future__ import annotations

import pytest

from pkgmkgen.index import reader
from pkgmkgen.model import PkgName
from pkgmkgen.resolve.impact import affected, only, touched
from pkgmkgen.resolve.resolver import resolve

INDEX = b"""\
PKGNAME=zlib-1.3
PKG_LOCATION=devel/zlib
ALL_DEPENDS=
SCAN_DEPENDS=../../mk/bsd.pkg.mk Makefile
PKGNAME=png-1.6
PKG_LOCATION=graphics/png
ALL_DEPENDS=zlib>=1:../../devel/zlib
SCAN_DEPENDS=../../mk/bsd.pkg.mk ../../devel/zlib/buildlink3.mk Makefile
PKGNAME=gimp-2
PKG_LOCATION=graphics/gimp
ALL_DEPENDS=png>=1:../../graphics/png
SCAN_DEPENDS=../png/common.mk Makefile
PKGNAME=figlet-2
PKG_LOCATION=misc/figlet
ALL_DEPENDS=
SCAN_DEPENDS=Makefile
"""


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("devel/zlib/patches/patch-aa", {"zlib-1.3", "png-1.6", "gimp-2"}),
        ("graphics/png/common.mk", {"png-1.6", "gimp-2"}),
        ("graphics/gimp/Makefile", {"gimp-2"}),
        ("devel/zlib-other/Makefile", set()),
        ("mk/bsd.pkg.mk", set()),
        ("doc/CHANGES", set()),
    ],
)
def test_a_change_touches_what_is_made_from_it(file: str, expected: set[str]) -> None:
    """And all that depends on it; the text may be cut anywhere."""
    blocks = [INDEX[:100], INDEX[100:]]
    resolution = resolve(reader.read([INDEX], "index").items)
    assert affected(resolution, touched(blocks, [file])).keys() == expected


def test_the_reason_is_the_file_or_the_dependency() -> None:
    """The file, where it is in SCAN_DEPENDS only; else the package that is built before."""
    resolution = resolve(reader.read([INDEX], "index").items)
    assert affected(resolution, touched([INDEX], ["devel/zlib/buildlink3.mk"])) == {
        "zlib-1.3": "devel/zlib/buildlink3.mk",
        "png-1.6": "devel/zlib/buildlink3.mk",
        "gimp-2": "needs png-1.6",
    }
    assert [p.depends for p in only(resolution, {PkgName("gimp-2")}).packages] == [()]
