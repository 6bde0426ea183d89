"""Split build times into a serial part and a part that more jobs make shorter.

Pure. From the wall-clock and CPU seconds of the phase `build` with a known number of jobs; all
other phases are serial.
"""

from __future__ import annotations

from typing import NamedTuple


class Parts(NamedTuple):
    """Seconds of a build that only one job can work at, and CPU seconds that jobs can share."""

    serial: float
    parallel: float

    def seconds(self, jobs: float) -> float:
        """Return how long it takes with so many jobs."""
        return self.serial + self.parallel / jobs


def split(seconds: float, build: float, cpu: float, jobs: float) -> Parts | None:
    """Split a build that took `seconds`, of which its phase `build` took `build` with `jobs` jobs.

    `cpu` are the CPU seconds of that phase. None: with one job nothing can be learned.
    """
    if jobs <= 1:
        return None
    if cpu <= build:
        return Parts(seconds, 0.0)
    serial = max(0.0, (jobs * build - cpu) / (jobs - 1))
    return Parts(seconds - build + serial, cpu - serial)
