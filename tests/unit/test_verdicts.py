"""States spread along edges; also over graphs that are long or large."""

from __future__ import annotations

from itertools import pairwise

from worlds import names

from pkgmkgen.model import PkgName, State
from pkgmkgen.resolve.verdicts import Verdict, spread


def test_a_long_chain_needs_no_stack() -> None:
    """Fifty thousand packages one behind the other."""
    chain = [PkgName(f"p{number}-1") for number in range(50_000)]
    depends = {a: (b,) for a, b in pairwise(chain)} | {chain[-1]: ()}
    found = spread(depends, {chain[-1]: Verdict(State.PRE_FAILED, "x")})
    assert found.of[chain[0]].because == chain[-1]
    assert len(found.of[chain[0]].reason) < 100


def test_a_large_ring_is_found_in_time() -> None:
    """All of it is one cycle."""
    ring = [PkgName(f"p{number:05}-1") for number in range(20_000)]
    found = spread({a: (b,) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)}, {})
    assert found.cycles == (tuple(ring),)


def test_nobody_is_judged_without_reason() -> None:
    """Buildable packages have no verdict."""
    a, b = names("a-1", "b-1")
    assert spread({a: (b,), b: ()}, {}).of == {}
