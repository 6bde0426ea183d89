"""Changes of a copy of the miniature tree, and what make says of them."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from bulk import TREE

if TYPE_CHECKING:
    from pathlib import Path

    from bulk import Bulk

CORE, DRAW = "graphics/pixel-core", "graphics/pixel-draw"
FONT, STUDIO = "graphics/pixel-font", "graphics/pixel-studio"
ALL = {CORE, DRAW, FONT, STUDIO, "mail/postroom"}
PIXELS = ALL - {"mail/postroom"}
PATCH = "$NetBSD: patch-aa,v 1.1 2026 x $\n--- /dev/null\n+++ ADDED\n@@ -0,0 +1 @@\n+text\n"


def prepare(tree: Path) -> None:
    """Copy the miniature tree and add what it lacks: options, an included makefile, a patch."""
    shutil.copytree(TREE, tree, symlinks=True)
    (tree / "graphics" / "common.mk").write_text("# $NetBSD$\nPIXELS=\tsquare\n")
    for path in (FONT, STUDIO):
        makefile = tree / path / "Makefile"
        text = makefile.read_text()
        makefile.write_text(
            text.replace('.include "../../mk', '.include "../common.mk"\n.include "../../mk')
        )
    makefile = tree / "mail/postroom" / "Makefile"
    makefile.write_text("PKG_OPTIONS=\t${PKG_OPTIONS.postroom}\n" + makefile.read_text())
    (tree / DRAW / "patches").mkdir()
    (tree / DRAW / "patches" / "patch-aa").write_text(PATCH)


def append(path: Path, text: str) -> None:
    """Add text to the end of a file, which may be new."""
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(text)


def pending(bulk: Bulk, *words: str, tool: str = "make") -> set[str]:
    """Return the PKGPATHs of the packages that make would build."""
    said = bulk.make("-n", *words, tool=tool).stdout
    return set(re.findall(r"^would build \S+ \((\S+)\)$", said, re.MULTILINE))


def built_now(said: str) -> set[str]:
    """Return the PKGPATHs of the packages that a run started to build."""
    return set(re.findall(r"^building   \S+ \(([^)]*)\)", said, re.MULTILINE))
