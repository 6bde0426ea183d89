"""The cause of a halt, from what a program of the machine wrote to its standard error."""

from __future__ import annotations

import subprocess

import pytest
from bulk import TOP

from pkgmkgen.scan import session

CAUSES = {
    "": ("it gave no reason", "repair that, then run the same command again"),
    "pkgmkgen: no bmake\n  fix: set BMAKE\n": ("no bmake", "set BMAKE"),
    "pkgmkgen: run halted: first\n  fix: one\npkgmkgen: second\n  fix: two\n": ("first", "one"),
    "mount: /x: refused\npkgmkgen: sandbox: cannot bind /x\n": (
        "cannot bind /x (mount: /x: refused)",
        "repair that, then run the same command again",
    ),
    "one\ntwo\n\n": ("two", "repair that, then run the same command again"),
    "a\x1b[31mb\x07\n": ("a [31mb ", "repair that, then run the same command again"),
}


@pytest.mark.parametrize("number", range(len(CAUSES)))
def test_the_cause_and_its_remedy(tmp_path, number: int) -> None:
    """Two lines for a halt, whatever was written."""
    said, told = list(CAUSES.items())[number]
    (tmp_path / "said").write_text(said)
    script = (
        '. "$BULK_SCRIPTS/host/cause.sh"; cause "$0"; printf "%s\\n" "$cause_what" "$cause_fix"'
    )
    argv = ["sh", "-euc", script, str(tmp_path / "said")]
    env = {"PATH": "/usr/bin:/bin", "BULK_SCRIPTS": str(TOP / "sandbox-scripts")}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=True)
    assert tuple(done.stdout.splitlines()) == told


def test_a_scan_tells_it_too() -> None:
    """One line and its remedy, for the error of the command."""
    text = "mount: x\npkgmkgen: run halted: no kit\n  fix: set it\n"
    assert session._cause(text) == ("no kit", "set it")
    assert session._cause("sh: not found\n") == ("sh: not found", "")
