"""package_fault of host/leavings.sh: what is a binary package, and what only looks like one."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from bulk import TOP
from sourcing import ENVIRONMENT

SCRIPTS = TOP / "sandbox-scripts"
AWKS = [awk for awk in ("mawk", "gawk", "original-awk", "busybox") if shutil.which(awk)]
CONTENTS = b"@comment x\n@name good-1.0\n@cwd /usr/pkg\nbin/x\n"
Member = tuple[str, bytes, str]  # name, type as of tarfile, target or text


def file(name: str, text: str = "x\n") -> Member:
    """Give a plain file."""
    return name, tarfile.REGTYPE, text


def link(name: str, target: str) -> Member:
    """Give a symbolic link."""
    return name, tarfile.SYMTYPE, target


def hard(name: str, target: str) -> Member:
    """Give a hard link."""
    return name, tarfile.LNKTYPE, target


FIRST = file("+CONTENTS", CONTENTS.decode())
BAD: dict[str, tuple[list[Member], str]] = {
    "another name": ([file("+CONTENTS", "@name openssl-9.9\n")], "inside is 'openssl-9.9'"),
    "no name": ([file("+CONTENTS", "bin/x\n")], "inside is ''"),
    "a quoted name": ([file("+CONTENTS", "@name a\x1b[2Jb\n")], "inside is 'a?[2Jb'"),
    "no contents": ([file("bin/x")], "0 files named +CONTENTS"),
    "two contents": ([FIRST, file("./+CONTENTS", "@name b-1\n")], "2 files named +CONTENTS"),
    "contents below": ([file("+CONTENTS/x", CONTENTS.decode()), FIRST], "no plain file"),
    "contents a link": ([link("+CONTENTS", "x"), file("x")], "files named +CONTENTS"),
    "contents a hard link": ([file("x"), hard("+CONTENTS", "x")], "files named +CONTENTS"),
    "absolute": ([FIRST, file("/etc/x")], "absolute"),
    "dots": ([FIRST, file("../x")], "leads out"),
    "dots within": ([FIRST, file("a/../../x")], "leads out"),
    "dots at the end": ([FIRST, ("a/..", tarfile.DIRTYPE, "")], "leads out"),
    "hard link out": ([FIRST, hard("a", "../x")], "leads out"),
    "hard link to the top": ([FIRST, hard("a", "/etc/shadow")], "absolute"),
    "below a link": ([FIRST, link("e", "/etc"), file("e/x")], "below a link"),
    "below a link of odd name": (
        [FIRST, link("a link to b", "/etc"), file("a link to b/x")],
        "below a link",
    ),
    "below a link, dots": ([FIRST, link("./a//e", "/etc"), file("a/./e/x")], "below a link"),
    "below a link, slashes": ([FIRST, link(".//e", "/etc"), file(".//e/x")], "below a link"),
    "below a hard link to a link": (
        [FIRST, link("e", "/etc"), hard("h", "e"), file("h/x")],
        "below a link",
    ),
    "hard link below a link": ([FIRST, link("e", "/etc"), hard("h", "e/shadow")], "below a link"),
    "over a link": ([FIRST, link("e", "/etc/passwd"), file("e")], "below a link"),
    "two arrows": ([FIRST, link("a -> b", "c")], "cannot be told"),
    "two hard arrows": ([FIRST, file("b"), hard("a link to b", "c")], "cannot be told"),
    "device": ([FIRST, ("dev", tarfile.BLKTYPE, "")], "a device"),
    "character device": ([FIRST, ("dev", tarfile.CHRTYPE, "")], "a device"),
    "fifo": ([FIRST, ("pipe", tarfile.FIFOTYPE, "")], "a device"),
}
GOOD: dict[str, list[Member]] = {
    "plain": [FIRST, file("bin/x"), ("share", tarfile.DIRTYPE, "")],
    "links": [FIRST, file("bin/x"), link("bin/y", "/usr/pkg/bin/x"), hard("bin/z", "bin/x")],
    "linked links": [FIRST, link("bin/y", "x"), hard("bin/z", "bin/y")],
    "odd names": [
        FIRST,
        file("a b/c -> d"),
        file("é\n\\/x"),
        file("...x/..y"),
        file("a link to b"),
    ],
}


def archive(path: Path, members: list[Member], device: int = 1) -> Path:
    """Make a compressed tar archive of these."""
    with tarfile.open(path, "w:gz", format=tarfile.GNU_FORMAT) as made:
        for name, kind, text in members:
            one = tarfile.TarInfo(name)
            one.type = kind
            if kind == tarfile.REGTYPE:
                one.size = len(text.encode())
                made.addfile(one, io.BytesIO(text.encode()))
            else:
                one.linkname, one.devmajor, one.devminor = text, device, device
                made.addfile(one)
    return path


@pytest.fixture
def fault(tmp_path: Path) -> Callable[[Path], str]:
    """Give the real function, with the commands of this system, which need root."""
    if os.geteuid() != 0 or not Path("/proc/self/ns").exists():
        pytest.skip("reads packages by a process without rights: run as root on Linux")

    def ask(path: Path) -> str:
        words = '. "$BULK_SCRIPTS/os/Linux.sh"; . "$BULK_SCRIPTS/host/leavings.sh"\n'
        words += 'package_fault "$1" good-1.0'
        env = {**os.environ, **ENVIRONMENT, "BULK_LAUNCH": "local", "BULK_PKG_SUFX": ".tgz"}
        env["BULK_SANDBOXDIR"] = str(tmp_path)
        done = subprocess.run(
            ["sh", "-euc", words, "sh", path], capture_output=True, check=True, text=True, env=env
        )
        assert done.stderr == ""
        assert done.stdout.isascii()
        assert done.stdout.count("\n") <= 1
        return done.stdout.rstrip("\n")

    return ask


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_package_is_told(fault, tmp_path, name: str) -> None:
    """Each of these would write outside of the package, or speak for another one."""
    members, want = BAD[name]
    assert want in fault(archive(tmp_path / "p.tgz", members))


@pytest.mark.parametrize("name", GOOD)
def test_nothing_is_wrong_with_a_package(fault, tmp_path, name: str) -> None:
    """Links within a package, and odd names, are its own affair."""
    assert fault(archive(tmp_path / "p.tgz", GOOD[name])) == ""


def test_files_that_are_no_packages(fault, tmp_path) -> None:
    """Empty, cut off, garbage, a link, a directory, not there."""
    whole = archive(tmp_path / "p.tgz", [FIRST, file("bin/x", os.urandom(5000).hex())])
    data = whole.read_bytes()
    odd = tmp_path / "odd.tgz"
    for cut in (0, 1, 100, len(data) // 2, len(data) - 5):
        odd.write_bytes(data[:cut])
        assert fault(odd) in {"it is empty", "it is no whole archive"}, cut
    odd.write_bytes(b"garbage" * 100)
    assert fault(odd) == "it is no whole archive"
    (tmp_path / "link.tgz").symlink_to(whole)
    assert fault(tmp_path / "link.tgz") == "it is no plain file"
    assert fault(tmp_path) == "it is no plain file"
    assert fault(tmp_path / "gone.tgz") == "it is no plain file"


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("name", [name for name, (_, want) in BAD.items() if "inside" not in want])
def test_every_awk_says_the_same(tmp_path, name: str, awk: str) -> None:
    """The list of members as GNU tar prints it."""
    path = archive(tmp_path / "p.tgz", BAD[name][0])
    argv: list[str | Path] = ["tar", "-tvPzf", path, "--numeric-owner"]
    listed = subprocess.run(
        argv, capture_output=True, check=True, env={**os.environ, "LC_ALL": "C"}
    )
    assert BAD[name][1] in judged(listed.stdout, awk)


def judged(listed: bytes, awk: str) -> str:
    """Return what members.awk says of a list."""
    words = [awk, "awk"] if awk == "busybox" else [awk]
    argv: list[str | Path] = [*words, "-f", SCRIPTS / "host" / "members.awk"]
    done = subprocess.run(argv, input=listed, capture_output=True, check=True)
    assert done.stderr == b""
    return done.stdout.decode()


def paxed(members: list[Member]) -> bytes:
    """List members as NetBSD's tar does, which is pax: no names of the archive, nothing quoted."""
    kinds = {
        tarfile.REGTYPE: "-", tarfile.SYMTYPE: "l", tarfile.LNKTYPE: "-", tarfile.DIRTYPE: "d",
        tarfile.BLKTYPE: "b", tarfile.CHRTYPE: "c", tarfile.FIFOTYPE: "p",
    }  # fmt: skip
    lines = ""
    for name, kind, text in members:
        size = f"{len(text):9d}" if kind == tarfile.REGTYPE else "        0"
        if kind in (tarfile.BLKTYPE, tarfile.CHRTYPE):
            size = "   1,   1"
        arrow = {tarfile.SYMTYPE: f" -> {text}", tarfile.LNKTYPE: f" == {text}"}.get(kind, "")
        lines += f"{kinds[kind]}rw-r--r--  1 root     wheel    {size} Jan  1  1970 {name}{arrow}\n"
    lines += (
        f"tar: ustar vol 1, {len(members)} files, 10240 bytes read, 0 bytes written in 1 secs\n"
    )
    return lines.encode()


LINE = "-rw-r--r--  1 root     wheel            2 Jan  1  1970 x"
PAXED = {
    **{
        name: (members, want)
        for name, (members, want) in BAD.items()
        if "inside" not in want and name != "two hard arrows"
    },
    "a name of two lines": ([FIRST, file(f"a\n{LINE}/../../etc")], "leads out"),
    "dots in the words before a name": (
        [FIRST, file("a\n-/../../etc r w x y z a b c")],
        "more than one line",
    ),
    "a link's name of two lines": (
        [FIRST, link(f"a\n{LINE}", "/etc"), file(f"a\n{LINE}/y")],
        "below a link",
    ),
    "a count in a name": (
        [FIRST, file("a\ntar: ustar vol 1, 2 files, ../../x")],
        "more than one line",
    ),
    "an arrow in a name": ([FIRST, link("a == b", "/etc"), file("a == b/x")], "below a link"),
}


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("name", PAXED)
def test_what_is_wrong_is_seen_in_the_list_of_pax(name: str, awk: str) -> None:
    """NetBSD's tar: names with newlines are printed as they are."""
    members, want = PAXED[name]
    assert want in judged(paxed(members), awk)


@pytest.mark.parametrize("name", ["plain", "links", "linked links"])
def test_nothing_is_wrong_in_the_list_of_pax(name: str) -> None:
    """Every package was refused as unreadable on NetBSD."""
    assert judged(paxed(GOOD[name]), AWKS[0]) == ""


@pytest.mark.parametrize(
    ("version", "word"), [("true", "--numeric-owner"), ("false", "--insecure")]
)
def test_tar_of_netbsd_is_asked_what_it_knows(tmp_path, version: str, word: str) -> None:
    """The tar that is pax knows no --version; it would leave out members with .. in their names."""
    tar = tmp_path / "tar"
    tar.write_text(f"#!/bin/sh\nexec {version}\n")
    tar.chmod(0o755)
    words = '. "$BULK_SCRIPTS/host/leavings.sh"; os_tar_known; echo "$os_tar_list"'
    env = {**os.environ, **ENVIRONMENT, "BULK_OS": "NetBSD", "BULK_PKG_SUFX": ".tgz"}
    env |= {"BULK_SANDBOXDIR": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-euc", words], capture_output=True, check=True, text=True, env=env
    )
    assert done.stdout.strip() == word
