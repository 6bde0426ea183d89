"""Progress of a scan on standard error: a bar on a terminal, else a line every minute."""

from __future__ import annotations

import sys
import time

from pkgmkgen.scan.scanner import Progress
from pkgmkgen.timetext import span

_WIDTH = 24
_SLOW = 2.0
"""A directory that takes longer than this is named, in seconds."""


class ProgressBar:
    """Draws the share done, the speed, the time left, and the slow directory."""

    def __init__(self) -> None:
        """Start the clock."""
        self._start = self._drawn = time.monotonic()
        self._first = -1
        self._terminal = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        """Draw the progress."""
        if self._first < 0:
            self._first = max(progress.done - 1, 0)  # directories from the cache took no time
        now = time.monotonic()
        every = 0.1 if self._terminal else 60.0
        if now - self._drawn < every and not (self._terminal and progress.done >= progress.total):
            return
        self._drawn = now
        text = self.line(progress, now - self._start)
        if self._terminal:
            end = "\n" if progress.done >= progress.total else ""
            sys.stderr.write(f"\r\033[K{text[:120]}{end}")
        else:
            sys.stderr.write(f"pkgmkgen: {text}\n")
        sys.stderr.flush()

    def line(self, progress: Progress, seconds: float) -> str:
        """Return the text of the bar after this many seconds."""
        full = int(_WIDTH * progress.done / max(progress.total, 1))
        bar = "#" * full + "." * (_WIDTH - full)
        rate = (progress.done - max(self._first, 0)) / max(seconds, 1e-9)
        text = f"scan [{bar}] {progress.done}/{progress.total} {rate:.1f}/s"
        if progress.share:
            text += f" {span(seconds * (1 - progress.share) / progress.share)} left"
        if progress.slow and progress.slow[1] >= _SLOW:
            text += f" {progress.slow[0]} {progress.slow[1]:.0f} s"
        return text
