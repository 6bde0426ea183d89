"""What surrounds a run changes none: environment, clocks, trees that moved on, odd files."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bulk import TREE


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Copy the miniature tree, so that a test may change it."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    return tmp_path / "tree"


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_the_environment_sets_nothing_and_that_is_said(new_bulk, tool: str) -> None:
    """People have PREFIX or SCRATCH for other reasons; TIME_STYLE changes what ls prints."""
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    odd = {"PREFIX": "/home/me", "SCRATCH": "/nowhere", "TIME_STYLE": "+%s", "TAR_OPTIONS": "-x"}
    done = bulk.make(env={**os.environ, **odd}, tool=tool)
    assert done.returncode == 0, done.stdout
    said = next(line for line in done.stdout.splitlines() if line.startswith("note "))
    assert "PREFIX" in said
    assert "SCRATCH" in said
    assert "1 packages, 0 restricted" in done.stdout


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_touch_makes_no_empty_packages(new_bulk, tool: str) -> None:
    """`make -t` would make every package a file of no bytes."""
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    bulk.make("-t", tool=tool)
    bulk.make("-t", "-j2", "packages", tool=tool)
    assert not bulk.packages()


def test_directories_that_are_gone_or_closed_fail_alone(new_bulk, tree: Path) -> None:
    """Each is a failure of its package, with a reason; their neighbours are built."""
    bulk = new_bulk(tree)
    bulk.generate("misc/lonely", "misc/oddfiles", "misc/graffiti")
    shutil.rmtree(tree / "misc" / "lonely")
    (tree / "misc" / "oddfiles").chmod(0o700)
    done = bulk.make("-j2")
    assert bulk.packages() == {"graffiti-1.0"}, done.stdout
    assert bulk.result("lonely-1.0")["REASON"].startswith("stale: the tree has no misc/lonely")
    assert "cannot read" in bulk.result("oddfiles-1.0")["REASON"]


def test_another_pkgname_than_planned_is_told_as_a_stale_plan(new_bulk, tree: Path) -> None:
    """The tree was updated after bulk.mk was made."""
    bulk = new_bulk(tree)
    bulk.generate("misc/lonely")
    makefile = tree / "misc" / "lonely" / "Makefile"
    makefile.write_text(makefile.read_text().replace("lonely-1.0", "lonely-1.1"))
    bulk.make()
    reason = bulk.result("lonely-1.0")["REASON"]
    assert reason.startswith("stale: the tree makes lonely-1.1"), reason


def test_a_package_is_never_older_than_what_it_needs(new_bulk) -> None:
    """A dependency dated in the future does not have its dependents built in every run."""
    bulk = new_bulk()
    bulk.generate("graphics/quiltview")
    bulk.make("-j2")
    needed = bulk.root / "packages" / "All" / "libquilt-0.6.tgz"
    assert needed.exists()
    later = time.time() + 86400
    os.utime(needed, (later, later))
    assert "built      quiltview" in bulk.make().stdout
    assert "built      quiltview" not in bulk.make().stdout


def test_one_long_line_takes_no_time(new_bulk, tree: Path) -> None:
    """The reason of a failure is found within seconds whatever its log looks like."""
    bulk = new_bulk(tree)
    makefile = tree / "misc" / "lonely" / "Makefile"
    text = makefile.read_text().replace("NO_BUILD", "#NO_BUILD")
    shout = 'head -c 900000 /dev/zero | tr "\\\\0" x; echo; echo "ERROR: broken"; false'
    rule = f"\ndo-build:\n\t{shout}\n"
    makefile.write_text(text.replace(".include", f"{rule}.include", 1))
    bulk.generate("misc/lonely")
    bulk.make()
    assert bulk.result("lonely-1.0")["REASON"] == "error: broken"


def test_a_disk_with_a_blank_in_its_name_is_not_full(new_bulk) -> None:
    """Columns of df are found by what they hold: the names around them may have blanks."""
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    bulk.all.parent.mkdir(exist_ok=True)
    mount = f'mount -t tmpfs -o size=1g "my disk" {bulk.all.parent}'
    bulk.before = ("unshare", "--mount", "sh", "-c", f'{mount} && "$@"; ls {bulk.all}', "sh")
    assert "\nlonely-1.0.tgz" in bulk.make("DISK_MIN=100").stdout


ENVIRONMENT = {
    "POSIXLY_CORRECT": "1", "GREP_OPTIONS": "-v", "CDPATH": "/tmp:/", "IFS": "abc", "GZIP": "-l",
    "ZSTD_CLEVEL": "99", "ZSTD_NBTHREADS": "x", "XZ_OPT": "-x", "LC_NUMERIC": "de_DE.UTF-8",
    "LC_ALL": "tr_TR.UTF-8", "TZ": ":/nonexistent", "WHINY_USERS": "1",
}  # fmt: skip


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_odd_variables_change_nothing(new_bulk, tmp_path: Path, tool: str) -> None:
    """Start-up files, locales, a TMPDIR with a blank, no HOME: a run and its repository."""
    rc = tmp_path / "rc"
    rc.write_text("echo from rc; exit 3\n")
    (tmp_path / "my tmp").mkdir()
    odd = {"ENV": str(rc), "BASH_ENV": str(rc), "TMPDIR": str(tmp_path / "my tmp"), **ENVIRONMENT}
    env = {key: value for key, value in os.environ.items() if key not in ("HOME", "USER")}
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    done = bulk.make(env={**env, **odd}, tool=tool)
    assert done.returncode == 0, done.stdout
    assert "from rc" not in done.stdout
    assert "repository: 1 packages, 0 restricted" in done.stdout


@pytest.mark.parametrize("tool", ["make", "bmake"])
@pytest.mark.parametrize("to", [">/dev/full", ">/dev/full 2>&1"])
def test_output_that_nobody_can_take_fails_nothing(new_bulk, tool: str, to: str) -> None:
    """Its disk is full: packages are built all the same."""
    bulk = new_bulk()
    bulk.generate("misc/lonely")
    bulk.before = ("sh", "-c", f'"$@" {to}', "sh")
    assert bulk.make(tool=tool).returncode == 0
    assert bulk.packages() == {"lonely-1.0"}
    assert (bulk.all / "pkg_summary.gz").exists()


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_errors_ignored_halt_no_run(new_bulk, tree: Path, tool: str) -> None:
    """With -i make goes on to what needs a failed package: that is broken, the rest is built."""
    makefile = tree / "devel" / "libquilt" / "Makefile"
    makefile.write_text(
        makefile.read_text().replace(".include", "pre-configure:\n\tfalse\n.include", 1)
    )
    bulk = new_bulk(tree)
    bulk.generate("graphics/quiltview", "misc/lonely")
    done = bulk.make("-i", "-j2", tool=tool)
    assert "run halted" not in done.stdout
    assert "broken     quiltview-2.0nb3: " in done.stdout
    assert "lonely-1.0" in bulk.packages()
    assert bulk.broken() == {"quiltview-2.0nb3": "libquilt-0.6"}


def test_bytes_that_are_no_text(new_bulk, tree: Path, tmp_path: Path) -> None:
    """Latin-1 in MAINTAINER and COMMENT, NUL and CR in logs: built, published, reported."""
    makefile = tree / "misc" / "lonely" / "Makefile"
    text = makefile.read_bytes().replace(b"NO_BUILD", b"#NO_BUILD")
    text = text.replace(b"mini@example.org", b"M\xfcller@example.org")
    text = re.sub(rb"COMMENT=.*", b"COMMENT=\tC\xf6t\xe9 \xff\xfe\r", text)
    rule = b'do-build:\n\tprintf "a\\000b\\r\\nM\\374ller\\n\\033[31mred"; false\n.include'
    makefile.write_bytes(text.replace(b".include", rule, 1))
    bulk = new_bulk(tree)
    bulk.generate("misc/lonely", "misc/oddfiles")
    done = bulk.make("-j2")
    assert bulk.packages() == {"oddfiles-1.0"}, done.stdout
    assert "\x1b" not in done.stdout
    makefile.write_bytes(text.replace(b"#NO_BUILD", b"NO_BUILD"))
    done = bulk.make("-j2")
    assert done.returncode == 0, done.stdout
    summary = gzip.decompress((bulk.all / "pkg_summary.gz").read_bytes())
    assert summary.count(b"PKGNAME=") == len(bulk.packages())
    argv = [sys.executable, "-m", "pkgmkgen", "report", "--log", bulk.log, "-o", tmp_path / "out"]
    report = subprocess.run(argv, cwd=TREE.parents[1], capture_output=True, check=False)
    assert report.returncode == 0, report.stderr


def test_times_at_the_ends_of_the_calendar(new_bulk, tree: Path) -> None:
    """A tree of 1970, a package of 1970, one of 2040: each is built once."""
    for path in [tree, *tree.rglob("*")]:
        os.utime(path, (0, 0), follow_symlinks=False)
    bulk = new_bulk(tree)
    bulk.generate("graphics/quiltview")
    assert "built      quiltview" in bulk.make("-j2").stdout
    needed = bulk.all / "libquilt-0.6.tgz"
    for when in (0, 2_208_988_800):
        os.utime(needed, (when, when))
        bulk.make("-j2")
        assert "building" not in bulk.make("-j2").stdout
        assert "building" not in bulk.make("-j2", tool="bmake").stdout
