"""No missed rebuild where times of files lie or a build was killed; at worst a needless one."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bulk import TOP, Bulk
from changes import CORE, DRAW, PIXELS, append, built_now, pending, prepare

pytestmark = pytest.mark.root

OTHERS = PIXELS - {CORE}
PAST = time.time() - 9 * 86400


@pytest.fixture(scope="module")
def bulk(kit, tmp_path_factory) -> Bulk:
    """Build four packages of a copy of the tree, once."""
    root = tmp_path_factory.mktemp("safety")
    prepare(root / "tree")
    bulk = Bulk(root, kit, root / "tree")
    bulk.generate(*PIXELS)
    bulk.make("-j2")
    return bulk


def why(bulk: Bulk) -> str:
    """Return what `make why` says."""
    return bulk.make("why").stdout


def test_copies_that_lose_times(bulk: Bulk, tmp_path) -> None:
    """What is built again needlessly is told, once; a set that keeps its times stays."""
    kept, lost = tmp_path / "kept", tmp_path / "lost"
    subprocess.run(["rsync", "-rt", f"{bulk.root}/packages/", kept], check=True)
    assert not pending(bulk, f"PACKAGES={kept}")
    subprocess.run(["rsync", "-r", f"{bulk.root}/packages/", lost], check=True)
    for number, name in enumerate(sorted((lost / "All").iterdir(), reverse=True)):
        os.utime(name, (PAST + number, PAST + number))
    said = bulk.make("-j2", f"PACKAGES={lost}").stdout
    assert built_now(said)
    for line in said.splitlines():
        if line.startswith("building"):
            assert line.endswith("a dependency, is newer"), line
    assert not pending(bulk, f"PACKAGES={lost}")


@pytest.mark.long
def test_order_of_builds_not_of_times(bulk: Bulk, tmp_path) -> None:
    """A dependency was built, or put there, after what needs it: whatever the times say."""
    core = bulk.all / "pixel-core-2.0.tgz"
    first = core.read_bytes()
    append(bulk.tree / CORE / "files/core.sh", "# more\n")
    bulk.generate(*PIXELS)
    assert "building   pixel-core-2.0" in bulk.make("pixel-core").stdout
    os.utime(core, (PAST, PAST))  # the clock ran backwards
    assert pending(bulk) == OTHERS
    assert pending(bulk, tool="bmake") == OTHERS
    assert "pixel-draw-2.1: a dependency was built or put there after it" in why(bulk)
    copy = tmp_path / "copy"
    subprocess.run(["rsync", "-r", f"{bulk.root}/packages/", copy], check=True)
    assert pending(bulk, f"PACKAGES={copy}") >= OTHERS
    assert built_now(bulk.make("-j2").stdout) == OTHERS
    assert not pending(bulk)
    core.write_bytes(gzip.compress(gzip.decompress(core.read_bytes()), mtime=7))  # of elsewhere
    os.utime(core, (PAST, PAST))
    assert pending(bulk) == OTHERS
    bulk.make("-j2")
    core.write_bytes(first)  # of a backup
    os.utime(core, (PAST, PAST))
    assert pending(bulk) == PIXELS
    bulk.make("-j2")
    assert not pending(bulk)


@contextmanager
def coarse(folder: Path) -> Iterator[Path]:
    """Mount a file system whose times are whole seconds."""
    image, place = folder / "image", folder / "coarse"
    place.mkdir()
    with image.open("wb") as file:
        file.truncate(64 << 20)
    make = ["mke2fs", "-q", "-F", "-t", "ext2", "-I", "128", str(image)]
    mount = ["mount", "-o", "loop", str(image), str(place)]
    if not shutil.which("mke2fs") or subprocess.run(make, check=False).returncode:
        pytest.skip("no mke2fs")
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no loop device can be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.long
def test_a_file_system_with_coarse_times(new_bulk, tmp_path) -> None:
    """Packages and tree on it: a change within a second is not missed, nothing is built twice."""
    with coarse(tmp_path) as place:
        prepare(place / "tree")
        bulk = new_bulk(place / "tree", PACKAGES=str(place / "packages"))
        bulk.generate(*PIXELS)
        bulk.make("-j2")
        assert (place / "packages/All/pixel-core-2.0.tgz").stat().st_mtime_ns % 10**9 == 0
        assert not pending(bulk)
        append(bulk.tree / CORE / "files/core.sh", "# more\n")
        bulk.generate(*PIXELS)
        bulk.make("pixel-core")
        assert pending(bulk) == OTHERS
        patch = bulk.tree / DRAW / "patches/patch-aa"
        for letter in "ab":  # the same size, in the same second
            patch.write_text(patch.read_text().replace("text", f"tex{letter}", 1))
            bulk.generate(*PIXELS)
        assert built_now(bulk.make("-j2").stdout) == OTHERS
        assert not pending(bulk)


RECORD = """
set -eu
export BULK_SCRIPTS BULK_PACKAGES BULK_PKG_SUFX=.tgz
. "$BULK_SCRIPTS/host/rebuild.sh"
all=$BULK_PACKAGES/All number=$1
while :; do
    number=$((number + 3))
    pkgname=p$((number % 12))-1 pkgpath=x/y target=$all/p$((number % 12))-1.tgz needed=''
    rebuild_words="NEEDS=-"
    printf '%s\\n' "prefix /usr/pkg" "file $number" >"$2/inputs.$1"
    head -c $((number % 50 + 1)) /dev/zero >"$2/built.$1"
    rebuild_record "$2/inputs.$1" "$2/built.$1"
    mv -f -- "$2/built.$1" "$target"
    rebuild_recorded
done
"""


def test_a_kill_loses_no_record(tmp_path) -> None:
    """50 times, while three builds write the index: each package that is there has its line."""
    rng = random.Random(18)
    (tmp_path / "All").mkdir()
    (tmp_path / ".inputs").mkdir()
    index = tmp_path / ".inputs/index"
    index.write_text("")
    env = {**os.environ, "BULK_SCRIPTS": f"{TOP}/sandbox-scripts", "BULK_PACKAGES": str(tmp_path)}
    env |= {"BULK_MAKEFILE": str(tmp_path), "BULK_SETTINGS": "KIT="}
    env |= {"BULK_SANDBOXDIR": str(tmp_path), "BULK_LOG": str(tmp_path), "BULK_OS": "Linux"}
    for number in range(50):
        argv = ["sh", "-c", RECORD, "sh"]
        builds = [
            subprocess.Popen(
                [*argv, str(build + number), tmp_path], env=env, start_new_session=True
            )
            for build in range(3)
        ]
        time.sleep(rng.uniform(0.05, 0.3))
        for build in builds:
            os.killpg(build.pid, signal.SIGKILL)
            build.wait()
        lines = [line.split() for line in index.read_text().splitlines()]
        assert all(len(words) == 10 for words in lines), lines[-9:]
        for path in (tmp_path / "All").glob("*.tgz"):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
            mark = [path.stem, str(path.stat().st_ino), str(path.stat().st_size), digest]
            # Not always in the last line: the package of that was killed before it was in place.
            assert mark in [words[:4] for words in lines], path
    assert len(lines) > 20
