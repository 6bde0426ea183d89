"""`pkgmkgen diff RUN RUN`: the differences between two runs."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument
from pkgmkgen.runs.compare import changes, changes_text
from pkgmkgen.runs.folder import choose_with_results, folders
from pkgmkgen.runs.history import History

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pkgmkgen.runs.compare import Change, Changes
    from pkgmkgen.runs.outcomes import Outcome


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument(
        "then", nargs="?", default="-1", help="a run: the beginning of its name, or -1 (-1)"
    )
    parser.add_argument("now", nargs="?", default="last", help="a later run (last)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the differences."""
    log = find_log(args.log)
    runs = folders(log)
    then, now = (choose_with_results(runs, name, log).name for name in (args.then, args.now))
    with History(log) as history:
        history.update()
        difference = changes(history.of_run(then), history.of_run(now))
    yield (
        _json(then, now, difference) if args.json else f"{then}\n{now}\n{changes_text(difference)}"
    )


def _json(then: str, now: str, difference: Changes) -> str:
    groups = {
        field.name: [_change(change) for change in getattr(difference, field.name)]
        for field in dataclasses.fields(difference)
    }
    return json.dumps({"then": then, "now": now, **groups}, indent=1) + "\n"


def _change(change: Change) -> dict[str, object]:
    return {"pkgname": change.pkgname, "then": _side(change.then), "now": _side(change.now)}


def _side(outcome: Outcome | None) -> dict[str, object] | None:
    if outcome is None:
        return None
    return {"pkgname": outcome.pkgname, "outcome": outcome.summary, "seconds": outcome.seconds}
