"""Groups of options that several verbs share, and the frozen value that is made of them."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST_SLOTS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class InputOptions:
    """Where the records come from, and the settings that were given.

    `index` is the file of a stored scan; if it is empty the tree `pkgsrc` is scanned, with `jobs`
    makes at a time, as the other fields say.
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


def read_input(args: argparse.Namespace) -> InputOptions:
    """Return what the groups `records` and `messages` were told. UsageError: a bad setting."""
    return InputOptions(
        index=getattr(args, "index", ""),
        pkgsrc=args.pkgsrc or os.environ.get("PKGSRCDIR", "") or "/usr/pkgsrc",
        make=args.make,
        jobs=getattr(args, "jobs", 0) or os.cpu_count() or 1,
        scan_on=args.scan_on,
        no_sandbox=args.no_sandbox,
        cache=args.cache,
        no_cache=args.no_cache,
        seconds=args.scan_seconds,
        megabytes=args.scan_megabytes,
        settings=settings.parse((*getattr(args, "hosts", ()), *args.settings)),
        quiet=args.quiet,
    )


def packages(parser: argparse.ArgumentParser) -> None:
    """Add the packages that are wanted."""
    parser.add_argument(
        "pkgpaths", metavar="PKGPATH", nargs="*", help="category/package; none: the whole tree"
    )
    limited_list(parser)


def limited_list(parser: argparse.ArgumentParser) -> None:
    """Add the list of packages that are wanted."""
    parser.add_argument(
        "--list",
        dest="list_file",
        default="",
        metavar="FILE",
        help="limited list, a PKGPATH a line",
    )


def records(parser: argparse.ArgumentParser) -> None:
    """Add where the records come from: a stored scan, or the tree."""
    parser.add_argument(
        "--index",
        default="",
        metavar="FILE",
        help="a stored scan (pscan, presolve; .gz, .zst, -)",
    )
    tree(parser)


def tree(parser: argparse.ArgumentParser) -> None:
    """Add what says which tree is scanned, where and how."""
    add = parser.add_argument
    add("--pkgsrc", default="", metavar="DIR", help="the tree (else $PKGSRCDIR, else /usr/pkgsrc)")
    add(
        "--make", default="", metavar="BMAKE", help="pkgsrc's make, for the scan (bmake, from PATH)"
    )
    add(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="default of a setting in bulk.mk; may be repeated",
    )
    add = parser.add_argument_group("scan").add_argument
    places = "on another machine, by ssh: its tree, its make"
    add("--scan-on", default="", metavar="HOST", help=places)
    add("--no-sandbox", action="store_true", help="on this machine as it is, though there is a kit")
    add("--cache", default=_cache(), metavar="FILE", help="records of earlier scans (%(default)s)")
    add("--no-cache", action="store_true", help="scan all anew, whether it has changed or not")
    add("--scan-seconds", type=count, default=1800, metavar="N", help="limit of a directory")
    add("--scan-megabytes", type=count, default=16, metavar="N", help="limit of its output")


def jobs(parser: argparse.ArgumentParser) -> None:
    """Add how many makes scan at a time."""
    parser.add_argument(
        "-j", "--jobs", type=slot, default=os.cpu_count() or 1, metavar="N", help="scans at a time"
    )


def histories(parser: argparse.ArgumentParser) -> None:
    """Add files that say how long packages took."""
    parser.add_argument(
        "--history",
        dest="histories",
        action="append",
        default=[],
        metavar="FILE",
        help="durations of earlier builds (CSV; .gz, .zst, -); may be repeated",
    )


def strict(parser: argparse.ArgumentParser) -> None:
    """Add the mode in which an unresolved dependency is an error."""
    parser.add_argument(
        "--strict", action="store_true", help="exit 3 if a dependency cannot be resolved"
    )


def output(parser: argparse.ArgumentParser, kind: Callable[[str], str] = str) -> None:
    """Add the file to write, which `kind` may refuse, and the wish for silence."""
    parser.add_argument(
        "-o",
        dest="output",
        type=kind,
        default="",
        metavar="FILE",
        help="write FILE, whole or not at all",
    )
    parser.add_argument(
        "-q", "--quiet", action="store_true", help="no progress, no summary, no warnings"
    )


def count(text: str) -> int:
    """Read a number of at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def slot(text: str) -> int:
    """Read a number of things that run at the same time."""
    number = int(text)
    if not 0 < number <= MOST_SLOTS:
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST_SLOTS}")
    return number


def _cache() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return os.path.join(home, "pkgmkgen", "scan.sqlite")  # noqa: PTH118 - text for --help
