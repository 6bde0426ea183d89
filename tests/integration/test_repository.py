"""PACKAGES/All as a repository: what was damaged is mended, what is incomplete is not published."""

from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest
from bulk import Bulk

pytestmark = pytest.mark.root


@pytest.fixture(scope="module")
def built(kit, tmp_path_factory) -> Bulk:
    """Build a package, what it needs, and a lonely one."""
    bulk = Bulk(tmp_path_factory.mktemp("repository"), kit)
    bulk.generate("misc/lonely", "graphics/quiltview")
    done = bulk.make("-j2")
    assert done.returncode == 0, done.stdout
    return bulk


def listed(bulk: Bulk) -> set[str]:
    """Return the PKGNAMEs of pkg_summary, each with its right checksum in SHA256."""
    lines = gzip.decompress((bulk.all / "pkg_summary.gz").read_bytes()).decode().splitlines()
    names = {line.removeprefix("PKGNAME=") for line in lines if line.startswith("PKGNAME=")}
    sums = [line.split() for line in (bulk.all / "SHA256").read_text().splitlines()]
    assert {name[1:-5] for _, name, _, _ in sums} == names
    for _, name, _, value in sums:
        assert hashlib.sha256((bulk.all / name[1:-1]).read_bytes()).hexdigest() == value
    return names


@pytest.mark.parametrize("size", [0, 40])
@pytest.mark.parametrize(
    "file",
    ["All/pkg_summary.gz", "All/pkg_summary.zst", "All/SHA256"]
    + [
        f".summary/{name}"
        for name in ("records", "sums", "index", "pkg_summary", "SHA256", "state")
    ],
)
def test_what_was_cut_off_is_made_anew(built: Bulk, file: str, size: int) -> None:
    """By a power failure, say: whatever file it is, the index is whole after the next run."""
    before = (built.all / "pkg_summary.gz").read_bytes()
    os.truncate(built.all.parent / file, size)
    if file.endswith("state"):  # nothing but a person takes it away
        (built.all.parent / file).unlink()
    done = built.make("repository")
    assert done.returncode == 0, done.stdout
    assert listed(built) == built.packages()
    assert (built.all / "pkg_summary.gz").read_bytes() == before
    assert (built.all / "pkg_summary.zst").stat().st_size > size
    assert "publish lonely-1.0" in (built.all.parent / ".summary" / "state").read_text()


def overwrite(path: Path, content: bytes) -> None:
    """Write in place, so that inode, size and time of change to the second stay."""
    stat = path.stat()
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_unreadable_once_comes_back(built: Bulk) -> None:
    """Also where size and times are those of before."""
    path = built.all / "lonely-1.0.tgz"
    good = path.read_bytes()
    path.write_bytes(b"x" * len(good))
    said = built.make("repository").stdout
    assert f"unreadable {path}" in said
    assert listed(built) == built.packages() - {"lonely-1.0"}
    overwrite(path, good)
    built.make("repository")
    assert listed(built) == built.packages()


def test_replaced_in_place_within_the_minute(built: Bulk) -> None:
    """Its size is the same and its inode, and so is what ls prints: its checksum is not."""
    path = built.all / "lonely-1.0.tgz"
    good = path.read_bytes()
    with path.open("r+b") as file:
        file.write(good[:4] + bytes(4) + good[8:])  # gzip's time
    built.make("repository")
    assert listed(built) == built.packages()


def test_incomplete_sets_are_not_published(built: Bulk, tmp_path: Path) -> None:
    """What is missing is said, and the old set stays; a file of patterns may ask for less."""
    there = tmp_path / "srv"
    done = built.make("publish", f"PUBLISH={there}")
    assert done.returncode == 0, done.stdout
    first = there.readlink()
    path = built.all / "libquilt-0.6.tgz"
    path.rename(tmp_path / path.name)
    done = built.make("publish", f"PUBLISH={there}")
    assert done.returncode != 0
    assert "  libquilt-0.6 is not built yet" in done.stdout
    assert "incomplete" in done.stdout
    assert there.readlink() == first
    wanted = tmp_path / "wanted"
    wanted.write_text("lonely>=1\nquiltview-[0-9]*\n")
    done = built.make("publish", f"PUBLISH={there}", f"REQUIRED={wanted}")
    assert "  no package matches quiltview-[0-9]*" in done.stdout
    assert there.readlink() == first
    wanted.write_text("lonely>=1\n")
    done = built.make("publish", f"PUBLISH={there}", f"REQUIRED={wanted}")
    assert done.returncode == 0, done.stdout
    published = {one.name for one in (there / "All").glob("*.tgz")}
    assert "lonely-1.0.tgz" in published
    assert not any("quilt" in name for name in published)
    (tmp_path / path.name).rename(path)
    assert "All" in built.make("publish", f"PUBLISH={there}").stdout
    assert len(list((there / "All").glob("*.tgz"))) == len(built.packages())


def test_nothing_does_not_replace_something_without_a_word(built: Bulk, tmp_path: Path) -> None:
    """An empty PACKAGES/All, perhaps a disk that is not mounted: it is said, and not published."""
    there = tmp_path / "srv"
    built.make("publish", f"PUBLISH={there}")
    names = built.packages()
    aside = built.all.rename(tmp_path / "aside")
    built.all.mkdir()
    done = built.make("publish", f"PUBLISH={there}")
    assert done.returncode != 0
    assert f"is empty now: none of the {len(names)} packages" in done.stdout
    assert "no package may be published" in done.stdout
    assert len(list((there / "All").glob("*.tgz"))) == len(names)
    (built.all / "pkg_summary.gz").unlink(missing_ok=True)
    for path in built.all.iterdir():
        path.unlink()
    built.all.rmdir()
    aside.rename(built.all)
    built.make("repository")
    assert listed(built) == built.packages()
