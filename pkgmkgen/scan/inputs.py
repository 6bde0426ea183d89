"""Adds to each record of a scan the inputs of its build: a line `INPUTS=WORD...`.

FILES is the digest of the files of the package directory, INCLUDES that of the makefiles outside
it that make read (not those of mk/ and of make itself), OPTIONS are the chosen PKG_OPTIONS, MK is
the digest of mk/. A word is left out if it is not known. bulk.mk passes them on (plan/planner.py);
a run compares them with those that a package was built from.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pkgmkgen.scan.package_files import list_digest

_OPTION = re.compile(r"[A-Za-z0-9._+-]+")
_KEY = b"SCAN_DEPENDS="
_MK = b"../../mk/"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the tree: digests of package directories, of mk/, and of single files."""

    folders: Mapping[str, str]
    mk: str
    look: Callable[[Iterable[str]], Mapping[str, str]]
    makeconf: str = ""
    _words: dict[bytes, str] = field(default_factory=dict)

    def added(self, text: bytes, pkgpath: str, options: tuple[str, ...]) -> bytes:
        """Return the records of a directory with their inputs; `options` are one for each."""
        records = text.split(b"\nPKGNAME=")
        known = options if len(options) == len(records) else (None,) * len(records)
        made = (
            record.rstrip(b"\n")
            + b"\nINPUTS="
            + " ".join(self._inputs(record, pkgpath, chosen)).encode()
            for record, chosen in zip(records, known, strict=True)
        )
        return b"\nPKGNAME=".join(made) + b"\n"

    def _inputs(self, record: bytes, pkgpath: str, chosen: str | None) -> list[str]:
        words: list[str] = []
        if files := self.folders.get(pkgpath):
            words.append(f"FILES={files}")
            words.append(f"INCLUDES={self._includes(record, pkgpath)}")
        if chosen is not None and all(map(_OPTION.fullmatch, chosen.split())):
            words.append(f"OPTIONS={'='.join(sorted(set(chosen.split())))}")
        return [*words, f"MK={self.mk}"] if self.mk else words

    def _includes(self, record: bytes, pkgpath: str) -> str:
        start = record.find(_KEY)
        line = record[start + len(_KEY) :].partition(b"\n")[0] if start >= 0 else b""
        words = {word for word in line.split() if not word.startswith(_MK)}
        paths = {self._path(word, pkgpath) for word in words}
        own = f"{pkgpath}/"
        wanted = sorted(
            path
            for path in paths
            if not path.startswith((own, "mk/"))
            and path != self.makeconf
            and "share/mk/" not in path
        )
        states = self.look(wanted)
        return list_digest(f"{states[path]}  {path}" for path in wanted)

    def _path(self, word: bytes, pkgpath: str) -> str:
        """Return the path below the tree of a word of SCAN_DEPENDS; many packages share them."""
        if not word.startswith(b"../../"):
            return _normal(word, pkgpath)
        path = self._words.get(word)
        if path is None:
            path = self._words[word] = _normal(word, "x/x")
        return path


def _normal(word: bytes, pkgpath: str) -> str:
    return posixpath.normpath(posixpath.join(pkgpath, word.decode("utf-8", "surrogateescape")))
