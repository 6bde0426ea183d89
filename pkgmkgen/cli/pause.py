"""`pkgmkgen pause`: the run finishes what builds and starts nothing, until `pause --off`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument
from pkgmkgen.runs.control import going_on, mark
from pkgmkgen.runs.folder import choose, folders, read_journal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--off", action="store_true", help="go on")
    which.add_argument("--end", action="store_true", help="end the run when what builds is built")
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Pause the run, end it or let it go on. UnavailableError: there is none."""
    log = find_log(args.log)
    folder = choose(folders(log), "last", log)
    going_on(read_journal(folder), log)
    if args.end:
        mark(folder / "drain", there=True)
    mark(folder / "pause", there=not (args.off or args.end))
    if args.off:
        yield f"{folder.name} goes on\n"
    elif args.end:
        yield f"{folder.name} ends when what builds now is built; make continues it later\n"
    else:
        yield f"{folder.name} starts no build any more; pkgmkgen pause --off lets it go on\n"
