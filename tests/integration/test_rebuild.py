"""What is built again after a change: exactly what is made from it, told with the reason."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import pytest
from bulk import TOP, Bulk
from changes import ALL, CORE, DRAW, FONT, PIXELS, STUDIO, append, built_now, pending, prepare

pytestmark = pytest.mark.root

COMPILER = Path("/usr/bin/gcc").resolve()
_CHANGED = 'cp "$0" "$1/cc"; echo >>"$1/cc"; mount --bind "$1/cc" "$0"; shift; exec "$@"'
OTHER_COMPILER = ("unshare", "-m", "sh", "-c", _CHANGED, str(COMPILER))


@pytest.fixture(scope="module")
def built(kit, tmp_path_factory) -> Bulk:
    """Build five packages of a copy of the tree, once."""
    root = tmp_path_factory.mktemp("rebuild")
    prepare(root / "tree")
    shutil.copytree(root / "tree", root / "pristine", symlinks=True)
    (root / "conf").mkdir()
    shutil.copy(kit.parent / "mk.conf", root / "conf" / "mk.conf")
    bulk = Bulk(root, kit, root / "tree", {"MAKECONF": str(root / "conf" / "mk.conf")})
    bulk.generate(*ALL)
    assert "5 built" in bulk.make("-j2").stdout
    return bulk


@pytest.fixture
def fresh(built: Bulk) -> Iterator[Bulk]:
    """Give it with nothing out of date, and put the tree back afterwards."""
    conf = Path(built.settings["MAKECONF"])
    text = conf.read_text()
    yield built
    conf.write_text(text)
    shutil.rmtree(built.tree)
    shutil.copytree(built.root / "pristine", built.tree, symlinks=True)


def why(bulk: Bulk, *words: str) -> dict[str, str]:
    """Return the reasons that `pkgmkgen why-rebuild` gives, by PKGNAME."""
    argv = [sys.executable, "-m", "pkgmkgen", "why-rebuild", "-f", str(bulk.mk), *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, cwd=TOP)
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


def touch_all(bulk: Bulk) -> None:
    """Give every file another time, and an earlier one to some."""
    for number, path in enumerate(sorted(bulk.tree.rglob("*"))):
        os.utime(path, (number, number), follow_symlinks=False)


def conf(text: str) -> Callable[[Bulk], None]:
    """Return a change of mk.conf."""
    return lambda bulk: append(Path(bulk.settings["MAKECONF"]), text)


def edit(path: str, text: str) -> Callable[[Bulk], None]:
    """Return a change of a file of the tree."""
    return lambda bulk: append(bulk.tree / path, text)


def replace(path: str, old: str, new: str) -> Callable[[Bulk], None]:
    """Return another change of a file of the tree."""

    def change(bulk: Bulk) -> None:
        file = bulk.tree / path
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new))

    return change


ROWS = {
    "nothing": (lambda _bulk: None, set()),
    "times of all files": (touch_all, set()),
    "an RCS id": (replace(f"{DRAW}/patches/patch-aa", "v 1.1 2026", "v 1.2 2027"), set()),
    "a backup beside a patch": (edit(f"{DRAW}/patches/patch-aa.orig", "x"), set()),
    "the Makefile of a leaf": (edit(f"{STUDIO}/Makefile", "# more\n"), {STUDIO}),
    "a patch": (edit(f"{DRAW}/patches/patch-aa", "more\n"), {DRAW, STUDIO}),
    "a new patch": (edit(f"{FONT}/patches/patch-ab", "text\n"), {FONT, STUDIO}),
    "a file of a library": (edit(f"{CORE}/files/core.sh", "# more\n"), PIXELS),
    "a makefile that two include": (edit("graphics/common.mk", "X=1\n"), {FONT, STUDIO}),
    "an option in mk.conf": (conf("PKG_OPTIONS.postroom=\tssl\n"), {"mail/postroom"}),
    "an option of no package": (conf("PKG_OPTIONS.other=\tssl\n"), set()),
    "flags in mk.conf": (conf("CFLAGS+=\t-O3\n"), ALL),
    "jobs and comments in mk.conf": (conf("# text\nMAKE_JOBS=\t9\n"), set()),
    "a file below mk": (edit("mk/bsd.prefs.mk", "# more\n"), set()),
}


@pytest.mark.parametrize(("row", "tool"), [*zip(ROWS, cycle(["make", "bmake"]), strict=False)])
def test_what_a_change_makes_out_of_date(fresh: Bulk, row: str, tool: str) -> None:
    """Neither more nor less."""
    change, expected = ROWS[row]
    change(fresh)
    fresh.generate(*ALL)
    assert pending(fresh, tool=tool) == expected


def test_there_and_back_again(fresh: Bulk) -> None:
    """Another revision and the old one again, with no build between them: nothing to do."""
    ROWS["a file of a library"][0](fresh)
    fresh.generate(*ALL)
    assert pending(fresh) == PIXELS
    shutil.rmtree(fresh.tree)
    shutil.copytree(fresh.root / "pristine", fresh.tree, symlinks=True)
    fresh.generate(*ALL)
    assert not pending(fresh)


def test_why_agrees_with_make_and_the_log(fresh: Bulk) -> None:
    """The packages of `make -n`, with the files, options and dependencies that changed."""
    assert not why(fresh)
    ROWS["an option in mk.conf"][0](fresh)
    ROWS["a patch"][0](fresh)
    (fresh.tree / FONT / "patches").mkdir()
    fresh.generate(*ALL)
    assert why(fresh) == {
        "pixel-draw-2.1": "patches/patch-aa changed",
        "pixel-studio-2.2": "dependency pixel-draw-2.1 is built again",
        "postroom-3.3": "option ssl added",
    }
    assert why(fresh, "pixel-draw", "--make", "bmake") == {
        "pixel-draw-2.1": "patches/patch-aa changed"
    }
    core = fresh.all / "pixel-core-2.0.tgz"
    core.rename(core.with_suffix(".away"))
    try:
        found = why(fresh)
        assert found["pixel-core-2.0"] == "it is not built yet"
        assert found["pixel-font-2.0.5nb2"] == "dependency pixel-core-2.0 is built again"
    finally:
        core.with_suffix(".away").rename(core)


def test_mk_on_request(fresh: Bulk) -> None:
    """Touching mk/ touches all: only INFRASTRUCTURE=rebuild does."""
    append(fresh.tree / "mk/bsd.prefs.mk", "# more\n")
    fresh.generate(*ALL)
    assert pending(fresh, "INFRASTRUCTURE=rebuild") == ALL
    assert not pending(fresh, "INFRASTRUCTURE=ignore")
    assert "5 packages were built when files below mk/ were others" in fresh.make("-j2").stdout
    assert " were others" not in fresh.make("-j2", "INFRASTRUCTURE=ignore").stdout


def test_another_compiler(fresh: Bulk, tmp_path) -> None:
    """Known by its content, whatever its time."""
    fresh.generate(*ALL)
    fresh.before = (*OTHER_COMPILER, str(tmp_path))
    try:
        assert pending(fresh) == ALL
    finally:
        fresh.before = ()
    assert not pending(fresh)


@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_a_change_is_built_once_and_the_reason_told(new_bulk, tmp_path, tool: str) -> None:
    """The rule of make builds what depends on it; afterwards everything is up to date."""
    prepare(tmp_path / "tree")
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(*ALL)
    bulk.make("-j2", tool=tool)
    append(bulk.tree / DRAW / "patches" / "patch-aa", "more\n")
    past = time.time() - 9 * 86400  # a clock that runs backwards, a copy with old times
    os.utime(bulk.tree / DRAW / "patches" / "patch-aa", (past, past))
    for path in bulk.all.iterdir():
        os.utime(path, (time.time() + 3600, time.time() + 3600))
    bulk.generate(*ALL)
    said = bulk.make("-j2", tool=tool).stdout
    assert f"building   pixel-draw-2.1 ({DRAW}): patches/patch-aa changed\n" in said
    assert f"building   pixel-studio-2.2 ({STUDIO}): " in said
    assert said.count("building ") == 2
    assert "building " not in bulk.make("-j2", tool=tool).stdout


def test_a_failed_rebuild_keeps_the_old_package(new_bulk, tmp_path) -> None:
    """It is tried again when its inputs change; when they are as before, it is up to date."""
    prepare(tmp_path / "tree")
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(DRAW)
    bulk.make("-j2")
    package = bulk.all / "pixel-draw-2.1.tgz"
    before = package.read_bytes()
    makefile = bulk.tree / DRAW / "Makefile"
    good = makefile.read_text()
    makefile.write_text(good.replace("do-install:\n", "do-install:\n\tfalse\n"))
    bulk.generate(DRAW)
    assert "failed     pixel-draw-2.1 in install" in bulk.make("-j2").stdout
    assert package.read_bytes() == before
    assert "none of its inputs has changed" in bulk.make("-j2").stdout
    makefile.write_text(good)
    bulk.generate(DRAW)
    said = bulk.make("-j2").stdout
    assert "building " not in said
    assert "2 up to date, 0 failed" in said


def test_files_changed_after_bulk_mk_are_not_taken_for_what_it_says(new_bulk, tmp_path) -> None:
    """The package is made from the files as they are: the record says so."""
    prepare(tmp_path / "tree")
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(CORE)
    makefile = bulk.tree / CORE / "Makefile"
    good = makefile.read_text()
    append(makefile, "# more\n")
    assert "changed after" in bulk.make("-j2").stdout
    bulk.generate(CORE)
    assert not pending(bulk)
    makefile.write_text(good)
    bulk.generate(CORE)
    assert pending(bulk) == {CORE}


def with_libraries(bulk: Bulk) -> None:
    """Let +BUILD_INFO name shared libraries: draw needs one of core, font needs none."""
    script = bulk.tree / "mk/scripts/metadata.sh"
    text = script.read_text()
    line = '} >+BUILD_INFO\n[ ! -f "$M_PKGDIR/LIBS" ] || cat "$M_PKGDIR/LIBS" >>+BUILD_INFO\n'
    script.write_text(text.replace("} >+BUILD_INFO\n", line))
    (bulk.tree / CORE / "LIBS").write_text("PROVIDES=/usr/pkg/lib/libpixel.so.1\n")
    (bulk.tree / DRAW / "LIBS").write_text("REQUIRES=/usr/pkg/lib/libpixel.so.1\n")


def test_cascade(new_bulk, tmp_path) -> None:
    """A dependent stays while its libraries do; by package; another version of a dependency."""
    prepare(tmp_path / "tree")
    one = tmp_path / "one"
    bulk = new_bulk(tmp_path / "tree", PACKAGE_SETTINGS=str(one))
    one.write_text("")
    with_libraries(bulk)
    bulk.generate(*PIXELS)
    assert built_now(bulk.make("-j2").stdout) == PIXELS
    append(bulk.tree / CORE / "files/core.sh", "# more\n")
    bulk.generate(*PIXELS)
    assert pending(bulk) == PIXELS
    assert "CASCADE=no may keep it" in why(bulk, "--set", "CASCADE=no")["pixel-draw-2.1"]
    said = bulk.make("-j2", "CASCADE=libraries").stdout
    assert built_now(said) == {CORE}
    assert "kept       pixel-studio-2.2: what it needs of its dependencies is still there" in said
    assert not pending(bulk)
    (bulk.tree / CORE / "LIBS").write_text("PROVIDES=/usr/pkg/lib/libpixel.so.2\n")
    bulk.generate(*PIXELS)
    said = bulk.make("-j2", "CASCADE=libraries").stdout
    assert built_now(said) == {CORE, DRAW}
    assert "library libpixel.so.1 gone" in said
    makefile = bulk.tree / CORE / "Makefile"
    makefile.write_text(makefile.read_text().replace("pixel-core-2.0", "pixel-core-2.0.1"))
    one.write_text("pixel-font-* CASCADE=all\n")
    bulk.generate(*PIXELS)
    said = bulk.make("-j2", "CASCADE=no").stdout
    assert built_now(said) == {CORE, FONT}
    assert "pixel-core-2.0 -> pixel-core-2.0.1" in said
    assert not pending(bulk)


def test_packages_of_another_builder_are_taken_over(new_bulk, tmp_path) -> None:
    """By the rule of pbulk: what was made from the files of the tree stays; copies stay, too."""
    prepare(tmp_path / "tree")
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(*PIXELS)
    bulk.make("-j2")
    shutil.copytree(bulk.all, tmp_path / "copy")
    shutil.rmtree(bulk.all)
    shutil.copytree(tmp_path / "copy", bulk.all)
    said = bulk.make("-j2").stdout
    assert "have no record of their inputs" in said
    assert not built_now(said)
    assert "no record" not in bulk.make("-n").stdout
    shutil.rmtree(bulk.root / "packages" / ".inputs")
    append(bulk.tree / DRAW / "Makefile", "# more\n")
    bulk.generate(*PIXELS)
    said = bulk.make("-n").stdout
    assert set(re.findall(r"would build \S+ \((\S+)\)", said)) == {DRAW, STUDIO}
    assert why(bulk)["pixel-draw-2.1"] == "files of its directory changed"
    assert built_now(bulk.make("-j2").stdout) == {DRAW, STUDIO}
    append(bulk.tree / FONT / "Makefile", "# more\n")
    bulk.generate(*PIXELS)
    assert built_now(bulk.make("-j2").stdout) == {FONT, STUDIO}


def test_impact_says_before_what_make_builds_after(fresh: Bulk) -> None:
    """For files, for what git finds changed, and for revisions; the same packages as make -n."""

    def impact(*words: str) -> set[str]:
        argv = [sys.executable, "-m", "pkgmkgen", "impact", "--pkgsrc", str(fresh.tree)]
        argv += ["--no-sandbox", "--set", f"MAKECONF={fresh.settings['MAKECONF']}", "--names"]
        done = subprocess.run([*argv, *words], capture_output=True, text=True, check=False, cwd=TOP)
        assert not done.returncode, done.stderr
        assert " to build" in done.stderr
        return set(done.stdout.split())

    def git(*words: str) -> None:
        who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", "-C", fresh.tree, *who, *words], check=True, capture_output=True)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "x")
    ROWS["a makefile that two include"][0](fresh)
    assert impact("graphics/common.mk") >= {"pixel-font-2.0.5nb2", "pixel-studio-2.2"}
    assert "pixel-core-2.0" not in impact()
    git("commit", "-qam", "y")
    ROWS["a patch"][0](fresh)
    fresh.generate(*ALL)
    found = {name for name in impact() | impact("HEAD~1..HEAD") if name.startswith("pixel-")}
    known = re.findall(r"would build (pixel-\S+)", fresh.make("-n").stdout)
    assert found - {"pixel-suite-20260101"} == set(known)


def test_impact_builds_what_a_change_touches_and_says_what_it_broke(new_bulk, tmp_path) -> None:
    """Not what else is missing; a bulk.mk from before the change is refused."""
    prepare(tmp_path / "tree")
    bulk = new_bulk(tmp_path / "tree")
    bulk.generate(*ALL)
    bulk.make("-j2")
    (bulk.all / "postroom-3.3.tgz").unlink()
    append(bulk.tree / "graphics/common.mk", "X=1\n")
    makefile = bulk.tree / STUDIO / "Makefile"
    makefile.write_text(makefile.read_text().replace("do-install:\n", "do-install:\n\tfalse\n"))
    program = [f"PKGMKGEN={shutil.which('pkgmkgen', path=Path(sys.executable).parent)}"]
    words = [*program, f"CHANGES=graphics/common.mk {STUDIO}/Makefile"]
    refused = bulk.make("impact", *words)
    assert refused.returncode
    assert f"pkgmkgen: {bulk.mk} is older than the change of pixel-" in refused.stdout
    bulk.generate(*ALL)
    assert pending(bulk) == {FONT, STUDIO, "mail/postroom"}
    said = bulk.make("-n", "impact", *words)
    assert set(re.findall(r"would build (\S+)", said.stdout)) == {
        "pixel-font-2.0.5nb2",
        "pixel-studio-2.2",
    }
    assert "newly broken" not in said.stdout
    said = bulk.make("-j2", "impact", *words)
    assert built_now(said.stdout) == {FONT, STUDIO}
    assert "4 packages: 1 built, 2 up to date, 1 failed" in said.stdout
    assert "newly broken: 1\n  pixel-studio-2.2: failed in install" in said.stdout
    assert said.returncode
    assert "to build" in bulk.make("impact", *program, "CHANGES=doc/none", tool="bmake").stdout
