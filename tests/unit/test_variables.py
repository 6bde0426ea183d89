"""Variables of shell functions: sh has no local ones, so names keep functions apart."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bulk import TOP

SCRIPTS = TOP / "sandbox-scripts"
FILES = sorted(SCRIPTS.rglob("*.sh"))
_FUNCTION = re.compile(
    r"^([a-z_]\w*)\(\) \{(?:([^\n]*)\}$|([^\n]*\n.*?)^\})", re.MULTILINE | re.DOTALL
)
_NAME = r"[a-z_]\w*"
_SET = re.compile(
    r"(?:^|[;&|({!]|\b(?:do|then|else|if|elif|while|until)\b)[ \t]*"
    rf"((?:{_NAME}=\S*[ \t]+)*{_NAME}=)"
    r"|\bfor ([a-z_]\w*)|\bread -r((?: [a-z_]\w*)+)|\$\{([a-z_]\w*):=",
    re.MULTILINE,
)
_SHARED = re.compile(r"^\| ((?:`\w+`(?:, )?)+) \|", re.MULTILINE)


def _code(text: str) -> str:
    """Return code without comments, text in quotes and the programs of awk and sh in quotes."""
    text = re.sub(r"(^|\s)#.*", "", text)
    text = re.sub(r"'[^']*'", "''", text)
    return re.sub(r'"(?:[^"\\$`]|\\.|\$\w|\$\{[^}":]*\})*"', '""', text)


def _shared() -> set[str]:
    """Return the names in the README's table of variables that functions share."""
    text = (SCRIPTS / "README.md").read_text()
    return {name for row in _SHARED.findall(text) for name in re.findall(r"\w+", row)}


def _own(name: str, variable: str, path: Path) -> bool:
    """Tell whether a variable begins with a word of its function's or file's name."""
    words = {*name.split("_"), *re.split(r"[-_.]", path.stem.lower()), path.parent.name} - {""}
    return any(f"{variable}_".startswith((f"{word}_", f"{word[:-1]}_")) for word in words)


def _set(code: str) -> set[str]:
    """Return the names that code gives a value."""
    names: set[str] = set()
    for assigned, looped, read, default in _SET.findall(code):
        names.update(re.findall(rf"(?:^|\s)({_NAME})=", assigned))
        names.update((looped, *read.split(), default))
    return names - {"", "_"}


def strangers(path: Path) -> set[str]:
    """Return `FUNCTION: VARIABLE` for each variable that a function sets under a foreign name."""
    text = path.read_text()
    allowed = _shared()
    if text.startswith("#!"):
        allowed |= _set(_code(_FUNCTION.sub("", text)))
    return {
        f"{function}: {name}"
        for function, line, lines in _FUNCTION.findall(text)
        for name in _set(_code(line or lines)) - allowed
        if not _own(function.strip("_"), name.strip("_"), path)
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SCRIPTS)))
def test_a_function_sets_variables_of_its_own(path: Path) -> None:
    """Prefixed, shared as the README says, or, in a script that is run, one of the script's."""
    assert not strangers(path)


def test_a_foreign_name_is_seen(tmp_path: Path) -> None:
    """In each way in which sh sets a variable."""
    path = tmp_path / "file.sh"
    path.write_text(
        "walk() {\n    walk_dir=1\n    one=1\n    [ x ] && two=2\n    for three in 1; do :; done\n"
        '    read -r four walk_x\n    : "${five:=1}"\n    echo \'six=%s\' "seven=8" # eight=8\n}\n'
        "short() { nine=1; }\n"
    )
    names = {text.partition(": ")[2] for text in strangers(path)}
    assert names == {"one", "two", "three", "four", "five", "nine"}
