"""Laws of versions, matching and choosing, over names made up at random."""

from __future__ import annotations

import fnmatch as python_fnmatch
import re
from random import Random

from hypothesis import example, given
from hypothesis import strategies as st
from strategies import patterns, pkgnames, simple_patterns, versions

from pkgmkgen.errors import PatternError
from pkgmkgen.model import PkgName
from pkgmkgen.resolve.dewey import compare, parse
from pkgmkgen.resolve.glob import fnmatch
from pkgmkgen.resolve.pattern import Pool, best, expand, matches


@given(versions(), versions())
def test_order_is_antisymmetric(left: str, right: str) -> None:
    """What is smaller one way is greater the other way."""
    assert compare(parse(left), parse(right)) == -compare(parse(right), parse(left))


@given(versions(), versions(), versions())
@example("1", "1.0rc1", "1.0.0")
def test_order_is_transitive(a: str, b: str, c: str) -> None:
    """Sorting makes sense."""
    one, two, three = parse(a), parse(b), parse(c)
    if compare(one, two) <= 0 and compare(two, three) <= 0:
        assert compare(one, three) <= 0
    if compare(one, two) == 0:
        assert compare(one, three) == compare(two, three)


@given(versions())
def test_zeros_and_case_mean_nothing(version: str) -> None:
    """The same version in other words."""
    assert compare(parse(version), parse(version.upper())) == 0
    assert compare(parse(version), parse(version + ".0.0")) == 0 or version.endswith(("n", "nb"))


@given(versions(), versions())
def test_operators_agree_with_the_order(version: str, bound: str) -> None:
    """Each of the four, and the range that holds just one version."""
    order = compare(parse(version), parse(bound))
    name = f"foo-{version}"
    assert matches(f"foo<{bound}", name) == (order < 0)
    assert matches(f"foo<={bound}", name) == (order <= 0)
    assert matches(f"foo>{bound}", name) == (order > 0)
    assert matches(f"foo>={bound}", name) == (order >= 0)
    assert matches(f"foo>={bound}<={bound}", name) == (order == 0)


@given(patterns(), st.lists(pkgnames(), max_size=8, unique=True))
def test_the_fast_way_finds_what_the_definition_says(pattern: str, known: list[PkgName]) -> None:
    """A Pool is an index, not another opinion."""
    want = sorted(name for name in known if matches(pattern, name))
    choice = Pool(known).choose(pattern)
    assert list(choice.candidates) == want
    assert choice.best == (best(want) if want else None)


@given(st.lists(pkgnames(), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_the_best_does_not_depend_on_order(known: list[PkgName], rng: Random) -> None:
    """And no other is better."""
    chosen = best(known)
    assert best(rng.sample(known, len(known))) == chosen
    version = parse(chosen.rpartition("-")[2])
    for name in known:
        order = compare(parse(name.rpartition("-")[2]), version)
        assert order < 0 or (order == 0 and name <= chosen)


@given(patterns(), pkgnames())
def test_braces_are_short_for_a_list(pattern: str, pkgname: PkgName) -> None:
    """A pattern matches if one of its alternatives does."""
    assert matches(pattern, pkgname) == any(matches(one, pkgname) for one in expand(pattern))


@given(
    st.text(st.sampled_from("ab*?[]!-."), max_size=6), st.text(st.sampled_from("ab-."), max_size=6)
)
@example("[]", "]")
@example("[a", "[a")
def test_globs_agree_with_python(pattern: str, name: str) -> None:
    """Where Python's fnmatch means the same: no leading period, no backslash, no `^`."""
    bad_range = re.search(r"\[[^\]]*.-", pattern)  # Python drops empty ranges in its own way
    if not name.startswith(".") and not bad_range:
        assert fnmatch(pattern, name) == python_fnmatch.fnmatchcase(name, pattern)


@given(st.text(max_size=40), st.text(max_size=20))
@example("<1", "")
def test_any_pattern_is_read_or_refused(pattern: str, name: str) -> None:
    """Nothing but PatternError, whatever the text."""
    pool = Pool([PkgName(name)])
    try:
        assert bool(pool.choose(pattern).candidates) == matches(pattern, name)
    except PatternError:
        assert "{" in pattern
    pool.near(pattern)


@given(simple_patterns(), pkgnames())
def test_case_counts_in_bases(pattern: str, pkgname: PkgName) -> None:
    """Names differ by case; only versions do not."""
    base, _, version = pkgname.rpartition("-")
    if matches(pattern, pkgname) and not set("*?[") & set(pattern):
        assert not matches(pattern, f"{base.swapcase()}-{version}")
