"""`--refresh`: the command line that a bulk.mk was made with, and what a new one has changed."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from pkgmkgen.errors import FileError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

_MADE = re.compile(r"^#made((?: .*)?)$", re.MULTILINE)
_INPUTS = re.compile(r"^#(?:inputs|skip) (\S+) (.*)$", re.MULTILINE)
_STORED = "-"
"""Stands for the name of a stored scan: equal scans give equal bytes, wherever they are."""


def words(args: argparse.Namespace) -> tuple[str, ...]:
    """Return the words that stand for what is asked for; bulk.mk itself has the settings."""
    found = ["--index", _STORED] if args.index else []
    for option, name in (("--list", args.list_file), *(("--history", x) for x in args.histories)):
        found += [option, os.path.abspath(name)] if name else []  # noqa: PTH100 - as it is named
    for option, text in (("--make", args.make), ("--scan-on", args.scan_on)):
        found += [option, text] if text else []
    found += ["--no-sandbox"] if args.no_sandbox else []
    found += ["--strict"] if args.strict else []
    return (*found, *args.pkgpaths)


def as_before(
    args: argparse.Namespace, parse: Callable[[list[str]], argparse.Namespace]
) -> argparse.Namespace:
    """Return the options that a bulk.mk was made with; those given now replace them.

    UsageError: it does not say how it was made, or was made from a stored scan.
    """
    name = args.refresh
    match = _MADE.search(_read(name))
    if not match:
        what = "does not say how it was made: an older pkgmkgen made it"
        fix = f"pkgmkgen --like {name} -o {name}, with the PKGPATHs of before"
        raise UsageError(what, name, fix)
    if args.pkgpaths or args.list_file:
        fix = f"pkgmkgen --like {name} -o {name} PKGPATH... makes it for other packages"
        raise UsageError("--refresh takes the packages from this file", name, fix)
    made = parse([unquote(word, errors="surrogateescape") for word in match[1].split()])
    usual = vars(parse([]))
    given = {key: value for key, value in vars(args).items() if value != usual.get(key)}
    if made.index == _STORED and not given.get("index"):
        made.index = ""
        if not args.pkgsrc:
            fix = f"pkgmkgen --refresh {name} --index SCAN, or --pkgsrc DIR to scan that tree"
            raise UsageError("was made from a stored scan", name, fix)
    return argparse.Namespace(**{**vars(made), "like": name, **given})


def changed(name: str, new: str) -> str:
    """Return in a line how many packages differ between a bulk.mk and its next text."""
    old, now = (_packages(text) for text in (_read(name), new))
    counts = (
        (len(now.keys() - old.keys()), "added"),
        (len(old.keys() - now.keys()), "removed"),
        (sum(old[key] != now[key] for key in old.keys() & now.keys()), "changed"),
    )
    said = ", ".join(f"{number} {word}" for number, word in counts if number)
    return f"{name}: {len(now)} packages: {said or 'none changed'}"


def _packages(text: str) -> dict[str, str]:
    return {match[1]: match[2] for match in _INPUTS.finditer(text)}


def _read(name: str) -> str:
    try:
        return Path(name).read_text("utf-8", "surrogateescape")
    except OSError as error:
        fix = "name the bulk.mk to make again: pkgmkgen --refresh FILE"
        raise FileError(f"cannot be read: {error.strerror}", name, fix) from error
