"""The main job: the whole miniature tree, as the README says it is done."""

from __future__ import annotations

import re
import tarfile
from pathlib import Path

import pytest
from bulk import TREE, Bulk, expected

pytestmark = pytest.mark.root

EXPECTED = expected()
BUILT = {name for name, row in EXPECTED.items() if row.outcome == "built"}
FAILED = {name: row.detail for name, row in EXPECTED.items() if row.outcome == "failed"}
BROKEN = {name: row.detail for name, row in EXPECTED.items() if row.outcome == "broken-by"}
SKIPPED = EXPECTED.keys() - BUILT - FAILED.keys() - BROKEN.keys()
PHASES = ["checksum", "configure", "build", "install", "package", "deinstall", "clean"]


@pytest.fixture(scope="module")
def whole(kit, tmp_path_factory) -> tuple[Bulk, str]:
    """Build everything with GNU make -j 6, once for this module; the run and what it printed."""
    bulk = Bulk(tmp_path_factory.mktemp("whole"), kit)
    said = bulk.generate()
    assert "scan failed" in said
    done = bulk.make("-j6")
    assert done.returncode == 2, done.stdout
    return bulk, done.stdout


def test_exactly_what_can_be_built_is_built(whole) -> None:
    """Law 2: a package's file is there if and only if it is built and accepted."""
    bulk, _ = whole
    assert bulk.packages() == BUILT
    for path in bulk.all.glob("*.tgz"):
        with tarfile.open(path) as archive:
            assert "+CONTENTS" in archive.getnames()


@pytest.mark.parametrize("pkgname", sorted(FAILED))
def test_a_failure_names_its_phase_and_keeps_its_log(whole, pkgname: str) -> None:
    """Law 6: a package's failure is data."""
    bulk, _ = whole
    result = bulk.result(pkgname)
    assert (result["STATUS"], result["PHASE"]) == ("failed", FAILED[pkgname])
    log = bulk.log / pkgname / f"{FAILED[pkgname]}.log"
    assert log.read_text().startswith("# 20"), "a log begins with time, user, directory"


def test_broken_by_names_a_failed_ancestor(whole) -> None:
    """What was not built because of a failure says because of which."""
    bulk, _ = whole
    assert bulk.broken() == BROKEN


def test_the_summary_adds_up(whole) -> None:
    """Built, up to date, failed, broken by, skipped: together the packages asked for."""
    _, out = whole
    line = next(line for line in out.splitlines() if " packages: " in line)
    numbers = [int(number) for number in re.findall(r"\d+", line)]
    assert numbers == [len(EXPECTED), len(BUILT), 0, len(FAILED), len(BROKEN), len(SKIPPED)]
    assert numbers[0] == sum(numbers[1:])


def test_every_phase_has_a_log_that_repeats_it(whole) -> None:
    """One log per phase, each beginning with the exact command, user and time."""
    bulk, _ = whole
    for pkgname in BUILT:
        for phase in PHASES:
            log = bulk.log / pkgname / f"{phase}.log"
            if phase == "deinstall" and not log.exists():
                continue
            lines = log.read_text().splitlines()
            assert re.fullmatch(r"# \d{4}-\S+Z, user \S+, directory /\S*", lines[0]), log
            assert lines[1].startswith("# env -i PATH="), log


def test_makes_with_nothing_to_do_are_not_started(whole) -> None:
    """A new sandbox has nothing to clean; one make packages and tells the name of the file."""
    bulk, _ = whole
    for pkgname in BUILT:
        for phase in ("pre-clean", "clean"):
            lines = (bulk.log / pkgname / f"{phase}.log").read_text().splitlines()
            assert lines[2:] == ["# not started: a new sandbox has nothing to clean"], pkgname
        package = (bulk.log / pkgname / "package.log").read_text()
        assert package.count("/bmake ") == 1, package
        assert f"{pkgname}.tgz\n" in package


def test_users_are_pbulks(whole) -> None:
    """The build user builds; root does the rest, and installs where USE_DESTDIR=destdir."""
    bulk, _ = whole
    users: dict[tuple[str, str], str] = {}
    for pkgname in BUILT:
        for phase in PHASES:
            log = bulk.log / pkgname / f"{phase}.log"
            if log.exists():
                heads = re.findall(r"^# \S+Z, user (\S+),", log.read_text(), re.MULTILINE)
                users[pkgname, phase] = heads[-1]
    text = bulk.mk.read_text()
    as_root = set(re.findall(r"^\t@\$\(BUILD\) (\S+) .*USE_DESTDIR=destdir", text, re.MULTILINE))
    assert as_root & BUILT
    for (pkgname, phase), user in users.items():
        unprivileged = phase in ("configure", "build") or (
            phase == "install" and pkgname not in as_root
        )
        assert user == ("pbulk" if unprivileged else "root"), (pkgname, phase)


def test_a_rerun_builds_nothing(whole) -> None:
    """What failed before is told in a line, with its log; nothing else is touched."""
    bulk, _ = whole
    before = {path: path.stat().st_mtime_ns for path in bulk.all.glob("*.tgz")}
    done = bulk.make("-j6")
    assert done.returncode == 2
    assert "building" not in done.stdout
    assert f"0 built, {len(BUILT)} up to date, {len(FAILED)} failed" in done.stdout
    assert bulk.broken() == BROKEN
    for pkgname, phase in FAILED.items():
        assert f"{pkgname} failed in {phase} before" in done.stdout, done.stdout
    assert before == {path: path.stat().st_mtime_ns for path in bulk.all.glob("*.tgz")}


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_nothing_to_build_after_a_finished_run(whole, tool: str) -> None:
    """`make -n` names nothing; what failed and what that broke is counted, `list` names it."""
    bulk, _ = whole
    done = bulk.make("-n", tool=tool)
    assert "would build" not in done.stdout
    assert "\n0 packages would be built\n" in done.stdout, done.stdout
    said = f"\n{len(FAILED)} would not: failed before, and no input has changed since (make retry"
    assert said in done.stdout
    assert f"\n{len(BROKEN)} would not: broken by those\n" in done.stdout
    rows = [line.split(" ", 2) for line in bulk.make("list", tool=tool).stdout.splitlines()]
    states = {row[0]: row[2] for row in rows if len(row) == 3}
    for name, phase in FAILED.items():
        assert states[name].startswith(f"failed in {phase}: ")
    assert {name: f"broken by {by}" for name, by in BROKEN.items()}.items() <= states.items()
    assert {states[name] for name in bulk.packages() & states.keys()} == {"built"}
    assert "packages: " not in done.stdout, "a dry run has no summary"


def test_bulk_mk_does_not_depend_on_the_scan_order(whole) -> None:
    """Law 7: the same tree and records, the same bytes, with one scan at a time or seven."""
    bulk, _ = whole
    bulk.generate("-j1")
    before = bulk.mk.read_bytes()
    bulk.generate("-j7")
    assert bulk.mk.read_bytes() == before
    assert "(result)" in before.decode(), "what was built here has its own time"


def test_result_record_has_times_and_sizes(whole) -> None:
    """Per phase wall and CPU time; size of package and work directory."""
    bulk, _ = whole
    for pkgname in BUILT:
        result = bulk.result(pkgname)
        assert result["STATUS"] == "built"
        assert int(result["PACKAGE_BYTES"]) == (bulk.all / f"{pkgname}.tgz").stat().st_size
        assert {f"SECONDS.{phase}" for phase in PHASES if phase != "deinstall"} <= result.keys()
        assert int(result["WRKDIR_KB"]) > 0
    busy = max(BUILT, key=lambda name: float(bulk.result(name)["CPU_SECONDS.build"]))
    assert float(bulk.result(busy)["CPU_SECONDS.build"]) > 0.2


def test_the_tree_was_not_written_to(whole) -> None:
    """The tree is read-only in a sandbox."""
    assert whole
    newest = max(path.stat().st_mtime for path in TREE.rglob("*"))
    assert newest < whole[0].mk.stat().st_mtime


def test_the_host_was_not_written_to(whole) -> None:
    """No package could leave anything outside its sandbox."""
    assert whole
    assert not Path("/usr/pkg/pkgdb").exists() or not any(
        Path("/usr/pkg/pkgdb", name).exists() for name in EXPECTED
    )
    assert not whole[0].gone()
