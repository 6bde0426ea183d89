"""The whole of pkgsrc as it was in 2026: known totals, and pbulk's own answer where it is there.

Needs the data folder in PKGMKGEN_DATA and zstd; the comparison also PBULK_RESOLVE, the path of
a pbulk-resolve built from pkgsrc's pkgtools/pbulk.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

import pytest

from pkgmkgen.index import reader as index
from pkgmkgen.index.source import open_index
from pkgmkgen.model import PkgPath, State
from pkgmkgen.resolve import presolve
from pkgmkgen.resolve.limited import close_over
from pkgmkgen.resolve.problems import Kind, problems
from pkgmkgen.resolve.resolution import Resolution
from pkgmkgen.resolve.resolver import resolve


@pytest.fixture(scope="module")
def pscan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack the real scan."""
    data = os.environ.get("PKGMKGEN_DATA")
    if not data:
        pytest.skip("PKGMKGEN_DATA is not set: it is the folder of pkgsrc-2026.pscan.zst")
    zstd = shutil.which("zstd")
    if not zstd:
        pytest.skip("zstd is not installed")
    path = tmp_path_factory.mktemp("real") / "pscan"
    with path.open("wb") as out:
        subprocess.run([zstd, "-dc", f"{data}/pkgsrc-2026.pscan.zst"], stdout=out, check=True)
    return path


def no_zstd(_file: object) -> AbstractContextManager[BinaryIO]:
    """Stand in for a program that is not needed."""
    raise AssertionError


@pytest.fixture(scope="module")
def scan(pscan: Path) -> index.Index:
    """Read it."""
    with open_index(str(pscan), no_zstd) as source:
        return index.read(source.blocks(), "pscan")


@pytest.fixture(scope="module")
def resolution(scan: index.Index) -> Resolution:
    """Resolve it."""
    return resolve(scan.items)


def test_totals(resolution: Resolution) -> None:
    """As known from the resolver test of jperkin/bob, whose data these are."""
    assert resolution.counts() == {
        State.BUILDABLE: 27_370,
        State.PRE_SKIPPED: 1_148,
        State.PRE_FAILED: 175,
        State.UNRESOLVED: 6,
        State.INDIRECT_SKIPPED: 277,
        State.INDIRECT_FAILED: 40,
        State.INDIRECT_UNRESOLVED: 6,
    }
    assert sum(len(package.depends) for package in resolution.packages) == 209_317


def test_every_record_is_usable(scan: index.Index) -> None:
    """No rule on names is so strict that pkgsrc breaks it."""
    assert scan.faults == ()
    assert len(scan.items) == 29_022


def test_problems(scan: index.Index, resolution: Resolution) -> None:
    """The six patterns without a package, 71 in another directory, as pbulk warns."""
    found = [one.kind for one in problems(scan, resolution)]
    kinds = (Kind.UNRESOLVED, Kind.MISPLACED, Kind.AMBIGUOUS)
    assert [found.count(kind) for kind in kinds] == [6, 71, 156]
    assert len(found) == 6 + 71 + 156


def test_a_limited_list(scan: index.Index, resolution: Resolution) -> None:
    """89 packages for mutt, chosen as in the whole tree."""
    found = close_over(scan.items, [PkgPath("mail/mutt")])
    assert len(found.packages) == 89
    assert all(one == resolution.by_name[one.pkgname] for one in found.packages)


def test_same_bytes_as_pbulk(pscan: Path, scan: index.Index, resolution: Resolution) -> None:
    """The output of `pbulk-resolve -p`, to the byte."""
    program = os.environ.get("PBULK_RESOLVE")
    if not program:
        pytest.skip("PBULK_RESOLVE is not set: it is the path of pbulk-resolve")
    want = subprocess.run([program, "-p", pscan], capture_output=True, check=True).stdout
    out = io.BytesIO()
    with open_index(str(pscan), no_zstd) as source:
        out.writelines(presolve.solved(source.blocks(), scan, resolution))
    assert out.getvalue() == want
