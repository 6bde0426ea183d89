"""The mistakes that people make, and the one line that each is told, word by word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest
from bulk import TOP, TREE, Bulk

INDEX = TOP / "tests" / "golden" / "small" / "index.txt"
ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\xb7\x00"  # a program for AArch64

# Name, words of the command, what is told (TREE, ROOT and NUMBER stand for what differs).
COMMANDS = {
    "verb": (["stauts"], "'stauts': unknown command", "did you mean status? see `pkgmkgen --help`"),
    "setting": (
        ["--set", "PACKGES=/x"],
        "--set: unknown setting: 'PACKGES=/x'",
        (
            "did you mean PACKAGES or PACKAGES_FROM or PACKAGE_SETTINGS? "
            "`pkgmkgen help settings` lists them"
        ),
    ),
    "PKGPATH": (
        ["--pkgsrc", str(TREE), "misc/lonley"],
        "TREE/misc/lonley: no such package directory",
        "did you mean misc/lonely or misc/oddfiles? check the PKGPATH",
    ),
    "tool": (
        ["--pkgsrc", str(TREE), "--make", "/nowhere/bmake", "misc/lonely"],
        "host: no such program: /nowhere/bmake",
        "install bmake, or bootstrap pkgsrc and name its bmake with --make",
    ),
    "blanks": (
        ["--index", str(INDEX), "-o", "my files/bulk.mk"],
        (
            "pkgmkgen: argument -o: my files/bulk.mk: make and the scripts cannot use that path; "
            "use letters, digits and ,./@_~+- in the file name"
        ),
        "see `pkgmkgen --help`",
    ),
    "kit not there": (
        ["--index", str(INDEX), "--set", "BOOTSTRAP_KIT=/nowhere/kit.tar.gz"],
        "BOOTSTRAP_KIT=/nowhere/kit.tar.gz: this file does not exist here yet",
        "make or copy it before you run make, or correct --set",
    ),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_of_a_command(name: str) -> None:
    """On standard error, with the remedy on a line of its own."""
    words, what, fix = COMMANDS[name]
    argv = [sys.executable, "-m", "pkgmkgen", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    said = done.stderr.replace(str(TREE), "TREE")
    assert f"pkgmkgen: {what}\n  fix: {fix}\n" in said
    assert done.returncode or name == "kit not there"


# Words for make, what is told; `run halted` is before each that begins with a bar.
RUNS = {
    "no kit": (
        ["BOOTSTRAP_KIT="],
        "|BOOTSTRAP_KIT is not set, and the base system (BASE=host) has no /usr/pkg/bin/bmake",
        (
            "make a kit with pkgsrc's bootstrap --prefix=/usr/pkg --gzip-binary-kit FILE, and set "
            "BOOTSTRAP_KIT=FILE (pkgmkgen help real-tree)"
        ),
    ),
    "kit for another prefix": (
        ["PREFIX=/opt/pkg", "PKG_DBDIR=/opt/pkg/pkgdb"],
        "|BOOTSTRAP_KIT=ROOT/kit was made for the prefix /usr/pkg, but PREFIX is /opt/pkg",
        "set PREFIX=/usr/pkg (pkgmkgen --set), or make a kit with bootstrap --prefix=/opt/pkg",
    ),
    "kit for another architecture": (
        ["BOOTSTRAP_KIT=ROOT/arm"],
        "|BOOTSTRAP_KIT=ROOT/arm was made for AArch64, but the base system is x86-64",
        (
            "make the kit on a machine of the base system's architecture, or set BASE to a system "
            "of the kit's"
        ),
    ),
    "no compiler": (
        ["BASE=ROOT/base"],
        "|no C compiler in the base system (BASE=ROOT/base)",
        (
            "install one there (Debian: gcc libc6-dev), or set PKGSRC_COMPILER in mk.conf if it "
            "has another one"
        ),
    ),
    "blanks": (
        ["DISTDIR=/my files"],
        "|directory '/my files' is not allowed",
        "use an absolute path of letters, digits and ._+-, not below /sandbox, /proc, /dev or /sys",
    ),
    "full disk": (
        ["DISK_MIN=99999999"],
        "|disk nearly full: NUMBER MB on DISK left, DISK_MIN is 99999999 MB",
        "free some space, or set DISK_MIN",
    ),
    "name": (
        ["lonley"],
        "no package and no target 'lonley' in ROOT/bulk.mk",
        (
            "did you mean lonely? make -f ROOT/bulk.mk list shows the packages, make -f "
            "ROOT/bulk.mk help the targets"
        ),
    ),
}
NOTES = {
    "variable": "PACKGES is no setting of bulk.mk and changes nothing: did you mean PACKAGES? make "
    "-f ROOT/bulk.mk help lists them",
    "old bulk.mk": "1 package directory (misc/lonely) changed after ROOT/bulk.mk was made: make -f "
    "ROOT/bulk.mk regenerate",
    "kit for another tree": "contains lonely-0.9, the tree has lonely-1.0: sandboxes that install "
    "lonely-1.0 delete lonely-0.9 first",
}


@pytest.fixture(scope="module")
def wrong(kit, tmp_path_factory) -> Bulk:
    """Give a bulk build with kits and a base that do not fit."""
    root = tmp_path_factory.mktemp("wrong")
    shutil.copytree(TREE, root / "tree", symlinks=True)
    for name in ("kit", "arm"):
        (root / name).mkdir()
        subprocess.run(["tar", "-xzf", kit, "-C", root / name], check=True)
    add = root / "arm" / "usr" / "pkg" / "sbin" / "pkg_add"
    add.unlink()
    add.write_bytes(ELF)
    add.chmod(0o755)
    (root / "base" / "etc").mkdir(parents=True)
    own = root / "kit" / "usr" / "pkg" / "pkgdb" / "lonely-0.9"
    own.mkdir(parents=True)
    (own / "+CONTENTS").write_text("@name lonely-0.9\n")
    (root / "mk.conf").write_text((root / "kit/usr/pkg/etc/mk.conf").read_text())
    settings = {"BOOTSTRAP_KIT": f"{root}/kit", "MAKECONF": f"{root}/mk.conf"}
    bulk = Bulk(root, kit, root / "tree", settings)
    bulk.generate("misc/lonely")
    return bulk


def _told(bulk: Bulk, words: list[str]) -> str:
    said = bulk.make(*(word.replace("ROOT", str(bulk.root)) for word in words)).stdout
    said = re.sub(r"\d+ MB on /\S* left", "NUMBER MB on DISK left", said)
    return said.replace(str(bulk.root), "ROOT")


@pytest.mark.root
@pytest.mark.parametrize("name", RUNS)
def test_of_a_run(wrong: Bulk, name: str) -> None:
    """Once, before anything is built."""
    if name == "kit for another architecture" and os.uname().machine != "x86_64":
        pytest.skip("this machine is no x86-64")
    words, what, fix = RUNS[name]
    said = _told(wrong, words)
    text = f"pkgmkgen: {what.replace('|', 'run halted: ', 1)}\n  fix: {fix}\n"
    assert said.count(text) == 1, said
    assert "building" not in said


@pytest.mark.root
def test_notes_of_a_run(wrong: Bulk) -> None:
    """What a run says and goes on, a line each; it builds here what it can."""
    with (wrong.tree / "misc" / "lonely" / "Makefile").open("a") as file:
        file.write("# new\n")
    said = _told(wrong, ["all", "PACKGES=/x"])
    for name, text in NOTES.items():
        word = "kit" if name.startswith("kit") else "note"
        assert said.count(f"{word:10} {text}\n") == 1, said
    assert said.count(" changed after ") == 1, "the build says it, too"
    assert not wrong.gone()


@pytest.mark.root
def test_a_checkout_that_cannot_be_written() -> None:
    """The demo says so first, and how to mend it."""
    script = f'mount --bind "{TOP}" "{TOP}" && mount -o remount,ro,bind "{TOP}" && cd "{TOP}" && '
    argv = ["unshare", "-m", "--propagation", "private", "sh", "-c", f"{script} sh tests/demo.sh"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    what = "you cannot write to this checkout, where the Python environment .venv is made: "
    fix = f"copy it to a directory of yours: cp -R {TOP} ~/pkgmkgen"
    assert done.stderr == f"tests/demo.sh: {what}{TOP}\n  fix: {fix}\n"
