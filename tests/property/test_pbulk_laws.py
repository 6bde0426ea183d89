"""pbulk-resolve itself against ours, over scans made up at random.

Needs its path in PBULK_RESOLVE; it is built from pkgsrc's pkgtools/pbulk.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import tempfile

import pytest
from hypothesis import assume, given, settings
from strategies import scans

from pkgmkgen.index import reader as index
from pkgmkgen.model import ScanItem
from pkgmkgen.resolve import presolve
from pkgmkgen.resolve.resolver import resolve

PROGRAM = os.environ.get("PBULK_RESOLVE", "")


@pytest.mark.skipif(not PROGRAM, reason="PBULK_RESOLVE is not set: the path of pbulk-resolve")
@settings(max_examples=int(os.environ.get("PBULK_EXAMPLES", "200")), deadline=None)
@given(scans(max_size=12))
def test_same_bytes_as_pbulk(items: list[ScanItem]) -> None:
    """Choices, order, blanks, lines left out: all of it."""
    text = index.dump(items).encode()
    assume(items)
    assume(not re.search(rb"[0-9]{9}", text))  # there C's int overflows, and pbulk errs
    with tempfile.NamedTemporaryFile() as file:
        file.write(text)
        file.flush()
        done = subprocess.run([PROGRAM, "-p", file.name], capture_output=True, check=True)
    scan = index.read([text], "f")
    out = io.BytesIO()
    out.writelines(presolve.solved([text], scan, resolve(scan.items)))
    assert out.getvalue() == done.stdout
