"""Groups of options that several verbs share, and the frozen value made from them."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen import settings
from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.names import quoted, selector_error

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_SLOTS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOptions:
    """Where the records come from, and the given settings.

    `index` is the file of a stored scan; if it is empty, the tree `pkgsrc` is scanned. The other
    fields say how, for example with `jobs` makes in parallel. With `inputs` records have the inputs
    of their builds.
    """

    index: str
    pkgsrc: str
    make: str
    jobs: int
    scan_on: str
    no_sandbox: bool
    cache: str
    no_cache: bool
    seconds: int
    megabytes: int
    settings: Mapping[str, str]
    quiet: bool
    inputs: bool


def read_input(args: argparse.Namespace) -> InputOptions:
    """Return the values of the groups `records` and `messages`. UsageError: a bad setting."""
    files = _files(args)
    tree_of_file = files.pop("PKGSRCDIR", "")
    words = [f"{name}={value}" for name, value in files.items()]
    given = settings.parse((*words, *getattr(args, "hosts", ()), *args.settings))
    return InputOptions(
        index=getattr(args, "index", ""),
        pkgsrc=args.pkgsrc or tree_of_file or os.environ.get("PKGSRCDIR", "") or "/usr/pkgsrc",
        make=args.make,
        jobs=getattr(args, "jobs", 0) or os.cpu_count() or 1,
        scan_on=args.scan_on,
        no_sandbox=args.no_sandbox,
        cache=args.cache,
        no_cache=args.no_cache,
        seconds=args.scan_seconds,
        megabytes=args.scan_megabytes,
        settings=given,
        quiet=args.quiet,
        inputs=getattr(args, "inputs", False),
    )


def _files(args: argparse.Namespace) -> dict[str, str]:
    """Return the settings in the files of --like and --pbulk-conf."""
    if not (args.like or args.pbulk_conf):
        return {}
    from pkgmkgen import settings_files  # noqa: PLC0415  for these options only

    found = settings_files.of_pbulk(args.pbulk_conf) if args.pbulk_conf else {}
    return found | (settings_files.like(args.like) if args.like else {})


def packages(parser: argparse.ArgumentParser) -> None:
    """Add the wanted packages."""
    parser.add_argument(
        "pkgpaths", metavar="PKGPATH", nargs="*", help="category/package; none: the whole tree"
    )
    limited_list(parser)


def limited_list(parser: argparse.ArgumentParser) -> None:
    """Add the list of wanted packages."""
    parser.add_argument(
        "--list",
        dest="list_file",
        default="",
        metavar="FILE",
        help="limited list: one PKGPATH per line",
    )


def records(parser: argparse.ArgumentParser) -> None:
    """Add where the records come from: a stored scan, or the tree."""
    parser.add_argument(
        "--index",
        default="",
        metavar="FILE",
        help="read a stored scan (pscan or presolve; .gz, .zst; - for stdin)",
    )
    tree(parser)


def tree(parser: argparse.ArgumentParser) -> None:
    """Add the options that name the tree and its make."""
    add = parser.add_argument
    add(
        "--pkgsrc",
        default="",
        metavar="DIR",
        help="the pkgsrc tree (default: $PKGSRCDIR, else /usr/pkgsrc)",
    )
    add(
        "--make",
        default="",
        metavar="BMAKE",
        help="pkgsrc's make, for the scan (default: bmake in PATH)",
    )
    add(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="default of a setting in bulk.mk; repeatable",
    )
    add(
        "--like",
        default="",
        metavar="BULK.MK",
        help="take the settings of an older bulk.mk",
    )
    add(
        "--pbulk-conf",
        default="",
        metavar="FILE",
        help="take the paths in a pbulk.conf",
    )
    _scan(parser)


def _scan(parser: argparse.ArgumentParser) -> None:
    """Add the options that are only used when a tree is scanned."""
    add = parser.add_argument_group("scan").add_argument
    places = "scan on another machine by ssh, with its tree and its make"
    add("--scan-on", default="", metavar="HOST", help=places)
    add(
        "--no-sandbox",
        action="store_true",
        help="scan without a sandbox, also if a bootstrap kit is set",
    )
    add(
        "--cache",
        default=_cache(),
        metavar="FILE",
        help="cache of earlier scans (default: %(default)s)",
    )
    add("--no-cache", action="store_true", help="ignore the cache: scan all directories")
    add(
        "--scan-seconds",
        type=count,
        default=1800,
        metavar="N",
        help="time limit for one directory (1800)",
    )
    add(
        "--scan-megabytes",
        type=count,
        default=16,
        metavar="N",
        help="output limit for one directory (16)",
    )


def jobs(parser: argparse.ArgumentParser) -> None:
    """Add the number of makes that scan in parallel."""
    parser.add_argument(
        "-j",
        "--jobs",
        type=slot,
        default=os.cpu_count() or 1,
        metavar="N",
        help="number of parallel scans",
    )


def histories(parser: argparse.ArgumentParser) -> None:
    """Add files with build times of packages."""
    parser.add_argument(
        "--history",
        dest="histories",
        action="append",
        default=[],
        metavar="FILE",
        help="durations of earlier builds (CSV; .gz, .zst; - for stdin); repeatable",
    )


def strict(parser: argparse.ArgumentParser) -> None:
    """Add the mode in which an unresolved dependency is an error."""
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit with status 3 if a dependency cannot be resolved",
    )


def output(parser: argparse.ArgumentParser, kind: Callable[[str], str] = str) -> None:
    """Add the output file, checked by `kind`, and --quiet."""
    parser.add_argument(
        "-o",
        dest="output",
        type=kind,
        default="",
        metavar="FILE",
        help="write to FILE, completely or not at all",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no progress, no summary, no warnings"
    )


def check_target(package: str | None, file: str) -> None:
    """Refuse a name (None: none is given) that no package can have, and a bulk.mk that is missing.

    UsageError, FileError.
    """
    if package is not None and (wrong := selector_error(package)):
        raise UsageError(wrong, quoted(package), "a PKGNAME, PKGPATH or pkgbase")
    if not Path(file).is_file():
        fix = "create it with `pkgmkgen -o bulk.mk`, or name another with -f"
        raise FileError("no such file", file, fix)


def count(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def slot(text: str) -> int:
    """Read a number of parallel jobs."""
    if "," in text:
        raise argparse.ArgumentTypeError("must be one number; several go with simulate")
    number = int(text)
    if not 0 < number <= MOST_SLOTS:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST_SLOTS}")
    return number


def _cache() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return os.path.join(home, "pkgmkgen", "scan.sqlite")  # noqa: PTH118 - text for --help
