"""What may enter and what may not: the gate for everything that comes from a tree."""

from __future__ import annotations

import pytest

from pkgmkgen import names

HOSTILE = [
    "",
    "-rf-1",
    "../x-1",
    "/etc/passwd-1",
    "a b-1",
    "a\t-1",
    "a-1\n",
    "a\n-1",
    "$(touch x)-1",
    "`touch x`-1",
    "'a'-1",
    '"a"-1',
    "a;b-1",
    "a&b-1",
    "a|b-1",
    "a#b-1",
    "a:b-1",
    "a=b-1",
    "a%b-1",
    "a!b-1",
    "@a-1",
    "~a-1",
    "a\\b-1",
    "a\0-1",
    "é-1",
    ".a-1",
    "_a-1",
    "+a-1",
]


@pytest.mark.parametrize(
    "text",
    [
        "a-1",
        "A-1",
        "libX11-1.8nb2",
        "p5-Foo-1_2",
        "g++-1",
        "0ad-0.0.26",
        "kde4-l10n-ca@valencia-4.14.3",
        "a~b-1,2",
    ],
)
def test_good_pkgnames(text: str) -> None:
    """Letters, digits and `. _ + -`, a dash and a version."""
    assert names.read_pkgname(text) == text


@pytest.mark.parametrize("text", [*HOSTILE, "a", "a-", "-1", "a" * 200 + "-1"])
def test_bad_pkgnames(text: str) -> None:
    """Whatever make, sh or a file system could take for something else."""
    assert names.read_pkgname(text) is None
    assert "\n" not in names.pkgname_error(text)


@pytest.mark.parametrize("text", ["a/b", "devel/g++", "x11/XaoS", "lang/python3.13", "0/1"])
def test_good_directories(text: str) -> None:
    """Two plain pieces."""
    assert names.read_pkgpath(text) == text


@pytest.mark.parametrize(
    "text",
    [
        *HOSTILE,
        "a",
        "a/",
        "/a",
        "a/b/c",
        "a//b",
        "../a",
        "a/..",
        "a/.b",
        "./a",
        "a/-b",
        "-a/b",
        "a/b\n",
    ],
)
def test_bad_directories(text: str) -> None:
    """Nothing absolute, nothing that climbs, nothing that a tool takes for an option."""
    assert names.read_pkgpath(text) is None


@pytest.mark.parametrize(
    "entry",
    [
        "a>=1:../../x/a",
        "{a,b}-[0-9]*:../../x/a",
        'a>=2.9":../../x/a',
        "$(x):../../x/a",
        "a\x1f>=1:../../x/a",
        "é\x85:../../x/a",
    ],
)
def test_good_dependencies(entry: str) -> None:
    """Patterns are only matched: real trees have quotes and control characters in them."""
    assert not names.depend_error(entry)


@pytest.mark.parametrize(
    "entry",
    [
        "a>=1",
        "a>=1:x/a",
        "a>=1:../x/a",
        "a>=1:/../..x/a",
        "a>=1:../../x",
        "a>=1:../../x/a/b",
        "a>=1:../../../etc/x",
        "a>=1:../../x/$(y)",
        ":../../x/a",
        "a:b:../../x/a",
        "a\0:../../x/a",
        "a" * 4001 + ":../../x/a",
    ],
)
def test_bad_dependencies(entry: str) -> None:
    """As in pbulk the first colon must begin `:../../`, and a package directory must follow."""
    assert names.depend_error(entry)


@pytest.mark.parametrize("word", ["PYTHON_VERSION_REQD=313", "PKG_APACHE=apache24", "A="])
def test_good_settings(word: str) -> None:
    """What MULTI_VERSION holds."""
    assert not names.setting_error(word)


@pytest.mark.parametrize("word", ["x", "=1", "a=1", "A=$(x)", "A=b c", "A=1\n", "-A=1", "A=/x"])
def test_bad_settings(word: str) -> None:
    """They become arguments of make."""
    assert names.setting_error(word)


def test_messages_stay_messages() -> None:
    """Hostile text in a message is one short line of plain characters."""
    assert names.quoted("a\n\x1b[31m") == r"'a\n\x1b[31m'"
    assert len(names.quoted("x" * 10**6)) < 100
    assert names.plain("a\x1bb\udc80") == "a?b?"
    assert names.plain("größer 1") == "größer 1"


@pytest.mark.parametrize("char", "\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u2028\u3000\udc80")
def test_only_blanks_and_tabs_part_words_and_only_newlines_lines(char: str) -> None:
    """Of make's and sh's words: Python's own split and splitlines cut at all of these."""
    assert names.split_words(f" a{char}b\t c ") == [f"a{char}b", "c"]
    assert names.split_lines(f"a{char}b\nc\n\n") == [f"a{char}b", "c", ""]
    assert names.split_lines("") == []
