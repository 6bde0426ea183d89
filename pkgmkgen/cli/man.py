"""The man page pkgmkgen(1), made from the help of all commands and the help topics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pkgmkgen import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def man_page(pages: Mapping[str, str], helps: Mapping[str, str]) -> str:
    """Return the page in man(7): `helps` is --help by command, `pages` are topics in markdown."""
    lines = [
        f'.TH PKGMKGEN 1 "" "pkgmkgen {__version__}"',
        ".SH NAME",
        r"pkgmkgen \- build pkgsrc packages in bulk, by one Makefile",
        ".SH SYNOPSIS",
    ]
    lines += [f".B {_text(line)}\n.br" for line in ("pkgmkgen [COMMAND] [options] ...",)]
    lines += [".SH COMMANDS"]
    for name, text in helps.items():
        lines += [f".SS {_text(name)}", ".nf", *map(_text, text.strip().splitlines()), ".fi"]
    for _, page in sorted(pages.items()):
        lines += _topic(page)
    return "\n".join(lines) + "\n"


def _topic(page: str) -> Iterator[str]:
    """Give a topic: headings, indented examples, paragraphs and items."""
    example = False
    for line in page.splitlines():
        if line.startswith("    ") and not example:
            example = True
            yield ".PP\n.nf"
        elif example and line and not line.startswith("    "):
            example = False
            yield ".fi"
        if example:
            yield _text(line)
        elif line.startswith("# "):
            yield f".SH {_text(line[2:].upper())}"
        elif line.startswith("#"):
            yield f".SS {_text(line.lstrip('# '))}"
        elif line.startswith("- "):
            yield f'.IP "\\(bu" 2\n{_text(line[2:])}'
        elif line.startswith("|"):
            yield f"{_text(line)}\n.br"
        else:
            yield _text(line.lstrip()) or ".PP"
    if example:
        yield ".fi"


def _text(line: str) -> str:
    """Return a line that troff prints as it is, with words in backquotes in bold."""
    line = line.replace("\\", r"\e").replace("-", r"\-")
    line = re.sub(r"`([^`]+)`", r"\\fB\1\\fR", line)
    return rf"\&{line}" if line.startswith((".", "'")) else line
