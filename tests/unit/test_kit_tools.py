"""What a base system and a kit must have before anything is built."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from sourcing import ENVIRONMENT

BMAKE, ADD = "usr/pkg/bin/bmake", "usr/pkg/sbin/pkg_add"
NO_KIT = "BOOTSTRAP_KIT is not set, and the base system (BASE=/base) has no /usr/pkg/bin/bmake"
NO_CC = "no C compiler in the base system (BASE=/base)"


@pytest.mark.parametrize(
    ("kit", "base", "conf", "said"),
    [
        ((BMAKE, ADD), ("usr/bin/cc",), "", ""),
        ((), (BMAKE, ADD, "usr/bin/gcc"), "", ""),
        ((), ("usr/bin/cc",), "", NO_KIT),
        ((BMAKE,), ("usr/bin/cc",), "", "has no /usr/pkg/sbin/pkg_add, nor has the base system"),
        ((BMAKE, ADD), (), "", NO_CC),
        ((BMAKE, ADD), (), "# CC=cc\nLOCALBASE=/usr/pkg\nX11BASE=/usr/X11R7\n", NO_CC),
        ((BMAKE, ADD), (), "PKGSRC_COMPILER?=\tsunpro\n", ""),
        ((BMAKE, ADD), (), "GCCBASE=/opt/gcc\n", ""),
        ((BMAKE, ADD, "usr/pkg/gcc10/bin/gcc"), (), "", ""),
    ],
)
def test_tools_and_compiler(tmp_path: Path, kit, base, conf: str, said: str) -> None:
    """A halt names what is missing, where, and how to mend it."""
    for root, files in (("kit", kit), ("base", base)):
        (tmp_path / root / "usr").mkdir(parents=True)
        for file in files:
            path = tmp_path / root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o755)
    (tmp_path / "mk.conf").write_text(conf)
    env = {
        **ENVIRONMENT,
        "BULK_KIT": "/kit" if kit else "",
        "BULK_BASE": "/base",
        "BULK_MAKECONF": str(tmp_path / "mk.conf"),
    }
    words = [str(tmp_path / "kit") if kit else "", str(tmp_path / "base")]
    script = '. "$BULK_SCRIPTS/host/kit.sh"; kit_tools "$@"'
    done = subprocess.run(
        ["sh", "-euc", script, "sh", *words], env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == (75 if said else 0), done.stderr
    assert said in done.stderr
    assert ("\n  fix: " in done.stderr) is bool(said)


def test_packages_of_this_machine_are_no_kit(tmp_path: Path) -> None:
    """A sandbox does not see them."""
    for file in (BMAKE, ADD):
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o755)
    prefix = f"{tmp_path}/usr/pkg"
    env = {
        **ENVIRONMENT,
        "BULK_KIT": "",
        "BULK_PREFIX": prefix,
        "BULK_BMAKE": f"{prefix}/bin/bmake",
    }
    script = '. "$BULK_SCRIPTS/host/kit.sh"; kit_tools "" ""'
    done = subprocess.run(
        ["sh", "-euc", script], env=env, capture_output=True, text=True, check=False
    )
    assert "BOOTSTRAP_KIT is not set" in done.stderr
