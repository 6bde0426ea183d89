"""`pkgmkgen status`: progress of a run, from its files; --watch shows a live page."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.cli.bulklog import find_log, log_argument, run_argument
from pkgmkgen.cli.live_page import write_page
from pkgmkgen.cli.terminal import has_keys
from pkgmkgen.errors import UsageError
from pkgmkgen.model import PHASES
from pkgmkgen.names import read_pkgname
from pkgmkgen.runs.folder import choose, folders, read_journal
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import outcomes
from pkgmkgen.runs.process import is_alive
from pkgmkgen.runs.result import parse_result
from pkgmkgen.runs.status import (
    GOES_ON,
    MachineState,
    Snapshot,
    Status,
    status,
    status_json,
    status_text,
)
from pkgmkgen.runs.untrusted import read_end

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from pkgmkgen.model import PkgName
    from pkgmkgen.runs.folder import Run
    from pkgmkgen.runs.result import Result

_PLACES = ("PACKAGES", "DISTDIR", "SANDBOXDIR")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    run_argument(parser)
    add = parser.add_argument
    add("--watch", action="store_true", help="a live screen with logs, until the run has ended")
    add("--every", type=float, default=5.0, metavar="SECONDS", help="seconds between updates (5)")
    add("--json", action="store_true", help="print JSON; with --watch one object per line")
    add("--html", default="", metavar="FILE", help="write an HTML page that refreshes itself")
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the status once, or with --watch again and again."""
    if not 0.2 <= args.every <= 86400:
        raise UsageError(
            "must be between 0.2 and 86400", f"--every {args.every:g}", "use --every 5"
        )
    log = find_log(args.log)
    folder = choose(folders(log), args.name, log)
    with History(log) as history:
        history.update()
        durations = history.durations()
    known: Run | None = None

    def look() -> Snapshot:
        nonlocal known
        known = read_journal(folder, known)
        return _snapshot(known, log, durations)

    if args.watch and not (args.json or args.html) and has_keys():
        from pkgmkgen.cli.watch import Watch  # noqa: PLC0415  only for a screen

        Watch(log, look).run(args.every)
        args.watch = False
    while True:
        seen = look()
        current = status(seen)
        if args.html:
            write_page(Path(args.html), seen, log, args.every)
        yield from _said(args, current)
        if not args.watch or current.state not in GOES_ON:
            return
        gc.collect()  # off in __main__, which is for short runs
        time.sleep(args.every)


def _said(args: argparse.Namespace, current: Status) -> Iterator[str]:
    if args.json:
        indent = None if args.watch else 1
        yield json.dumps(status_json(current), indent=indent) + "\n"
    elif args.watch and not args.html:
        yield status_text(current, shutil.get_terminal_size().columns) + "\n"
    elif not args.html:
        yield status_text(current, max(shutil.get_terminal_size((200, 24)).columns, 80))


def _snapshot(this: Run, log: Path, durations: Mapping[str, float]) -> Snapshot:
    """Read the files, and the state of this machine."""
    alive = not this.end and is_alive(this.name.partition("@")[2])
    present = {} if this.end else _present(this)
    failed = {event.pkgname for event in this.events if event.word == "failed"}
    results = {name: result for name in failed if (result := _result(log, name))}
    staging = Path(this.facts.get("PACKAGES", "")) / ".staging"
    phases: dict[PkgName, str] = {}
    with contextlib.suppress(OSError):
        for path in staging.iterdir():
            if (name := read_pkgname(path.name.rpartition("@")[0])) and (phase := _phase(path)):
                phases[name] = phase
    judged = outcomes(replace(this, results=results), present)
    places = [this.facts[key] for key in _PLACES if this.facts.get(key)]
    machine = MachineState(_load(), _free([*places, str(log)]))
    return Snapshot(
        run=this,
        outcomes=judged,
        phases=phases,
        durations=durations,
        now=time.time(),
        machine=machine,
        alive=alive,
    )


def _result(log: Path, name: PkgName) -> Result | None:
    return parse_result(read_end(log / name / "result", 1 << 16).decode("utf-8", "replace"))


def _phase(folder: Path) -> str:
    text = read_end(folder / "out" / "phase", 40).decode("utf-8", "replace").strip()
    return text if text in PHASES else ""


def _present(this: Run) -> dict[PkgName, float]:
    """Return the binary packages in PACKAGES, with the times of their files."""
    suffix = this.facts.get("PKG_SUFX", ".tgz")
    present: dict[PkgName, float] = {}
    with contextlib.suppress(OSError), os.scandir(f"{this.facts.get('PACKAGES', '')}/All") as all_:
        for entry in all_:
            if entry.name.endswith(suffix) and (
                name := read_pkgname(entry.name.removesuffix(suffix))
            ):
                with contextlib.suppress(OSError):
                    present[name] = entry.stat().st_mtime
    return present


def _load() -> tuple[float, ...]:
    try:
        return os.getloadavg()
    except OSError:
        return ()


def _free(places: list[str]) -> tuple[tuple[str, int], ...]:
    """Return MB free for each directory, one for each file system."""
    free: dict[int, tuple[str, int]] = {}
    for place in places:
        with contextlib.suppress(OSError):
            device = Path(place).stat().st_dev
            free.setdefault(device, (place, shutil.disk_usage(place).free >> 20))
    return tuple(free.values())
