"""Where output goes: a file gets its name when it is complete, and a device is never replaced."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from pkgmkgen.cli.output import opened
from pkgmkgen.errors import FileError


def _write(path: Path) -> None:
    with opened(str(path)) as file:
        file.write(b"text\n")


def test_a_file_is_replaced_when_it_is_complete(tmp_path: Path) -> None:
    """Until then the old one is there; a failure leaves it, and nothing else."""
    path = tmp_path / "bulk.mk"
    path.write_text("old")

    def fails() -> None:
        with opened(str(path)) as file:
            file.write(b"half")
            raise KeyError

    with pytest.raises(KeyError):
        fails()
    assert [one.name for one in tmp_path.iterdir()] == ["bulk.mk"]
    assert path.read_text() == "old"
    _write(path)
    assert path.read_text() == "text\n"


def test_a_link_stays_one(tmp_path: Path) -> None:
    """The file that it leads to is replaced."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real/bulk.mk")
    _write(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "bulk.mk").read_text() == "text\n"


def test_a_pipe_is_written_to(tmp_path: Path) -> None:
    """As root `-o /dev/null` would otherwise leave a file in the place of that device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    _write(pipe)
    reader.join(10)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert read == [b"text\n"]
    assert [one.name for one in tmp_path.iterdir()] == ["pipe"]


def test_a_directory_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(FileError, match="directory"):
        _write(tmp_path)
