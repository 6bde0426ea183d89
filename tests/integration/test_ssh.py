"""LAUNCH=ssh: packages are built on other machines, and what happens when those fail.

The machines are real sshds in network namespaces (tests/hosts.py). Needs root.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator

import pytest
from bulk import Bulk, expected
from hosts import Farm, Host, farm, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


@pytest.fixture
def two() -> Iterator[Farm]:
    """Give two hosts."""
    with farm("slow1", "slow2") as made:
        yield made


def test_the_whole_tree(two: Farm, new_bulk) -> None:
    """All ends as EXPECTED says, the work is shared, and nothing stays on the hosts."""
    bulk = new_bulk(LAUNCH="ssh", HOSTS=str(two.file(2)), SSH=two.ssh)
    bulk.generate()
    done = bulk.make("-j4")
    print(done.stdout, done.stderr)
    assert False
