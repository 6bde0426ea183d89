"""The critical path method on a small diamond."""

from __future__ import annotations

import pytest

from pkgmkgen.model import PkgName
from pkgmkgen.plan.critical_path import levels

DIAMOND = {"alone": (), "base": (), "left": ("base",), "right": ("base",), "top": ("right", "left")}


def test_levels_are_start_and_remaining_time() -> None:
    """Earliest start without the package, rest with it; unknown durations are 0."""
    needs = {PkgName(name): tuple(map(PkgName, below)) for name, below in DIAMOND.items()}
    durations = {PkgName("base"): 1, PkgName("left"): 5, PkgName("right"): 2, PkgName("top"): 10}
    found = levels(needs, durations)
    assert found.tl == {"alone": 0, "base": 0, "left": 1, "right": 1, "top": 6}
    assert found.bl == {"alone": 0, "base": 16, "left": 15, "right": 12, "top": 10}


def test_a_cycle_has_no_levels() -> None:
    """Ask for knots first."""
    with pytest.raises(ValueError, match="cycle"):
        levels({PkgName("a"): (PkgName("b"),), PkgName("b"): (PkgName("a"),)}, {})
