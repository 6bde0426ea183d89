"""inputs.sh and damaged.awk tell files apart whatever ls prints; what of an mk.conf counts."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from pkgmkgen.scan.package_files import listing

HOST = Path(__file__).parents[2] / "sandbox-scripts" / "host"


def inputs(folder: Path, *files: Path) -> str:
    """Give what a build of the package in `folder` would be made from."""
    words = 'settings_sourced=yes; . "$1/inputs.sh"; inputs_before=$2; shift 2; inputs "$@"'
    env = {f"BULK_{name}": "" for name in ("INPUTS", "MAKECONF", "KIT", "PREFIX", "PKG_SUFX")}
    env["BULK_BASE"] = "host"
    argv: list[str | Path] = [
        "sh",
        "-euc",
        words,
        "sh",
        HOST,
        folder / "before",
        folder / "package",
        "A=b",
        "--",
    ]
    done = subprocess.run(
        [*argv, *files],
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "BULK_SCRIPTS": str(HOST.parent), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_dependency_of_the_same_size_and_minute_is_another(tmp_path: Path) -> None:
    """Written in place a moment later; one dated in the future or six months old stays as it is."""
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "Makefile").write_text("x\n")
    package, future = tmp_path / "a-1.tgz", tmp_path / "b-1.tgz"
    package.write_text("one")
    future.write_text("two")
    now = time.time()
    os.utime(future, (now + 90000, now + 90000))
    (tmp_path / "before").touch()
    was = inputs(tmp_path, package, future)
    assert was == inputs(tmp_path, package, future)
    os.utime(package, (now - 300 * 86400, now - 300 * 86400))
    assert was == inputs(tmp_path, package, future)
    time.sleep(0.02)
    package.write_text("six")
    assert was != inputs(tmp_path, package, future)


def test_damaged_packages_are_told_whatever_lies_beside_them(tmp_path: Path) -> None:
    """Names with blanks and newlines that look like a line of ls speak for no other file."""
    for name, size in (("a-1", 3), ("b-1", 0), ("c-1", 3)):
        (tmp_path / f"{name}.tgz").write_text("x" * size)
        (tmp_path / name).mkdir()
        (tmp_path / name / "result").write_text(f"PACKAGE_BYTES={3 + (name == 'c-1')}\n")
    (tmp_path / "x\n-rw-r--r-- 1 0 0 0 Nov 27 10:00 a-1.tgz").touch()
    (tmp_path / "x -rw-r--r-- 1 0 0 0 Nov 27 10:00 a-1.tgz").touch()
    words = 'ls -lnq -- "$1" | awk -v suffix=.tgz -v logs="$1" -f "$0"'
    env = {"LC_ALL": "C", "PATH": "/usr/bin:/bin"}
    argv: list[str | Path] = ["sh", "-c", words, HOST / "damaged.awk", tmp_path]
    done = subprocess.run(argv, env=env, capture_output=True, check=True)
    assert done.stdout.split() == [b"b-1", b"c-1"]


def test_a_run_and_the_generator_give_the_same_digest(tmp_path) -> None:
    """Of all kinds of files and names; and what does not count does not change it."""
    made = {
        "Makefile": b"# $NetBSD: Makefile,v 1.1 2026/01/01 x Exp $\nX=1",
        "patches/patch-aa": b"$NetBSD$\n--- a\n",
        "files/with blank and 'quote'": b"\0binary $NetBSD no end",
        "files/kept.orig": b"it counts",
        "files/deep/er": b"",
    }
    for name, content in made.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "files" / "link").symlink_to("deep/er")
    first = _tree(tmp_path)
    assert first == listing(str(tmp_path)).digest()
    for name in ("work/x", "CVS/Entries", "Makefile~", "patches/patch-aa.orig", "files/a\nb"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "work.old").symlink_to("/nowhere")
    (tmp_path / "Makefile").write_bytes(made["Makefile"].replace(b"1.1 2026", b"1.2 2027"))
    assert first == _tree(tmp_path) == listing(str(tmp_path)).digest()
    (tmp_path / "files" / "deep" / "new").touch()
    second = _tree(tmp_path)
    assert first != second == listing(str(tmp_path)).digest()


def _tree(folder: Path) -> str:
    words = 'settings_sourced=yes; . "$1/inputs.sh"; inputs_tree "$2"'
    env = {"PATH": "/usr/bin:/bin", "BULK_SCRIPTS": str(HOST.parent)}
    argv: list[str | Path] = ["sh", "-euc", words, "sh", HOST, folder]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_what_of_an_mk_conf_counts(tmp_path) -> None:
    """Comments and where to fetch and build do not; choices of options are marked."""
    conf = tmp_path / "mk.conf"
    conf.write_text(
        "# text\nCFLAGS+=\t-O2 \\\n\t-g # why\nMAKE_JOBS?=\t4\nMASTER_SITE_X= y\n"
        "PKG_OPTIONS.vim+=\tgtk\n.if 1\n"
    )
    done = subprocess.run(
        ["awk", "-f", HOST / "mkconf.awk", conf], capture_output=True, text=True, check=True
    )
    lines = ["mk.conf CFLAGS+= -O2 -g", "mk.conf-option PKG_OPTIONS.vim+= gtk", "mk.conf .if 1"]
    assert done.stdout.splitlines() == lines


def _reasons(tmp_path: Path, old: str, new: str, **values: str) -> str:
    (tmp_path / "old").write_text(old)
    (tmp_path / "new").write_text(new)
    given = [word for name, text in values.items() for word in ("-v", f"{name}={text}")]
    argv: list[str | Path] = [
        "awk",
        *given,
        "-f",
        HOST / "reasons.awk",
        tmp_path / "old",
        tmp_path / "new",
    ]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout.strip()


def test_reasons_name_what_changed(tmp_path) -> None:
    """Files, dependencies by their base, options, and no more than a few."""
    one, two = "1" * 64, "2" * 64
    old = f"file {one}  ./Makefile\nfile {one}  ./a b\ndepends zlib-1.2\noptions\noption x11\n"
    new = f"file {two}  ./Makefile\nfile {one}  ./b\ndepends zlib-1.3nb1\noptions\noption ssl\n"
    said = "Makefile changed; b added; zlib-1.2 -> zlib-1.3nb1; option ssl added; and 2 more"
    assert _reasons(tmp_path, old, new) == said
    assert not _reasons(tmp_path, old, old)
    assert _reasons(tmp_path, "mk 1\n", "mk 2\n") == ""
    assert _reasons(tmp_path, "mk 1\n", "mk 2\n", infrastructure="rebuild")
    assert _reasons(tmp_path, "try setting A=1\n", "try setting A=2\n") == ""
    assert _reasons(tmp_path, "try setting A=1\n", "try setting A=2\n", **{"try": "1"})
    assert _reasons(tmp_path, "includes -\n", "includes 1\n") == ""
