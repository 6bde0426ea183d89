"""Match and choice, rule by rule of PKGSRC.md section 2."""

from __future__ import annotations

import pytest

from pkgmkgen.errors import PatternError
from pkgmkgen.model import PkgName
from pkgmkgen.resolve.pattern import MAX_ALTERNATIVES, Choice, Pool, best, expand, matches


def names(*texts: str) -> tuple[PkgName, ...]:
    """Type PKGNAMEs."""
    return tuple(map(PkgName, texts))


MATCH = [
    ("foo>1", "foo-1.0nb2"),
    ("foo>=1<2", "foo-1.9nb5"),
    ("foo>=1<2", "foo-2.0beta1"),
    ("foo>=1<2", "foo-2rc1"),
    ("foo>1<=2", "foo-2"),
    ("foo<=1.0", "foo-1.0"),
    ("foo<2", "foo-1"),
    ("foo>=1.0", "foo-1.0"),
    ("foo-[0-9]*", "foo-1.0"),
    ("foo-[0-9]*", "foo-2x-1.0"),
    ("{a,b}-[0-9]*", "a-1"),
    ("{a,b}-[0-9]*", "b-1"),
    ("php{56,70}>=5<8", "php56-7.0"),
    ("php{56,70}>=5<8", "php70-7.0"),
    ("mpg123{,-esound,-nas}>=0.59", "mpg123-1"),
    ("mpg123{,-esound,-nas}>=0.59", "mpg123-nas-1"),
    ("vim-9.1{,nb[0-9]*}", "vim-9.1nb3"),
    ("vim-9.1{,nb[0-9]*}", "vim-9.1"),
    ("x{a{b,c}d,e}-1", "xacd-1"),
    ("x{a{b,c}d,e}-1", "xe-1"),
    ("{{a,b},{c,d}}>=1", "d-2"),
    ("{a}{b,c}-1", "ac-1"),
    ("a{}-1", "a-1"),
    ("foo-1.0", "foo-1.0"),
    ("foo<2>=1", "foo-1.5"),  # no range: the rest is version text
    ("foo<2>=1", "foo-2"),  # 2>=1 is read as 2, 1
    ("foo>=1<2<3", "foo-1.5"),
    ("foo<2<3", "foo-2"),  # no range either: 2<3 is read as 2, 3
    ("foo-[0-9]*", "foo-9.1"),
    ("foo-[0-9]*", "foo-0"),
    ('py313-psycopg2>=2.9"', "py313-psycopg2-2.9.10"),  # from the real tree
    ("foo-bar>=1", "foo-bar-1"),
    ("foo>=", "foo-1"),
    ("fo?-1", "foo-1"),
    ("*-1", "foo-1"),
]

NO_MATCH = [
    ("foo>1", "foo-1.0"),
    ("foo>=1<2", "foo-2.0"),
    ("foo>=1<2", "foo-0.9"),
    ("foo>=1<=2", "foo-2.0nb1"),
    ("foo<=1.0", "foo-1.0nb1"),
    ("foo-[0-9]*", "foo-bar-1.0"),
    ("foo>=1", "foo-bar-1.0"),
    ("foo-bar>=1", "foo-1"),
    ("foo>=1", "Foo-1"),
    ("FOO-*", "foo-1"),
    ("foo", "foo-1.0"),  # pkg_info would say yes
    ("foo-1.0", "foo-1.0nb1"),
    ("fo*>=1", "foo-1"),  # the base is compared as it is
    ("{a,b}-[0-9]*", "c-1"),
    ("php{56,70}>=5<8", "php56-8.0"),
    ("foo==1", "foo-1"),
    ("foo!=1", "foo-2"),
    ("", "foo-1"),
    ("{}", "foo-1"),
]


@pytest.mark.parametrize(("pattern", "pkgname"), MATCH)
def test_matches(pattern: str, pkgname: str) -> None:
    """The definition and the fast way say yes."""
    assert matches(pattern, pkgname)
    assert Pool(names(pkgname, "other-0")).choose(pattern).best == pkgname


@pytest.mark.parametrize(("pattern", "pkgname"), NO_MATCH)
def test_does_not_match(pattern: str, pkgname: str) -> None:
    """The definition and the fast way say no."""
    assert not matches(pattern, pkgname)
    assert Pool(names(pkgname)).choose(pattern) == Choice(None, ())


@pytest.mark.parametrize("pattern", ["ab{c", "ab{c,{d}", "ab{c}{"])
def test_quick_reject_comes_before_the_braces(pattern: str) -> None:
    """A name that differs in the first two characters is turned down before braces are read.

    In pbulk bad braces are fatal, and this look ahead decides whether they are met.
    """
    assert not matches(pattern, "xy-1")
    assert not matches(pattern, "ax-1")
    with pytest.raises(PatternError):
        matches(pattern, "ab-1")


@pytest.mark.parametrize("pattern", ["a{c", "{", "_{"])
def test_quick_reject_stops_at_what_is_not_plain(pattern: str) -> None:
    """Only letters, digits and dashes are compared; after anything else the pattern is read."""
    with pytest.raises(PatternError):
        matches(pattern, "a_-1")


def test_a_bad_pattern_finds_an_error_not_a_package() -> None:
    """The caller must know that the pattern is at fault, not the tree."""
    with pytest.raises(PatternError, match="unbalanced braces"):
        Pool(names("a-1")).choose("a{b")


def test_alternatives_are_limited() -> None:
    """Two to the power of forty alternatives are refused at once, in both ways."""
    with pytest.raises(PatternError, match=str(MAX_ALTERNATIVES)):
        expand("{a,b}" * 40)
    with pytest.raises(PatternError):
        matches("{a,b}" * 40, "a-1")
    assert len(expand("{a,b}" * 12)) == MAX_ALTERNATIVES


def test_expansion_keeps_order_and_empty_ones() -> None:
    """As csh does it, the first group outermost."""
    assert expand("{a,,b{c,d}}x{1,}") == ["ax1", "ax", "x1", "x", "bcx1", "bcx", "bdx1", "bdx"]


def test_highest_version_is_taken() -> None:
    """Of several candidates, by dewey, not by text."""
    assert Pool(names("a-1.9", "a-1.10", "a-1.10beta")).choose("a-[0-9]*").best == "a-1.10"


def test_of_equal_versions_the_greater_name_is_taken() -> None:
    """Thus in pbulk; pkg_add does it the other way round."""
    assert best(names("a-1.0", "b-1.0", "B-1.0")) == "b-1.0"
    assert best(names("a-1.0", "a-1")) == "a-1.0"
    assert Pool(names("b-1", "a-1")).choose("{a,b}-1").best == "b-1"


def test_versions_count_across_bases() -> None:
    """The base is looked at only where versions are equal."""
    found = names("mysql-client-8.0", "mariadb-client-11.4")
    assert best(found) == "mariadb-client-11.4"


def test_candidates_are_all_that_match() -> None:
    """Sorted by name, each once, however many alternatives find it."""
    pool = Pool(names("a-2", "a-1", "b-1", "c-9"))
    assert pool.choose("{a,b,a}-[0-9]*") == Choice(PkgName("a-2"), names("a-1", "a-2", "b-1"))
    assert pool.choose("a*") == Choice(PkgName("a-2"), names("a-1", "a-2"))


def test_near_names_help_to_mend_a_pattern() -> None:
    """The same base at other versions, for each kind of pattern."""
    pool = Pool(names("a-1", "a-2", "b-1"))
    for pattern in ("a>=3", "a-3", "a-[3-9]*", "{a,x}>=3"):
        assert pool.near(pattern) == names("a-1", "a-2")
    assert pool.near("{") == pool.near("z>=1") == ()
