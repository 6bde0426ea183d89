"""The nouns: frozen, and checked where they enter."""

from __future__ import annotations

import dataclasses

import pytest

from pkgmkgen.model import PkgName, PkgPath, ScanItem, pkgbase


def test_records_cannot_be_changed() -> None:
    """Whoever got a record may rely on it."""
    item = ScanItem(PkgName("a-1"), PkgPath("x/a"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.maintainer = "me"  # type: ignore[misc]


def test_base_ends_at_the_last_dash() -> None:
    """A base may hold dashes, a version never does."""
    assert pkgbase("foo-bar-1.0nb2") == "foo-bar"
