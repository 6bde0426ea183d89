"""The filter of system calls, for each architecture that it knows: compiled, read, and asked."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest
from bulk import TOP

PROGRAM = r"""
#define _GNU_SOURCE
#include <linux/filter.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>
static int show(int option, ...);
#define prctl show
#define main enter
#include "Linux-enter.c"
#undef main
static int show(int option, ...)
{
    va_list words;
    va_start(words, option);
    if (option == PR_SET_SECCOMP && va_arg(words, int)) {
        struct sock_fprog *program = va_arg(words, struct sock_fprog *);
        fwrite(program->filter, sizeof *program->filter, program->len, stdout);
    }
    va_end(words);
    return 0;
}
int main(int argc, char **argv)
{
    filter_calls(argc > 1);
    return argv == NULL;
}
"""
MACHINES = {
    "x86-64": ("x86_64-linux-gnu-gcc", "qemu-x86_64-static", 0xC000003E),
    "arm64": ("aarch64-linux-gnu-gcc", "qemu-aarch64-static", 0xC00000B7),
}
ALLOWED, ERROR = 0x7FFF0000, 0x00050000
# Numbers on x86-64 and arm64, arguments; the answer in the sandbox's network, in the host's.
CALLS: dict[str, Any] = {
    "read": (0, 63, (), 0, 0),
    "clone": (56, 220, (17,), 0, 0),
    "clone, a user namespace": (56, 220, (0x10000011,), 1, 1),
    "unshare, a network": (272, 97, (0x40000000,), 1, 1),
    "clone3": (435, 435, (), 38, 38),
    "ioctl, TCGETS": (16, 29, (0, 0x5401), 0, 0),
    "ioctl, TIOCSTI": (16, 29, (0, 0x5412), 1, 1),
    "ioctl, TIOCSETD": (16, 29, (0, 0x5423), 1, 1),
    "fcntl, F_GETFL": (72, 25, (0, 3), 0, 0),
    "fcntl, F_SETLEASE": (72, 25, (0, 1024), 1, 1),
    "socket, local": (41, 198, (1, 1, 0), 0, 97),
    "socket, TCP": (41, 198, (2, 1, 6), 0, 0),
    "socket, UDP": (41, 198, (10, 2, 0), 0, 0),
    "socket, SCTP": (41, 198, (2, 1, 132), 93, 93),
    "socket, of virtual machines": (41, 198, (40, 1, 0), 97, 97),
    "socket, routes": (41, 198, (16, 3, 0), 0, 0),
    "socket, audit": (41, 198, (16, 3, 9), 93, 93),
    "socketpair, local": (53, 199, (1, 1, 0), 0, 0),
    "socketpair, TIPC": (53, 199, (30, 1, 0), 97, 97),
    "sched_setscheduler, realtime": (144, 119, (0, 1), 1, 1),
    "sched_setscheduler, batch": (144, 119, (0, 3), 0, 0),
    "ioprio_set, realtime": (251, 30, (1, 0, 0x2000), 1, 1),
    **{
        name: (*numbers, (), error, error)
        for name, (error, *numbers) in {
            "mount": (1, 165, 40),
            "umount2": (1, 166, 39),
            "pivot_root": (1, 155, 41),
            "setns": (1, 308, 268),
            "add_key": (1, 248, 217),
            "keyctl": (1, 250, 219),
            "open_by_handle_at": (1, 304, 265),
            "bpf": (1, 321, 280),
            "perf_event_open": (1, 298, 241),
            "userfaultfd": (1, 323, 282),
            "init_module": (1, 175, 105),
            "finit_module": (1, 313, 273),
            "kexec_file_load": (1, 320, 294),
            "reboot": (1, 169, 142),
            "syslog": (1, 103, 116),
            "fanotify_init": (1, 300, 262),
            "io_setup": (38, 206, 0),
            "io_uring_setup": (38, 425, 425),
            "open_tree": (1, 428, 428),
            "mount_setattr": (1, 442, 442),
            "close_range": (0, 436, 436),
            "execve": (0, 59, 221),
        }.items()
    },
}


def _answer(program: bytes, machine: int, number: int, arguments: tuple[int, ...]) -> int:
    """Run a program of classic BPF: the error that a call gets, 0 if it is allowed."""
    words = list(struct.iter_unpack("<HBBI", program))
    asked = struct.pack("<iIQ6Q", number, machine, 0, *(*arguments, *[0] * 6)[:6])
    at = held = 0
    while True:
        code, yes, no, value = words[at]
        at += 1
        match code:
            case 0x20:
                held = struct.unpack_from("<I", asked, value)[0]
            case 0x54:
                held &= value
            case 0x05:
                at += value
            case 0x06:
                return 0 if value == ALLOWED else value - ERROR
            case _:
                tests = {0x15: held == value, 0x25: held > value, 0x35: held >= value}
                at += yes if {**tests, 0x45: bool(held & value)}[code] else no


@pytest.mark.parametrize("name", MACHINES)
def test_the_filter_refuses_what_it_says(name: str, tmp_path: Path) -> None:
    """Calls beyond the sandbox, and nothing that builds need; in both networks."""
    compiler, runner, machine = MACHINES[name]
    if not shutil.which(compiler):
        pytest.skip(f"needs {compiler}")
    (tmp_path / "show.c").write_text(PROGRAM)
    words = ["-w", "-static", "-I", str(TOP / "sandbox-scripts" / "os"), "-o", "show", "show.c"]
    subprocess.run([compiler, *words], check=True, cwd=tmp_path)
    start = [tmp_path / "show"]
    if name != "x86-64":
        if not shutil.which(runner):
            pytest.skip(f"needs {runner}")
        start = [Path(runner), *start]
    column = list(MACHINES).index(name)
    for online in (0, 1):
        argv = [*map(str, start), *["online"] * online]
        program = subprocess.run(argv, check=True, capture_output=True).stdout
        assert program
        for call, (x86, arm, arguments, *answers) in CALLS.items():
            got = _answer(program, machine, (x86, arm)[column], arguments)
            assert got == answers[online], (call, online)
        assert _answer(program, 0x40000028, 1, ()) == 38  # another architecture
