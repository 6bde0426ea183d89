"""`pkgmkgen status --watch` on a terminal: a live screen, with the end of a chosen log."""

from __future__ import annotations

import gc
import time
from typing import TYPE_CHECKING

from pkgmkgen.cli.terminal import Terminal
from pkgmkgen.names import split_lines
from pkgmkgen.runs.live import live
from pkgmkgen.runs.screen import Shown, View, logs, screen
from pkgmkgen.runs.status import GOES_ON, status
from pkgmkgen.runs.untrusted import read_end

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pkgmkgen.runs.live import Live
    from pkgmkgen.runs.status import Snapshot

_LOG_BYTES = 1 << 18
_LOG_SECONDS = 1.0


class Watch:
    """The screen of a run, the chosen log and how far it is scrolled."""

    def __init__(self, log: Path, look: Callable[[], Snapshot]) -> None:
        """`look` reads the run as it is now."""
        self._log = log
        self._look = look
        self._chosen: Shown | None = None
        self._above = 0

    def run(self, every: float) -> None:
        """Show it until the run has ended or somebody quits; look again after `every` seconds."""
        with Terminal() as terminal:
            seen = self._look()
            looked = time.monotonic()
            while status(seen).state in GOES_ON:
                more = live(seen)
                self._draw(terminal, seen, more)
                keys = terminal.keys(min(every, _LOG_SECONDS))
                if keys and "quit" in keys:
                    return
                for key in keys or ():
                    self._press(key, logs(seen, more), terminal.size[1])
                if time.monotonic() - looked >= every:
                    seen = self._look()
                    looked = time.monotonic()
                    gc.collect()  # off in __main__, which is for short runs

    def _draw(self, terminal: Terminal, seen: Snapshot, more: Live) -> None:
        shown = logs(seen, more)
        self._chosen = self._same(shown)
        lines = self._lines()
        width, height = terminal.size
        self._above = max(min(self._above, len(lines) - 1), 0)
        view = View(self._chosen, self._above, width, height)
        terminal.draw(screen(seen, more, view, lines))

    def _same(self, shown: tuple[Shown, ...]) -> Shown | None:
        """Return the chosen log, in its phase of now; the first one if it is there no more."""
        name = self._chosen.pkgname if self._chosen else ""
        return next((one for one in shown if one.pkgname == name), next(iter(shown), None))

    def _lines(self) -> list[str]:
        if not self._chosen:
            return []
        path = self._log / self._chosen.pkgname / f"{self._chosen.phase}.log"
        return split_lines(read_end(path, _LOG_BYTES).decode("utf-8", "replace"))

    def _press(self, key: str, shown: tuple[Shown, ...], height: int) -> None:
        page = max(height // 2, 1)
        if key in ("up", "down") and self._chosen in shown:
            step = 1 if key == "down" else -1
            self._chosen = shown[(shown.index(self._chosen) + step) % len(shown)]
            self._above = 0
        elif key == "page up":
            self._above += page
        elif key == "page down":
            self._above = max(self._above - page, 0)
