"""A screen of `status --watch`: the progress of a run, what comes next, the end of a log. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pkgmkgen.runs.status import status, status_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pkgmkgen.model import PkgName
    from pkgmkgen.runs.live import Live
    from pkgmkgen.runs.status import Snapshot

KEYS = "up, down: another log; page up, page down: scroll it; q: quit"
_FAILURES = 6
_LEAST_OF_LOG = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A log that can be shown: that of a package at work, or of one that failed."""

    pkgname: PkgName
    phase: str
    failed: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a person has chosen: a log, how many lines above its end; the size of the terminal."""

    chosen: Shown | None
    above: int
    width: int
    height: int


def logs(seen: Snapshot, live: Live) -> tuple[Shown, ...]:
    """Return the logs that can be chosen: of what is at work, then of the latest failures."""
    at_work = [Shown(one.pkgname, one.phase) for one in status(seen).building if one.phase]
    bad = [Shown(one.pkgname, one.phase, failed=True) for one in live.failures if one.phase]
    return (*at_work, *bad[:_FAILURES])


def screen(seen: Snapshot, live: Live, view: View, log: Sequence[str]) -> list[str]:
    """Return the lines of the screen, no more and no longer than the terminal has room for."""
    width, height = view.width, view.height
    current = status(seen)
    room = max(height - 19 - len(current.building), 1)
    brief = replace(current, failures=current.failures[: min(room, _FAILURES)], load=(), free_mb=())
    table = {"building", *(one.pkgname for one in current.building)}
    name = view.chosen.pkgname if view.chosen else ""
    text = status_text(brief, width - 2).rstrip("\n").split("\n")
    lines = [*(_marked(line, table, name) for line in text), "", _next(live)]
    if len(lines) > height - _LEAST_OF_LOG - 2:
        lines = lines[: max(height - _LEAST_OF_LOG - 2, 1)]
    free = max(height - len(lines) - 2, 0)
    lines.append(_head(view))
    end = max(len(log) - view.above, min(free, len(log)))
    lines += [one_width(line) for line in log[max(end - free, 0) : end]]
    lines += [""] * (height - 1 - len(lines))
    return [line[:width] for line in (*lines[: height - 1], KEYS)]


def one_width(text: str) -> str:
    """Return text of a log with `?` for all that does not take one column."""
    return "".join(char if _takes_one(char) else "?" for char in text.expandtabs())


def _takes_one(char: str) -> bool:
    if char.isascii():
        return char.isprintable()
    wide = unicodedata.east_asian_width(char) in "WF" or unicodedata.combining(char)
    return char.isprintable() and not wide and unicodedata.bidirectional(char) in _PLAIN


_PLAIN = ("L", "ON", "EN", "ES", "ET", "CS", "WS")


def _marked(line: str, table: set[str], chosen: str) -> str:
    """Return a line with `> ` before a package whose log is shown; the table has room for that."""
    if line.partition(" ")[0] in table:
        line = f"  {line}"
    is_chosen = chosen and line.startswith((f"  {chosen} ", f"  {chosen}:"))
    return f"> {line[2:]}" if is_chosen else line


def _next(live: Live) -> str:
    names = f": {', '.join(live.ready)}" if live.ready else ""
    return f"{len(live.ready)} ready, {live.waiting} waiting for others{names}"


def _head(view: View) -> str:
    if not view.chosen:
        return "no log"
    kind = "failed: " if view.chosen.failed else ""
    above = f", {view.above} lines above its end" if view.above else ""
    text = f"-- {kind}{view.chosen.pkgname}, {view.chosen.phase}.log{above} "
    return text + "-" * max(view.width - len(text), 0)
