"""States of files: content and names decide, times do not; the same from afar."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any

import pytest
from bulk import TOP

from pkgmkgen.scan.fingerprints import States, depends
from pkgmkgen.scan.session import Launch, Limits, Session


@pytest.fixture(params=["here", "there"])
def look(request, tmp_path) -> Iterator[Any]:
    """Look at files, with our own eyes or over a machine."""
    session = Session(Launch(("sh", str(TOP / "sandbox-scripts/worker.sh")), "", ""), Limits(60))
    remote = session if request.param == "there" else None
    yield lambda *paths: States(str(tmp_path), remote).look(paths)
    session.kill()


def test_content_decides_and_time_does_not(look, tmp_path) -> None:
    """A checkout sets any time it likes."""
    path = tmp_path / "a b"
    path.write_text("one")
    first = look("a b", "gone", "sub/")
    os.utime(path, (1, 1))
    assert look("a b", "gone", "sub/") == first
    path.write_text("two")
    os.utime(path, (1, 1))
    second = look("a b", "gone", "sub/")
    assert second["a b"] != first["a b"]
    assert second["gone"] == first["gone"]
    (tmp_path / "gone").write_text("")
    assert look("gone") != {"gone": first["gone"]}


def test_names_in_a_directory_decide(look, tmp_path) -> None:
    """A file more or less, not its content."""
    (tmp_path / "d").mkdir()
    (tmp_path / "d" / "x").write_text("1")
    first = look("d/")
    (tmp_path / "d" / "x").write_text("2")
    assert look("d/") == first
    (tmp_path / "d" / "y").write_text("")
    assert look("d/") != first


def test_what_changed_after_a_moment_is_not_vouched_for(tmp_path) -> None:
    """It may have changed while make read it."""
    (tmp_path / "a").write_text("")
    now = time.time()
    assert States(str(tmp_path), None).before(["a"], now - 10) is None
    assert States(str(tmp_path), None).before(["a"], now + 10)


def test_depends_are_files_and_their_directories() -> None:
    """Relative to the package, below the tree; absolute ones as they are."""
    text = b"PKGNAME=a-1\nSCAN_DEPENDS=Makefile ../../mk/x.mk /etc/mk.conf ../b/../c/o.mk\nX=1\n"
    assert depends(text, "x/a", ["y/d/Makefile"]) == {
        "x/a/Makefile",
        "mk/x.mk",
        "/etc/mk.conf",
        "x/c/o.mk",
        "y/d/Makefile",
        "mk/",
        "x/a/",
        "x/a/patches/",
        "x/c/",
        "y/d/",
    }
