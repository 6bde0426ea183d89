"""Linters and type checker, so that one command checks all."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP

SHELLS = [shell for shell in ("dash", "bash", "mksh") if shutil.which(shell)]
SCRIPTS = sorted(
    path
    for folder in ("sandbox-scripts", "tests", ".ci")
    for path in (TOP / folder).rglob("*")
    if path.is_file() and (path.suffix == ".sh" or path.name == "run")
)

TESTS_MAY = [
    *(f"--allow-{what}" for what in ("untyped-defs", "incomplete-defs", "untyped-calls")),
    "--allow-untyped-decorators",
    "--no-warn-return-any",
    "--disable-error-code=index",  # a PKGNAME may be a plain text
    "--disable-error-code=dict-item",
]


def _passes(*argv: str) -> None:
    done = subprocess.run(argv, cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff() -> None:
    """All rules but those that pyproject.toml argues away."""
    _passes(sys.executable, "-m", "ruff", "check", "--no-cache", ".")


def test_ruff_format() -> None:
    """One layout."""
    _passes(sys.executable, "-m", "ruff", "format", "--no-cache", "--check", ".")


def test_mypy() -> None:
    """Strict types in the package; in tests, too, but pytest passes fixtures by name."""
    _passes(sys.executable, "-m", "mypy")
    _passes(sys.executable, "-m", "mypy", *TESTS_MAY, "tests")


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: str(p.relative_to(TOP)))
def test_shellcheck(script: Path) -> None:
    """POSIX sh. SC2317 (unreachable code) is off: functions called through variables look so."""
    if not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    _passes("shellcheck", "-x", "-s", "sh", "-e", "SC2317", str(script))


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_can_read_every_script(shell: str) -> None:
    """No script leans on one shell's grammar."""
    for script in SCRIPTS:
        _passes(shell, "-n", str(script))
