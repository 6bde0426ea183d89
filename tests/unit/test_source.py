"""Opening an index: plain, compressed, piped, damaged."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import sys
from typing import TYPE_CHECKING, BinaryIO

import pytest

from pkgmkgen.errors import FileError, IndexSyntaxError
from pkgmkgen.index import source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DATA = b"PKGNAME=a-1\n" * 200_000
ZSTD = b"\x28\xb5\x2f\xfd"


@contextlib.contextmanager
def unzstd(file: BinaryIO) -> Iterator[BinaryIO]:
    """Stand in for zstd: four bytes of magic, then the text; ends badly if that says so."""
    body = file.read()[4:]
    yield io.BytesIO(body)
    if body.endswith(b"!"):
        message = "zstd: premature end"
        raise OSError(message)


def read(path: str) -> tuple[bytes, bytes]:
    """Read an index twice."""
    with source.open_index(path, unzstd) as opened:
        return b"".join(opened.blocks()), b"".join(opened.blocks())


@pytest.mark.parametrize("pack", [bytes, gzip.compress, lambda data: ZSTD + data])
def test_kind_is_told_by_the_first_bytes(tmp_path: Path, pack: object) -> None:
    """Whatever the file is called; and a second reading gives the same."""
    path = tmp_path / "index.txt"
    path.write_bytes(pack(DATA))  # type: ignore[operator]
    assert read(str(path)) == (DATA, DATA)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_may_be_a_pipe(monkeypatch: pytest.MonkeyPatch, pack: object) -> None:
    """It is kept, so that it can be read again."""
    reader, writer = os.pipe()
    small = DATA[:1200]
    with os.fdopen(writer, "wb") as pipe:
        pipe.write(pack(small))  # type: ignore[operator]
    with os.fdopen(reader) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert read("-") == (small, small)


def test_standard_input_may_be_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No copy is needed then."""
    (tmp_path / "f").write_bytes(DATA)
    with (tmp_path / "f").open() as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        assert read("-")[1] == DATA


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(DATA)[:-20],
        gzip.compress(DATA)[:-4] + b"xxxx",
        gzip.compress(DATA)[:40] + b"\0" * 40,
        b"\x1f\x8b",
        gzip.compress(DATA) + b"trailing rubbish",
        ZSTD + b"PKGNAME=!",
    ],
    ids=["cut", "checksum", "zeros", "magic", "trailing", "zstd"],
)
def test_damaged_compression_is_said(tmp_path: Path, data: bytes) -> None:
    """Never a half-read index."""
    path = tmp_path / "f"
    path.write_bytes(data)
    with pytest.raises(IndexSyntaxError, match="damaged or cut off") as caught:
        read(str(path))
    assert caught.value.where == str(path)


@pytest.mark.parametrize("name", ["missing", "", "nul\0", "."])
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    """With the file's name."""
    with pytest.raises(FileError, match="cannot be read"):
        read(f"{tmp_path}/{name}")


def test_an_empty_file_has_no_blocks(tmp_path: Path) -> None:
    """Whether that is an index is for index.py to say."""
    (tmp_path / "f").touch()
    assert read(str(tmp_path / "f")) == (b"", b"")


def test_leaving_early_closes(tmp_path: Path) -> None:
    """A reader that stops after the first block leaves nothing open."""
    (tmp_path / "f").write_bytes(DATA)
    with source.open_index(str(tmp_path / "f"), unzstd) as opened:
        next(opened.blocks())
    assert opened.file.closed
