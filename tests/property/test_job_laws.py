"""What goes to another machine arrives as it was, whatever is in it: job.awk writes, sh reads."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from bulk import TOP
from hypothesis import example, given, settings
from hypothesis import strategies as st

AWK = TOP / "sandbox-scripts" / "remote" / "job.awk"
SHELLS = [shell for shell in ("dash", "bash", "mksh") if shutil.which(shell)]
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)
SHOW = 'printf "%s\\0" "$BULK_VALUE" "$job_word" "$@"'


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=30)
@given(value=TEXT, word=TEXT, arguments=st.lists(TEXT, min_size=1, max_size=3))
@example("'; touch /x; '", "$(id) `id` \\' \\\\ \\n", ["-x", "", "a\nb", "&&", "'"])
def test_every_word_arrives_as_it_was(
    shell: str, value: str, word: str, arguments: list[str]
) -> None:
    """Settings of the environment, words of the job, arguments of the script."""
    argv = ["awk", "-f", str(AWK), f"job_word={word}", "--", *arguments]
    env = {"PATH": "/usr/bin:/bin", "BULK_VALUE": value, "BULK_SSH": "not for there"}
    env |= {"BULK_SETTINGS": "VALUE SSH=ssh", "BULK_TRAVELS": "VALUE"}
    env |= {"BULK_OS": "Linux"}  # a NetBSD host took itself for Linux
    job = subprocess.run(argv, env=env, capture_output=True, check=True).stdout
    assert b"BULK_SSH" not in job
    assert b"BULK_OS" not in job
    done = subprocess.run(
        [shell, "-s"], input=job + SHOW.encode(), env={}, capture_output=True, check=True
    )
    assert done.stdout.decode().split("\0")[:-1] == [value, word, *arguments]
