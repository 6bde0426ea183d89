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


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the tree: digests of package directories, of mk/, and of single files."""

    folders: Mapping[str, str]
    mk: str
    look: Callable[[Iterable[str]], Mapping[str, str]]
    makeconf: str = ""
    _words: dict[bytes, str] = field(default_factory=dict)
    _left_out: set[bytes] = field(default_factory=set)
    _digests: dict[frozenset[str], str] = field(default_factory=dict)

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
        own = f"{pkgpath}/"
        paths = frozenset(
            path
            for word in {*line.split()} - self._left_out
            if (path := self._words.get(word) or self._path(word, pkgpath))
            and not path.startswith(own)
        )
        digest = self._digests.get(paths)
        if digest is None:
            states = self.look(paths)
            digest = list_digest(f"{states[path]}  {path}" for path in sorted(paths))
            self._digests[paths] = digest
        return digest

    def _path(self, word: bytes, pkgpath: str) -> str:
        """Return the path below the tree of a word of SCAN_DEPENDS, empty if it does not count.

        Words that mean the same file for all packages are kept: there are millions of them.
        """
        if b"/" not in word:
            return ""
        path = posixpath.normpath(posixpath.join(pkgpath, word.decode("utf-8", "surrogateescape")))
        counts = not path.startswith("mk/") and path != self.makeconf and "share/mk/" not in path
        if word.startswith((b"../../", b"/")):
            if counts:
                self._words[word] = path
            else:
                self._left_out.add(word)
        return path if counts else ""
