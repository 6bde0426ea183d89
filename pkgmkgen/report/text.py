"""The report as pbulk mails it to pkgsrc-bulk: totals, what breaks most, the failures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.runs.compare import changes
from pkgmkgen.runs.outcomes import OutcomeKind
from pkgmkgen.timetext import utc_time

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pkgmkgen.report.facts import Report
    from pkgmkgen.runs.compare import Change
    from pkgmkgen.runs.outcomes import Outcome

_RULE = "-" * 73
_HEAD = ["Package                               Breaks Maintainer", _RULE]
_MOST = 10


def render(report: Report) -> dict[str, str]:
    """Return report.txt."""
    facts = report.run.facts
    lines = ["pkgsrc bulk build report", "========================", ""]
    lines += [
        facts.get("SYSTEM", ""),
        f"Host: {facts.get('HOST', '')}",
        f"Run: {report.run.name}",
        "",
    ]
    lines += [
        f"Build start: {utc_time(report.run.start)}",
        f"Build end:   {utc_time(report.run.end)}",
        "",
    ]
    if report.url:
        lines += [f"Full report: {report.url}/index.html"]
        lines += [f"Machine readable version: {report.url}/report.bz2", ""]
    lines += _totals(report)
    lines += _compiled(report)
    most = [outcome for outcome in report.failed if report.breaks[outcome.pkgname]][:_MOST]
    if most:
        lines += ["Packages breaking the most other packages", "", *_HEAD]
        lines += [_row(report, outcome) for outcome in most] + [""]
    lines += ["Build failures", "", *_HEAD]
    for outcome in sorted(report.failed, key=lambda outcome: (outcome.pkgpath, outcome.pkgname)):
        lines += [_row(report, outcome), f"    {outcome.pkgname} {outcome.summary}"]
    if report.earlier:
        lines += _news(report)
    if report.run.halt:
        lines += ["", f"The run was halted: {report.run.halt}"]
    return {"report.txt": "\n".join(lines) + "\n"}


def _totals(report: Report) -> list[str]:
    counts = report.counts
    indirect = {
        planned.pkgname for planned in report.run.plan if planned.skip.startswith("indirect")
    }
    masked = sum(
        outcome.kind is OutcomeKind.SKIPPED and outcome.pkgname in indirect
        for outcome in report.outcomes
    )
    rows = (
        ("Successfully built:", counts[OutcomeKind.BUILT]),
        ("Up to date before:", counts[OutcomeKind.UP_TO_DATE]),
        ("Failed to build:", sum(counts[word] for word in OutcomeKind if word.bad)),
        ("Depending on failed package:", counts[OutcomeKind.BROKEN]),
        ("Explicitly broken or masked:", counts[OutcomeKind.SKIPPED] - masked),
        ("Depending on masked package:", masked),
        ("With unresolved dependencies:", counts[OutcomeKind.UNRESOLVED]),
        ("Not done:", counts[OutcomeKind.LEFT] + counts[OutcomeKind.BUILDING]),
    )
    lines = [f"Total number of packages:       {len(report.outcomes):5}"]
    lines += [f"  {name:30}{number:5}" for name, number in rows if number or name[0] in "SFDE"]
    return [*lines, ""]


def _compiled(report: Report) -> list[str]:
    """Print where the compile jobs were done, and the packages with the most that stayed here."""
    total = report.compiled
    if not total:
        return []
    lines = []
    if total.jobs:
        lines.append(f"Compile jobs on other machines: {_share(total.remote, total.jobs)}")
        lines += [f"  tried again elsewhere: {total.retries}"] if total.retries else []
    if total.looked_up:
        lines.append(f"Compile jobs found by ccache:   {_share(total.cached, total.looked_up)}")
    stayed = [
        (made.jobs - made.remote, outcome.pkgname, made)
        for outcome in report.outcomes
        if outcome.result and (made := outcome.result.compiled) and made.remote < made.jobs
    ]
    for _, name, made in sorted(stayed, key=lambda row: (-row[0], row[1]))[:_MOST]:
        lines.append(f"    {name:37} {_share(made.remote, made.jobs)}")
    return [*lines, ""]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part // whole} %)"


def _row(report: Report, outcome: Outcome) -> str:
    """Print a line as pbulk does: the number of broken packages only if there are any."""
    who = report.run.maintainers.get(outcome.pkgname, "")
    number = report.breaks[outcome.pkgname]
    return (
        f"{outcome.pkgpath:37} {number:6} {who}"
        if number
        else f"{outcome.pkgpath:44} {who}".rstrip()
    )


def _news(report: Report) -> list[str]:
    """Print what is newly broken and newly fixed, against the run before."""
    before = report.earlier[-1]
    news = changes(before.packages, report.outcomes)
    return [
        "",
        f"Since the run of {utc_time(before.start)}",
        "",
        f"Newly broken: {len(news.broken)}",
        *(line for change in news.broken for line in _broken(report, change)),
        f"Newly fixed: {len(news.fixed)}",
        *(f"    {change.pkgname}" for change in news.fixed),
    ]


def _broken(report: Report, change: Change) -> Iterator[str]:
    now = change.now
    if now:
        yield f"    {now.pkgname} {now.summary}"
        if now.pkgname in report.changed:
            place = f"{report.url}/" if report.url else ""
            yield f"        what has changed: {place}changes/{now.pkgname}.txt"
