"""What is built again after a change of a real tree, beside the rule of pbulk.

    PKGSRC_TREE=/usr/pkgsrc KIT=/kit.tar.gz BUILT=/packages LIST=list CACHE=scan.sqlite \
        unshare -m python tests/bench/bench_rebuild.py

BUILT are packages that real pkgsrc built from that tree, without records of pkgmkgen (pbulk's, for
example); a copy is taken over. Without BUILT all packages are empty stand-ins, and pbulk's rule has
nothing to go by. Without KIT, CONF is the mk.conf and OPTIONS are more words for pkgmkgen. LEAF and
LIBRARY are the directories that are changed. The tree is changed in an overlay that this mount
namespace alone sees. Prints a row for each change: how many packages should be built again, how
many pkgmkgen and pbulk would build needlessly, and how many they would miss. pbulk's answer is its
rule (pkg-build's up-to-date check), followed for dependents as pbulk does.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TREE = Path(os.environ["PKGSRC_TREE"])
BUILT = os.environ.get("BUILT", "")
KIT = os.environ.get("KIT", "")
LEAF = os.environ.get("LEAF", "textproc/html2text")
LIBRARY = os.environ.get("LIBRARY", "devel/nbpatch")
ID = re.compile(rb"\$NetBSD[^$\n]*\$")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a package recorded: source files with their ids, and what it was built with."""

    files: dict[str, bytes]
    depends: frozenset[str]


def facts(package: Path) -> Facts:
    """Read +BUILD_VERSION and +CONTENTS."""
    texts: dict[str, bytes] = {}
    with tarfile.open(package) as tar:
        for member in tar:
            if member.name in ("+BUILD_VERSION", "+CONTENTS") and (file := tar.extractfile(member)):
                texts[member.name] = file.read()
    lines = (
        line.split(b":\t", 1) for line in texts["+BUILD_VERSION"].splitlines() if b":\t" in line
    )
    found = re.findall(rb"^@blddep (\S+)$", texts["+CONTENTS"], re.MULTILINE)
    return Facts({p.decode(): i for p, i in lines}, frozenset(name.decode() for name in found))


def same(path: str, recorded: bytes) -> bool:
    """Compare a file of the tree with its recorded id or SHA256."""
    try:
        content = (TREE / path).read_bytes()
    except OSError:
        return False
    match = ID.search(content)
    return recorded == (match[0] if match else hashlib.sha256(content).hexdigest().encode())


class Bulk:
    """One generated bulk.mk and its packages, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Take over a copy of BUILT."""
        self.folder = folder
        self.packages = folder / "packages"
        self.conf = folder / "mk.conf"
        argv = ["tar", "-xOf", KIT, "./usr/pkg/etc/mk.conf"] if KIT else ["cat", os.environ["CONF"]]
        self.conf.write_bytes(subprocess.run(argv, capture_output=True, check=True).stdout)
        if BUILT:
            shutil.copytree(Path(BUILT) / "All", self.packages / "All")
        else:
            (self.packages / "All").mkdir(parents=True)
        if cache := os.environ.get("CACHE"):
            shutil.copy(cache, folder / "scan.sqlite")
        self.facts: dict[str, Facts] = {}
        self.deps: dict[str, list[str]] = {}
        self.paths: dict[str, str] = {}

    def generate(self) -> None:
        """Make bulk.mk."""
        sets = {"BOOTSTRAP_KIT": KIT, "PACKAGES": str(self.packages)}
        sets |= {
            "MAKECONF": str(self.conf),
            "BULKLOG": f"{self.folder}/log",
            "SANDBOXDIR": f"{self.folder}/sandboxes",
        }
        argv = [sys.executable, "-m", "pkgmkgen", "-q", "--pkgsrc", str(TREE), "-j", "2"]
        argv += [*os.environ.get("OPTIONS", "").split()]
        argv += ["--cache", f"{self.folder}/scan.sqlite", "--list", os.environ["LIST"]]
        argv += [word for name, text in sets.items() for word in ("--set", f"{name}={text}")]
        subprocess.run([*argv, "-o", f"{self.folder}/bulk.mk"], check=True)
        text = (self.folder / "bulk.mk").read_text()
        self.paths = dict(re.findall(r"^#job (\S+) (\S+) ", text, re.MULTILINE))
        rules = re.findall(r"^\$\(ALL\)/(\S+)\$\(SUFX\):(.*)$", text, re.MULTILINE)
        self.deps = {name: re.findall(r"\$\(ALL\)/(\S+?)\$\(SUFX\)", rest) for name, rest in rules}
        if not BUILT and not self.facts:
            for name in self.paths:
                (self.packages / "All" / f"{name}.tgz").write_text("x")
                self.facts[name] = Facts({}, frozenset())
        there = {name for name in self.paths if (self.packages / "All" / f"{name}.tgz").exists()}
        for name in there - self.facts.keys():
            self.facts[name] = facts(self.packages / "All" / f"{name}.tgz")

    def ours(self, *before: str) -> set[str]:
        """Return the packages that exist and that `make -n` names."""
        argv = [*before, "make", "-n", "-f", f"{self.folder}/bulk.mk"]
        said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        return set(re.findall(r"^would build (\S+) ", said, re.MULTILINE)) & self.facts.keys()

    def dependents(self, names: set[str]) -> set[str]:
        """Return these packages and all that need one of them."""
        found = set(names)
        while more := {n for n, needs in self.deps.items() if n not in found and found & {*needs}}:
            found |= more
        return found & self.facts.keys()

    def pbulk(self) -> set[str]:
        """Return the packages that exist and are out of date by the rule of pbulk."""
        changed = {
            name
            for name, fact in self.facts.items()
            if not all(same(path, recorded) for path, recorded in fact.files.items())
            or not fact.depends <= {*self.deps.get(name, ())}
        }
        return self.dependents(changed)

    def of(self, *pkgpaths: str) -> set[str]:
        """Return the packages of these directories."""
        return {name for name, path in self.paths.items() if path in pkgpaths}


@contextmanager
def edited(path: str, change: Callable[[bytes], bytes]) -> Iterator[None]:
    """Change a file of the tree, or another one, for a while."""
    file = TREE / path
    before = file.read_bytes()
    file.write_bytes(change(before))
    assert file.read_bytes() != before
    yield
    file.write_bytes(before)


def row(title: str, bulk: Bulk, due: set[str], ours: set[str] | None = None) -> None:
    """Print one row."""
    mine, theirs = bulk.ours() if ours is None else ours, bulk.pbulk()
    counts: list[int | str] = [len(due), len(mine - due), len(due - mine)]
    counts += [len(theirs - due), len(due - theirs)] if BUILT else ["-", "-"]
    print(f"| {title} | {' | '.join(map(str, counts))} |", flush=True)


def add(text: bytes) -> Callable[[bytes], bytes]:
    """Return a change that adds text at the end."""
    return lambda content: content + text


def committed(text: bytes) -> Callable[[bytes], bytes]:
    """Return a change that adds text and changes the RCS id, as cvs does."""
    return lambda content: content.replace(b",v 1.", b",v 9.", 1) + text


def depends(content: bytes) -> bytes:
    """Add a dependency on perl."""
    return content.replace(b".include", b"DEPENDS+=\tperl>=5:../../lang/perl5\n.include", 1)


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR", "/var/tmp")) as name:
        folder = Path(name)
        for part in ("upper", "work"):
            (folder / part).mkdir()
        layers = f"lowerdir={TREE},upperdir={folder}/upper,workdir={folder}/work"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, TREE], check=True)
        bulk = Bulk(folder)
        bulk.generate()
        print("| change | should | ours needless | missed | pbulk needless | missed |")
        print("|---|---|---|---|---|---|")
        row("nothing (after taking over)", bulk, set())
        table(bulk, folder)


def table(bulk: Bulk, folder: Path) -> None:
    """Print the other rows."""
    everything = set(bulk.facts)
    leaf, perl = LEAF, "lang/perl5"
    due = bulk.dependents(bulk.of(leaf))
    for path in bulk.paths.values():
        for file in (TREE / path).rglob("*"):
            os.utime(file, (1, 1))
    bulk.generate()
    row("touch every file", bulk, set())
    makefile, patch = f"{leaf}/Makefile", f"{leaf}/patches/patch-aa"
    rows = {
        "a leaf's Makefile, committed (new RCS id)": (makefile, committed(b"X=1\n"), due),
        "a leaf's Makefile, edited (same id)": (makefile, add(b"X=1\n"), due),
        "a leaf's RCS id only": (makefile, committed(b""), set()),
        "a leaf's patch, from git (same id)": (patch, add(b"# x\n"), due),
        "a leaf's patch, committed": (patch, committed(b"# x\n"), due),
        "a leaf's new dependency, from git": (makefile, depends, due),
        "a file of perl, from git": (
            f"{perl}/PLIST.common" if (TREE / perl / "PLIST.common").exists() else f"{perl}/DESCR",
            add(b"x\n"),
            bulk.dependents(bulk.of(perl)),
        ),
        f"a file of {LIBRARY}, from git": (
            f"{LIBRARY}/Makefile",
            add(b"X=1\n"),
            bulk.dependents(bulk.of(LIBRARY)),
        ),
        "a file below mk/": ("mk/scripts/shell-lib", add(b"# x\n"), set()),
        "an option of perl in mk.conf": (
            str(bulk.conf),
            add(b"PKG_OPTIONS.perl=\t-threads\n"),
            bulk.dependents(bulk.of(perl)),
        ),
        "an option of no package in mk.conf": (
            str(bulk.conf),
            add(b"PKG_OPTIONS.nothing=\tx\n"),
            set(),
        ),
        "flags in mk.conf": (str(bulk.conf), add(b"CFLAGS+=\t-g\n"), everything),
        "jobs and a comment in mk.conf": (str(bulk.conf), add(b"# x\nMAKE_JOBS=\t9\n"), set()),
    }
    for title, (path, change, rebuilt) in rows.items():
        with edited(path, change):
            bulk.generate()
            row(title, bulk, rebuilt)
    bulk.generate()
    row("all of this and back again", bulk, set())
    compiler = str(Path("/usr/bin/gcc").resolve())
    bind = 'cp "$0" "$1"; echo >>"$1"; mount --bind "$1" "$0"; shift; exec "$@"'
    before = ("unshare", "-m", "sh", "-c", bind, compiler, f"{folder}/gcc")
    row("another compiler", bulk, everything, bulk.ours(*before))


if __name__ == "__main__":
    main()
