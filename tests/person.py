"""A person who is not root, for tests: with subordinate user ids, a home, and nothing changed here.

The person stands in a passwd and a subuid file that only their own commands see.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bulk import TOP, TREE, Bulk

UID = 47110
FIRST = 1_879_048_192
LINES = {
    "passwd": "bulky:x:{uid}:{uid}:a person:{home}:/bin/sh\n",
    "group": "bulky:x:{uid}:\n",
    "subuid": "bulky:{first}:65536\n",
    "subgid": "bulky:{first}:65536\n",
}
KNOW = (
    'for file in passwd group subuid subgid; do mount --bind -- "{home}/etc/$file" /etc/$file; done'
)
BECOME = """\
{know}
export HOME="$0" PATH=/usr/local/bin:/usr/bin:/bin
exec setpriv --reuid={uid} --regid={uid} --groups=4 "$@"
"""


@dataclass(frozen=True)
class Person:
    """Their home, which is the only place where they can write."""

    home: Path

    @property
    def know(self) -> str:
        """Return the commands by which a machine knows them."""
        return KNOW.format(home=self.home)

    @property
    def argv(self) -> tuple[str, ...]:
        """Return the words before a command that make it theirs."""
        become = BECOME.format(know=self.know, uid=UID)
        return ("unshare", "--mount", "sh", "-ec", become, str(self.home))

    def own(self, path: Path) -> None:
        """Give them what is at a path."""
        subprocess.run(["chown", "-R", f"{UID}:{UID}", path], check=True)

    def bulk(self, kit: Path, tree: Path = TREE, **settings: str) -> Bulk:
        """Give a bulk build with copies of all that it reads, theirs once they `own` it."""
        root = Path(tempfile.mkdtemp(prefix="bulk", dir=self.home))
        root.chmod(0o755)
        shutil.copytree(TOP / "sandbox-scripts", root / "scripts")
        shutil.copytree(tree, root / "tree", symlinks=True)
        (root / "kit").mkdir()
        for file in (kit, kit.parent / "mk.conf"):
            shutil.copy(file, root / "kit")
        settings = {"SCRIPTS": str(root / "scripts"), **settings}
        return Bulk(root, root / "kit" / kit.name, root / "tree", settings, self.argv)


@contextmanager
def person() -> Iterator[Person]:
    """Give a person, and take them away with all that is theirs."""
    home = Path(tempfile.mkdtemp(prefix="person", dir="/var/tmp"))
    os.chown(home, UID, UID)
    (home / "etc").mkdir()
    for name, line in LINES.items():
        there = Path("/etc") / name
        text = there.read_text() if there.exists() else ""
        there.touch()  # what is not there cannot be covered
        (home / "etc" / name).write_text(text + line.format(uid=UID, home=home, first=FIRST))
    try:
        yield Person(home)
    finally:
        shutil.rmtree(home)
