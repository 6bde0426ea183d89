"""What the stages do before they differ: read the records, bind them, say what is odd.

Each step gives a frozen value to the next; nothing is filled in on the way.
"""

from __future__ import annotations

import io
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
from pkgmkgen.resolve.limited import read_list

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping

    from pkgmkgen.plan.durations import Past


@dataclass(frozen=True, slots=True)
class Records:
    """An open index, the settings that were given or that the tree gave, and failures of the scan.

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
            raise UsageError(f"no PKGPATH: {wrong}", text, "name packages as category/package")
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
        raise UsageError("the list names no package", list_file, "a category/package a line")
    return (*map(PkgPath, named), *listed)


def records(wanted: InputOptions, paths: tuple[PkgPath, ...]) -> Records:
    """Give the index: the stored one, or that of a scan made now."""
    if wanted.index:
        given = {"PKGSRCDIR": wanted.pkgsrc, **wanted.settings}
        settings.check("PKGSRCDIR", given["PKGSRCDIR"], "--pkgsrc")
        return Records(open_index(wanted.index, unzstd), given)
    from pkgmkgen.cli.scanning import scanned  # noqa: PLC0415  a stored scan needs none of it

    scan, values = scanned(wanted, paths)
    return Records(Source("scan", io.BytesIO(scan.text), unzstd), values, scan.faults)


def bound(args: argparse.Namespace, found: Records, paths: tuple[PkgPath, ...]) -> pipeline.Bound:
    """Bind the packages, and say what is wrong and the totals.

    UsageError: of all the directories asked for, none has a package. UnresolvedError: --strict.
    """
    made = pipeline.bind(found.source, paths)
    _report(made, paths, quiet=args.quiet)
    if args.strict:
        pipeline.require_resolved(made)
    return made


def bound_packages(args: argparse.Namespace) -> tuple[pipeline.Bound, Records]:
    """Read and bind the packages that the command line names, for verbs that read them once."""
    paths = pkgpaths(args.pkgpaths, args.list_file)
    found = records(read_input(args), paths)
    with found.source:
        return bound(args, found, paths), found


def past(args: argparse.Namespace, given: Mapping[str, str]) -> Past:
    """Give what is known of earlier builds: result records in BULKLOG, and --history."""
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
        raise UsageError("no package in any directory asked for", empty[0], fix)
    if quiet:
        return
    near = {*paths, *by_path} if paths else set()
    faults = made.index.faults
    output.say_faults(
        fault for fault in faults if not (near and fault.pkgpath) or fault.pkgpath in near
    )
    fix = "check the PKGPATH"
    output.say_faults(Fault("no package there", path, fix) for path in empty)
    counts = made.resolution.counts()
    words = ", ".join(f"{counts[state]} {state.value}" for state in State if counts.get(state))
    output.say(f"{len(made.resolution.packages)} packages: {words or 'none'}")
