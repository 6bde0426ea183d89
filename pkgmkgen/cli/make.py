"""`pkgmkgen` or `pkgmkgen make`: bulk.mk."""

from __future__ import annotations

import argparse
import os
import platform
import re
from typing import TYPE_CHECKING

from pkgmkgen import pipeline
from pkgmkgen.cli import COMMANDS, STAGES, inputs, options, output, refreshing
from pkgmkgen.model import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Characters that make accepts in the name of a makefile.
_MAKEFILE = re.compile(r"[A-Za-z0-9,./@_~+-]*")

_UNSEEN = (
    "changed files and options of packages already built will not be noticed: the index has no"
    " INPUTS lines (make it with `pkgmkgen scan --inputs`)"
)

_EXAMPLES = """\
stages (each has its --help):
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
  pkgmkgen --refresh                      bulk.mk again, after the tree has changed

Every setting of a run can also be given to make: make -f bulk.mk -j 6 PACKAGES=/packages
`make -f bulk.mk help` lists them. Exit statuses: pkgmkgen help exit-status
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options; the help is that of pkgmkgen itself."""
    stages = "\n  ".join(f"{name:12}{text}" for name, text in STAGES.items())
    commands = "\n  ".join(f"{name:12}{text}" for name, text in COMMANDS.items())
    parser.prog = "pkgmkgen"
    parser.usage = "pkgmkgen [STAGE] [options] [PKGPATH...]"
    parser.description = (
        "Print one Makefile that builds pkgsrc packages in bulk, each in a sandbox."
    )
    parser.epilog = _EXAMPLES.format(stages=stages, commands=commands)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    options.packages(parser)
    options.histories(parser)
    parser.add_argument(
        "--hosts",
        type=_hosts,
        default=(),
        metavar="FILE",
        help="build by ssh on the hosts in FILE: lines HOST JOBS [SPEED] [NAME=VALUE...]",
    )
    parser.add_argument(
        "--refresh",
        nargs="?",
        const="bulk.mk",
        type=_makefile,
        default="",
        metavar="BULK.MK",
        help="make this file again, with its settings and packages (default: bulk.mk)",
    )
    options.strict(parser)
    options.output(parser, _makefile)
    options.jobs(parser)
    options.records(parser)
    parser.set_defaults(inputs=True)


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield bulk.mk."""
    if args.refresh:
        args = refreshing.as_before(args, _parsed)
    bound, records = inputs.bound_packages(args)
    if not args.quiet:
        output.say_faults(_missing(records.settings))
        if not any(item.inputs for item in bound.index.items):
            output.say(_UNSEEN)
    past = inputs.past(args, records.settings)
    text = pipeline.bulk_mk(bound, records.settings, past, refreshing.words(args))
    if args.refresh and not args.quiet:
        output.say(refreshing.changed(args.refresh, text))
    yield text


def _parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    arguments(parser)
    return parser.parse_intermixed_args(words)


def _missing(given: Mapping[str, str]) -> Iterator[Fault]:
    """Give the files that builds on this machine need, and that it does not have yet."""
    for name in ("BOOTSTRAP_KIT", "BASE", "MAKECONF"):
        path = given.get(name, "")
        if path.startswith("/") and not os.path.exists(path):  # noqa: PTH110 - text
            fix = "make or copy it before you run make, or correct --set"
            yield Fault("this file does not exist here yet", f"{name}={path}", fix)
    plain = not given.get("BOOTSTRAP_KIT") and given.get("BASE", "host") == "host"
    if plain and given.get("LAUNCH", "local") == "local" and platform.system() == "Linux":
        fix = "make a kit (pkgmkgen help real-tree), then --set BOOTSTRAP_KIT=FILE"
        yield Fault("is not set, and on Linux packages are built with a kit", "BOOTSTRAP_KIT", fix)


def _makefile(name: str) -> str:
    if not _MAKEFILE.fullmatch(name):
        what = "make and the scripts cannot use that path"
        raise argparse.ArgumentTypeError(
            f"{name}: {what}; use letters, digits and ,./@_~+- in the file name"
        )
    return name


def _hosts(name: str) -> tuple[str, ...]:
    """Return the settings that `--hosts FILE` stands for; builds read the file itself."""
    if not os.path.isfile(name):  # noqa: PTH113 - text from the command line
        raise argparse.ArgumentTypeError(f"no such file: {name}")
    return ("LAUNCH=ssh", f"HOSTS={os.path.abspath(name)}")  # noqa: PTH100
