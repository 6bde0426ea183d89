"""Names with characters that are not in most names: built, found and listed by both makes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from bulk import TOP, TREE

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


TOUCH = """\
mkdir -p "$BULK_PACKAGES/All"
echo made "$1"
echo "$1" >"$BULK_PACKAGES/All/$1$BULK_PKG_SUFX"
"""


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_make_name_says_that_it_is_up_to_date(new_bulk, tool: str) -> None:
    """By each of its names, with and without -j; what is built says something else first."""
    bulk = new_bulk()
    builder = bulk.root / "touch.sh"
    builder.write_text(TOUCH)
    bulk.generate("misc/lonely", "graphics/quiltview")

    def make(*words: str) -> str:
        done = bulk.make(*words, f"BUILD_PACKAGE={builder}", tool=tool)
        assert done.returncode == 0, done.stdout
        assert "---" not in done.stdout
        return done.stdout

    said = {"make": "Nothing to be done for '{}'.", "bmake": "{} is up to date"}[tool]
    assert "made lonely-1.0" in make("misc/lonely")
    for name in ("misc/lonely", "lonely", "lonely-1.0"):
        assert said.format(name) in make(name)
        assert said.format(name) in make("-j3", name)
        assert make("-n", name).count("\n") == 1
    assert "is up to date" not in make("list")
    assert make("-j3", "packages").count("made") == len(bulk.packages()) - 1
    assert "made" not in make("-j3", "packages")


def _record(pkgname: str, path: str, needs: str = "") -> str:
    return f"PKGNAME={pkgname}\nPKG_LOCATION={path}\nALL_DEPENDS={needs}\n"


# A launcher that starts no sandbox: it writes down what one is told and may install.
TELL = """\
launch_prepare() { : >"$1/ready"; }
launch_open() { :; }
launch_run() {
    printf '%s\\n' "$@" >"$BULK_LOG/told"
    cp -- "$outdir/out/closure" "$BULK_LOG/closure"
    launch_host=here
    : >"$outdir/limits"
    return 2
}
"""


@pytest.mark.root
@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_four_thousand_direct_needs(new_bulk, tmp_path: Path, tool: str) -> None:
    """More than one argument of sh can hold: both makes hand over all of them."""
    names = [f"a-dependency-with-a-long-name-{number}-1.0" for number in range(4000)]
    scan = tmp_path / "scan"
    patterns = " ".join(f"{name}:../../misc/oddfiles" for name in names)
    records = [_record("lonely-1.0", "misc/lonely", patterns)]
    records += [_record(name, "misc/oddfiles") for name in names]
    scan.write_text("".join(records))
    scripts = tmp_path / "scripts"
    shutil.copytree(TOP / "sandbox-scripts", scripts)
    (scripts / "launch" / "tell.sh").write_text(TELL)
    bulk = new_bulk(SCRIPTS=str(scripts), LAUNCH="tell")
    bulk.generate("--index", str(scan))
    bulk.all.mkdir(parents=True)
    for name in names:
        (bulk.all / f"{name}.tgz").write_text("a package")
    done = bulk.make("lonely-1.0", tool=tool)
    assert "failed     lonely-1.0" in done.stdout
    told = (bulk.log / "told").read_text().split()
    assert told[:3] == ["inside/phases.sh", "lonely-1.0", "misc/lonely"]
    assert told[told.index("--") + 1 :] == [f"{bulk.all}/{name}.tgz" for name in names]
    assert (bulk.log / "closure").read_text().split() == sorted(names)
    assert bulk.result("lonely-1.0")["DEPENDS"].split() == names
