r"""fnmatch(3) as pkgsrc calls it: the whole name, case-sensitive, a leading period special.

Python's own fnmatch knows neither the period rule nor `\` nor `[^a]` nor classes. Matching
takes time at most proportional to pattern times name, whatever the pattern.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache

_CLASSES = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "digit": string.digits,
    "lower": string.ascii_lowercase,
    "punct": string.punctuation,
    "space": string.whitespace,
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}


def fnmatch(pattern: str, name: str) -> bool:
    r"""Tell whether `pattern` (`*`, `?`, `[...]`, `\`) matches all of `name`."""
    if name.startswith(".") and not pattern.startswith((".", "\\.")):
        return False
    return _compiled(pattern).fullmatch(name) is not None


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Translate a pattern.

    What stands between two stars is taken where it is first found, once and for all: an earlier
    star never needs a second try, and so the time does not explode.
    """
    pieces = [""]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            pieces.append("")
        elif char == "?":
            pieces[-1] += "."
        elif char == "[" and (end := _bracket_end(pattern, at)) > 0:
            pieces[-1] += _bracket(pattern[at:end])
            at = end + 1
        else:
            if char == "\\" and at < len(pattern):
                char = pattern[at]
                at += 1
            pieces[-1] += re.escape(char)
    first, *rest = pieces
    if not rest:
        return re.compile(first, re.DOTALL)
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _bracket_end(pattern: str, start: int) -> int:
    """Return the place of the `]` that ends the set begun before `start`, -1 if there is none."""
    at = start + 1 if pattern[start : start + 1] in ("!", "^") else start
    first = at
    while at < len(pattern):
        if pattern[at] == "]" and at > first:
            return at
        if pattern[at] == "\\":
            at += 1
        elif pattern.startswith("[:", at) and (close := pattern.find(":]", at + 2)) > 0:
            at = close + 1
        at += 1
    return -1


def _bracket(body: str) -> str:
    """Translate a set: characters, ranges a-z by code point, classes, `!` or `^`."""
    negated = body[0] in "!^"
    members = ""
    rest = body[1:] if negated else body
    while rest:
        name, closed, after = rest[2:].partition(":]")
        if rest.startswith("[:") and closed:
            members += re.escape(_CLASSES.get(name, ""))
            rest = after
            continue
        low, rest = _unescape(rest)
        high = low
        if rest.startswith("-") and len(rest) > 1:
            high, rest = _unescape(rest[1:])
        if low <= high:
            members += f"{re.escape(low)}-{re.escape(high)}"
    if not members:  # as in [z-a]
        return "." if negated else "(?!)"
    return f"[{'^' if negated else ''}{members}]"


def _unescape(text: str) -> tuple[str, str]:
    """Return the first character, a backslash before it taken off, and what is left."""
    if text[0] == "\\" and len(text) > 1:
        return text[1], text[2:]
    return text[0], text[1:]
