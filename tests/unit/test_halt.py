"""The line of a halt: the first of several builds says it, the others are silent."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from bulk import TOP

SAY = '. "$0"; machine_failure "disk full" "free some space"'


def _halt(folder: Path) -> subprocess.Popen[str]:
    scripts = TOP / "sandbox-scripts"
    env = {"PATH": "/usr/bin:/bin", "BULK_SCRIPTS": str(scripts), "BULK_RUNDIR": str(folder)}
    argv = ["sh", "-c", SAY, str(scripts / "host" / "say.sh")]
    return subprocess.Popen(argv, env=env, stderr=subprocess.PIPE, text=True)


def test_who_comes_while_it_is_written_is_silent(tmp_path: Path) -> None:
    """The file exists first and has its text a moment later."""
    (tmp_path / "halt").touch()
    with _halt(tmp_path) as halt:
        time.sleep(0.3)
        (tmp_path / "halt").write_text("disk full\n")
        assert halt.communicate()[1] == ""
        assert halt.returncode == 75


def test_a_full_disk_is_said_without_a_file(tmp_path: Path) -> None:
    """The file can be made but not written."""
    (tmp_path / "halt").touch()
    with _halt(tmp_path) as halt:
        assert halt.communicate()[1] == "pkgmkgen: run halted: disk full\n  fix: free some space\n"
        assert halt.returncode == 75
