"""What may enter the Makefile, and in which clothes."""

from __future__ import annotations

import subprocess

import pytest

from pkgmkgen import settings
from pkgmkgen.errors import UsageError
from pkgmkgen.plan.render import argv, comment, packages, word

HOSTILE = [
    "$(shell id)",
    "`id`",
    "a b",
    "a;b",
    "'",
    '"',
    "-rf",
    "a\nb",
    "a#b",
    "a:b",
    "%",
    "a\\",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_names_that_make_would_misread_are_refused(text: str) -> None:
    """The readers set such names aside; should one come through, generation stops."""
    with pytest.raises(ValueError, match="not a word"):
        word(text)
    with pytest.raises(ValueError, match="not a word"):
        packages([text])


@pytest.mark.parametrize("text", [*HOSTILE, "\x1b[2J", "it's $HOME $$ \\", "é"])
@pytest.mark.parametrize("make", ["make", "bmake"])
def test_free_text_arrives_in_a_recipe_as_it_is(text: str, make: str, tmp_path) -> None:
    """Quoted for sh and for make; only what a terminal could obey is replaced."""
    makefile = tmp_path / "mk"
    makefile.write_text(f"all:\n\t@printf '%s.' {argv(text)}\n")
    done = subprocess.run([make, "-f", makefile], capture_output=True, text=True, check=False)
    assert done.stdout == "".join(c if c.isprintable() else "?" for c in text) + "."


@pytest.mark.parametrize("text", [*HOSTILE, "ends in \\", "a\rb"])
@pytest.mark.parametrize("make", ["make", "bmake"])
def test_free_text_in_a_comment_stays_there(text: str, make: str, tmp_path) -> None:
    """No line break, no continuation."""
    makefile = tmp_path / "mk"
    makefile.write_text(f"# {comment(text)}\nall:\n\t@echo all well\n")
    done = subprocess.run([make, "-f", makefile], capture_output=True, text=True, check=False)
    assert done.stdout == "all well\n"


@pytest.mark.parametrize("value", ["$(shell id)", "a#b", "a'b", "a;b", "a\nb", "a\\"])
def test_settings_that_make_would_misread_are_a_usage_error(value: str) -> None:
    """Two lines: what, where, how to mend it."""
    with pytest.raises(UsageError, match="misread"):
        settings.parse((f"PACKAGES={value}",))


def test_unknown_setting_names_the_known_ones() -> None:
    """A typo in --set is no silent default."""
    with pytest.raises(UsageError, match="PACKAGES"):
        settings.parse(("PACKAGE=/x",))
