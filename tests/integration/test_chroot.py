"""The way of systems without namespaces, really run on Linux: roots with bind mounts, a journal."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest
from bulk import TOP, Bulk, expected, kill
from sourcing import ENVIRONMENT

pytestmark = pytest.mark.root

EXPECTED = expected()
ROUNDS = 4
LONG_ROUNDS = 100


def _row(base: str):
    return next(row for row in EXPECTED.values() if row.pkgname.rpartition("-")[0] == base)


@pytest.fixture
def env() -> dict[str, str]:
    """Let the scripts work the journal's way."""
    return {**os.environ, "BULK_OS": "Linux-chroot"}


def _roots(bulk: Bulk) -> list[str]:
    return [str(path) for path in (bulk.root / "sandboxes" / "roots").glob("*")]


def _nothing_left(bulk: Bulk) -> list[str]:
    """Wait: each process above a build may see a death only after six seconds."""
    return [*bulk.gone(60), *_roots(bulk)]


def test_builds_by_the_journal(new_bulk, env) -> None:
    """Packages are built with their dependencies, a failure is one, and nothing stays mounted."""
    bulk = new_bulk()
    good, bad = _row("quiltview"), _row("netprobe")
    bulk.generate(good.pkgpath, bad.pkgpath)
    out = bulk.make("-j4", env=env).stdout
    assert good.pkgname in bulk.packages(), out
    assert bulk.result(bad.pkgname)["PHASE"] == bad.detail, out
    assert not _nothing_left(bulk)


def _victims(bulk: Bulk, process, rng: random.Random) -> list[int]:
    """Choose make alone, anything of the run, or all of it at once, as when the power fails."""
    pids = bulk.processes()
    return rng.choice([[process.pid], rng.sample(pids, min(1, len(pids))), pids])


def test_killed_at_any_moment(new_bulk, env, request) -> None:
    """Nothing stays mounted or runs on, or the next start takes it away; then all ends well."""
    rng = random.Random(20021010)
    rounds = LONG_ROUNDS if request.config.getoption("--long") else ROUNDS
    bulk = new_bulk()
    good = _row("quiltview")
    bulk.generate(good.pkgpath)
    for number in range(rounds):
        process = bulk.start("-j2", env=env)
        time.sleep(rng.uniform(0.5, 6.0))
        victims = _victims(bulk, process, rng)
        for pid in victims:
            kill(pid)
        swept = len(victims) > 1 or victims != [process.pid]
        kill(process.pid)
        process.wait()
        if not swept:
            assert not _nothing_left(bulk), number
    done = bulk.make("-j2", env=env)
    assert done.returncode == 0, done.stdout
    assert good.pkgname in bulk.packages()
    assert not _nothing_left(bulk)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_all_ends_it_within_seconds(new_bulk, env, number) -> None:
    """^C and its kin unmount all."""
    bulk = new_bulk()
    slow = _row("polyforge")
    bulk.generate(slow.pkgpath)
    process = bulk.start("-j2", env=env)
    bulk.wait_for(f"building   {slow.pkgname}")
    os.killpg(process.pid, number)
    assert process.wait(timeout=30) != 0
    assert not _nothing_left(bulk)


def test_what_a_package_leaves_running_is_ended(new_bulk, env) -> None:
    """A daemon that a phase leaves does not live into the next one."""
    bulk = new_bulk()
    daemon = _row("lingerd")
    bulk.generate(daemon.pkgpath)
    out = bulk.make("-j2", env=env).stdout
    assert daemon.pkgname in bulk.packages(), out
    assert not _nothing_left(bulk)


def test_a_linked_sandboxdir_and_too_little_memory(new_bulk, env) -> None:
    """Mounts are known by their physical paths; a small limit fails packages, not the run."""
    bulk = new_bulk()
    (bulk.root / "disk").mkdir()
    (bulk.root / "sandboxes").symlink_to(bulk.root / "disk")
    forge, lonely = _row("polyforge"), _row("lonely")
    bulk.generate(forge.pkgpath, lonely.pkgpath)
    out = bulk.make("-j2", "MEMORY_MAX=8m", forge.pkgpath, env=env).stdout
    assert "halted" not in out
    assert "failed     " in out
    out = bulk.make(lonely.pkgpath, env=env).stdout
    assert lonely.pkgname in bulk.packages(), out
    assert "cannot be unmounted" not in out
    assert not _nothing_left(bulk)
    assert str(bulk.root / "disk") not in Path("/proc/self/mounts").read_text()


def test_locks_have_one_holder_whoever_dies(tmp_path, env) -> None:
    """Thirty processes take one lock by turns, a third of them killed while they hold it."""
    script = tmp_path / "take.sh"
    script.write_text(
        'BULK_SCRIPTS=$1; . "$1/os/Linux-chroot.sh"\nos_lock "$2/d" || :\n'
        'mkdir "$2/held" || echo "two holders" >>"$2/broken"\nsleep 0.05\nrmdir "$2/held"\n'
        'echo "$$" >>"$2/done"\n[ "$3" = no ] || kill -KILL $$\n'
    )
    (tmp_path / "d").mkdir()
    argv = ["sh", str(script), str(TOP / "sandbox-scripts"), str(tmp_path)]
    kills = ["no" if number % 3 else "yes" for number in range(30)]
    env = {**ENVIRONMENT, **env}
    takers = [subprocess.Popen([*argv, how], env=env, stderr=subprocess.DEVNULL) for how in kills]
    for taker in takers:
        taker.wait(timeout=60)
    assert not (tmp_path / "broken").exists()
    assert len((tmp_path / "done").read_text().split()) == len(takers)


def test_the_janitor_goes_on_while_a_killed_process_takes_long_to_end(tmp_path) -> None:
    """Nobody comes after it, and mounts would stay. Here ps tells of such a process 30 times."""
    ps = tmp_path / "bin" / "ps"
    ps.parent.mkdir()
    ps.write_text(
        f'#!/bin/sh\necho >>{tmp_path}/asked\n[ "$(wc -l <{tmp_path}/asked)" -gt 30 ] ||\n'
        f"echo 4194999 sh chroot-enter.sh {tmp_path}/roots/build@4194998.1/ x\n"
    )
    ps.chmod(0o755)
    (tmp_path / "roots" / "build@4194998.1").mkdir(parents=True)
    path = f"{ps.parent}:{ENVIRONMENT['PATH']}"
    env = {**ENVIRONMENT, "PATH": path, "BULK_OS": "Linux-chroot", "BULK_SANDBOXDIR": str(tmp_path)}
    script = TOP / "sandbox-scripts" / "os" / "chroot-janitor.sh"
    (tmp_path / "staging").mkdir()
    subprocess.run(["sh", script, "4194998.1", tmp_path / "staging"], env=env, check=True)
    assert not list((tmp_path / "roots").iterdir())
    assert not (tmp_path / "staging").exists()


def test_a_sandbox_always_has_the_name_of_its_process(tmp_path) -> None:
    """Also if what asks for it is killed once; and a sandbox without a name belongs to nobody."""
    script = """
        . "$BULK_SCRIPTS/host/os.sh"
        ! os_process_alive "" || echo wrong
        id() { os_born $$ | sed "s/^/$$./"; }
        die() { echo >asked; kill -KILL "$(sh -c 'echo $PPID')"; }
        os_process_id() { [ -e asked ] || die; id; }
        os_named $$
        [ "$os_name" = "$(id)" ] && echo right
    """
    env = {**ENVIRONMENT, "BULK_OS": "Linux-chroot", "BULK_SANDBOXDIR": str(tmp_path)}
    argv = ["sh", "-euc", script]
    done = subprocess.run(argv, env=env, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.stdout, (tmp_path / "asked").exists()) == ("right\n", True), done.stderr
