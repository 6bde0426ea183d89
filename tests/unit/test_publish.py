"""The steps of repository.sh and publish.sh: what is new, may be published, is missing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

LIB = Path(__file__).parents[2] / "sandbox-scripts" / "repository"
SHA = "a" * 64
LINE = "{inode} -rw-r--r-- 1 0 0 {size} Nov 27 10:00 {name}"


def awk(folder: Path, *words: str, stdin: str = "", status: int = 0) -> list[str]:
    """Run a program of the repository; returns its lines, sorted."""
    files = [str(LIB / word) if word.endswith(".awk") else word for word in words]
    argv = ["awk"]
    for file in files:
        argv += ["-f", file] if file.endswith(".awk") else [file]
    env = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(
        argv, cwd=folder, input=stdin, capture_output=True, text=True, check=False, env=env
    )
    assert done.returncode == status, done.stderr
    return sorted(done.stdout.splitlines())


def publish(folder: Path, present: str, failed: str, plan: str) -> list[str]:
    """Give what publish.awk says of packages that are there, failed, and planned."""
    (folder / "present").write_text("".join(f"{name}.tgz\n" for name in present.split()))
    (folder / "failed").write_text("".join(f"{name}\n" for name in failed.split()))
    (folder / "plan").write_text(plan)
    words = ("present=1", "present", "present=", "failures=1", "failed", "failures=", "plan")
    return awk(folder, "-v", "suffix=.tgz", "publish.awk", *words)


def test_what_failed_and_what_needs_it_stay_out(tmp_path: Path) -> None:
    """An old package would be offered with dependencies that are gone."""
    plan = "build base-2 a/base\nbuild user-1 a/user base-2\nbuild above-1 a/above user-1\n"
    assert publish(tmp_path, "base-2 user-1 above-1", "user-1", plan) == [
        "failed user-1",
        "needs above-1 user-1",
        "publish base-2",
    ]


def test_what_is_to_be_built_yet_is_missing(tmp_path: Path) -> None:
    """Neither what failed is, nor what waits for that, nor what is there."""
    plan = (
        "build above-1 a/above bad-1\nbuild bad-1 a/bad\nbuild top-1 a/top above-1 next-1\n"
        "build next-1 a/next base-1\nbuild base-1 a/base\nbuild later-1 a/later next-1\n"
    )
    assert publish(tmp_path, "base-1", "bad-1", plan) == ["missing next-1", "publish base-1"]


def complete(folder: Path, names: str, **depends: str) -> list[str]:
    """Give what complete.awk makes of NAMEs with their DEPENDS."""
    records = ""
    for name in names.split():
        patterns = depends.get(name.partition("-")[0], "").split()
        lines = "".join(f"DEPENDS={pattern}\n" for pattern in patterns)
        records += f"PKGNAME={name}\nFILE_NAME={name}.tgz\n{lines}\n"
    (folder / "records").write_text(records)
    (folder / "lines").write_text("".join(f"publish {name}\n" for name in names.split()))
    words = ("records=1", "records", "records=", "lines")
    return awk(folder, "-v", "suffix=.tgz", "pattern.awk", "complete.awk", *words)


def test_packages_whose_patterns_match_nothing_are_left_out(tmp_path: Path) -> None:
    """The library has a new version and they were not built again; what needs them follows."""
    names = "lib-2.0 old-1 above-1 fine-1 alt-1"
    said = complete(
        tmp_path,
        names,
        old="lib>=1<2",
        above="old-[0-9]*",
        fine="{nolib,lib}>=2",
        alt="{old,fine}-1{,nb[0-9]*}",
    )
    assert said == [
        "lacks above-1 old-[0-9]*",
        "lacks old-1 lib>=1<2",
        "publish alt-1",
        "publish fine-1",
        "publish lib-2.0",
    ]


@pytest.mark.parametrize(
    ("pattern", "name"),
    [
        ("p5-x-[0-9]*", "p5-x-1"),
        ("x-1.9{,nb[0-9]*}", "x-1.9nb3"),
        ("x-1.*", "x-1.9nb3"),
        ("*-1", "x-1"),
        ("x-2x>=3", "x-2x-3"),
        ("x-[0-9]*", "x-2x-3"),
        ("x-2x-[0-9]*", "x-2x-3"),
        ("x-[23]*", "x-2x-3"),
        ("x", "x"),
        ("x-a-1", "x-a-1"),
        ("[xy]-1", "y-1"),
        (r"x\-1*", "x-1"),
    ],
)
def test_what_matches_is_found(tmp_path: Path, pattern: str, name: str) -> None:
    """By its base or by its beginning, or among all, whatever the pattern."""
    assert f"publish user-{len(name)}" in complete(
        tmp_path, f"user-{len(name)} {name}", user=pattern
    )
    said = complete(tmp_path, f"user-{len(name)} other-{name}z", user=pattern)
    assert ("*-1" in pattern) or f"lacks user-{len(name)} {pattern}" in said


def test_required_patterns(tmp_path: Path) -> None:
    """Of a file with comments, blanks, CRs and no newline at its end; of all; of no file."""
    (tmp_path / "state").write_text("publish a-1\nlacks b-1 c>=2\nmissing d-1\nneeds e-1 d-1\n")
    (tmp_path / "wanted").write_text("# all of these\n a-[0-9]* # one\r\n\nb>=1\n{x,y}-[0-9]*")
    words = ("pattern.awk", "required.awk", "state")
    assert awk(tmp_path, "-v", "required=wanted", *words) == [
        "  no package matches b>=1",
        "  no package matches {x,y}-[0-9]*",
    ]
    assert awk(tmp_path, "-v", "required=all", *words) == [
        "  b-1 depends on c>=2, which is not there",
        "  d-1 is not built yet",
    ]
    awk(tmp_path, "-v", "required=nowhere", *words, status=2)


def changed(folder: Path, listing: str, records: str = "", sums: str = "", younger: str = ""):
    """Give what changed.awk calls new, when a-1 and b-1 were seen before."""
    whole = "".join(f"PKGNAME={n}-1\nFILE_NAME={n}-1.tgz\n\n" for n in "ab")
    (folder / "records").write_text(records or whole)
    (folder / "sums").write_text(sums or "".join(f"SHA256 ({n}-1.tgz) = {SHA}\n" for n in "ab"))
    (folder / "index").write_text("a-1.tgz 1.5.Nov.27.10:00\nb-1.tgz 2.6.Nov.27.10:00\n")
    (folder / "younger").write_text(younger)
    words = ["known=records", "records", "known=sums", "sums", "known=index", "index", "known="]
    words += ["younger=1", "younger", "younger=", "-"]
    told = ("-v", "suffix=.tgz", "-v", f"index_to={folder}/new")
    return awk(folder, *told, "changed.awk", *words, stdin=listing)


A = LINE.format(inode=1, size=5, name="a-1.tgz")
B = LINE.format(inode=2, size=6, name="b-1.tgz")


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({}, []),
        ({"younger": "/x/All/./a-1.tgz\n"}, ["a-1.tgz"]),
        ({"sums": f"SHA256 (a-1.tgz) = {SHA}\nSHA256 (b-1.tgz) = {SHA[:9]}\n"}, ["b-1.tgz"]),
        (
            {"records": "PKGNAME=a-1\nFILE_NAME=a-1.tgz\n\nPKGNAME=b-1\nFILE_NAME=b-1.tgz\n"},
            ["b-1.tgz"],
        ),
    ],
)
def test_what_is_not_wholly_known_is_read_again(tmp_path: Path, what, said) -> None:
    """A younger file of the same minute and size; sums and records that were cut off."""
    assert changed(tmp_path, f"total 8\n{A}\n{B}\n", **what) == said


@pytest.mark.parametrize(
    "odd",
    [
        LINE.format(inode=9, size=9, name="a b-1.tgz"),
        LINE.format(inode=9, size=9, name="x 2 -rw-r--r-- 1 0 0 9 Nov 27 10:00 b-1.tgz"),
        LINE.format(inode=9, size=9, name="b-1.tgz -> /etc/passwd").replace("-rw", "lrw"),
        LINE.format(inode=9, size=9, name="b-1.tgz").replace("-rw", "drw"),
        LINE.format(inode=9, size="8, 1", name="b-1.tgz").replace("-rw", "brw"),
        "b-1.tgz",
    ],
)
def test_odd_names_pass_for_no_package(tmp_path: Path, odd: str) -> None:
    """A name with blanks, a link, a device: none changes what is known of another file."""
    assert changed(tmp_path, f"{A}\n{B}\n{odd}\n") == []
    assert sorted((tmp_path / "new").read_text().split())[-2:] == ["a-1.tgz", "b-1.tgz"]


def test_names_of_the_directory_stay_on_their_lines(tmp_path: Path) -> None:
    """What ls prints of a name with newlines that look like another file's line."""
    (tmp_path / "All").mkdir()
    (tmp_path / "All" / f"x\n{A}").touch()
    (tmp_path / "All" / "real-1.tgz").touch()
    listing = subprocess.run(
        ["ls", "-linqc", "--", f"{tmp_path}/All/"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    ).stdout
    assert changed(tmp_path, listing) == ["real-1.tgz"]
    assert "a-1.tgz" not in (tmp_path / "new").read_text()
