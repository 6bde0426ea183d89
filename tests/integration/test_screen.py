"""What a run prints while it builds: plain lines in a file, counts and colours on a terminal."""

from __future__ import annotations

import os
import pty
import re
import subprocess

import pytest
from bulk import Bulk

pytestmark = pytest.mark.root

PATHS = ("misc/lonely", "mail/letterpress-types", "net/netprobe")
HINT = "note       to watch: pkgmkgen status --watch --log "


def _on_terminal(bulk: Bulk, *words: str, **env: str) -> str:
    """Run make with a terminal as its output and errors."""
    ours, theirs = pty.openpty()
    argv = ["make", "-f", str(bulk.mk), *words]
    env = {**os.environ, "TERM": "xterm", **env}
    with subprocess.Popen(argv, stdout=theirs, stderr=theirs, env=env) as process:
        os.close(theirs)
        said = b""
        try:
            while data := os.read(ours, 65536):
                said += data
        except OSError:  # all ends are closed
            pass
        process.wait()
    os.close(ours)
    return said.decode()


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_make_adds_no_lines_to_a_failure(bulk: Bulk, tool: str) -> None:
    """A failed package has its own line; only the outer make reports its status, once."""
    bulk.generate(*PATHS)
    said = bulk.make("-j2", tool=tool).stdout
    assert said.count("failed     netprobe-5.1 in configure after") == 1
    assert len(re.findall(r"^.*\*\*\*.*$", said, re.MULTILINE)) == 1, said
    assert "[1]" not in said
    assert said.count(HINT) == 1
    assert "\x1b" not in said


def test_a_terminal_shows_counts_and_colours(bulk: Bulk) -> None:
    """Below the lines, how far it is and how long it may take; not if NO_COLOR is set."""
    bulk.generate(*PATHS)
    said = _on_terminal(bulk, "-j2")
    assert "\x1b[31mfailed     netprobe-5.1 in configure" in said
    assert "\x1b[32mbuilt      lonely-1.0 in " in said
    assert re.search(r"\x1b\[2m\d of 4, 2 building, about 0:\d\d:\d\d left\x1b\[0m\r\x1b\[K", said)
    assert "\x1b[2m4 of 4, 2 failed\x1b[0m\r\x1b[K" in said
    assert "\x1b" not in _on_terminal(bulk, "retry", NO_COLOR="1")


def test_after_a_halt_there_is_one_line(bulk: Bulk) -> None:
    """Not one for each package that is left."""
    bulk.generate()
    said = bulk.make("-j4", "PROCESSES_MAX=x").stdout
    assert said.count("pkgmkgen: run halted: ") == 1
    assert said.count("\n") < 12, said
