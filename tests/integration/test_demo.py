"""The demo: what it refuses before it begins, what it says, what a second one does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bulk import TOP
from person import Person

PARTS = ("demo.sh", "setup.sh", "run.sh")


def _checkout(path: Path) -> Path:
    """Copy what the demo needs before it builds."""
    (path / "tests").mkdir(parents=True)
    for name in PARTS:
        shutil.copy(TOP / "tests" / name, path / "tests")
    shutil.copytree(TOP / "sandbox-scripts", path / "sandbox-scripts")
    shutil.copy(TOP / "setup.cfg", path)
    (path / ".venv").mkdir()
    (path / ".venv" / "for").write_text("tests\n")
    return path


def _said(*words: str | Path, **options) -> str:
    done = subprocess.run(words, capture_output=True, text=True, check=False, **options)
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stdout == ""
    assert "\n  fix: " in done.stderr
    return done.stderr


@pytest.mark.parametrize("script", ["demo.sh", "run.sh"])
def test_a_checkout_with_a_blank_in_its_path_is_refused_first(tmp_path: Path, script: str) -> None:
    """Nothing is installed before; the message has the path."""
    place = _checkout(tmp_path / "my checkout")
    assert f"make cannot take: {place}\n" in _said("sh", place / "tests" / script)


def test_a_directory_with_a_blank_is_refused_first(tmp_path: Path) -> None:
    """That of the demo, too."""
    place = _checkout(tmp_path / "checkout")
    said = _said("sh", place / "tests" / "demo.sh", tmp_path / "a demo")
    assert f"make cannot take: {tmp_path}/a demo\n" in said
    assert not (tmp_path / "a demo").exists()


@pytest.mark.root
@pytest.mark.parametrize("script", ["demo.sh", "run.sh"])
def test_a_checkout_of_somebody_else_is_refused_first(somebody: Person, script: str) -> None:
    """They are told to copy it."""
    place = _checkout(somebody.home / f"checkout-{script}")
    said = _said(*somebody.argv, "sh", str(place / "tests" / script))
    assert (
        f"you cannot write to this checkout, where the Python environment .venv is made: {place}\n"
        in said
    )


@pytest.mark.root
def test_a_person_without_sandboxes_is_told_why(somebody: Person) -> None:
    """Before anything is built."""
    place = _checkout(somebody.home / "checkout-none")
    somebody.own(place)
    refused = ("sh", str(TOP / "tests" / "nonamespaces.sh"), *somebody.argv)
    said = _said(*refused, "sh", str(place / "tests" / "demo.sh"), timeout=30)
    assert "bulky cannot create sandboxes here: unshare: " in said


@pytest.mark.root
@pytest.mark.long
def test_the_demo_and_the_demo_again(tmp_path: Path) -> None:
    """It says what it does, each package becomes what is expected, five things follow."""
    words = ("sh", TOP / "tests" / "demo.sh", tmp_path / "demo")
    for building in (True, False):
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PATH": f"{TOP}/.venv/bin:{os.environ['PATH']}"},
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert ("building   " in done.stdout) == building
        assert "takes one to three minutes" in done.stdout
        assert "of its 83 packages were built" in done.stdout
        assert re.findall(r"^  (\d)\. ", done.stdout, re.MULTILINE) == list("12345")
