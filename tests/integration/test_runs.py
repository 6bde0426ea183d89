"""What a person does around a bulk build: single packages, reruns, settings, two makes at once."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import TREE, expected

pytestmark = pytest.mark.root

EXPECTED = expected()
FAILING = next(
    row for row in EXPECTED.values() if row.outcome == "failed" and row.detail == "build"
)


def _small() -> str:
    """PKGPATH of a package that is built quickly."""
    return next(row.pkgpath for row in EXPECTED.values() if row.pkgname.startswith("lonely-"))


@pytest.mark.parametrize("tool", ["make", "bmake"])
@pytest.mark.parametrize("kind", ["PKGNAME", "PKGPATH", "pkgbase"])
def test_one_package_by_any_of_its_names(bulk, tool: str, kind: str) -> None:
    """`make NAME` builds that package and what it needs."""
    row = next(row for row in EXPECTED.values() if row.pkgpath == _small())
    names = {
        "PKGNAME": row.pkgname,
        "PKGPATH": row.pkgpath,
        "pkgbase": row.pkgname.rpartition("-")[0],
    }
    bulk.generate(row.pkgpath)
    done = bulk.make(names[kind], tool=tool)
    assert done.returncode == 0, done.stdout
    assert row.pkgname in bulk.packages()


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_help_and_list(bulk, tool: str) -> None:
    """Both answer without building; the list has every package with its state."""
    bulk.generate()
    assert "BOOTSTRAP_KIT: " in bulk.make("help", tool=tool).stdout
    lines = [line.split() for line in bulk.make("list", tool=tool).stdout.splitlines()]
    assert {line[0] for line in lines} == EXPECTED.keys()
    assert {line[0] for line in lines if line[2:] == ["to", "be", "built"]} == {
        row.pkgname for row in EXPECTED.values() if row.outcome in ("built", "failed", "broken-by")
    }


def test_a_skipped_package_says_why_and_fails(bulk) -> None:
    """The target of a package that cannot be built is no dead end."""
    row = next(row for row in EXPECTED.values() if row.outcome == "skipped")
    bulk.generate()
    done = bulk.make(row.pkgname)
    assert done.returncode != 0
    assert f"{row.pkgname} is not built: pre-skipped: " in done.stdout


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_failed_before_retry_and_changed_inputs(new_bulk, tmp_path, tool: str) -> None:
    """Not again by a mere rerun; again on request; again when the package is mended."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    bulk = new_bulk(tree)
    bulk.generate(FAILING.pkgpath)
    assert f"failed     {FAILING.pkgname}" in bulk.make("-j2", tool=tool).stdout
    again = bulk.make("-j2", tool=tool)
    assert again.returncode != 0
    assert "none of its inputs has changed" in again.stdout
    assert f"building   {FAILING.pkgname}" not in again.stdout
    assert f"building   {FAILING.pkgname}" in bulk.make("retry", tool=tool).stdout
    assert f"building   {FAILING.pkgname}" in bulk.make("RETRY=yes", tool=tool).stdout
    makefile = tree / FAILING.pkgpath / "Makefile"
    makefile.write_text(makefile.read_text() + "\n# mended\n")
    assert f"building   {FAILING.pkgname}" in bulk.make("-j2", tool=tool).stdout


def test_a_kit_made_again_with_the_same_bytes_is_the_same(new_bulk, kit, tmp_path) -> None:
    """Kits and bases are known by content, whatever their dates and inodes."""
    bulk = new_bulk(BOOTSTRAP_KIT=str(tmp_path / "kit.tar.gz"))
    shutil.copyfile(kit, tmp_path / "kit.tar.gz")
    bulk.generate(FAILING.pkgpath)
    assert f"failed     {FAILING.pkgname}" in bulk.make().stdout
    shutil.copyfile(kit, tmp_path / "new")
    (tmp_path / "new").rename(tmp_path / "kit.tar.gz")
    assert "building" not in bulk.make().stdout
    data = gzip.compress(gzip.decompress(kit.read_bytes()), 1)
    (tmp_path / "kit.tar.gz").write_bytes(data)
    assert f"building   {FAILING.pkgname}" in bulk.make().stdout


def test_a_distfile_that_somebody_brought_is_reason_to_try_again(bulk) -> None:
    """What could not be fetched is an input of the failure, too."""
    row = next(row for row in EXPECTED.values() if row.pkgname.startswith("deadlink-"))
    bulk.generate(row.pkgpath)
    assert f"failed     {row.pkgname} in checksum" in bulk.make("-j2").stdout
    assert "building" not in bulk.make("-j2").stdout
    distinfo = (TREE / row.pkgpath / "distinfo").read_text()
    name = re.search(r"\((\S+)\)", distinfo)
    assert name
    (bulk.root / "distfiles" / name[1]).write_text("brought by hand, and wrong")
    assert f"building   {row.pkgname}" in bulk.make("-j2").stdout
    assert "building" not in bulk.make("-j2").stdout


def test_a_newer_dependency_rebuilds_what_needs_it(bulk) -> None:
    """The rule is make's own, and the old package stays until the new one is accepted."""
    lower, upper = _pair(bulk)
    path = bulk.all / f"{upper}.tgz"
    before = path.stat()
    (bulk.all / f"{lower}.tgz").touch()
    assert f"building   {upper}" in bulk.make("-j2").stdout
    assert path.stat().st_ino != before.st_ino
    assert "building" not in bulk.make("-j2").stdout


def test_an_old_package_survives_an_interrupted_rebuild(new_bulk, tmp_path: Path) -> None:
    """Both makes delete the target of an interrupted recipe, unless it is told not to."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    bulk = new_bulk(tree)
    lower, upper = _pair(bulk)
    _wait_in(tree / EXPECTED[upper].pkgpath / "Makefile", tmp_path / "go")
    before = (bulk.all / f"{upper}.tgz").stat().st_ino
    (bulk.all / f"{lower}.tgz").touch()
    os.utime(bulk.all / f"{upper}.tgz", (1, 1))  # bmake counts in whole seconds
    for tool in ("make", "bmake"):
        process = bulk.start("-j2", tool=tool)
        bulk.wait_for(f"building   {upper}")
        os.killpg(process.pid, 15)
        process.wait()
        assert not bulk.gone()
        assert (bulk.all / f"{upper}.tgz").stat().st_ino == before


def _pair(bulk) -> tuple[str, str]:
    """Build a package that needs exactly one other; both names."""
    bulk.generate()
    text = bulk.mk.read_text()
    paths = [row.pkgpath for row in EXPECTED.values()]
    good = {
        row.pkgname
        for row in EXPECTED.values()
        if row.outcome == "built" and paths.count(row.pkgpath) == 1
    }
    file = r"\$\(ALL\)/(\S+)\$\(SUFX\)"
    gate = r"(?: \$\(_\d+\))?$"
    pairs = re.findall(rf"^{file}: {file}{gate}", text, re.MULTILINE)
    lone = set(re.findall(rf"^{file}:{gate}", text, re.MULTILINE))
    upper, lower = next((up, low) for up, low in pairs if {up, low} <= good and low in lone)
    bulk.generate(EXPECTED[upper].pkgpath)
    assert bulk.make("-j2").returncode == 0
    return lower, upper


def test_two_makes_at_once_build_nothing_twice(bulk) -> None:
    """One waits for the other, package by package."""
    bulk.generate(_small())
    first = bulk.start("-j2")
    second = bulk.make("-j2")
    assert first.wait() == 0
    assert second.returncode == 0
    both = second.stdout + (bulk.root / "out").read_text()
    row = next(row for row in EXPECTED.values() if row.pkgpath == _small())
    assert both.count(f"built      {row.pkgname}") == 1


def _waiting_tree(tmp_path: Path, pkgpath: str) -> Path:
    """Give a tree in which a package is not built before PACKAGES of bulk0 has a file `go`."""
    tree = tmp_path / "tree"
    shutil.copytree(TREE, tree, symlinks=True)
    _wait_in(tree / pkgpath / "Makefile", tmp_path / "bulk0" / "packages" / "go")
    return tree


def _wait_in(makefile: Path, go: Path) -> None:
    end = '.include "../../mk/bsd.pkg.mk"'
    wait = f"post-build:\n\twhile [ ! -e {go} ]; do sleep 0.2; done\n\n{end}"
    makefile.write_text(makefile.read_text().replace(end, wait))


def test_a_second_make_says_whom_it_waits_for(new_bulk, tmp_path: Path) -> None:
    """The process, and the run, of the build that it waits for."""
    bulk = new_bulk(_waiting_tree(tmp_path, "misc/lonely"))
    bulk.generate("misc/lonely")
    first = bulk.start()
    bulk.wait_for("building   lonely-1.0")
    run = next(bulk.log.glob(".runs/2*")).name
    second = bulk.start("lonely")
    bulk.wait_for("waiting    lonely-1.0: another make builds it: process ")
    assert f", run {run}\n" in (bulk.root / "out").read_text()
    (bulk.root / "packages" / "go").touch()
    assert (first.wait(), second.wait()) == (0, 0)


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_a_name_that_is_none_and_a_dry_run(bulk, tool: str) -> None:
    """The nearest names; a line for each package that would be built; of a built one that it is."""
    bulk.generate("misc/lonely", "net/echod")
    for word, near in (("lonley", "lonely"), ("mics/lonely", "misc/lonely"), ("fecth", "fetch")):
        done = bulk.make(word, tool=tool)
        said = (
            f"pkgmkgen: no package and no target '{word}' in {bulk.mk}\n  fix: did you mean {near}?"
        )
        assert said in done.stdout
        assert done.returncode != 0
    assert "did you mean" not in bulk.make("firefox", tool=tool).stdout
    said = bulk.make("all", "PACKGES=/x", "RETRY=yes", "HOOK=env X=1 true", tool=tool).stdout
    notes = [line for line in said.splitlines() if line.startswith("note ")]
    hint = "PACKGES is no setting of bulk.mk and changes nothing: did you mean PACKAGES? "
    assert [hint in line for line in notes] == [True, False], said
    done = bulk.make("lonely", tool=tool)
    assert re.search("Nothing to be done for 'lonely'|lonely is up to date", done.stdout)
    (bulk.all / "echod-1.0.tgz").unlink()
    lines = bulk.make("-n", tool=tool).stdout.splitlines()
    assert lines[-2:] == ["would build echod-1.0 (net/echod)", "1 packages would be built"]


def test_full_disk_halts_the_run_and_marks_nothing(bulk) -> None:
    """Law 6: the machine's failure stops the run; the same command resumes it."""
    bulk.generate(_small())
    done = bulk.make("-j2", "DISK_MIN=99999999")
    assert done.returncode != 0
    assert "run halted: disk nearly full" in done.stdout
    assert "fix: free some space" in done.stdout
    assert ", 0 failed" in done.stdout
    assert bulk.make("-j2").returncode == 0


def test_missing_kit_halts_the_run(bulk) -> None:
    """Without pkgsrc's tools every package would fail; none is marked."""
    bulk.generate(_small())
    done = bulk.make("BOOTSTRAP_KIT=")
    assert "run halted: BOOTSTRAP_KIT is not set, and the base system (BASE=host)" in done.stdout
    assert "building" not in done.stdout
    assert "set BOOTSTRAP_KIT" in done.stdout
    assert not bulk.result("lonely-1.0")
    assert "kit /nowhere does not exist" in bulk.make("BOOTSTRAP_KIT=/nowhere").stdout


def test_work_directory_on_disk(new_bulk) -> None:
    """SCRATCH=disk builds below SANDBOXDIR and leaves nothing there."""
    bulk = new_bulk(SCRATCH="disk")
    bulk.generate(_small())
    assert bulk.make("-j2").returncode == 0
    assert not list((bulk.root / "sandboxes" / "scratch").iterdir())


def test_without_root_a_clear_word(new_bulk, tmp_path, scripts) -> None:
    """No traceback, no half-made sandbox."""
    shutil.copytree(scripts, tmp_path / "scripts")
    bulk = new_bulk(SCRIPTS=str(tmp_path / "scripts"))
    bulk.generate(_small())
    bulk.root.chmod(0o777)
    for folder in bulk.root.parents:
        if folder.stat().st_mode & 0o777 == 0o700:
            folder.chmod(0o711)
    done = bulk.make("-j2", user="nobody", extra_groups=[])
    assert done.returncode != 0
    assert "cannot create a user namespace, and is not root" in done.stdout


@pytest.fixture
def base_with(tmp_path) -> Iterator[Callable[[str], Path]]:
    """Give a base directory: the host's root under an overlay in which sh is another shell."""
    layers, base = tmp_path / "layers", tmp_path / "base"
    layers.mkdir()
    base.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "layers", layers], check=True)

    def make(program: str) -> Path:
        (layers / "work").mkdir()
        (layers / "upper" / "usr" / "bin").mkdir(parents=True)
        shutil.copy(program, layers / "upper" / "usr" / "bin" / "sh")
        options = f"lowerdir=/,upperdir={layers}/upper,workdir={layers}/work"
        subprocess.run(["mount", "-t", "overlay", "-o", options, "base", base], check=True)
        return base

    yield make
    subprocess.run(["umount", base], check=False)
    subprocess.run(["umount", layers], check=True)


@pytest.mark.parametrize("shell", ["dash", "bash", "mksh"])
def test_another_base_and_another_shell(new_bulk, tmp_path, base_with, shell: str) -> None:
    """BASE is a directory in which sh is that shell, and on the host's side it is, too."""
    program = shutil.which(shell)
    if not program:
        pytest.skip(f"{shell} is not installed")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "sh").symlink_to(program)
    bulk = new_bulk(BASE=str(base_with(program)))
    bulk.generate(_small(), FAILING.pkgpath)
    path = f"{tmp_path}/bin:{os.environ['PATH']}"
    done = bulk.make("-j2", env={**os.environ, "PATH": path})
    row = next(row for row in EXPECTED.values() if row.pkgpath == _small())
    assert row.pkgname in bulk.packages(), done.stdout
    assert bulk.result(FAILING.pkgname)["PHASE"] == FAILING.detail
    assert ", 1 failed, " in done.stdout


def test_a_tree_below_roots_home(new_bulk, tmp_path) -> None:
    """The build user reaches a tree whose path leads through a closed directory of the host."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    shutil.copytree(TREE, closed / "tree", symlinks=True)
    bulk = new_bulk(closed / "tree")
    bulk.generate(_small())
    assert bulk.make("-j2").returncode == 0


def test_a_tree_that_the_build_user_cannot_read_halts_the_run(new_bulk, tmp_path) -> None:
    """Every package would fail; none is marked, and the message names the cure."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    (tmp_path / "tree").chmod(0o700)
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(_small())
    done = bulk.make("-j2")
    assert "run halted" in done.stdout
    assert "chmod -R a+rX" in done.stdout
    assert not bulk.result("lonely-1.0")


def test_the_reason_of_a_halt_is_its_cause(new_bulk, tmp_path) -> None:
    """In what make says, in the summary, and in all that tells of the run later."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    (tmp_path / "tree" / "mk").chmod(0o700)
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate("misc/lonely")
    done = bulk.make("-j2")
    what = f"the build user cannot read {tmp_path}/tree/mk\n  fix: chmod -R a+rX {tmp_path}/tree\n"
    halt = f"the sandbox of lonely-1.0 failed: {what}"
    assert f"pkgmkgen: run halted: {halt}" in done.stdout, done.stdout
    assert f"  the run was halted: {halt}" in done.stdout
    assert done.stdout.count("the build user cannot read") == 2
    for words in (["status"], ["report", "--format", "text"], ["history"]):
        argv = [sys.executable, "-m", "pkgmkgen", *words, "--log", str(bulk.log)]
        said = subprocess.run(argv, capture_output=True, text=True, check=False)
        assert "the build user cannot read" in said.stdout, (words, said.stdout, said.stderr)
