"""Why is it in, why does it need that, why can it not be built."""

from __future__ import annotations

from dataclasses import replace

import pytest
from worlds import names, resolved, scan

from pkgmkgen.errors import UsageError
from pkgmkgen.model import PkgName, PkgPath
from pkgmkgen.resolve import explain
from pkgmkgen.resolve.limited import close_over
from pkgmkgen.resolve.resolver import resolve

TREE = (
    "mutt: ssl>=1 perl ssl",
    "ssl-3: perl>=5 cc",
    "perl-5: cc",
    "perl-4 @x/perl4",
    "cc !fail",
    "z",
)


def test_a_person_may_name_a_package_in_three_ways() -> None:
    """PKGNAME, directory, or the name without version."""
    found = resolved("a-1: b", "a-2 @x/other", "b")
    assert explain.find(found, "a-2") == ("a-2",)
    assert explain.find(found, "x/a") == ("a-1",)
    assert explain.find(found, "a") == ("a-1", "a-2")


@pytest.mark.parametrize(
    ("text", "fix"),
    [("perll", "did you mean "), ("$(touch x)\n", "use a PKGNAME"), ("q" * 10**6, "use a")],
)
def test_unknown_names_get_help(text: str, fix: str) -> None:
    """Similar names, if there are any; hostile text is quoted."""
    with pytest.raises(UsageError, match="no such package") as caught:
        explain.find(resolved(*TREE), text)
    assert caught.value.fix.startswith(fix)
    assert "\n" not in caught.value.where
    assert len(caught.value.where) < 300


def test_a_chain_is_shortest_and_names_patterns() -> None:
    """Each step with the pattern that chose and what else it met."""
    found = resolved(*TREE)
    chain = explain.needs(found, *names("mutt-1", "cc-1"))
    assert [(link.pkgname, link.needed) for link in chain] in (
        [("mutt-1", "ssl-3"), ("ssl-3", "cc-1")],
        [("mutt-1", "perl-5"), ("perl-5", "cc-1")],
    )
    first = explain.needs(found, *names("mutt-1", "ssl-3"))
    assert explain.chain_text(first) == (
        "  mutt-1 needs ssl-3: ssl>=1 of x/ssl\n    meets also ssl-[0-9]*\n"
    )
    assert explain.needs(found, *names("cc-1", "mutt-1")) == ()
    assert explain.needs(found, *names("mutt-1", "z-1")) == ()


def test_candidates_are_told() -> None:
    """Which others the pattern would have matched."""
    (link,) = explain.needs(resolved(*TREE), *names("mutt-1", "perl-5"))
    assert link.candidates == ("perl-4", "perl-5")
    assert "highest version of 2: perl-4, perl-5" in explain.chain_text([link])


def test_the_pattern_that_chose_is_told_not_a_later_one() -> None:
    """`b<2` chose; `b-[0-9]*` alone would have taken b-3."""
    found = resolved("a: b<2 b", "b-1", "b-3")
    (link,) = explain.links(found, found.packages[0])
    assert link.depend is not None
    assert (link.depend.pattern, link.needed, link.candidates) == ("b<2", "b-1", ("b-1",))
    assert [also.pattern for also in link.also] == ["b-[0-9]*"]


def test_why_is_it_in_the_whole_tree() -> None:
    """Because everything is."""
    answer = explain.why(resolved(*TREE), PkgName("cc-1"))
    assert (answer.listed, answer.wanted) == (True, ())
    assert answer.needed_by == ("perl-5", "ssl-3")


def test_why_is_it_in_a_limited_build() -> None:
    """The chain from a listed package; none for the listed one."""
    found = close_over(scan(*TREE), [PkgPath("x/mutt")])
    listed = [PkgPath("x/mutt")]
    answer = explain.why(found, PkgName("cc-1"), listed)
    assert answer.wanted[0].pkgname == "mutt-1"
    assert answer.wanted[-1].needed == "cc-1"
    assert "wanted because mutt-1 is listed:" in explain.why_text(answer)
    text = explain.why_text(explain.why(found, PkgName("mutt-1"), listed))
    assert "wanted for itself" in text


def test_why_is_it_broken() -> None:
    """The chain to the package at fault, and its reason."""
    text = explain.why_text(explain.why(resolved(*TREE), PkgName("perl-5")))
    assert text == (
        "perl-5 (x/perl): indirect-pre-failed\n"
        "  needs cc-1, which is pre-failed: known to fail\n"
        "  perl-5 needs cc-1: cc-[0-9]* of x/cc\n"
        "wanted for itself: its directory is to be built\n"
        "needed directly by 2: mutt-1, ssl-3\n"
        "needs directly 1:\n"
        "  perl-5 needs cc-1: cc-[0-9]* of x/cc\n"
    )


def test_why_is_it_unresolved() -> None:
    """Every pattern that found nothing, with what there is instead."""
    text = explain.why_text(explain.why(resolved("a: b>=2 c", "b"), PkgName("a-1")))
    assert "  no package matches: b>=2 of x/b (there is b-1)\n" in text
    assert "  no package matches: c-[0-9]* of x/c\n" in text
    assert text.endswith("needed directly by 0\nneeds directly 0\n")


def test_a_reason_is_given_once() -> None:
    """That of an unresolved package is also the first of its patterns without a package."""
    text = explain.why_text(explain.why(resolved("a: b>=2", "b-1"), PkgName("a-1")))
    assert text.count("no package matches") == 1


def test_why_is_it_on_a_cycle() -> None:
    """The chain."""
    text = explain.why_text(explain.why(resolved("a: b", "b: a"), PkgName("b-1")))
    assert "needs itself: a-1 -> b-1 -> a-1" in text


def test_long_lists_are_cut() -> None:
    """One package has 29,000 dependents."""
    found = resolved("z", *(f"a{number}: z" for number in range(20)))
    assert "needed directly by 20: a0-1, a1-1, a10-1" in explain.why_text(
        explain.why(found, PkgName("z-1"))
    )
    assert ", ...\n" in explain.why_text(explain.why(found, PkgName("z-1")))


def test_a_given_depends_line_is_reason_enough() -> None:
    """Output of presolve need not have patterns that match."""
    a, b = scan("a", "b")
    found = resolve([replace(a, depends=names("b-1")), b])
    chain = explain.needs(found, *names("a-1", "b-1"))
    assert explain.chain_text(chain) == "  a-1 needs b-1: its DEPENDS line says so\n"
