"""Indexes that come from no file: the opposite of pkgmkgen/index/reader.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.index.reader import Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pkgmkgen.model import ScanItem


def from_items(items: Iterable[ScanItem], name: str = "scan") -> Index:
    """Make an Index of records that come from no file; their `line` is their number."""
    known = tuple(items)
    numbers = tuple(range(len(known)))
    return Index(name, known, tuple(number + 1 for number in numbers), numbers)


def dump(items: Iterable[ScanItem]) -> str:
    """Print records as pscan does, or presolve where DEPENDS is known: `read` gives them back."""
    return "".join(line + "\n" for item in items for line in _lines(item))


def _lines(item: ScanItem) -> Iterator[str]:
    """Yield a record's lines in pbulk's order."""
    depends = " ".join(f"{one.pattern}:../../{one.pkgpath}" for one in item.all_depends)
    yield f"PKGNAME={item.pkgname}"
    yield f"PKG_LOCATION={item.pkg_location}"
    yield f"ALL_DEPENDS={depends}"
    yield f"PKG_SKIP_REASON={item.pkg_skip_reason}"
    yield f"PKG_FAIL_REASON={item.pkg_fail_reason}"
    yield f"NO_BIN_ON_FTP={item.no_bin_on_ftp}"
    yield f"RESTRICTED={item.restricted}"
    yield f"CATEGORIES={' '.join(item.categories)}"
    yield f"MAINTAINER={item.maintainer}"
    yield f"USE_DESTDIR={item.use_destdir}"
    yield f"BOOTSTRAP_PKG={'yes' if item.bootstrap_pkg else ''}"
    yield f"USERGROUP_PHASE={item.usergroup_phase}"
    yield "SCAN_DEPENDS="
    if not item.make_jobs_safe:
        yield "MAKE_JOBS_SAFE=no"
    if item.pbulk_weight != 100:
        yield f"PBULK_WEIGHT={item.pbulk_weight}"
    if item.multi_version:
        yield f"MULTI_VERSION= {' '.join(item.multi_version)}"
    if item.depends is not None:
        yield f"DEPENDS={' '.join(item.depends)}"
