"""Order of pkgsrc versions, as pkg_install and pbulk compare them (their dewey.c, match.c).

Not the order of PEP 440, Debian or anyone else: `1.0a` is `1.0.1`, `1.0rc1` comes before `1.0`,
and `nb3`, the package revision, counts only where all else is equal. C's integers overflow;
here numbers have any length.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_WORDS = {"alpha": -3, "beta": -2, "pre": -1, "rc": -1, "pl": 0, "_": 0, ".": 0}
# Words and `nb` are tried before single letters, so `1.0pl1` holds no letter p.
_PART = re.compile(
    r"([0-9]+)|(alpha|beta|pre|rc|pl|_|\.)|(nb)([0-9]*)|([a-z])", re.IGNORECASE | re.ASCII
)


class Version(NamedTuple):
    """A version taken apart: its numbers from left to right, and the revision after `nb`."""

    parts: tuple[int, ...]
    nb: int


@lru_cache(maxsize=32768)  # a tree compares 33,000 times, but has 7,000 versions
def parse(text: str) -> Version:
    """Take a version apart; characters that mean nothing are passed over, so any text will do.

    `text` has at most 4,000 digits in a row (index.py sees to it), Python's limit for int().
    """
    parts: list[int] = []
    nb = 0
    for digits, word, revision, number, letter in _PART.findall(text):
        if digits:
            parts.append(int(digits))
        elif word:
            parts.append(_WORDS[word.lower()])
        elif revision:
            nb = int(number or "0")  # the last one wins
        else:
            parts += (0, ord(letter.lower()) - ord("a") + 1)
    return Version(tuple(parts), nb)


def compare(left: Version, right: Version) -> int:
    """Return -1, 0 or 1. Missing parts are 0, so `1` equals `1.0` and exceeds `1.0rc1`."""
    left_parts, right_parts = left.parts, right.parts
    if len(left_parts) < len(right_parts):
        left_parts += (0,) * (len(right_parts) - len(left_parts))
    elif len(right_parts) < len(left_parts):
        right_parts += (0,) * (len(left_parts) - len(right_parts))
    this, that = (left_parts, left.nb), (right_parts, right.nb)
    return (this > that) - (this < that)
