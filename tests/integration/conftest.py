"""A bootstrap kit of the miniature tree, made once; a bulk build for each test."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import TREE, Bulk
from person import Person, person


@pytest.fixture(scope="session")
def kit(tmp_path_factory) -> Path:
    """Make the kit with the tree's own bootstrap; beside it its mk.conf, which scans use, too.

    Without it a scan would read the mk.conf of a /usr/pkg that this machine may have.
    """
    path = tmp_path_factory.mktemp("kit") / "kit.tar.gz"
    argv = ["sh", TREE / "bootstrap" / "bootstrap", "--prefix=/usr/pkg", "--gzip-binary-kit", path]
    subprocess.run(argv, check=True, capture_output=True)
    argv = ["tar", "-xOf", path, "usr/pkg/etc/mk.conf"]
    with (path.parent / "mk.conf").open("wb") as conf:
        subprocess.run(argv, check=True, stdout=conf)
    return path


@pytest.fixture
def new_bulk(kit, tmp_path) -> Iterator[Callable[..., Bulk]]:
    """Give bulk builds, and make sure that each leaves nothing behind."""
    made: list[Bulk] = []

    def make(tree: Path = TREE, **settings: str) -> Bulk:
        root = tmp_path / f"bulk{len(made)}"
        root.mkdir()
        made.append(Bulk(root, kit, tree, settings))
        return made[-1]

    yield make
    for one in made:
        assert not one.gone()


@pytest.fixture(scope="module")
def somebody() -> Iterator[Person]:
    """Give a person who is not root."""
    with person() as made:
        yield made


@pytest.fixture
def their(somebody: Person, kit) -> Iterator[Callable[..., Bulk]]:
    """Give bulk builds of theirs, generated, and make sure that each leaves nothing behind."""
    made: list[Bulk] = []

    def make(*words: str, conf: str = "", **settings: str) -> Bulk:
        made.append(somebody.bulk(kit, TREE, **settings))
        with (made[-1].kit.parent / "mk.conf").open("a") as file:
            file.write(conf)
        made[-1].generate(*words)
        somebody.own(made[-1].root)
        return made[-1]

    yield make
    for one in made:
        assert not one.gone()


@pytest.fixture
def bulk(new_bulk) -> Bulk:
    """Give one bulk build with the usual settings."""
    return new_bulk()
