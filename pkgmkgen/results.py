"""Reads result records, BULKLOG/PKGNAME/result, that builds leave: `KEY=VALUE` lines.

Names and values come from a directory that builds write to, so all are checked here; what is no
record is passed over, since a damaged record must not stop the next build.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.names import read_pkgname

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgmkgen.model import PkgName

LARGEST = 1 << 16
"""Bytes of a record; a longer file is none."""

_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9})?")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a build.

    `status` is `built`, `failed` or `killed`; `seconds` is its wall-clock time; `when` its end in
    seconds since 1970, 0 if the record does not say.
    """

    pkgname: PkgName
    status: str
    seconds: float
    when: float


def read_results(folder: Path) -> Iterator[Result]:
    """Yield the records below BULKLOG by name; nothing if there is no such directory."""
    try:
        names = sorted(path.name for path in folder.iterdir())
    except OSError:
        return
    for name in names:
        if read_pkgname(name) and (found := parse(_text(folder / name / "result"))):
            yield found


def parse(text: str) -> Result | None:
    """Read the text of a record; None if it is no whole one."""
    fields = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    pkgname = read_pkgname(fields.get("PKGNAME", ""))
    seconds = fields.get("SECONDS", "")
    if pkgname is None or not _SECONDS.fullmatch(seconds):
        return None
    return Result(pkgname, fields.get("STATUS", ""), float(seconds), _when(fields.get("END", "")))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        return ""
    return "" if len(data) > LARGEST else data.decode("utf-8", "replace")


def _when(text: str) -> float:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return 0.0
