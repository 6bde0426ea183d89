"""Text of a scan as ScanItems: pbulk's pscan and presolve formats.

A record begins at `PKGNAME=` and has one KEY=value a line. Keys may come in any order, unknown
ones are passed over, of a repeated one the first counts. Names are checked here and nowhere
else: a record whose PKGNAME or PKG_LOCATION could do harm is set aside and listed, and the
others are read on. This module opens no file and chooses nothing: duplicates stay in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pkgmkgen.errors import IndexSyntaxError
from pkgmkgen.index.record import RecordError, RecordReader
from pkgmkgen.model import Fault, ScanItem
from pkgmkgen.names import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FAULTS = 10_000
"""At most this many faults are described; more are only counted."""

_START = "\nPKGNAME="
_SCAN_DEPENDS = b"\nSCAN_DEPENDS="
_FIX = "scan again, or correct the package's Makefile"


@dataclass(frozen=True, slots=True)
class Index:
    """All usable records of a scan, in the order of the file.

    `lines` and `ordinals` go with `items`: the line of each PKGNAME, counted from 1, and which
    record of the file it is, counted from 0 with those that were set aside.
    """

    name: str
    items: tuple[ScanItem, ...]
    lines: tuple[int, ...]
    ordinals: tuple[int, ...]
    faults: tuple[Fault, ...] = ()

    def where(self, position: int) -> str:
        """Return `file:line` of an item, for messages."""
        return f"{self.name}:{self.lines[position]}"


def read(blocks: Iterable[bytes], name: str) -> Index:
    """Read an index from blocks of bytes, cut anywhere.

    SCAN_DEPENDS, nine tenths of the text, is dropped before anything else is done. Raises
    IndexSyntaxError if there is no record at all.
    """
    loader = _Loader(name)
    for chunk in record_chunks(blocks):
        loader.take(chunk)
    return loader.finish()


def record_chunks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Split blocks again so that each contains complete records; all bytes are kept."""
    pending: list[bytes] = []
    start = _START.encode()
    for block in blocks:
        cut = block.rfind(start) + 1  # one that lies across two blocks is not missed: no cut then
        if cut:
            pending.append(block[:cut])
            yield b"".join(pending)
            pending = []
        pending.append(block[cut:])
    rest = b"".join(pending)
    if rest:
        yield rest


class _Loader:
    """Collects items and faults from chunks of records, and counts lines and records."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._reader = RecordReader()
        self._items: list[ScanItem] = []
        self._lines: list[int] = []
        self._ordinals: list[int] = []
        self._faults: list[Fault] = []
        self._unlisted = 0
        self._line = 1
        self._ordinal = 0

    def take(self, chunk: bytes) -> None:
        """Read the records of one chunk."""
        whole = chunk.endswith(b"\n")
        text = _without_scan_depends(chunk).decode("utf-8", "surrogateescape")
        if "\r" in text:
            text = text.replace("\r\n", "\n")
        head, *records = ("\n" + text.removesuffix("\n")).split(_START)
        if head.strip(" \t\n"):
            self._fault(Fault("ignored text before the first PKGNAME=", "", _FIX))
        self._line += head.count("\n")
        cut_off = records.pop() if records and not whole else None
        for record in records:
            self._record(record)
            self._line += record.count("\n") + 1
            self._ordinal += 1
        if cut_off is not None:
            what = "the file ends in the middle of a line; its last record is set aside"
            fix = "scan or copy it again; if it is whole, end it with a newline"
            self._fault(Fault(what, "", fix, cut_off.partition("\n")[0]))
            self._ordinal += 1

    def finish(self) -> Index:
        """Return the index. Raises IndexSyntaxError if no record was read."""
        if not self._ordinal:
            what = "no PKGNAME= line: this is no pbulk-index output"
            raise IndexSyntaxError(what, f"{self._name}:1", "give the output of `pkgmkgen scan`")
        if self._unlisted:
            what = f"{self._unlisted} more faults are not listed"
            self._faults.append(Fault(what, self._name, _FIX))
        lists = self._items, self._lines, self._ordinals, self._faults
        items, lines, ordinals, faults = lists
        return Index(self._name, tuple(items), tuple(lines), tuple(ordinals), tuple(faults))

    def _record(self, record: str) -> None:
        try:
            parsed = self._reader.read(record)
        except RecordError as error:
            at = Fault(f"record set aside: {error.what}", "", _FIX, error.pkgname, error.pkgpath)
            self._fault(at)
            return
        item = parsed.item
        self._items.append(item)
        self._lines.append(self._line)
        self._ordinals.append(self._ordinal)
        if item.error:
            what = f"package cannot be built: {item.error}"
            self._fault(Fault(what, "", _FIX, item.pkgname, item.pkg_location))
        for note in parsed.notes:
            self._fault(Fault(note, "", _FIX, item.pkgname, item.pkg_location))

    def _fault(self, fault: Fault) -> None:
        """Store a fault at the current line."""
        if len(self._faults) >= MAX_FAULTS:
            self._unlisted += 1
            return
        name = plain(fault.pkgname[:200])
        self._faults.append(replace(fault, where=f"{self._name}:{self._line}", pkgname=name))


def _without_scan_depends(chunk: bytes) -> bytes:
    """Empty the SCAN_DEPENDS lines; they stay as lines, so that line numbers are right."""
    kept: list[bytes] = []
    start = 0
    while (at := chunk.find(_SCAN_DEPENDS, start)) >= 0:
        at += len(_SCAN_DEPENDS)
        kept.append(chunk[start:at])
        start = chunk.find(b"\n", at)
        if start < 0:
            return b"".join(kept)
    kept.append(chunk[start:])
    return b"".join(kept)
