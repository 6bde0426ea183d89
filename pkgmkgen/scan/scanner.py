"""The scan stage: collect the records of all wanted package directories, in parallel.

The output is pscan text, as pbulk writes it. A directory that fails is reported and left out.
Unchanged directories come from the cache; new results are stored there at once. The order of the
text depends only on the names, not on the order in which makes finish.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from pkgmkgen import machine
from pkgmkgen.errors import PkgmkgenError
from pkgmkgen.index import reader as index
from pkgmkgen.model import Fault, PkgPath, ScanItem
from pkgmkgen.resolve.limited import missing, restrict
from pkgmkgen.resolve.resolver import resolve
from pkgmkgen.scan.directory import Answer, reader, scan_slow
from pkgmkgen.scan.places import Place
from pkgmkgen.scan.session import Limits, Session
from pkgmkgen.scan.store import Store
from pkgmkgen.scan.tree import Tree
from pkgmkgen.scan.workers import Done, Workers

_USUAL = 0.1
"""Assumed scan time of a directory never scanned before, in seconds."""
_SLOWLY = "every directory is scanned by `make pbulk-index`, which takes about ten times as long"
_PATIENCE = 10.0
"""Time limit for the clean-up of a place, in seconds."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress of a scan: directories done and in all, and the share done, weighted by time.

    `slow` is the directory whose scan has been running longest, and for how many seconds.
    """

    done: int
    total: int
    share: float
    slow: tuple[PkgPath, float] | None


class InterruptedScanError(PkgmkgenError):
    """The scan was stopped by ^C."""

    exit_status = 130


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan: makes at a time, their limits, the cache's file (empty: none).

    With `fresh` the content of the cache is not used.
    """

    jobs: int
    limits: Limits
    cache: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """Text in pscan format, sorted by directory, and the directories that failed.

    `seconds` has the time of each directory scanned now, `long` of them by the slow scan;
    `stored` directories are from the cache.
    """

    text: bytes
    faults: tuple[Fault, ...]
    seconds: dict[PkgPath, float] = field(default_factory=dict)
    stored: int = 0
    long: int = 0


class Scanner:
    """One tree in one place. When its context is left, all its processes end."""

    def __init__(self, tree: Tree, place: Place, options: ScanOptions) -> None:
        """Start nothing yet."""
        self.tree = tree
        self.place = place
        self._options = options
        self._workers = Workers(
            [Session(place.launch, options.limits) for _ in range(options.jobs)]
        )
        self.machine = Session(place.launch, options.limits)
        """Where to ask what no worker asks: about the tree, and about its files."""

    def __enter__(self) -> Self:
        """Check that the place answers and has the tree. Raise UnavailableError."""
        try:
            self.tree.check(self.machine)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        """End all makes and clean up the place."""
        self._workers.close()
        self.machine.kill()
        if self.place.end:
            machine.finish(self.place.end, _PATIENCE)

    def scan(
        self,
        pkgpaths: Collection[PkgPath],
        progress: Callable[[Progress], None],
        warn: Callable[[str], None] = lambda _text: None,
    ) -> Scan:
        """Scan the whole tree if `pkgpaths` is empty, else those directories and all they need.

        A limited scan, like that of pbulk, continues until all directories of the chosen
        dependencies are scanned. If the scan is slow, `warn` gets the reason at the start.
        Raises InterruptedScanError on ^C; directories scanned until then are in the cache.
        """
        store = self._store().open(self._options.cache, fresh=self._options.fresh)
        answers: dict[PkgPath, Answer] = {}
        seconds: dict[PkgPath, float] = {}
        needed = _Needed(pkgpaths)
        wanted: Iterable[PkgPath] = sorted(set(pkgpaths)) or self.tree.directories(self.machine)
        if not pkgpaths:
            store.forget_others(wanted)
        try:
            read = None
            while todo := [path for path in wanted if path not in answers]:
                known = {path: Answer(text) for path in todo if (text := store.valid.get(path))}
                answers.update(known)
                todo = [path for path in todo if path not in known]
                if todo and read is None:
                    read = self._reader(warn)
                for done in self._each(read or _nothing, todo, store, len(answers), progress):
                    answers[done.pkgpath] = done.answer
                    seconds[done.pkgpath] = done.seconds
                    store.keep(done)
                wanted = needed.after(answers)
        except KeyboardInterrupt as stop:
            self._workers.close()
            raise self._interrupted(len(answers)) from stop
        finally:
            store.close()
        return self._result(answers, seconds)

    def sample(self, count: int) -> list[PkgPath]:
        """Return about this many directories of the tree, always the same ones."""
        paths = self.tree.directories(self.machine)
        return list(paths[:: max(1, len(paths) // count)])

    def check(
        self, pkgpaths: Sequence[PkgPath], progress: Callable[[Progress], None]
    ) -> tuple[PkgPath, ...]:
        """Scan each directory in both ways; return those that differ."""
        known = reader(self.tree, self.machine)
        store = self._store()

        def both(there: Session, path: PkgPath) -> Answer:
            short, long = known.read(there, path), scan_slow(self.tree, there, path)
            return Answer() if short.text == long.text else Answer(fault="differs")

        done = list(self._each(both, list(pkgpaths), store, 0, progress))
        return tuple(sorted(directory.pkgpath for directory in done if directory.answer.fault))

    def _store(self) -> Store:
        return Store(self.tree, self.place, self.machine)

    def _reader(self, warn: Callable[[str], None]) -> Callable[[Session, PkgPath], Answer]:
        known = reader(self.tree, self.machine)
        if known.slow:
            warn(f"{known.slow}; {_SLOWLY}")
        return known.read

    def _each(
        self,
        read: Callable[[Session, PkgPath], Answer],
        todo: list[PkgPath],
        store: Store,
        before: int,
        progress: Callable[[Progress], None],
    ) -> Iterable[Done]:
        """Yield the results; the directories that take longest start first."""
        weights = {path: store.seconds.get(path, _USUAL) for path in todo}
        todo.sort(key=lambda path: (-weights[path], path))
        part, count = store.weight, 0
        whole = store.weight = part + sum(weights.values())
        for done in self._workers.each(read, todo):
            if done is not None:
                part, count = part + weights[done.pkgpath], count + 1
                yield done
            total = before + len(todo)
            share = part / whole if whole else 0.0
            progress(Progress(before + count, total, share, self._workers.running()))

    def _interrupted(self, count: int) -> InterruptedScanError:
        kept = f"the records of {count} directories are kept, the same command goes on from there"
        return InterruptedScanError(
            "interrupted", self.tree.root, kept if self._options.cache else "there is no --cache"
        )

    def _result(self, answers: dict[PkgPath, Answer], seconds: dict[PkgPath, float]) -> Scan:
        faults = tuple(
            Fault(
                f"scan failed: {answers[path].fault}",
                f"{self.tree.root}/{path}",
                f"run `{self.tree.bmake} pbulk-index` there",
            )
            for path in sorted(answers)
            if answers[path].fault
        )
        text = b"".join(answers[path].text for path in sorted(answers))
        long = sum(answer.long for answer in answers.values())
        return Scan(text, faults, seconds, len(answers) - len(seconds), long)


def _nothing(_machine: Session, _pkgpath: PkgPath) -> Answer:
    raise AssertionError  # of no directory


class _Needed:
    """The directories that a limited scan still lacks; the records of each are read once.

    Every round resolves all records so far: a new one may be a better match for a pattern. That
    costs less than a hundredth of the makes (tests/bench/bench_resolve.py).
    """

    def __init__(self, pkgpaths: Collection[PkgPath]) -> None:
        self._pkgpaths = pkgpaths
        self._items: dict[PkgPath, tuple[ScanItem, ...]] = {}

    def after(self, answers: dict[PkgPath, Answer]) -> tuple[PkgPath, ...]:
        """Return the directories still missing; none when the whole tree was scanned."""
        if not self._pkgpaths:
            return ()
        for path in answers.keys() - self._items.keys():
            text = answers[path].text
            self._items[path] = index.read([text], path).items if text else ()
        items = [item for path in sorted(self._items) for item in self._items[path]]
        return missing(restrict(resolve(items), self._pkgpaths), answers.keys())
