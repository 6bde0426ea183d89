"""Directories go to threads in order; results come back, errors too."""

from __future__ import annotations

import threading

import pytest

from pkgmkgen.model import PkgPath
from pkgmkgen.scan.directory import Answer
from pkgmkgen.scan.session import Launch, Limits, Session
from pkgmkgen.scan.workers import Workers

PATHS = [PkgPath(f"x/{number}") for number in range(50)]


def workers(count: int) -> Workers:
    """Make workers whose machines nobody starts."""
    return Workers([Session(Launch(("false",), "", ""), Limits()) for _ in range(count)])


def test_every_directory_gives_one_result_and_the_first_is_begun_first() -> None:
    """Twice, since a limited scan has rounds."""
    begun: list[PkgPath] = []
    team = workers(3)

    def read(_session: Session, path: PkgPath) -> Answer:
        begun.append(path)
        return Answer(path.encode())

    for paths in (PATHS, PATHS[:2], []):
        begun.clear()
        results = [one for one in team.each(read, paths) if one]
        assert {one.pkgpath: one.answer.text for one in results} == {p: p.encode() for p in paths}
        assert begun[:1] == paths[:1]
        assert sorted(begun) == sorted(paths)


def test_an_error_is_raised_where_results_are_read() -> None:
    """Not lost in a thread."""

    def read(_session: Session, path: PkgPath) -> Answer:
        raise KeyError(path)

    with pytest.raises(KeyError):
        list(workers(2).each(read, PATHS))


def test_while_nothing_comes_the_slow_one_is_named() -> None:
    """And the caller is woken, so that a ^C is seen."""
    go = threading.Event()
    team = workers(1)

    def read(_session: Session, _path: PkgPath) -> Answer:
        go.wait(20)
        return Answer()

    results = team.each(read, PATHS[:1])
    assert next(results) is None
    slow = team.running()
    assert slow
    assert slow[0] == "x/0"
    go.set()
    assert [one.pkgpath for one in results if one] == ["x/0"]
    assert team.running() is None
