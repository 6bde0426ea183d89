"""Question and answer of the short way: anything that is not exactly expected is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pbulktree import INDEX

from pkgmkgen.model import PkgPath
from pkgmkgen.scan import pbulk_index, query
from pkgmkgen.scan.shared_values import Value

RECIPE = pbulk_index.parse(INDEX)
PATH = PkgPath("x/a")
LINES = {
    "PKGNAME=": "a-1",
    "ALL_DEPENDS=": " b>=1:../../x/b  c",
    "PKG_SKIP_REASON=": '"it\'s" $so `it` is',
    "BOOTSTRAP_PKG=": "yes",
    "SCAN_DEPENDS=": "Makefile ../../mk/pbulk/pbulk-index.mk",
    "MAKE_JOBS_SAFE=": "no",
    "if=": "no",
}


def answer(**changed: str) -> bytes:
    """Write what make prints, with some values changed."""
    words = query.words(RECIPE)
    names = [word.partition("=")[0] + "=" for word in words[2::2]]
    values = {**LINES, "files=": LINES["SCAN_DEPENDS="]}
    values.update((f"{name.replace('__', ' ')}=", text) for name, text in changed.items())
    default = {name: "|" for name in names if name.startswith("fact ")}
    return "".join(f"{n}{values.get(n, default.get(n, ''))}\n" for n in names).encode()


def test_a_record_is_what_echo_prints() -> None:
    """In the recipe's order, blanks kept, the conditional line where it applies."""
    found = query.parse(RECIPE, PATH, answer())
    assert found
    want = "".join(f"{key}{text}\n" for key, text in LINES.items() if key != "if=")
    assert found.record.decode() == want
    assert found.settings == ()
    without = query.parse(RECIPE, PATH, answer(**{"if": " "}))
    assert without
    assert without.record.decode() == want.replace("MAKE_JOBS_SAFE=no\n", "")


def test_choices_are_the_product_in_the_order_of_the_loops() -> None:
    """The last class changes fastest."""
    text = "A_REQD|_V_a|1,2 B_REQD|_V_b|8,9"
    found = query.parse(RECIPE, PATH, answer(choices=text, multi="A_REQD= B_REQD="))
    assert found
    pairs = [tuple(value for name, value in one if name.startswith("_")) for one in found.settings]
    assert pairs == [("1", "8"), ("1", "9"), ("2", "8"), ("2", "9")]
    assert dict(found.settings[0]) == {"_V_a": "1", "A_REQD": "1", "_V_b": "8", "B_REQD": "8"}
    item = query.parse(RECIPE, PATH, answer(choices=text, multi="A_REQD=2 B_REQD=8"))
    assert item
    assert item.record.endswith(b"MULTI_VERSION= A_REQD=2 B_REQD=8\n")


def test_values_carry_what_they_depend_on() -> None:
    """Directories searched, the text of the question; a value with a backslash is not shared."""
    text = "H_Z|/usr/include/z.h|z.h H_Q|a\\ b|q.h"
    changed = {"libraries": "BUILTIN_LIB_FOUND.z|yes", "headers": text, "dirs": "/lib"}
    found = query.parse(RECIPE, PATH, answer(**changed, fact___GCC_VERSION="12|/usr/bin/gcc"))
    assert found
    assert found.values == {
        "_GCC_VERSION": Value("12", "/usr/bin/gcc"),
        "BUILTIN_LIB_FOUND.z": Value("yes", "|/lib"),
        "H_Z": Value("/usr/include/z.h", "z.h|/lib"),
    }


def test_options_name_the_directory_asked() -> None:
    """Relative to the asking one."""
    found = query.parse(RECIPE, PATH, answer(options="PKG_BUILD_OPTIONS.q|../../y/q"))
    assert found
    assert found.options == {"PKG_BUILD_OPTIONS.q": "y/q"}


@pytest.mark.parametrize(
    "changed",
    [
        {"PKGNAME": "a\nb"},
        {"choices": "A|V|"},
        {"choices": "A|V|1,$(x)"},
        {"multi": "A=`x`"},
    ],
)
def test_what_could_come_out_otherwise_is_refused(changed: dict[str, str]) -> None:
    """Then the directory is asked the long way."""
    assert query.parse(RECIPE, PATH, answer(**changed)) is None


@pytest.mark.parametrize(
    "changed", [{"PKGNAME": "a\\tb"}, {"PKGNAME": "a\rb"}, {"BOOTSTRAP_PKG": "a  *"}, {}]
)
def test_what_echo_may_change_is_not_certain(changed: dict[str, str]) -> None:
    """Then the recipe itself has to print the record."""
    found = query.parse(RECIPE, PATH, answer(**changed))
    assert found
    assert found.certain == (not changed)


@given(st.binary(max_size=300), st.integers(0, 3000))
def test_damaged_answers_are_refused_or_equal(noise: bytes, at: int) -> None:
    """A cut or a line too many is never taken for a record."""
    whole = answer()
    assert query.parse(RECIPE, PATH, whole[:at]) is None or at >= len(whole)
    assert query.parse(RECIPE, PATH, whole + noise) is None or not noise
