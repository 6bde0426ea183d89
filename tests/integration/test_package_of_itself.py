"""The program as a package of pkgsrc, built by the program, on a copy of the miniature tree."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP, TREE

pytestmark = [pytest.mark.root, pytest.mark.long]

# The miniature tree has no wheel.mk, no tools and no GENERATE_PLIST: what stands in for them.
_WHEEL = """\
.include "../../lang/python/pyversion.mk"
PYTHONBIN=	/usr/bin/python3
PYSITELIB=	lib/python${PYVERSSUFFIX}/site-packages
PKGMANDIR=	man
FIND=		find
SORT=		sort
SETENV=		env
PLIST_SRC=	${WRKDIR}/PLIST
INSTALLATION_DIRS+=	bin ${PYSITELIB}
do-build:
	cd ${WRKSRC} && ${PYTHONBIN} -c 'import setuptools; setuptools.setup()' -q bdist_wheel
do-install:
	cd ${WRKSRC} && ${PYTHONBIN} -m zipfile -e dist/*.whl ${DESTDIR}${PREFIX}/${PYSITELIB}
	printf '%s\\n' '#!${PYTHONBIN}' 'from pkgmkgen.__main__ import main' \\
		'raise SystemExit(main())' \\
		>${DESTDIR}${PREFIX}/bin/pkgmkgen
	chmod 755 ${DESTDIR}${PREFIX}/bin/pkgmkgen
post-install: plist
plist:
	cp ${PKGDIR}/PLIST ${PLIST_SRC}
	{ ${GENERATE_PLIST} } >>${PLIST_SRC}
"""
_MODULE = """\
DISTNAME=	{name}-100.0
PKGNAME=	${{PYPKGPREFIX}}-${{DISTNAME}}
CATEGORIES=	devel
MAINTAINER=	mini@example.org
COMMENT=	{name} of this machine
LICENSE=	modified-bsd
NO_BUILD=	yes
do-install:
	mkdir -p ${{DESTDIR}}${{PREFIX}}/lib/python${{PYVERSSUFFIX}}/site-packages
	cp -R ${{FILESDIR}}/. ${{DESTDIR}}${{PREFIX}}/lib/python${{PYVERSSUFFIX}}/site-packages
.include "../../lang/python/pyversion.mk"
.include "../../mk/bsd.pkg.mk"
"""


def _module(tree: Path, path: str, *names: str) -> None:
    """Make a package of modules of this machine; without names an empty one, for a tool."""
    folder = tree / path
    (folder / "files").mkdir(parents=True)
    for name in names:
        spec = importlib.util.find_spec(name)
        assert spec
        assert spec.origin
        shutil.copytree(
            Path(spec.origin).parent,
            folder / "files" / name,
            ignore=shutil.ignore_patterns("__pycache__", "tests", "*.so"),
        )
    (folder / "files" / f"{folder.name}.txt").touch()
    (folder / "Makefile").write_text(_MODULE.format(name=folder.name.removeprefix("py-")))
    (folder / "DESCR").write_text("For a test.\n")
    site = "lib/python${PYVERSSUFFIX}/site-packages"
    files = sorted(x for x in (folder / "files").rglob("*") if x.is_file())
    lines = [f"{site}/{file.relative_to(folder / 'files')}" for file in files]
    (folder / "PLIST").write_text("".join(f"{line}\n" for line in lines))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give the miniature tree with the package, and with what it needs from this machine."""
    words = "import sys, setuptools, wheel; sys.exit(sys.version_info < (3, 11))"
    check = ["/usr/bin/python3", "-c", words]
    if subprocess.run(check, capture_output=True, check=False).returncode:
        pytest.skip("/usr/bin/python3 is older than 3.11, or has no setuptools and wheel")
    made = tmp_path / "tree"
    shutil.copytree(TREE, made, symlinks=True)
    (made / "lang" / "python" / "wheel.mk").write_text(_WHEEL)
    for path in ("devel/py-setuptools", "devel/py-wheel"):
        _module(made, path)
    _module(made, "textproc/py-jinja2", "jinja2", "markupsafe")
    _module(made, "math/py-networkx", "networkx")
    _module(made, "devel/py-plumbum", "plumbum")
    for path in ("devel/py-setuptools", "textproc/py-jinja2"):
        assert (made / path / "Makefile").is_file()
    shutil.copytree(
        TOP / "tests" / "pkgsrc" / "pkgtools" / "pkgmkgen", made / "pkgtools" / "pkgmkgen"
    )
    return made


def test_it_builds_itself(new_bulk, tree: Path, tmp_path: Path) -> None:
    """From an sdist, with its man page; what was built runs without the checkout."""
    bulk = new_bulk(tree)
    copy = tmp_path / "copy"
    copy.mkdir()
    names = ["setup.cfg", "pyproject.toml", "README.md", "LICENSE", "pkgmkgen", "templates"]
    subprocess.run(["cp", "-R", *names, "sandbox-scripts", copy], cwd=TOP, check=True)
    argv = [sys.executable, "-m", "build", "--sdist", "--no-isolation", "--outdir"]
    subprocess.run([*argv, bulk.root / "distfiles", copy], check=True, capture_output=True)
    package = tree / "pkgtools" / "pkgmkgen"
    (sdist,) = (bulk.root / "distfiles").glob("*.tar.gz")
    digest = hashlib.sha512(sdist.read_bytes()).hexdigest()
    lines = (
        f"SHA512 ({sdist.name}) = {digest}\nSize ({sdist.name}) = {sdist.stat().st_size} bytes\n"
    )
    (package / "distinfo").write_text(f"$NetBSD$\n\n{lines}")
    bulk.generate("pkgtools/pkgmkgen")
    done = bulk.make("-j2")
    assert done.returncode == 0, done.stdout
    assert "pkgmkgen-0.1.0" in bulk.packages(), done.stdout
    contents = subprocess.run(
        ["tar", "-tzf", bulk.all / "pkgmkgen-0.1.0.tgz"], capture_output=True, text=True, check=True
    ).stdout
    for name in ("bin/pkgmkgen", "man/man1/pkgmkgen.1", "pkgmkgen/sandbox_scripts/build.sh"):
        assert f"{name}\n" in contents
    assert "pkgmkgen/templates/Makefile.j2\n" in contents
    command = "cd /sandbox/work/pkgtools/pkgmkgen/work/.destdir/usr/pkg/lib/python3*/site-packages"
    command += " && PYTHONPATH=.:$(echo /usr/pkg/lib/python3*/site-packages) "
    command += "/usr/bin/python3 -m pkgmkgen --index /nowhere; "
    command += "PYTHONPATH=.:$(echo /usr/pkg/lib/python3*/site-packages) "
    command += "/usr/bin/python3 -m pkgmkgen resolve --index /dev/stdin </dev/null"
    said = bulk.make("shell", "PKG=pkgmkgen", "AT=package", f"COMMAND={command}").stdout
    assert "pkgmkgen: /nowhere: cannot be read" in said, said
    assert "no PKGNAME= line" in said
