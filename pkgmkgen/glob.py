r"""fnmatch(3) as pkgsrc calls it: the whole name, case-sensitive, a leading period special.

Python's own fnmatch knows neither the period rule nor `\` nor `[^a]` nor classes. Matching
takes time at most proportional to pattern times name, whatever the pattern.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from functools import lru_cache

_STAR = None
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
_Token = Callable[[str], bool] | None


def fnmatch(pattern: str, name: str) -> bool:
    r"""Tell whether `pattern` (`*`, `?`, `[...]`, `\`) matches all of `name`."""
    if name.startswith(".") and not pattern.startswith((".", "\\.")):
        return False
    tokens = _tokens(pattern)
    at = pos = 0
    star = resume = -1
    while pos < len(name):
        token = tokens[at] if at < len(tokens) else _never
        if token is _STAR:
            star, resume = at, pos
            at += 1
        elif token(name[pos]):
            at += 1
            pos += 1
        elif star >= 0:  # let the last star take one more; earlier stars need no second try
            resume += 1
            at, pos = star + 1, resume
        else:
            return False
    return all(token is _STAR for token in tokens[at:])


def _never(_char: str) -> bool:
    return False


def _any(_char: str) -> bool:
    return True


@lru_cache(maxsize=1024)
def _tokens(pattern: str) -> tuple[_Token, ...]:
    """Cut a pattern into one test a character, or _STAR."""
    tokens: list[_Token] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            if not tokens or tokens[-1] is not _STAR:
                tokens.append(_STAR)
        elif char == "?":
            tokens.append(_any)
        elif char == "[" and (end := _bracket_end(pattern, at)) > 0:
            tokens.append(_bracket(pattern[at:end]))
            at = end + 1
        else:
            if char == "\\" and at < len(pattern):
                char = pattern[at]
                at += 1
            tokens.append(char.__eq__)
    return tuple(tokens)


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


def _bracket(body: str) -> Callable[[str], bool]:
    """Return the test of a set: characters, ranges a-z by code point, classes, `!` or `^`."""
    negated = body[0] in "!^"
    ranges: list[tuple[str, str]] = []
    members = ""
    rest = body[1:] if negated else body
    while rest:
        name, closed, after = rest[2:].partition(":]")
        if rest.startswith("[:") and closed:
            members += _CLASSES.get(name, "")
            rest = after
            continue
        low, rest = _unescape(rest)
        if rest.startswith("-") and len(rest) > 1:
            high, rest = _unescape(rest[1:])
            ranges.append((low, high))
        else:
            members += low

    def test(char: str) -> bool:
        return (char in members or any(a <= char <= b for a, b in ranges)) is not negated

    return test


def _unescape(text: str) -> tuple[str, str]:
    """Return the first character, a backslash before it taken off, and what is left."""
    if text[0] == "\\" and len(text) > 1:
        return text[1], text[2:]
    return text[0], text[1:]
