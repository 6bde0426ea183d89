"""`pkgmkgen impact`: what commits or edited files make out of date, and how long that takes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen import pipeline
from pkgmkgen.cli import inputs, options, output
from pkgmkgen.errors import UnavailableError, UsageError
from pkgmkgen.machine import capture
from pkgmkgen.names import quoted
from pkgmkgen.resolve import impact
from pkgmkgen.timetext import clock

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_REVISIONS = re.compile(r"[A-Za-z0-9_][\w./@{}^~-]*\.\.[\w./@{}^~-]*")
_GIT = ("diff", "--name-only", "--relative", "-z")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.epilog = (
        "The times are those of `pkgmkgen simulate`. Dependents count as with CASCADE=all."
    )
    add = parser.add_argument
    help_ = "files of the tree, or revisions of git as A..B; none: what git finds changed"
    add("changes", metavar="FILE|REV..REV", nargs="*", help=help_)
    add("--names", action="store_true", help="print PKGNAMEs only, for make -f bulk.mk NAME...")
    help_ = "number of job slots for the forecast"
    add(
        "-j",
        "--jobs",
        dest="slots",
        type=options.slot,
        default=os.cpu_count() or 1,
        metavar="N",
        help=help_,
    )
    options.limited_list(parser)
    options.histories(parser)
    options.output(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield a line for each package. UsageError: a file is not in the tree; UnavailableError."""
    wanted = options.read_input(args)
    root = Path(os.path.abspath(wanted.pkgsrc))  # noqa: PTH100 - links stay
    files = _files(root, args.changes)
    paths = inputs.pkgpaths((), args.list_file)
    records = inputs.records(wanted, paths)
    with records.source as source:
        bound = pipeline.bind(source, paths)
        touched = impact.touched(source.blocks(), files)
    reasons = impact.affected(bound.resolution, touched)
    for name, reason in reasons.items():
        yield f"{name}\n" if args.names else f"{name}: {reason}\n"
    if args.quiet:
        return
    if any(file.startswith("mk/") for file in files):
        output.say(
            "files below mk/ concern all packages: they count with INFRASTRUCTURE=rebuild only"
        )
    text = f"{len(files)} files, {len(touched)} packages made from them, {len(reasons)} to build"
    if reasons:
        only = pipeline.Bound(bound.index, impact.only(bound.resolution, reasons.keys()))
        work, time = pipeline.duration(only, inputs.past(args, records.settings), args.slots)
        text += f": {clock(work)} of work, {clock(time)} with -j {args.slots}"
    output.say(text)


def _files(root: Path, changes: list[str]) -> list[str]:
    """Return the changed files, below the tree."""
    files: set[str] = set()
    if not changes:
        files |= _git(root, *_GIT, "HEAD") | _git(root, "ls-files", "--others", "-z", ".")
    for change in changes:
        if _REVISIONS.fullmatch(change) and not (root / change).exists():
            files |= _git(root, *_GIT, change)
        else:
            files.add(_below(root, change))
    return sorted(files)


def _below(root: Path, name: str) -> str:
    """Return a file's path below the tree; it is named from here or from there."""
    for base in (Path.cwd(), root):
        path = Path(os.path.normpath(base / name))
        if path.is_relative_to(root) and (path.exists() or base == root):
            return str(path.relative_to(root))
    fix = "name files of the tree, or revisions as A..B"
    raise UsageError(f"not a file of the tree {root}", quoted(name), fix)


def _git(root: Path, *words: str) -> set[str]:
    """Run git in the tree and return the names it prints."""
    done = capture(("git", "-C", str(root), *words))
    if done.status:
        what = done.err.decode(errors="replace").strip().partition("\n")[0] or "git failed"
        raise UnavailableError(what, str(root), "name the changed files instead")
    return {name for name in done.out.decode("utf-8", "surrogateescape").split("\0") if name}
