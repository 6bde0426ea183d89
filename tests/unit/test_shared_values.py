"""What is shared among makes, and under which conditions."""

from __future__ import annotations

import os
import subprocess

from pkgmkgen.model import PkgPath
from pkgmkgen.scan.shared_values import PkgOptions, SharedValues, Value, handed, stale


def test_the_commonest_value_is_handed_on() -> None:
    """One odd package that comes first does not cost all others a second question."""
    asked = SharedValues()
    odd, usual = Value("no", "clang"), Value("yes", "gcc")
    asked.learn({"X": odd})
    assert asked.values() == {"X": (odd,)}
    asked.learn({"X": usual})
    asked.learn({"X": usual})
    assert asked.values() == {"X": (usual,)}


def test_what_is_barred_is_never_handed_on() -> None:
    """Whether it was known before or comes later."""
    asked = SharedValues()
    asked.learn({"X": Value("1", ""), "Y": Value("1", "")})
    asked.exclude({"X", "Z"})
    asked.learn({"X": Value("1", ""), "Z": Value("1", "")})
    assert asked.values() == {"Y": (Value("1", ""),)}
    assert asked.excluded() == {"X", "Z"}


def test_a_value_under_other_conditions_is_wrong() -> None:
    """Only names that were given, and only if they depend on something else now."""
    some = {"A": Value("1", "gcc"), "B": Value("1", ""), "C": Value("1", "")}
    given = {name: (value,) for name, value in some.items()}
    found = {"A": Value("1", "clang"), "B": Value("2", ""), "D": Value("1", "x")}
    assert stale(given, found) == {"A"}
    assert stale({"A": (*given["A"], Value("1", "clang"))}, found) == set()


def test_a_fact_has_a_value_for_each_condition() -> None:
    """A make looks up the one for the compiler that its package wants."""
    asked = SharedValues()
    old, new = Value("3.0", "2.8.0 3.0"), Value("4.8", "4.8 2.8.0 3.0")
    for value in (new, old, old):
        asked.learn({"_GCC_STRICTEST_REQD": value})
    values = asked.values()["_GCC_STRICTEST_REQD"]
    assert values == (old, new)
    env = handed("_GCC_STRICTEST_REQD", values)
    assert env["_TOLD._GCC_STRICTEST_REQD.4.8_2.8.0_3.0"] == "4.8"
    for wanted, want in (("4.8 2.8.0 3.0", "4.8"), ("2.8.0 3.0", "3.0"), ("9", "3.0")):
        words = ("bmake", "-f", "/dev/null", f"GCC_REQD={wanted}", "-V", "${_GCC_STRICTEST_REQD}")
        done = subprocess.run(words, env={**os.environ, **env}, capture_output=True, check=True)
        assert done.stdout.decode() == f"{want}\n"


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
