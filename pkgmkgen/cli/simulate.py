"""`pkgmkgen simulate`: how long the build takes with a number of job slots, and why."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

from pkgmkgen import pipeline
from pkgmkgen.cli import inputs, options
from pkgmkgen.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMATS = ("text", "json", "svg", "html")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.packages(parser)
    parser.add_argument(
        "-j",
        "--jobs",
        dest="slots",
        type=_slots,
        default=(os.cpu_count() or 1,),
        metavar="N",
        help="numbers of job slots, as 4,6,8",
    )
    parser.add_argument(
        "--cores",
        type=_slots,
        default=(),
        metavar="N",
        help="also compare one pool of jobs on N cores with fixed numbers of jobs, as 8,16",
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        default=FORMATS[0],
        help="what to print (text); svg and html show the slots over time",
    )
    options.histories(parser)
    options.strict(parser)
    options.output(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the forecast. UsageError: no picture shows this."""
    if args.cores and args.format in ("svg", "html"):
        raise UsageError("pictures show slots only", "--cores", "use --format text or json")
    if args.format == "svg" and len(args.slots) > 1:
        raise UsageError(
            "one SVG picture shows one number of slots", "--format svg", "use -j with one number"
        )
    bound, records = inputs.bound_packages(args)
    known = inputs.past(args, records.settings)
    yield pipeline.simulation(bound, known, (args.slots, args.cores), args.format)


def _slots(text: str) -> tuple[int, ...]:
    return tuple(options.slot(word) for word in text.split(","))
