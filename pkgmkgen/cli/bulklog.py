"""Find BULKLOG and the runs in it, the same for all verbs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pkgmkgen import settings
from pkgmkgen.errors import UnavailableError

if TYPE_CHECKING:
    import argparse

_SETTING = re.compile(r"^BULKLOG \??= (\S+)$", re.MULTILINE)
_HEAD = 20_000


def log_argument(parser: argparse.ArgumentParser) -> None:
    """Add --log."""
    parser.add_argument(
        "--log",
        default="",
        metavar="BULKLOG",
        help="logs and results (default: $BULKLOG, else from ./bulk.mk, else /var/log/bulk)",
    )


def run_argument(parser: argparse.ArgumentParser) -> None:
    """Add the name of a run."""
    parser.add_argument(
        "name",
        nargs="?",
        default="last",
        metavar="RUN",
        help="a run: the beginning of its name, last, -1, ... (last)",
    )


def find_log(given: str) -> Path:
    """Return BULKLOG. UnavailableError: there is none."""
    path = log_path(given)
    if not path.is_dir():
        raise UnavailableError("no such directory", str(path), "use --log BULKLOG")
    return path


def log_path(given: str) -> Path:
    """Return the path of BULKLOG: `given`, from the environment, from ./bulk.mk, or the default."""
    named = given or os.environ.get("BULKLOG", "") or _of_makefile(Path("bulk.mk"))
    return Path(named or settings.default("BULKLOG"))


def _of_makefile(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            match = _SETTING.search(file.read(_HEAD))
    except OSError:
        return ""
    return match[1] if match else ""
