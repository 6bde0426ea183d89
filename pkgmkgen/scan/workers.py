"""Scan directories in parallel, by threads that each have their own Machine.

Results come as they are ready. If the loop over them ends early, by ^C or an error, `close` ends
the makes of all threads at once.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pkgmkgen.model import PkgPath
from pkgmkgen.scan.directory import Answer
from pkgmkgen.scan.session import Session

_WAKE = 0.2
"""Seconds between two checks of the running directories."""

Read = Callable[[Session, PkgPath], Answer]


@dataclass(frozen=True, slots=True)
class Done:
    """A scanned directory: start (seconds since 1970), time it took, result."""

    pkgpath: PkgPath
    began: float
    seconds: float
    answer: Answer


class Workers:
    """A thread for each of `sessions`, from the first `each` to the end.

    The threads stay: a process may die with the thread that started it (parent-death signal).
    """

    def __init__(self, sessions: Sequence[Session]) -> None:
        """Start nothing yet."""
        self._sessions = sessions
        self._running: dict[int, tuple[PkgPath, float]] = {}
        self._jobs: list[queue.SimpleQueue[_Job]] = []

    def close(self) -> None:
        """End all machines and their processes."""
        for session in self._sessions:
            session.kill()

    def running(self) -> tuple[PkgPath, float] | None:
        """Return the directory whose scan has been running longest, and its seconds."""
        now = time.time()
        return max(
            ((path, now - began) for path, began in tuple(self._running.values())),
            key=lambda running: running[1],
            default=None,
        )

    def each(self, read: Read, pkgpaths: Sequence[PkgPath]) -> Iterator[Done | None]:
        """Yield results as they come, and None from time to time while there are none.

        Directories start in the order given. Raises any exception of a thread.
        """
        job = _Job(read, queue.SimpleQueue(), queue.SimpleQueue())
        for path in pkgpaths:
            job.todo.put(path)
        while len(self._jobs) < min(len(self._sessions), len(pkgpaths)):
            jobs: queue.SimpleQueue[_Job] = queue.SimpleQueue()
            args = (len(self._jobs), jobs)
            threading.Thread(target=self._work, args=args, daemon=True).start()
            self._jobs.append(jobs)
        for jobs in self._jobs:
            jobs.put(job)
        for _ in pkgpaths:
            result = None
            while result is None:
                with contextlib.suppress(queue.Empty):
                    result = job.results.get(timeout=_WAKE)
                if isinstance(result, BaseException):
                    raise result
                yield result

    def _work(self, number: int, jobs: queue.SimpleQueue[_Job]) -> None:
        """Run as a thread: take directories of one job after the other."""
        while True:
            job = jobs.get()
            try:
                with contextlib.suppress(queue.Empty):
                    while True:
                        path = job.todo.get_nowait()
                        began = time.time()
                        self._running[number] = path, began
                        self._sessions[number].allow()
                        answer = job.read(self._sessions[number], path)
                        del self._running[number]
                        job.results.put(Done(path, began, time.time() - began, answer))
            except BaseException as error:  # noqa: BLE001 - raised again by the reader
                job.results.put(error)


@dataclass(frozen=True, slots=True)
class _Job:
    """The work that `each` gives to all threads."""

    read: Read
    todo: queue.SimpleQueue[PkgPath]
    results: queue.SimpleQueue[Done | BaseException]
