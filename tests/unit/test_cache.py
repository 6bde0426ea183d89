"""Stored records: valid while everything is the same, whatever happened to the file."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import TOP

from pkgmkgen.errors import FileError
from pkgmkgen.model import PkgPath
from pkgmkgen.scan.cache import Cache, Stored

A = Stored(
    PkgPath("x/a"), b"PKGNAME=a-1\n" * 9, {"x/a/Makefile": "1", "mk/x.mk": "1"}, 2.0, ("ssl x11",)
)
B = Stored(PkgPath("x/b"), b"PKGNAME=b-1\n", {"x/b/Makefile": "1", "mk/x.mk": "1"}, 1.0)
ALL = {"x/a/Makefile": "1", "x/b/Makefile": "1", "mk/x.mk": "1"}


@pytest.fixture
def cache(tmp_path) -> Iterator[Callable[..., Cache]]:
    """Open the cache, with these settings or others."""
    made: list[Cache] = []

    def open_(settings: str = "s") -> Cache:
        made.append(Cache.opened(str(tmp_path / "deep" / "cache"), settings))
        return made[-1]

    yield open_
    for one in made:
        one.close()


def test_records_come_back_while_their_files_are_the_same(cache) -> None:
    """A file that changed or went spoils those that depend on it, and only those."""
    cache().put([A, B])
    again = cache()
    assert again.paths() == ALL.keys()
    assert again.valid(ALL) == {"x/a": (A.text, ("ssl x11",)), "x/b": (B.text, ())}
    assert again.valid({**ALL, "x/a/Makefile": "2"}) == {"x/b": (B.text, ())}
    assert again.valid({**ALL, "mk/x.mk": "2"}) == {}
    assert again.valid({}) == {}
    assert again.seconds() == {"x/a": 2.0, "x/b": 1.0}


def test_a_file_that_is_as_it_was_before_makes_no_old_record_valid(cache) -> None:
    """The newer record replaces the older one."""
    one = cache()
    one.put([A])
    one.put([Stored(A.pkgpath, b"new", {**A.states, "mk/x.mk": "2"}, 1.0)])
    assert one.valid(ALL) == {}
    assert one.valid({**ALL, "mk/x.mk": "2"}) == {"x/a": (b"new", ())}


def test_other_settings_have_other_records(cache) -> None:
    """A few of them are remembered side by side, not all for ever."""
    cache("s").put([A])
    assert cache("t").valid(ALL) == {}
    assert cache("s").valid(ALL) == {"x/a": (A.text, ("ssl x11",))}
    for number in range(20):
        cache(f"u{number}")
    assert cache("s").valid(ALL) == {}


def test_digests_of_directories_come_back(cache) -> None:
    """With what they are good for."""
    cache().put_folders([("x/a", "sizes and times", "digest")])
    cache().put_folders([("x/a", "other times", "digest")])
    assert cache().folders() == {"x/a": ("other times", "digest")}


def test_directories_that_are_gone_are_forgotten(cache) -> None:
    """With all that was stored for them."""
    cache().put([A, B])
    cache().forget_others([B.pkgpath])
    assert cache().valid(ALL) == {"x/b": (B.text, ())}


@pytest.mark.parametrize("content", [b"", b"rubbish" * 1000, b"SQLite format 3\0" + b"x" * 4000])
def test_a_damaged_file_is_replaced(cache, tmp_path, content: bytes) -> None:
    """It is a cache."""
    path = tmp_path / "deep" / "cache"
    path.parent.mkdir()
    path.write_bytes(content)
    cache().put([A])
    assert cache().valid(ALL) == {"x/a": (A.text, ("ssl x11",))}


def test_a_place_that_cannot_be_written_is_an_error(tmp_path) -> None:
    """Named, with what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="--cache"):
        Cache.opened(str(tmp_path / "file" / "cache"), "s")


def test_writers_at_the_same_time_and_killed_ones(tmp_path) -> None:
    """All that was put is there; a kill -9 costs at most what was not yet put."""
    path = str(tmp_path / "cache")
    script = (
        "import sys; from pkgmkgen.scan.cache import Cache, Stored\n"
        "c = Cache.opened(sys.argv[1], 's')\n"
        "for i in range(40):\n"
        "    c.put([Stored(f'{sys.argv[2]}/{i}', b'PKGNAME=x', {f'f{i}': '1', 'g': '1'}, 1.0)])\n"
        "    print(i, flush=True)\n"
    )
    argv = [sys.executable, "-c", script, path]
    running = [
        subprocess.Popen([*argv, name], cwd=TOP, stdout=subprocess.PIPE) for name in ("a", "b", "k")
    ]
    assert running[2].stdout
    running[2].stdout.readline()
    running[2].kill()
    for one in running:
        one.communicate()
    states = {f"f{number}": "1" for number in range(40)} | {"g": "1"}
    found = Cache.opened(path, "s")
    names = list(found.valid(states))
    found.close()
    assert {name for name in names if name[0] != "k"} == {
        f"{w}/{i}" for w in "ab" for i in range(40)
    }
    assert "k/0" in names
    assert Path(path).stat().st_size
