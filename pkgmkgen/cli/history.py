"""`pkgmkgen history`: list the runs, or the results of a package; delete old runs."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument
from pkgmkgen.errors import UsageError
from pkgmkgen.names import split_lines
from pkgmkgen.runs.folder import read_halt
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import OutcomeKind
from pkgmkgen.timetext import span, utc_time

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from pkgmkgen.runs.history import PastRun
    from pkgmkgen.runs.outcomes import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("name", nargs="?", default="", help="PKGNAME, pkgbase or PKGPATH")
    parser.add_argument(
        "--keep", type=int, default=0, metavar="N", help="remove all but the last N runs"
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the answer."""
    if args.keep < 0:
        raise UsageError("the number of runs must be at least 1", "--keep", "use --keep 10")
    log = find_log(args.log)
    with History(log) as history:
        history.update()
        if args.keep:
            gone = history.prune(args.keep)
            yield f"{len(gone)} runs removed\n"
        elif args.name:
            builds = history.of_package(args.name)
            if not builds:
                fix = "use a PKGNAME, a pkgbase or a PKGPATH"
                raise UsageError("no run contains this package", args.name, fix)
            yield _packages_json(builds) if args.json else _packages(builds)
        else:
            runs = history.runs()
            halts = {run.name: read_halt(log / ".runs" / run.name) for run in runs}
            yield _runs_json(runs, halts) if args.json else _runs(runs, halts)


def _runs(runs: tuple[PastRun, ...], halts: Mapping[str, str]) -> str:
    """Print one line for each run; the counts add up to the packages of its bulk.mk.

    Another one says why it was halted.
    """
    shown = [word for word in OutcomeKind if any(run.counts[word] for run in runs)]
    wide = max([36, *(len(run.name) + 1 for run in runs)])
    lines = ["".join([f"{'run':{wide}}{'took':>9}", *(f"{word.value:>12}" for word in shown)])]
    for run in runs:
        took = span(run.finish - run.start) if run.finish else "no end"
        numbers = "".join(f"{run.counts[word]:>12}" for word in shown)
        lines.append(f"{run.name:{wide}}{took:>9}{numbers}")
        if halt := halts[run.name]:
            lines.append(f"  halted: {split_lines(halt)[0]}")
    return "".join(f"{line}\n" for line in lines)


def _runs_json(runs: tuple[PastRun, ...], halts: Mapping[str, str]) -> str:
    rows = [
        {
            "run": run.name,
            "host": run.host,
            "jobs": run.jobs,
            "start": run.start,
            "end": run.finish,
            "halted": halts[run.name],
            "counts": {word.value: number for word, number in run.counts.items() if number},
        }
        for run in runs
    ]
    return json.dumps(rows, indent=1) + "\n"


def _packages(builds: tuple[tuple[str, float, Outcome], ...]) -> str:
    out = io.StringIO()
    for _, start, outcome in builds:
        when = utc_time(start)
        times = (
            f"{outcome.seconds:8.0f} s {outcome.cpu_seconds:8.0f} s CPU"
            if outcome.seconds
            else " " * 25
        )
        size = f" {outcome.package_bytes / 1024:8.0f} KB" if outcome.package_bytes else " " * 12
        out.write(f"{when}  {outcome.pkgname:30} {times}{size}  {outcome.summary}\n")
    return out.getvalue()


def _packages_json(builds: tuple[tuple[str, float, Outcome], ...]) -> str:
    rows = [
        {
            "run": name,
            "start": start,
            "pkgname": outcome.pkgname,
            "pkgpath": outcome.pkgpath,
            "state": outcome.kind.value,
            "phase": outcome.phase,
            "reason": outcome.reason,
            "broken_by": outcome.culprit,
            "seconds": outcome.seconds,
            "cpu_seconds": outcome.cpu_seconds,
            "memory_kb": outcome.memory_kb,
            "wrkdir_kb": outcome.wrkdir_kb,
            "package_bytes": outcome.package_bytes,
        }
        for name, start, outcome in builds
    ]
    return json.dumps(rows, indent=1) + "\n"
