"""Who needs whom, over small graphs with names."""

from __future__ import annotations

import networkx as nx
import pytest
from worlds import names, resolved

from pkgmkgen.model import PkgName
from pkgmkgen.resolve.graph import Graph
from pkgmkgen.resolve.resolution import Resolution


def graph_of(resolution: Resolution) -> Graph:
    """Return the graph of all packages, buildable or not."""
    return Graph({one.pkgname: one.depends for one in resolution.packages})


DIAMOND = graph_of(resolved("top: left right", "left: base", "right: base", "base", "alone"))
CYCLES = graph_of(resolved("a: b", "b: c", "c: a d", "d: c", "s: s", "t: a", "u"))


def name(text: str) -> PkgName:
    """Type one PKGNAME."""
    return PkgName(f"{text}-1")


def test_a_chain_is_a_shortest_way() -> None:
    """From the one that needs to the one that is needed, both included."""
    graph = graph_of(resolved("a: b c", "b: d", "c: d", "d: e", "e"))
    assert graph.chain(name("a"), name("e")) in [
        ("a-1", "b-1", "d-1", "e-1"),
        ("a-1", "c-1", "d-1", "e-1"),
    ]
    assert graph.chain(name("e"), name("a")) == ()
    assert graph.chain(name("a"), name("a")) == ("a-1",)


def test_cycles_and_their_shortest_chains() -> None:
    """Each cycle once, by name; a package that needs itself is one."""
    found = CYCLES.cycles()
    assert [cycle.members for cycle in found] == [("a-1", "b-1", "c-1", "d-1"), ("s-1",)]
    assert [cycle.chain for cycle in found] == [("c-1", "d-1"), ("s-1",)]
    assert DIAMOND.cycles() == ()


def test_needs_outside_the_graph_are_left_out() -> None:
    """What cannot be built, or belongs to another part of the tree."""
    graph = Graph({name("a"): names("b-1", "x-1", "b-1"), name("b"): ()})
    assert graph.chain(name("a"), name("b")) == ("a-1", "b-1")
    assert graph.cycles() == ()


def test_of_equal_chains_that_of_the_smallest_name() -> None:
    """So that the answer does not depend on the order of the input."""
    graph = graph_of(resolved("a: c b", "c: a", "b: a"))
    assert graph.cycles()[0].chain == ("a-1", "b-1")


def test_the_graph_is_frozen() -> None:
    """Nobody can add an edge behind the back of the others."""
    with pytest.raises(nx.NetworkXError, match=r"[Ff]rozen"):
        DIAMOND._digraph.add_node("x")
