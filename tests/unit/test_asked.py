"""What is shared among makes, and under which conditions."""

from __future__ import annotations

from pkgmkgen.asked import Asked, Options, Value, wrong
from pkgmkgen.model import PkgPath


def test_the_commonest_value_is_handed_on() -> None:
    """One odd package that comes first does not cost all others a second question."""
    asked = Asked()
    odd, usual = Value("no", "clang"), Value("yes", "gcc")
    asked.learn({"X": odd})
    assert asked.values() == {"X": odd}
    asked.learn({"X": usual})
    asked.learn({"X": usual})
    assert asked.values() == {"X": usual}


def test_what_is_barred_is_never_handed_on() -> None:
    """Whether it was known before or comes later."""
    asked = Asked()
    asked.learn({"X": Value("1", ""), "Y": Value("1", "")})
    asked.bar({"X", "Z"})
    asked.learn({"X": Value("1", ""), "Z": Value("1", "")})
    assert asked.values() == {"Y": Value("1", "")}
    assert asked.barred() == {"X", "Z"}


def test_a_value_under_other_conditions_is_wrong() -> None:
    """Only names that were given, and only if they depend on something else now."""
    given = {"A": Value("1", "gcc"), "B": Value("1", ""), "C": Value("1", "")}
    found = {"A": Value("1", "clang"), "B": Value("2", ""), "D": Value("1", "x")}
    assert wrong(given, found) == {"A"}


def test_options_belong_to_the_versions_in_force() -> None:
    """What holds for one python is not told to another."""
    asked = Asked()
    three = (("PYTHON_VERSION_REQD", "3"),)
    one = Options(" x", PkgPath("x/a"), frozenset(), frozenset())
    asked.learn_options("PKG_BUILD_OPTIONS.a", three, one)
    assert asked.options(three) == {"PKG_BUILD_OPTIONS.a": one}
    assert asked.options(()) == {}
