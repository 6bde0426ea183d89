"""Which package a pattern takes and what becomes of everybody, rule by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import item, names, resolved, scan

from pkgmkgen.model import PkgName, State
from pkgmkgen.resolve.resolver import resolve


def chosen(*texts: str) -> tuple[str, ...]:
    """Return the DEPENDS of the first record."""
    return resolved(*texts).packages[0].depends


def state(pkgname: str, *texts: str) -> State:
    """Return the state of one package of a scan."""
    return resolved(*texts).by_name[PkgName(pkgname)].state


def test_depends_stand_in_order_of_first_choice() -> None:
    """Not sorted, and each once."""
    assert chosen("a: c b>=1 c>=0 b", "b-2", "c-1") == ("c-1", "b-2")


def test_the_highest_version_is_taken() -> None:
    """Of all packages in the scan."""
    assert chosen("a: b", "b-1.9", "b-1.10", "b-1.10rc1") == ("b-1.10",)


def test_of_equal_versions_the_greater_name_wins() -> None:
    """In whatever order they were scanned."""
    assert chosen("a: {b,c}-1", "c-1", "b-1") == ("c-1",)
    assert chosen("a: {b,c}-1", "b-1", "c-1") == ("c-1",)


def test_what_is_chosen_already_is_taken_again() -> None:
    """Else two MySQL clients would lie side by side."""
    assert chosen("a: b<2 b", "b-1", "b-3") == ("b-1",)
    assert chosen("a: b b<2", "b-1", "b-3") == ("b-3", "b-1")


def test_choices_of_other_packages_do_not_matter() -> None:
    """The rule before is for one dependent alone."""
    assert resolved("z: b<2", "a: b", "b-1", "b-3").packages[1].depends == ("b-3",)


def test_the_directory_is_not_a_criterion() -> None:
    """It gives a warning and no more."""
    found = resolved("a: b@x/b1", "b-1 @x/b1", "b-2 @x/b2")
    assert found.packages[0].depends == ("b-2",)
    (odd,) = found.misplaced
    assert (odd.pkgname, odd.depend.pkgpath, odd.chosen, odd.pkgpath) == (
        "a-1",
        "x/b1",
        "b-2",
        "x/b2",
    )


def test_everyone_who_names_a_wrong_directory_is_told() -> None:
    """Not only the first."""
    found = resolved("a: c@x/old", "b: c@x/old", "c")
    assert [odd.pkgname for odd in found.misplaced] == ["a-1", "b-1"]


def test_a_choice_made_before_can_be_misplaced_too() -> None:
    """As pbulk warns."""
    found = resolved("a: b<2@x/b b@x/b3", "b-1", "b-3 @x/b3")
    assert [(odd.chosen, odd.depend.pkgpath) for odd in found.misplaced] == [("b-1", "x/b3")]


@pytest.mark.parametrize("mark", ["!skip", "!fail", "!error"])
def test_packages_that_cannot_be_built_are_candidates(mark: str) -> None:
    """Otherwise a skipped package would silently be replaced by an older one."""
    assert chosen("a: b", "b-1", f"b-2 {mark}") == ("b-2",)


def test_an_unmatched_pattern_takes_away_all_depends() -> None:
    """No DEPENDS line is printed then; the state says why."""
    found = resolved("a: b c>=2 d>=9", "b-1", "c-1")
    a = found.packages[0]
    assert (a.depends, a.state, a.because) == ((), State.UNRESOLVED, None)
    assert a.reason == "no package matches: c>=2 of x/c (there is c-1)"
    assert [(one.depend.pattern, one.near) for one in found.unmatched] == [
        ("c>=2", ("c-1",)),
        ("d>=9", ()),
    ]


def test_a_bad_pattern_is_unresolved_not_fatal() -> None:
    """In pbulk it ends everything."""
    found = resolved("a: {b@x/b", "b-1")
    assert found.packages[0].reason == "unbalanced braces: {b of x/b"


def test_the_first_of_equal_names_counts() -> None:
    """As in pbulk's scan; the others are reported."""
    found = resolve([item("a @x/one"), item("b"), item("a @x/two")])
    assert [one.item.pkg_location for one in found.packages] == ["x/one", "x/b"]
    (double,) = found.duplicates
    assert (double.pkgname, double.kept, double.dropped) == ("a-1", 0, 2)


def test_ambiguous_patterns_are_listed_once() -> None:
    """With all candidates and all who ask."""
    found = resolved("a: c", "b: c", "c-1", "c-2")
    (one,) = found.ambiguous
    assert (one.pattern, one.candidates, one.best) == ("c-[0-9]*", ("c-1", "c-2"), "c-2")
    assert one.users == ("a-1", "b-1")


def test_depends_of_presolve_are_taken_as_they_are() -> None:
    """Also where another choice would be made today."""
    a, *others = scan("a: b", "b-1", "b-2", "c: b")
    found = resolve([replace(a, depends=names("b-1")), *others])
    assert [one.depends for one in found.packages] == [("b-1",), (), (), ("b-2",)]


def test_depends_of_presolve_must_exist() -> None:
    """A record may have been set aside since."""
    a, b = scan("a: b", "b-1")
    found = resolve([replace(a, depends=names("b-1", "c-1")), b])
    assert found.packages[0].state is State.UNRESOLVED
    assert found.packages[0].depends == ()
    assert found.packages[0].reason == "DEPENDS names no known package: c-1"


@pytest.mark.parametrize(
    ("mark", "own", "inherited"),
    [
        ("!skip", State.PRE_SKIPPED, State.INDIRECT_SKIPPED),
        ("!fail", State.PRE_FAILED, State.INDIRECT_FAILED),
        ("!error", State.UNRESOLVED, State.INDIRECT_UNRESOLVED),
        ("!skip !fail", State.PRE_SKIPPED, State.INDIRECT_SKIPPED),
        ("!fail !error", State.PRE_FAILED, State.INDIRECT_FAILED),
        (": nothing>=1", State.UNRESOLVED, State.INDIRECT_UNRESOLVED),
        ("!skip : nothing>=1", State.PRE_SKIPPED, State.INDIRECT_SKIPPED),
    ],
)
def test_reasons_spread(mark: str, own: State, inherited: State) -> None:
    """Through any number of packages, with the name of the one at fault; skip before fail."""
    found = resolved("a: b", "b: c", f"c {mark}", "d").packages
    assert [one.state for one in found] == [inherited, inherited, own, State.BUILDABLE]
    assert [one.because for one in found] == ["c-1", "c-1", None, None]
    assert found[0].reason.startswith(f"needs c-1, which is {own.value}: ")
    assert found[3].reason == ""


@pytest.mark.parametrize(
    ("needed", "worst", "fault"),
    [
        ("s u f", State.INDIRECT_FAILED, "f-1"),
        ("s u", State.INDIRECT_UNRESOLVED, "u-1"),
        ("s t", State.INDIRECT_SKIPPED, "s-1"),
        ("t s", State.INDIRECT_SKIPPED, "t-1"),
        ("s viaf", State.INDIRECT_FAILED, "f-1"),
        ("vias u", State.INDIRECT_UNRESOLVED, "u-1"),
    ],
)
def test_the_worst_dependency_counts(needed: str, worst: State, fault: str) -> None:
    """pre-failed, then unresolved, then pre-skipped; of equals the first in DEPENDS."""
    a = resolved(
        f"a: {needed}", "s !skip", "t !skip", "u: nothing", "f !fail", "viaf: f", "vias: s"
    ).packages[0]
    assert (a.state, a.because) == (worst, fault)


def test_an_own_reason_beats_all_dependencies() -> None:
    """A skipped package is skipped, however bad what it needs may be."""
    assert state("a-1", "a !skip: f u", "f !fail", "u: nothing") is State.PRE_SKIPPED


def test_cycles_are_unresolved_and_the_rest_goes_on() -> None:
    """The members by themselves, those behind them indirectly, others not at all."""
    found = resolved("z: a", "a: b", "b: c", "c: a d", "d", "e: d")
    assert found.cycles == (("a-1", "b-1", "c-1"),)
    assert [one.state for one in found.packages] == [
        State.INDIRECT_UNRESOLVED,
        *[State.UNRESOLVED] * 3,
        *[State.BUILDABLE] * 2,
    ]
    assert found.packages[2].reason == "needs itself: a-1 -> b-1 -> c-1 -> a-1"
    assert found.packages[2].depends == ("c-1",)
    assert found.packages[0].because == "a-1"


def test_the_shortest_chain_is_told() -> None:
    """Of a knot of many cycles."""
    assert resolved("a: b", "b: c", "c: a d", "d: c").cycles == (("c-1", "d-1"),)


def test_a_package_may_need_itself() -> None:
    """The shortest cycle of all."""
    found = resolved("a: a b", "b")
    assert found.cycles == (("a-1",),)
    assert found.packages[0].reason == "needs itself: a-1 -> a-1"


def test_members_of_a_cycle_keep_their_own_reason() -> None:
    """Own reasons come first, here too."""
    found = resolved("a !skip: b", "b: a")
    assert [one.state for one in found.packages] == [State.PRE_SKIPPED, State.UNRESOLVED]


def test_two_cycles_in_a_row() -> None:
    """The later one is a cycle by itself, not only behind the other."""
    found = resolved("a: b", "b: a c", "c: d", "d: c", "e: a")
    assert found.cycles == (("a-1", "b-1"), ("c-1", "d-1"))
    assert state("e-1", "a: b", "b: a c", "c: d", "d: c", "e: a") is State.INDIRECT_UNRESOLVED


def test_behind_two_cycles_the_worst_counts() -> None:
    """A package is judged after all that it needs, also where cycles were cut."""
    found = resolved("a: b", "b: a", "w: y", "y: w", "f !fail", "x: a f", "z: w x").packages
    assert (found[-1].state, found[-1].because) == (State.INDIRECT_FAILED, "f-1")


def test_counts_has_every_state() -> None:
    """A report shows zeros, too."""
    counts = resolved("a: b", "b !fail").counts()
    assert list(counts) == list(State)
    assert counts[State.INDIRECT_FAILED] == counts[State.PRE_FAILED] == 1
    assert sum(counts.values()) == 2


def test_look_ups() -> None:
    """By name, by directory, and what is needed in all."""
    found = resolved("a-1: b", "a-2", "b: c", "c", "d")
    assert found.by_path["x/a"] == ("a-1", "a-2")
    assert found.closure(names("a-1", "none-1")) == {"a-1", "b-1", "c-1"}


def test_nothing_is_resolved_to_nothing() -> None:
    """An empty scan is no error here."""
    assert resolve([]).packages == ()
