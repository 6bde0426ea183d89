"""Who needs whom, over small graphs with names."""

from __future__ import annotations

import networkx as nx
import pytest
from worlds import names, resolved

from pkgmkgen.model import PkgName
from pkgmkgen.resolve.graph import Graph

DIAMOND = Graph.of(resolved("top: left right", "left: base", "right: base", "base", "alone"))
KNOTS = Graph.of(resolved("a: b", "b: c", "c: a d", "d: c", "s: s", "t: a", "u"))


def name(text: str) -> PkgName:
    """Type one PKGNAME."""
    return PkgName(f"{text}-1")


def test_direct_needs_are_sorted() -> None:
    """Both ways."""
    assert DIAMOND.needs(name("top")) == ("left-1", "right-1")
    assert DIAMOND.needed_by(name("base")) == ("left-1", "right-1")
    assert DIAMOND.needs(name("alone")) == DIAMOND.needed_by(name("alone")) == ()
    assert DIAMOND.names == ("alone-1", "base-1", "left-1", "right-1", "top-1")


def test_transitive_needs_leave_out_the_package() -> None:
    """Both ways, and on a cycle, too."""
    assert DIAMOND.closure(name("top")) == {"left-1", "right-1", "base-1"}
    assert DIAMOND.dependents(name("base")) == {"left-1", "right-1", "top-1"}
    assert KNOTS.closure(name("d")) == {"a-1", "b-1", "c-1"}


def test_a_chain_is_a_shortest_way() -> None:
    """From the one that needs to the one that is needed, both included."""
    graph = Graph.of(resolved("a: b c", "b: d", "c: d", "d: e", "e"))
    assert graph.chain(name("a"), name("e")) in [
        ("a-1", "b-1", "d-1", "e-1"),
        ("a-1", "c-1", "d-1", "e-1"),
    ]
    assert graph.chain(name("e"), name("a")) == ()
    assert graph.chain(name("a"), name("a")) == ("a-1",)


def test_needs_outside_the_graph_are_left_out() -> None:
    """A plan of the buildable packages names only those."""
    graph = Graph.from_edges({name("a"): names("b-1", "x-1", "b-1"), name("b"): ()})
    assert graph.needs(name("a")) == ("b-1",)


def test_order_puts_needs_first_and_ties_by_name() -> None:
    """However the packages came."""
    want = ("alone-1", "base-1", "left-1", "right-1", "top-1")
    assert DIAMOND.order() == want
    other = Graph.of(resolved("alone", "base", "right: base", "left: base", "top: right left"))
    assert other.order() == want


def test_no_order_with_a_cycle() -> None:
    """Ask for knots first."""
    with pytest.raises(ValueError, match="cycle"):
        KNOTS.order()


def test_knots_and_their_shortest_chains() -> None:
    """Each knot once, by name; a package that needs itself is one."""
    found = KNOTS.knots()
    assert [knot.members for knot in found] == [("a-1", "b-1", "c-1", "d-1"), ("s-1",)]
    assert [knot.chain for knot in found] == [("c-1", "d-1"), ("s-1",)]
    assert DIAMOND.knots() == ()


def test_of_equal_chains_that_of_the_smallest_name() -> None:
    """So that the answer does not depend on the order of the input."""
    graph = Graph.of(resolved("a: c b", "c: a", "b: a"))
    assert graph.knots()[0].chain == ("a-1", "b-1")


def test_the_graph_is_frozen() -> None:
    """Nobody can add an edge behind the back of the others."""
    with pytest.raises(nx.NetworkXError, match=r"[Ff]rozen"):
        DIAMOND._digraph.add_node("x")
