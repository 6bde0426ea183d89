"""The architecture on one screen: how an index becomes bulk.mk. No output, no options parsing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen import resources, settings
from pkgmkgen.errors import UnresolvedError
from pkgmkgen.index import reader as index_
from pkgmkgen.model import State
from pkgmkgen.plan import typical
from pkgmkgen.plan.planner import plan
from pkgmkgen.resolve.limited import close_over
from pkgmkgen.resolve.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pkgmkgen.index.reader import Index
    from pkgmkgen.index.source import Source
    from pkgmkgen.model import PkgPath
    from pkgmkgen.plan.durations import Past
    from pkgmkgen.plan.planner import Plan
    from pkgmkgen.resolve.resolution import Resolution


@dataclass(frozen=True, slots=True)
class Bound:
    """An index as it was read, and what its packages depend on."""

    index: Index
    resolution: Resolution


def bind(source: Source, pkgpaths: tuple[PkgPath, ...]) -> Bound:
    """Read an index and resolve it; with `pkgpaths`, only those packages and what they need."""
    index = index_.read(source.blocks(), source.name)
    return Bound(index, close_over(index.items, pkgpaths) if pkgpaths else resolve(index.items))


def planned(bound: Bound, past: Past) -> Plan:
    """Plan the build of what can be built, with the table of typical times behind `past`."""
    return plan(bound.resolution, past, typical.parse(resources.typical_times()))


def bulk_mk(
    bound: Bound, values: Mapping[str, str], past: Past = (), made: Sequence[str] = ()
) -> str:
    """Return bulk.mk; `values` replace the defaults of the settings. Same input, same bytes.

    `made` are the words of the command line, for a later `--refresh`.
    """
    from pkgmkgen.plan.render import render  # jinja2: other stages do not pay for it

    known = {"SCRIPTS": str(resources.sandbox_scripts()), **values}
    return render(planned(bound, past), settings.table(known), resources.templates(), made)


def simulation(
    bound: Bound, past: Past, numbers: tuple[tuple[int, ...], tuple[int, ...]], wanted: str
) -> str:
    """Return a forecast of the build as `wanted`: text, json, svg (first of the slots) or html.

    `numbers` are those of slots, and those of cores in one pool of jobs.
    """
    slots, cores = numbers
    from pkgmkgen.simulate import forecast, picture  # other stages do not pay for them

    made = planned(bound, past)
    if wanted == "svg":
        return picture.svg(made, slots[0])
    if wanted == "html":
        return picture.html(made, slots)
    predicted = forecast.forecast(made, slots, cores)
    return (
        forecast.forecast_json(predicted) if wanted == "json" else forecast.forecast_text(predicted)
    )


def duration(bound: Bound, past: Past, slots: int) -> tuple[float, float]:
    """Return the seconds of work, and those that GNU make takes with so many slots."""
    from pkgmkgen.simulate import forecast  # other stages do not pay for it

    found = forecast.forecast(planned(bound, past), (slots,))
    return found.work, found.rows[0].makespans["GNU make"]


def require_resolved(bound: Bound) -> None:
    """Strict mode. Raise UnresolvedError if any package's dependency is met by no package."""
    bad = [p for p in bound.resolution.packages if p.state is State.UNRESOLVED]
    if bad:
        first = bad[0]
        raise UnresolvedError(
            f"{len(bad)} packages cannot be resolved; the first: {first.reason}",
            f"{first.pkgname} ({first.item.pkg_location})",
            "correct its DEPENDS, add the missing directory, or run without --strict",
        )
