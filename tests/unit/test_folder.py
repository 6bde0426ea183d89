"""Which run is meant: the last one, or the last one that tells of packages."""

from __future__ import annotations

import os
from pathlib import Path

from folders import FACTS, make_run

from pkgmkgen.__main__ import main
from pkgmkgen.runs.folder import choose, choose_with_results, folders
from pkgmkgen.runs.process import is_alive


def _halted(log: Path, name: str, facts: str = "") -> None:
    """Write a run that was halted when it was prepared, as `machine_failure` leaves it."""
    folder = log / ".runs" / name
    folder.mkdir()
    (folder / "halt").write_text("kit /gone does not exist\n  fix: use an existing archive\n")
    if facts:
        (folder / "run").write_text(facts)


def test_a_run_that_never_started_is_compared_with_nothing(tmp_path: Path, capsys) -> None:
    """`status` shows it; `report` and `diff` pass over it."""
    built = "start a-1\nbuilt a-1"
    older = make_run(tmp_path, 1, "a-1:", "start a-1\nfailed a-1 build")
    _halted(tmp_path, "20260101T100000Z@1.1")
    newer = make_run(tmp_path, 2, "a-1:", built)
    _halted(tmp_path, "20260103T000000Z@1.1", FACTS)
    runs = folders(tmp_path)
    assert choose(runs, "last", tmp_path).name == "20260103T000000Z@1.1"
    assert choose_with_results(runs, "last", tmp_path) == newer
    assert choose_with_results(runs, "-1", tmp_path) == older
    assert choose_with_results(runs, "20260103", tmp_path).name == "20260103T000000Z@1.1"
    assert main(["diff", "--log", str(tmp_path), "-1", "last"]) == 0
    said = capsys.readouterr().out
    assert said.startswith(f"{older.name}\n{newer.name}\n")
    assert "newly fixed" in said
    assert main(["status", "--log", str(tmp_path)]) == 0
    assert "halted: kit /gone does not exist" in capsys.readouterr().out


def test_a_run_of_another_system(tmp_path: Path, capsys) -> None:
    """Its processes are named by the words of ps: no report had read a run of NetBSD."""
    make_run(tmp_path, 1, "a-1:", "start a-1\nbuilt a-1")
    _halted(tmp_path, "20260102T000000Z@14340.FriNov271722382026", FACTS)
    assert main(["history", "--log", str(tmp_path)]) == 0
    assert "FriNov271722382026 " in capsys.readouterr().out
    assert len(folders(tmp_path)) == 2
    assert is_alive(f"{os.getpid()}.FriNov271722382026")
    assert not is_alive(f"{os.getpid()}.1")
