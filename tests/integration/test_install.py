"""Templates and scripts are found from a wheel, from an editable install and from a source tree."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

INDEX = Path(__file__).parent.parent / "golden" / "small" / "index.txt"


def _scripts(pythonpath: Path, cwd: Path) -> Path:
    """Generate with the package found there; returns the SCRIPTS that bulk.mk names."""
    env = {**os.environ, "PYTHONPATH": str(pythonpath)}
    argv = [sys.executable, "-P", "-m", "pkgmkgen", "-q", "--index", str(INDEX)]
    done = subprocess.run(argv, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("SCRIPTS = "))
    return Path(line.partition("= ")[2])


@pytest.fixture(scope="module")
def wheel(top, tmp_path_factory) -> Path:
    """Build the wheel from a copy, so that the checkout stays as it is; unpacked, as installed."""
    copy = tmp_path_factory.mktemp("copy") / "pkgmkgen"
    names = ["setup.cfg", "pyproject.toml", "README.md", "LICENSE", "pkgmkgen", "templates"]
    copy.mkdir()
    subprocess.run(["cp", "-R", *names, "sandbox-scripts", copy], cwd=top, check=True)
    argv = [sys.executable, "-m", "build", "--wheel", "--outdir", copy.parent, copy]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    installed = copy.parent / "installed"
    with zipfile.ZipFile(next(copy.parent.glob("*.whl"))) as archive:
        archive.extractall(installed)
    return installed


def test_from_a_wheel(wheel, top, tmp_path) -> None:
    """Every script and template of the checkout is in it."""
    scripts = _scripts(wheel, tmp_path)
    assert scripts.is_relative_to(wheel)
    for name in ("sandbox-scripts", "templates"):
        kept = wheel / "pkgmkgen" / name.replace("-", "_")
        want = {path.relative_to(top / name) for path in (top / name).rglob("*") if path.is_file()}
        assert want <= {path.relative_to(kept) for path in kept.rglob("*") if path.is_file()}


def test_a_wheel_says_what_it_is(wheel) -> None:
    """Its metadata are complete: what an index and `pip show` print."""
    (info,) = wheel.glob("pkgmkgen-*.dist-info")
    told = email.message_from_string((info / "METADATA").read_text())
    for key in ("Name", "Version", "Summary", "Author", "License", "Keywords", "Project-URL"):
        assert told[key], key
    assert told["Requires-Python"] == ">=3.11"
    assert told["Description-Content-Type"] == "text/markdown"
    assert str(told.get_payload()).lstrip().startswith("# pkgmkgen\n")
    plain = [word for word in told.get_all("Requires-Dist", []) if ";" not in word]
    assert plain == ["jinja2", "networkx", "plumbum"]
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    entries = (info / "entry_points.txt").read_text()
    assert "pkgmkgen = pkgmkgen.__main__:main" in entries
    assert list(info.rglob("LICENSE"))


def test_a_wheel_needs_no_checkout(wheel, tmp_path) -> None:
    """The manual, and a report's templates, are in it."""
    env = {**os.environ, "PYTHONPATH": str(wheel)}
    for words, text in ((["help", "--man"], ".TH PKGMKGEN 1"), (["help", "scan"], "# Scanning")):
        argv = [sys.executable, "-P", "-m", "pkgmkgen", *words]
        done = subprocess.run(
            argv, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
        )
        assert done.stdout.startswith(text)


def test_from_a_source_tree(top, tmp_path) -> None:
    """As after `git clone` with the libraries at hand."""
    assert _scripts(top, tmp_path) == top / "sandbox-scripts"


def test_as_installed_here(top, tmp_path) -> None:
    """The editable install that tests/run.sh makes, or whatever runs these tests."""
    assert (_scripts(tmp_path, tmp_path) / "build.sh").is_file()
    assert top
