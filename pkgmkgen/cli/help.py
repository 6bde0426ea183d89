"""`pkgmkgen help`: the topics of the manual, which are package data in pkgmkgen/help/.

The topic `settings` ends with the table in pkgmkgen/setting_table.py.
"""

from __future__ import annotations

import argparse
import functools
from typing import TYPE_CHECKING

from pkgmkgen import resources, settings
from pkgmkgen.cli import VERBS, module_of, output
from pkgmkgen.cli.man import man_page
from pkgmkgen.errors import UsageError
from pkgmkgen.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the topic."""
    parser.add_argument("--man", action="store_true", help="print the man page pkgmkgen(1)")
    parser.add_argument(
        "topic",
        nargs="?",
        default="",
        metavar="TOPIC",
        help="the topic; without it, the list of topics",
    )


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield one topic, or the list of all. UsageError: there is no such topic."""
    pages = {path.stem: path.read_text() for path in resources.help_pages()}
    pages["settings"] = pages.get("settings", "# Settings\n\n") + settings.help_text()
    if args.man:
        yield man_page(pages, {verb: _help_of(verb) for verb in VERBS})
    elif not args.topic:
        width = max(map(len, pages))
        lines = (f"  {name:{width}}  {_title(page)}\n" for name, page in sorted(pages.items()))
        yield from _shown("pkgmkgen help TOPIC, with TOPIC one of:\n\n" + "".join(lines))
    elif args.topic in pages:
        yield from _shown(pages[args.topic])
    else:
        fix = did_you_mean(args.topic, pages, "`pkgmkgen help` lists the topics")
        raise UsageError("no such topic", repr(args.topic), fix)


def _help_of(verb: str) -> str:
    """Return the --help of a command, at a width that does not depend on the terminal."""
    formatter = functools.partial(argparse.RawDescriptionHelpFormatter, width=78)
    parser = argparse.ArgumentParser(f"pkgmkgen {verb}", description=VERBS[verb])
    module_of(verb).arguments(parser)
    parser.formatter_class = formatter
    return parser.format_help()


def _shown(text: str) -> Iterator[str]:
    """Yield the text; on a terminal, show it in a pager instead."""
    if output.terminal():
        import pydoc  # noqa: PLC0415  20 ms

        pydoc.pager(text)
    else:
        yield text


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")
