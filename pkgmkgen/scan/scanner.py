"""The scan stage: every wanted package directory gives its records, many at a time.

Writes pbulk's pscan text. A directory that fails is reported and left out; the rest goes on. What
was scanned before and is unchanged comes from the cache; what is scanned is kept there at once.
The order of the text depends on the names alone, not on which make was ready first.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Self

from pkgmkgen import machine
from pkgmkgen.errors import PkgmkgenError
from pkgmkgen.index import reader as index
from pkgmkgen.model import Fault, PkgPath, ScanItem
from pkgmkgen.resolve.limited import missing, restrict
from pkgmkgen.resolve.resolver import resolve
from pkgmkgen.scan import fingerprints as files
from pkgmkgen.scan.cache import Cache, Stored
from pkgmkgen.scan.directory import Answer, reader, scan_slow
from pkgmkgen.scan.places import Place, system
from pkgmkgen.scan.session import Limits, Session
from pkgmkgen.scan.tree import Tree
from pkgmkgen.scan.workers import Done, Workers

_USUAL = 0.1
"""Seconds a directory takes of which nothing is known."""
_SLOWLY = "every directory is scanned by `make pbulk-index`, which takes about ten times as long"
_PATIENCE = 10.0
"""Seconds for taking a place away."""
_BATCH = 2.0
"""Seconds between two writes to the cache."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a scan is: directories done and in all, the same weighted by what they take.

    `slow` is the directory that is being asked for longest, and for how many seconds.
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

    With `fresh` what is in the cache is not used.
    """

    jobs: int
    limits: Limits
    cache: str = ""
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Scan:
    """Text in pscan format, sorted by directory, and the directories that gave none.

    `seconds` are those of each directory that was asked now, `long` of them as pbulk asks;
    `stored` others are from the cache.
    """

    text: bytes
    faults: tuple[Fault, ...]
    seconds: dict[PkgPath, float] = field(default_factory=dict)
    stored: int = 0
    long: int = 0


class Scanner:
    """One tree in one place. Leave its context to end all that it started."""

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
        """See that the place answers and has the tree. Raises UnavailableError."""
        try:
            self.tree.check(self.machine)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        """End all makes and take the place away."""
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

        A limited scan goes on, as pbulk's does, until the chosen dependencies need no directory
        that was not scanned. `warn` is told at the start why a scan is slow. Raises
        InterruptedScanError on ^C: what was scanned is in the cache.
        """
        store = _Store.opened(self, self._options)
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
                    known_reader = reader(self.tree, self.machine)
                    read = known_reader.read
                    if known_reader.slow:
                        warn(f"{known_reader.slow}; {_SLOWLY}")
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
        """Return about so many directories of the tree, always the same."""
        paths = self.tree.directories(self.machine)
        return list(paths[:: max(1, len(paths) // count)])

    def check(
        self, pkgpaths: Sequence[PkgPath], progress: Callable[[Progress], None]
    ) -> tuple[PkgPath, ...]:
        """Ask each directory the short way and as pbulk does; return those that differ."""
        known = reader(self.tree, self.machine)
        store = _Store(self)

        def both(there: Session, path: PkgPath) -> Answer:
            short, long = known.read(there, path), scan_slow(self.tree, there, path)
            return Answer() if short.text == long.text else Answer(fault="differs")

        done = list(self._each(both, list(pkgpaths), store, 0, progress))
        return tuple(sorted(one.pkgpath for one in done if one.answer.fault))

    def _each(
        self,
        read: Callable[[Session, PkgPath], Answer],
        todo: list[PkgPath],
        store: _Store,
        before: int,
        progress: Callable[[Progress], None],
    ) -> Iterable[Done]:
        """Yield the results, the longest directories having been begun first."""
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


class _Store:
    """The cache as a scan uses it; without a file it keeps nothing and knows nothing."""

    def __init__(self, scanner: Scanner) -> None:
        self.valid: dict[PkgPath, bytes] = {}
        self.seconds: dict[PkgPath, float] = {}
        self.weight = 0.0  # what the directories asked in earlier rounds were expected to take
        self._cache: Cache | None = None
        self._scanner = scanner
        self._pending: list[Done] = []
        self._written = time.monotonic()
        self._states = files.States(
            scanner.tree.root, None if scanner.place.sees_tree else scanner.machine
        )

    @classmethod
    def opened(cls, scanner: Scanner, options: ScanOptions) -> Self:
        """Open the cache's file, if one is wanted, and see which of its records are valid."""
        store = cls(scanner)
        if options.cache:
            cache = store._cache = Cache.opened(options.cache, store._settings())
            store.seconds = cache.seconds()
            if not options.fresh:
                store.valid = cache.valid(store._states.look(cache.paths()))
        return store

    def forget_others(self, pkgpaths: Iterable[PkgPath]) -> None:
        """Drop what is known of directories that the tree has no more."""
        if self._cache:
            self._cache.forget_others(pkgpaths)

    def keep(self, done: Done) -> None:
        """Keep a result, with others, after a while."""
        self._pending.append(done)
        if time.monotonic() - self._written > _BATCH:
            self._write()

    def close(self) -> None:
        """Write what is left."""
        if self._cache:
            self._write()
            self._cache.close()

    def _write(self) -> None:
        stored: list[Stored] = []
        for done in self._pending:
            answer = done.answer
            if self._cache and not answer.fault:
                paths = files.depends(answer.text, done.pkgpath, answer.files)
                states = self._states.before(filter(self._visible, paths), done.began)
                if states is not None:
                    stored.append(Stored(done.pkgpath, answer.text, states, done.seconds))
        if self._cache:
            self._cache.put(stored)
        self._pending.clear()
        self._written = time.monotonic()

    def _visible(self, path: str) -> bool:
        """Of a sandbox's own system pkgmkgen sees nothing; _settings speaks for it."""
        place, tree = self._scanner.place, self._scanner.tree
        seen = place.sees_system or not place.sees_tree
        return seen or not path.startswith("/") or path == tree.makeconf

    def _settings(self) -> str:
        """Digest of all that went into the records and is no file of the tree."""
        tree, here = self._scanner.tree, self._scanner.machine
        names = ("PKG_DBDIR", "LOCALBASE", "PKG_TOOLS_BIN")
        found = tree.variables(here, names)
        more = (found["PKG_DBDIR"], f"{found['LOCALBASE']}/bin", found["PKG_TOOLS_BIN"])
        facts = tree.ask(here, "", *system(tree.bmake, more)).out
        conf = f"{found['LOCALBASE']}/etc/mk.conf"
        facts += tree.ask(here, "", "cksum", tree.makeconf or conf).out
        text = repr((self._scanner.place.name, tree, sorted(found.items()), facts))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _nothing(_machine: Session, _pkgpath: PkgPath) -> Answer:
    raise AssertionError  # of no directory


class _Needed:
    """Which directories a limited scan still lacks; each one's records are read once."""

    def __init__(self, pkgpaths: Collection[PkgPath]) -> None:
        self._pkgpaths = pkgpaths
        self._items: dict[PkgPath, tuple[ScanItem, ...]] = {}

    def after(self, answers: dict[PkgPath, Answer]) -> tuple[PkgPath, ...]:
        """Return what the answers so far leave open; nothing when the whole tree was scanned."""
        if not self._pkgpaths:
            return ()
        for path in answers.keys() - self._items.keys():
            text = answers[path].text
            self._items[path] = index.read([text], path).items if text else ()
        items = [item for path in sorted(self._items) for item in self._items[path]]
        return missing(restrict(resolve(items), self._pkgpaths), answers.keys())
