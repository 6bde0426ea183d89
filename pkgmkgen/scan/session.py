"""A Machine that is a long-lived sh: here, in a sandbox, or at the other end of ssh.

It reads sandbox-scripts/worker.sh and then one request after the other, so that commands need no
new connection or sandbox. The time and the output of a command are limited. A command that exceeds
a limit is killed with its sh and all their processes, and the next request gets a new sh.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import selectors
import shlex
import threading
import time
from dataclasses import dataclass

from pkgmkgen import machine
from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import CommandResult, Process, Request
from pkgmkgen.names import plain, split_lines

_BLOCK = 1 << 16
_LAST_WORDS = 0.5
"""Seconds to read the last output of an sh that has ended."""
_PATIENCE = 5.0
"""Seconds until a reader notices that its input has ended."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one command, or for `seconds` of all commands since `Session.allow`.

    `seconds` is time by the clock; `bytes` limits output and errors of a command, each.
    """

    seconds: float = 3600.0
    bytes: int = 1 << 26


@dataclass(frozen=True, slots=True)
class Launch:
    """How to start the sh: `argv`, the command; `fix`, the remedy if it does not start."""

    argv: tuple[str, ...]
    where: str
    fix: str


class Session:
    """Runs commands through one sh, for one thread at a time; any thread may call `kill`."""

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
        """Run a command, see Machine. If it cannot be started, the status is that of sh."""
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
        """Start a time limit: all commands from now on together get the time of one."""
        self._until = time.monotonic() + self._limits.seconds

    def kill(self) -> None:
        """End the sh and its commands; no new sh is started."""
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
            cause, fix = _cause(outcome.err.decode(errors="replace"))
            what = cause or outcome.fault or "no sh there"
            fix = f"{fix}, or {self._launch.fix}" if fix else self._launch.fix
            raise UnavailableError(what, self._launch.where, fix)

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
            with contextlib.suppress(BrokenPipeError):  # it may have printed the reason
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


def _cause(text: str) -> tuple[str, str]:
    """Return the cause and its remedy that messages tell, as sandbox-scripts/host/cause.awk."""
    lines = [plain(line) for line in split_lines(text) if line.strip()]
    ours = [line for line in lines if line.startswith("pkgmkgen: ")][:1]
    fixes = [line.removeprefix("  fix: ") for line in lines if line.startswith("  fix: ")][:1]
    cause = re.sub("^pkgmkgen: (run halted: |sandbox: )?", "", (ours or lines[-1:] or [""])[0])
    return cause, (fixes or [""])[0]


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
