"""Output of the command: standard output or the file of `-o`, and standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from pkgmkgen.errors import FileError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgmkgen.model import Fault

_FAULTS_SHOWN = 20


def say(text: str) -> None:
    """Print a message on standard error."""
    sys.stderr.write(f"pkgmkgen: {text}\n")


def say_faults(faults: Iterable[Fault]) -> None:
    """Print problems and their remedies; of many problems only the first ones."""
    listed = tuple(faults)
    for fault in listed[:_FAULTS_SHOWN]:
        say(f"{fault.where}: {fault.what}\n  fix: {fault.fix}")
    if len(listed) > _FAULTS_SHOWN:
        say(f"... and {len(listed) - _FAULTS_SHOWN} more of these")


def write(file: BinaryIO, text: str | bytes) -> None:
    """Write and flush, so that a live page is drawn at once."""
    file.write(text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text)
    file.flush()


def terminal() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def replaced_never(path: Path) -> bool:
    """Tell whether a path names what no new file may replace: a device, a pipe, a directory."""
    return path.exists() and not path.is_file()


@contextlib.contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """Yield standard output, or a file that gets its name only when it is complete.

    A link stays one. Devices and pipes, such as /dev/null, are written to, never replaced.
    """
    if not path:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    import tempfile  # noqa: PLC0415  6 ms; most verbs print

    temporary = ""
    try:
        if replaced_never(Path(path)):
            with Path(path).open("wb") as stream:
                yield stream
            return
        target = Path(path).resolve()
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=".pkgmkgen.", delete=False
        ) as file:
            temporary = file.name
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(file.fileno())
        umask = os.umask(0)
        os.umask(umask)
        Path(temporary).chmod(0o666 & ~umask)
        Path(temporary).replace(target)
        temporary = ""
    except OSError as error:
        raise FileError(
            f"cannot be written: {error.strerror}", path, "check directory and disk"
        ) from error
    finally:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
