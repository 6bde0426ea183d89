"""bulk.mk as programs read it: one reader (rules.awk), and what is made from what it reads."""

from __future__ import annotations

import re
import subprocess

import pytest
from bulk import TOP

LIB = TOP / "sandbox-scripts" / "bulkmk"
GOLDEN = TOP / "tests" / "golden" / "small" / "bulk.mk"


def read(*words: str) -> str:
    """Run awk with these words on the golden bulk.mk."""
    argv = ["awk", *words, str(GOLDEN)]
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def rule(want: str) -> str:
    """Return the rule that a name means."""
    return read("-v", f"want={want}", "-f", f"{LIB}/rules.awk", "-f", f"{LIB}/rule.awk").strip()


@pytest.mark.parametrize(
    ("want", "answer"),
    [
        ("png-1.6.43", "png-1.6.43 graphics/png USE_DESTDIR=destdir -- zlib-1.3"),
        ("graphics/png", "png-1.6.43 graphics/png USE_DESTDIR=destdir -- zlib-1.3"),
        ("png", "png-1.6.43 graphics/png USE_DESTDIR=destdir -- zlib-1.3"),
        ("zlib", "zlib-1.3 devel/zlib --"),
        (
            "devel/py-foo",
            "py311-foo-1.0 devel/py-foo MULTI_VERSION=PYTHON_VERSION_REQD=311 --",
        ),
        ("gtk2+", "gtk2+-2.24nb3 x11/gtk2 -- zlib-1.3 png-1.6.43"),
        ("win", ""),
        ("pn", ""),
        ("", ""),
    ],
)
def test_a_package_is_found_by_each_of_its_names(want: str, answer: str) -> None:
    """The first in bulk.mk where several have the name; none that is not built."""
    assert rule(want) == answer


def test_a_block_has_all_that_belongs_to_a_package() -> None:
    """From its comment to its recipe; nothing of another package stands in between."""
    text = GOLDEN.read_text()
    text = text.partition("\n# Packages that are not built")[0]
    blocks = re.split(r"\n(?=# \S+: .*\n#job )", text)[1:]
    heads = [re.match(r"# (\S+): .*\n#job (\S+) ", block) for block in blocks]
    names = [head.groups() for head in heads if head]
    assert [name for name, _ in names] == re.findall(r"^\t@\$\(BUILD\) (\S+)", text, re.MULTILINE)
    for (name, job), block in zip(names, blocks, strict=True):
        assert job == name
        assert f"\n$(ALL)/{name}$(SUFX):" in block
        assert block.count("\n\t@$(BUILD) ") == block.count(f"\n\t@$(BUILD) {name} ") == 1
        assert block.count("\n_") == 0 or f"$(ALL)/{name}$(SUFX)),,_" in block
    assert re.search(r"^# png-\S+: .*; gates: 1, behind zlib-1.3$", text, re.MULTILINE)


def test_variables_of_bulk_mk_are_words() -> None:
    """None has a name of one letter; `$$s` is the shell's."""
    text = GOLDEN.read_text()
    assert not re.findall(r"^[A-Za-z] *[:?!]?=", text, re.MULTILINE)
    assert not re.findall(r"(?<!\$)\$(?:[A-Za-z]|[({][A-Za-z][)}:])", text)


def test_recipes_say_what_the_machine_lines_say() -> None:
    """What make hands to build.sh is what the scripts read."""
    text = GOLDEN.read_text()
    for name, words in re.findall(r"^\t@\$\(BUILD\) (\S+) (.*) -- ", text, re.MULTILINE):
        path, _, arguments = words.partition(" ")
        line = re.search(rf"^#job {re.escape(name)} (\S+) \S+ \S+ \S+ ?(.*)$", text, re.MULTILINE)
        assert line
        assert line.groups() == (path, arguments)


def test_fetch_has_each_version_of_a_directory_once() -> None:
    """As a flat Makefile, in bulk.mk's order."""
    made = read("-f", f"{LIB}/rules.awk", "-f", f"{LIB}/fetch.awk")
    assert made.count("\n\t@exec sh $(BULK_SCRIPTS)/fetch.sh ") == 7
    assert "fetch.sh py312-foo-1.0 devel/py-foo MULTI_VERSION=PYTHON_VERSION_REQD=312 --\n" in made
    assert made.endswith(" fetch-py311-foo-1.0 fetch-py312-foo-1.0\n")
