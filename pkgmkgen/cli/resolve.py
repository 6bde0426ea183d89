"""`pkgmkgen resolve`: the records with their dependencies bound, or their problems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli import inputs, options
from pkgmkgen.resolve.presolve import solved
from pkgmkgen.resolve.problems import problems, problems_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.packages(parser)
    parser.add_argument(
        "--problems", action="store_true", help="print doubtful findings and what to do about each"
    )
    options.strict(parser)
    options.output(parser)
    options.jobs(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[str | bytes]:
    """Yield the records, or the problems."""
    paths = inputs.pkgpaths(args.pkgpaths, args.list_file)
    records = inputs.records(options.read_input(args), paths)
    with records.source as source:
        bound = inputs.bound(args, records, paths)
        if args.problems:
            yield problems_text(problems(bound.index, bound.resolution, records.faults))
        else:
            yield from solved(source.blocks(), bound.index, bound.resolution)
