"""The live page of a run, `pkgmkgen status --html FILE`: one file, with links to the logs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from pkgmkgen import resources
from pkgmkgen.cli.output import replaced_never
from pkgmkgen.errors import FileError
from pkgmkgen.runs.live import live
from pkgmkgen.runs.status import status, what_now
from pkgmkgen.timetext import local_time, span

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pkgmkgen.runs.live import Curve, Live
    from pkgmkgen.runs.status import Snapshot

_WIDTH, _HEIGHT = 600.0, 160.0


def write_page(path: Path, seen: Snapshot, log: Path, every: float) -> None:
    """Write the page in one rename. FileError: the file cannot be written."""
    from pkgmkgen.plan.render import page  # noqa: PLC0415 - jinja2, slow to import, only for HTML

    below = os.path.relpath(log, path.parent)

    def href(pkgname: str, phase: str) -> str:
        """Return the link from the page to a log."""
        return quote(f"{below}/{pkgname}/{phase}.log")

    more, current = live(seen), status(seen)
    values = {
        "status": current,
        "what_now": what_now(current),
        "live": more,
        "curves": _curves(more),
        "every": max(round(every), 2),
        "href": href,
        "span": span,
        "local_time": local_time,
    }
    text = page("status.html.j2", resources.templates(), values)
    target = path.resolve()
    new = target.with_name(f".{target.name}.new")
    try:
        if replaced_never(path):
            path.write_text(text, "utf-8")
            return
        new.write_text(text, "utf-8")
        new.replace(target)
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        raise FileError(what, str(path), "check directory and disk") from error


def _curves(more: Live) -> dict[str, str | float]:
    """Return the curves as points of an image, and the seconds of its right edge."""
    both = (*more.done, *more.planned)
    longest = max((when for when, _ in both), default=0.0) or 1.0
    most = max((number for _, number in both), default=0) or 1
    return {
        "seconds": longest,
        "done": _points(more.done, longest, most),
        "planned": _points(more.planned, longest, most),
    }


def _points(curve: Curve, longest: float, most: int) -> str:
    return " ".join(_steps(curve, longest, most))


def _steps(curve: Curve, longest: float, most: int) -> Iterable[str]:
    for when, number in curve:
        yield f"{_WIDTH * when / longest:.1f},{_HEIGHT * (1 - number / most):.1f}"
