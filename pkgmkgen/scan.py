"""The scan stage: every wanted package directory is asked for its records, in parallel.

Writes pbulk's pscan text. A directory that fails is reported and left out; the rest goes on.
The order of the text depends on the names alone, not on which make was ready first.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen import index
from pkgmkgen.limit import missing, restrict
from pkgmkgen.model import Fault, PkgPath
from pkgmkgen.resolve import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pkgmkgen.tree import Tree


@dataclass(frozen=True, slots=True)
class Scan:
    """Text in pscan format, sorted by directory, and the directories that gave none."""

    text: bytes
    faults: tuple[Fault, ...]


def scan(
    tree: Tree,
    pkgpaths: Collection[PkgPath],
    jobs: int,
    progress: Callable[[int, int, str], None],
) -> Scan:
    """Scan the whole tree if `pkgpaths` is empty, else those directories and all they need.

    A limited scan goes on, as pbulk's does, until the chosen dependencies need no directory
    that was not scanned. `jobs` makes at a time; `progress(done, of, pkgpath)` is told.
    """
    tree.check()
    answers: dict[PkgPath, tuple[bytes, str]] = {}
    wanted: Iterable[PkgPath] = sorted(set(pkgpaths)) or tree.directories()
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        while todo := [path for path in wanted if path not in answers]:
            futures = [(path, pool.submit(tree.records, path)) for path in todo]
            try:
                for path, future in futures:
                    answers[path] = future.result()
                    progress(len(answers), len(futures) + len(answers) - len(todo), path)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
            wanted = _still_needed(answers, pkgpaths)
    good = [(path, answers[path]) for path in sorted(answers)]
    faults = tuple(
        Fault(f"scan failed: {why}", f"{tree.root}/{path}", f"run `{tree.bmake} pbulk-index` there")
        for path, (_, why) in good
        if why
    )
    return Scan(b"".join(text for _, (text, _) in good), faults)


def _still_needed(
    answers: dict[PkgPath, tuple[bytes, str]], pkgpaths: Collection[PkgPath]
) -> tuple[PkgPath, ...]:
    """Directories that a limited scan lacks; none when the whole tree was scanned."""
    text = b"".join(answers[path][0] for path in sorted(answers))
    if not pkgpaths or not text:
        return ()
    known = resolve(index.read([text], "scan").items)
    return missing(restrict(known, pkgpaths), answers.keys())
