"""Queries to a pkgsrc tree: its variables and its package directories.

Each query is one command in a clean environment, run by a Machine; nothing is read directly from
the machine that pkgmkgen runs on. directory.py queries the records of a directory.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import CommandResult, Machine, Request
from pkgmkgen.model import PkgPath
from pkgmkgen.names import pkgpath_error, split_lines, split_words

_MAKEFILES = "for file in */Makefile */*/Makefile; do test -f $file && echo $file; done"


@dataclass(frozen=True, slots=True)
class Tree:
    """A pkgsrc tree at `root` (PKGSRCDIR), queried with the make program `bmake`.

    `makeconf` is the mk.conf to use, empty for the default of bmake; `path` is the PATH of makes.
    """

    root: str
    bmake: str
    makeconf: str = ""
    path: str = "/usr/pkg/sbin:/usr/pkg/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    def check(self, machine: Machine) -> None:
        """Raise UnavailableError unless this looks like pkgsrc."""
        if machine.run(Request(("test", "-f", f"{self.root}/mk/bsd.pkg.mk"), "/", {})).status:
            raise UnavailableError(
                "no pkgsrc tree here (no mk/bsd.pkg.mk)",
                self.root,
                "use --pkgsrc DIR, or set PKGSRCDIR in the environment",
            )

    def ask(self, machine: Machine, directory: str, *argv: str) -> CommandResult:
        """Run a command in a directory below the root, in the environment of the makes."""
        return machine.run(Request(argv, posixpath.join(self.root, directory), self._env()))

    def make(
        self, machine: Machine, directory: str, words: tuple[str, ...], env: Mapping[str, str]
    ) -> CommandResult:
        """Run make in the tree with additional environment variables."""
        cwd = posixpath.join(self.root, directory)
        return machine.run(Request((self.bmake, *words), cwd, {**self._env(), **env}))

    def _env(self) -> dict[str, str]:
        env = {"PATH": self.path, "HOME": "/nonexistent", "LC_ALL": "C", "TERM": "dumb"}
        return {**env, "MAKECONF": self.makeconf} if self.makeconf else env

    def variables(self, machine: Machine, names: tuple[str, ...]) -> dict[str, str]:
        """Return the values of make variables in pkgtools/pkg_install (show-vars).

        UnavailableError: make fails, or does not print one line for each.
        """
        words = ("show-vars", f"VARNAMES={' '.join(names)}")
        outcome = self.make(machine, "pkgtools/pkg_install", words, {})
        lines = split_lines(outcome.out.decode(errors="replace"))
        if outcome.status or len(lines) != len(names):
            raise UnavailableError(
                f"`{self.bmake} show-vars` failed: {complaint(outcome)}",
                f"{self.root}/pkgtools/pkg_install",
                "bootstrap pkgsrc and name its bmake with --make",
            )
        return dict(zip(names, lines, strict=True))

    def directories(self, machine: Machine) -> tuple[PkgPath, ...]:
        """Return all package directories: SUBDIR of the top and of each category, sorted.

        UnavailableError: no packages are listed. A category whose make fails has no packages.
        """
        text = self.ask(machine, "", "sh", "-c", _MAKEFILES).out.decode(errors="replace")
        there = {line.removesuffix("/Makefile") for line in split_lines(text)}
        paths = {
            PkgPath(path)
            for category in self._subdirs(machine, "")
            if category in there
            for name in self._subdirs(machine, category)
            if (path := f"{category}/{name}") in there and not pkgpath_error(path)
        }
        if not paths:
            raise UnavailableError(
                "the tree lists no packages (SUBDIR)", self.root, "check --pkgsrc and --make"
            )
        return tuple(sorted(paths))

    def _subdirs(self, machine: Machine, directory: str) -> list[str]:
        outcome = self.make(machine, directory, ("show-subdir-var", "VARNAME=SUBDIR"), {})
        text = "" if outcome.status else outcome.out.decode(errors="replace")
        return split_words(text.replace("\n", " "))


def complaint(outcome: CommandResult) -> str:
    """Return why a command failed, in one line: the first of its errors, or of its output."""
    lines = (outcome.err + b"\n" + outcome.out).decode(errors="replace").split("\n")
    text = next((line.strip() for line in lines if line.strip()), "no message")
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"exit status {outcome.status}: {text[:300]}"
