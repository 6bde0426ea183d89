"""The way of systems without namespaces, really run on Linux: roots with bind mounts, a journal."""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest
from bulk import Bulk, expected, kill

pytestmark = pytest.mark.root

EXPECTED = expected()
ROUNDS = 6
LONG_ROUNDS = 100


def _row(base: str):
    return next(row for row in EXPECTED.values() if row.pkgname.rpartition("-")[0] == base)


@pytest.fixture
def env() -> dict[str, str]:
    """Let the scripts work the journal's way."""
    return {**os.environ, "BULK_OS": "Linux-chroot"}


def _roots(bulk: Bulk) -> list[str]:
    return [str(path) for path in (bulk.root / "sandboxes" / "roots").glob("*")]


def _nothing_left(bulk: Bulk) -> list[str]:
    return [*bulk.gone(20), *_roots(bulk)]


def test_builds_by_the_journal(new_bulk, env) -> None:
    """Packages are built with their dependencies, a failure is one, and nothing stays mounted."""
    bulk = new_bulk()
    good, bad = _row("quiltview"), _row("netprobe")
    bulk.generate(good.pkgpath, bad.pkgpath)
    out = bulk.make("-j4", env=env).stdout
    assert good.pkgname in bulk.packages(), out
    assert bulk.result(bad.pkgname)["PHASE"] == bad.detail, out
    assert not _nothing_left(bulk)
