"""Control of a run by files that its builds look for, and signals to builds: make schedules alone.

`pause` in the folder of the run: builds that make starts wait until it is gone. `drain`: they end
at once, so that the run ends when those at work have. BULKLOG/.hold/PKGNAME: this package is not
built in any run.
"""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from pkgmkgen.errors import FileError, UnavailableError, UsageError
from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.near import did_you_mean
from pkgmkgen.runs.process import is_alive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pkgmkgen.runs.folder import Run


def going_on(run: Run, log: Path) -> None:
    """Raise UnavailableError unless the run goes on."""
    if run.end or not is_alive(run.name.partition("@")[2]):
        raise UnavailableError("no run is going on", str(log), "start one: make -f bulk.mk -j 6")


def named(run: Run, words: Iterable[str]) -> tuple[PkgName, ...]:
    """Return the packages of the run that PKGNAMEs, PKGPATHs or pkgbases mean. UsageError: none."""
    found: list[PkgName] = []
    for word in words:
        names = [
            package.pkgname
            for package in run.plan
            if word in (package.pkgname, package.pkgpath, pkgbase(package.pkgname))
        ]
        if not names:
            known = [text for one in run.plan for text in (one.pkgname, one.pkgpath)]
            bases = [pkgbase(one.pkgname) for one in run.plan]
            fix = did_you_mean(word, [*bases, *known], "use a PKGNAME, a PKGPATH or a pkgbase")
            raise UsageError("no such package in the run", ascii(word), fix)
        found += names
    return tuple(found)


def mark(path: Path, *, there: bool) -> None:
    """Make an empty file, or remove it."""
    try:
        if there:
            path.parent.mkdir(exist_ok=True)
            path.touch()
        else:
            path.unlink(missing_ok=True)
    except OSError as error:
        fix = "run this as the user who runs make"
        raise FileError(f"cannot be written: {error.strerror}", str(path), fix) from error


def end_build(run: Run, name: PkgName) -> bool:
    """End the build of a package as ^C would; tell whether there was one."""
    last = [event for event in run.events if event.pkgname == name][-1:]
    if not last or last[0].word != "start" or not is_alive(last[0].detail):
        return False
    try:
        os.kill(int(last[0].detail.partition(".")[0]), signal.SIGTERM)
    except PermissionError as error:
        raise FileError("cannot be ended", name, "run this as the user who runs make") from error
    except ProcessLookupError:
        return False
    return True
