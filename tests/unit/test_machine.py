"""Commands run with their own environment and nothing else; zstd streams are read or refused."""

from __future__ import annotations

import os
import subprocess

import pytest

from pkgmkgen.errors import IndexSyntaxError, UnavailableError
from pkgmkgen.machine import Local, Request, unzstd, which
from pkgmkgen.source import open_index


def test_environment_is_exactly_what_was_asked_for(monkeypatch) -> None:
    """MAKEFLAGS from an outer make kills bmake; PKG_PATH stops pkgsrc."""
    monkeypatch.setenv("MAKEFLAGS", " -j6 --jobserver-auth=3,4")
    outcome = Local().run(Request(("env",), "/", {"PATH": os.environ["PATH"], "A": "b c"}))
    assert sorted(outcome.out.decode().splitlines()) == ["A=b c", f"PATH={os.environ['PATH']}"]


def test_standard_input_is_empty_and_both_outputs_are_kept() -> None:
    """A make that reads must not wait for a person."""
    request = Request(
        ("sh", "-c", "cat; echo o; echo e >&2; exit 3"), "/", {"PATH": os.environ["PATH"]}
    )
    outcome = Local().run(request)
    assert (outcome.status, outcome.out, outcome.err) == (3, b"o\n", b"e\n")


def test_death_by_signal_is_told_as_a_shell_tells_it() -> None:
    """128 + the signal."""
    request = Request(("sh", "-c", "kill -9 $$"), "/", {"PATH": os.environ["PATH"]})
    assert Local().run(request).status == 137


def test_missing_directory_is_a_clear_error() -> None:
    """No traceback for a user's mistake."""
    with pytest.raises(UnavailableError, match="/nowhere"):
        Local().run(Request(("true",), "/nowhere", {}))


def test_request_prints_as_a_line_for_a_shell() -> None:
    """What is logged can be pasted."""
    line = str(Request(("bmake", "x y"), "/tmp", {"A": "b c"}))
    assert line == "cd /tmp && env -i 'A=b c' bmake 'x y'"


@pytest.mark.skipif(which("zstd") is None, reason="zstd is not installed")
@pytest.mark.parametrize("keep", [1.0, 0.5])
def test_zstd_is_read_whole_or_refused(keep: float, tmp_path) -> None:
    """A cut stream is never taken for a short index."""
    text = b"PKGNAME=a-1\n" * 100_000
    packed = subprocess.run(["zstd", "-qc"], input=text, capture_output=True, check=True).stdout
    path = tmp_path / "x.zst"
    path.write_bytes(packed[: int(len(packed) * keep)])
    with open_index(str(path), unzstd) as source:
        if keep == 1:
            assert b"".join(source.blocks()) == text
            assert b"".join(source.blocks()) == text
        else:
            with pytest.raises(IndexSyntaxError, match="cut off"):
                list(source.blocks())


def test_plain_text_is_no_zstd(tmp_path) -> None:
    """The reader itself says so."""
    path = tmp_path / "x"
    path.write_bytes(b"nothing of the kind")
    with (
        path.open("rb") as file,
        pytest.raises(OSError, match="unsupported format"),
        unzstd(file) as out,
    ):
        out.read()
