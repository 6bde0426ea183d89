"""The other systems' backends under shims: what they mount and unmount, in which order."""

from __future__ import annotations

import platform
import pwd
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from bulk import TOP

from pkgmkgen.settings import declarations

pytestmark = pytest.mark.root

SCRIPTS = TOP / "sandbox-scripts"
GOLDEN = TOP / "tests" / "golden" / "mounts"
SYSTEMS = ["NetBSD", "FreeBSD", "DragonFly", "SunOS", "Darwin"]
SHELLS = [shell for shell in ("dash", "bash", "mksh", "ksh93") if shutil.which(shell)]
NAMES = [
    "bindfs",
    "chroot",
    "cksum",
    "devfs",
    "df",
    "digest",
    "fstat",
    "ls",
    "lsof",
    "mount",
    "mount_null",
    "mount_nullfs",
    "mount_procfs",
    "mount_tmpfs",
    "prtconf",
    "ps",
    "pwd_mkdb",
    "rm",
    "sha256",
    "shasum",
    "sysctl",
    "umount",
]
EMPTY_SUM = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@dataclass(frozen=True, slots=True)
class World:
    """A system's base and its commands, all below `root`."""

    root: Path
    system: str
    shell: str

    def env(self) -> dict[str, str]:
        """Give the settings of a build."""
        places = {
            "PKGSRCDIR": "tree", "PACKAGES": "packages", "DISTDIR": "distfiles", "LOG": "log",
            "SANDBOXDIR": "sandboxes", "BASE": "base", "MAKEFILE": "bulk.mk",
        }  # fmt: skip
        bulk = {f"BULK_{name}": str(self.root / place) for name, place in places.items()}
        path = f"{self.root}/shims:/usr/bin:/bin:/usr/sbin:/sbin"
        return {
            "PATH": path, "os_path": path, "os_proc": f"{self.root}/shims/proc",
            "SHIMS": f"{self.root}/shims", "BULK_SCRIPTS": str(SCRIPTS), "BULK_OS": self.system,
            "BULK_PKG_SUFX": ".tgz", "BULK_PREFIX": "/usr/pkg", "BULK_PKG_DBDIR": "/usr/pkg/pkgdb",
            "BULK_BMAKE": "bmake", "BULK_BUILD_USER": "pbulk", "BULK_SCRATCH": "disk",
            "BULK_ENVIRONMENT": "clean",  # the stand-ins find their place by it
            **declarations(), **bulk,
        }  # fmt: skip

    def drive(self, what: str) -> subprocess.Popen[str]:
        """Start a build, or the sweep of a run's start."""
        return subprocess.Popen(
            [self.root / "shims" / "sh", TOP / "tests" / "shims" / "drive.sh", what, self.root],
            env=self.env(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def log(self) -> str:
        """Return what was asked of the system, without what differs from time to time."""
        path = self.root / "shims" / "log"
        text = path.read_text() if path.exists() else ""
        text = text.replace(str(SCRIPTS), "SCRIPTS").replace(str(self.root), "")
        return re.sub(r"build@[0-9]+\.[A-Za-z0-9]+", "build@PROCESS", text)

    def clear(self) -> None:
        """Forget the log."""
        (self.root / "shims" / "log").unlink()

    def left(self) -> list[str]:
        """Whatever is still mounted, or a directory of a build."""
        roots = [str(path) for path in (self.root / "sandboxes" / "roots").iterdir()]
        return (self.root / "shims" / "mounted").read_text().split() + roots


EACH = [f"{system}-{shell}" for system in SYSTEMS for shell in SHELLS]
ONE_EACH = [f"{system}-{SHELLS[n % len(SHELLS)]}" for n, system in enumerate(SYSTEMS)]


@pytest.fixture
def world(request, tmp_path) -> World:
    """Make a base that has all that the system's table names."""
    system, _, shell = request.param.partition("-")
    shims = tmp_path / "shims"
    (shims / "proc").mkdir(parents=True)
    (shims / "mounted").touch()
    for name in NAMES:
        (shims / name).symlink_to(TOP / "tests" / "shims" / "log.sh")
    (shims / "sh").symlink_to(shutil.which(shell))
    for line in (SCRIPTS / "mounts" / f"{system}.txt").read_text().splitlines():
        if line.startswith("system "):
            (tmp_path / "base" / line.split()[1][1:]).mkdir(parents=True, exist_ok=True)
    for folder in ("base/etc", "tree/mk", "packages", "distfiles", "log", "scratch", "out"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "tree" / "mk" / "bsd.pkg.mk").touch()
    (tmp_path / "base" / "etc" / "passwd").write_text("root:*:0:0::/root:/bin/sh\n")
    (tmp_path / "base" / "etc" / "master.passwd").write_text("root:secret:0:0::0:0::/root:/bin/sh")
    (tmp_path / "base" / "etc" / "master.passwd").chmod(0o600)
    return World(tmp_path, system, shell)


@pytest.mark.parametrize("world", EACH, indirect=True)
def test_mount_plans_match_golden(world: World, request) -> None:
    """The same in every shell: mounts, the entry, and the unmounts in the opposite order."""
    out = world.drive("build").communicate(timeout=120)[0]
    assert out == "status 3\n"
    path = GOLDEN / f"{world.system}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(world.log())
    assert world.log() == path.read_text()
    assert not world.left()
    skel = world.root / "run" / "skel"
    assert "pbulk" in (skel / "etc" / "passwd").read_text()
    assert not any("secret" in file.read_text() for file in skel.glob("etc/*.passwd"))


@pytest.mark.parametrize("world", ONE_EACH, indirect=True)
def test_the_next_start_replays_the_journal_of_a_dead_build(world: World) -> None:
    """Its processes are ended and its mounts are taken away, newest first."""
    (world.root / "shims" / "hang").touch()
    process = world.drive("build")
    end = time.monotonic() + 30
    rooted = world.root / "shims" / "rooted"
    while not rooted.exists() or not rooted.read_text():
        assert time.monotonic() < end
        time.sleep(0.05)
    inside = int(rooted.read_text().split()[0])
    process.kill()
    process.wait()  # not for the end of its output, which what hangs keeps open
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()
    mounted = world.log().splitlines()
    world.clear()
    out = world.drive("sweep").communicate(timeout=120)[0]
    assert out == f"memory 8388608 kB, sum {EMPTY_SUM}\n"
    targets = [line.split()[-1] for line in mounted if line.startswith(("mount", "bindfs"))]
    unmounted = [line.split()[-1] for line in world.log().splitlines()]
    if world.system == "Darwin":  # where a directory stands in for a tmpfs, nothing is mounted
        unmounted = [target for target in unmounted if target in targets]
    assert unmounted == targets[::-1]
    assert not world.left()
    stat = Path(f"/proc/{inside}/stat")
    assert not stat.exists() or ") Z " in stat.read_text()


@pytest.mark.parametrize("world", ["NetBSD-dash", "Darwin-dash"], indirect=True)
def test_the_start_time_of_a_process_is_whole(world: World) -> None:
    """Two processes of one day differ: a process number that is used again names nobody else."""
    first, second = world.drive("born").communicate(timeout=30)[0].split()
    assert first != second
    assert re.fullmatch(r"[A-Za-z]{6}\d{1,2}\d{6}\d{4}", first)


@pytest.mark.parametrize("world", ["NetBSD-dash"], indirect=True)
def test_an_unmount_by_force_halts_the_run(world: World) -> None:
    """A file system stays busy though no process of the sandbox is found: somebody must look."""
    (world.root / "shims" / "busy").touch()
    out = world.drive("build").communicate(timeout=120)[0]
    assert "its file systems were unmounted by force" in out
    assert "fix: look for processes of pbulk" in out
    assert not world.left()


@pytest.mark.parametrize("world", ["NetBSD-dash"], indirect=True)
def test_a_base_without_checksums_halts_the_run(world: World) -> None:
    """Each checksum would be an empty word, with an error on the terminal for each file."""
    tools = world.root / "tools"
    tools.mkdir()
    found = {
        path.name: path for place in ("/usr/sbin", "/usr/bin") for path in Path(place).iterdir()
    }
    for name in found.keys() - {"openssl", "sha256sum"}:
        (tools / name).symlink_to(found[name])
    env = world.env() | {"PATH": f"{world.root}/shims:{tools}"}
    words = '. "$BULK_SCRIPTS/host/host.sh"; os_check'
    argv = ["sh", "-euc", words]
    done = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "command not found: openssl (or sha256sum)" in done.stdout + done.stderr


IN_CHROOT = """
BULK_BUILD_USER=nobody
. "$BULK_SCRIPTS/os/chroot-inside.sh"
chroot_by_chroot sh -c 'pwd; id -u; id -g; id -G'
"""


@pytest.mark.parametrize("world", ["NetBSD-dash"], indirect=True)
def test_the_build_user_works_where_it_was_called_without_groups_of_root(world: World) -> None:
    """BSD's chroot changes to the root, and root's groups (kmem, operator) read raw disks."""
    place = world.root / "tree" / "a b"
    place.mkdir(parents=True)
    for folder in (world.root, *world.root.parents[:-2]):
        folder.chmod(folder.stat().st_mode | 0o111)
    done = subprocess.run(
        ["setpriv", "--groups=0,6,15", "sh", "-c", IN_CHROOT],
        cwd=place, env=world.env(), capture_output=True, text=True, check=True,
    )  # fmt: skip
    user, group = pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid
    assert done.stdout.split("\n") == [str(place), str(user), str(group), str(group), ""]


def test_no_backend_is_left_out() -> None:
    """Every system with a table and a file is tested here, or is Linux."""
    tables = {path.stem for path in (SCRIPTS / "mounts").glob("*.txt")}
    assert tables == {*SYSTEMS, "Linux", "Linux-chroot"}
    for system in tables:
        assert (SCRIPTS / "os" / f"{system}.sh").exists()
        assert (SCRIPTS / "os" / f"{system}-inside.sh").exists()
    assert platform.system() == "Linux"
