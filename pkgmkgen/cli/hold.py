"""`pkgmkgen hold`: packages that no run builds until `hold --off`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument
from pkgmkgen.runs.control import mark, named
from pkgmkgen.runs.folder import choose_with_results, folders, read_journal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    help_ = "PKGNAME, PKGPATH or pkgbase; none: list those that are held"
    parser.add_argument("names", nargs="*", metavar="NAME", help=help_)
    parser.add_argument("--off", action="store_true", help="let runs build them again")
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Hold packages of the last run, or let them go; without names list them."""
    log = find_log(args.log)
    if not args.names:
        yield "".join(f"{path.name}\n" for path in sorted((log / ".hold").glob("*")))
        return
    last = read_journal(choose_with_results(folders(log), "last", log))
    for name in named(last, args.names):
        mark(log / ".hold" / name, there=not args.off)
        yield f"{name} is {'built again' if args.off else 'not built until hold --off'}\n"
