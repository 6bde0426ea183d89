"""The data of the HTML report: columns of all packages as scripts that its page loads.

The page itself (templates/report) is the same for every run and prints all text as text, so that
nothing out of a log or a scan can become markup or code. Scripts and not JSON, since a page opened
from a disk may not read other files.
"""

from __future__ import annotations

import json
from dataclasses import astuple, fields
from typing import TYPE_CHECKING

from pkgmkgen.model import PHASES, PkgName
from pkgmkgen.runs.compare import changes, pairs
from pkgmkgen.runs.outcomes import OutcomeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pkgmkgen.report.facts import Earlier, Report
    from pkgmkgen.runs.outcomes import Outcome

_WORDS = [word.value for word in OutcomeKind]
_FACTS = ("RUN", "HOST", "SYSTEM", "MAKE", "JOBS", "MAKE_JOBS", "PKGSRCDIR", "STATUS")


def render(report: Report) -> dict[str, str]:
    """Return data.js, with all packages, and tails.js, with the ends of the logs that failed."""
    number = {outcome.pkgname: index for index, outcome in enumerate(report.outcomes)}
    data = {
        "facts": {key: report.run.facts.get(key, "") for key in _FACTS},
        "began": report.run.start,
        "ended": report.run.end,
        "elapsed": report.elapsed,
        "jobs": report.jobs,
        "halt": report.run.halt,
        "words": _WORDS,
        "good": [word.good for word in OutcomeKind],
        "phases": list(PHASES),
        "phaseTotals": [[name, *map(round, times)] for name, times in report.phases.items()],
        "critical": [number[name] for name in report.critical],
        "earlier": [_earlier(report, then, number) for then in report.earlier],
        "logs": {number[name]: names for name, names in report.logs.items() if name in number},
        "changed": [number[name] for name in report.changed if name in number],
        **_columns(report, number),
    }
    tails = {number[name]: text for name, text in report.tails.items() if name in number}
    return {"data.js": _script("DATA", data), "tails.js": _script("TAILS", tails)}


def _script(name: str, value: object) -> str:
    """Assign a value to a global. Escaped so that no text can end the script element."""
    text = json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")
    return f"window.{name}={text};\n"


def _columns(report: Report, number: dict[PkgName, int]) -> dict[str, object]:
    outcomes = report.outcomes
    first = report.run.start
    results = [outcome.result for outcome in outcomes]
    reasons, reason = _numbered(outcome.reason for outcome in outcomes)
    who, maintainer = _numbered(
        report.run.maintainers.get(outcome.pkgname, "") for outcome in outcomes
    )
    where, phase = _numbered(outcome.phase for outcome in outcomes)
    return {
        "name": [outcome.pkgname for outcome in outcomes],
        "path": [outcome.pkgpath for outcome in outcomes],
        "state": _states(outcome.kind for outcome in outcomes),
        "reasons": reasons,
        "reason": reason,
        "maintainers": who,
        "maintainer": maintainer,
        "where": where,
        "phase": phase,
        "by": [number.get(PkgName(outcome.culprit), -1) for outcome in outcomes],
        "needs": [[number[x] for x in outcome.needs if x in number] for outcome in outcomes],
        "dependents": [report.dependents[outcome.pkgname] for outcome in outcomes],
        "breaks": [report.breaks.get(outcome.pkgname, 0) for outcome in outcomes],
        "start": [int(outcome.start - first) if outcome.start else -1 for outcome in outcomes],
        "end": [
            int(outcome.end - first) if outcome.start and outcome.end else -1
            for outcome in outcomes
        ],
        "slot": [report.slots.get(outcome.pkgname, -1) for outcome in outcomes],
        "wait": [int(report.waits.get(outcome.pkgname, 0)) for outcome in outcomes],
        "seconds": [_short(outcome.seconds) for outcome in outcomes],
        "cpu": [_short(x.cpu_seconds) if x else 0 for x in results],
        "memory": [x.memory_kb if x else 0 for x in results],
        "wrkdir": [x.wrkdir_kb if x else 0 for x in results],
        "bytes": [x.package_bytes if x else 0 for x in results],
        "host": [x.host if x and x.host != report.run.facts.get("HOST") else 0 for x in results],
        "steps": [_steps(outcome) for outcome in outcomes],
        "compiled": [astuple(x.compiled) if x and x.compiled else 0 for x in results],
    }


def _steps(outcome: Outcome) -> object:
    """Return the seconds of each phase, 0 if there was no build."""
    if not outcome.result or not outcome.result.phases:
        return 0
    seconds = {name: wall for name, wall, _ in outcome.result.phases}
    return [_short(seconds.get(name, 0.0)) for name in PHASES]


def _earlier(report: Report, then: Earlier, number: Mapping[PkgName, int]) -> dict[str, object]:
    """Return an earlier run's states and times in the order of this run's packages, and changes.

    The changes are those of `pkgmkgen diff`: numbers of packages, names of those that are gone.
    """
    before = {
        change.now.pkgname: change.then
        for change in pairs(then.packages, report.outcomes)
        if change.now
    }
    earlier = [before.get(outcome.pkgname) for outcome in report.outcomes]
    difference = changes(then.packages, report.outcomes)
    return {
        "name": then.name,
        "start": then.start,
        "state": _states(outcome.kind if outcome else None for outcome in earlier),
        "seconds": [_short(outcome.seconds) if outcome else 0 for outcome in earlier],
        "changes": {
            field.name: [
                number[change.now.pkgname] if change.now else change.pkgname
                for change in getattr(difference, field.name)
            ]
            for field in fields(difference)
        },
    }


def _states(words: Iterable[OutcomeKind | None]) -> str:
    """Return one digit per package: the index of its word in `words`; `-` if it was absent."""
    return "".join(str(_WORDS.index(word.value)) if word else "-" for word in words)


def _numbered(texts: Iterable[str]) -> tuple[list[str], list[int]]:
    """Return the distinct texts, and the index into them for each text."""
    numbers: dict[str, int] = {"": 0}
    column = [numbers.setdefault(text, len(numbers)) for text in texts]
    return list(numbers), column


def _short(seconds: float) -> float:
    """Return seconds, rounded to the significant digits."""
    return round(seconds, 1) if seconds < 10 else round(seconds)
