"""host/reason.awk: why a build failed, in one line, from its log."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from bulk import TOP

AWKS = [awk for awk in ("mawk", "gawk", "original-awk", "busybox") if shutil.which(awk)]
SAID = {
    "missing header: zlib.h": "x.c:3:10: fatal error: zlib.h: No such file or directory",
    "missing header: sys/foo.h": "x.c:1:10: fatal error: 'sys/foo.h' file not found",
    "missing library: -lssl": "/usr/bin/ld: cannot find -lssl: No such file or directory",
    "missing library: libz.so.1": "x: error while loading shared libraries: libz.so.1: cannot open",
    "missing function: minor": "x.c:(.text+0x1): undefined reference to `minor'",
    "missing dependency: openssl>=1.0.1c": (
        "ERROR: openssl>=1.0.1c is not installed; can't buildlink files."
    ),
    "missing module: XML/Parser.pm": "Can't locate XML/Parser.pm in @INC (@INC contains: ...)",
    "missing module: numpy": "ModuleNotFoundError: No module named 'numpy'",
    "missing program: gsed": "/bin/sh: 1: gsed: not found",
    "PLIST mismatch: not listed: /d/usr/pkg/bin/x": (
        "The following files are in /d/usr/pkg but not in the PLIST:\n        /d/usr/pkg/bin/x"
    ),
    "PLIST mismatch: listed but not installed: /d/usr/pkg/bin/y": (
        "The following files are in the PLIST but not in /d/usr/pkg:\n        /d/usr/pkg/bin/y"
    ),
    "checksum: mismatch of a-1.tar.gz": "checksum: Checksum SHA1 mismatch for a-1.tar.gz",
    "checksum: none recorded for a-1.tgz": "checksum: No checksum recorded for a-1.tgz",
    "fetch: a-1.tar.gz": "fetch: Unable to fetch expected file a-1.tar.gz",
    "out of processes: sh: 0: Cannot fork": "sh: 0: Cannot fork",
    "out of memory: cc1: out of memory allocating 65536 bytes": (
        "cc1: out of memory allocating 65536 bytes"
    ),
    "disk full: write: No space left on device": "write: No space left on device",
    "permission: mkdir: /usr/pkg/x: Permission denied": "mkdir: /usr/pkg/x: Permission denied",
    "configure: libpng is required": "configure: error: libpng is required",
    "error: x.c:4:1: error: unknown type name 'u8'": "x.c:4:1: error: unknown type name 'u8'",
    "unknown: cp a b": "cp a b\n*** Error code 1\n\nStop.\nmake: stopped in /x",
}


def reason(log: str | bytes, *awk: str) -> str:
    """Run the script on a log."""
    argv: list[str | Path] = [
        *(awk or ("awk",)),
        "-f",
        TOP / "sandbox-scripts" / "host" / "reason.awk",
    ]
    data = log.encode() if isinstance(log, str) else log
    done = subprocess.run(argv, input=data, capture_output=True, check=True, env={"LC_ALL": "C"})
    assert done.stderr == b""
    return done.stdout.decode("ascii").rstrip("\n")


@pytest.mark.parametrize("awk", AWKS)
@pytest.mark.parametrize("want", SAID, ids=lambda text: text.partition(":")[0])
def test_what_logs_say_is_recognised(want: str, awk: str) -> None:
    """Each kind, with the lines around it that every failure has, by whatever awk there is."""
    log = f"# 2026-11-24T22:14:00Z, user x\n# env -i make\ncc -c x.c\n{SAID[want]}\n"
    log += "*** Error code 1\n"
    shell = [awk, "awk"] if awk == "busybox" else [awk]
    assert reason(log, *shell) == want


def test_the_cause_beats_its_consequences() -> None:
    """A full disk explains a missing header; the first of two headers explains the second."""
    headers = "a.c:1:1: fatal error: a.h: No such file or directory\n" * 2
    assert reason(f"{headers}cc: write: No space left on device\n").startswith("disk full: ")
    other = "b.c:1:1: fatal error: b.h: No such file or directory\n"
    assert reason(headers + other) == "missing header: a.h"


def test_what_configure_only_tries_is_no_reason() -> None:
    """A test program may look for headers and permissions that are not there."""
    log = (
        "checking for foo.h... foo.h: No such file or directory\nchecking x... Permission denied\n"
    )
    assert reason(f"{log}configure: error: no bar\n") == "configure: no bar"


@pytest.mark.parametrize("log", ["", "\n\n", "# only what the log says of itself\n"])
def test_a_silent_log_has_no_reason(log: str) -> None:
    """Nothing is made up."""
    assert reason(log) == ""


def test_a_reason_is_one_short_plain_line() -> None:
    """The log is a stranger's: no control characters, no colours, no other alphabets, no length."""
    log = (
        b"x.c:1:1: error: \033[31m"
        + bytes(range(128, 256))
        + b"\a\rred $(reboot) `id`" * 90
        + b"\n"
    )
    said = reason(log)
    assert said.startswith("error: x.c:1:1: error: ")
    assert said.isprintable()
    assert len(said) <= 200
