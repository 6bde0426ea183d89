"""Scripts source what they call: no function is missing in whichever order they are used."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from bulk import TOP

from pkgmkgen import settings

SCRIPTS = TOP / "sandbox-scripts"
FILES = sorted(SCRIPTS.rglob("*.sh"))
SOURCED = [path for path in FILES if not path.read_text().startswith("#!")]
HOST = [path for path in SOURCED if path.parent.name in {"host", "launch", "remote", "vm"}]
CONTRACTS = ("os_", "_os_", "launch_", "chroot_as_user")
"""Functions of os/SYSTEM.sh and launch/NAME.sh, which are chosen when a script runs."""
_SOURCE = re.compile(r'^\s*\. ["/]\S*?/([a-z]+/[\w-]+\.sh)', re.MULTILINE)
_COMMAND = r"(?:^|[;&|({{!]|\bthen|\bdo|\belse|\bif|\$\()\s*{}\b(?![-=(./:)])"
_VALUES = {"SCRIPTS": str(SCRIPTS), "LAUNCH": "ssh", "BOOTSTRAP_KIT": "/nonexistent/kit"}
_ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "BULK_MAKEFILE": "/nonexistent/bulk.mk",
    **settings.declarations(),
    **{
        row.export: value
        for row in settings.table(_VALUES)
        if row.export and (value := settings.expanded(_VALUES)[row.name])
    },
}


def _name(path: Path) -> str:
    return str(path.relative_to(SCRIPTS))


def _code(path: Path) -> str:
    """Return a script without comments and quoted programs of awk."""
    text = re.sub(r"^\s*#.*", "", path.read_text(), flags=re.MULTILINE)
    return re.sub(r"'[^'\n]*'", "''", text)


def _defined(path: Path) -> set[str]:
    return set(re.findall(r"^([a-z_]\w*)\(\)", path.read_text(), re.MULTILINE))


def _reached(path: Path, seen: set[Path]) -> set[Path]:
    """Return a script and all that it sources, directly or not."""
    if path not in seen and path.is_file():
        seen.add(path)
        for found in _SOURCE.findall(path.read_text()):
            _reached(SCRIPTS / found, seen)
    return seen


DEFINED = {path: _defined(path) for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_what_a_script_calls_it_sources(path: Path) -> None:
    """Functions of other files are reached by the file's own source lines."""
    reached = {name for file in _reached(path, set()) for name in DEFINED[file]}
    others = {
        name
        for file in SOURCED
        for name in DEFINED[file] - reached
        if len(name) > 5 and not name.startswith(CONTRACTS)
    }
    code = _code(path)
    missing = {name for name in others if re.search(_COMMAND.format(name), code, re.MULTILINE)}
    assert not missing


@pytest.mark.parametrize("path", HOST, ids=_name)
def test_a_sourced_file_stands_alone(path: Path) -> None:
    """It can be sourced first and twice, in every order."""
    if path.name == "environment.sh":
        pytest.skip("it says what others inherit, and nothing else")
    argv = ["sh", "-euc", '. "$0"; . "$0"', path]
    done = subprocess.run(argv, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_failed_fetch_over_ssh_is_read(tmp_path) -> None:
    """fetch.sh and launch/ssh.sh alone can read why a fetch failed on a host."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "phase").write_text("fetch\n")
    (tmp_path / "fetch.log").write_text("cc1plus: internal compiler error: Segmentation fault\n")
    (tmp_path / "slots").write_text("0.5 a 1 SLOTS=1\n0.6 b 1 SLOTS=1\n")
    lines = (SCRIPTS / "fetch.sh").read_text().splitlines()
    sourced = "\n".join(line for line in lines if line.startswith(". "))
    state = f"logdir={tmp_path} outdir={tmp_path} run_launch={tmp_path} pkgname=p-1"
    state += " launch_host=a launch_tried= launch_suspect= launch_status=2"
    script = f"{sourced}\n{state}\nlaunch_doubt\n"
    argv = ["sh", "-uc", script]
    done = subprocess.run(argv, env=_ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "failed on a" in done.stdout
