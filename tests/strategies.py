"""Hypothesis generators of what pkgmkgen reads: the one home, new features add theirs here.

Names come from small stocks, so that patterns meet packages, versions tie and bases overlap.
"""

from __future__ import annotations

from hypothesis import strategies as st

from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem

BASES = ("a", "ab", "foo", "foo-bar", "foo-2x", "py313-foo", "libX11", "Foo", "p5-a")
"""Bases that are each other's beginnings, with digits and dashes where globs stumble."""

PATHS = tuple(PkgPath(path) for path in ("a/a", "a/b", "devel/foo", "x11/libX11", "lang/p5-a"))

ODD = "\x01\x0b\x0c\x1c\x1d\x1e\x1f\x7f\x85\xa0\xe9\u2028\u3000\udc80"
"""Characters of a word at which Python's own split or splitlines cut, and others that fit one."""

_PARTS = (*"0123456789", "10", "007", "alpha", "beta", "rc", "pre", "pl", "nb", "a", "B", ".", "_")


def versions() -> st.SearchStrategy[str]:
    """Return versions: mostly what pkgsrc has, and any heap of their pieces."""
    plain = st.from_regex(r"[0-9]{1,2}(\.[0-9]{1,2}){0,2}(nb[0-9])?", fullmatch=True)
    heap = st.lists(st.sampled_from(_PARTS), min_size=1, max_size=6).map("".join)
    return st.one_of(plain, heap)


def pkgnames() -> st.SearchStrategy[PkgName]:
    """Return good PKGNAMEs of at least four characters (pbulk's least) that may repeat."""
    joined = st.builds("{}-{}".format, st.sampled_from(BASES), versions())
    return joined.filter(lambda name: len(name) >= 4).map(PkgName)


def simple_patterns() -> st.SearchStrategy[str]:
    """Return patterns without braces, of each kind that pkgsrc has."""
    base, version = st.sampled_from(BASES), versions()
    return st.one_of(
        st.builds("{}{}{}".format, base, st.sampled_from(("<", "<=", ">", ">=")), version),
        st.builds(
            "{}{}{}{}{}".format,
            base,
            st.sampled_from((">", ">=")),
            version,
            st.sampled_from(("<", "<=")),
            version,
        ),
        st.builds("{}-[0-9]*".format, base),
        st.builds("{}-{}*".format, base, st.sampled_from(("", "[1-4]", "?.", "[!0-9]"))),
        st.builds("{}-{}".format, base, version),
        st.sampled_from(("*", "f*-1*", "?oo-*", "foo", "")),
    )


def patterns() -> st.SearchStrategy[str]:
    """Return patterns, also with braces around, inside and behind others, and nested."""
    braces = st.lists(simple_patterns(), min_size=1, max_size=3).map(lambda p: f"{{{','.join(p)}}}")
    return st.one_of(
        simple_patterns(),
        braces,
        st.builds("{}{{{},{}}}".format, simple_patterns(), versions(), st.just("")),
        st.builds("{{{},{}}}-[0-9]*".format, st.sampled_from(BASES), st.sampled_from(BASES)),
        st.builds("{{{},{}}}".format, braces, simple_patterns()),
    )


def depends() -> st.SearchStrategy[Depend]:
    """Return entries of ALL_DEPENDS that pbulk-index could print (a pattern is never empty)."""
    odd = st.text(ODD, min_size=1, max_size=3).map("foo{}-[0-9]*".format)
    return st.builds(Depend, st.one_of(patterns().filter(bool), odd), st.sampled_from(PATHS))


def _text() -> st.SearchStrategy[str]:
    """Return free text: mostly empty, else anything that fits a line and is visible."""
    visible = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
    return st.one_of(st.just(""), st.text(visible, max_size=12))


def scan_items() -> st.SearchStrategy[ScanItem]:
    """Return records as `indexes.dump` can print them."""
    word = st.from_regex(r"[a-z0-9][a-z0-9._+-]{0,6}", fullmatch=True)
    return st.builds(
        ScanItem,
        pkgname=pkgnames(),
        pkg_location=st.sampled_from(PATHS),
        all_depends=st.lists(depends(), max_size=4).map(tuple),
        pkg_skip_reason=st.one_of(st.just(""), st.just(""), _text()),
        pkg_fail_reason=st.one_of(st.just(""), st.just(""), _text()),
        no_bin_on_ftp=_text(),
        restricted=_text(),
        categories=st.lists(word, max_size=2).map(tuple),
        maintainer=_text(),
        use_destdir=st.sampled_from(("", "destdir", "user-destdir")),
        bootstrap_pkg=st.booleans(),
        usergroup_phase=st.sampled_from(("", "configure", "pre-install")),
        make_jobs_safe=st.booleans(),
        pbulk_weight=st.integers(min_value=0, max_value=10**6),
        multi_version=st.lists(
            st.sampled_from(("PYTHON_VERSION_REQD=313", "PKG_APACHE=apache24")), max_size=2
        ).map(tuple),
        depends=st.one_of(st.none(), st.lists(pkgnames(), max_size=2, unique=True).map(tuple)),
    )


def scans(*, max_size: int = 8) -> st.SearchStrategy[list[ScanItem]]:
    """Return scans: records with different PKGNAMEs that have not been resolved yet."""
    reason = st.sampled_from(("", "", "", "because"))
    fresh = st.builds(
        ScanItem,
        pkgname=pkgnames(),
        pkg_location=st.sampled_from(PATHS),
        all_depends=st.lists(depends(), max_size=4).map(tuple),
        pkg_skip_reason=reason,
        pkg_fail_reason=reason,
    )
    return st.lists(fresh, max_size=max_size, unique_by=lambda item: item.pkgname)


def hostile_text() -> st.SearchStrategy[bytes]:
    """Return input that is nearly an index: its lines, torn, mixed with bytes of any kind."""
    evil = st.sampled_from(
        (
            b"PKGNAME=",
            b"PKGNAME=a-1\n",
            b"PKG_LOCATION=a/a\n",
            b"ALL_DEPENDS=\n",
            b"SCAN_DEPENDS=x\n",
            b"ALL_DEPENDS=a>=1:../../a/b {{,:../../a/a\n",
            b"DEPENDS=a-1 $(x)\n",
            b"\r\n",
            b"\n",
            b"\0",
            b"PKGNAME=$(touch x)-1\n",
            b"PKGNAME=-rf-1\n",
            b"PKG_LOCATION=../..\n",
            b"=\n",
            b"\x80\xff",
            b"PKG_LOCATION=/etc/passwd\n",
            b"MULTI_VERSION= X=`x`\n",
            b"PBULK_WEIGHT=1e9\n",
        )
    )
    return st.lists(st.one_of(evil, st.binary(max_size=8)), max_size=12).map(b"".join)


def graphs(*, max_size: int = 10) -> st.SearchStrategy[dict[PkgName, tuple[PkgName, ...]]]:
    """Return graphs without cycles: each package and what it needs."""
    numbers = st.integers(min_value=0, max_value=max_size - 1)
    rows = st.lists(st.lists(numbers, max_size=3), max_size=max_size)

    def graph(lists: list[list[int]]) -> dict[PkgName, tuple[PkgName, ...]]:
        name = [PkgName(f"p{number}-1") for number in range(len(lists))]
        return {
            name[place]: tuple(sorted({name[one % place] for one in below} if place else ()))
            for place, below in enumerate(lists)
        }

    return rows.map(graph)


def timed_graphs(
    *, max_size: int = 10
) -> st.SearchStrategy[tuple[dict[PkgName, tuple[PkgName, ...]], dict[PkgName, float]]]:
    """Return graphs and the seconds of their packages; many take equally long."""
    seconds = st.sampled_from((0.5, 1.0, 2.0, 3.0, 10.0, 60.0, 600.0))
    return graphs(max_size=max_size).flatmap(
        lambda needs: st.tuples(
            st.just(needs), st.fixed_dictionaries(dict.fromkeys(needs, seconds))
        )
    )
