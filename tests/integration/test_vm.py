"""LAUNCH=vm: each package in a virtual machine of its own, and what happens when one dies.

The machines' root is this system's (VM_IMAGE=host); the kernel is PKGMKGEN_VM_KERNEL, the newest in
/boot, or Debian's, downloaded. They are emulated unless PKGMKGEN_VM_ACCEL says otherwise: whether
KVM starts any here is not known.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from bulk import TREE, Bulk, kill
from launching import add_package

pytestmark = [pytest.mark.root, pytest.mark.long]

TOOLS = ("qemu-system-x86_64", "cpio", "mke2fs", "insmod", "depmod", "curl")
FETCHING = """\
MASTER_SITES=\thttp://10.0.2.2:{port}/
DISTFILES=\tgift.txt
WRKSRC=\t${{WRKDIR}}

do-extract:
\tcp ${{DISTDIR}}/gift.txt ${{WRKDIR}}
"""
GIFT = b"fetched by a virtual machine\n"
BUILDS = {
    "guest": "echo its machine: `cat /proc/sys/kernel/hostname /proc/version`",
    "faulty": "@echo fatal error: never; exit 1",
}


@pytest.fixture(scope="module")
def kernel(tmp_path_factory) -> Path:
    """Give a kernel for the machines."""
    absent = [tool for tool in TOOLS if not shutil.which(tool)]
    if absent:
        pytest.skip(f"needs {', '.join(absent)} (Debian: qemu-system-x86 cpio e2fsprogs kmod curl)")
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
def mirror() -> Iterator[int]:
    """Give the port of a server on this machine that has a distfile."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/gift.txt" else 404)
            self.end_headers()
            self.wfile.write(GIFT)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


@pytest.fixture
def machines(new_bulk, kernel, mirror, tmp_path) -> Bulk:
    """Give a bulk build of the packages in BUILDS, each in a machine; the first has a distfile."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    for name, build in BUILDS.items():
        more = FETCHING.format(port=mirror) if name == "guest" else ""
        add_package(tree, name, build, more)
    gift = f"SHA512 (gift.txt) = {hashlib.sha512(GIFT).hexdigest()}\nSize (gift.txt) = 29 bytes\n"
    (tree / "misc" / "guest" / "distinfo").write_text(f"$NetBSD$\n\n{gift}")
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


def _machines(bulk: Bulk) -> dict[int, str]:
    """Return the living machines: the words of each process."""
    words = {}
    for pid in bulk.processes():
        with contextlib.suppress(OSError):
            words[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    return {pid: text for pid, text in words.items() if text.startswith("qemu-system")}


def _wait_for_boot(process: subprocess.Popen[bytes], bulk: Bulk, pkgname: str) -> None:
    end = time.monotonic() + 300
    while not list(bulk.root.glob(f"packages/.staging/{pkgname}@*/vm/booted")):
        assert process.poll() is None, (bulk.root / "out").read_text()
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_machine_for_each_package(machines: Bulk) -> None:
    """One that dies in mid-build is replaced; a package's failure is a failure; nothing stays."""
    machines.make("LAUNCH=local", "pkgtools/digest")  # which a package with distfiles needs
    process = machines.start("-j2")
    _wait_for_boot(process, machines, "guest-1.0")
    running = _machines(machines)
    assert all(("-netdev" in text) == ("/guest-1.0@" in text) for text in running.values())
    kill(next(pid for pid, text in running.items() if "/guest-1.0@" in text))
    process.wait()
    said = (machines.root / "out").read_text()
    assert re.search(r"died +the virtual machine of guest-1\.0 died during its build", said)
    assert "guest-1.0" in machines.packages(), said
    assert "faulty-1.0" not in machines.packages()
    built, failed = machines.result("guest-1.0"), machines.result("faulty-1.0")
    assert built["HOST"] == f"vm.{os.uname().nodename}"
    assert int(built["MEMORY_BYTES"]) > 0  # so there are control groups, of version 2
    assert (machines.root / "distfiles" / "gift.txt").read_bytes() == GIFT
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
    machines.wait_for("building   faulty-1.0")
    end = time.monotonic() + 60
    while not _machines(machines):
        assert time.monotonic() < end
        time.sleep(0.1)
    kill(process.pid)
    process.wait()
    assert not machines.gone()


def test_a_machine_that_does_not_start_halts_the_run(machines: Bulk, tmp_path) -> None:
    """It says why, and blames no package."""
    broken = tmp_path / "vmlinuz-broken"
    broken.write_text("no kernel")
    done = machines.make("-j2", f"VM_KERNEL={broken}")
    assert "run halted: the virtual machine of" in done.stdout
    assert "did not start" in done.stdout
    assert not machines.result("guest-1.0")
    done = machines.make("-j2", "VM_KERNEL=/nonexistent/vmlinuz-1")
    assert "no Linux kernel at /nonexistent/vmlinuz-1" in done.stdout
