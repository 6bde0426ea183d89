"""A NetBSD machine to build on, for tests: one that a person names, or an image that qemu boots.

NETBSD_HOST   an ssh login as root: HOST or USER@HOST
NETBSD_IMAGE  a disk image whose system starts sshd and lets root in; it is not changed
NETBSD_SSH    more words for ssh, e.g. `-i KEY`
NETBSD_QEMU   more words for qemu, e.g. `-cdrom boot.iso -boot d`; without `-accel kvm` it emulates,
              which is slower, and works on every machine

It needs no Python and no pkgsrc: base and comp are enough. Scans and bulk.mk are made here.
"""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bulk import TOP, TREE

HERE = "/var/tmp/pkgmkgen-test"
"""What is below it there belongs to the tests."""

SUM = """#!/bin/sh
[ "$1" != -- ] || shift
[ $# -gt 0 ] || set -- /dev/stdin
cksum -a {name} "$@" | sed 's/^[A-Z0-9]* (\\(.*\\)) = \\(.*\\)/\\2  \\1/'
"""

TAR = """#!/bin/sh
# GNU tar, as far as the miniature tree uses it, by pax
set -eu
file=- dir=. list=/dev/null owner= keep=-pe except= names=
while [ $# -gt 0 ]; do
    case $1 in
    -*f) mode=$1 file=$2; shift ;;
    -C) dir=$2; shift ;;
    -T) list=$2; shift ;;
    --owner=*) owner=${1#*=}; owner=${owner%:*} ;;
    --exclude) except=$2; shift ;;
    --no-same-owner) keep= ;;
    --*) ;;
    *) names="$names $1" ;;
    esac
    shift
done
case $mode in
-x*)
    case $list in /dev/null) ;; *) except='+*' ;; esac
    if [ "$file" = - ]; then cat; else gzip -dcf "$file"; fi |
        (cd "$dir" && exec pax -r $keep ${except:+-c} ${except:+"$except"})
    ;;
-c*)
    copy=$(mktemp -d)
    for name in $names; do echo "$name"; done >"$copy.list"
    pax -rw -pe "$copy" <"$copy.list"
    (cd "$dir" && pax -rwd -pe "$copy" <"$list")
    cat "$list" >>"$copy.list"
    [ -z "$owner" ] || chown -hR "$owner:wheel" "$copy"
    (cd "$copy" && pax -wd -x ustar <"$copy.list") >"$file"
    rm -rf "$copy" "$copy.list"
    ;;
esac
"""

EXTRA = {
    "bin/md5sum": SUM.replace("{name}", "MD5"),
    "bin/sha512sum": SUM.replace("{name}", "SHA512"),
    "bin/sha256sum": SUM.replace("{name}", "SHA256"),
    "bin/tar": TAR,
    "sbin/tar": TAR,  # for pkg_info in summarize.sh
    "bin/bmake": '#!/bin/sh\nMAKECONF=${MAKECONF-/usr/pkg/etc/mk.conf}\nexport MAKECONF\nexec /usr/bin/make "$@"\n',  # noqa: E501
}
"""What the miniature tree expects of Linux, as part of the bootstrap kit."""


@dataclass(frozen=True)
class Guest:
    """The machine, by the words that run a command on it."""

    login: tuple[str, ...]

    def run(self, script: str, seconds: float = 600, *, check: bool = True) -> str:
        """Run a script there; returns what it printed, on both outputs."""
        argv = [*self.login, "exec sh -s"]
        try:
            done = subprocess.run(
                argv, input=script, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                errors="replace", check=False, timeout=seconds,
            )  # fmt: skip
        except subprocess.TimeoutExpired as ended:
            said = (ended.stdout or b"").decode(errors="replace")
            raise AssertionError(f"no end after {seconds} s: {script}\n{said}") from None
        assert not check or done.returncode == 0, f"{script}\n{done.stdout}"
        return done.stdout

    def put(self, folder: Path, *names: str, to: str = HERE) -> None:
        """Copy files there."""
        pack = ["tar", "-C", str(folder), "--format=ustar", "-cf", "-", "--", *names]
        with subprocess.Popen(pack, stdout=subprocess.PIPE) as packed:
            argv = [*self.login, f"mkdir -p {to} && cd {to} && tar -xpf -"]
            subprocess.run(argv, stdin=packed.stdout, check=True, timeout=600)

    def get(self, folder: str, name: str, to: Path) -> None:
        """Copy files from there."""
        argv = [*self.login, f"cd {folder} && tar -cf - {name}"]
        with subprocess.Popen(argv, stdout=subprocess.PIPE) as packed:
            subprocess.run(["tar", "-C", str(to), "-xf", "-"], stdin=packed.stdout, check=True)


def missing() -> str:
    """Tell why there is no machine; nothing if there is one."""
    if os.environ.get("NETBSD_HOST"):
        return "" if shutil.which("ssh") else "ssh is not installed"
    if not os.environ.get("NETBSD_IMAGE"):
        return (
            "set NETBSD_HOST to the ssh login of a NetBSD machine, or NETBSD_IMAGE to a disk image"
        )
    absent = [tool for tool in ("ssh", "qemu-system-x86_64") if not shutil.which(tool)]
    return f"not installed: {' '.join(absent)}" if absent else ""


@contextmanager
def guest(folder: Path) -> Iterator[Guest]:
    """Give the machine; one of an image is booted, and ended."""
    words = ("-oBatchMode=yes", "-oStrictHostKeyChecking=no", "-oUserKnownHostsFile=/dev/null",
             "-oLogLevel=ERROR", *shlex.split(os.environ.get("NETBSD_SSH", "")))  # fmt: skip
    if host := os.environ.get("NETBSD_HOST"):
        yield Guest(("ssh", *words, host))
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    image = Path(os.environ["NETBSD_IMAGE"]).resolve()
    argv = ["qemu-system-x86_64", "-m", "1024", "-smp", "2", "-display", "none", "-snapshot",
            "-drive", f"file={image},format=raw,if=ide", "-serial", f"file:{folder}/console",
            "-device", "e1000,netdev=net",
            "-netdev", f"user,id=net,hostfwd=tcp:127.0.0.1:{port}-:22",
            *shlex.split(os.environ.get("NETBSD_QEMU", ""))]  # fmt: skip
    with (
        (folder / "qemu").open("wb") as said,
        subprocess.Popen(argv, stdout=said, stderr=said) as machine,
    ):
        try:
            there = Guest(("ssh", *words, "-p", str(port), "root@127.0.0.1"))
            _wait_for(there, machine, folder)
            yield there
        finally:
            machine.kill()


def _wait_for(there: Guest, machine: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + 600
    impatient = Guest(("ssh", "-oConnectTimeout=5", *there.login[1:]))
    while "NetBSD" not in impatient.run("uname", 60, check=False):
        assert machine.poll() is None, (folder / "qemu").read_text(errors="replace")
        assert time.monotonic() < end, (folder / "console").read_text(errors="replace")[-3000:]
        time.sleep(2)


def kit_for(kit: Path, folder: Path) -> Path:
    """Make the bootstrap kit of the miniature tree one for NetBSD."""
    root = folder / "root"
    with tarfile.open(kit) as packed:
        packed.extractall(root, filter="fully_trusted")
    for name, text in EXTRA.items():
        path = root / "usr" / "pkg" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)
    argv = ["tar", "-C", str(root), "--format=ustar", "--owner=root:0", "--group=wheel:0"]
    subprocess.run([*argv, "-czf", str(folder / "kit.tar.gz"), "usr"], check=True)
    return folder / "kit.tar.gz"


def bring(there: Guest, kit: Path, folder: Path) -> None:
    """Bring the scripts, the tree and the kit."""
    there.run(f"chmod -R u+w {HERE} 2>/dev/null; rm -rf {HERE}; mkdir -p {HERE}")
    there.put(TOP, "sandbox-scripts")
    there.put(TREE.parent, TREE.name)
    there.put(kit_for(kit, folder).parent, "kit.tar.gz")
