"""What is shared among makes, and under which conditions."""

from __future__ import annotations

from pkgmkgen.model import PkgPath
from pkgmkgen.scan.shared_values import PkgOptions, SharedValues, Value, stale


def test_the_commonest_value_is_handed_on() -> None:
    """One odd package that comes first does not cost all others a second question."""
    asked = SharedValues()
    odd, usual = Value("no", "clang"), Value("yes", "gcc")
    asked.learn({"X": odd})
    assert asked.values() == {"X": odd}
    asked.learn({"X": usual})
    asked.learn({"X": usual})
    assert asked.values() == {"X": usual}


def test_what_is_barred_is_never_handed_on() -> None:
    """Whether it was known before or comes later."""
    asked = SharedValues()
    asked.learn({"X": Value("1", ""), "Y": Value("1", "")})
    asked.exclude({"X", "Z"})
    asked.learn({"X": Value("1", ""), "Z": Value("1", "")})
    assert asked.values() == {"Y": Value("1", "")}
    assert asked.excluded() == {"X", "Z"}


def test_a_value_under_other_conditions_is_wrong() -> None:
    """Only names that were given, and only if they depend on something else now."""
    given = {"A": Value("1", "gcc"), "B": Value("1", ""), "C": Value("1", "")}
    found = {"A": Value("1", "clang"), "B": Value("2", ""), "D": Value("1", "x")}
    assert stale(given, found) == {"A"}


def test_options_belong_to_the_versions_in_force() -> None:
    """What holds for one python is not told to another."""
    asked = SharedValues()
    three = (("_V_py", "3"), ("PY", "3"), ("RB", "9"))
    four = (("_V_py", "4"), ("PY", "4"), ("RB", "9"))
    same = options("x")
    other = options("p", "PY")
    asked.learn_options("SAME", (), same)
    asked.learn_options("OTHER", (), other)
    assert asked.options(three) == {"SAME": same}
    asked.learn_options("OTHER", three, options("p3", "PY"))
    assert asked.options(three)["OTHER"].text == "p3"
    assert asked.options((*three[:2], ("RB", "8")))["OTHER"].text == "p3"
    assert asked.options(four) == {"SAME": same}
    assert asked.options(())["OTHER"].text == "p"


def test_a_variable_named_only_under_some_version_counts_from_then_on() -> None:
    """Python 3 may include what looks at the ruby."""
    asked = SharedValues()
    settings = (("PY", "3"), ("RB", "9"))
    asked.learn_options("A", (), options("p", "PY"))
    asked.learn_options("A", settings, options("p3r9", "PY", "RB"))
    assert asked.options(settings)["A"].text == "p3r9"
    assert asked.options((("PY", "3"), ("RB", "8"))) == {}


def options(text: str, *mentions: str) -> PkgOptions:
    """Make some options."""
    return PkgOptions(text, PkgPath("x/a"), frozenset(), frozenset(mentions))
