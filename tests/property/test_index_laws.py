"""Laws of the readers: print and parse are inverse, and nothing read can do harm."""

from __future__ import annotations

import io
import re

from hypothesis import example, given
from hypothesis import strategies as st
from strategies import hostile_text, scan_items

from pkgmkgen.errors import IndexSyntaxError
from pkgmkgen.index import reader as index
from pkgmkgen.model import ScanItem
from pkgmkgen.names import pkgname_error, pkgpath_error
from pkgmkgen.resolve import limited as limit
from pkgmkgen.resolve import presolve
from pkgmkgen.resolve.explain import why, why_text
from pkgmkgen.resolve.problems import problems, problems_text
from pkgmkgen.resolve.resolver import resolve

SAFE = re.compile(r"[A-Za-z0-9._+/=@~,-]*")


@given(st.lists(scan_items(), min_size=1, max_size=5))
def test_what_is_printed_is_read_back(items: list[ScanItem]) -> None:
    """Every field, whatever free text says."""
    text = index.dump(items)
    assert index.read([text.encode("utf-8", "surrogateescape")], "f").items == tuple(items)


@given(st.lists(scan_items(), min_size=1, max_size=3), st.integers(1, 40), st.booleans())
def test_cuts_and_line_ends_mean_nothing(items: list[ScanItem], size: int, crlf: bool) -> None:  # noqa: FBT001
    """Blocks of any size, either kind of line end."""
    data = index.dump(items).encode("utf-8", "surrogateescape")
    if crlf:
        data = data.replace(b"\n", b"\r\n")
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    assert index.read(blocks, "f").items == tuple(items)


def everything(data: bytes, size: int) -> None:
    """Do all that can be done with an index, and see that its names are safe."""
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    try:
        found = index.read(blocks, "f")
    except IndexSyntaxError:
        assert b"\nPKGNAME=" not in b"\n" + data
        return
    for item in found.items:
        assert not pkgname_error(item.pkgname)
        assert not pkgpath_error(item.pkg_location)
        for word in (*item.multi_version, *item.categories, *(item.depends or ())):
            assert SAFE.fullmatch(word)
        assert all(not pkgpath_error(one.pkgpath) for one in item.all_depends)
    lines = data.count(b"\n") + 1
    assert all(1 <= int(fault.where.partition(":")[2]) <= lines for fault in found.faults)
    resolution = resolve(found.items)
    out = io.BytesIO()
    out.writelines(presolve.solved(blocks, found, resolution))
    assert out.getvalue().count(b"PKGNAME=") >= len(resolution.packages)
    text = problems_text(problems(found, resolution))
    for package in resolution.packages:
        text += why_text(why(resolution, package.pkgname))
        limit.close_over(found.items, [package.item.pkg_location])
    assert all(line.isprintable() for line in text.split("\n"))


@given(hostile_text(), st.integers(1, 64))
@example(b"PKGNAME=a-1\nPKG_LOCATION=a/a\nALL_DEPENDS=a>=1:../../a/a\n", 5)
@example(b"PKGNAME=a-1\nPKG_LOCATION=a/a\nALL_DEPENDS={:../../a/a\n", 64)
@example(b"PKGNAME=a-1\nPKG_LOCATION=a/a\nALL_DEPENDS=\nDEPENDS=b-1\n", 64)
@example(b"PKGNAME=a-1\nPKG_LOCATION=a/a\nALL_DEPENDS=\nPKGNAME=a-1\nPKG_LOCATION=a/a\n", 64)
def test_nothing_read_does_harm(data: bytes, size: int) -> None:
    """Any bytes: records that are safe, faults that have a line, or one clear error."""
    everything(data, size)


@given(st.binary(max_size=60), st.integers(1, 64))
def test_any_bytes_inside_a_record(data: bytes, size: int) -> None:
    """Behind good keys and in front of them."""
    everything(b"PKGNAME=a-1\n" + data + b"\nPKG_LOCATION=a/a\nALL_DEPENDS=" + data, size)


@given(st.lists(st.one_of(st.text(max_size=10), st.sampled_from(["a/b", "# x", "../a"]))))
def test_any_list_is_read(lines: list[str]) -> None:
    """Directories that are safe, or faults with a line."""
    paths, faults = limit.read_list(lines, "l")
    assert all(not pkgpath_error(path) for path in paths)
    assert len(paths) + len(faults) <= len(lines)
