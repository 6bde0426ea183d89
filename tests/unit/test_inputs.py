"""inputs.sh and damaged.awk: files are told apart whatever ls prints of their times and names."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

HOST = Path(__file__).parents[2] / "sandbox-scripts" / "host"


def inputs(folder: Path, *files: Path) -> str:
    """Give what a build of the package in `folder` would be made from."""
    words = 'settings_sourced=yes; . "$1/inputs.sh"; inputs_before=$2; shift 2; inputs "$@"'
    env = {f"BULK_{name}": "" for name in ("INPUTS", "MAKECONF", "BASE", "KIT")}
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
