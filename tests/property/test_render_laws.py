"""Laws of bulk.mk, read back by the makes themselves."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

import indexes
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import scans

from pkgmkgen import pipeline
from pkgmkgen.model import ScanItem, State
from pkgmkgen.resolve.resolver import resolve


def _bulk_mk(items: list[ScanItem]) -> str:
    bound = pipeline.Bound(indexes.from_items(items), resolve(items))
    return pipeline.bulk_mk(bound, {"SCRIPTS": "/s"})


def _would_build(text: str, make: str) -> list[list[str]]:
    """Return the arguments of the recipes that make would run, in its order."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "bulk.mk")
        path.write_text(text)
        argv = [make, "-n", "-f", str(path), "packages", "PACKAGES=/nowhere"]
        done = subprocess.run(argv, capture_output=True, text=True, check=True)
    lines = [line.removesuffix(";").split() for line in done.stdout.splitlines()]
    return [line[line.index("build") + 1 :] for line in lines if "build" in line]


@pytest.mark.parametrize("make", ["make", "bmake"])
@settings(max_examples=30, deadline=None)
@given(items=scans())
def test_prerequisites_are_the_edges(make: str, items: list[ScanItem]) -> None:
    """Every buildable package is built, once, after all it needs and with exactly that."""
    packages = {p.pkgname: p for p in resolve(items).packages if p.state is State.BUILDABLE}
    done: set[str] = set()
    for words in _would_build(_bulk_mk(items), make):
        pkgname, pkgpath = words[0], words[1]
        files = words[words.index("--") + 1 :]
        needs = [Path(file).name.removesuffix(".tgz") for file in files]
        assert pkgname not in done
        assert pkgpath == packages[pkgname].item.pkg_location
        assert sorted(needs) == sorted(packages[pkgname].depends)
        assert set(needs) <= done
        done.add(pkgname)
    assert done == packages.keys()


@given(items=scans(), seed=st.integers())
def test_same_scan_same_bytes(items: list[ScanItem], seed: int) -> None:
    """Law 7: the order of the records does not reach the Makefile."""
    turned = random.Random(seed).sample(items, len(items))
    assert _bulk_mk(turned) == _bulk_mk(items)
