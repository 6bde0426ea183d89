"""Questions to a pkgsrc tree: its variables, its directories, the records of a directory.

Each question is one bmake in a clean environment, asked over a Machine. What a directory
answers is only cut into records here; index.py reads them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import Machine, Request
from pkgmkgen.model import PkgPath
from pkgmkgen.names import pkgpath_error

if TYPE_CHECKING:
    from pkgmkgen.machine import Outcome


@dataclass(frozen=True, slots=True)
class Tree:
    """A pkgsrc tree at `root` (PKGSRCDIR), asked with the make program `bmake`.

    `makeconf` is the mk.conf to use, empty for bmake's own; `path` the PATH of the asked makes.
    """

    root: str
    bmake: str
    machine: Machine
    makeconf: str = ""
    path: str = "/usr/pkg/sbin:/usr/pkg/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    def check(self) -> None:
        """Raise UnavailableError unless this looks like pkgsrc."""
        if not (Path(self.root) / "mk" / "bsd.pkg.mk").is_file():
            raise UnavailableError(
                "no pkgsrc tree here (no mk/bsd.pkg.mk)",
                self.root,
                "name it with --pkgsrc DIR or PKGSRCDIR in the environment",
            )

    def _ask(self, directory: str, *words: str) -> Outcome:
        env = {"PATH": self.path, "HOME": "/nonexistent", "LC_ALL": "C", "TERM": "dumb"}
        if self.makeconf:
            env["MAKECONF"] = self.makeconf
        cwd = str(Path(self.root) / directory)
        return self.machine.run(Request((self.bmake, *words), cwd, env))

    def variables(self, names: tuple[str, ...]) -> dict[str, str]:
        """Values of make variables as pkgtools/pkg_install sees them (show-vars, one a line).

        UnavailableError: the tree does not answer, or not with one line for each.
        """
        words = ("show-vars", f"VARNAMES={' '.join(names)}")
        outcome = self._ask("pkgtools/pkg_install", *words)
        lines = outcome.out.decode(errors="replace").splitlines()
        if outcome.status or len(lines) != len(names):
            raise UnavailableError(
                f"`{self.bmake} show-vars` does not answer: {complaint(outcome)}",
                f"{self.root}/pkgtools/pkg_install",
                "bootstrap pkgsrc and name its bmake with --make",
            )
        return dict(zip(names, lines, strict=True))

    def directories(self) -> tuple[PkgPath, ...]:
        """All package directories: the SUBDIR lists of the top and of each category, sorted.

        UnavailableError: the top has no list. A category that does not answer has no packages.
        """
        found: set[PkgPath] = set()
        for category in self._subdirs(""):
            for name in self._subdirs(category):
                path = f"{category}/{name}"
                if not pkgpath_error(path) and (Path(self.root) / path / "Makefile").is_file():
                    found.add(PkgPath(path))
        if not found:
            raise UnavailableError(
                "the tree lists no packages (SUBDIR)", self.root, "check --pkgsrc and --make"
            )
        return tuple(sorted(found))

    def _subdirs(self, directory: str) -> list[str]:
        if directory and not (Path(self.root) / directory / "Makefile").is_file():
            return []
        outcome = self._ask(directory, "show-subdir-var", "VARNAME=SUBDIR")
        return outcome.out.decode(errors="replace").split() if outcome.status == 0 else []

    def records(self, pkgpath: PkgPath) -> tuple[bytes, str]:
        """Return a directory's records as pscan has them, and what went wrong ("" if nothing).

        PKG_LOCATION is inserted behind every PKGNAME. A directory that fails has no records.
        """
        if not (Path(self.root) / pkgpath / "Makefile").is_file():
            return b"", "no such package directory (no Makefile)"
        outcome = self._ask(pkgpath, "pbulk-index")
        if outcome.status:
            return b"", complaint(outcome)
        text: list[bytes] = []
        for line in outcome.out.split(b"\n"):
            if not line.strip():
                continue
            text.append(line)
            if line.startswith(b"PKGNAME="):
                text.append(b"PKG_LOCATION=" + pkgpath.encode())
        if not text or not text[0].startswith(b"PKGNAME="):
            return b"", "pbulk-index printed no record"
        return b"\n".join(text) + b"\n", ""


def complaint(outcome: Outcome) -> str:
    """One line that says why a command failed: the first it wrote on standard error."""
    lines = (outcome.err + b"\n" + outcome.out).decode(errors="replace").splitlines()
    text = next((line.strip() for line in lines if line.strip()), "no message")
    text = "".join(c if c.isprintable() else "?" for c in text)
    return f"exit status {outcome.status}: {text[:300]}"
