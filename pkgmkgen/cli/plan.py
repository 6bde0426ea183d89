"""`pkgmkgen plan`: the packages in order of urgency."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen import pipeline
from pkgmkgen.cli import inputs, options
from pkgmkgen.plan.planner import plan_text

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.packages(parser)
    options.histories(parser)
    options.strict(parser)
    options.output(parser)
    options.jobs(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the plan."""
    bound, records = inputs.bound_packages(args)
    yield plan_text(pipeline.planned(bound, inputs.past(args, records.settings)))
