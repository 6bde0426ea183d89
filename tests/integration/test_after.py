"""What a run leaves: records, hooks, a repository to install from, reports, status, history."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP, Bulk

from pkgmkgen.resolve.pattern import matches
from pkgmkgen.runs.result import parse_results

pytestmark = pytest.mark.root
LISTED = (
    "graphics/quiltview-patterns",
    "mail/letterpress-types",
    "fonts/foundry-poster",
    "textproc/colrule",
    "sysutils/bsdprobe",
)


@pytest.fixture(scope="module")
def after(kit, tmp_path_factory) -> Bulk:
    """Build a few packages once, with a hook and a signing command."""
    bulk = Bulk(tmp_path_factory.mktemp("after"), kit)
    bulk.generate(*LISTED)
    hook = f"{bulk.root}/hook"  # each line in one write: hooks of several packages run at a time
    env = "env | grep ^HOOK_ | sort | tr '\\n' ' '"
    Path(hook).write_text(f'#!/bin/sh\necho "$({env})" >>{bulk.root}/hooks\n')
    Path(hook).chmod(0o755)
    sign = f"{bulk.root}/sign"
    Path(sign).write_text('#!/bin/sh\nsha256sum "$1" >"$1.sig"\n')
    Path(sign).chmod(0o755)
    done = bulk.make("-j3", f"HOOK={hook}", f"SIGN={sign}")
    assert done.returncode == 2, done.stdout
    return bulk


def pkgmkgen(*words: str, cwd: Path) -> str:
    """Run a command to its end; returns what it printed."""
    argv = [sys.executable, "-m", "pkgmkgen", *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return done.stdout


def summary(folder: Path) -> dict[str, list[str]]:
    """Read pkg_summary.gz: PKGNAME and its DEPENDS."""
    found: dict[str, list[str]] = {}
    for block in gzip.decompress((folder / "pkg_summary.gz").read_bytes()).decode().split("\n\n"):
        pairs = [line.partition("=") for line in block.splitlines()]
        names = [value for key, _, value in pairs if key == "PKGNAME"]
        if names:
            found[names[0]] = [value for key, _, value in pairs if key == "DEPENDS"]
    return found


def test_a_run_keeps_every_record(after) -> None:
    """The run's own folder holds what each package's folder says, whole."""
    folder = next(after.log.glob(".runs/2*"))
    records = {
        one.pkgname: one
        for one in parse_results(
            gzip.decompress((folder / "results.gz").read_bytes()).decode().splitlines()
        )
    }
    assert set(records) == {path.parent.name for path in after.log.glob("*/result")}
    bad = records["letterpress-1.5"]
    assert (bad.status, bad.phase) == ("failed", "install")
    assert "cannot stat" in bad.reason
    good = records["quiltview-2.0nb3"]
    assert good.end >= good.start > 0
    assert good.host
    assert good.memory_kb > 100
    assert good.wrkdir_kb > 0
    assert good.package_bytes == (after.all / "quiltview-2.0nb3.tgz").stat().st_size
    assert good.depends
    assert good.installed >= len(good.depends)
    assert good.compiler == "gcc"
    assert {name for name, _, _ in good.phases} >= {"configure", "build", "install", "package"}


def test_hooks_are_told_start_packages_and_end(after) -> None:
    """One line each, with the facts in the environment."""
    lines = (after.root / "hooks").read_text().splitlines()
    events = [re.search(r"HOOK_EVENT=(\S+)", line)[1] for line in lines]
    assert events[0] == "run-start"
    assert events[-1] == "run-end"
    assert events.count("package") == len(list(after.log.glob("*/result"))) == len(lines) - 2
    bad = next(line for line in lines if "HOOK_PKGNAME=letterpress-1.5" in line)
    assert "HOOK_STATUS=failed" in bad
    assert "HOOK_PHASE=install" in bad


def test_the_repository_can_be_installed_from(after) -> None:
    """All that pkg_summary lists has what it needs in it; restricted ones are not there."""
    listed = summary(after.all)
    assert {"quiltview-2.0nb3", "colrule-1.0"} <= set(listed)
    assert not {"foundry-sample-1.0", "foundry-poster-1.0", "letterpress-1.5"} & set(listed)
    for name, patterns in listed.items():
        for pattern in patterns:
            assert any(matches(pattern, other) for other in listed), (name, pattern)
    sums = (after.all / "SHA256").read_text().splitlines()
    assert len(sums) == len(listed)
    for line in sums:
        match = re.fullmatch(r"SHA256 \((\S+)\) = ([0-9a-f]{64})", line)
        assert match
        name, value = match.groups()
        assert hashlib.sha256((after.all / name).read_bytes()).hexdigest() == value
    signed = {path.name for path in after.all.glob("*.sig")}
    assert {"pkg_summary.gz.sig", "SHA256.sig"} <= signed


def test_published_all_at_once_and_installed_from(after, tmp_path) -> None:
    """Published twice by way of a link; then pkg_add in a bare prefix takes it from there."""
    there = tmp_path / "srv" / "packages"
    for _ in range(2):
        done = after.make("publish", f"PUBLISH={there}")
        assert done.returncode == 0, done.stdout
    assert there.is_symlink()
    assert len(list(there.parent.glob(".packages.2*"))) == 2
    assert not list((there / "All").glob("foundry*"))
    root = tmp_path / "root"
    root.mkdir()
    script = f"""set -e
        mount -t tmpfs t {root}; cd {root}
        for dir in bin lib lib64 usr/bin usr/lib usr/lib64 etc/alternatives dev; do
            [ -d /$dir ] || continue
            mkdir -p $dir; mount --bind /$dir $dir
        done
        mkdir -p srv tmp proc; mount --bind {there}/All srv; tar -xzf {after.kit} -C .
        chroot . env -i PATH=/usr/pkg/sbin:/usr/pkg/bin:/bin:/usr/bin PKG_PATH=/srv \\
            sh -c 'pkg_add quiltview-patterns && pkg_info'"""
    argv = ["unshare", "--mount", "--propagation", "private", "sh", "-c", script]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    listed = summary(there / "All")
    for name in ("quiltview-patterns-2.0", "quiltview-2.0nb3", "libquilt-0.6"):
        assert name in done.stdout
        assert name in listed


def test_published_here_without_rsync(after, tmp_path) -> None:
    """Base systems of BSD have none: copied, and what has not changed is linked.

    And the mv of NetBSD 7 has neither -T nor -h.
    """
    tools = tmp_path / "bin"
    tools.mkdir()
    for path in Path("/usr/bin").iterdir():
        if path.name not in ("rsync", "mv"):
            (tools / path.name).symlink_to(path)
    old = 'case $1 in -*[!-fiv]*) echo "mv: unknown option" >&2; exit 1 ;; esac'
    (tools / "mv").write_text(f'#!/bin/sh\n{old}\nexec /usr/bin/mv "$@"\n')
    (tools / "mv").chmod(0o755)
    env = {**os.environ, "PATH": f"{tools}:/usr/sbin:/sbin"}
    there = tmp_path / "srv" / "packages"
    for _ in range(2):
        done = after.make("publish", f"PUBLISH={there}", env=env)
        assert done.returncode == 0, done.stdout
    first, second = sorted(there.parent.glob(".packages.2*"))
    names = {path.name for path in (first / "All").iterdir()}
    assert "quiltview-2.0nb3.tgz" in names
    assert names == {path.name for path in (second / "All").iterdir()}
    for name in names:
        copy = second / "All" / name
        assert copy.read_bytes() == (after.all / name).read_bytes()
        assert copy.samefile(first / "All" / name)
        assert copy.stat().st_mode & 0o777 == 0o644
    done = after.make("publish", "PUBLISH=nowhere:/srv/packages", env=env)
    assert "command not found: rsync" in done.stdout


def test_publishing_over_a_real_directory_is_refused(after, tmp_path) -> None:
    """Nothing of anybody's is replaced."""
    (tmp_path / "mine").mkdir()
    done = after.make("publish", f"PUBLISH={tmp_path}/mine")
    assert done.returncode != 0
    assert "fix: use a name that does not exist" in done.stdout
    assert list((tmp_path / "mine").iterdir()) == []


def test_reports_status_history_and_diff_of_a_real_run(after, tmp_path) -> None:
    """All commands find BULKLOG by the bulk.mk beside them."""
    pkgmkgen("report", "-o", str(tmp_path / "out"), cwd=after.root)
    made = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"index.html", "data.js", "report.txt", "report.json", "report.bz2", "logs"} <= made
    log = (tmp_path / "out" / "logs" / "letterpress-1.5" / "install.txt").read_text()
    assert "MISSING" in log
    tails = (tmp_path / "out" / "tails.js").read_text()
    assert "MISSING" in tails
    found = json.loads(pkgmkgen("status", "--json", cwd=after.root))
    assert found["state"] == "ended"
    assert found["done"] == found["total"] == sum(found["counts"].values())
    pkgmkgen("status", "--html", str(tmp_path / "status.html"), cwd=after.root)
    assert "letterpress-1.5" in (tmp_path / "status.html").read_text()
    assert "failed in install" in pkgmkgen("history", "mail/letterpress", cwd=after.root)
    (run,) = json.loads(pkgmkgen("history", "--json", cwd=after.root))
    assert sum(run["counts"].values()) == found["total"]
    assert "no difference" in pkgmkgen("diff", "last", "last", cwd=after.root)


def test_why_knows_the_last_run(after) -> None:
    """Why a package is broken: which failed one it needs."""
    words = ["--pkgsrc", str(after.tree), "--no-sandbox", "-q", "--set", f"BULKLOG={after.log}"]
    words += ["--set", f"MAKECONF={after.kit.parent / 'mk.conf'}"]
    said = pkgmkgen("why", "letterpress-types", *words, cwd=after.root)
    assert re.search(r"in the last run \(2\S+\): broken by letterpress-1.5", said), said


def test_a_run_writes_its_live_page(bulk: Bulk) -> None:
    """While it builds and a last time at its end; without the command it builds all the same."""
    page = bulk.root / "status.html"
    bulk.generate("misc/lonely", "net/netprobe")
    words = (f"STATUS_PAGE={page}", f"PKGMKGEN={sys.executable} -m pkgmkgen")
    assert f"note       live page: {page}\n" in bulk.make("-j2", *words, cwd=TOP).stdout
    text = page.read_text()
    assert "<strong>ended</strong>" in text
    assert '<a href="log/netprobe-5.1/configure.log">netprobe-5.1</a>' in text
    assert not bulk.gone()
    done = bulk.make(f"STATUS_PAGE={page}", "PKGMKGEN=/nowhere/pkgmkgen")
    assert "note       STATUS_PAGE is not written: command not found: /nowhere" in done.stdout


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_status_while_it_builds_and_after_a_crash(new_bulk, how: signal.Signals) -> None:
    """From files alone: the phase at work; then what happened to make, and what continues it."""
    bulk = new_bulk()
    bulk.generate("math/polyforge")
    process = bulk.start("-j2", "TIMEOUT=7777", "HOOK=echo a b")
    bulk.wait_for("building   polyforge")
    found = json.loads(pkgmkgen("status", "--json", cwd=bulk.root))
    assert found["state"] == "running"
    assert [one["pkgname"] for one in found["building"]] == ["polyforge-4.0"]
    if how is signal.SIGKILL:
        process.kill()
    else:
        os.killpg(process.pid, how)
    process.wait()
    assert not bulk.gone(10)
    found = json.loads(pkgmkgen("status", "--json", cwd=bulk.root))
    state = "gone" if how is signal.SIGKILL else "interrupted"
    assert (found["state"], found["counts"]["building"]) == (state, 0)
    assert found["stopped"] == ["polyforge-4.0"]
    assert found["again"] == f"make -f {bulk.mk} -j 2 TIMEOUT=7777"
    told = pkgmkgen("status", cwd=bulk.root)
    assert f"\nat work then: polyforge-4.0\nto go on: {found['again']}\n" in told
    if how is signal.SIGINT:
        assert "  the run was interrupted: the same make" in (bulk.root / "out").read_text()


def test_bmake_leaves_the_same_and_a_failing_hook_changes_nothing(new_bulk) -> None:
    """Its -j is known, its run has facts, records and a repository; the hook's failure is said."""
    bulk = new_bulk()
    bulk.generate("textproc/colrule")
    done = bulk.make("-j", "3", "HOOK=echo boo; exit 3", tool="bmake")
    assert done.returncode == 0, done.stdout
    assert "hook       package: " in done.stdout
    lines = next(bulk.log.glob(".runs/2*/run")).read_text().splitlines()
    facts = dict(line.split("=", 1) for line in lines)
    assert (facts["JOBS"], facts["STATUS"]) == ("3", "0")
    assert "colrule-1.0" in summary(bulk.all)


def test_old_and_unreadable_packages_are_left_out_and_removed_on_request(after) -> None:
    """What bulk.mk does not name is not published, nor what needs a broken file; then it goes."""
    digest = after.all / "digest-20260101.tgz"
    good = digest.read_bytes()
    (after.all / "colrule-0.9.tgz").write_bytes(good)
    digest.write_bytes(b"no package")
    done = after.make("repository", "OLD=list")
    assert "colrule-0.9" in done.stdout
    assert f"unreadable {digest}" in done.stdout
    assert not {"digest-20260101", "quiltview-2.0nb3", "colrule-0.9"} & set(summary(after.all))
    digest.write_bytes(good)
    after.make("repository", "OLD=remove")
    assert not (after.all / "colrule-0.9.tgz").exists()
    assert {"digest-20260101", "quiltview-2.0nb3"} <= set(summary(after.all))
