"""The recipe of pbulk-index: read where it is understood to the last line, else refused."""

from __future__ import annotations

import pytest
from pbulktree import INDEX

from pkgmkgen.recipe import Line, multi_variables, read


def test_lines_and_conditions_are_read() -> None:
    """A quoted value, an unquoted one, one that is not always there."""
    lines = read(INDEX)
    assert lines
    assert lines[0] == Line("PKGNAME=", "${PKGNAME}", "", plain=False)
    assert lines[3] == Line("BOOTSTRAP_PKG=", "${BOOTSTRAP_PKG}", "", plain=True)
    job = Line("MAKE_JOBS_SAFE=", "${MAKE_JOBS_SAFE}", "${MAKE_JOBS_SAFE:M[nN][oO]}", plain=False)
    assert lines[5] == job
    assert multi_variables(INDEX) == ("PYTHON_VERSION_REQD", "RUBY_VERSION_REQD")


def test_modifiers_stay() -> None:
    """Newer trees sort and filter SCAN_DEPENDS."""
    text = INDEX.replace("${.MAKE.MAKEFILES:Q}", "${_SCAN:O:u:Q}")
    lines = read(text)
    assert lines
    assert lines[4].value == "${_SCAN:O:u}"
    lines = read(INDEX.replace("!empty(MAKE_JOBS_SAFE:M[nN][oO])", "defined(JOBS)"))
    assert lines
    assert lines[5].condition == "${JOBS:Dyes}"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pbulk-index-item:", "pbulk-index-things:"),
        ('\t@echo "PKGNAME="${PKGNAME:Q}', '\t@echo "PKGNAME="${PKGNAME:Q} | tr a b'),
        ('\t@echo "PKGNAME="${PKGNAME:Q}', '\t@echo "PKGNAME="${A:Q}${B:Q}'),
        ('\t@echo "PKGNAME="', '\t@printf "PKGNAME="'),
        ("!empty(MAKE_JOBS_SAFE:M[nN][oO])", "${MAKE_JOBS_SAFE} == no"),
        ('\t@printf "\\n"\n.endif\n', '\t@printf "\\n"\n.endif\n\t@echo "MORE="${MORE:Q}\n'),
        ('" %s=%s"', '"%s=%s"'),
        ("@set -e; ", "@"),
        ("${MAKE} pbulk-index-item", "${MAKE} -k pbulk-index-item"),
        ("\t@echo ", "    @echo "),
    ],
)
def test_what_is_not_understood_is_refused(old: str, new: str) -> None:
    """Whatever is changed, nothing is guessed."""
    assert old in INDEX
    assert read(INDEX.replace(old, new)) is None


def test_rubbish_is_refused() -> None:
    """No traceback either."""
    for text in ("", "\n\n", "pbulk-index-item:", "pbulk-index:\npbulk-index-item:\n\t@echo"):
        assert read(text) is None
