"""Find the data of this package: templates, scripts, help topics, typical times.

It is in a wheel or a plain install (packages pkgmkgen.templates, pkgmkgen.sandbox_scripts), or in
a source tree (the top-level folders beside this package).
"""

from __future__ import annotations

from pathlib import Path

from pkgmkgen.errors import UnavailableError

_HERE = Path(__file__).resolve().parent


def _folder(installed: str, source: str) -> Path:
    for folder in (_HERE / installed, _HERE.parent / source):
        if folder.is_dir():
            return folder
    raise UnavailableError(
        f"the folder {source} is missing",
        str(_HERE),
        "the installation is incomplete: install pkgmkgen again",
    )


def templates() -> Path:
    """Folder of the jinja2 templates."""
    return _folder("templates", "templates")


def typical_times() -> str:
    """Text of the table of typical build times."""
    try:
        return (_HERE / "plan" / "typical-times.txt").read_text()
    except OSError as error:
        fix = "the installation is incomplete: install pkgmkgen again"
        raise UnavailableError("typical-times.txt is missing", str(_HERE), fix) from error


def help_pages() -> list[Path]:
    """Return the files of the help topics, by name."""
    return sorted((_HERE / "help").glob("*.md"))


def sandbox_scripts() -> Path:
    """Folder of the scripts that recipes call."""
    return _folder("sandbox_scripts", "sandbox-scripts")
