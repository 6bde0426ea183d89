"""The formats of a report: one module each, with a pure function from a Report to files."""

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
