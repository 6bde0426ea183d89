"""Read files that a build may have written; their type and content are untrusted.

A sandbox can put a link to anything, a pipe or an endless file in place of a log.
"""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


def read_end(path: Path, limit: int) -> bytes:
    """Return the last `limit` bytes of a plain file; nothing if it is none or cannot be read."""
    try:
        number = os.open(path, _FLAGS)
    except OSError:
        return b""
    with open(number, "rb") as file:  # noqa: PTH123 - it is open already
        info = os.fstat(number)
        if not stat.S_ISREG(info.st_mode):
            return b""
        file.seek(max(info.st_size - limit, 0))
        return file.read(limit)


def is_plain(path: Path) -> bool:
    """Tell whether it is a plain file and no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False
