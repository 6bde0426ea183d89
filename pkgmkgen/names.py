"""Which names may enter: PKGNAMEs, package directories, patterns and the words beside them.

They come from a tree that anyone may have edited and go into make, sh and file names. What
passes here holds no blank, quote, `$`, `..` or leading `-`, and only what stands for itself in
rules of GNU make and bmake: `=` and `:` do not in either, `%` is a pattern in targets of GNU make,
`!` an operator of bmake. Patterns never leave the program but in messages, and may hold whatever
fits a word. Everything is checked here, once.
"""

from __future__ import annotations

import re

from pkgmkgen.model import PkgName, PkgPath

MAX_NAME = 200
"""Longest PKGNAME or directory: a file name has 255 bytes, and suffixes must fit behind it."""

MAX_PATTERN = 4000
"""Longest pattern; also keeps version numbers below the digits that int() takes."""

_PIECE = r"[A-Za-z0-9][A-Za-z0-9._+@~,-]*"
_PKGNAME = re.compile(_PIECE + r"-[A-Za-z0-9._+@~,]+")
_PKGPATH = re.compile(f"{_PIECE}/{_PIECE}")
_PATTERN = re.compile(r"[^ \t\r\n\0]+")  # real trees hold `py313-psycopg2>=2.9"` and a 0x1f
_BLANKS = re.compile(r"[ \t]+")
_WORD = re.compile(r"[A-Za-z0-9._+-]*")
_SETTING = re.compile(r"[A-Z0-9_]+=[A-Za-z0-9._-]*")
_INPUT = re.compile(r"(FILES|INCLUDES|MK)=[0-9a-f]{16}|OPTIONS=[A-Za-z0-9._+=-]*")
_SHOWN = 60


def pkgname_error(text: str) -> str:
    """Return why a PKGNAME is invalid, or an empty text."""
    if len(text) > MAX_NAME:
        return f"PKGNAME {quoted(text)} is longer than {MAX_NAME} characters"
    if not _PKGNAME.fullmatch(text):
        return f"PKGNAME {quoted(text)} is not NAME-VERSION of letters, digits and . _ + - @ ~ ,"
    return ""


def pkgpath_error(text: str) -> str:
    """Return why a PKGPATH is invalid, or an empty text."""
    if len(text) > MAX_NAME:
        return f"directory {quoted(text)} is longer than {MAX_NAME} characters"
    if not _PKGPATH.fullmatch(text):
        return f"directory {quoted(text)} is not category/package"
    return ""


def depend_error(entry: str) -> str:
    """Return why `pattern:../../category/package` is invalid, or an empty text."""
    pattern, _, directory = entry.partition(":")
    if not directory.startswith("../../"):
        return f"dependency {quoted(entry)} has no :../../category/package"
    if len(pattern) > MAX_PATTERN:
        return f"pattern {quoted(pattern)} is longer than {MAX_PATTERN} characters"
    if not _PATTERN.fullmatch(pattern):
        return f"pattern {quoted(pattern)} has a character that is not allowed in patterns"
    wrong = pkgpath_error(directory[6:])
    return f"dependency {quoted(pattern)}: {wrong}" if wrong else ""


def setting_error(word: str) -> str:
    """Return why a word of MULTI_VERSION is invalid, or an empty text."""
    return "" if _SETTING.fullmatch(word) else f"{quoted(word)} is no NAME=value"


def word_error(word: str) -> str:
    """Return why a plain word (category, phase) is invalid, or an empty text."""
    return "" if _WORD.fullmatch(word) else f"{quoted(word)} is no plain word"


def input_error(word: str) -> str:
    """Return why a word of INPUTS is invalid, or an empty text."""
    return "" if _INPUT.fullmatch(word) else f"{quoted(word)} is no input of a build"


def selector_error(text: str) -> str:
    """Return why a name given by the user is invalid, or an empty text."""
    good = re.fullmatch(rf"{_PIECE}(/{_PIECE})?", text) and len(text) <= MAX_NAME
    return "" if good else f"{quoted(text)} is no PKGNAME, PKGPATH or pkgbase"


def split_words(text: str) -> list[str]:
    """Split at blanks and tabs, as make and sh do; str.split knows many more separators."""
    return [word for word in _BLANKS.split(text) if word]


def split_lines(text: str) -> list[str]:
    """Split at newlines only; str.splitlines knows many more separators."""
    return text.removesuffix("\n").split("\n") if text else []


def read_pkgname(text: str) -> PkgName | None:
    """Return the text as a PKGNAME, or None if it is invalid."""
    return None if pkgname_error(text) else PkgName(text)


def read_pkgpath(text: str) -> PkgPath | None:
    """Return the text as a PKGPATH, or None if it is invalid."""
    return None if pkgpath_error(text) else PkgPath(text)


def quoted(text: str) -> str:
    """Return untrusted text fit for a message: one line, printable, not too long."""
    return ascii(text if len(text) <= _SHOWN else text[:_SHOWN] + "...")


def plain(text: str) -> str:
    """Return free text with each control character replaced by `?`."""
    return text if text.isprintable() else "".join(c if c.isprintable() else "?" for c in text)
