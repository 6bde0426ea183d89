"""A progress bar on standard error where that is a terminal; nothing elsewhere."""

from __future__ import annotations

import sys
import time

_WIDTH = 30
_EVERY = 0.1
"""Seconds between two drawings."""


class Bar:
    """Draws how much of a count is done, how fast it goes and which item was the last."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = time.monotonic()
        self._drawn = 0.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, done: int, total: int, last: str) -> None:
        """Say that `done` of `total` are done, `last` being the latest."""
        now = time.monotonic()
        if not self._terminal or (now - self._drawn < _EVERY and done < total):
            return
        self._drawn = now
        rate = done / max(now - self._start, 1e-9)
        full = _WIDTH * done // max(total, 1)
        bar = "#" * full + "." * (_WIDTH - full)
        left = (total - done) / rate if rate else 0
        text = f"[{bar}] {done}/{total} {rate:.1f}/s {left:.0f} s left {last}"
        end = "\n" if done >= total else ""
        sys.stderr.write(f"\r\033[K{text[:120]}{end}")
        sys.stderr.flush()
