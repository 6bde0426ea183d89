"""The program that makes sandboxes: what it says and how it ends when it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
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


def _look(program: Path, log: Path, out: Path, least: int) -> list[str]:
    words = [str(program), "look", "1", str(least), str(log), str(out), str(out), "--"]
    words += ["head", "-n", "1"]
    line = subprocess.run(words, capture_output=True, text=True, check=True, timeout=20).stdout
    return line.split(maxsplit=3)


def test_its_look_counts_what_the_sandbox_wrote(program: Path, tmp_path: Path) -> None:
    """Bytes of plain files, not of links' targets and of fetched files; and all names."""
    log, out = tmp_path / "log", tmp_path / "out"
    (log / "deep/er").mkdir(parents=True)
    (out / "distfiles").mkdir(parents=True)
    (log / "build.log").write_bytes(b"x" * 1000)
    (log / "deep/er/file").write_bytes(b"x" * (3 << 20))
    (log / "link").symlink_to("/usr/bin")
    (out / "facts").write_bytes(b"x" * 10)
    (out / "distfiles/a.tar").write_bytes(b"x" * 9999)
    assert _look(program, log, out, 0) == [str(1010 + (3 << 20)), "3", "8", "-\n"]
    at = os.open(log, os.O_RDONLY)
    for _ in range(3002):
        os.mkdir("d", dir_fd=at)
        above, at = at, os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(above)
    os.close(at)
    assert int(_look(program, tmp_path / "log", out, 0)[2]) > 200000, "too deep to hide anything"
    subprocess.run(["rm", "-rf", tmp_path / "log"], check=True)  # too deep for pytest


def test_its_look_names_a_disk_that_is_nearly_full(program: Path, tmp_path: Path) -> None:
    """With what was free at first; `room` says the same by its status."""
    (tmp_path / "log").mkdir()
    free = shutil.disk_usage(tmp_path).free >> 20
    line = _look(program, tmp_path / "log", tmp_path, free * 2)[3].split()
    assert (line[0], line[2]) == ("k", str(tmp_path))
    assert abs((int(line[1]) >> 10) - free) < free / 2
    for least, status in ((0, 0), (free * 2, 1)):
        words = [str(program), "room", str(least), "/", str(tmp_path)]
        assert subprocess.run(words, check=False).returncode == status


def test_its_look_ends_with_the_watch(program: Path, tmp_path: Path) -> None:
    """Killed at any moment: nobody is left who looks."""
    words = [str(program), "look", "1", "0", *[str(tmp_path)] * 3, "--", "sleep", "60"]
    with subprocess.Popen(words) as watch:
        children = Path(f"/proc/{watch.pid}/task/{watch.pid}/children")
        while not (looking := children.read_text().split()):
            time.sleep(0.01)
        watch.kill()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{looking[0]}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{looking[0]}").exists()
