"""Every oddity with its place and what to do."""

from __future__ import annotations

import indexes
from worlds import resolved

from pkgmkgen.index import reader as index
from pkgmkgen.model import Fault
from pkgmkgen.resolve.problems import Kind, Problem, problems, problems_text
from pkgmkgen.resolve.resolver import resolve

SCAN = """\
PKGNAME=a-1
PKG_LOCATION=x/a
ALL_DEPENDS=b>=9:../../x/b c-[0-9]*:../../x/c d>=1:../../x/d
PKGNAME=b-1
PKG_LOCATION=x/b
ALL_DEPENDS=c-[0-9]*:../../x/c
PKGNAME=b-2
PKG_LOCATION=x/b
ALL_DEPENDS=b>=1<2:../../x/b0
PKGNAME=c-1
PKG_LOCATION=x/c
ALL_DEPENDS=b>=1<2:../../x/b
PKGNAME=e-1
PKG_LOCATION=x/e
ALL_DEPENDS=b-[0-9]*:../../x/b zz>=1:../../x/e
PKGNAME=a-1
PKG_LOCATION=x/a2
ALL_DEPENDS=
PKGNAME=$x-1
PKG_LOCATION=x/x
ALL_DEPENDS=
"""

TEXT = """\
scan failed: x/q: make: stopped (x/q)
  fix: look at the log
--
unresolved: f:1: a-1: no package matches: b>=9 of x/b (there is b-1, b-2)
  fix: correct the pattern used by x/a, or update x/b
--
unresolved: f:1: a-1: no package matches: d>=1 of x/d
  fix: scan x/d, too, or look why its scan failed
--
unresolved: f:13: e-1: no package matches: zz>=1 of x/e
  fix: correct the pattern used by x/e: x/e gives others
--
cycle: f:4: b-1: needs itself: b-1 -> c-1 -> b-1
  fix: take out one dependency in x/b, x/c
--
duplicate: f:16: PKGNAME a-1 again; the first, f:1, counts
  fix: nothing if both are the same package, else change PKGNAME in x/a or x/a2
--
other directory: f:7: b-2: b>=1<2 of x/b0 is met by b-1, x/b
  fix: nothing if that is meant, else correct the dependency in x/b
--
ambiguous: f:13: e-1: b-[0-9]* matches 2 packages: b-1, b-2; b-2 is taken (1 dependents)
  fix: nothing if that is meant, else narrow the pattern in x/e
"""


def found() -> tuple[Problem, ...]:
    """Return the problems of the scan above."""
    scan = index.read([SCAN.encode()], "f")
    failed = [Fault("make: stopped", "x/q", "look at the log", "x/q")]
    return problems(scan, resolve(scan.items), failed)


def test_versions_of_a_directory_are_no_duplicates() -> None:
    """A record for each version with the same PKGNAME is what pbulk-index prints by design."""
    one = "PKGNAME=a-1\nPKG_LOCATION=x/a\nALL_DEPENDS=\nMULTI_VERSION= PYTHON_VERSION_REQD="
    for second, wanted in (("312", 0), ("311", 1)):
        known = index.read([f"{one}311\n{one}{second}\n".encode()], "f")
        found = problems(known, resolve(known.items))
        assert [problem.kind for problem in found] == [Kind.DUPLICATE] * wanted


def test_every_kind_is_found() -> None:
    """With the line of the record and the packages meant."""
    assert [(one.kind, one.where) for one in found()] == [
        (Kind.SCAN, "x/q"),
        (Kind.RECORD, "f:19"),
        (Kind.UNRESOLVED, "f:1: a-1"),
        (Kind.UNRESOLVED, "f:1: a-1"),
        (Kind.UNRESOLVED, "f:13: e-1"),
        (Kind.CYCLE, "f:4: b-1"),
        (Kind.DUPLICATE, "f:16"),
        (Kind.MISPLACED, "f:7: b-2"),
        (Kind.AMBIGUOUS, "f:13: e-1"),
    ]


def test_text_says_what_and_what_to_do() -> None:
    """Two lines each."""
    text = problems_text(found())
    for want in TEXT.split("--\n"):
        assert want in text
    assert len(text.splitlines()) == 2 * len(found())


def test_a_sound_scan_has_none() -> None:
    """Nothing is printed then."""
    good = resolved("a: b", "b")
    scan = indexes.from_items([one.item for one in good.packages])
    assert problems_text(problems(scan, good)) == ""
