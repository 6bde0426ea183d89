"""Linters and type checker, so that one command checks all."""

from __future__ import annotations

import re
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


# What old shells (NetBSD's to version 9, FreeBSD's) do otherwise than dash, bash and ksh.
OLD_SHELLS = {
    "assigns in arithmetic": r"\$\(\([^()]*[A-Za-z0-9_] *[-+*/%]?=[^=]",
    "makes an empty word of an unquoted ${x:-}": r"(?<!\")[ (]\$\{\w+:?-\}(?=[ );]|$)",
    "strips no prefix within the quotes of another expansion": (
        r"\$\{\w+:?[-=+?]\"?[^}]*\$\{\w+[#%]"
    ),
    "expands all words of a command before it assigns": (
        r"(?<![\w-])([a-z_]+)=(?:\$\([^()]*\)|[^ ;&|()])+ [a-z_]+=\"?(?:[^ ;&|]*|\$\([^()]*)"
        r"\$[{(]*\1\b"
    ),
    "ends an expansion at an unquoted end of line": r"\$\{\w+[#%]+[^\"}]*$",
    "has a process of its own for what is in parentheses": r"^\) *.*&$",
    "opens a file for a command that was started by vfork": (
        r"^(?! *\}).*[<>] *\"?(?!/dev/null)[$a-z/][^ ]*\"?( .*)?[^&]&$"
    ),
}
LINUX_ONLY = ("Linux", "vm/")


@pytest.mark.parametrize("what", OLD_SHELLS)
def test_no_script_needs_a_new_shell(what: str) -> None:
    """Each of these made a sandbox on NetBSD hang or fail."""
    found = [
        f"{script.relative_to(TOP)}: {line}"
        for script in SCRIPTS
        if "sandbox-scripts" in script.parts and not any(x in str(script) for x in LINUX_ONLY)
        for line in script.read_text().splitlines()
        if re.search(OLD_SHELLS[what], line.partition(" # ")[0])
    ]
    assert not found


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_can_read_every_script(shell: str) -> None:
    """No script leans on one shell's grammar."""
    for script in SCRIPTS:
        _passes(shell, "-n", str(script))
