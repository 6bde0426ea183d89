"""LAUNCH=vm: each package in a virtual machine of its own, and what happens when one dies.

The machines' root is this system's (VM_IMAGE=host); the kernel is PKGMKGEN_VM_KERNEL, the newest in
/boot, or Debian's, downloaded. They are emulated unless PKGMKGEN_VM_ACCEL says otherwise: whether
KVM starts any here is not known.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from bulk import TREE, Bulk, kill

pytestmark = pytest.mark.root

TOOLS = ("qemu-system-x86_64", "cpio", "mke2fs", "insmod", "depmod")
PACKAGE = """\
DISTNAME=\t{name}-1.0
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tBuilt in a virtual machine
LICENSE=\tmodified-bsd
INSTALLATION_DIRS=\tshare/{name}

do-build:
\t{build}

do-install:
\t${{INSTALL_DATA}} ${{.CURDIR}}/DESCR ${{DESTDIR}}${{PREFIX}}/share/{name}/file

.include "../../mk/bsd.pkg.mk"
"""
BUILDS = {
    "guest": "echo its machine: `cat /proc/sys/kernel/hostname /proc/version`",
    "faulty": "echo 'fatal error: never'; exit 1",
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> Path:
    """Give a kernel for the machines."""
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if absent:
        pytest.skip(f"needs {', '.join(absent)} (Debian: qemu-system-x86 cpio e2fsprogs kmod)")
    known = os.environ.get("PKGMKGEN_VM_KERNEL")
    installed = [Path(known)] if known else sorted(Path("/boot").glob("vmlinuz-*"))
    if installed:
        return installed[-1]
    folder = tmp_path_factory.mktemp("kernel")
    get = (
        "name=$(apt-cache depends linux-image-amd64 | sed -n 's/ *Depends: //p' | head -n 1) && "
        'apt-get -qq download "$name" && dpkg -x "$name"_*.deb . && rm "$name"_*.deb'
    )
    argv = ["sh", "-c", get]
    done = subprocess.run(argv, cwd=folder, capture_output=True, text=True, check=False)
    found = list(folder.glob("boot/vmlinuz-*"))
    if not found:
        pytest.skip(f"there is no kernel in /boot, and none to download: {done.stderr[-300:]}")
    return found[0]


@pytest.fixture
def machines(new_bulk, kernel, tmp_path) -> Bulk:
    """Give a bulk build of the packages in BUILDS, each in a machine."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    for name, build in BUILDS.items():
        folder = tree / "misc" / name
        folder.mkdir()
        (folder / "DESCR").write_text("Text.\n")
        (folder / "PLIST").write_text(f"@comment $NetBSD$\nshare/{name}/file\n")
        (folder / "Makefile").write_text(PACKAGE.format(name=name, build=build))
    bulk = new_bulk(
        tree,
        LAUNCH="vm",
        VM_KERNEL=str(kernel),
        VM_ACCEL=os.environ.get("PKGMKGEN_VM_ACCEL", "tcg"),
        VM_MEMORY="600m",
        VM_BOOT="300",
    )
    bulk.generate("misc/guest", "misc/faulty")
    return bulk


def _machine(bulk: Bulk, pkgname: str) -> int:
    """Return the process of the machine that builds `pkgname`."""
    for pid in bulk.processes():
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        if words.startswith("qemu-system") and f"/{pkgname}@" in words:
            return pid
    raise AssertionError(pkgname)


def _wait_for_boot(process: subprocess.Popen[bytes], bulk: Bulk, pkgname: str) -> None:
    end = time.monotonic() + 300
    while not list(bulk.root.glob(f"packages/.staging/{pkgname}@*/vm/booted")):
        assert process.poll() is None, (bulk.root / "out").read_text()
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_machine_for_each_package(machines: Bulk) -> None:
    """One that dies in mid-build is replaced; a package's failure is a failure; nothing stays."""
    process = machines.start("-j2")
    _wait_for_boot(process, machines, "guest-1.0")
    kill(_machine(machines, "guest-1.0"))
    process.wait()
    said = (machines.root / "out").read_text()
    assert re.search(r"died +the virtual machine of guest-1\.0, in the middle of its build", said)
    assert machines.packages() == {"guest-1.0"}, said
    built, failed = machines.result("guest-1.0"), machines.result("faulty-1.0")
    assert built["HOST"] == f"vm.{os.uname().nodename}"
    assert int(built["MEMORY_BYTES"]) > 0  # so there are control groups, of version 2
    log = (machines.log / "guest-1.0" / "build.log").read_text()
    assert Path("/proc/version").read_text().strip() not in log
    assert (failed["STATUS"], failed["PHASE"]) == ("failed", "build"), said
    assert failed["REASON"] == "error: fatal error: never"
    for path in [*machines.all.iterdir(), *machines.log.glob("*-1.0/*")]:
        assert path.stat().st_uid == 0
        assert path.is_file()
    assert not machines.gone()


def test_nothing_outlives_make(machines: Bulk) -> None:
    """Make is killed: the machines end with it."""
    process = machines.start("-j2")
    machines.wait_for("building   guest-1.0")
    end = time.monotonic() + 60
    while not any(_is_machine(pid) for pid in machines.processes()):
        assert time.monotonic() < end
        time.sleep(0.1)
    kill(process.pid)
    process.wait()
    assert not machines.gone()


def _is_machine(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"qemu-system")
    except OSError:
        return False


def test_a_machine_that_does_not_start_halts_the_run(machines: Bulk, tmp_path) -> None:
    """It says why, and blames no package."""
    broken = tmp_path / "vmlinuz-broken"
    broken.write_text("no kernel")
    done = machines.make("-j2", f"VM_KERNEL={broken}")
    assert "run halted: the virtual machine of" in done.stdout
    assert "did not start" in done.stdout
    assert not machines.result("guest-1.0")
    done = machines.make("-j2", "VM_KERNEL=/nonexistent/vmlinuz-1")
    assert "there is no kernel /nonexistent/vmlinuz-1" in done.stdout
