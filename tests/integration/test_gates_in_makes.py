"""Gates in real makes: only for what is still to be built, and never in a person's way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MAKES = pytest.mark.parametrize("make", ["make", "bmake"])
SCAN = """\
PKGNAME=hub-1
PKG_LOCATION=x/hub
ALL_DEPENDS=
""" + "".join(
    f"PKGNAME=leaf{number}-1\nPKG_LOCATION=x/leaf{number}\nALL_DEPENDS=hub-1:../../x/hub\n"
    for number in range(6)
)
BUILD = """\
printf '%s\\n' "$*" >>"$BULK_PACKAGES/built"
echo x >"$BULK_PACKAGES/All/$1.tgz"
"""
LEAVES = {f"leaf{number}-1" for number in range(6)}


class Build:
    """bulk.mk of a hub with six leaves, builds that do nothing but leave a trace."""

    def __init__(self, folder: Path) -> None:
        """Generate it."""
        self.folder = folder
        (folder / "scan").write_text(SCAN)
        (folder / "build").write_text(BUILD)
        (folder / "packages" / "All").mkdir(parents=True)
        argv: list[str | Path] = [
            sys.executable,
            "-m",
            "pkgmkgen",
            "-q",
            "--index",
            folder / "scan",
        ]
        argv += ["--set", f"BULKLOG={folder}/log", "-o", folder / "bulk.mk"]
        subprocess.run(argv, check=True)
        # GNU make's gates run this `true`; bmake's are built into sh
        (folder / "bin").mkdir()
        (folder / "bin" / "true").write_text(f"#!/bin/sh\necho gate >>{folder}/gates\n")
        (folder / "bin" / "true").chmod(0o755)

    def run(self, *words: str) -> tuple[list[list[str]], int, str]:
        """Run a make; the arguments of each build, the number of gates passed, its output."""
        for name in ("gates", "packages/built"):
            (self.folder / name).unlink(missing_ok=True)
        where = [f"PACKAGES={self.folder}/packages", f"BUILD_PACKAGE={self.folder}/build"]
        done = subprocess.run(
            [words[0], "-f", self.folder / "bulk.mk", *where, *words[1:]],
            env=os.environ | {"PATH": f"{self.folder}/bin:{os.environ['PATH']}"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=True,
        )
        built = [line.split() for line in self._lines("packages/built")]
        return built, len(self._lines("gates")), done.stdout

    def package(self, name: str) -> Path:
        """Return where a package is saved."""
        return self.folder / "packages" / "All" / f"{name}.tgz"

    def _lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []


@pytest.fixture
def build(tmp_path) -> Build:
    """Give the build."""
    return Build(tmp_path)


@MAKES
def test_gates_are_no_arguments_of_a_build(build: Build, make: str) -> None:
    """A recipe is told of its dependencies' packages and of nothing else."""
    built, _, _ = build.run(make, "-j2", "packages")
    assert {words[0] for words in built} == {"hub-1", *LEAVES}
    for words in built:
        needs = [] if words[0] == "hub-1" else [str(build.package("hub-1"))]
        assert words[words.index("--") + 1 :] == needs


@MAKES
def test_what_is_built_has_no_gates(build: Build, make: str) -> None:
    """An idle rerun starts nothing; one missing package passes its own gates at most."""
    _, all_gates, _ = build.run(make, "-j2", "packages")
    built, gates, out = build.run(make, "-j2", "packages")
    assert (built, gates) == ([], 0)
    build.package("leaf3-1").unlink()
    built, gates, _ = build.run(make, "-j2", "packages")
    assert [words[0] for words in built] == ["leaf3-1"]
    if make == "make":
        assert 0 < gates < all_gates / 3
    assert "_" not in out


@MAKES
def test_a_stale_package_is_built_again_and_nothing_else(build: Build, make: str) -> None:
    """Older than its dependency; gates of others do not make it look old."""
    build.run(make, "-j2", "packages")
    for name in ("hub-1", *LEAVES):
        os.utime(build.package(name), (2_000_000_000, 2_000_000_000))
    os.utime(build.package("leaf2-1"), (1_000_000_000, 1_000_000_000))
    build.package("leaf4-1").unlink()
    built, _, _ = build.run(make, "-j2", "packages")
    assert {words[0] for words in built} == {"leaf2-1", "leaf4-1"}


@MAKES
@pytest.mark.parametrize("words", [("leaf5",), ("x/leaf5",), ("packages", "GATES=no")])
def test_no_gates_where_none_are_wanted(build: Build, make: str, words: tuple[str, ...]) -> None:
    """`make NAME` goes straight to what it needs; GATES=no turns them off."""
    built, gates, _ = build.run(make, "-j2", *words)
    assert gates == 0
    want = {"hub-1", *LEAVES} if "packages" in words else {"hub-1", "leaf5-1"}
    assert {line[0] for line in built} == want


@MAKES
@pytest.mark.parametrize("flag", ["-n", "-kn"])
def test_a_dry_run_shows_builds_only(build: Build, make: str, flag: str) -> None:
    """A line a package."""
    built, gates, out = build.run(make, flag, "packages")
    assert (built, gates) == ([], 0)
    assert len(out.splitlines()) == 1 + len(LEAVES)


@MAKES
def test_the_most_urgent_go_first(build: Build, make: str) -> None:
    """The history's longest builds start first, whatever their names."""
    rows = [f"leaf{number}-1,success,{1000 * (number + 1)}\n" for number in range(6)]
    history = build.folder / "history.csv"
    history.write_text("pkgname,outcome,duration\n" + "".join(rows))
    argv: list[str | Path] = [
        sys.executable,
        "-m",
        "pkgmkgen",
        "-q",
        "--index",
        build.folder / "scan",
    ]
    argv += ["--history", history, "--set", f"BULKLOG={build.folder}/log"]
    subprocess.run([*argv, "-o", build.folder / "bulk.mk"], check=True)
    built, _, _ = build.run(make, "-j1", "packages")
    assert [words[0] for words in built] == ["hub-1", *sorted(LEAVES, reverse=True)]
