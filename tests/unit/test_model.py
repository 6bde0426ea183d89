"""The nouns: frozen, and with the words that people and pbulk use."""

from __future__ import annotations

import dataclasses

import pytest

from pkgmkgen.model import PkgName, PkgPath, ScanItem, State, pkgbase


def test_records_cannot_be_changed() -> None:
    """Whoever got a record may rely on it."""
    item = ScanItem(PkgName("a-1"), PkgPath("x/a"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.maintainer = "me"  # type: ignore[misc]


def test_base_ends_at_the_last_dash() -> None:
    """A base may hold dashes, a version never does."""
    assert pkgbase("foo-bar-1.0nb2") == "foo-bar"


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (State.BUILDABLE, "open"),
        (State.PRE_SKIPPED, "prefailed"),
        (State.PRE_FAILED, "prefailed"),
        (State.UNRESOLVED, "prefailed"),
        (State.INDIRECT_SKIPPED, "indirect-prefailed"),
        (State.INDIRECT_FAILED, "indirect-prefailed"),
        (State.INDIRECT_UNRESOLVED, "indirect-prefailed"),
    ],
)
def test_pbulk_knows_fewer_words(state: State, word: str) -> None:
    """Its report keeps skipped, failed and unresolved in one word."""
    assert state.pbulk == word
