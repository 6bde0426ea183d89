"""What has changed since a newly broken package was built: its inputs, commits to the tree."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TREE
from folders import make_run, record

PLAN = "lib-1:\nother-1:\napp-1: lib-1\ngui-1: app-1\n"
GOOD = "".join(f"start {name}\nbuilt {name}\n" for name in ("lib-1", "other-1", "app-1", "gui-1"))
GIT = ("git", "-c", "user.name=Ann", "-c", "user.email=a@example.org", "-C")


def commit(tree: Path, file: str, subject: str) -> str:
    """Change a file of a tree and commit that; returns the revision."""
    (tree / file).parent.mkdir(parents=True, exist_ok=True)
    (tree / file).write_text(subject)
    for words in (("add", "."), ("commit", "-qm", subject)):
        subprocess.run([*GIT, str(tree), *words], check=True)
    done = subprocess.run([*GIT, str(tree), "rev-parse", "HEAD"], capture_output=True, check=True)
    return done.stdout.decode().strip()


def report(log: Path, to: Path) -> None:
    """Write the report of the last run."""
    argv = [sys.executable, "-m", "pkgmkgen", "report", "--log", str(log), "-o", str(to)]
    subprocess.run(argv, check=True, capture_output=True)


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """Give BULKLOG with two runs; in the second app-1 fails, which breaks gui-1."""
    log = tmp_path / "log"
    make_run(log, 1, PLAN, GOOD)
    bad = record("app-1", "failed", PHASE="build", CHANGED="Makefile changed; dependency lib-1")
    make_run(log, 2, PLAN, "start lib-1\nbuilt lib-1\nstart app-1\nfailed app-1 build\n", bad)
    return log


def test_commits_to_a_package_and_what_it_needs(broken: Path, tmp_path: Path) -> None:
    """Those between the two runs, in its directory and those below it; hostile subjects as text."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    tree = tmp_path / "tree"
    subprocess.run(["git", "init", "-q", str(tree)], check=True)
    revisions = [commit(tree, "x/app/Makefile", "app: import")]
    commit(tree, "x/lib/Makefile", "lib: update \x1b[31mto 2")
    commit(tree, "x/other/Makefile", "other: unrelated")
    revisions.append(commit(tree, "x/app/Makefile", "app: <script>alert(1)</script>"))
    subprocess.run([*GIT, str(tree), "config", "gpg.program", "/bin/false"], check=True)
    for run, revision in zip(sorted((broken / ".runs").glob("2*/run")), revisions, strict=True):
        run.write_text(f"{run.read_text()}PKGSRCDIR={tree}\nREVISION={revision}\n")
    report(broken, tmp_path / "out")
    said = (tmp_path / "out" / "changes" / "app-1.txt").read_text()
    assert said.startswith("app-1 (x/app): failed in build\nbefore: app-1, built\n")
    assert "changed since app-1 was built: Makefile changed; dependency lib-1\n" in said
    own, below = said.split("in its dependencies, 1 directories:\n")
    assert "Ann: app: <script>alert(1)</script>\n" in own
    assert "Ann: lib: update ?[31mto 2\n" in below
    assert "import" not in said
    assert "unrelated" not in said
    other = (tmp_path / "out" / "changes" / "gui-1.txt").read_text()
    assert other.startswith("gui-1 (x/gui): broken by app-1\n")
    assert "app: <script>" in other
    told = (tmp_path / "out" / "report.txt").read_text()
    assert "        what has changed: changes/app-1.txt\n" in told
    assert '"changed":[' in (tmp_path / "out" / "data.js").read_text()
    assert not (tmp_path / "out" / "changes" / "lib-1.txt").exists()


def test_a_tree_of_cvs_and_a_plain_one(broken: Path, tmp_path: Path) -> None:
    """The command to ask the server; or that nothing is known but the inputs."""
    tree = tmp_path / "tree"
    (tree / "x" / "app").mkdir(parents=True)
    for run in (broken / ".runs").glob("2*/run"):
        run.write_text(f"{run.read_text()}PKGSRCDIR={tree}\n")
    report(broken, tmp_path / "out")
    said = (tmp_path / "out" / "changes" / "app-1.txt").read_text()
    assert "in x/app:\n  the tree is no checkout of git or CVS" in said
    (tree / "x" / "app" / "CVS").mkdir()
    report(broken, tmp_path / "out")
    said = (tmp_path / "out" / "changes" / "app-1.txt").read_text()
    dates = "2023-11-16 02:00 UTC<2023-11-17 05:46 UTC"
    assert f"  cd {tree} && cvs -q log -SN -d '{dates}' x/app\n" in said


@pytest.mark.root
def test_a_run_records_what_is_needed(new_bulk, tmp_path: Path) -> None:
    """The revision of the tree, and which inputs of a failed package have changed."""
    if not shutil.which("git"):
        pytest.skip("needs git")
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    subprocess.run(["git", "init", "-q", str(tmp_path / "tree")], check=True)
    bulk = new_bulk(tmp_path / "tree")
    first = commit(bulk.tree, "misc/lonely/note", "lonely: note")
    bulk.generate("misc/lonely")
    assert bulk.make().returncode == 0
    with (bulk.tree / "misc/lonely/Makefile").open("a") as file:
        file.write("do-build:\n\tfalse\n")
    second = commit(bulk.tree, "misc/lonely/note", "lonely: another build")
    bulk.generate("misc/lonely")
    bulk.make()
    runs = [path.read_text() for path in sorted(bulk.log.glob(".runs/2*/run"))]
    assert [
        f"REVISION={revision}\n" in run for revision, run in zip((first, second), runs, strict=True)
    ]
    assert bulk.result("lonely-1.0")["CHANGED"] == "Makefile changed; note changed"
    report(bulk.log, tmp_path / "out")
    said = (tmp_path / "out" / "changes" / "lonely-1.0.txt").read_text()
    assert "changed since lonely-1.0 was built: Makefile changed; note changed\n" in said
    assert ": lonely: another build\n" in said
