"""Writes pbulk's presolve format: the records of a scan as they are, each with its DEPENDS.

A second pass over the stored scan copies every byte of a record, SCAN_DEPENDS and unknown keys
included, and puts `DEPENDS=` behind its last line, where pbulk's presolve puts it. Nothing is
chosen here; records that were set aside or dropped as duplicates are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.index.reader import Index, record_chunks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgmkgen.resolve.resolution import Resolution

_START = b"PKGNAME="


def solved(blocks: Iterable[bytes], index: Index, resolution: Resolution) -> Iterator[bytes]:
    """Yield the records of `resolution` in the order of the file.

    `blocks` is the text that `index` was read from, once more. As in pbulk a package without
    dependencies, or with an unresolved one, gets no DEPENDS line, and one that has a line
    keeps it.
    """
    lines = _depends_lines(index, resolution)
    ordinal = 0
    for chunk in record_chunks(blocks):
        kept: list[bytes | memoryview] = []
        for record in _records(chunk):
            line = lines.get(ordinal)
            if line is not None:
                kept += (record, line)
            ordinal += 1
        yield b"".join(kept)


def _depends_lines(index: Index, resolution: Resolution) -> dict[int, bytes]:
    """Map the number of each record that is to be written to the line that follows it."""
    by_name = resolution.by_name
    lines: dict[int, bytes] = {}
    done: set[str] = set()
    for item, ordinal in zip(index.items, index.ordinals, strict=True):
        package = by_name.get(item.pkgname)
        if package is None or item.pkgname in done:
            continue
        done.add(item.pkgname)
        wanted = package.depends and item.depends is None
        lines[ordinal] = f"DEPENDS={' '.join(package.depends)}\n".encode() if wanted else b""
    return lines


def _records(chunk: bytes) -> Iterator[memoryview]:
    """Cut a chunk before each PKGNAME=; text before the first one is no record."""
    view = memoryview(chunk)
    start = 0 if chunk.startswith(_START) else chunk.find(b"\n" + _START) + 1
    while start or chunk.startswith(_START):
        after = chunk.find(b"\n" + _START, start) + 1
        yield view[start : after or len(chunk)]
        if not after:
            return
        start = after
