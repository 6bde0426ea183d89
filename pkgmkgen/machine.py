"""Start other programs; the only module that does, and that imports plumbum.

A Request is what to run, an Outcome is its result; both are data. This module knows nothing about
pkgsrc. A command gets exactly the environment that its request names.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, NoReturn, Protocol, cast

from pkgmkgen.errors import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from plumbum.machines.local import LocalCommand


@dataclass(frozen=True, slots=True)
class Request:
    """A command to run in directory `cwd` with the environment `env` and nothing else."""

    argv: tuple[str, ...]
    cwd: str
    env: Mapping[str, str]

    def __str__(self) -> str:
        """Give the line that repeats it in a shell."""
        words = ["env", "-i", *(f"{k}={v}" for k, v in self.env.items()), *self.argv]
        return f"cd {shlex.quote(self.cwd)} && {shlex.join(words)}"


@dataclass(frozen=True, slots=True)
class CommandResult:
    """Exit status (128 + N for signal N), standard output and standard error, as bytes.

    `fault` says why the command was given up before its end, empty if it was not.
    """

    status: int
    out: bytes
    err: bytes
    fault: str = ""


class Machine(Protocol):
    """Where commands run."""

    def run(self, request: Request) -> CommandResult:
        """Run it with an empty standard input and wait. UnavailableError: it cannot be started."""


Process = subprocess.Popen[bytes]
"""A started program whose three streams are pipes."""


def start(argv: tuple[str, ...]) -> Process:
    """Start a program in a session of its own, with the environment of this one and three pipes.

    UnavailableError: there is no such program.
    """
    program = _program(argv[0])
    fix = "install it, or correct PATH"
    if program is None:
        raise UnavailableError("cannot be started", argv[0], fix)
    try:
        process = program.popen(list(argv[1:]), stdin=subprocess.PIPE, start_new_session=True)
    except OSError as error:
        raise UnavailableError("cannot be started", argv[0], fix) from error
    return cast("Process", process)


def kill(process: Process) -> None:
    """End what `start` started, with all that it started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def close(process: Process) -> None:
    """Let go of the pipes. Nobody may be reading them."""
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def finish(argv: tuple[str, ...], seconds: float) -> int:
    """Run a program to its end, which must come in time, and return its exit status.

    What it says does not matter.
    """
    process = start(argv)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=seconds)
    kill(process)
    close(process)
    return process.wait()


def capture(argv: tuple[str, ...]) -> CommandResult:
    """Run a program to its end, with an empty input and the environment of this process.

    UnavailableError: there is no such program.
    """
    process = start(argv)
    out, err = process.communicate()
    return CommandResult(process.returncode, out, err)


def become(argv: tuple[str, ...], extra: Mapping[str, str]) -> NoReturn:
    """Replace this process by a program, with the environment of this one and `extra`.

    UnavailableError: there is no such program.
    """
    program = which(argv[0])
    if program is None:
        raise UnavailableError(f"no such program: {argv[0]}", "PATH", "install it")
    os.execve(program, argv, {**os.environ, **extra})  # noqa: S606 - no shell is wanted


def which(name: str) -> str | None:
    """Return the absolute path of the program `name`, None if there is none."""
    program = _program(name)
    return str(program) if program is not None and os.access(str(program), os.X_OK) else None


def _program(name: str) -> LocalCommand | None:
    """Return a program as plumbum knows it, None if PATH has none."""
    from plumbum import CommandNotFound, local  # noqa: PLC0415  28 ms; few verbs start a program

    try:
        return local[name]
    except CommandNotFound:
        return None


@contextlib.contextmanager
def unzstd(packed: BinaryIO) -> Iterator[BinaryIO]:
    """Give the content of a zstd stream, by the zstd program.

    UnavailableError: no such program. OSError: the stream is damaged or cut off.
    """
    zstd = _program("zstd")
    if zstd is None:
        raise UnavailableError(
            "reading .zst needs the program zstd", "PATH", "install it, or unpack the file first"
        )
    os.lseek(packed.fileno(), 0, os.SEEK_SET)  # Python may have read ahead
    process = zstd.popen(["-dcq"], stdin=cast("IO[str]", packed), stderr=subprocess.PIPE)
    try:
        yield cast("BinaryIO", process.stdout)
        with contextlib.closing(process.stdout):
            rest = process.stdout.read(1)
        complaint = process.stderr.read().decode(errors="replace").strip()
        if process.wait() and not rest:
            raise OSError(complaint or "zstd failed")
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
