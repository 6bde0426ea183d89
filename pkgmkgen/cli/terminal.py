"""A terminal for a screen with keys: what it was before is restored, also after a signal."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import sys
import termios
import tty
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import FrameType

_ENTER = b"\x1b[?1049h\x1b[?25l"
_LEAVE = b"\x1b[?25h\x1b[?1049l"
_FATAL = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_KEYS = {
    b"\x1b[A": "up", b"\x1bOA": "up", b"k": "up",
    b"\x1b[B": "down", b"\x1bOB": "down", b"j": "down",
    b"\x1b[5~": "page up", b"b": "page up",
    b"\x1b[6~": "page down", b" ": "page down",
    b"q": "quit",
}  # fmt: skip


def has_keys() -> bool:
    """Tell whether input and output are a terminal that can show a screen."""
    dumb = os.environ.get("TERM", "dumb") in ("", "dumb")
    return sys.stdin.isatty() and sys.stdout.isatty() and not dumb


class Terminal:
    """A context manager: within it, the terminal shows a screen and gives single keys."""

    def __enter__(self) -> Self:
        """Take the terminal and the signals."""
        self._in, self._out = sys.stdin.fileno(), sys.stdout.fileno()
        self._before = termios.tcgetattr(self._in)
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._wake, False)
        self._typed = b""
        signals = (*_FATAL, signal.SIGTSTP, signal.SIGWINCH)
        handlers = (*(self._end for _ in _FATAL), self._stop, self._resize)
        self._handlers = {
            number: signal.signal(number, handler)
            for number, handler in zip(signals, handlers, strict=True)
        }
        self._open()
        return self

    def __exit__(self, *_: object) -> None:
        """Restore the terminal and the signals."""
        self._close()
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        os.close(self._woken)
        os.close(self._wake)

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines."""
        size = shutil.get_terminal_size()
        return size.columns, size.lines

    def draw(self, lines: list[str]) -> None:
        """Show the lines, from the top."""
        text = "\x1b[H" + "\x1b[K\n".join(lines) + "\x1b[K\x1b[J"
        self._write(text.encode("utf-8", "replace"))

    def keys(self, seconds: float) -> list[str] | None:
        """Wait for keys, or another size; None if neither came in that time."""
        ready, _, _ = select.select([self._in, self._woken], [], [], seconds)
        if not ready:
            return None
        if self._woken in ready:
            os.read(self._woken, 4096)
        if self._in not in ready:
            return []
        data = os.read(self._in, 4096)
        self._typed += data
        return ["quit"] if not data else self._known()

    def _known(self) -> list[str]:
        """Take the known keys from what was typed; the rest of an unfinished one is kept."""
        found: list[str] = []
        while self._typed:
            for code, name in _KEYS.items():
                if self._typed.startswith(code):
                    found.append(name)
                    self._typed = self._typed[len(code) :]
                    break
            else:
                if any(code.startswith(self._typed) for code in _KEYS):
                    break
                self._typed = self._typed[1:]
        return found

    def _open(self) -> None:
        tty.setcbreak(self._in)
        self._write(_ENTER)

    def _close(self) -> None:
        self._write(_LEAVE)
        with contextlib.suppress(termios.error):  # the terminal is gone
            termios.tcsetattr(self._in, termios.TCSANOW, self._before)

    def _write(self, data: bytes) -> None:
        with contextlib.suppress(OSError):
            while data:
                data = data[os.write(self._out, data) :]

    def _end(self, number: int, _: FrameType | None) -> None:
        self._close()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _stop(self, _number: int, _: FrameType | None) -> None:
        """^Z: give the terminal back until the process goes on."""
        self._close()
        os.kill(os.getpid(), signal.SIGSTOP)
        self._open()
        self._resize(0, None)

    def _resize(self, _number: int, _: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):
            os.write(self._wake, b"x")
