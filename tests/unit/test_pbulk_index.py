"""The recipe of pbulk-index: read where it is understood to the last line, else refused."""

from __future__ import annotations

import pytest
from pbulktree import INDEX, INDEX_2026

from pkgmkgen.scan.pbulk_index import MULTI, RecordLine, UnknownRecipeError, multi_variables, parse


def test_lines_and_conditions_are_read() -> None:
    """A quoted value, an unquoted one, one that is not always there."""
    lines = parse(INDEX)
    assert lines[-1] == MULTI
    assert lines[0] == RecordLine("PKGNAME=", "${PKGNAME}", "", plain=False)
    assert lines[3] == RecordLine("BOOTSTRAP_PKG=", "${BOOTSTRAP_PKG}", "", plain=True)
    job = RecordLine(
        "MAKE_JOBS_SAFE=", "${MAKE_JOBS_SAFE}", "${MAKE_JOBS_SAFE:M[nN][oO]}", plain=False
    )
    assert lines[5] == job
    assert multi_variables(INDEX) == ("PYTHON_VERSION_REQD", "RUBY_VERSION_REQD")


def test_modifiers_stay() -> None:
    """Newer trees sort and filter SCAN_DEPENDS."""
    text = INDEX.replace("${.MAKE.MAKEFILES:Q}", "${_SCAN:O:u:Q}")
    lines = parse(text)
    assert lines[4].value == "${_SCAN:O:u}"
    lines = parse(INDEX.replace("!empty(MAKE_JOBS_SAFE:M[nN][oO])", "defined(JOBS)"))
    assert lines[5].condition == "${JOBS:Dyes}"


def test_one_shell_for_all_lines() -> None:
    """The recipe since 2026: its conditions are those of sh, for which a blank is something."""
    lines = parse(INDEX_2026)
    assert [line.key for line in lines[-4:-1]] == [
        "SCAN_DEPENDS=",
        "MAKE_JOBS_SAFE=",
        "PBULK_WEIGHT=",
    ]
    assert lines[:4] == parse(INDEX)[:4]
    weight = RecordLine(
        "PBULK_WEIGHT=", "${PBULK_WEIGHT}", "${PBULK_WEIGHT}", plain=False, blank=True
    )
    assert lines[-2:] == (weight, MULTI)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (".if defined(_PBULK_MULTI_NEEDED)\n\t${RUN}", "\t${RUN}"),
        ("[ -z ${PBULK_WEIGHT:Q} ] ||", "[ -z ${PBULK_WEIGHT:Q} ] &&"),
        ("[ -z ${PBULK_WEIGHT:Q} ] ||", "[ ${PBULK_WEIGHT:Q} = 1 ] ||"),
        ('echo "PKGNAME="${PKGNAME:Q};', 'echo "PKGNAME="${PKGNAME:Q} | tr a b;'),
        ('echo "PKGNAME="${PKGNAME:Q};', 'echo "PKGNAME="${PKGNAME:Q}; sleep 1;'),
        ("${RUN} { ", "${OTHER} { "),
        ('printf " %s=%s" ${_PBULK_MULTI_VAR.${_t}:Q}', 'printf " %s=%s" ${_VAR.${_t}:Q}'),
        (":@_t@", ":@_u@"),
    ],
)
def test_of_the_new_recipe_nothing_is_guessed(old: str, new: str) -> None:
    """The error names what is not understood."""
    assert old in INDEX_2026
    with pytest.raises(UnknownRecipeError, match="pbulk-index"):
        parse(INDEX_2026.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (' printf "\\n"\n', " echo\n"),
        ("\t@set -e; ", "\t${RUN} "),
        ("._t.", "_v_"),
        ("\t\techo", "    echo"),
        ("pbulk-index-item:\n", "pbulk-index-item:\n# all of it\n\n"),
    ],
)
def test_small_differences_are_none(old: str, new: str) -> None:
    """Names of loop variables, blanks, comments."""
    text = INDEX_2026.replace(old, new)
    assert text != INDEX_2026 or old.startswith(" printf")
    assert parse(text) == parse(INDEX_2026)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pbulk-index-item:", "pbulk-index-things:"),
        ('\t@echo "PKGNAME="${PKGNAME:Q}', '\t@echo "PKGNAME="${PKGNAME:Q} | tr a b'),
        ('\t@echo "PKGNAME="${PKGNAME:Q}', '\t@echo "PKGNAME="${A:Q}${B:Q}'),
        ('\t@echo "PKGNAME="', '\t@printf "PKGNAME="'),
        ("!empty(MAKE_JOBS_SAFE:M[nN][oO])", "${MAKE_JOBS_SAFE} == no"),
        ('\t@printf "\\n"\n.endif\n', '\t@printf "\\n"\n.endif\n\t@echo "MORE="$x\n'),
        ('" %s=%s"', '"%s=%s"'),
        ("@set -e; ", "@"),
        ("${MAKE} pbulk-index-item", "${MAKE} -k pbulk-index-item"),
        ("\t@echo ", "    @echo "),
    ],
)
def test_what_is_not_understood_is_refused(old: str, new: str) -> None:
    """Whatever is changed, nothing is guessed."""
    assert old in INDEX
    with pytest.raises(UnknownRecipeError):
        parse(INDEX.replace(old, new))


def test_rubbish_is_refused() -> None:
    """No traceback either."""
    for text in ("", "\n\n", "pbulk-index-item:", "pbulk-index:\npbulk-index-item:\n\t@echo"):
        with pytest.raises(UnknownRecipeError):
            parse(text)
