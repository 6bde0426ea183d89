"""The command line as a frozen value. Reads argv and the environment; decides nothing else."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass

from pkgmkgen import __version__
from pkgmkgen.command import COMMANDS

STAGES = {
    "make": "print bulk.mk (what pkgmkgen does when no stage is named)",
    "scan": "print the records of the tree (pbulk's pscan format)",
    "resolve": "print the records with their dependencies bound (pbulk's presolve format)",
    "plan": "print the packages in order of urgency",
    "why": "NAME [NEEDED]: why a package is in the build, or is not; why it needs another",
}

_COMMANDS = {
    "shell": "PKG: a shell in the sandbox of a package (`pkgmkgen shell --help`)",
}

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
  pkgmkgen --index tree.pscan > bulk.mk   ... and generate elsewhere
  pkgmkgen why firefox rust --index tree.pscan       which chain, which patterns
  pkgmkgen resolve --problems --index tree.pscan     cycles, unresolved patterns, ...
  pkgmkgen --set BOOTSTRAP_KIT=/kit.tar.gz --set PACKAGES=/packages > bulk.mk

Every setting of a run can also be given to make: make -f bulk.mk -j 6 PACKAGES=/packages
`make -f bulk.mk help` lists them. Exit statuses: see the README.
"""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user asked for.

    `pkgpaths` are PKGPATHs, or the names that the stage `why` is asked about. `jobs` is the
    number of makes that scan at the same time.
    """

    stage: str
    pkgpaths: tuple[str, ...]
    list_file: str
    index: str
    pkgsrc: str
    make: str
    jobs: int
    output: str
    strict: bool
    problems: bool
    quiet: bool
    settings: tuple[str, ...]


def parse(argv: list[str]) -> Options:
    """Read the command line; argparse ends the program on a mistake (exit status 2)."""
    stage, words = (argv[0], argv[1:]) if argv and argv[0] in STAGES else ("make", argv)
    stages = "\n  ".join(f"{name:9}{text}" for name, text in STAGES.items())
    rows = {**_COMMANDS, **COMMANDS}
    commands = "\n  ".join(f"{name:9}{text}" for name, text in rows.items())
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
    add("--pkgsrc", default="", metavar="DIR", help="the tree (else $PKGSRCDIR, else /usr/pkgsrc)")
    add(
        "--make", default="", metavar="BMAKE", help="pkgsrc's make, for the scan (bmake, from PATH)"
    )
    add(
        "-j",
        "--jobs",
        type=_count,
        default=os.cpu_count() or 1,
        metavar="N",
        help="scans at a time",
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
    add("--strict", action="store_true", help="exit 3 if a dependency cannot be resolved")
    add("--problems", action="store_true", help="with resolve: print what is odd, and what to do")
    add("-q", "--quiet", action="store_true", help="no progress, no summary, no warnings")
    add("--version", action="version", version=f"pkgmkgen {__version__}")
    found = parser.parse_intermixed_args(words)
    if found.problems and stage != "resolve":
        parser.error("--problems goes with the stage resolve")
    if stage == "why" and len(found.pkgpaths) not in (1, 2):
        parser.error("why takes a package, or two: NAME [NEEDED]")
    return Options(
        stage,
        tuple(found.pkgpaths),
        found.list_file,
        found.index,
        found.pkgsrc or os.environ.get("PKGSRCDIR", "") or "/usr/pkgsrc",
        found.make,
        found.jobs,
        found.output,
        found.strict,
        found.problems,
        found.quiet,
        tuple(found.settings),
    )


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number
