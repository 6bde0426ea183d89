"""The command line as a frozen value. Reads argv and the environment; decides nothing else."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass

from pkgmkgen import __version__
from pkgmkgen.cli import COMMANDS

STAGES = {
    "make": "print bulk.mk (what pkgmkgen does when no stage is named)",
    "scan": "print the records of the tree (pbulk's pscan format)",
    "resolve": "print the records with their dependencies bound (pbulk's presolve format)",
    "plan": "print the packages in order of urgency",
    "simulate": "forecast how long the build takes with -j 4,6,8 slots, and why",
    "why": "NAME [NEEDED]: why a package is in the build, or is not; why it needs another",
}

FORMATS = ("text", "json", "svg", "html")

MOST_SLOTS = 4096
# What make takes for one word in the name of a makefile.
_MAKEFILE = re.compile(r"[A-Za-z0-9,./@_~+-]*")

_EXAMPLES = """\
stages:
  {stages}

commands on a run, going on or finished (each has its --help):
  {commands}

examples:
  pkgmkgen > bulk.mk                      the whole tree
  make -f bulk.mk -j 6                    build it; after a crash: the same again
  pkgmkgen mail/mutt www/curl > bulk.mk   two packages and all they need
  pkgmkgen --list my-packages -o bulk.mk  the packages of a pbulk limited list
  pkgmkgen scan > tree.pscan              scan here ...
  pkgmkgen scan --scan-on big-machine > tree.pscan   ... or there
  pkgmkgen --index tree.pscan > bulk.mk   ... and generate elsewhere
  pkgmkgen simulate -j 4,6,8 --index tree.pscan      how long with so many slots
  pkgmkgen simulate -j 6 --format html -o build.html --history history.csv
  pkgmkgen why firefox rust --index tree.pscan       which chain, which patterns
  pkgmkgen resolve --problems --index tree.pscan     cycles, unresolved patterns, ...
  pkgmkgen --set BOOTSTRAP_KIT=/kit.tar.gz --set PACKAGES=/packages > bulk.mk

Every setting of a run can also be given to make: make -f bulk.mk -j 6 PACKAGES=/packages
`make -f bulk.mk help` lists them. Exit statuses: pkgmkgen help exit-status
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for.

    `pkgpaths` are PKGPATHs, or the names that the stage `why` is asked about. `jobs` is the
    number of makes that scan at the same time; `slots` are the numbers of job slots that the
    stage `simulate` is asked about, and `format` is what it prints.
    """

    stage: str
    pkgpaths: tuple[str, ...]
    list_file: str
    index: str
    histories: tuple[str, ...]
    pkgsrc: str
    make: str
    jobs: int
    slots: tuple[int, ...]
    format: str
    output: str
    strict: bool
    problems: bool
    quiet: bool
    scan_on: str
    no_sandbox: bool
    cache: str
    no_cache: bool
    check: int
    scan_seconds: int
    scan_megabytes: int
    settings: tuple[str, ...]


def parse(argv: list[str]) -> Options:
    """Read the command line; argparse ends the program on a mistake (exit status 2)."""
    stage, words = (argv[0], argv[1:]) if argv and argv[0] in STAGES else ("make", argv)
    stages = "\n  ".join(f"{name:9}{text}" for name, text in STAGES.items())
    commands = "\n  ".join(f"{name:9}{text}" for name, text in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="pkgmkgen" if stage == "make" else f"pkgmkgen {stage}",
        usage="pkgmkgen [STAGE] [options] [PKGPATH...]",
        description="Print one Makefile that builds pkgsrc packages in bulk, each in a sandbox.",
        epilog=_EXAMPLES.format(stages=stages, commands=commands),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("pkgpaths", metavar="PKGPATH", nargs="*", help="category/package; none: the whole tree")
    add(
        "--list",
        dest="list_file",
        default="",
        metavar="FILE",
        help="limited list, a PKGPATH a line",
    )
    add("--index", default="", metavar="FILE", help="a stored scan (pscan, presolve; .gz, .zst, -)")
    add(
        "--history",
        dest="histories",
        action="append",
        default=[],
        metavar="FILE",
        help="durations of earlier builds (CSV; .gz, .zst, -); may be repeated",
    )
    add("--pkgsrc", default="", metavar="DIR", help="the tree (else $PKGSRCDIR, else /usr/pkgsrc)")
    add(
        "--make", default="", metavar="BMAKE", help="pkgsrc's make, for the scan (bmake, from PATH)"
    )
    add(
        "-j",
        "--jobs",
        type=_counts,
        default=(os.cpu_count() or 1,),
        metavar="N",
        help="scans at a time; with simulate: numbers of job slots, as 4,6,8",
    )
    add(
        "--format",
        choices=FORMATS,
        default="",
        help="with simulate: what to print (text); svg and html show the slots over time",
    )
    add("-o", dest="output", default="", metavar="FILE", help="write FILE, whole or not at all")
    add(
        "--set",
        dest="settings",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="default of a setting in bulk.mk; may be repeated",
    )
    add(
        "--hosts",
        type=_hosts,
        default=(),
        metavar="FILE",
        help="build by ssh on the hosts in FILE: lines HOST JOBS [SPEED] [NAME=VALUE...]",
    )
    _add_scan(parser)
    add("--strict", action="store_true", help="exit 3 if a dependency cannot be resolved")
    add("--problems", action="store_true", help="with resolve: print what is odd, and what to do")
    add("-q", "--quiet", action="store_true", help="no progress, no summary, no warnings")
    add("--version", action="version", version=f"pkgmkgen {__version__}")
    found = parser.parse_intermixed_args(words)
    if found.problems and stage != "resolve":
        parser.error("--problems goes with the stage resolve")
    if found.check and stage != "scan":
        parser.error("--check goes with the stage scan")
    if stage == "why" and len(found.pkgpaths) not in (1, 2):
        parser.error("why takes a package, or two: NAME [NEEDED]")
    simulated = stage == "simulate"
    if len(found.jobs) > 1 and not simulated:
        parser.error("several numbers for -j go with the stage simulate")
    if found.format and not simulated:
        parser.error("--format goes with the stage simulate")
    if found.format == "svg" and len(found.jobs) > 1:
        parser.error("one svg shows one number of slots")
    if stage == "make" and not _MAKEFILE.fullmatch(found.output):
        parser.error(
            f"-o {found.output}: make and the scripts cannot work with that path; use one of"
            " letters, digits and ,./@_~+-"
        )
    return Options(
        stage,
        tuple(found.pkgpaths),
        found.list_file,
        found.index,
        tuple(found.histories),
        found.pkgsrc or os.environ.get("PKGSRCDIR", "") or "/usr/pkgsrc",
        found.make,
        (os.cpu_count() or 1) if simulated else found.jobs[0],
        found.jobs,
        found.format or FORMATS[0],
        found.output,
        found.strict,
        found.problems,
        found.quiet,
        found.scan_on,
        found.no_sandbox,
        found.cache,
        found.no_cache,
        found.check,
        found.scan_seconds,
        found.scan_megabytes,
        (*found.hosts, *found.settings),
    )


def _hosts(name: str) -> tuple[str, ...]:
    """Return the settings that `--hosts FILE` stands for; builds read the file itself."""
    if not os.path.isfile(name):  # noqa: PTH113 - text from the command line
        raise argparse.ArgumentTypeError(f"no such file: {name}")
    return ("LAUNCH=ssh", f"HOSTS={os.path.abspath(name)}")  # noqa: PTH100


def _add_scan(parser: argparse.ArgumentParser) -> None:
    """Add what only matters where a tree is scanned."""
    add = parser.add_argument_group("scan").add_argument
    places = "on another machine, by ssh: its tree, its make"
    add("--scan-on", default="", metavar="HOST", help=places)
    add("--no-sandbox", action="store_true", help="on this machine as it is, though there is a kit")
    add("--cache", default=_cache(), metavar="FILE", help="records of earlier scans (%(default)s)")
    add("--no-cache", action="store_true", help="scan all anew, whether it has changed or not")
    add(
        "--check",
        nargs="?",
        type=_count,
        default=0,
        const=50,
        metavar="N",
        help="with scan: ask N directories (or those named) as pbulk does, too, and compare",
    )
    add("--scan-seconds", type=_count, default=1800, metavar="N", help="limit of a directory")
    add("--scan-megabytes", type=_count, default=16, metavar="N", help="limit of its output")


def _cache() -> str:
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111
    return os.path.join(home, "pkgmkgen", "scan.sqlite")  # noqa: PTH118 - text for --help


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def _counts(text: str) -> tuple[int, ...]:
    numbers = tuple(int(word) for word in text.split(","))
    if not all(0 < number <= MOST_SLOTS for number in numbers):
        raise argparse.ArgumentTypeError(f"must be from 1 to {MOST_SLOTS}")
    return numbers
