"""States of files and directories: equal states mean equal content.

The state of a file is a digest of its content without RCS ids (package_files.py). The state of a
directory (its path ends with a slash) is a digest of the names in it: pkgsrc includes many files
if they exist, and a new patch can change what a package needs. Modification times are not used: a
checkout or a copy sets them to any value.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from pkgmkgen.machine import Machine, Request
from pkgmkgen.names import split_lines, split_words
from pkgmkgen.scan.package_files import content_digest

_CHUNK = 400
"""Number of files in one command."""
_NONE = "-"
_SLACK = 0.1
"""Seconds by which the clock of a file system may be behind that of the machine."""


class States:
    """Looks up files, each once. `remote` is the machine that has them, None for this one."""

    def __init__(self, root: str, remote: Machine | None) -> None:
        """Relative paths are below `root`."""
        self._root = root
        self._remote = remote
        self._known: dict[str, tuple[str, float]] = {}

    def look(self, paths: Iterable[str]) -> dict[str, str]:
        """Return the state of each path."""
        wanted = list(paths)
        new = sorted({path for path in wanted if path not in self._known})
        if self._remote is None:
            with ThreadPoolExecutor(4) as pool:
                self._known.update(zip(new, pool.map(self._here, new, chunksize=64), strict=True))
        else:
            for start in range(0, len(new), _CHUNK):
                self._known.update(self._there(self._remote, new[start : start + _CHUNK]))
        return {path: self._known[path][0] for path in wanted}

    def before(self, paths: Iterable[str], moment: float) -> dict[str, str] | None:
        """Return the states if they were the same at `moment` (seconds since 1970), else None."""
        states = self.look(paths)
        if any(self._known[path][1] > moment - _SLACK for path in states):
            return None
        return states

    def _here(self, path: str) -> tuple[str, float]:
        full = posixpath.join(self._root, path)
        try:
            if path.endswith("/"):
                names = "\n".join(sorted(os.listdir(full)))  # noqa: PTH208 - names are enough
                return hashlib.blake2b(os.fsencode(names), digest_size=16).hexdigest(), 0.0
            with open(full, "rb") as file:  # noqa: PTH123 - thirty thousand times
                changed = os.fstat(file.fileno()).st_ctime
                return content_digest(file.read())[:32], changed
        except OSError:
            return _NONE, 0.0

    def _there(self, remote: Machine, paths: list[str]) -> dict[str, tuple[str, float]]:
        script = 'for f; do case $f in */) ls -A "$f" 2>/dev/null | cksum;; *) cksum <"$f";; esac;'
        argv = ("sh", "-c", f"{script} done 2>&1", "sh", *paths)
        outcome = remote.run(Request(argv, self._root, {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}))
        lines = split_lines(outcome.out.decode(errors="replace"))
        if len(lines) != len(paths):
            return dict.fromkeys(paths, (f"{_NONE} {id(outcome)}", 0.0))
        return {path: (line, 0.0) for path, line in zip(paths, lines, strict=True)}


def depends(text: bytes, pkgpath: str, more: Iterable[str]) -> set[str]:
    """Return the inputs of the records of a directory, below the tree or absolute.

    These are all files of SCAN_DEPENDS and of `more`, and the directories that contain them.
    """
    files = set(more)
    for line in text.split(b"\n"):
        if line.startswith(b"SCAN_DEPENDS="):
            for name in split_words(line[13:].decode("utf-8", "surrogateescape")):
                files.add(posixpath.normpath(posixpath.join(pkgpath, name)))
    places = {posixpath.dirname(file) for file in files if not file.startswith("/")} - {""}
    return files | {f"{place}/" for place in (*places, pkgpath, f"{pkgpath}/patches")}
