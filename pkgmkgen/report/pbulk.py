"""The report in pbulk's own format: its `report` (a record a package) and its `status`.

Words as pbulk has them; what it does not know (up to date, timed out) is said in the nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.runs.outcomes import Outcome, OutcomeKind
from pkgmkgen.timetext import utc_time

if TYPE_CHECKING:
    from pkgmkgen.report.facts import Report

_STATUS = {
    OutcomeKind.BUILT: "done",
    OutcomeKind.UP_TO_DATE: "done",
    OutcomeKind.FAILED: "failed",
    OutcomeKind.TIMED_OUT: "failed",
    OutcomeKind.KILLED: "failed",
    OutcomeKind.BROKEN: "indirect-failed",
    OutcomeKind.SKIPPED: "prefailed",
    OutcomeKind.UNRESOLVED: "prefailed",
    OutcomeKind.BUILDING: "in_processing",
    OutcomeKind.LEFT: "open",
}


def render(report: Report) -> dict[str, str]:
    """Return pbulk's files `report.bz2` (to be packed by who writes it) and `status`."""
    skips = {planned.pkgname: planned.skip for planned in report.run.plan if planned.skip}
    lines: list[str] = []
    for outcome in report.outcomes:
        lines += [f"PKGNAME={outcome.pkgname}", f"PKG_LOCATION={outcome.pkgpath}"]
        if who := report.run.maintainers.get(outcome.pkgname):
            lines.append(f"MAINTAINER={who}")
        if outcome.kind in (OutcomeKind.SKIPPED, OutcomeKind.UNRESOLVED):
            lines.append(f"PKG_FAIL_REASON={outcome.reason}")
        if outcome.needs:
            lines.append(f"DEPENDS={' '.join(outcome.needs)}")
        lines.append(f"PKG_DEPTH={report.dependents[outcome.pkgname] + 1}")
        lines.append(f"BUILD_STATUS={_status(outcome, skips.get(outcome.pkgname, ''))}")
    return {"report.bz2": "".join(f"{line}\n" for line in lines), "status": _status_file(report)}


def _status(outcome: Outcome, skip: str) -> str:
    return "indirect-prefailed" if skip.startswith("indirect") else _STATUS[outcome.kind]


def _status_file(report: Report) -> str:
    run = report.run
    rows = (
        ("PLATFORM", run.facts.get("SYSTEM", "")),
        ("COMPILER", report.compiler or "unknown"),
        ("BUILD_START_ISO", utc_time(run.start)),
        ("BUILD_START_DIR", run.name),
        ("BASE_URL", report.url),
        ("BUILD_END_ISO", utc_time(run.end)),
    )
    return "".join(f"{name}={value}\n" for name, value in rows)
