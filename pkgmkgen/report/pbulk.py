"""The report in pbulk's own format: its `report` (a record a package) and its `status`.

Words as pbulk has them; what it does not know (up to date, timed out) is said in the nearest.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pkgmkgen.runs.outcomes import Became, Outcome

if TYPE_CHECKING:
    from pkgmkgen.report.facts import Report

_STATUS = {
    Became.BUILT: "done",
    Became.UP_TO_DATE: "done",
    Became.FAILED: "failed",
    Became.TIMED_OUT: "failed",
    Became.KILLED: "failed",
    Became.BROKEN: "indirect-failed",
    Became.SKIPPED: "prefailed",
    Became.UNRESOLVED: "prefailed",
    Became.BUILDING: "in_processing",
    Became.LEFT: "open",
}


def render(report: Report) -> dict[str, str]:
    """Return pbulk's files `report.bz2` (to be packed by who writes it) and `status`."""
    skips = {one.pkgname: one.skip for one in report.run.plan if one.skip}
    lines: list[str] = []
    for one in report.outcomes:
        lines += [f"PKGNAME={one.pkgname}", f"PKG_LOCATION={one.pkgpath}"]
        if who := report.run.maintainers.get(one.pkgname):
            lines.append(f"MAINTAINER={who}")
        if one.became in (Became.SKIPPED, Became.UNRESOLVED):
            lines.append(f"PKG_FAIL_REASON={one.reason}")
        if one.needs:
            lines.append(f"DEPENDS={' '.join(one.needs)}")
        lines.append(f"PKG_DEPTH={report.dependents[one.pkgname] + 1}")
        lines.append(f"BUILD_STATUS={_status(one, skips.get(one.pkgname, ''))}")
    return {"report.bz2": "".join(f"{line}\n" for line in lines), "status": _status_file(report)}


def _status(one: Outcome, skip: str) -> str:
    return "indirect-prefailed" if skip.startswith("indirect") else _STATUS[one.became]


def _status_file(report: Report) -> str:
    run = report.run
    rows = (
        ("PLATFORM", run.facts.get("SYSTEM", "")),
        ("COMPILER", report.compiler or "unknown"),
        ("BUILD_START_ISO", _when(run.start)),
        ("BUILD_START_DIR", run.name),
        ("BASE_URL", report.url),
        ("BUILD_END_ISO", _when(run.end)),
    )
    return "".join(f"{name}={value}\n" for name, value in rows)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds)) if seconds else "unknown"
