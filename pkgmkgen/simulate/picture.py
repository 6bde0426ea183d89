"""Draw a forecast: the slots over time as SVG, and an HTML page with tables.

Pure. All names are escaped; the page contains no script and loads nothing.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from pkgmkgen.simulate.forecast import RULES, Model, forecast
from pkgmkgen.timetext import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pkgmkgen.plan.planner import Plan
    from pkgmkgen.simulate.forecast import Forecast, Row

WIDTH = 1200
HEIGHT = 18
"""Points across the picture, and from one slot to the next."""

_LEFT = 40
_LABEL = 120
"""Points that a time below the picture may take, on a phone."""
_LEAST = 0.3
"""Points of the narrowest package drawn one by one."""

_STYLE = (
    "text{font:11px sans-serif;fill:currentColor}rect{stroke:Canvas;stroke-width:.3}"
    ".p{fill:#7a9cc6}.c{fill:#c0392b}line{stroke:#8886}"
)
_PAGE_STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 sans-serif;margin:1rem auto;max-width:78rem;"
    "padding:0 1rem}.wide{overflow-x:auto}table{border-collapse:collapse}"
    "td,th{padding:.2em .8em .2em 0;text-align:right;border-bottom:1px solid #8886}"
    "th:first-child{white-space:nowrap}td:last-child{text-align:left;overflow-wrap:anywhere}"
    "svg{max-width:none}@media(max-width:40rem){body{padding:0 .6rem}h1{font-size:1.4rem}"
    "table{font-size:.72rem}td,th{padding:.2em .5em .2em 0}svg{width:100%;height:auto}"
    "svg{overflow:visible;margin-bottom:1rem}svg text{font-size:30px;transform:translateY(20px)}"
    "svg .few{display:none}}"
)


def svg(plan: Plan, slots: int) -> str:
    """Draw what each slot does under GNU make; the packages of the critical path are red."""
    model = Model(plan)
    bars = model.bars(slots)
    critical = {link.pkgname for link in model.path()}
    end = max([bar.end for bar in bars], default=0.0)
    scale = (WIDTH - _LEFT) / end if end else 0.0
    parts = [*_axis(end, scale, slots)]
    for bar in bars:
        job = plan.jobs[bar.place]
        kind = "c" if job.pkgname in critical else "p"
        width = max((bar.end - bar.start) * scale, _LEAST)
        at = f'x="{_LEFT + bar.start * scale:.1f}" y="{bar.slot * HEIGHT + 1}"'
        title = f"{job.pkgname}: {clock(bar.start)} to {clock(bar.end)}"
        parts.append(
            f'<rect class="{kind}" {at} width="{width:.1f}" height="{HEIGHT - 2}">'
            f"<title>{escape(title)}</title></rect>"
        )
    height = slots * HEIGHT + 30
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n'
        f"<style>{_STYLE}</style>\n<title>{slots} slots over {clock(end)}</title>\n{body}\n</svg>\n"
    )


def html(plan: Plan, slots: Sequence[int]) -> str:
    """Return a page: the table, a picture for each number of slots, the critical path."""
    predicted = forecast(plan, slots)
    pictures = "".join(
        f'<h2>-j {number}</h2>\n<div class="wide">{svg(plan, number)}</div>' for number in slots
    )
    links = (
        (clock(link.start), clock(link.seconds), link.origin, link.pkgname)
        for link in predicted.path
    )
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Forecast of a bulk build</title><style>{_PAGE_STYLE}</style></head><body>\n"
        f"<h1>Forecast of a bulk build</h1>\n<p>{_summary(predicted)}</p>\n"
        f"{_table(('-j', 'lower bound', *RULES), map(_cells, predicted.rows))}{pictures}"
        f"<h2>Critical path</h2>\n{_table(('start', 'takes', 'from', 'package'), links)}"
        f"<h2>More slots, GNU make</h2>\n"
        f"{_table(('-j', 'takes'), map(_more, predicted.more))}</body></html>\n"
    )


def _axis(end: float, scale: float, slots: int) -> Iterable[str]:
    """Draw a line at each of some ten round times, and the numbers of the slots.

    A phone has room for few of the texts.
    """
    steps = (60, 300, 600, 1800, 3600, 7200, 14400, 28800, 86400, 7 * 86400)
    step = next((seconds for seconds in steps if end / seconds <= 12), end / 12 or 1)
    bottom = slots * HEIGHT
    for number in range(int(end / step) + 1):
        x = _LEFT + number * step * scale
        yield f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{bottom}"/>'
        more = ' class="few"' if number % 4 else ""
        more += ' text-anchor="end"' if x > WIDTH - _LABEL else ""
        yield f'<text x="{x:.1f}" y="{bottom + 14}"{more}>{clock(number * step)}</text>'
    for slot in range(slots):
        yield f'<text x="2" y="{slot * HEIGHT + 13}" class="few">{slot + 1}</text>'


def _summary(predicted: Forecast) -> str:
    origins = ", ".join(f"{count} {origin}" for origin, count in predicted.origins.items())
    return (
        f"{predicted.packages} packages, {clock(predicted.work)} of work, critical path "
        f"{clock(predicted.critical)} (red). Durations: {escape(origins)}."
    )


def _cells(row: Row) -> tuple[str, ...]:
    times = (
        f"{clock(row.makespans[rule])} ({row.makespans[rule] / (row.bound or 1):.3f})"
        for rule in RULES
    )
    return str(row.slots), clock(row.bound), *times


def _more(row: Row) -> tuple[str, ...]:
    return str(row.slots), clock(row.makespans[RULES[0]])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f"<th>{escape(text)}</th>" for text in head)
    lines = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f'<div class="wide"><table><tr>{heads}</tr>\n{lines}</table></div>\n'
