"""What a build costs beyond the package's own work, beside pbulk's own steps, in one run.

    PKGSRC_TREE=DIR KIT=FILE DISTDIR=DIR [SEED=DIR] [OTHER=CHECKOUT] [CACHE=FILE] \
        [SETTINGS='NAME=VALUE...'] python tests/bench/bench_build.py LIST...

As root on Linux. Each LIST is a file of PKGPATHs whose distfiles are in DISTDIR; what they need and
the list has not is taken from SEED, a directory of binary packages. Builds it with
this checkout at -j 2 (and with OTHER, an older one), then with the tree's own pkg-build and
client-clean of pkgtools/pbulk, one package after another, with prefix, /etc and work directory on
a private tmpfs. CPU seconds are those of all processes waited for; processes are the
numbers that a process namespace of its own has given out, threads among them. Prints seconds a
package: of every phase, of our own scripts, of the repository; the seconds that one
evaluation of the makefiles takes; ratios to pbulk. No test: nothing fails here.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path

HERE = Path(__file__).resolve()
TREE = os.environ.get("PKGSRC_TREE", "")
KIT = os.environ.get("KIT", "")
DISTDIR = os.environ.get("DISTDIR", "")
CACHE = os.environ.get("CACHE", "")
SETTINGS = os.environ.get("SETTINGS", "").split()
OTHER = os.environ.get("OTHER", "")
SEED = os.environ.get("SEED", "")
PREFIX, USER = "/usr/pkg", "pbulk"
BASE_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
CONF = """.if exists({prefix}/etc/mk.conf)
.include "{prefix}/etc/mk.conf"
.endif
PKGSRCDIR={tree}
WRKOBJDIR=/tmp/scratch
PACKAGES={folder}/packages
DISTDIR={distdir}
"""
PBULK_CONF = {
    "config_version": "1", "bootstrapkit": KIT, "unprivileged_user": USER, "pkgsrc": TREE,
    "use_unprivileged_checksum": "no", "cross_compile": "no", "prefix": PREFIX, "varbase": "/var",
    "pkgdb": f"{PREFIX}/pkgdb", "make": f"{PREFIX}/bin/bmake", "sed": "sed", "tar": "tar",
    "keep_wrkdir": "no", "keep_prefix": "no", "skip_age_check": "no", "sync_buildlog": ":",
    "pkg_up_to_date_script": "false", "sync_package": "default_sync_package", "pkg_sufx": ".tgz",
} | {name: f"{PREFIX}/sbin/{name}" for name in ("pkg_info", "pkg_add", "pkg_delete")}  # fmt: skip
PRIVATE = f"""
mount -t tmpfs private {PREFIX}
mount -t tmpfs private /tmp
mkdir -m 1777 /tmp/scratch
mkdir /tmp/upper /tmp/work
mount -t overlay -o lowerdir=/etc,upperdir=/tmp/upper,workdir=/tmp/work etc /etc
grep -q '^{USER}:' /etc/passwd || {{
    echo '{USER}:x:59999:59999::/tmp:/bin/sh' >>/etc/passwd
    echo '{USER}:x:59999:' >>/etc/group
    echo '{USER}:*:19000:0:99999:7:::' >>/etc/shadow
}}
mount --bind {TREE} {TREE}
mount -o remount,bind,ro {TREE}
exec "$@"
"""


@dataclass
class Cost:
    """What was built; CPU seconds and processes of all, of each package, of each phase."""

    cpu: float
    wall: float
    processes: int
    packages: dict[str, float] = field(default_factory=dict)
    phases: dict[str, float] = field(default_factory=dict)


def used() -> float:
    """Return CPU seconds of all processes waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def counted(words: list[str], cwd: Path, log: Path) -> Cost:
    """Run a command in a process namespace of its own; output goes to LOG."""
    runner = [sys.executable, str(HERE), "counted", str(log), *words]
    space = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", *runner]
    return Cost(**json.loads(subprocess.check_output(space, cwd=cwd, env=clean())))


def clean() -> dict[str, str]:
    """Return the environment of all that is measured."""
    return {"PATH": f"{Path(sys.executable).parent}:{BASE_PATH}", "LC_ALL": "C", "HOME": "/tmp"}


def count(log: str, words: list[str]) -> None:
    """Inside of counted: run it, wait for whatever it leaves, print what it took."""
    begin = time.monotonic()
    with Path(log).open("wb") as out:
        subprocess.call(words, stdout=out, stderr=out, stdin=subprocess.DEVNULL)
    wall = time.monotonic() - begin
    try:
        while True:
            os.wait()
    except ChildProcessError:
        pass
    last = int(Path("/proc/loadavg").read_text().split()[-1])
    json.dump({"cpu": used(), "wall": wall, "processes": last - 1}, sys.stdout)


def seed(listed: set[str], index: Path, folder: Path) -> set[str]:
    """Copy the packages that are not listed, where SEED has them; returns their names."""
    (folder / "packages/All").mkdir(parents=True)
    found = re.findall(r"(?m)^PKGNAME=(.*)\nPKG_LOCATION=(.*)", index.read_text())
    others = {name for name, path in found if path not in listed}
    names = {name for name in others if SEED and (Path(SEED) / f"{name}.tgz").exists()}
    for name in names:
        shutil.copy2(Path(SEED) / f"{name}.tgz", folder / "packages/All")
    return names


def ours(checkout: Path, listed: set[str], index: Path, folder: Path) -> tuple[Cost, Cost]:
    """Build with a checkout of this program: the run, and its repository made anew."""
    seed(listed, index, folder)
    program = [str(checkout / ".venv/bin/pkgmkgen"), "--pkgsrc", TREE, "--index", str(index)]
    folders = {"PACKAGES": "packages", "BULKLOG": "log", "SANDBOXDIR": "sandboxes"}
    words = [f"{name}={folder / sub}" for name, sub in folders.items()]
    for word in [*words, f"BOOTSTRAP_KIT={KIT}", f"DISTDIR={DISTDIR}", *SETTINGS]:
        program += ["--set", word]
    subprocess.check_call([*program, "-q", "-o", str(folder / "bulk.mk")])
    make = ["make", "-f", "bulk.mk"]
    run = counted([*make, "-j", "2", "all"], folder, folder / "make.out")
    for name, record in results(folder):
        phases = {key[12:]: float(v) for key, v in record.items() if key.startswith("CPU_SECONDS.")}
        if record["STATUS"] == "built":
            run.packages[name] = sum(phases.values())
            for phase, seconds in phases.items():
                run.phases[phase] = run.phases.get(phase, 0) + seconds
    shutil.rmtree(folder / "packages/.summary", ignore_errors=True)
    return run, counted([*make, "repository"], folder, folder / "repository.out")


def results(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Return the records of the packages of the only run of a folder."""
    for path in (folder / "log/.runs").glob("*/results.gz"):
        for part in gzip.decompress(path.read_bytes()).decode().split("\n\n"):
            record = dict(line.split("=", 1) for line in part.splitlines() if "=" in line)
            if "PKGNAME" in record:
                yield record["PKGNAME"], record


def stanzas(index: Path) -> list[tuple[str, str]]:
    """Return PKGNAME and record of pbulk, resolved, dependencies first."""
    program = [str(HERE.parents[2] / ".venv/bin/pkgmkgen"), "resolve", "-q", "--index", str(index)]
    texts: dict[str, str] = {}
    depends: dict[str, list[str]] = {}
    for part in subprocess.check_output(program, text=True).split("PKGNAME=")[1:]:
        name = part.partition("\n")[0]
        texts[name] = "PKGNAME=" + part
        found = re.search(r"(?m)^DEPENDS=(.*)", part)
        depends[name] = found[1].split() if found else []
    order = TopologicalSorter({name: sorted(depends[name]) for name in sorted(texts)})
    return [(name, texts[name]) for name in order.static_order()]


def pbulk(listed: set[str], index: Path, folder: Path) -> Cost:
    """Build with pbulk's own steps, a package after another."""
    seeded = seed(listed, index, folder)
    (folder / "libexec/pbulk").mkdir(parents=True)
    conf = PBULK_CONF | {"bulklog": f"{folder}/log", "packages": f"{folder}/packages"}
    (folder / "pbulk.conf").write_text("".join(f"{name}={word}\n" for name, word in conf.items()))
    put = {"SH": "/bin/sh", "PBULK_CONFIG": f"{folder}/pbulk.conf", "PBULK_CONFIG_VERSION": "1",
           "ID": "id", "CHOWN": "chown", "PREFIX": str(folder)}  # fmt: skip
    for name in ("pkg-build", "client-clean"):
        text = (Path(TREE) / "pkgtools/pbulk/files/pbulk/scripts" / name).read_text()
        script = folder / "libexec/pbulk" / name
        script.write_text(re.sub("@([A-Z_]+)@", lambda match: put[match[1]], text))
        script.chmod(0o755)
    (folder / "mk.conf").write_text(
        CONF.format(prefix=PREFIX, tree=TREE, folder=folder, distdir=DISTDIR)
    )
    todo = [(name, text) for name, text in stanzas(index) if name not in seeded]
    (folder / "stanzas").write_text(json.dumps(todo))
    words = ["sh", "-euc", PRIVATE, "sh", sys.executable, str(HERE), "pbulk", str(folder)]
    run = counted(words, folder, folder / "make.out")
    run.packages = json.loads((folder / "cpu").read_text())
    return run


def pbulk_inside(folder: Path) -> None:
    """Inside of pbulk: give its script one record after another."""
    cpu = {}
    env = {"PATH": f"{PREFIX}/sbin:{PREFIX}/bin:{BASE_PATH}", "LC_ALL": "C", "HOME": "/tmp"}
    env["MAKECONF"] = str(folder / "mk.conf")
    for name, text in json.loads((folder / "stanzas").read_text()):
        before = used()
        script = [str(folder / "libexec/pbulk/pkg-build")]
        status = subprocess.run(script, input=text, text=True, env=env, check=False).returncode
        if status == 0:
            cpu[name] = used() - before
    (folder / "cpu").write_text(json.dumps(cpu))


def evaluation(index: Path, folder: Path) -> float:
    """Return the CPU seconds of one make that only reads the makefiles, the median directory."""
    paths = re.findall(r"(?m)^PKG_LOCATION=(.*)", index.read_text())[:9]
    took = []
    for path in paths:
        words = [f"{PREFIX}/bin/bmake", "-C", f"{TREE}/{path}", "-V", "PKGNAME", "BATCH=1"]
        inner = ["sh", "-euc", f'tar -xzf "$0" -C /; MAKECONF={folder}/mk.conf exec "$@"']
        command = ["sh", "-euc", PRIVATE, "sh", *inner, KIT]
        with_make = counted([*command, *words], folder, folder / "evaluation.out").cpu
        took.append(with_make - counted([*command, "true"], folder, folder / "out").cpu)
    return statistics.median(took)


def show(word: str, run: Cost, repository: Cost | None, base: Cost) -> None:
    """Print a run and its ratios to pbulk's, for the packages that both have built."""
    both = run.packages.keys() & base.packages.keys()
    number = len(run.packages) or 1
    print(f"{word}: {number} packages, {run.cpu:.1f} s of CPU, {run.cpu / number:.2f} s each,")
    print(f"  {run.processes / number:.0f} processes each, {run.wall:.0f} s by the clock")
    if repository is None:
        return
    own = run.cpu - sum(run.phases.values()) - repository.cpu
    parts = {**run.phases, "own scripts": own, "repository": repository.cpu}
    print("  each:", ", ".join(f"{name} {cpu / number:.2f}" for name, cpu in parts.items()))
    share = (own + repository.cpu) / number
    if both and len(both) == len(base.packages):
        ratios = [(run.packages[name] + share) / base.packages[name] for name in both]
        print(
            f"  to pbulk: CPU {run.cpu / base.cpu:.2f}, median {statistics.median(ratios):.2f},",
            f"processes {run.processes / base.processes:.2f}",
        )


def main(lists: list[str]) -> None:
    """Measure each list."""
    for name in lists:
        with tempfile.TemporaryDirectory(prefix="bench-", dir=os.environ.get("FOLDER")) as made:
            folder = Path(made)
            folder.chmod(0o755)
            index = folder / "index"
            program = [str(HERE.parents[2] / ".venv/bin/pkgmkgen"), "scan", "-q", "--pkgsrc", TREE]
            program += ["--list", name, "-j", "2", "--set", f"BOOTSTRAP_KIT={KIT}"]
            program += ["--cache", CACHE] if CACHE else []
            subprocess.check_call([*program, "-o", str(index)])
            checkouts = {"ours": HERE.parents[2]} | ({"older": Path(OTHER)} if OTHER else {})
            listed = set(Path(name).read_text().split())
            runs = {
                word: ours(path, listed, index, folder / word) for word, path in checkouts.items()
            }
            base = pbulk(listed, index, folder / "pbulk")
            print(f"== {name}; one evaluation {evaluation(index, folder / 'pbulk'):.2f} s")
            for word, (run, repository) in runs.items():
                show(word, run, repository, base)
            show("pbulk", base, None, base)


if __name__ == "__main__":
    if sys.argv[1] == "counted":
        count(sys.argv[2], sys.argv[3:])
    elif sys.argv[1] == "pbulk":
        pbulk_inside(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
