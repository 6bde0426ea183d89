"""Runs in a container: other process namespaces, few rights, control groups shared with others."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk import Bulk

pytestmark = pytest.mark.root

RIGHTS = ("setpriv", "--bounding-set=-sys_admin", "--inh-caps=-all", "--")
GROUPS = Path("/sys/fs/cgroup")
# Its first process has more rights than the others, so that they cannot look at its namespaces.
CONTAINER = (
    *("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--", "sh", "-c"),
    'setpriv --bounding-set=-sys_ptrace --inh-caps=-all -- "$0" "$@"; exit $?',
)
OTHER = "4026599999.other-1.0@1.1"
GONE = "4026599998.gone-1.0@1.1"


@pytest.fixture
def parent() -> Iterator[Path]:
    """Give the group that the builds of root are in."""
    second = (GROUPS / "cgroup.controllers").exists()
    found = GROUPS / ("pkgmkgen" if second else "memory/pkgmkgen")
    if not os.access(found.parent, os.W_OK):
        pytest.skip("no control groups here")
    found.mkdir(exist_ok=True)
    yield found
    for name in (OTHER, GONE):
        with contextlib.suppress(FileNotFoundError):
            (found / name).rmdir()


def test_groups_of_other_containers_stay_until_they_are_old(bulk: Bulk, parent: Path) -> None:
    """A run sweeps what died in its own process namespace, elsewhere only what is a day old."""
    bulk.generate("misc/lonely")
    for name in (OTHER, GONE):
        (parent / name).mkdir()
    os.utime(parent / GONE, (1_000_000_000, 1_000_000_000))
    bulk.before = CONTAINER
    done = bulk.make()
    assert bulk.packages() == {"lonely-1.0"}, done.stdout
    assert [name for name in (OTHER, GONE) if (parent / name).exists()] == [OTHER]
    assert not list(parent.glob("*lonely-1.0@*"))


def test_a_container_without_rights_is_told_once(bulk: Bulk) -> None:
    """As docker makes them unless told otherwise: one message with the reason and the remedy."""
    bulk.generate("misc/lonely")
    bulk.before = RIGHTS
    for words in (("-j2",), ("lonely",), ("fetch",), ("shell", "PKG=lonely")):
        done = bulk.make(*words)
        said = "pkgmkgen: run halted: root cannot create the namespaces of a sandbox here: unshare:"
        assert done.stdout.count(said) == 1, done.stdout
        assert "--privileged" in done.stdout
    may = bulk.tree.parents[1] / "sandbox-scripts" / "os" / "Linux-may.sh"
    assert subprocess.run([*RIGHTS, "sh", may], capture_output=True, check=False).returncode == 1
