"""Many directories at a time: threads, each with a Machine of its own, that take the next one.

Results come as they are ready. Whatever ends the loop over them, a ^C or an error, ends the
threads' makes at once.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pkgmkgen.model import PkgPath
from pkgmkgen.records import Answer
from pkgmkgen.session import Session

_WAKE = 0.2
"""Seconds between two looks at the running directories."""

Read = Callable[[Session, PkgPath], Answer]


@dataclass(frozen=True, slots=True)
class Done:
    """A directory that was asked: when (in seconds since 1970), how long it took, what it gave."""

    pkgpath: PkgPath
    began: float
    seconds: float
    answer: Answer


class Workers:
    """`shells` machines, kept from one `each` to the next."""

    def __init__(self, shells: Sequence[Session]) -> None:
        """Start nothing yet."""
        self._shells = shells
        self._running: dict[int, tuple[PkgPath, float]] = {}

    def close(self) -> None:
        """End all machines and what runs on them."""
        for shell in self._shells:
            shell.kill()

    def running(self) -> tuple[PkgPath, float] | None:
        """Return the directory that is being asked for longest, and for how many seconds."""
        now = time.time()
        return max(
            ((path, now - began) for path, began in tuple(self._running.values())),
            key=lambda one: one[1],
            default=None,
        )

    def each(self, read: Read, pkgpaths: Sequence[PkgPath]) -> Iterator[Done | None]:
        """Yield each directory's result as it comes, and None now and then while none does.

        Directories are begun in the order given. Raises what a thread raised.
        """
        results: queue.SimpleQueue[Done | BaseException] = queue.SimpleQueue()
        todo = iter(pkgpaths)
        lock = threading.Lock()

        def work(number: int, shell: Session) -> None:
            try:
                while True:
                    with lock:
                        path = next(todo, None)
                    if path is None:
                        return
                    began = time.time()
                    self._running[number] = path, began
                    answer = read(shell, path)
                    del self._running[number]
                    results.put(Done(path, began, time.time() - began, answer))
            except BaseException as error:  # noqa: BLE001 - raised again by the reader
                results.put(error)

        for number, shell in enumerate(self._shells[: len(pkgpaths)]):
            threading.Thread(target=work, args=(number, shell), daemon=True).start()
        for _ in pkgpaths:
            result = None
            while result is None:
                with contextlib.suppress(queue.Empty):
                    result = results.get(timeout=_WAKE)
                if isinstance(result, BaseException):
                    self._running.clear()
                    raise result
                yield result
