"""`pkgmkgen why-rebuild`: what make would build now, and why, by the target `why` of bulk.mk.

The packages are those of `make -n`; make alone can do the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen import settings
from pkgmkgen.cli import options
from pkgmkgen.machine import become

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.epilog = "What counts as a change: pkgmkgen help rebuild."
    add = parser.add_argument
    help_ = "only this package and what it needs: PKGNAME, PKGPATH or pkgbase"
    add("package", metavar="PKG", nargs="?", default="", help=help_)
    add("-f", dest="file", default="bulk.mk", metavar="FILE", help="the Makefile (bulk.mk)")
    help_ = "a setting, as it will be given to make; repeatable"
    add("--set", dest="settings", action="append", default=[], metavar="NAME=VALUE", help=help_)
    add("--make", default="make", metavar="MAKE", help="make or bmake")


def run(args: argparse.Namespace) -> Iterator[str]:
    """Become make, which prints the reasons. UsageError, FileError, UnavailableError."""
    options.check_target(args.package or None, args.file)
    given = [f"{name}={text}" for name, text in settings.parse(tuple(args.settings)).items()]
    words = [f"PKG={args.package}"] if args.package else []
    become((args.make, "-f", args.file, "why", *words, *given), {})
