"""What a sandbox leaves is a stranger's data: forged packages, poisoned distfiles, odd logs.

None enters what the host trusts, none halts the run.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import stat

import pytest
from bulk import TREE, Bulk

pytestmark = pytest.mark.root

MAKEFILE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\thostile
MAINTAINER=\tmini@example.org
COMMENT=\tHostile
LICENSE=\tmodified-bsd
USE_DESTDIR=\tdestdir
INSTALLATION_DIRS=\tshare/{name}

do-build:
	:
do-install:
\t${{INSTALL_DATA}} ${{.CURDIR}}/attack.sh ${{DESTDIR}}${{PREFIX}}/share/{name}/attack
\tcd ${{WRKDIR}} && pkgfile=${{STAGE_PKGFILE}} sh ${{.CURDIR}}/attack.sh

.include "../../mk/bsd.pkg.mk"
"""

# The package file is there already when the package is to be made: make then leaves it as it is.
FORGE = """\
mkdir -p "${pkgfile%/*}" forged && cd forged
printf '@name %s\\n' "$inside" >+CONTENTS
echo text >text
"""
ATTACKS = {
    "forged-name": f"inside=openssl-9.9\n{FORGE}tar -czf $pkgfile +CONTENTS text\n",
    "absolute": f"inside=absolute-1.0\n{FORGE}tar -czPf $pkgfile +CONTENTS $PWD/text\n",
    "dots": f"inside=dots-1.0\n{FORGE}echo x >../x; tar -czPf $pkgfile +CONTENTS ../x\n",
    "below-link": f"inside=below-link-1.0\n{FORGE}"
    "mkdir d; echo x >d/x; ln -s d e; tar -czf $pkgfile +CONTENTS e e/x\n",
    "cut-off": f"inside=cut-off-1.0\n{FORGE}head -c 100000 /dev/urandom >random\n"
    "tar -czf $pkgfile.whole +CONTENTS random; head -c 50000 $pkgfile.whole >$pkgfile\n",
    "poison": "mkdir -p /sandbox/out/distfiles; cd /sandbox/out/distfiles\n"
    "echo right >right.tgz; echo wrong >wrong.tgz; echo other >other.tgz; echo deep >.hidden\n"
    "ln -s /etc/passwd link.tgz\n",
    "set-user-id": "cp /bin/sh /sandbox/log/sh; chmod 6755 /sandbox/log/sh\n"
    "cp /bin/sh /sandbox/out/sh; chmod 4755 /sandbox/out/sh\n",
    "deep": "for dir in /sandbox/log /sandbox/out; do cd $dir; i=0\n"
    "while [ $i -lt 1500 ]; do mkdir dddd && cd -P dddd || exit; i=$((i + 1)); done; done\n",
    "liar": "printf '%s\\n' FULL=1 ROOT_FULL=2 WORK_FULL_KB=3 REASON=x OOM_KILLS=4 \\\n"
    ">>/sandbox/out/facts; exit 1\n",
    "half-sent": "{ echo 1000000; sleep 60; } >/sandbox/out/package\n",
    "filler": "for to in log/install.log out/fill out/facts log/fill log/x.log; do\n"
    "head -c 60000000 /dev/zero >>/sandbox/$to; done; sleep 60\n",
}
FAULTS = {
    "forged-name": "",
    "absolute": "",
    "dots": "",
    "below-link": "",
    "cut-off": "",
    "filler": "LOG_MAX",
    "liar": "unknown: ",
}
DISTFILES = {"right.tgz": b"right\n", "wrong.tgz": b"as it should be\n", "link.tgz": b"x\n"}


@pytest.fixture(scope="module")
def run(kit, tmp_path_factory) -> tuple[Bulk, str]:
    """Build all of them and an innocent package."""
    root = tmp_path_factory.mktemp("leavings")
    bulk = Bulk(root, kit, root / "tree", {"LOG_MAX": "50", "PACKAGE_SETTINGS": f"{root}/limits"})
    (root / "limits").write_text("half-sent-* TIMEOUT_SILENT=4\n")
    shutil.copytree(TREE, bulk.tree, symlinks=True)
    for name, words in ATTACKS.items():
        folder = bulk.tree / "hostile" / name
        folder.mkdir(parents=True)
        (folder / "DESCR").write_text("Hostile.\n")
        (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/attack\n")
        (folder / "attack.sh").write_text(words)
        (folder / "Makefile").write_text(MAKEFILE.format(name=name))
    lines = [
        f"SHA512 ({name}) = {hashlib.sha512(text).hexdigest()}\nSize ({name}) = {len(text)} bytes\n"
        for name, text in DISTFILES.items()
    ]
    (bulk.tree / "hostile/poison/distinfo").write_text("$NetBSD$\n\n" + "".join(lines))
    bulk.generate("misc/lonely", *(f"hostile/{name}" for name in ATTACKS))
    return bulk, bulk.make("-j3").stdout


def test_the_run_goes_on(run) -> None:
    """Nothing that a package leaves halts the run, and nothing of it stays."""
    bulk, said = run
    assert "halted" not in said
    assert "lonely-1.0" in bulk.packages(), said
    with gzip.open(bulk.all / "pkg_summary.gz", "rt") as summary:
        offered = {line.strip() for line in summary if line.startswith("PKGNAME=")}
    assert offered == {f"PKGNAME={name}" for name in bulk.packages()}
    assert not bulk.gone()


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_is_named(run, name: str) -> None:
    """Each is that package's failure, and no file of it is among the packages."""
    bulk, said = run
    result = bulk.result(f"{name}-1.0")
    assert result.get("STATUS") == "failed", said
    assert FAULTS[name] in result.get("REASON", "")
    assert f"{name}-1.0" not in bulk.packages()


def test_facts_of_a_package_are_numbers(run) -> None:
    """What it says of itself decides nothing."""
    bulk, _ = run
    result = bulk.result("liar-1.0")
    assert not {"WORK_FULL_KB", "FULL", "OOM_KILLS"} & result.keys()
    assert bulk.result("half-sent-1.0")["STATUS"] == "timed-out"


def test_distfiles_are_saved_only_with_the_right_checksum(run) -> None:
    """Of the package's own distinfo; no link, no other name."""
    bulk, said = run
    assert bulk.result("poison-1.0").get("STATUS") == "built", said
    distfiles = bulk.root / "distfiles"
    assert (distfiles / "right.tgz").read_bytes() == DISTFILES["right.tgz"]
    for name in ("wrong.tgz", "other.tgz", ".hidden", "link.tgz"):
        assert not (distfiles / name).exists()


def test_what_was_too_much_does_not_stay(run) -> None:
    """Of a package that was ended since it wrote too much, the beginnings of its logs are kept."""
    bulk, _ = run
    sizes = {path.name: path.stat().st_size for path in (bulk.log / "filler-1.0").iterdir()}
    assert sizes.pop("install.log") == 50 * 50000
    assert sum(sizes.values()) < 50000


@pytest.mark.parametrize("name", ["set-user-id", "deep"])
def test_logs_are_plain_files_of_root(run, name: str) -> None:
    """Whatever stands in the log directory of a package can harm nobody."""
    bulk, said = run
    assert bulk.result(f"{name}-1.0").get("STATUS") == "built", said
    for path in (bulk.log / f"{name}-1.0").iterdir():
        facts = path.lstat()
        assert stat.S_ISREG(facts.st_mode)
        assert (facts.st_uid, facts.st_mode & 0o7133) == (0, 0)


@pytest.mark.parametrize(
    ("tool", "goals"), [("make", ()), ("make", ("lonely",)), ("bmake", ("lonely",))]
)
def test_an_empty_package_is_built_again(run, tool: str, goals: tuple[str, ...]) -> None:
    """As a power failure or a full disk leaves it; no package that needs it is blamed."""
    bulk, _ = run
    file = bulk.all / "lonely-1.0.tgz"
    size = file.stat().st_size
    file.write_bytes(b"")
    assert bulk.make("-q", str(file), tool=tool).returncode == 1
    said = bulk.make(*goals, tool=tool).stdout
    assert file.stat().st_size > size / 2, said
    assert "it is empty" in said
    assert "building" not in bulk.make(str(file), tool=tool).stdout
