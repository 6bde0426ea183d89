"""`pkgmkgen shell`: a shell in the sandbox of one package, by the target `shell` of bulk.mk.

make alone can do the same; this adds checks and a simpler command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli import options
from pkgmkgen.machine import become
from pkgmkgen.model import PHASES

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.epilog = "Nothing of the sandbox is saved; its logs are in BULKLOG/.shell/PKGNAME."
    add = parser.add_argument
    add("package", metavar="PKG", help="PKGNAME, PKGPATH or pkgbase")
    add("command", metavar="COMMAND", nargs="*", help="run this by sh -c instead of a shell")
    add("-f", dest="file", default="bulk.mk", metavar="FILE", help="the Makefile (bulk.mk)")
    help_ = "run all phases up to this one (depends)"
    add("--at", default="depends", choices=PHASES[1:-1], help=help_)
    add("--root", action="store_true", help="run as root, not as the build user")
    add("--keep", action="store_true", help="keep the work directory if a phase fails")
    add("--make", default="make", metavar="MAKE", help="make or bmake")


def run(args: argparse.Namespace) -> Iterator[str]:
    """Become make, which runs the shell. UsageError, FileError, UnavailableError."""
    options.check_target(args.package, args.file)
    words = [f"PKG={args.package}", f"AT={args.at}"]
    words += ["ROOT=yes"] if args.root else []
    words += ["KEEP=yes"] if args.keep else []
    command = " ".join(args.command)
    become((args.make, "-f", args.file, "shell", *words), {"BULK_SHELL_COMMAND": command})
