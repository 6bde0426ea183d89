"""Opens a stored index, however it is stored, as blocks of bytes that can be read twice.

Plain, gzip and zstd are told apart by their first bytes, not by the file's name, so that a pipe
works too. zstd has no reader in Python's library and starting programs is the business of
machine.py: the caller gives a function for it. This module does not look into the text.
"""

from __future__ import annotations

import gzip
import shutil
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Self, cast

from pkgmkgen.errors import FileError, IndexSyntaxError

Unzstd = Callable[[BinaryIO], AbstractContextManager[BinaryIO]]
"""Takes an open file, placed at its start, and gives its decompressed content.

If the data turn out to be damaged, OSError comes from `read` or on leaving the context.
"""

BLOCK = 1 << 20
"""Bytes read at once: large enough to be fast, small beside the memory of the rest."""

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"


@dataclass(frozen=True, slots=True)
class Source:
    """An open index. `name` is what messages call it. Leave its context to close it."""

    name: str
    file: BinaryIO
    unzstd: Unzstd

    def __enter__(self) -> Self:
        """Return itself; the file is already open."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the file."""
        self.file.close()

    def blocks(self) -> Iterator[bytes]:
        """Yield the text from its start, each time it is called.

        Raises IndexSyntaxError if a compressed file is damaged or cut off, FileError if the
        system refuses to read.
        """
        magic = self.file.read(4) if self.file.seek(0) == 0 else b""
        self.file.seek(0)
        damaged = magic.startswith((_GZIP, _ZSTD))
        try:
            with self._decompressed(magic) as stream:
                while block := stream.read(BLOCK):
                    yield block
        except (OSError, EOFError, zlib.error) as error:
            if damaged:
                fix = "copy or compress the file again"
                raise IndexSyntaxError(f"damaged or cut off: {error}", self.name, fix) from error
            raise _file_error(self.name, error) from error

    def _decompressed(self, magic: bytes) -> AbstractContextManager[BinaryIO]:
        if magic.startswith(_GZIP):
            return cast("AbstractContextManager[BinaryIO]", gzip.GzipFile(fileobj=self.file))
        if magic.startswith(_ZSTD):
            return self.unzstd(self.file)
        return nullcontext(self.file)


def open_index(path: str, unzstd: Unzstd) -> Source:
    """Open an index; `-` is standard input, kept in an unnamed temporary file if it is a pipe.

    Raises FileError.
    """
    try:
        if path != "-":
            return Source(path, Path(path).open("rb"), unzstd)
        return Source("standard input", _seekable(sys.stdin.buffer), unzstd)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL in it
        raise _file_error(path, error) from error


def _seekable(pipe: BinaryIO) -> BinaryIO:
    if pipe.seekable():
        return pipe
    # It has no name, and is gone when the Source closes it.
    spool = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
    shutil.copyfileobj(pipe, spool, BLOCK)
    return spool


def _file_error(name: str, error: Exception) -> FileError:
    what = getattr(error, "strerror", None) or str(error)
    return FileError(f"cannot be read: {what}", name, "check the path and its permissions")
