"""The report as JSON: the run, the counts, an object per package."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pkgmkgen.report.facts import Report
    from pkgmkgen.runs.outcomes import Outcome


def render(report: Report) -> dict[str, str]:
    """Return report.json: one package per line; keys without value are left out."""
    run = report.run
    head: dict[str, object] = {
        "run": run.name,
        "facts": dict(run.facts),
        "halted": run.halt,
        "total": len(report.outcomes),
        "counts": {word.value: number for word, number in report.counts.items()},
        "critical_path": report.critical,
    }
    if report.compiled:
        head["compiled"] = asdict(report.compiled)
    rows = ",\n".join(json.dumps(_package(report, outcome)) for outcome in report.outcomes)
    text = json.dumps(head, indent=1)
    return {"report.json": f'{text[:-2]},\n "packages": [\n{rows}\n]}}\n'}


def _package(report: Report, outcome: Outcome) -> dict[str, object]:
    record = outcome.result
    row: dict[str, object] = {
        "pkgname": outcome.pkgname,
        "pkgpath": outcome.pkgpath,
        "state": outcome.kind.value,
        "phase": outcome.phase,
        "reason": outcome.reason,
        "broken_by": outcome.culprit,
        "breaks": report.breaks.get(outcome.pkgname, 0),
        "maintainer": report.run.maintainers.get(outcome.pkgname, ""),
        "depends": outcome.needs,
        "start": outcome.start,
        "end": outcome.end,
        "seconds": round(outcome.seconds, 1),
    }
    if record:
        row |= {
            "host": record.host,
            "make_jobs": record.make_jobs,
            "cpu_seconds": round(record.cpu_seconds, 1),
            "phases": {name: [round(wall, 1), round(cpu, 1)] for name, wall, cpu in record.phases},
            "memory_kb": record.memory_kb,
            "wrkdir_kb": record.wrkdir_kb,
            "package_bytes": record.package_bytes,
            "installed": record.installed,
            "compiled": asdict(record.compiled) if record.compiled else None,
        }
    return {key: value for key, value in row.items() if value}
