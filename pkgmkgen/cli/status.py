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

from pkgmkgen import resources
from pkgmkgen.cli.bulklog import find_log, log_argument, run_argument
from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.model import PHASES
from pkgmkgen.names import read_pkgname
from pkgmkgen.runs.folder import choose, folders, read_journal
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import outcomes
from pkgmkgen.runs.result import parse_result
from pkgmkgen.runs.status import (
    MachineState,
    Snapshot,
    Status,
    status,
    status_json,
    status_text,
)
from pkgmkgen.runs.untrusted import read_end
from pkgmkgen.timetext import local_time, span

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from pkgmkgen.model import PkgName
    from pkgmkgen.runs.folder import Run
    from pkgmkgen.runs.result import Result

_CLEAR = "\x1b[H\x1b[2J"
_PLACES = ("PACKAGES", "DISTDIR", "SANDBOXDIR")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    run_argument(parser)
    add = parser.add_argument
    add("--watch", action="store_true", help="repeat until the run has ended")
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
    while True:
        known = read_journal(folder, known)
        current = status(_snapshot(known, log, durations))
        if args.html:
            _write_page(Path(args.html), current, args.every)
        yield from _said(args, current)
        if not args.watch or current.state != "running":
            return
        gc.collect()  # off in __main__, which is for short runs
        time.sleep(args.every)


def _said(args: argparse.Namespace, current: Status) -> Iterator[str]:
    if args.json:
        indent = None if args.watch else 1
        yield json.dumps(status_json(current), indent=indent) + "\n"
    elif args.watch:
        yield _CLEAR + status_text(current, shutil.get_terminal_size().columns)
    elif not args.html:
        yield status_text(current, max(shutil.get_terminal_size((200, 24)).columns, 80))


def _snapshot(this: Run, log: Path, durations: Mapping[str, float]) -> Snapshot:
    """Read the files, and the state of this machine."""
    alive = not this.end and _alive(this.name)
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


def _alive(run: str) -> bool:
    """Tell whether the process in the name of a run is alive: PID, or PID.START on Linux."""
    pid, _, start = run.partition("@")[2].partition(".")
    if not pid.isdigit():
        return False
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
    else:
        fields = text.rpartition(") ")[2].split()
        return fields[0] not in "ZX" and (not start or fields[19:20] == [start])
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


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


def _write_page(path: Path, current: Status, every: float) -> None:
    from pkgmkgen.plan.render import page  # noqa: PLC0415 - jinja2, slow to import, only for HTML

    values = {
        "status": current,
        "every": max(round(every), 2),
        "span": span,
        "local_time": local_time,
    }
    text = page("status.html.j2", resources.templates(), values)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, "utf-8")
        new.replace(path)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise FileError(what, str(path), "check directory and disk") from error
