"""The nearest right words to a wrong one, for messages about mistyped names."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST = 200


def near(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three of the known words that are like this one, the most alike first."""
    return tuple(difflib.get_close_matches(word[:_LONGEST], sorted(set(known)), n=3))


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return a question with the nearest words, or `otherwise` if none is near."""
    words = near(word, known)
    return f"did you mean {' or '.join(words)}? {otherwise}" if words else otherwise
