"""The topics of `pkgmkgen help`: complete, as wide as a terminal, in step with the program."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import pytest
from bulk import TOP
from wording import generic, script_messages

from pkgmkgen import settings
from pkgmkgen.resources import help_pages

PAGES = help_pages()
WANTED = {
    "quickstart",
    "real-tree",
    "settings",
    "schedule",
    "scan",
    "rebuild",
    "sandbox",
    "unprivileged",
    "hosts",
    "slurm",
    "vm",
    "distcc",
    "jobs",
    "reports",
    "repository",
    "exit-status",
    "troubleshooting",
    "from-pbulk",
    "glossary",
    "changes",
}
_MARK = "All messages that follow `run halted:`"


def _item(text: str, more: str) -> str:
    """Return an item of a list and what is to be said of it."""
    wide: dict[str, Any] = {"width": 79, "break_long_words": False, "break_on_hyphens": False}
    first = textwrap.fill(text, initial_indent="- ", subsequent_indent="  ", **wide)
    return f"{first}\n" + textwrap.fill(more, initial_indent="  ", subsequent_indent="  ", **wide)


def _troubleshooting(head: str) -> str:
    """Return the topic with each message that halts a run; what stands before them is `head`."""
    messages = {
        (generic(what), generic(fix))
        for function, what, fix in script_messages()
        if function in {"machine_failure", "unable", "vm_trouble"}
    }
    items = (_item(f"`{what}`", f"{fix}.") for what, fix in sorted(messages) if fix)
    return head + "\n".join(items) + "\n"


def test_the_table_of_settings_fits_a_terminal() -> None:
    """`pkgmkgen help settings` ends with it."""
    assert [line for line in settings.help_text().splitlines() if len(line) > 80] == []


def test_no_message_that_halts_a_run_is_missing(request) -> None:
    """Troubleshooting has all of them; a change is `pytest --update-golden`."""
    page = TOP / "pkgmkgen" / "help" / "troubleshooting.md"
    before, mark, after = page.read_text().partition(_MARK)
    head = before + mark + after.partition("\n\n")[0] + "\n\n"
    if request.config.getoption("--update-golden"):
        page.write_text(_troubleshooting(head))
    assert page.read_text() == _troubleshooting(head)


def test_every_topic_is_there() -> None:
    """Those that people look for, and the README links each."""
    names = {page.stem for page in PAGES}
    assert names >= WANTED
    readme = (TOP / "README.md").read_text()
    assert {name for name in names if f"(pkgmkgen/help/{name}.md)" not in readme} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_topic_fits_a_terminal(page) -> None:
    """A title, at most 80 columns; topics that it names exist."""
    text = page.read_text()
    assert text.startswith("# ")
    assert [line for line in text.splitlines() if len(line) > 80] == []
    named = set(re.findall(r"pkgmkgen\s+help\s+([a-z-]+)", text))
    assert named <= {page.stem for page in PAGES}


def test_the_readme_is_short_and_its_links_lead_somewhere() -> None:
    """120 to 150 lines."""
    text = (TOP / "README.md").read_text()
    assert 120 <= len(text.splitlines()) <= 150
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (TOP / link).exists(), link
