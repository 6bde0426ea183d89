"""`pkgmkgen cancel`: end the build of a package; the run goes on without it, the next tries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument
from pkgmkgen.runs.control import end_build, going_on, named
from pkgmkgen.runs.folder import choose, folders, read_journal

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    help_ = "PKGNAME, PKGPATH or pkgbase"
    parser.add_argument("names", nargs="+", metavar="NAME", help=help_)
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """End builds of the run. UnavailableError: there is no run."""
    log = find_log(args.log)
    last = read_journal(choose(folders(log), "last", log))
    going_on(last, log)
    for name in named(last, args.names):
        said = "is ended; the next run builds it" if end_build(last, name) else "does not build now"
        yield f"{name} {said}\n"
