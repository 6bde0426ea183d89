"""bulk.mk, byte for byte, for small indexes that show each kind of rule."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from pkgmkgen import pipeline
from pkgmkgen.index.source import Source
from pkgmkgen.machine import unzstd

CASES = sorted(path for path in Path(__file__).parent.iterdir() if (path / "index.txt").exists())


def _bulk_mk(index: bytes) -> str:
    bound = pipeline.bind(Source("index.txt", io.BytesIO(index), unzstd), ())
    return pipeline.bulk_mk(bound, {"SCRIPTS": "/usr/share/pkgmkgen"})


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_bulk_mk_matches_golden(case: Path, request) -> None:
    """A wanted change is `pytest --update-golden`, reviewed as a diff."""
    got, want = _bulk_mk((case / "index.txt").read_bytes()), case / "bulk.mk"
    if request.config.getoption("--update-golden"):
        want.write_text(got)
    assert got == want.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_order_of_records_does_not_show(case: Path) -> None:
    """Scans finish in any order; the Makefile must not tell (law 7)."""
    records = (b"\n" + (case / "index.txt").read_bytes()).split(b"\nPKGNAME=")[1:]
    turned = b"".join(b"PKGNAME=" + record.rstrip(b"\n") + b"\n" for record in reversed(records))
    assert _bulk_mk(turned) == (case / "bulk.mk").read_text()
