"""`pkgmkgen report`: a folder with the report of a run in all formats, or one format alone."""

from __future__ import annotations

import bz2
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen import resources
from pkgmkgen.cli import tree_changes
from pkgmkgen.cli.bulklog import find_log, log_argument, run_argument
from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.model import PHASES
from pkgmkgen.names import plain, split_lines
from pkgmkgen.report import FORMATS
from pkgmkgen.report.facts import Earlier, Report
from pkgmkgen.runs.folder import choose_with_results, folders, read_run, with_results
from pkgmkgen.runs.history import History
from pkgmkgen.runs.outcomes import outcomes
from pkgmkgen.runs.result import parse_result
from pkgmkgen.runs.untrusted import is_plain, read_end

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pkgmkgen.model import PkgName
    from pkgmkgen.runs.outcomes import Outcome

_MARK = "data.js"
_CHANGES = "changes"
_LOGS = (*PHASES, "work", "stray")
_RESULT_BYTES = 1 << 16
_TAIL_BYTES = 6000
_TAIL_LINES = 40


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    run_argument(parser)
    add = parser.add_argument
    add(
        "-o",
        dest="folder",
        default="bulk-report",
        metavar="DIR",
        help="the folder to write (bulk-report)",
    )
    add("--format", choices=FORMATS, help="print only this format (html: into the folder)")
    add(
        "--against",
        default="",
        metavar="RUN",
        help="compare with this run (default: the one before)",
    )
    add("--earlier", type=int, default=8, metavar="N", help="number of earlier runs to show (8)")
    add("--url", default="", help="address where the folder will be published, for the mail")
    add(
        "--logs",
        choices=("failed", "all", "none"),
        default="failed",
        help="logs to include (failed)",
    )
    log_argument(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Write the folder, or yield one format."""
    log = find_log(args.log)
    report = _report(args, log)
    if args.format and args.format != "html":
        yield from list(FORMATS[args.format](report).values())[:1]
        return
    folder = Path(args.folder)
    try:
        _write(folder, report, log, args.logs, (args.format,) if args.format else tuple(FORMATS))
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise FileError(what, str(error.filename or folder), "check directory and disk") from error
    yield f"{folder}/index.html\n"


def _report(args: argparse.Namespace, log: Path) -> Report:
    runs = folders(log)
    folder = choose_with_results(runs, args.name, log)
    this = read_run(folder)
    earlier_runs = with_results(runs[: runs.index(folder)])
    before = [path.name for path in earlier_runs][-max(args.earlier, 1) :]
    if args.against:
        chosen = choose_with_results(runs, args.against, log).name
        before = [*(name for name in before if name != chosen), chosen]
    with History(log) as history:
        history.update()
        past = {run.name: run.start for run in history.runs()}
        earlier = tuple(Earlier(name, past[name], history.of_run(name)) for name in before)
    became = outcomes(this)
    wanted = [
        outcome for outcome in became if outcome.kind.bad or (args.logs == "all" and outcome.result)
    ]
    ours = [outcome for outcome in wanted if _is_of_run(log / outcome.pkgname, this.name)]
    tails = {outcome.pkgname: _tail(log, outcome) for outcome in ours if outcome.kind.bad}
    kept = ours if args.logs != "none" else []
    logs = {outcome.pkgname: _logs(log, outcome) for outcome in kept}
    report = Report(
        run=this,
        outcomes=became,
        earlier=earlier,
        tails=tails,
        logs=logs,
        url=plain(args.url).rstrip("/"),
    )
    return replace(report, changed=tree_changes.texts(report, log))


def _is_of_run(folder: Path, run: str) -> bool:
    """Tell whether the logs in the folder of a package are those of this run or older."""
    result = parse_result(read_end(folder / "result", _RESULT_BYTES).decode("utf-8", "replace"))
    return result is not None and "" < result.run <= run


def _logs(log: Path, outcome: Outcome) -> tuple[str, ...]:
    folder = log / outcome.pkgname
    return tuple(name for name in _LOGS if is_plain(folder / f"{name}.log"))


def _tail(log: Path, outcome: Outcome) -> str:
    """Return the last lines of the log of the phase that failed."""
    data = read_end(log / outcome.pkgname / f"{outcome.phase}.log", _TAIL_BYTES)
    lines = split_lines(data.decode("utf-8", "replace"))
    return "\n".join(plain(line.expandtabs()) for line in lines[-_TAIL_LINES:])


def _write(folder: Path, report: Report, log: Path, logs: str, formats: tuple[str, ...]) -> None:
    """Make the folder under a temporary name and rename it at the end."""
    if folder.exists() and not (folder / _MARK).exists() and any(folder.iterdir()):
        fix = "use another directory with -o; only an older report is overwritten"
        raise UsageError("is not empty and does not contain a report", str(folder), fix)
    new = folder.with_name(f".{folder.name}.new")
    old = folder.with_name(f".{folder.name}.old")
    for path in (new, old):
        shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(resources.templates() / "report", new)
    for name in formats:
        for file, text in FORMATS[name](report).items():
            data = text.encode()
            (new / file).write_bytes(bz2.compress(data) if file.endswith(".bz2") else data)
    _write_changes(new / _CHANGES, report)
    if logs != "none":
        for pkgname, names in report.logs.items():
            _keep_logs(log, pkgname, names, new / "logs" / pkgname)
    for path in (new, *new.rglob("*")):  # a web server must be able to read it
        if path.stat().st_nlink == 1 or path.is_dir():
            path.chmod(0o755 if path.is_dir() else 0o644)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _write_changes(folder: Path, report: Report) -> None:
    if report.changed:
        folder.mkdir()
    for pkgname, text in report.changed.items():
        (folder / f"{pkgname}.txt").write_text(text, "utf-8", "replace")


def _keep_logs(log: Path, pkgname: PkgName, names: tuple[str, ...], to: Path) -> None:
    """Link logs into the report, or copy them to another disk; as .txt, which browsers show."""
    to.mkdir(parents=True)
    for name in names:
        source, target = log / pkgname / f"{name}.log", to / f"{name}.txt"
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
