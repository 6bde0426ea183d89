"""What a person sees of a scan."""

from __future__ import annotations

from pkgmkgen.cli.progress import ProgressBar
from pkgmkgen.model import PkgPath
from pkgmkgen.scan.scanner import Progress


def test_a_line_says_how_far_how_fast_how_long_and_what_is_slow() -> None:
    """Time left goes by what directories take, not by their number."""
    line = ProgressBar().line(Progress(50, 200, 0.75, (PkgPath("x/slow"), 61.4)), 90.0)
    assert line == "scan [######..................] 50/200 0.6/s 0:30 left x/slow 61 s"
    line = ProgressBar().line(Progress(1, 200, 0.0, (PkgPath("x/quick"), 0.4)), 1.0)
    assert line == "scan [........................] 1/200 1.0/s"
