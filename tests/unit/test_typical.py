"""The shipped table and the guess."""

from __future__ import annotations

import pytest
from worlds import resolved

from pkgmkgen import resources
from pkgmkgen.model import pkgbase
from pkgmkgen.names import pkgname_error
from pkgmkgen.plan import typical
from pkgmkgen.plan.durations import Observation

TEXT = """\
# a head

time gcc 7000
factor all 10.000
factor category/x 2.000
factor count 3.000
factor kind/py 0.500
factor needs/rust 4.000
"""


def test_a_guess_is_the_product_of_factors() -> None:
    """A feature without a factor changes nothing."""
    table = typical.parse(TEXT)
    guess = {p.pkgname: table.guess(p) for p in resolved("a", "py3-b", "rust", "c: rust").packages}
    assert guess["a-1"] == pytest.approx(20)
    assert guess["py3-b"] == pytest.approx(20)  # no module: py3 is a pkgbase of its own
    assert guess["c-1"] == pytest.approx(20 * 4 * 3**0.6931, rel=1e-3)


def test_an_empty_table_guesses_something() -> None:
    """Never nothing, never more than an hour."""
    (package,) = resolved("a").packages
    assert typical.Typical().guess(package) == typical.LEAST_GUESS
    huge = typical.Typical(factors={"all": 1e9})
    assert huge.guess(package) == typical.MOST_GUESS


def test_the_table_is_read() -> None:
    """Times of packages that are known by name, and factors."""
    table = typical.parse(TEXT)
    assert table.times == (Observation("gcc-0", 7000.0),)


def test_what_is_no_line_of_the_table_is_a_bug() -> None:
    """The file is ours."""
    with pytest.raises(ValueError, match="neither"):
        typical.parse("tiem a 1\n")


def test_the_shipped_table_is_sound() -> None:
    """A few thousand lines, names that can be pkgbases, times of a second to a day or so."""
    text = resources.typical_times()
    table = typical.parse(text)
    assert len(text.splitlines()) < 4000
    assert len(table.times) > 1000
    assert not [one for one in table.times if pkgname_error(one.pkgname)]
    assert all(0 < one.seconds < 100_000 for one in table.times)
    assert all(0 < factor < 100 for factor in (table.factors or {}).values())
    names = [pkgbase(one.pkgname) for one in table.times]
    assert names == sorted(set(names))
