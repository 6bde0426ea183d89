"""Scripts source what they call: no function is missing in whichever order they are used."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from bulk import TOP
from sourcing import ENVIRONMENT

SCRIPTS = TOP / "sandbox-scripts"
FILES = sorted(SCRIPTS.rglob("*.sh"))
SOURCED = [path for path in FILES if not path.read_text().startswith("#!")]
HOST = [path for path in SOURCED if path.parent.name in {"host", "launch", "remote", "vm"}]
CONTRACTS = ("os_", "_os_", "launch_", "chroot_as_user")
"""Functions of os/SYSTEM.sh and launch/NAME.sh, which are chosen when a script runs."""
_SOURCE = re.compile(r'^\s*\. ["/]\S*?/([a-z]+/[\w-]+\.sh)', re.MULTILINE)
_COMMAND = r"(?:^|[;&|({{!]|\bthen|\bdo|\belse|\bif|\$\()\s*{}\b(?![-=(./:)])"


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
    argv: list[str | Path] = ["sh", "-euc", '. "$0"; . "$0"', path]
    done = subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


CRASH = "cc1plus: internal compiler error: Segmentation fault"


@pytest.mark.parametrize(
    "case",  # status, verdict, limits, log, doubtful
    [
        (2, None, "", CRASH, True),
        (2, " " * 200, "", CRASH, True),
        (2, " " * 200, "", "foo.c:1: error: no", False),
        (137, " " * 200, "", "the last line of a log", True),
        (137, "timed out after 9 s (TIMEOUT)", "", "the last line of a log", False),
        (137, "disk full", "", "", True),
        (2, " " * 200, "WORK_FULL_KB=9", "foo.c:1: error: no", True),
    ],
)
def test_a_failure_over_ssh_is_doubted(tmp_path, case) -> None:
    """fetch.sh and launch/ssh.sh alone can tell whether a host may be the cause of a failure."""
    status, verdict, limits, log, doubtful = case
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "phase").write_text("fetch\n")
    (tmp_path / "fetch.log").write_text(f"{log}\n")
    (tmp_path / "limits").write_text(f"{limits}\n")
    if verdict is not None:
        (tmp_path / "verdict").write_text(f"{verdict}\n")
    (tmp_path / "slots").write_text("0.5 a 1 SLOTS=1\n0.6 b 1 SLOTS=1\n")
    lines = (SCRIPTS / "fetch.sh").read_text().splitlines()
    sourced = "\n".join(line for line in lines if line.startswith(". "))
    state = f"logdir={tmp_path} outdir={tmp_path} run_launch={tmp_path} pkgname=p-1"
    state += f" launch_host=a launch_tried= launch_suspect= launch_status={status}"
    script = f"{sourced}\n{state}\nlaunch_doubt\n"
    argv = ["sh", "-uc", script]
    done = subprocess.run(argv, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0 if doubtful else 1, "")
    assert ("failed on a" in done.stdout) == doubtful
