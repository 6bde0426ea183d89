"""The command as a person meets it: what it prints, where, and with which exit status."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP, TREE

from pkgmkgen import __version__
from pkgmkgen.cli import VERBS

GOLDEN = TOP / "tests" / "golden" / "small"
INDEX = GOLDEN / "index.txt"


def run(*words: str | Path, **options) -> subprocess.CompletedProcess[str]:
    """Run pkgmkgen in a place where it could do harm if it obeyed what it reads."""
    argv = [sys.executable, "-m", "pkgmkgen", *map(str, words)]
    return subprocess.run(
        argv, capture_output=True, text=True, errors="replace", check=False, **options
    )


def fails(done: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    """Check that an error is two lines, the fault and its mend, with no traceback or output."""
    assert done.returncode == status, done.stderr
    assert "Traceback" not in done.stderr
    assert re.search(r"^pkgmkgen: .*: .*\n  fix: .+", done.stderr, re.MULTILINE), done.stderr
    assert done.stdout == ""
    for word in words:
        assert word in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty", b"", "no PKGNAME= line"),
        ("binary", bytes(range(256)) * 100, "no PKGNAME= line"),
        ("html", b"<html><body>404</body></html>\n", "no PKGNAME= line"),
        ("cut.gz", gzip.compress(b"PKGNAME=a-1\n" * 10_000)[:-40], "damaged or cut off"),
        ("bad.gz", b"\x1f\x8bnonsense", "damaged or cut off"),
    ],
)
def test_what_is_no_index_is_refused(tmp_path, name: str, content: bytes, word: str) -> None:
    """Exit 65, the file named."""
    path = tmp_path / name
    path.write_bytes(content)
    fails(run("--index", path), 65, str(path), word)


@pytest.mark.parametrize("path", ["/nowhere/x", "/", "/root/\udcff"])
def test_what_cannot_be_read(path: str) -> None:
    """Exit 74."""
    fails(run("--index", path), 74)


def test_hostile_names_are_set_aside_and_listed(tmp_path) -> None:
    """The rest goes on; nothing of them is in bulk.mk, nothing is executed (law 8)."""
    mark = tmp_path / "executed"
    hostile = [
        f"$(shell touch {mark})-1",
        f"`touch {mark}`-1",
        f"a;touch {mark}-1",
        "../../etc/passwd-1",
        "-rf-1",
        "a b-1",
        "a'b-1",
        'a"b-1',
        "a\\-1",
        "%-1",
        "a:b-1",
        "a#b-1",
    ]
    records = [f"PKGNAME={name}\nPKG_LOCATION=misc/x\nALL_DEPENDS=\n" for name in hostile]
    records += [
        f"PKGNAME=at-{number}\nPKG_LOCATION={place}\nALL_DEPENDS=\n"
        for number, place in enumerate(["/etc", "../..", "a/b/c", "$(x)/y", "misc/-x", "a/.."])
    ]
    records.append(
        "PKGNAME=good-1\nPKG_LOCATION=misc/good\nALL_DEPENDS=\nMULTI_VERSION= A=b\n"
        f"NO_BIN_ON_FTP=$(shell touch {mark})`touch {mark}`\n"
    )
    records.append(
        f"PKGNAME=skip-1\nPKG_LOCATION=misc/skip\nALL_DEPENDS=\nPKG_SKIP_REASON='; touch {mark};'"
        f"$(shell touch {mark})\\\n"
    )
    path = tmp_path / "index"
    path.write_text("".join(records))
    done = run("--index", path)
    assert done.returncode == 0
    assert done.stderr.count("record set aside") == len(records) - 2
    assert "good-1 " in done.stdout
    (tmp_path / "bulk.mk").write_text(done.stdout)
    for make in ("make", "bmake"):
        for words in (["-n"], ["list"], ["help"], ["skip-1"]):
            subprocess.run(
                [make, "-f", tmp_path / "bulk.mk", *words], capture_output=True, check=False
            )
    assert not mark.exists()


def test_same_bytes_whatever_the_hash_seed() -> None:
    """No set's order reaches bulk.mk."""
    texts = {
        run("-q", "--index", INDEX, env={**os.environ, "PYTHONHASHSEED": seed}).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(texts) == 1


def test_index_from_a_pipe_gzip_and_crlf(tmp_path) -> None:
    """However it comes, it is the same index."""
    text = INDEX.read_bytes()
    want = run("-q", "--index", INDEX).stdout
    packed = tmp_path / "x.gz"
    packed.write_bytes(gzip.compress(text))
    crlf = tmp_path / "crlf"
    crlf.write_bytes(text.replace(b"\n", b"\r\n"))
    assert run("-q", "--index", packed).stdout == want
    assert run("-q", "--index", crlf).stdout == want
    assert run("-q", "--index", "-", input=text.decode()).stdout == want


def test_output_file_is_whole_or_not_there(tmp_path) -> None:
    """`-o` never leaves half a Makefile, and keeps the old one when something fails."""
    target = tmp_path / "bulk.mk"
    assert run("-q", "--index", INDEX, "-o", target).returncode == 0
    before = target.read_text()
    fails(run("--index", "/nowhere", "-o", target), 74)
    assert target.read_text() == before
    assert [path.name for path in tmp_path.iterdir()] == ["bulk.mk"]
    fails(run("-q", "--index", INDEX, "-o", "/nowhere/bulk.mk"), 74, "/nowhere/bulk.mk")


def test_stages_print_what_the_next_one_reads(tmp_path) -> None:
    """What resolve prints is an index again, and gives the same plan."""
    presolve = tmp_path / "presolve"
    assert run("resolve", "-q", "--index", INDEX, "-o", presolve).returncode == 0
    assert "DEPENDS=zlib-1.3 png-1.6.43" in presolve.read_text()
    want = run("plan", "-q", "--index", INDEX).stdout
    assert run("plan", "-q", "--index", presolve).stdout == want
    assert run("-q", "--index", presolve).stdout == run("-q", "--index", INDEX).stdout


def test_strict_counts_the_unresolved() -> None:
    """Exit 3; without --strict they are marked and the rest is built."""
    done = run("--strict", "--index", INDEX)
    assert done.returncode == 3
    assert "3 packages cannot be resolved" in done.stderr
    assert run("--index", INDEX).returncode == 0


def test_limited_lists(tmp_path) -> None:
    """A list is closed under dependencies; unknown directories are named; junk is refused."""
    names = tmp_path / "list"
    names.write_text("# a comment\n\nx11/gtk2  # trailing\nmisc/none\n")
    done = run("plan", "--index", INDEX, "--list", names)
    assert [line.split()[0] for line in done.stdout.splitlines()] == [
        "zlib-1.3",
        "png-1.6.43",
        "gtk2+-2.24nb3",
    ]
    assert "misc/none: no package in this directory" in done.stderr
    assert run("plan", "-q", "--index", INDEX, "x11/gtk2").stdout == done.stdout
    fails(run("--index", INDEX, "no/such"), 2, "no/such")
    fails(run("--index", INDEX, "../etc"), 2)
    names.write_text("# nothing\n")
    fails(run("--index", INDEX, "--list", names), 2)
    fails(run("--index", INDEX, "--list", "/nowhere"), 74)


def test_a_list_of_a_million_lines(tmp_path) -> None:
    """Long and mostly nonsense: read within reason, its faults told once."""
    names = tmp_path / "list"
    names.write_text("x11/gtk2\n" + "../../etc/passwd\n" * 1_000_000)
    done = run("plan", "--index", INDEX, "--list", names, timeout=120)
    assert done.returncode == 0
    assert len(done.stderr) < 10_000


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["secret", "zlib"], "gtk2+-2.24nb3 needs zlib-1.3: zlib>=1.2"),
        (["zlib-1.3"], "needed directly by 2"),
        (["win-game-1.0"], "win-1.0"),
        (["list"], "nothing>=1"),
        (["zlib", "secret"], "does not need"),
    ],
)
def test_why(words: list[str], answer: str) -> None:
    """By any of a package's names: which chain, which pattern, why not."""
    assert answer in run("why", "-q", "--index", INDEX, *words).stdout


def test_why_of_nothing_suggests_what_is_near() -> None:
    """A typo is told as one."""
    fails(run("why", "-q", "--index", INDEX, "zlip"), 2, "zlib")


def test_problems_have_a_place_and_a_fix() -> None:
    """Unresolved patterns, cycles, doubtful choices."""
    out = run("resolve", "--problems", "-q", "--index", INDEX).stdout
    assert "unresolved: " in out
    assert "ring-a-1 -> ring-b-1 -> ring-a-1" in out
    assert out.count("fix: ") == len(out.splitlines()) / 2


@pytest.mark.root
def test_live_and_stored_scans_give_the_same(tmp_path) -> None:
    """Generating from the tree, or from its stored scan, for the whole and for a list."""
    conf = tmp_path / "mk.conf"
    conf.write_text("LOCALBASE=/usr/pkg\nPKG_DBDIR=/usr/pkg/pkgdb\n")
    tree: list[str | Path] = ["--pkgsrc", TREE, "--set", f"MAKECONF={conf}"]
    stored = tmp_path / "pscan"
    assert run("scan", "-q", *tree, "-o", stored).returncode == 0
    for words in ([], ["meta-pkgs/pixel-suite", "editors/vilovers"]):
        live = run("plan", "-q", *tree, *words)
        assert live.stdout
        assert live.stdout == run("plan", "-q", "--index", stored, *words).stdout


def test_a_relative_tree_is_written_whole(tmp_path) -> None:
    """Also with a stored index: a run has another working directory."""
    (tmp_path / "tree").mkdir()
    done = run("-q", "--index", INDEX, "--pkgsrc", "tree", cwd=tmp_path)
    assert f"\nPKGSRCDIR = {tmp_path}/tree\n" in done.stdout


def test_no_tree_and_no_make() -> None:
    """Exit 69 and what to do."""
    fails(run("--pkgsrc", "/nowhere"), 69, "/nowhere", "PKGSRCDIR")
    fails(run("--pkgsrc", TREE, "--make", "/nowhere/bmake"), 69, "/nowhere/bmake")


def test_help_has_examples() -> None:
    """What a person types first."""
    out = run("--help").stdout
    assert "make -f bulk.mk -j 6" in out
    assert "pkgmkgen --index tree.pscan" in out


def test_help_topics() -> None:
    """All are listed, each can be read, and the README links each; another word is no topic."""
    listed = run("help").stdout
    readme = (TOP / "README.md").read_text()
    for page in (TOP / "pkgmkgen" / "help").glob("*.md"):
        assert f"  {page.stem} " in listed
        assert run("help", page.stem).stdout.startswith(page.read_text())
        assert f"(pkgmkgen/help/{page.stem}.md)" in readme
    assert "TIMEOUT_SILENT = 7200\n" in run("help", "settings").stdout
    fails(run("help", "nothing"), 2, "no such topic")


def test_an_unknown_command_is_told_as_one() -> None:
    """Not as a bad PKGPATH."""
    fails(run("stauts"), 2, "'stauts': unknown command", "did you mean status? ")


@pytest.mark.parametrize(
    ("words", "near"),
    [
        (("reprot",), "report"),
        (("report", "--fromat", "html"), "--format"),
        (("help", "scna"), "scan"),
        (("--set", "PACKGES=/x", "--index", INDEX), "PACKAGES"),
        (("--pkgsrc", TREE, "misc/lonley"), "misc/lonely"),
        (("scan", "--pkgsrc", TREE, "misc/lonley"), "misc/lonely"),
    ],
)
def test_a_mistake_is_told_with_the_nearest_right_word(words: tuple[str, ...], near: str) -> None:
    """A command, an option, a topic, a setting, a PKGPATH: two lines, exit 2."""
    done = run(*words)
    fails(done, 2, f"\n  fix: did you mean {near}")
    assert done.stderr.count("\n") == 2


def test_what_is_no_plain_file_is_written_to_and_not_replaced(tmp_path) -> None:
    """As /dev/null: a pipe stays one, and its reader gets all."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert run("-q", "--index", INDEX, "-o", pipe).returncode == 0
        assert reader.stdout
        assert reader.stdout.read().startswith(b"# bulk.mk - ")
    assert pipe.is_fifo()


def test_that_no_kit_is_set_is_said_when_bulk_mk_is_made(tmp_path) -> None:
    """Not if builds have another base, or are elsewhere."""
    if sys.platform != "linux":
        pytest.skip("other systems may have the tools themselves")
    said = "BOOTSTRAP_KIT: is not set, and on Linux packages are built with a kit\n  fix: "
    for setting, there in (("KEEP=yes", True), (f"BASE={tmp_path}", False), ("LAUNCH=ssh", False)):
        done = run("--index", INDEX, "--set", setting, "-o", tmp_path / "b.mk")
        assert (said in done.stderr) is there


def test_files_of_settings_that_do_not_exist_yet_are_named(tmp_path) -> None:
    """When bulk.mk is made, which may be before the kit; not package by package later."""
    done = run("--index", INDEX, "--set", f"BOOTSTRAP_KIT={tmp_path}/kit", "-o", tmp_path / "b.mk")
    assert done.returncode == 0
    said = (
        f"BOOTSTRAP_KIT={tmp_path}/kit: this file does not exist here yet\n  fix: make or copy it"
    )
    assert said in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--check"],
        ["scan", "--strict"],
        ["make", "--problems"],
        ["resolve", "--format", "svg"],
        ["plan", "-j", "4,6"],
        ["simulate", "--format", "svg", "-j", "4,6"],
        ["why"],
        ["why", "zlib", "png", "secret"],
        ["-o", "a b"],
    ],
)
def test_a_verb_takes_its_own_options_only(words: list[str]) -> None:
    """Exit 2 before anything is read or written."""
    done = run(*words, "--index", INDEX)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


def test_every_verb_says_its_version() -> None:
    """And has a help of its own."""
    for verb in VERBS:
        assert run(verb, "--version").stdout == f"pkgmkgen {__version__}\n"
        assert f"pkgmkgen {verb}".removesuffix(" make") in run(verb, "--help").stdout


@pytest.mark.parametrize(
    ("verb", "unwanted"),
    [
        ("status", "pipeline scan resolve plan simulate index machine"),
        ("history", "pipeline scan resolve plan simulate index machine"),
        ("help", "pipeline scan resolve plan simulate index machine runs"),
        ("shell", "pipeline scan resolve plan simulate index runs"),
    ],
)
def test_a_verb_loads_what_it_needs(verb: str, unwanted: str) -> None:
    """Starting must not cost what others need: libraries, and the folders of other stages."""
    script = (
        "import sys; from pkgmkgen.__main__ import main; main(sys.argv[1:])\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    argv = [sys.executable, "-c", script, verb, "nothing"]
    argv += ["--log", "/nowhere"] if verb in {"status", "history"} else []
    loaded = subprocess.run(argv, capture_output=True, text=True, check=False).stderr.split()
    assert f"pkgmkgen.cli.{verb}" in loaded
    for name in unwanted.split():
        assert f"pkgmkgen.{name}" not in loaded
    for name in ("plumbum", "networkx", "jinja2"):
        assert name not in loaded


def test_plan_and_status_look_at_one_bulklog(tmp_path) -> None:
    """That of ./bulk.mk, unless the environment or the command names another."""
    here, there = tmp_path / "here", tmp_path / "there"
    for log, seconds in ((here, 111), (there, 222)):
        (log / "zlib-1.3").mkdir(parents=True)
        (log / "zlib-1.3" / "result").write_text(
            "STATUS=built\nPKGNAME=zlib-1.3\nPKGPATH=devel/zlib\n"
            f"END=2026-01-01T00:00:00Z\nSECONDS={seconds}\n"
        )
    (tmp_path / "bulk.mk").write_text(f"BULKLOG = {here}\n")
    env = {**os.environ, "PYTHONPATH": str(TOP)}
    plan: list[str | Path] = ["plan", "-q", "--index", INDEX]
    assert " 111.0 result " in run(*plan, cwd=tmp_path, env=env).stdout
    assert str(here) in run("status", cwd=tmp_path, env=env).stderr
    env["BULKLOG"] = str(there)
    assert " 222.0 result " in run(*plan, cwd=tmp_path, env=env).stdout
    assert str(there) in run("status", cwd=tmp_path, env=env).stderr
    assert " 111.0 result " in run(*plan, "--set", f"BULKLOG={here}", cwd=tmp_path, env=env).stdout


def test_the_man_page_has_all_commands_and_topics(tmp_path) -> None:
    """Made from the same text as --help and the topics; man takes it without a warning."""
    page = tmp_path / "pkgmkgen.1"
    page.write_text(run("help", "--man").stdout)
    if not shutil.which("man"):
        pytest.skip("no man here")
    argv = ["man", "--warnings=all", "-l", page]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, env=PLAIN)
    assert done.returncode == 0
    assert not done.stderr, done.stderr
    text = re.sub(r".\x08", "", done.stdout)
    for word in (*VERBS, "TROUBLESHOOTING", "BOOTSTRAP_KIT", "--format"):
        assert word in text, word


PLAIN = {**os.environ, "MANWIDTH": "100", "MANPAGER": "cat", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion(shell: str, tmp_path) -> None:
    """Commands, options, settings and topics."""
    script = run("completion", shell).stdout
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    path = tmp_path / "_pkgmkgen"
    path.write_text(script)
    if shell == "zsh":
        assert subprocess.run([shell, "-n", path], check=False).returncode == 0
        return
    cases = {"stat": "status", "--set PACKAGES": "PACKAGES", "report --for": "--format"}
    for line, word in {**cases, "help sca": "scan"}.items():
        words = f"pkgmkgen {line}"
        ask = f". {path}; COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); "
        ask += 'compopt() { :; }; _pkgmkgen; echo " ${COMPREPLY[*]} "'
        argv = [shell, "--norc", "-c", ask]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert f" {word}" in done.stdout, (line, done)


def test_settings_of_an_older_bulk_mk_and_of_pbulk_conf(tmp_path) -> None:
    """--like repeats what it was made with; --set wins; pbulk.conf gives paths."""
    old, new = tmp_path / "old.mk", tmp_path / "new.mk"
    sets = ("--set", "PACKAGES=/a/packages", "--set", "MAKE_JOBS=3", "--set", "HOOK=a b")
    assert run("-q", "--index", INDEX, *sets, "-o", old).returncode == 0
    assert run("-q", "--index", INDEX, "--like", old, "-o", new).returncode == 0
    assert new.read_bytes() == old.read_bytes()
    words = ("--like", old, "--set", "PACKAGES=/b", "-o", new)
    assert run("-q", "--index", INDEX, *words).returncode == 0
    assert "\nPACKAGES = /b\n" in new.read_text()
    assert "\nMAKE_JOBS = 3\n" in new.read_text()
    fails(run("--index", INDEX, "--like", INDEX), 74, "is no bulk.mk of pkgmkgen")
    conf = tmp_path / "pbulk.conf"
    lines = ("#!/bin/sh", "base=/usr", "prefix=${base}/pbulkpkg # own", "packages='/mnt/packages'")
    conf.write_text("\n".join((*lines, 'bulklog="/mnt/log"', "touch /tmp/never", "rm=$(touch x)")))
    assert run("-q", "--index", INDEX, "--pbulk-conf", conf, "-o", new).returncode == 0
    text = new.read_text()
    for line in ("PREFIX = /usr/pbulkpkg", "PACKAGES = /mnt/packages", "BULKLOG = /mnt/log"):
        assert f"\n{line}\n" in text
