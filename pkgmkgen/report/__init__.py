"""The formats of a report: a file each, with one pure function from a Report to named texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.report import jsontext, page, pbulk, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from pkgmkgen.report.facts import Report

FORMATS: dict[str, Callable[[Report], dict[str, str]]] = {
    "html": page.render,
    "text": text.render,
    "json": jsontext.render,
    "pbulk": pbulk.render,
}
