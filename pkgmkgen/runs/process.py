"""Whether a process is alive, by the name that os_process_id of the scripts gives it."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(name: str) -> bool:
    """Tell whether a process is alive: PID, or PID.START (a number on Linux, else words)."""
    pid, _, start = name.partition(".")
    if not pid.isdigit():
        return False
    try:
        text = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        if Path("/proc/self/stat").exists():
            return False
    else:
        fields = text.rpartition(") ")[2].split()
        return fields[0] not in "ZX" and (not start.isdigit() or fields[19:20] == [start])
    try:
        os.kill(int(pid), 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True
