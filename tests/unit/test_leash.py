"""A child whose script was killed before the child was bound to it: it is not begun."""

from __future__ import annotations

import shutil
import subprocess
import time
from pathlib import Path

import pytest
from sourcing import ENVIRONMENT, SCRIPTS

SHELLS = [shell for shell in ("dash", "bash", "mksh", "ksh93") if shutil.which(shell)]


@pytest.fixture(scope="module")
def enter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile the program that makes sandboxes: once it is there, it starts the processes."""
    program = tmp_path_factory.mktemp("enter") / "enter"
    subprocess.run(["cc", "-o", program, SCRIPTS / "os" / "Linux-enter.c"], check=True)
    return program


@pytest.mark.parametrize("way", ["setpriv", "enter", "ps"])
@pytest.mark.parametrize("shell", SHELLS)
def test_dies_with_its_script(tmp_path: Path, enter: Path, shell: str, way: str) -> None:
    """Of two children, one is begun before its script ends, and one would be begun after that."""
    script = (
        f'. "$BULK_SCRIPTS/host/os.sh"; os_enter={enter if way == "enter" else ""}\n'
        "{ os_leash sh -c 'echo >early; exec sleep 60' <&- ; } & \n"
        "{ sleep 0.5; os_leash sh -c 'echo >late; exec sleep 60' <&- ; } & \n"
        "while [ ! -e early ]; do sleep 0.1; done\n"
        "kill -KILL $$\n"
    )
    env = {
        **ENVIRONMENT,
        "BULK_OS": "Linux-chroot" if way == "ps" else "Linux",
        "BULK_LOG": str(tmp_path),
    }
    subprocess.run([shell, "-c", script], env=env, cwd=tmp_path, check=False)
    end = time.monotonic() + 10
    time.sleep(1)  # the second child tries
    mark = f"BULK_LOG={tmp_path}".encode()
    while left := [path for path in Path("/proc").glob("[0-9]*/environ") if _has(path, mark)]:
        assert time.monotonic() < end, left
        time.sleep(0.1)
    assert not (tmp_path / "late").exists()


SECONDS = """
. "$BULK_SCRIPTS/host/os.sh"
for second in 1 2 3 4 5 6 7 8 9 10; do chroot_seen $$ || echo "asked in $second"; done
sleep 0 &
wait $!
chroot_seen $! || echo gone
"""


@pytest.mark.parametrize("shell", SHELLS)
def test_ps_is_asked_every_fifth_second(tmp_path: Path, shell: str) -> None:
    """Two builds that slept had started 48 processes a second; ps is the dear one."""
    env = {**ENVIRONMENT, "BULK_OS": "Linux-chroot", "BULK_LOG": str(tmp_path)}
    argv = [shell, "-c", SECONDS]
    done = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout == "asked in 5\nasked in 10\ngone\n"


def _has(path: Path, mark: bytes) -> bool:
    try:
        return mark in path.read_bytes().split(b"\0")
    except OSError:
        return False
