"""Times for people."""

from __future__ import annotations

import pytest

from pkgmkgen.timetext import brief_clock, clock, local_time, span, utc_time


@pytest.mark.parametrize(
    ("seconds", "texts"),
    [
        (0.4, ("0:00:00", "0 s", "0 s")),
        (59.4, ("0:00:59", "59 s", "59 s")),
        (59.6, ("0:01:00", "0:01:00", "1:00 min")),
        (433.0, ("0:07:13", "0:07:13", "7:13 min")),
        (3599.7, ("1:00:00", "1:00:00", "1:00 h")),
        (360_000.0, ("100:00:00", "100:00:00", "100:00 h")),
    ],
)
def test_a_length_of_time(seconds: float, texts: tuple[str, str, str]) -> None:
    """No minute has 60 seconds."""
    assert (clock(seconds), brief_clock(seconds), span(seconds)) == texts


def test_a_moment() -> None:
    """A clock that was set back gives no span below nothing; 0 is no moment."""
    assert utc_time(1_700_000_000) == "2023-11-14 22:13"
    assert utc_time(0) == local_time(0) == "unknown"
    assert len(local_time(1_700_000_000)) == len(utc_time(1_700_000_000))
    assert span(-5) == "0 s"
