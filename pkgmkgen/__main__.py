"""The command: reads options, runs the stages, prints. The only place that prints and exits."""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pkgmkgen import pipeline, settings
from pkgmkgen.cli import COMMANDS, options
from pkgmkgen.cli import scanning as live
from pkgmkgen.cli.bulklog import log_path
from pkgmkgen.cli.progress import Bar
from pkgmkgen.errors import DifferentScanError, FileError, PkgmkgenError, UsageError
from pkgmkgen.index.source import Source, open_index
from pkgmkgen.machine import unzstd
from pkgmkgen.model import Fault, PkgPath, State
from pkgmkgen.names import pkgpath_error, split_lines
from pkgmkgen.plan import past_builds as timings
from pkgmkgen.plan.planner import plan_text
from pkgmkgen.resolve import explain
from pkgmkgen.resolve.limited import read_list
from pkgmkgen.resolve.presolve import write
from pkgmkgen.resolve.problems import problems, problems_text
from pkgmkgen.runs.folder import folders, read_run
from pkgmkgen.runs.outcomes import outcomes
from pkgmkgen.scan.scanner import Progress, Scan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pkgmkgen.cli.options import Options
    from pkgmkgen.plan.durations import Past

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
"""A word that could be meant as a command: a PKGPATH has a slash."""
_FAULTS_SHOWN = 20
_SLOW = 2.0
"""A directory that took longer is named when the scan is done."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status (pkgmkgen/help/exit-status.md)."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in COMMANDS:
        return _guarded(lambda: _command(words[0], words[1:]))
    if words and _WORD.fullmatch(words[0]) and words[0] not in options.STAGES:
        return _guarded(lambda: _unknown(words[0]))
    opts = options.parse(words)
    return _guarded(lambda: _stage(opts))


def _guarded(work: Callable[[], None]) -> int:
    """Do the work; print what goes wrong in it, and return the exit status."""
    gc.disable()  # a short life without rings: a quarter of the time is saved
    try:
        work()
    except PkgmkgenError as error:
        sys.stderr.write(f"pkgmkgen: {error}\n")
        return error.exit_status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        sys.stderr.write("pkgmkgen: interrupted\n")
        return 130
    return 0


def _command(name: str, words: list[str]) -> None:
    """Run a command and print what it says, as it says it."""
    module = importlib.import_module(f"pkgmkgen.cli.{name}")
    parser = argparse.ArgumentParser(
        prog=f"pkgmkgen {name}", description=COMMANDS[name], allow_abbrev=False
    )
    module.arguments(parser)
    for text in module.run(parser.parse_intermixed_args(words)):
        if name == "help" and sys.stdout.isatty():
            import pydoc  # noqa: PLC0415  20 ms; only a person at a terminal pays for it

            pydoc.pager(text)
        else:
            sys.stdout.write(text)
            sys.stdout.flush()


def _unknown(word: str) -> None:
    raise UsageError("unknown command", f"'{word}'", "see `pkgmkgen --help`")


def _stage(opts: Options) -> None:
    with _output(opts.output) as out:
        _run(opts, out)


def _run(opts: Options, out: BinaryIO) -> None:
    pkgpaths = _pkgpaths(opts)
    if opts.check:
        _check(opts, pkgpaths, out)
        return
    values = settings.parse(opts.settings)
    source, scan_faults = _source(opts, pkgpaths, values)
    with source:
        if opts.stage == "scan":
            out.writelines(source.blocks())
            return
        bound = pipeline.bind(source, pkgpaths)
        _report(opts, bound, pkgpaths)
        if opts.strict:
            pipeline.require_resolved(bound)
        if opts.problems:
            found = problems(bound.index, bound.resolution, scan_faults)
            out.write(problems_text(found).encode())
        elif opts.stage == "resolve":
            write(source.blocks(), bound.index, bound.resolution, out)
        elif opts.stage == "plan":
            out.write(plan_text(pipeline.planned(bound, _past(opts, values))).encode())
        elif opts.stage == "simulate":
            known = _past(opts, values)
            out.write(pipeline.simulation(bound, known, opts.slots, opts.format).encode())
        elif opts.stage == "why":
            out.write((_why(opts, bound, pkgpaths) + _lately(opts, bound, values)).encode())
        else:
            out.write(pipeline.bulk_mk(bound, values, _past(opts, values)).encode())


def _past(opts: Options, values: dict[str, str]) -> Past:
    """Give what is known of earlier builds: result records in BULKLOG, and --history."""
    bulklog = values.get("BULKLOG") or settings.default("BULKLOG")
    histories = (open_index(path, unzstd) for path in opts.histories)
    known, faults = timings.past(Path(bulklog), histories)
    _say_faults(() if opts.quiet else faults)
    return known


def _why(opts: Options, bound: pipeline.Bound, pkgpaths: tuple[PkgPath, ...]) -> str:
    """Answer for every package that the names mean. UsageError: they mean none."""
    named = [explain.find(bound.resolution, name) for name in opts.pkgpaths]
    listed = pkgpaths or None
    if len(named) == 1:
        answers = (explain.why(bound.resolution, name, listed) for name in named[0])
        return "\n".join(explain.why_text(answer) for answer in answers)
    pairs = ((one, other) for one in named[0] for other in named[1])
    chains = [explain.needs(bound.resolution, one, other) for one, other in pairs]
    text = "\n".join(explain.chain_text(chain) for chain in chains if chain)
    return text or f"{opts.pkgpaths[0]} does not need {opts.pkgpaths[1]}\n"


def _lately(opts: Options, bound: pipeline.Bound, values: dict[str, str]) -> str:
    """Say what became of the one package asked about in the last run, if there was one."""
    log = log_path(values.get("BULKLOG", ""))
    if len(opts.pkgpaths) > 1 or not (log / ".runs").is_dir() or not (found := folders(log)):
        return ""
    named = explain.find(bound.resolution, opts.pkgpaths[0])
    run = read_run(found[-1])
    last = (one for one in outcomes(run) if one.pkgname in named)
    return "".join(f"{one.pkgname} in the last run ({run.name}): {one.summary}\n" for one in last)


def _pkgpaths(opts: Options) -> tuple[PkgPath, ...]:
    """PKGPATHs of the command line and of the limited list."""
    named = () if opts.stage == "why" else opts.pkgpaths
    for text in named:
        if wrong := pkgpath_error(text):
            raise UsageError(f"no PKGPATH: {wrong}", text, "name packages as category/package")
    found = tuple(PkgPath(text) for text in named)
    if not opts.list_file:
        return found
    try:
        lines = split_lines(Path(opts.list_file).read_text("utf-8", "surrogateescape"))
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise FileError(what, opts.list_file, "check the path") from error
    listed, faults = read_list(lines, opts.list_file)
    _say_faults(faults)
    if not listed and not found:
        raise UsageError("the list names no package", opts.list_file, "a category/package a line")
    return (*found, *listed)


def _source(
    opts: Options, pkgpaths: tuple[PkgPath, ...], values: dict[str, str]
) -> tuple[Source, tuple[Fault, ...]]:
    """Give the index: the stored one, or that of a scan made now with its failures.

    Adds the tree's own settings to `values`.
    """
    if opts.index:
        values.setdefault("PKGSRCDIR", opts.pkgsrc)
        settings.check("PKGSRCDIR", values["PKGSRCDIR"], "--pkgsrc")
        return open_index(opts.index, unzstd), ()
    with live.opened(opts, values) as scanner:
        found = scanner.scan(pkgpaths, _ignore if opts.quiet else Bar(), _warn)
    if not opts.quiet:
        _say_scan(found)
    return Source("scan", io.BytesIO(found.text), unzstd), found.faults


def _check(opts: Options, pkgpaths: tuple[PkgPath, ...], out: BinaryIO) -> None:
    """Scan a sample both ways. DifferentScanError: they do not give the same."""
    with live.opened(opts, settings.parse(opts.settings)) as scanner:
        paths = sorted(set(pkgpaths)) or scanner.sample(opts.check)
        bad = scanner.check(paths, _ignore if opts.quiet else Bar())
        tree = scanner.tree
    out.write(f"{len(paths)} directories scanned both ways, {len(bad)} differ\n".encode())
    out.writelines(f"{path}\n".encode() for path in bad)
    if bad:
        what = f"{len(bad)} directories give other records than `{tree.bmake} pbulk-index`"
        raise DifferentScanError(what, f"{tree.root}/{bad[0]}", "please report these directories")


def _warn(text: str) -> None:
    sys.stderr.write(f"pkgmkgen: {text}\n")


def _ignore(_step: Progress) -> None:
    """No progress."""


def _say_scan(found: Scan) -> None:
    _say_faults(found.faults)
    slow = sorted(found.seconds.items(), key=lambda one: (-one[1], one[0]))[:3]
    text = f"pkgmkgen: {len(found.seconds)} directories scanned, {found.stored} unchanged"
    text += f", {found.long} asked the long way" if found.long else ""
    text += "".join(f", {path} {seconds:.1f} s" for path, seconds in slow if seconds >= _SLOW)
    sys.stderr.write(f"{text}\n")


def _report(opts: Options, bound: pipeline.Bound, pkgpaths: tuple[PkgPath, ...]) -> None:
    """Say on standard error what was found wrong, and the totals.

    UsageError: of all the directories asked for, none has a package.
    """
    by_path = bound.resolution.by_path
    empty = [path for path in pkgpaths if path not in by_path]
    if empty and len(empty) == len(set(pkgpaths)):
        fix = "check the PKGPATH, and the messages above"
        raise UsageError("no package in any directory asked for", empty[0], fix)
    if opts.quiet:
        return
    fix = "check the PKGPATH"
    near = {*pkgpaths, *by_path} if pkgpaths else set()
    faults = bound.index.faults
    _say_faults(tuple(one for one in faults if not (near and one.pkgpath) or one.pkgpath in near))
    _say_faults(tuple(Fault("no package there", path, fix) for path in empty))
    counts = bound.resolution.counts()
    words = ", ".join(f"{counts[state]} {state.value}" for state in State if counts.get(state))
    sys.stderr.write(f"pkgmkgen: {len(bound.resolution.packages)} packages: {words or 'none'}\n")


def _say_faults(faults: tuple[Fault, ...]) -> None:
    for fault in faults[:_FAULTS_SHOWN]:
        sys.stderr.write(f"pkgmkgen: {fault.where}: {fault.what}\n  fix: {fault.fix}\n")
    if len(faults) > _FAULTS_SHOWN:
        sys.stderr.write(f"pkgmkgen: ... and {len(faults) - _FAULTS_SHOWN} more of these\n")


@contextlib.contextmanager
def _output(path: str) -> Iterator[BinaryIO]:
    """Give standard output, or a file that appears under its name only when it is whole."""
    if not path:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    target = Path(path)
    temporary = ""
    try:
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".pkgmkgen.", delete=False
        ) as file:
            temporary = file.name
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        raise FileError(
            f"cannot be written: {error.strerror}", path, "check directory and disk"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main())
