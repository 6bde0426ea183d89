"""pkgsrc's order of versions, by the vectors of PKGSRC.md section 2."""

from __future__ import annotations

import pytest

from pkgmkgen.resolve.dewey import Version, compare, parse


def order(left: str, right: str) -> int:
    """Compare two texts."""
    return compare(parse(left), parse(right))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("1.0", "1"),
        ("1", "1.0.0"),
        ("1.0", "1.0nb0"),
        ("1.0", "1.0nb"),
        ("1.0pl1", "1.0.1"),
        ("1.0_1", "1.0.1"),
        ("1.0a", "1.0.1"),
        ("1.0A", "1.0a"),
        ("1.0z", "1.0.26"),
        ("1.0rc1", "1.0pre1"),
        ("1.0RC1", "1.0rc1"),
        ("1.0Alpha", "1.0ALPHA"),
        ("1.0nb2nb1", "1.0nb1"),
        ("1,2", "1~2"),
        ("1.007", "1.7"),
        ("", "0"),
    ],
)
def test_equal(left: str, right: str) -> None:
    """Missing parts are 0, words have numbers, case means nothing, the last nb counts."""
    assert order(left, right) == order(right, left) == 0


@pytest.mark.parametrize(
    ("smaller", "greater"),
    [
        ("1.0alpha", "1.0beta"),
        ("1.0beta", "1.0rc1"),
        ("1.0rc1", "1.0"),
        ("1.0pre9", "1.0"),
        ("1.0", "1.0nb1"),
        ("1.0nb1", "1.0nb2"),
        ("1.0nb9", "1.0nb10"),
        ("1.0nb1", "1.0.1"),
        ("1.0.1", "1.01"),
        ("1.9", "1.10"),
        ("2.0beta1", "2.0"),
        ("2rc1", "2"),
        ("1.0a", "1.0b"),
        ("1.0pl1", "1.0q"),
        ("1.99999999999999999998", "1.99999999999999999999"),
        ("1.0alpha2", "1.0alpha10"),
        ("1.0alpha", "1"),
        ("1", "1.0.0.0.1"),
        ("1.0nb5", "1.0n"),
        ("1.0p", "1.0pm"),
    ],
)
def test_smaller(smaller: str, greater: str) -> None:
    """Part by part from the left; the revision only where all parts are equal."""
    assert (order(smaller, greater), order(greater, smaller)) == (-1, 1)


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("1.2", Version((1, 0, 2), 0)),
        ("1.0pl1", Version((1, 0, 0, 0, 1), 0)),
        ("1.0a", Version((1, 0, 0, 0, 1), 0)),
        ("1_2", Version((1, 0, 2), 0)),
        ("2alpha3", Version((2, -3, 3), 0)),
        ("2beta3", Version((2, -2, 3), 0)),
        ("2pre3", Version((2, -1, 3), 0)),
        ("2rc3", Version((2, -1, 3), 0)),
        ("1nb3", Version((1,), 3)),
        ("1\u212a\u017f", Version((1,), 0)),  # Kelvin sign, long s: letters only if case is folded
        ("1nb3a", Version((1, 0, 1), 3)),
        ("2>=1", Version((2, 1), 0)),
        ("1.é٣", Version((1, 0), 0)),  # only ASCII digits and letters count
        ('2.9"', Version((2, 0, 9), 0)),
    ],
)
def test_taken_apart(text: str, version: Version) -> None:
    """Words and nb before single letters; what means nothing is passed over."""
    assert parse(text) == version


def test_numbers_of_any_length() -> None:
    """As long as a pattern may be, and no overflow as in C."""
    long = "9" * 3990
    assert order(long, long + ".1") == -1
    assert order("4294967297", "1") == 1
