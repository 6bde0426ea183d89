"""DISTCC_HOSTS as host/distcc.awk reads it: their names in a sandbox, slots, relays."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


def _read(scripts: Path, hosts: str) -> list[str]:
    argv = ["awk", "-v", f"hosts={hosts}", "-f", str(scripts / "host" / "distcc.awk")]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("hosts", "inside", "slots", "relays"),
    [
        ("a", "127.1.0.1:3632/4", 4, "127.1.0.1=a:3632"),
        ("a:77/3,lzo", "127.1.0.1:3632/3,lzo", 3, "127.1.0.1=a:77"),
        ("a/3:77", "127.1.0.1:3632/3", 3, "127.1.0.1=a:77"),
        ("[::1]:9", "127.1.0.1:3632/4", 4, "127.1.0.1=[::1]:9"),
        ("a,lzo,cpp", "127.1.0.1:3632/4,lzo", 4, "127.1.0.1=a:3632"),
        ("localhost a", "localhost 127.1.0.1:3632/4", 6, "127.1.0.1=a:3632"),
        ("--randomize --localslots=3 localhost/5", "--randomize --localslots=3 localhost/5", 5, ""),
        (
            "a/1 b/2",
            "127.1.0.1:3632/1 127.1.0.2:3632/2",
            3,
            "127.1.0.1=a:3632 127.1.0.2=b:3632",
        ),
    ],
)
def test_hosts_keep_their_order_limits_and_options(scripts, hosts, inside, slots, relays) -> None:
    """Only names and ports change; limits that are not given are those of distcc."""
    want = [f"hosts {inside}", f"slots {slots}", f"relays {relays}".rstrip()]
    assert _read(scripts, hosts) == want


@pytest.mark.parametrize(
    "hosts",
    [
        "u@h",
        "@h",
        "+zeroconf",
        "a,auth",
        "a:x",
        "a/x",
        "a;id",
        "a:1:2x",
        "-x",
        "localhost/0",
        "[::1",
    ],
)
def test_what_cannot_be_relayed_is_one_error(scripts, hosts) -> None:
    """And nothing else is said."""
    lines = _read(scripts, hosts)
    assert len(lines) == 1
    assert lines[0].startswith("error ")
