"""Packages for another machine type: an arm64 base, the cross compiler of the host by distcc."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP, TREE, Bulk
from farm import farm, lacking

BASE = os.environ.get("PKGMKGEN_ARM64_BASE", "")
AARCH64 = 183
"""The machine in the head of an ELF file."""


def _why_not() -> str:
    """Say what is missing."""
    if not BASE:
        return "PKGMKGEN_ARM64_BASE names no arm64 base (pkgmkgen help architecture)"
    if not Path("/usr/lib/distcc/aarch64-linux-gnu-gcc").exists():
        return "not installed: gcc-aarch64-linux-gnu"
    if os.geteuid() or subprocess.run(["chroot", BASE, "true"], check=False).returncode:
        return f"{BASE} does not run here: register qemu-aarch64 with binfmt_misc"
    return f"not installed: {' '.join(lacking())}" if lacking() else ""


pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(_why_not()), reason=_why_not())]


def test_a_scan_in_a_foreign_base_gives_records_for_the_target(new_bulk) -> None:
    """The reason of a package that is for no Linux names the machine."""
    bulk = new_bulk()
    argv = [sys.executable, "-m", "pkgmkgen", "scan", "--no-cache", "--pkgsrc", str(TREE)]
    argv += ["--set", f"BASE={BASE}", "--set", f"BOOTSTRAP_KIT={bulk.kit}"]
    argv += ["--set", f"SANDBOXDIR={bulk.root}/sandboxes", "sysutils/bsdprobe"]
    text = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=TOP).stdout
    assert "-arm64" in text or "-aarch64" in text  # as bmake calls it, or pkgsrc's own make


def test_objects_for_the_target_come_from_the_cross_compiler_of_the_host(
    new_bulk, tmp_path
) -> None:
    """It runs natively; what is linked from them is for the target."""
    with farm(tmp_path, 1) as (host,):
        bulk: Bulk = new_bulk(BASE=BASE, DISTCC_HOSTS=f"{host.address}/4")
        bulk.generate("devel/libmini")
        done = bulk.make("-j2", "all")
        assert done.returncode == 0, done.stdout
        record = bulk.result("libmini-1.4.2nb1")
        assert record["DISTCC_REMOTE"] == record["DISTCC_JOBS"] == "4"
        assert host.log.read_text().count("aarch64-linux-gnu-gcc") >= host.jobs() == 4
    argv: list[str | Path] = ["tar", "-xzOf", bulk.all / "libmini-1.4.2nb1.tgz", "lib/libmini.a"]
    archive = subprocess.run(argv, capture_output=True, check=True).stdout
    heads = archive.split(b"\x7fELF")[1:]
    assert heads
    assert {int.from_bytes(head[14:16], "little") for head in heads} == {AARCH64}
