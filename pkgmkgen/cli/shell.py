"""`pkgmkgen shell`: a shell in the sandbox of one package, by way of bulk.mk's target `shell`.

All that it does can be done with make alone; this adds checks and a plainer command line.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.errors import FileError, UsageError
from pkgmkgen.machine import become
from pkgmkgen.names import quoted, selector_error

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

PHASES = ("depends", "checksum", "configure", "build", "install", "package", "deinstall")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.epilog = "Nothing of the sandbox is saved; its logs are in BULKLOG/.shell/PKGNAME."
    add = parser.add_argument
    add("package", metavar="PKG", help="PKGNAME, PKGPATH or pkgbase")
    add("command", metavar="COMMAND", nargs="*", help="run this (by sh -c) instead of a shell")
    add("-f", dest="file", default="bulk.mk", metavar="FILE", help="the Makefile (bulk.mk)")
    add("--at", default="depends", choices=PHASES, help="with everything done up to that phase")
    add("--root", action="store_true", help="as root, not as the build user")
    add("--keep", action="store_true", help="if a phase fails, keep the work directory")
    add("--make", default="make", metavar="MAKE", help="make or bmake")


def run(found: argparse.Namespace) -> Iterator[str]:
    """Become make, which runs the shell. UsageError, FileError, UnavailableError."""
    if wrong := selector_error(found.package):
        raise UsageError(wrong, quoted(found.package), "a PKGNAME, PKGPATH or pkgbase")
    if not Path(found.file).is_file():
        raise FileError("no such file", found.file, "pkgmkgen -o bulk.mk, or name it with -f")
    words = [f"PKG={found.package}", f"AT={found.at}"]
    words += ["ROOT=yes"] if found.root else []
    words += ["KEEP=yes"] if found.keep else []
    command = " ".join(found.command)
    become((found.make, "-f", found.file, "shell", *words), {"BULK_SHELL_COMMAND": command})
