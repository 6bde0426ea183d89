"""What a sandbox costs: made, entered with a command, removed; beside a floor and a plain script.

    python tests/bench/bench_sandbox.py [NUMBER] [JOBS]

As root on Linux, with a C compiler; NUMBER sandboxes (5000) one after another, then as many JOBS
(6) at a time. Each has all that a build gets: namespaces, control groups, the mounts of
mounts/Linux.txt, kit, users, scratch, directories of its own; made for a script that does nothing,
which costs what `true` costs. Below it: the same with the janitor and the watch of a build. The
floor is one process: a C program doing unshare, tmpfs, overlay, proc and chroot for `true`; the
plain script does with mount(8) what a builder would write down first. All take turns
in slices, so that they compare on a machine that others use too; where it is busy, CPU time says
more. What all sandboxes of a run share is prepared before. Prints milliseconds each, ratios, and
what has grown from first to last.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))
from bulk import TREE  # noqa: E402

from pkgmkgen.settings import declarations  # noqa: E402

SLICE = 250
FLOOR = r"""
#define _GNU_SOURCE
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
static char stack[65536];
static int child(void *dir)
{
    if (mount("none", "/", 0, MS_REC | MS_PRIVATE, 0) || chdir(dir) ||
        mount("t", ".", "tmpfs", 0, 0) || chdir(dir) || mkdir("u", 0755) || mkdir("w", 0755) ||
        mkdir("r", 0755) ||
        mount("o", "r", "overlay", 0, "lowerdir=/,upperdir=u,workdir=w") ||
        mount("p", "r/proc", "proc", 0, 0) || chroot("r") || chdir("/"))
        return 1;
    execl("/bin/true", "true", (char *)0);
    return 1;
}
int main(int argc, char **argv)
{
    int status, flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET;
    pid_t pid = clone(child, stack + sizeof stack, flags | SIGCHLD, argv[1]);
    return argc != 2 || pid < 0 || waitpid(pid, &status, 0) < 0 || status;
}
"""
FLOORS = """
i=0
while [ $i -lt "$3" ]; do "$1" "$2" || exit; i=$((i + 1)); done
"""
PLAIN = """
i=0
while [ $i -lt "$2" ]; do
    unshare --mount --pid --ipc --uts --net --fork sh -euc '
        mount -t tmpfs none "$0"; mkdir "$0/u" "$0/w" "$0/r"
        mount -t overlay -o "lowerdir=/,upperdir=$0/u,workdir=$0/w" none "$0/r"
        mount -t proc none "$0/r/proc"
        mount -t tmpfs none "$0/r/tmp"
        for dir in bin lib usr/bin usr/lib usr/include usr/share; do
            mount --bind "/$dir" "$0/r/$dir"; mount -o remount,bind,ro "$0/r/$dir"
        done
        chroot "$0/r" /bin/true' "$1" || exit
    i=$((i + 1))
done
"""
OURS = """
set -eu
. "$BULK_SCRIPTS/host/host.sh"
. "$BULK_SCRIPTS/host/limits.sh"
. "$BULK_SCRIPTS/host/build.sh"
exec </dev/null
build_begin x-1 "$BULK_LOG/x$$"
limits_check
me=$build_me i=0
while [ $i -lt "$2" ]; do
    i=$((i + 1)) build_me=$i.$me outdir=$BULK_PACKAGES/.staging/$i.$me
    if [ "$3" = watched ]; then
        build_open
        build_run true.sh
        build_close
    else
        os_limit "$build_me"
        os_mkdir $BULK_CGROUPS "$outdir" "$outdir/out"
        os_limit_set "$BULK_MEMORY_KB" "$BULK_PROCESSES_MAX"
        os_sandbox "$outdir" "$logdir" '' true.sh 9>&2
        os_wait
        os_unlimit "$outdir"
    fi
done
"""


def settings(here: Path) -> dict[str, str]:
    """Give what bulk.mk would export."""
    names = {"PACKAGES": "packages", "DISTDIR": "distfiles", "LOG": "log", "SANDBOXDIR": "boxes"}
    values = {f"BULK_{name}": str(here / folder) for name, folder in names.items()}
    return {
        **declarations(),
        **values,
        "BULK_RUN": f"direct@{os.getpid()}.0",
        "BULK_SCRIPTS": str(here / "scripts"),
        "BULK_PKGSRCDIR": str(TREE),
        "BULK_PKG_SUFX": ".tgz",
        "BULK_PREFIX": "/usr/pkg",
        "BULK_PKG_DBDIR": "/usr/pkg/pkgdb",
        "BULK_BMAKE": "/usr/pkg/bin/bmake",
        "BULK_BASE": "host",
        "BULK_BUILD_USER": "pbulk",
        "BULK_SCRATCH": "tmpfs",
        "BULK_MAKEFILE": "/dev/null",
        "BULK_KIT": str(here / "kit.tar.gz"),
    }


def seconds(argv: list[str], jobs: int) -> tuple[float, float]:
    """Run a command as many times as there are jobs, at the same time: wall and CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    running = [subprocess.Popen(argv) for _ in range(jobs)]
    if any(process.wait() for process in running):
        sys.exit(f"bench_sandbox: {argv[:3]} failed")
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def left() -> dict[str, int]:
    """Count what must not grow."""
    slabs = Path("/proc/meminfo").read_text().split("\n")
    kernel = sum(int(line.split()[1]) for line in slabs if line.startswith(("Slab", "KernelStack")))
    return {
        "mounts": len(Path("/proc/self/mountinfo").read_text().splitlines()),
        "processes": sum(path.name.isdigit() for path in Path("/proc").iterdir()),
        "control groups": len(list(Path("/sys/fs/cgroup").glob("**/pkgmkgen/*x-1.*@*"))),
        "kernel memory, MB": kernel // 1024,
    }


def main() -> int:
    """Print the table."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    jobs = int(sys.argv[2]) if len(sys.argv) > 2 else 6
    if os.geteuid():
        sys.stderr.write("bench_sandbox: sandboxes need root\n")
        return 69
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        shutil.copytree(TOP / "sandbox-scripts", here / "scripts")
        (here / "scripts" / "true.sh").write_text(":\n")
        bootstrap = ["sh", str(TREE / "bootstrap" / "bootstrap"), "--prefix=/usr/pkg"]
        kit = [*bootstrap, "--gzip-binary-kit", str(here / "kit.tar.gz")]
        subprocess.run(kit, check=True, capture_output=True)
        os.environ.update(settings(here))
        (here / "floor.c").write_text(FLOOR)
        subprocess.run(["cc", "-O2", "-o", here / "floor", here / "floor.c"], check=True)
        (here / "mnt").mkdir()
        ways = {
            "floor": ["sh", "-c", FLOORS, "floor", str(here / "floor")],
            "ours": ["sh", "-c", OURS, "bare"],
            "ours, janitor and watch": ["sh", "-c", OURS, "watched"],
            "plain script": ["sh", "-c", PLAIN, "plain"],
        }
        for jobs_now in (1, jobs):
            table(ways, str(here / "mnt"), number, jobs_now)
    return 0


def table(ways: dict[str, list[str]], mnt: str, number: int, jobs: int) -> None:
    """Measure all ways in turns."""
    slices = max(2, number // (SLICE * jobs))
    each = number // slices // jobs
    took: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    seconds([*ways["ours"], mnt, "1", "bare"], 1)
    before = left()
    for _ in range(slices):
        for name, argv in ways.items():
            took[name].append(seconds([*argv, mnt, str(each), argv[-1]], jobs))
    after = left()
    total = slices * each * jobs
    floor, floor_cpu = (sum(part) for part in zip(*took["floor"], strict=True))
    print(f"{total} sandboxes, {jobs} at a time{'':9}ms wall  ratio  ms CPU  ratio  last/first s")
    for name, times in took.items():
        wall, cpu = (sum(part) for part in zip(*times, strict=True))
        figures = f"{1000 * wall / total:9.2f}{wall / floor:7.2f}{1000 * cpu / total:8.2f}"
        last = times[-1][0] / times[0][0]
        print(f"  {name:32}{figures}{cpu / floor_cpu:7.2f}{last:7.2f}{wall:7.1f}")
    print("  grown:", ", ".join(f"{name} {after[name] - before[name]:+}" for name in before))


if __name__ == "__main__":
    sys.exit(main())
