"""Names with characters that are not in most names: built, found and listed by both makes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bulk import TREE

MAKEFILE = """\
DISTNAME=\t{pkgname}
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tA name that needs care
LICENSE=\tmodified-bsd
NO_BUILD=\tyes
INSTALLATION_DIRS=\tshare/lonely
{depends}
WRKSRC=\t${{WRKDIR}}
do-install:
\t${{INSTALL_DATA}} ${{.CURDIR}}/DESCR ${{DESTDIR}}${{PREFIX}}/share/lonely/{file}

.include "../../mk/bsd.pkg.mk"
"""


def add(tree: Path, name: str, pkgname: str, depends: str = "") -> None:
    """Write a package directory misc/NAME."""
    place = tree / "misc" / name
    shutil.copytree(tree / "misc" / "lonely", place)
    shutil.rmtree(place / "files")
    text = MAKEFILE.format(pkgname=pkgname, depends=depends, file=f"of-{len(name)}")
    (place / "Makefile").write_text(text)
    (place / "PLIST").write_text(f"share/lonely/of-{len(name)}\n")
    with (tree / "misc" / "Makefile").open("r+") as file:
        lists = file.read()
        file.seek(0)
        file.write(f"SUBDIR+=\t{name}\n{lists}")


@pytest.mark.root
@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_at_tilde_and_comma_are_built(new_bulk, tmp_path, tool: str) -> None:
    """A package with each of them, and one that needs it; then one more by its name."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    add(tree, "l10n-ca@valencia", "l10n-ca@valencia-4.14.3")
    needs = "DEPENDS+=\tl10n-ca@valencia>=4:../../misc/l10n-ca@valencia"
    add(tree, "tilde~and,comma", "tilde~and,comma-1~2,3", needs)
    bulk = new_bulk(tree)
    bulk.generate("misc/tilde~and,comma", "misc/l10n-ca@valencia")
    names = {"l10n-ca@valencia-4.14.3", "tilde~and,comma-1~2,3"}
    done = bulk.make("-j2", tool=tool)
    assert done.returncode == 0, done.stdout
    assert names <= bulk.packages()
    for name in names:
        assert bulk.result(name)["STATUS"] == "built"
        assert f"{name} " in bulk.make("list", tool=tool).stdout
    (bulk.all / "tilde~and,comma-1~2,3.tgz").unlink()
    done = bulk.make("misc/tilde~and,comma", tool=tool)
    assert done.returncode == 0, done.stdout
    assert names <= bulk.packages()
