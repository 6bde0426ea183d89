"""Errors say what, where and how to fix it, and keep doing so across processes."""

from __future__ import annotations

import pickle

import pytest

from pkgmkgen import errors


def test_text_is_place_first_then_the_fix() -> None:
    """Two lines, as compilers print them, so that editors find the place."""
    error = errors.PkgmkgenError("no such file", "x.txt:3", "give --index")
    assert str(error) == "x.txt:3: no such file\n  fix: give --index"


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.PkgmkgenError, 1),
        (errors.UsageError, 2),
        (errors.UnresolvedError, 3),
        (errors.IndexSyntaxError, 65),
        (errors.PatternError, 65),
        (errors.UnavailableError, 69),
        (errors.FileError, 74),
    ],
)
def test_each_kind_has_its_exit_status(kind: type[errors.PkgmkgenError], status: int) -> None:
    """Callers tell failures apart by the status; `pkgmkgen help exit-status` has the table."""
    assert kind.exit_status == status


def test_survives_pickling() -> None:
    """A worker process hands its error to its parent whole."""
    error = pickle.loads(pickle.dumps(errors.UsageError("a", "b", "c")))
    assert (type(error), error.what, error.where, error.fix) == (errors.UsageError, "a", "b", "c")
