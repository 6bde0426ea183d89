"""A request is a line for a shell; zstd streams are read or refused."""

from __future__ import annotations

import subprocess

import pytest

from pkgmkgen.errors import IndexSyntaxError
from pkgmkgen.index.source import open_index
from pkgmkgen.machine import Request, unzstd, which


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
