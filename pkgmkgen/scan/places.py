"""Where the makes of a scan run: on this machine, in a sandbox like a build's, over ssh.

A place says how to start the sh that the scan talks to (session.py), and what of the file system
below it pkgmkgen can see with its own eyes.
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
    """How to start an sh there, and how to end what all of them shared.

    `name` is for people, and part of what stored records are kept under. `sees_tree` and
    `sees_system`: is the tree, and is the rest of the system, the one that pkgmkgen sees?
    """

    name: str
    launch: Launch
    sees_tree: bool = True
    sees_system: bool = True
    end: tuple[str, ...] = ()


def host(scripts: Path) -> Place:
    """Give this machine as it is."""
    fix = "scan with --scan-on HOST"
    argv = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", f"{scripts}/worker.sh")
    return Place("host", Launch(argv, "sh", fix))


def ssh(name: str, scripts: Path) -> Place:
    """Give another machine. UsageError: that is no name of a host."""
    if not _HOST.fullmatch(name):
        raise UsageError(f"no name of a host: {name!r}", "--scan-on", "give [USER@]HOST")
    # The login shell there may be a csh: nothing but blanks and plain characters in quotes.
    worker = "".join(map(_escaped, (scripts / "worker.sh").read_text()))
    command = f"exec sh -c 'eval \"`printf %b \"$1\"`\"' sh '{worker}'"
    argv = ("ssh", "-oBatchMode=yes", "--", name, command)
    fix = f"see to it that `ssh {name} true` works without a password"
    launch = Launch(argv, f"ssh {name}", fix)
    return Place(f"ssh {name}", launch, sees_tree=False, sees_system=False)


def _escaped(char: str) -> str:
    return char if char == " " or (char.isascii() and char.isalnum()) else f"\\0{ord(char):03o}"


def can_sandbox(scripts: Path) -> bool:
    """Tell whether this machine makes sandboxes and we may: an OS backend, and root or its way."""
    system = platform.system()
    if os.geteuid() == 0:
        return (scripts / "os" / f"{system}.sh").is_file()
    may = scripts / "os" / f"{system}-may.sh"
    return may.is_file() and finish(("sh", str(may)), 10.0) == 0


def sandbox(scripts: Path, values: Mapping[str, str]) -> Place:
    """Give a sandbox as a build gets it, from the settings of bulk.mk, without dependencies.

    It has package and distfile directories of its own: a scan looks at neither.
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
    fix = "see the lines above, or scan with --no-sandbox"
    name = f"sandbox {values['BOOTSTRAP_KIT']} {values['BASE']}"
    launch = Launch((*words, *script), "the sandbox of the scan", fix)
    return Place(name, launch, sees_system=False, end=(*words, *script, "end"))


def system(bmake: str, more: tuple[str, ...]) -> tuple[str, ...]:
    """Command that prints what the records depend on beyond the tree.

    The kernel, make, and what lies in the directories where pkgsrc looks for programs, libraries
    and headers; `more` are directories of the tools and packages in use.
    """
    return ("sh", "-c", _SYSTEM, "sh", bmake, *more)
