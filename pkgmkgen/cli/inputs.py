"""The first steps of all stages: read the records, bind them, report problems.

Each step passes a frozen value to the next.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen import pipeline, settings
from pkgmkgen.cli import output
from pkgmkgen.cli.bulklog import log_path
from pkgmkgen.cli.options import InputOptions, read_input
from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.index.source import Source, open_index
from pkgmkgen.machine import unzstd
from pkgmkgen.model import Fault, PkgPath, State
from pkgmkgen.names import pkgpath_error, split_lines
from pkgmkgen.near import did_you_mean
from pkgmkgen.resolve.limited import read_list

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from pkgmkgen.plan.durations import Past


@dataclass(frozen=True, slots=True)
class Records:
    """An open index, the settings (given or from the tree), and the failures of the scan.

    Leave the context of `source` to close it.
    """

    source: Source
    settings: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


def pkgpaths(names: Iterable[str], list_file: str) -> tuple[PkgPath, ...]:
    """Return the PKGPATHs of the command line and of the limited list."""
    named = tuple(names)
    for text in named:
        if wrong := pkgpath_error(text):
            raise UsageError(
                f"not a PKGPATH: {wrong}", text, "use category/package, for example mail/mutt"
            )
    if not list_file:
        return tuple(PkgPath(text) for text in named)
    try:
        lines = split_lines(Path(list_file).read_text("utf-8", "surrogateescape"))
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise FileError(what, list_file, "check the path") from error
    listed, faults = read_list(lines, list_file)
    output.say_faults(faults)
    if not listed and not named:
        raise UsageError(
            "the list names no package", list_file, "write one category/package per line"
        )
    return (*map(PkgPath, named), *listed)


def records(wanted: InputOptions, paths: tuple[PkgPath, ...]) -> Records:
    """Return the index: the stored one, or that of a new scan."""
    if wanted.index:
        root = os.path.abspath(wanted.pkgsrc)  # noqa: PTH100 - as for a scan
        given = {"PKGSRCDIR": root, **wanted.settings}
        settings.check("PKGSRCDIR", given["PKGSRCDIR"], "--pkgsrc")
        return Records(open_index(wanted.index, unzstd), given)
    from pkgmkgen.cli.scanning import scanned  # noqa: PLC0415  not for a stored scan

    if not wanted.scan_on:
        _require_a_directory(Path(wanted.pkgsrc), paths)
    scan, values = scanned(wanted, paths)
    return Records(Source("scan", io.BytesIO(scan.text), unzstd), values, scan.faults)


def _require_a_directory(tree: Path, paths: tuple[PkgPath, ...]) -> None:
    """Raise UsageError if the tree has none of the wanted directories; name those that are near."""
    if not paths or not (tree / "mk" / "bsd.pkg.mk").is_file():
        return
    if any((tree / path / "Makefile").is_file() for path in paths):
        return
    known = [f"{path.parent.parent.name}/{path.parent.name}" for path in tree.glob("*/*/Makefile")]
    fix = did_you_mean(paths[0], known, "check the PKGPATH")
    raise UsageError("no such package directory", str(tree / paths[0]), fix)


def bound(args: argparse.Namespace, records: Records, paths: tuple[PkgPath, ...]) -> pipeline.Bound:
    """Bind the packages, and report problems and totals.

    UsageError: the wanted directories have no packages. UnresolvedError: --strict.
    """
    made = pipeline.bind(records.source, paths)
    _report(made, paths, quiet=args.quiet)
    if args.strict:
        pipeline.require_resolved(made)
    return made


def bound_packages(args: argparse.Namespace) -> tuple[pipeline.Bound, Records]:
    """Read and bind the packages of the command line, for verbs that read them once."""
    paths = pkgpaths(args.pkgpaths, args.list_file)
    read = records(read_input(args), paths)
    with read.source:
        return bound(args, read, paths), read


def past(args: argparse.Namespace, given: Mapping[str, str]) -> Past:
    """Return data of earlier builds: results in BULKLOG, and --history."""
    from pkgmkgen.plan import past_builds  # noqa: PLC0415  not for verbs that plan nothing

    histories = (open_index(path, unzstd) for path in args.histories)
    known, faults = past_builds.past(log_path(given.get("BULKLOG", "")), histories)
    output.say_faults(() if args.quiet else faults)
    return known


def _report(made: pipeline.Bound, paths: tuple[PkgPath, ...], *, quiet: bool) -> None:
    by_path = made.resolution.by_path
    empty = [path for path in paths if path not in by_path]
    if empty and len(empty) == len(set(paths)):
        fix = "check the PKGPATH, and the messages above"
        raise UsageError("no package in any of the named directories", empty[0], fix)
    if quiet:
        return
    near = {*paths, *by_path} if paths else set()
    faults = made.index.faults
    output.say_faults(
        fault for fault in faults if not (near and fault.pkgpath) or fault.pkgpath in near
    )
    fix = "check the PKGPATH"
    output.say_faults(Fault("no package in this directory", path, fix) for path in empty)
    counts = made.resolution.counts()
    words = ", ".join(f"{counts[state]} {state.value}" for state in State if counts.get(state))
    output.say(f"{len(made.resolution.packages)} packages: {words or 'none'}")
