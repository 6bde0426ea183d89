"""Times as text for people."""

from __future__ import annotations

import time


def clock(seconds: float) -> str:
    """Print a time as hours, minutes and seconds, 2:07:13."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def brief_clock(seconds: float) -> str:
    """Print a time as `clock` does; one of less than a minute as 42 s."""
    return clock(seconds) if round(seconds) >= 60 else f"{seconds:.0f} s"


def span(seconds: float) -> str:
    """Print a time with its unit: 42 s, 4:32 min or 13:07 h."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02} min"
    return f"{whole // 3600}:{whole % 3600 // 60:02} h"


def local_time(moment: float) -> str:
    """Print a moment, in seconds since 1970, in the time of this machine; 0 is unknown."""
    return _minute(time.localtime(moment)) if moment else "unknown"


def utc_time(moment: float) -> str:
    """Print a moment, in seconds since 1970, in UTC; 0 is unknown."""
    return _minute(time.gmtime(moment)) if moment else "unknown"


def _minute(moment: time.struct_time) -> str:
    return time.strftime("%Y-%m-%d %H:%M", moment)
