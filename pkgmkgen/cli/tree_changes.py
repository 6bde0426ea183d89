"""What has changed in the tree since a package was built last, for the report: a text each."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen.machine import capture, which
from pkgmkgen.model import PkgName
from pkgmkgen.names import plain, split_lines
from pkgmkgen.runs.compare import changes
from pkgmkgen.runs.folder import read_facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgmkgen.model import PkgPath
    from pkgmkgen.report.facts import Report
    from pkgmkgen.runs.compare import Change
    from pkgmkgen.runs.outcomes import Outcome

_MOST_PACKAGES = 200
_MOST_COMMITS = 40
_MOST_PATHS = 200
_REVISION = re.compile(r"[0-9a-f]{7,64}")
_GIT = (
    *("git", "--no-pager", "-c", "log.showSignature=false", "-c", "core.fsmonitor=false"),
    *("-c", "safe.directory=*", "-C"),
)


def texts(report: Report, log: Path) -> dict[PkgName, str]:
    """Return for each newly broken package what has changed since the run before, in which it was.

    A package that another one breaks has the changes of that one.
    """
    if not report.earlier:
        return {}
    then = read_facts(log / ".runs" / report.earlier[-1].name)
    tree = _Tree(report, then)
    broken = changes(report.earlier[-1].packages, report.outcomes).broken[:_MOST_PACKAGES]
    return {change.now.pkgname: tree.text(change) for change in broken if change.now}


class _Tree:
    """The tree of a run, and what it was in an earlier one."""

    def __init__(self, report: Report, then: dict[str, str]) -> None:
        self._facts, self._then = report.run.facts, then
        self._outcomes = {outcome.pkgname: outcome for outcome in report.outcomes}
        self._root = self._facts.get("PKGSRCDIR", "")
        self._said: dict[tuple[PkgPath, ...], list[str]] = {}

    def text(self, change: Change) -> str:
        """Return the text of one package."""
        then, now = change.then, change.now
        if not (then and now):
            return ""
        lines = [f"{now.pkgname} ({now.pkgpath}): {now.summary}"]
        lines += [f"before: {then.pkgname}, {then.kind.value}"]
        culprit = self._outcomes.get(PkgName(now.culprit), now)
        if culprit is not now:
            lines += [f"{culprit.pkgname} ({culprit.pkgpath}): {culprit.summary}"]
        if culprit.result and culprit.result.changed:
            lines += ["", f"changed since {culprit.pkgname} was built: {culprit.result.changed}"]
        needs = self._paths(culprit)
        own = (culprit.pkgpath,)
        lines += ["", f"in {culprit.pkgpath}:", *self._log(own)]
        if needs:
            lines += ["", f"in its dependencies, {len(needs)} directories:", *self._log(needs)]
        return "\n".join(lines) + "\n"

    def _paths(self, outcome: Outcome) -> tuple[PkgPath, ...]:
        """Return the directories of all that a package needs, directly or not."""
        found: set[PkgName] = set()
        open_ = list(outcome.needs)
        while open_:
            name = open_.pop()
            if name in self._outcomes and name not in found:
                found.add(name)
                open_ += self._outcomes[name].needs
        paths = {self._outcomes[name].pkgpath for name in found} - {outcome.pkgpath}
        return tuple(sorted(paths))[:_MOST_PATHS]

    def _log(self, paths: tuple[PkgPath, ...]) -> list[str]:
        if paths not in self._said:
            self._said[paths] = [f"  {line}" for line in self._lines(paths)]
        return self._said[paths]

    def _lines(self, paths: tuple[PkgPath, ...]) -> Iterator[str]:
        old, new = self._then.get("REVISION", ""), self._facts.get("REVISION", "")
        if _REVISION.fullmatch(old) and _REVISION.fullmatch(new) and which("git"):
            yield from self._git(f"{old}..{new}", paths)
        elif (Path(self._root) / paths[0] / "CVS").is_dir():
            since, until = (
                _cvs_time(facts.get("START", "")) for facts in (self._then, self._facts)
            )
            yield f"cd {self._root} && cvs -q log -SN -d '{since}<{until}' {' '.join(paths)}"
        else:
            yield "the tree is no checkout of git or CVS, or was none in one of the runs"

    def _git(self, between: str, paths: Iterable[PkgPath]) -> Iterator[str]:
        if between.partition("..")[0] == between.partition("..")[2]:
            yield f"the same revision, {between.partition('..')[0]}"
            return
        words = ("log", "--no-color", "--date=short", "--format=%h %ad %an: %s")
        done = capture((*_GIT, self._root, *words, f"-{_MOST_COMMITS + 1}", between, "--", *paths))
        lines = split_lines(done.out.decode("utf-8", "replace"))
        if done.status:
            lines = split_lines(done.err.decode("utf-8", "replace"))[:1]
        yield f"git log {between} -- {' '.join(paths)}"
        yield from (plain(line)[:200] for line in lines[:_MOST_COMMITS])
        if not lines:
            yield "no commit"
        if len(lines) > _MOST_COMMITS:
            yield "..."


def _cvs_time(seconds: str) -> str:
    moment = (
        time.gmtime(int(seconds)) if seconds.isdigit() and len(seconds) < 12 else time.gmtime(0)
    )
    return time.strftime("%Y-%m-%d %H:%M UTC", moment)
