"""Every message of the commands and scripts, so that its wording is reviewed as a diff."""

from __future__ import annotations

from pathlib import Path

import pytest
from wording import python_messages, script_messages

GOLDEN = Path(__file__).parent / "messages"


def _scripts() -> str:
    """Write each call as it stands in the scripts, the remedy on a line of its own."""
    return "".join(
        f"{function} {what}\n" + (f"  {fix}\n" if fix else "")
        for function, what, fix in script_messages()
    )


MESSAGES = {
    "python": lambda: "".join(f"{line}\n" for line in python_messages()),
    "scripts": _scripts,
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages_match_golden(name: str, request) -> None:
    """A wanted change is `pytest --update-golden`, reviewed as a diff."""
    got, want = MESSAGES[name](), GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        want.write_text(got)
    assert got == want.read_text()
