"""Errors in three parts: what is wrong, where, and how to fix it.

One class per kind of failure, one exit status per class; the numbers follow sysexits(3) where it
has one. Modules raise errors; only `__main__` prints and exits. Any other exception is a bug and
keeps its traceback.
"""

from __future__ import annotations


class PkgmkgenError(Exception):
    """Root of all errors that are not bugs.

    `what` says what is wrong, `where` names the file (with line), package or command,
    `fix` names a flag, file or command that helps. Exit status 1: any other failure.
    """

    exit_status = 1

    def __init__(self, what: str, where: str, fix: str) -> None:
        """Keep all three."""
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        """Two lines, the place first, as compilers print it."""
        return f"{self.where}: {self.what}\n  fix: {self.fix}"


class DifferentScanError(PkgmkgenError):
    """`scan --check`: the fast scan of a directory differs from pbulk's."""


class UsageError(PkgmkgenError):
    """The command line asks for something that does not exist or cannot be combined."""

    exit_status = 2


class UnresolvedError(PkgmkgenError):
    """Strict mode only: some packages have dependencies that no package meets."""

    exit_status = 3


class IndexSyntaxError(PkgmkgenError):
    """The input is not an index, or is truncated: nothing in it can be trusted."""

    exit_status = 65


class HistoryError(PkgmkgenError):
    """A history file is invalid or damaged."""

    exit_status = 65


class PatternError(PkgmkgenError):
    """An invalid dependency pattern: unbalanced braces, or too many alternatives."""

    exit_status = 65


class UnavailableError(PkgmkgenError):
    """A tool, a tree or a host that the work needs is missing."""

    exit_status = 69


class FileError(PkgmkgenError):
    """The system refused to read or write a file."""

    exit_status = 74
