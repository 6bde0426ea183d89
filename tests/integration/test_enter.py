"""The program that makes sandboxes: what it says and how it ends when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from bulk import TOP

pytestmark = pytest.mark.root

SOURCE = TOP / "sandbox-scripts" / "os" / "Linux-enter.c"
GONE, FAILED, USAGE = 130, 75, 64


@pytest.fixture(scope="module")
def program(tmp_path_factory) -> Path:
    """Compile it, with all warnings as errors."""
    if not shutil.which("cc"):
        pytest.skip("there is no C compiler")
    path = tmp_path_factory.mktemp("enter") / "enter"
    strict = ["-std=c99", "-O2", "-Wall", "-Wextra", "-pedantic", "-Werror"]
    subprocess.run(["cc", *strict, "-o", path, SOURCE], check=True)
    return path


def _enter(program: Path, folder: Path, table: str, **environment: str) -> tuple[int, str]:
    (folder / "fstab").write_text(table)
    done = subprocess.run(
        [program, folder, folder / "fstab", "nothing.sh"],
        env={"PATH": "/nonexistent", "BULK_BUILDER": str(os.getpid()), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


def test_it_names_the_mount_that_failed(program: Path, tmp_path: Path) -> None:
    """As a failure of the machine, with the system's reason."""
    place = tmp_path / "nowhere"
    lines = {
        f"tmpfs {place} tmpfs ro 0 0": f"cannot mount {place}: No such file or directory",
        f"/usr {place} none bind,ro 0 0": f"cannot bind to {place}: No such file or directory",
        f"tmpfs {tmp_path} tmpfs colour=red 0 0": f"cannot mount {tmp_path}: Invalid argument",
        f"tmpfs {tmp_path}/a/b tmpfs X-mount.mkdir 0 0": f"make the root what is at {tmp_path}",
    }
    for line, reason in lines.items():
        status, said = _enter(program, tmp_path, line + "\n")
        assert status == FAILED
        assert said.startswith("pkgmkgen: sandbox: ")
        assert reason in said


def test_it_names_the_control_group(program: Path, tmp_path: Path) -> None:
    """Which is not there."""
    status, said = _enter(program, tmp_path, "", BULK_CGROUPS=f" {tmp_path}/group")
    assert status == FAILED
    assert f"cannot enter the control group {tmp_path}/group: No such file" in said


def test_it_works_for_a_living_builder_only(program: Path, tmp_path: Path) -> None:
    """Whoever started it must be the builder."""
    assert _enter(program, tmp_path, "", BULK_BUILDER="1") == (GONE, "")
    assert subprocess.run([program], check=False).returncode == USAGE


COMPILE = """\
settings_sourced=yes # they are those of a run
. "$BULK_SCRIPTS/os/Linux.sh"
cc() { return 127; } # there is none on this machine
_os_program "$1" enter
"""


@pytest.mark.parametrize("base", ["/", ""])
def test_the_compiler_of_the_base_makes_it(tmp_path: Path, base: str) -> None:
    """Where this machine has none; nothing is left in the base, and nothing is made without any."""
    before = set(Path("/tmp").glob("*enter*"))
    names = {"BULK_SCRIPTS": str(TOP / "sandbox-scripts"), "BULK_SANDBOXDIR": str(tmp_path)}
    argv = ["sh", "-euc", COMPILE, "sh", base]
    env = {**os.environ, **names}
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    made = done.stdout.strip()
    assert bool(made) == bool(base), done
    if made:
        assert subprocess.run([made], check=False).returncode == USAGE
    assert set(Path("/tmp").glob("*enter*")) == before
