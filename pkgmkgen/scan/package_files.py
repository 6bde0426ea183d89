"""The files of a directory as one digest: equal digests mean that a build sees equal files.

sandbox-scripts/host/inputs.sh computes the same digests: a run compares its own with those in
bulk.mk. RCS ids do not count, nor do work directories, backups and names that are not printable.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ID = re.compile(rb"\$NetBSD[^$\n]*\$")
_NAME = re.compile(r"[ -\[\]-~]+")
_BACKUP = re.compile(r".*(~|\.orig|\.rej)|\.#.*")
_DIGITS = 16


def content_digest(content: bytes) -> str:
    """Return the digest of the content of a file, without RCS ids."""
    if b"$NetBSD" in content:
        text, count = _ID.subn(b"$NetBSD$", content)
        if count:
            content = text if text.endswith(b"\n") else text + b"\n"
    return hashlib.sha256(content).hexdigest()


def list_digest(lines: Iterator[str]) -> str:
    """Return one digest for sorted lines of `DIGEST  PATH`."""
    text = "".join(f"{line}\n" for line in lines)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of a directory: paths below it as `find .` prints them, sorted.

    `signature` changes when any file does: sizes, times and inodes. `changed` is the latest change
    (seconds since 1970).
    """

    root: str
    paths: tuple[str, ...]
    signature: str
    changed: float

    def digest(self) -> str:
        """Read the files and return their digest, empty if one cannot be read."""
        try:
            return list_digest(f"{self._file(path)}  {path}" for path in self.paths)
        except OSError:
            return ""

    def _file(self, path: str) -> str:
        full = os.path.join(self.root, path)  # noqa: PTH118 - a hundred thousand times
        if os.path.islink(full):  # noqa: PTH114 - the same
            return hashlib.sha256(os.fsencode(os.readlink(full))).hexdigest()  # noqa: PTH115
        with open(full, "rb") as file:  # noqa: PTH123 - the same
            return content_digest(file.read())


def listing(root: str) -> Listing:
    """List the files of a directory; an unreadable one has none."""
    found = sorted(_walk(root, "."))
    facts = ((s.st_size, s.st_mtime_ns, s.st_ctime_ns, s.st_ino) for _, s in found)
    text = repr([(path, *fact) for (path, _), fact in zip(found, facts, strict=True)])
    return Listing(
        root,
        tuple(path for path, _ in found),
        hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest(),
        max((status.st_ctime for _, status in found), default=0.0),
    )


def _walk(root: str, below: str) -> Iterator[tuple[str, os.stat_result]]:
    try:
        entries = list(os.scandir(f"{root}/{below}"))
    except OSError:
        return
    for entry in entries:
        path = f"{below}/{entry.name}"
        if not _counts(entry.name, path):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(root, path)
        elif entry.is_file(follow_symlinks=False) or entry.is_symlink():
            yield path, entry.stat(follow_symlinks=False)


def _counts(name: str, path: str) -> bool:
    if name == "CVS" or not _NAME.fullmatch(name):
        return False
    if path.startswith(("./work.", "./.work")) or path == "./work":
        return False
    return path.startswith("./files/") or not _BACKUP.fullmatch(name)
