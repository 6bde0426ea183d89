"""`pkgmkgen why`: why a package is in the build, or is not; why it needs another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli import inputs, options
from pkgmkgen.cli.bulklog import log_path
from pkgmkgen.resolve import explain
from pkgmkgen.runs.folder import folders, read_run, with_results
from pkgmkgen.runs.outcomes import outcomes

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pkgmkgen.model import PkgName, PkgPath
    from pkgmkgen.pipeline import Bound


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    name = "PKGNAME, PKGPATH or pkgbase"
    parser.add_argument("name", metavar="NAME", help=name)
    parser.add_argument("needed", metavar="NEEDED", nargs="?", default="", help=f"{name}: another")
    options.limited_list(parser)
    options.strict(parser)
    options.output(parser)
    options.jobs(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the answer for every package that matches the names. UsageError: none matches."""
    paths = inputs.pkgpaths((), args.list_file)
    records = inputs.records(options.read_input(args), paths)
    with records.source:
        bound = inputs.bound(args, records, paths)
    named = explain.find(bound.resolution, args.name)
    if args.needed:
        yield _needs(bound, args.name, args.needed)
    else:
        yield _why(bound, named, paths)
        yield _last_run(named, records.settings.get("BULKLOG", ""))


def _why(made: Bound, named: tuple[PkgName, ...], paths: tuple[PkgPath, ...]) -> str:
    answers = (explain.why(made.resolution, name, paths or None) for name in named)
    return "\n".join(explain.why_text(answer) for answer in answers)


def _needs(made: Bound, name: str, needed: str) -> str:
    chains = [
        explain.needs(made.resolution, user, other)
        for user in explain.find(made.resolution, name)
        for other in explain.find(made.resolution, needed)
    ]
    text = "\n".join(explain.chain_text(chain) for chain in chains if chain)
    return text or f"{name} does not need {needed}\n"


def _last_run(named: tuple[PkgName, ...], bulklog: str) -> str:
    """Return the results of the packages in the last run, if there was one."""
    log = log_path(bulklog)
    if not (log / ".runs").is_dir() or not (known := folders(log)):
        return ""
    run = read_run(with_results(known)[-1])
    last = (outcome for outcome in outcomes(run) if outcome.pkgname in named)
    return "".join(
        f"{outcome.pkgname} in the last run ({run.name}): {outcome.summary}\n" for outcome in last
    )
