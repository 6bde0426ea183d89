"""Where the makes of a scan run: on this machine, in a sandbox like that of a build, over ssh.

A place says how to start the sh of the scan (session.py), and which files of the place pkgmkgen
can read itself.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pkgmkgen.errors import UsageError
from pkgmkgen.machine import finish
from pkgmkgen.scan.session import Launch
from pkgmkgen.settings import environment

_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@:-]*")
_SYSTEM = (
    "uname -srm; ls -lnAL /bin /sbin /lib /lib64 /usr/bin /usr/sbin /usr/lib /usr/lib64"
    ' /usr/lib/*-linux-gnu /usr/include "$@" 2>/dev/null | cksum; cksum <"$1"'
)


@dataclass(frozen=True, slots=True)
class Place:
    """How to start an sh there, and how to clean up afterwards.

    `name` is for messages, and part of the key of stored records. `sees_tree`, `sees_system`: can
    pkgmkgen read the tree, and the rest of the system, at the same paths?
    """

    name: str
    launch: Launch
    sees_tree: bool = True
    sees_system: bool = True
    end: tuple[str, ...] = ()


def host(scripts: Path) -> Place:
    """Return this machine, without a sandbox."""
    fix = "scan with --scan-on HOST"
    argv = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", f"{scripts}/worker.sh")
    return Place("host", Launch(argv, "sh", fix))


def ssh(name: str, scripts: Path) -> Place:
    """Return another machine. UsageError: invalid host name."""
    if not _HOST.fullmatch(name):
        raise UsageError(f"not a host name: {name!r}", "--scan-on", "use [USER@]HOST")
    # The login shell there may be csh: only blanks and plain characters in quotes.
    worker = "".join(map(_escaped, (scripts / "worker.sh").read_text()))
    command = f"exec sh -c 'eval \"`printf %b \"$1\"`\"' sh '{worker}'"
    argv = ("ssh", "-oBatchMode=yes", "--", name, command)
    fix = f"make sure that `ssh {name} true` works without a password"
    launch = Launch(argv, f"ssh {name}", fix)
    return Place(f"ssh {name}", launch, sees_tree=False, sees_system=False)


def _escaped(char: str) -> str:
    return char if char == " " or (char.isascii() and char.isalnum()) else f"\\0{ord(char):03o}"


def can_sandbox(scripts: Path) -> bool:
    """Tell whether this system has an OS backend for sandboxes and this user may use it."""
    system = platform.system()
    if os.geteuid() == 0:
        return (scripts / "os" / f"{system}.sh").is_file()
    may = scripts / "os" / f"{system}-may.sh"
    return may.is_file() and finish(("sh", str(may)), 10.0) == 0


def sandbox(scripts: Path, values: Mapping[str, str]) -> Place:
    """Return a sandbox like that of a build, from the settings of bulk.mk, without dependencies.

    It has its own package and distfile directories: a scan reads neither.
    """
    own = f"{values['SANDBOXDIR']}/scan"
    env = {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        **environment(values),
        "BULK_SCRIPTS": str(scripts),
        "BULK_PACKAGES": f"{own}/packages",
        "BULK_DISTDIR": f"{own}/distfiles",
        "BULK_LOG": f"{own}/log",
        "BULK_SCRATCH": "tmpfs",
        "BULK_MAKEFILE": "none",
    }
    words = ("env", "-i", *(f"{name}={text}" for name, text in env.items()))
    script = ("sh", f"{scripts}/scan.sh")
    fix = "scan with --no-sandbox"
    name = f"sandbox {values['BOOTSTRAP_KIT']} {values['BASE']}"
    launch = Launch((*words, *script), "the sandbox of the scan", fix)
    return Place(name, launch, sees_system=False, end=(*words, *script, "end"))


def system(bmake: str, more: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command that prints the inputs of the records outside the tree.

    These are the kernel, make, and the files in the directories where pkgsrc looks for programs,
    libraries and headers; `more` are directories of the tools and packages in use.
    """
    return ("sh", "-c", _SYSTEM, "sh", bmake, *more)
