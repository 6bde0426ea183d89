"""A Machine that is a long-lived sh: here, in a sandbox, or at the other end of ssh.

It reads sandbox-scripts/worker.sh and then one request after the other, so that a command costs
no more than itself. What a command may take of time and of output is limited; one that takes more
is ended with all that belongs to it, and the next request gets a new sh.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import selectors
import shlex
import threading
import time
from dataclasses import dataclass

from pkgmkgen import machine
from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import CommandResult, Process, Request

_BLOCK = 1 << 16
_LAST_WORDS = 0.5
"""Seconds for what a dying sh had to say."""
_PATIENCE = 5.0
"""Seconds for a reader to see that what it read from is gone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one command, or all since `Session.allow`, may take of seconds by the clock.

    `bytes` are those of a command's output and of its errors, each.
    """

    seconds: float = 3600.0
    bytes: int = 1 << 26


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start the sh: `argv`, the program that reads the requests; `fix` if it does not."""

    argv: tuple[str, ...]
    where: str
    fix: str


class Session:
    """Runs commands through one sh. To be used by one thread at a time; `kill` by any."""

    def __init__(self, launch: Launch, limits: Limits) -> None:
        """Start nothing yet."""
        self._launch = launch
        self._limits = limits
        self._process: Process | None = None
        self._killed = False
        self._until: float | None = None
        self._busy = threading.Lock()
        self._said: dict[str, str] = {}
        self._token = secrets.token_hex(8)
        self._count = 0

    def run(self, request: Request) -> CommandResult:
        """See Machine. A command that cannot be started has the status that sh gives it."""
        if "\n" in str(request):
            return CommandResult(126, b"", b"", "a newline in a command or a directory")
        with self._busy:
            if self._process is None:
                self._start()
            seconds = self._limits.seconds
            if self._until is not None:
                seconds = max(0.0, self._until - time.monotonic())
            return self._ask(request, seconds)

    def allow(self) -> None:
        """Begin to count: all that is run from now on has the time that is else that of one."""
        self._until = time.monotonic() + self._limits.seconds

    def kill(self) -> None:
        """End the sh and what it runs, for good."""
        self._killed = True
        process = self._process
        if process is not None:
            machine.kill(process)
        if self._busy.acquire(timeout=_PATIENCE):
            self._end()
            self._busy.release()

    def _start(self) -> None:
        if self._killed:
            raise UnavailableError("was ended", self._launch.where, self._launch.fix)
        self._process = machine.start(self._launch.argv)
        self._said = {}
        outcome = self._ask(Request(("true",), "/", {}), max(self._limits.seconds, 300))
        if outcome.status or outcome.fault:
            self._end()
            text = outcome.err.decode(errors="replace").strip() or outcome.fault
            raise UnavailableError(text or "no sh there", self._launch.where, self._launch.fix)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            machine.kill(process)
            machine.close(process)

    def _ask(self, request: Request, seconds: float) -> CommandResult:
        process = self._process
        self._count += 1
        mark = f"{self._token}.{self._count}"
        if process is None or process.stdin is None:
            return CommandResult(137, b"", b"", "was ended")
        try:
            with contextlib.suppress(BrokenPipeError):  # it may have said why
                process.stdin.write(self._lines(request, mark).encode("utf-8", "surrogateescape"))
                process.stdin.flush()
            outcome = _read(process, mark.encode(), seconds, self._limits)
        except (OSError, ValueError):  # ended by `kill`, or by itself
            outcome = CommandResult(137, b"", b"", "the sh that ran it is gone")
        if outcome.fault:
            self._end()
        return outcome

    def _lines(self, request: Request, mark: str) -> str:
        env = shlex.join(f"{name}={text}" for name, text in request.env.items())
        text = ""
        for letter, words in (("E", env), ("A", shlex.join(request.argv))):
            if self._said.get(letter) != words:
                text += f"{letter} {words}\n"
                self._said[letter] = words
        return f"{text}R {mark} {request.cwd}\n"


def _read(process: Process, mark: bytes, seconds: float, limits: Limits) -> CommandResult:
    """Collect both outputs of a command up to their marks."""
    assert process.stdout is not None  # noqa: S101 - `machine.start` pipes all three
    assert process.stderr is not None  # noqa: S101 - the same
    out, err = _Part(b"\n" + mark + b" "), _Part(b"\n" + mark + b"\n")
    until = time.monotonic() + seconds
    fault = ""
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ, out)
        ready.register(process.stderr, selectors.EVENT_READ, err)
        while ready.get_map() and not (out.whole and err.whole):
            events = ready.select(max(0.0, until - time.monotonic()))
            if not events:
                fault = fault or f"took longer than {limits.seconds:.0f} s"
                break
            for key, _ in events:
                block = os.read(key.fd, _BLOCK)
                key.data.take(block)
                if not block:
                    fault = "the sh that ran it is gone"
                    ready.unregister(key.fd)
                    until = min(until, time.monotonic() + _LAST_WORDS)
            if max(len(out.text), len(err.text)) > limits.bytes + _BLOCK:
                fault = f"printed more than {limits.bytes} bytes"
                break
    status, text = out.split()
    return CommandResult(status, text, err.split()[1], fault)


class _Part:
    """One of the two outputs, as far as it has come."""

    def __init__(self, mark: bytes) -> None:
        self.text = bytearray()
        self.whole = False
        self._mark = mark
        self._at = -1

    def take(self, block: bytes) -> None:
        """Add a block and look for the mark, also where it lies across two blocks."""
        start = max(0, len(self.text) - len(self._mark))
        self.text += block
        if self._at < 0:
            self._at = self.text.find(self._mark, start)
        if self._at >= 0:
            self.whole = self.text.endswith(b"\n")

    def split(self) -> tuple[int, bytes]:
        """Return the exit status behind the mark, and the text before it."""
        if self._at < 0:
            return 137, bytes(self.text)
        status = 0
        with contextlib.suppress(ValueError):
            status = int(self.text[self._at + len(self._mark) :])
        return status, bytes(self.text[: self._at])
