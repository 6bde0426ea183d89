"""Forecasts of a small build whose times can be counted by hand."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from worlds import resolved

from pkgmkgen.plan.durations import Observation, Origin
from pkgmkgen.plan.planner import Plan, plan
from pkgmkgen.simulate.forecast import RULES, Model, forecast, forecast_json, forecast_text
from pkgmkgen.simulate.picture import html, svg
from pkgmkgen.timetext import clock

SECONDS = {"base-1": 100, "left-1": 500, "right-1": 200, "top-1": 1000, "leaf-1": 300}


def _plan(*texts: str) -> Plan:
    past = tuple(Observation(name, seconds) for name, seconds in SECONDS.items())
    return plan(resolved(*texts), ((Origin.HISTORY, past),))


@pytest.fixture
def diamond() -> Plan:
    """Give the build of a diamond and a leaf."""
    return _plan("base", "left: base", "right: base", "top: left right", "leaf")


def test_bounds_and_critical_path(diamond: Plan) -> None:
    """Work over slots or the critical path, whichever is longer."""
    found = forecast(diamond, (1, 2))
    assert (found.work, found.critical) == (2100, 1600)
    assert [row.bound for row in found.rows] == [2100, 1600]
    assert [(link.pkgname, link.start) for link in found.path] == [
        ("base-1", 0),
        ("left-1", 100),
        ("top-1", 600),
    ]
    assert found.origins == {"history": 5}


def test_makespans_by_hand(diamond: Plan) -> None:
    """One slot works without pause; two are as fast as the critical path."""
    one, two = forecast(diamond, (1, 2)).rows
    for rule in RULES:
        assert one.makespans[rule] == pytest.approx(2100, abs=1)
    assert two.makespans["list scheduling"] == 1600
    assert two.makespans["GNU make"] == pytest.approx(1600, abs=1)


def test_pbulk_prefers_what_weighs_most() -> None:
    """Many light dependents count for more than one long one: pbulk's rule is late with that."""
    crowd = [f"c{number}: right base" for number in range(9)]
    found = forecast(_plan("right", "base", "left", "top: left", *crowd), (2,)).rows[0].makespans
    assert found["pbulk's rule"] > found["list scheduling"]


def test_more_slots_until_the_critical_path_rules(diamond: Plan) -> None:
    """Where more slots would help, how much; where not, none are named."""
    more = forecast(diamond, (1,)).more
    assert [row.slots for row in more] == [1, 2]
    assert len(forecast(diamond, (2,)).more) == 1
    assert "would not help" in forecast_text(forecast(diamond, (2,)))
    assert "less than -j 1" in forecast_text(forecast(diamond, (1,)))


def test_text_and_json_say_the_same(diamond: Plan) -> None:
    """The table for people holds the numbers of the one for programs."""
    found = forecast(diamond, (1, 2))
    data = json.loads(forecast_json(found))
    text = forecast_text(found)
    assert data["critical"] == 1600
    assert clock(data["critical"]) in text
    for row in data["rows"]:
        assert clock(row["makespans"]["GNU make"]) in text
    for link in data["path"]:
        assert link["pkgname"] in text


def test_no_slot_does_two_things_at_once(diamond: Plan) -> None:
    """The picture's bars do not overlap, and all packages are there."""
    bars = Model(diamond).bars(2)
    assert sorted(bar.place for bar in bars) == list(range(5))
    for slot in (0, 1):
        mine = sorted((bar.start, bar.end) for bar in bars if bar.slot == slot)
        assert all(one[1] <= two[0] + 1e-6 for one, two in pairwise(mine))


def test_the_svg_is_sound(diamond: Plan) -> None:
    """Well-formed, a rectangle a package, three of them critical."""
    root = ET.fromstring(svg(diamond, 2))
    bars = [one for one in root.iter() if one.tag.endswith("rect")]
    assert len(bars) == 5
    assert sum(bar.get("class") == "c" for bar in bars) == 3


def test_the_page_has_everything(diamond: Plan) -> None:
    """Both pictures, the critical path, no script."""
    page = html(diamond, (1, 2))
    assert page.count("<svg") == 2
    assert "top-1" in page
    assert "<script" not in page


@pytest.mark.parametrize("slots", [1, 4])
def test_nothing_to_build(slots: int) -> None:
    """An empty plan has an empty forecast."""
    nothing = plan(resolved())
    found = forecast(nothing, (slots,))
    assert (found.work, found.critical, found.path) == (0, 0, ())
    assert forecast_text(found)
    assert svg(nothing, slots)
    assert html(nothing, (slots,))
