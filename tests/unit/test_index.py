"""Reading and printing pscan and presolve text, good and bad."""

from __future__ import annotations

import indexes
import pytest

from pkgmkgen.errors import IndexSyntaxError
from pkgmkgen.index import reader as index
from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem

REAL = """\
PKGNAME=vim-9.1nb2
PKG_LOCATION=editors/vim
ALL_DEPENDS=  gettext>=0.22:../../devel/gettext\tcwrappers>=2015:../../pkgtools/cwrappers
PKG_SKIP_REASON=
PKG_FAIL_REASON="needs (more) $money"
NO_BIN_ON_FTP=no
RESTRICTED=it's mine
CATEGORIES=editors  x11
MAINTAINER=you@example.org
USE_DESTDIR=user-destdir
BOOTSTRAP_PKG=yes
USERGROUP_PHASE=pre-install
SCAN_DEPENDS=../../mk/bsd.pkg.mk Makefile
MAKE_JOBS_SAFE=no
PBULK_WEIGHT=1000
MULTI_VERSION= PYTHON_VERSION_REQD=313 PKG_APACHE=apache24
"""

VIM = ScanItem(
    pkgname=PkgName("vim-9.1nb2"),
    pkg_location=PkgPath("editors/vim"),
    all_depends=(
        Depend("gettext>=0.22", PkgPath("devel/gettext")),
        Depend("cwrappers>=2015", PkgPath("pkgtools/cwrappers")),
    ),
    pkg_fail_reason='"needs (more) $money"',
    no_bin_on_ftp="no",
    restricted="it's mine",
    categories=("editors", "x11"),
    maintainer="you@example.org",
    use_destdir="user-destdir",
    bootstrap_pkg=True,
    usergroup_phase="pre-install",
    make_jobs_safe=False,
    pbulk_weight=1000,
    multi_version=("PYTHON_VERSION_REQD=313", "PKG_APACHE=apache24"),
)


def record(pkgname: str, *lines: str) -> str:
    """Return a small whole record: these lines, and the usual ones where they are missing."""
    keys = {line.partition("=")[0] for line in lines}
    usual = [
        line for line in ("PKG_LOCATION=x/a", "ALL_DEPENDS=") if line.partition("=")[0] not in keys
    ]
    return "\n".join((f"PKGNAME={pkgname}", *usual, *lines)) + "\n"


def read(text: str | bytes) -> index.Index:
    """Read a text as the file `f`."""
    return index.read([text if isinstance(text, bytes) else text.encode()], "f")


def names(found: index.Index) -> list[str]:
    """Return the PKGNAMEs that were kept."""
    return [item.pkgname for item in found.items]


def test_every_key() -> None:
    """Each variable of pbulk-index arrives where it belongs."""
    found = read(REAL)
    assert found.items == (VIM,)
    assert found.faults == ()


def test_defaults() -> None:
    """Optional keys are really optional."""
    (item,) = read(record("a-1")).items
    assert item == ScanItem(PkgName("a-1"), PkgPath("x/a"))
    assert (item.pbulk_weight, item.make_jobs_safe, item.depends) == (100, True, None)


def test_order_of_keys_means_nothing() -> None:
    """All but PKGNAME may stand anywhere."""
    first, *rest = REAL.splitlines(keepends=True)
    assert read(first + "".join(reversed(rest))).items == (VIM,)


def test_unknown_keys_and_blank_lines_are_passed_over() -> None:
    """Newer scanners print more; people leave blank lines."""
    text = REAL.replace("RESTRICTED", "NEW_KEY=x=y\n\nRESTRICTED")
    assert read(text + "\n\n" + record("a-1")).items[0] == VIM


def test_presolve_depends_are_kept() -> None:
    """A record with DEPENDS has been resolved, also if the line is empty."""
    items = read(record("a-1", "DEPENDS=b-1 c-2") + record("b-1", "DEPENDS=")).items
    assert [item.depends for item in items] == [("b-1", "c-2"), ()]


def test_crlf_is_accepted() -> None:
    """A scan that went through the wrong kind of copy."""
    assert read(REAL.replace("\n", "\r\n")).items == (VIM,)


@pytest.mark.parametrize("size", [1, 7, 64, 1 << 20])
def test_blocks_may_be_cut_anywhere(size: int) -> None:
    """What a pipe delivers has no regard for lines."""
    data = (REAL + record("a-1") + record("b-1")).encode()
    blocks = [data[at : at + size] for at in range(0, len(data), size)]
    found = index.read(blocks, "f")
    assert names(found) == ["vim-9.1nb2", "a-1", "b-1"]
    assert found.lines == (1, 17, 20)
    assert b"".join(index.record_chunks(blocks)) == data


def test_places_are_told() -> None:
    """Lines count from 1, ordinals count also what was set aside."""
    found = read("\n" + record("a-1") + record("$x-1") + "\n" + record("b-1"))
    assert [found.where(place) for place in (0, 1)] == ["f:2", "f:9"]
    assert found.ordinals == (0, 2)
    assert [fault.where for fault in found.faults] == ["f:5"]


@pytest.mark.parametrize(
    "bad",
    [
        record("$(touch x)-1"),
        record("`x`-1"),
        record("../a-1"),
        record("-rf-1"),
        record("a b-1"),
        record(" a-1"),
        record("a"),
        "PKGNAME=\n" + record("")[9:],
        "PKGNAME=bad-1\nPKG_LOCATION=../..\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=/etc/x\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=-x/a\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=x/$(a)\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=x/a b\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=x/a/b\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nALL_DEPENDS=\n",
        "PKGNAME=bad-1\nPKG_LOCATION=x/a\n",
        "PKGNAME=bad-1\n",
    ],
)
def test_a_bad_record_is_set_aside_and_listed(bad: str) -> None:
    """Its place, what is wrong and what to do; the records around it are read."""
    found = read(record("a-1") + bad + record("b-1"))
    assert names(found) == ["a-1", "b-1"]
    (fault,) = found.faults
    assert fault.where == "f:4"
    assert fault.what.startswith("record set aside: ")
    assert fault.fix


@pytest.mark.parametrize(
    "line",
    [
        "ALL_DEPENDS=b>=1",
        "ALL_DEPENDS=b>=1:../../x/b b>=1:../../../x",
        "ALL_DEPENDS=b>=1:../../x/$(b)",
        "MULTI_VERSION= X=`x`",
        "MULTI_VERSION= -f",
        "CATEGORIES=$(x)",
        "USERGROUP_PHASE='x'",
        "USE_DESTDIR=$x",
        "DEPENDS=b-1 $(x)-1",
    ],
)
def test_a_good_name_with_a_bad_rest_stays_a_candidate(line: str) -> None:
    """Others may mean this package, so it is kept, marked, and listed; the bad word is gone."""
    found = read(record("a-1", line) + record("b-1"))
    assert names(found) == ["a-1", "b-1"]
    assert found.items[0].error
    assert not found.items[1].error
    assert "$" not in repr((found.items[0].all_depends, found.items[0].multi_version))
    (fault,) = found.faults
    assert (fault.where, fault.pkgname) == ("f:1", "a-1")


def test_a_bad_weight_is_no_reason_not_to_build() -> None:
    """It is only a hint."""
    found = read(record("a-1", "PBULK_WEIGHT=1e9"))
    assert (found.items[0].pbulk_weight, found.items[0].error) == (100, "")
    assert "PBULK_WEIGHT" in found.faults[0].what


def test_of_repeated_keys_the_first_counts() -> None:
    """As in pbulk; it is said, and so is a line without a key."""
    found = read(record("a-1", "RESTRICTED=1", "nonsense", "RESTRICTED=2"))
    assert found.items[0].restricted == "1"
    assert [fault.what for fault in found.faults] == [
        "line 'nonsense' is no KEY=value and is passed over",
        "and 1 more such lines",
    ]


def test_duplicates_stay_in() -> None:
    """Which one counts is for resolve to say."""
    assert names(read(record("a-1") + record("a-1"))) == ["a-1", "a-1"]


def test_a_cut_off_file_loses_its_last_record() -> None:
    """Half a line of ALL_DEPENDS would be a package without half of its dependencies."""
    found = read((record("a-1") + record("b-1", "ALL_DEPENDS=c>=1:../../x/c"))[:-5])
    assert names(found) == ["a-1"]
    (fault,) = found.faults
    assert (fault.where, fault.pkgname) == ("f:4", "b-1")
    assert "middle of a line" in fault.what


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"\x7fELF\0\0\1", b"hello\n", b"PKGNAM", b"XPKGNAME=a-1\n", b"\xff" * 5000],
)
def test_what_is_no_index_is_refused(data: bytes) -> None:
    """One clear error with the file's name."""
    with pytest.raises(IndexSyntaxError, match="no PKGNAME= line") as caught:
        read(data)
    assert caught.value.where == "f:1"


def test_text_before_the_first_record_is_listed() -> None:
    """Something else's output got into the file."""
    found = read("make: warning\n" + record("a-1"))
    assert names(found) == ["a-1"]
    assert (found.faults[0].where, found.lines) == ("f:1", (2,))


def test_invisible_characters_do_not_get_in() -> None:
    """Free text may say anything but not command a terminal, nor break a line or an encoding."""
    data = record("a-1", "PKG_FAIL_REASON=\x1b[31m\rred").encode()
    (item,) = read(data.replace(b"red", b"r\xff\0d")).items
    assert item.pkg_fail_reason == "?[31m?r??d"


def test_a_record_of_ten_megabytes() -> None:
    """In any key; time and memory stay in proportion."""
    big = 10 << 20
    found = read(
        record("a-1", "SCAN_DEPENDS=" + "x" * big)
        + record("b-1", "PKG_SKIP_REASON=" + "y" * big)
        + record("c-1", "ALL_DEPENDS=" + "d>=1:../../x/d " * (big // 15))
        + record("d-" + "1" * big)
        + record("e-1")
    )
    assert names(found) == ["a-1", "b-1", "c-1", "e-1"]
    assert len(found.items[2].all_depends) == big // 15
    assert max(len(fault.what + fault.pkgname) for fault in found.faults) < 500


def test_faults_are_limited() -> None:
    """A million bad records are not a million messages."""
    found = read("PKGNAME=$\n" * (index.MAX_FAULTS + 5))
    assert len(found.faults) == index.MAX_FAULTS + 1
    assert found.faults[-1].what == "5 more faults are not listed"


def test_equal_dependencies_are_one_object() -> None:
    """Memory: a tree has 290,000 entries and 27,000 different ones."""
    line = "ALL_DEPENDS=b>=1:../../x/b"
    first, second = read(record("a-1", line) + record("b-1", line)).items
    assert first.all_depends[0] is second.all_depends[0]


def test_dump_is_pbulk_text() -> None:
    """In pbulk's order of keys, optional ones only where they say something."""
    lines = indexes.dump([VIM]).splitlines()
    want = [line for line in REAL.splitlines() if not line.startswith("SCAN_DEPENDS")]
    assert [" ".join(line.split()) for line in lines if line != "SCAN_DEPENDS="] == [
        " ".join(line.replace("=  ", "=").split()) for line in want
    ]


def test_a_fault_names_the_directory_if_that_is_known() -> None:
    """So that those of directories outside of a list can be left out."""
    rest = "PKG_LOCATION=x/a\nALL_DEPENDS=\n"
    text = f"PKGNAME=$x-1\n{rest}PKGNAME=a-1\n{rest}PBULK_WEIGHT=x\nPKGNAME=b-1\nALL_DEPENDS=\n"
    found = index.read([text.encode()], "f").faults
    assert [one.pkgpath for one in found] == ["x/a", "x/a", ""]
