"""How much a package asks of the pool of jobs (host/pool.sh): tokens and memory."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sourcing import ENVIRONMENT

SCRIPT = """
. "$BULK_SCRIPTS/host/pool.sh"
os_memory_kb() { echo 8000000; }
sandbox_slots=$2 sandbox_processors=6
pool_last "$1"
pool_size
echo "$pool_tokens $pool_most $pool_share $pool_memory"
"""
BUSY = "SECONDS.build=100.5\nCPU_SECONDS.build=350.1\nJOBS_MAX=4\n"
LAZY = "SECONDS.build=100.5\nCPU_SECONDS.build=120.1\nJOBS_MAX=4\n"


def _size(result: Path, slots: int, **settings: str) -> str:
    environment = {**ENVIRONMENT, "BULK_OS": "Linux", **settings}
    argv = ["sh", "-euc", SCRIPT, "sh", str(result), str(slots)]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("text", "slots", "size"),
    [
        ("", 8, "8 7 4 0"),
        ("", 1, "6 5 3 0"),
        (BUSY, 8, "8 7 4 0"),
        (LAZY, 8, "8 7 2 0"),
        ("SECONDS.build=2.5\nCPU_SECONDS.build=0.1\nJOBS_MAX=4\n", 8, "8 7 4 0"),
        ("MEMORY_BYTES=1999000000\n", 8, "8 7 4 0"),
        ("MEMORY_BYTES=4000000000\n", 8, "8 7 4 129"),
        ("MEMORY_BYTES=99999999999999999999\nJOBS_MAX=-1\nSECONDS.build=$(exit)\n", 8, "8 7 4 0"),
    ],
    ids=["nothing", "one-slot", "busy", "lazy", "short", "small", "half-the-memory", "damaged"],
)
def test_the_last_build_tells(tmp_path: Path, text: str, slots: int, size: str) -> None:
    """All tokens, further ones one by one, further ones at once, parts of 256 of the memory."""
    result = tmp_path / "result"
    result.write_text(text)
    assert _size(result, slots) == size
    assert _size(tmp_path / "missing", 8) == "8 7 4 0"


@pytest.mark.parametrize("setting", ["BULK_MAKE_JOBS", "BULK_DISTCC_SLOTS"])
def test_a_fixed_number_of_jobs_takes_no_more(tmp_path: Path, setting: str) -> None:
    """The token of its slot only."""
    assert _size(tmp_path / "missing", 8, **{setting: "3"}).split()[1] == "0"
