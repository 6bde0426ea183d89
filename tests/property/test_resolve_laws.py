"""Laws of resolving, against a plain reading of the rules, and over all orders of the input."""

from __future__ import annotations

from graphlib import TopologicalSorter
from random import Random

import indexes
from hypothesis import given
from hypothesis import strategies as st
from strategies import PATHS, scans

from pkgmkgen.index import reader as index
from pkgmkgen.model import PkgName, PkgPath, ScanItem, State
from pkgmkgen.plan.critical_path import levels
from pkgmkgen.resolve import limited as limit
from pkgmkgen.resolve.graph import Graph
from pkgmkgen.resolve.pattern import best, matches
from pkgmkgen.resolve.resolution import Resolution
from pkgmkgen.resolve.resolver import resolve


def plain_depends(item: ScanItem, everyone: list[PkgName]) -> tuple[PkgName, ...]:
    """Choose as PKGSRC.md section 2 says, word by word, with no index and no memory."""
    chosen: list[PkgName] = []
    for depend in item.all_depends:
        if any(matches(depend.pattern, name) for name in chosen):
            continue
        candidates = [name for name in everyone if matches(depend.pattern, name)]
        if not candidates:
            return ()
        chosen.append(best(candidates))
    return tuple(chosen)


@given(scans())
def test_choices_are_those_of_the_rules(items: list[ScanItem]) -> None:
    """Whatever is done for speed changes nothing."""
    everyone = [item.pkgname for item in items]
    for package in resolve(items).packages:
        assert package.depends == plain_depends(package.item, everyone)


@given(scans(), st.randoms(use_true_random=False))
def test_order_of_records_means_nothing(items: list[ScanItem], rng: Random) -> None:
    """Scanners finish in any order; choices, states, reasons and cycles are the same."""
    there = resolve(items)
    back = resolve(rng.sample(items, len(items)))
    assert there.by_name == back.by_name
    assert there.cycles == back.cycles
    assert sorted(map(str, there.unmatched)) == sorted(map(str, back.unmatched))
    assert [(a.pattern, a.candidates, sorted(a.users)) for a in there.ambiguous] == [
        (a.pattern, a.candidates, sorted(a.users)) for a in back.ambiguous
    ]


@given(scans())
def test_states_follow_from_direct_dependencies(items: list[ScanItem]) -> None:
    """Buildable if and only if all it needs is buildable and it has no reason of its own."""
    found = resolve(items)
    rank = {
        State.PRE_SKIPPED: 1,
        State.INDIRECT_SKIPPED: 1,
        State.UNRESOLVED: 2,
        State.INDIRECT_UNRESOLVED: 2,
        State.PRE_FAILED: 3,
        State.INDIRECT_FAILED: 3,
    }
    for package in found.packages:
        needed = [rank.get(found.by_name[name].state, 0) for name in package.depends]
        if package.state.value.startswith("indirect"):
            assert rank[package.state] == max(needed)
            assert package.because is not None
            fault = found.by_name[package.because]
            assert fault.because is None
            assert package.because in found.closure(package.depends)
            assert rank[fault.state] == rank[package.state]
        elif package.state is State.BUILDABLE:
            assert not any(needed)
            assert not package.reason
        assert (package.state is State.BUILDABLE) == (not package.reason)


@given(scans())
def test_buildable_packages_have_no_cycle(items: list[ScanItem]) -> None:
    """No cycle escapes: what is to be built can be put in order."""
    found = resolve(items)
    needs = {p.pkgname: p.depends for p in found.packages if p.state is State.BUILDABLE}
    assert len(tuple(TopologicalSorter(needs).static_order())) == len(needs)
    cycles = Graph({p.pkgname: p.depends for p in found.packages}).cycles()
    assert tuple(cycle.chain for cycle in cycles) == found.cycles


@given(scans(), st.randoms(use_true_random=False))
def test_levels_bound_each_other(items: list[ScanItem], rng: Random) -> None:
    """A dependency ends before its dependent starts, and no way is longer than the critical one."""
    found = resolve(items)
    needs = {p.pkgname: p.depends for p in found.packages if p.state is State.BUILDABLE}
    length = {name: float(rng.randrange(10)) for name in needs}
    got = levels(needs, length)
    longest = max(got.bl.values(), default=0.0)
    for name, needed in needs.items():
        assert got.tl[name] + got.bl[name] <= longest
        for one in needed:
            assert got.tl[one] + length[one] <= got.tl[name]
            assert got.bl[one] >= length[one] + got.bl[name]


@given(scans())
def test_every_chain_is_a_cycle(items: list[ScanItem]) -> None:
    """Each name needs the next, the last the first; the smallest stands first."""
    found = resolve(items)
    for chain in found.cycles:
        assert chain[0] == min(chain)
        for user, needed in zip(chain, chain[1:] + chain[:1], strict=True):
            assert needed in found.by_name[user].depends


@given(scans(), st.lists(st.sampled_from(PATHS), max_size=3))
def test_an_index_gives_what_a_live_scan_gives(
    items: list[ScanItem], listed: list[PkgPath]
) -> None:
    """The same game, played by hand; and what is active is closed."""
    scanned = set(listed)
    while True:
        live = limit.restrict(resolve([i for i in items if i.pkg_location in scanned]), listed)
        more = limit.missing(live, scanned)
        if not more:
            break
        scanned.update(more)
    found = limit.close_over(items, listed)
    assert found == live
    assert all(name in found.by_name for one in found.packages for name in one.depends)


@given(scans())
def test_solved_text_resolves_to_itself(items: list[ScanItem]) -> None:
    """Once resolved, always resolved: DEPENDS of presolve output are kept."""
    found = resolve(items)
    if not items:
        return
    again = resolve(index.read([_solved(found).encode("utf-8", "surrogateescape")], "f").items)
    assert [one.depends for one in again.packages] == [one.depends for one in found.packages]
    assert [one.state for one in again.packages] == [one.state for one in found.packages]


def _solved(found: Resolution) -> str:
    text = ""
    for one in found.packages:
        text += indexes.dump([one.item])
        text += f"DEPENDS={' '.join(one.depends)}\n" if one.depends else ""
    return text
