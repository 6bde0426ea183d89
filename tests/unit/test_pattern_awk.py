"""pattern.awk: the host's scripts match dependency patterns as the resolver does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import test_glob
import test_pattern
from hypothesis import given, settings
from hypothesis import strategies as st

from pkgmkgen.errors import PatternError
from pkgmkgen.resolve.pattern import matches

PATTERN = Path(__file__).parents[2] / "sandbox-scripts" / "repository" / "pattern.awk"
AWKS = [name for name in ("awk", "mawk", "gawk", "original-awk", "busybox") if shutil.which(name)]
ASK = "{ pattern = $0; getline; print matches(pattern, $0) }"
TEXT = st.text("ab1-.{},*?[]<>=\\!nb", max_size=12)
VERSION = st.text("0123456789.abrcpl_nb", min_size=1, max_size=8)


def ask(awk: str, pairs: list[tuple[str, str]]) -> list[bool]:
    """Tell for each pattern and name what awk says."""
    argv = ["busybox", "awk"] if awk == "busybox" else [awk]
    asked = PATTERN.read_text() + ASK
    lines = "".join(f"{pattern}\n{name}\n" for pattern, name in pairs)
    done = subprocess.run(
        [*argv, asked],
        input=lines,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    return [line == "1" for line in done.stdout.splitlines()]


def expected(pattern: str, name: str) -> bool:
    """Tell what the resolver says; a pattern that it refuses matches nothing."""
    try:
        return matches(pattern, name)
    except PatternError:
        return False


def _marked(test) -> list[tuple[str, str]]:
    (mark,) = (one for one in test.pytestmark if one.name == "parametrize")
    return list(mark.args[1])


@pytest.mark.parametrize("awk", AWKS)
def test_the_known_cases(awk: str) -> None:
    """All that the tests of the resolver name, numbers longer than awk's and hostile braces."""
    pairs = [*test_pattern.MATCH, *test_pattern.NO_MATCH]
    pairs += _marked(test_glob.test_matches) + _marked(test_glob.test_does_not_match)
    pairs += [
        ("a>=123456789012345678901234567890", "a-123456789012345678901234567891"),
        ("a>123456789012345678901234567890", "a-123456789012345678901234567890"),
        ("a>=0000000000000000000000000000001", "a-1"),
        ("{a,b}" * 40, "a-1"),
        ("ab{c", "ab-1"),
    ]
    pairs = [pair for pair in pairs if pair[1]]
    assert ask(awk, pairs) == [expected(*pair) for pair in pairs]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(TEXT, TEXT.filter(bool)), max_size=60),
    st.lists(
        st.tuples(st.sampled_from([">=", ">", "<", "<="]), VERSION, VERSION, VERSION), max_size=60
    ),
)
def test_as_the_resolver(texts, ranges) -> None:
    """Any pattern and any name; versions of all kinds."""
    pairs = [*texts]
    pairs += [(f"a{op}{low}", f"a-{version}") for op, low, _, version in ranges]
    pairs += [(f"a>={low}<{high}", f"a-{version}") for _, low, high, version in ranges]
    assert ask("awk", pairs) == [expected(*pair) for pair in pairs]
