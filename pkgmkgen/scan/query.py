"""One `make -V` query for a record and for the inputs of its values.

Pure: `words` returns the arguments for make, `parse` reads its output. `parse` returns None if
the output is not exactly as expected. The caller then uses the slow scan.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from dataclasses import dataclass

from pkgmkgen.model import PkgPath
from pkgmkgen.names import split_words
from pkgmkgen.scan.pbulk_index import MULTI, RecordLine
from pkgmkgen.scan.shared_values import TABLE, Settings, Value

NESTED = "@pkgmkgen: a make within make@"
MARK = f"echo '{NESTED}' >&9; :"
"""Replaces the name of make: a nested make runs nothing and prints a mark."""

VALUE = "_PBULK_MULTI_VALUE_"
"""Prefix of the variables by which pbulk-index passes its choices to nested makes."""

_PREFIX = "PKG_BUILD_OPTIONS."
_DIRS = "${COMPILER_LIB_DIRS} ${COMPILER_INCLUDE_DIRS} ${BUILTIN_INCLUDE_DIRS}"
_FOUND = "${MAKEVARS:O:u:MH_*:@_v_@${BUILTIN_FIND_HEADERS.${_v_}:D${_v_}}@:@_w_@"
_EXTRA = {
    "choices": "${_PBULK_MULTI_NEEDED:@_t_@${_PBULK_MULTI_VAR.${_t_}}|" + VALUE + "${_t_}|"
    "${_PBULK_SORTED_LIST.${_t_}:ts,}@}",
    "multi": "${_PBULK_MULTI_NEEDED:@_t_@${_PBULK_MULTI_VAR.${_t_}}=${_PBULK_MULTI_VALUE_${_t_}}@}",
    "options": f"${{MAKEVARS:M{_PREFIX}*:O:u:@_v_@"
    f"${{_v_}}|${{BUILDLINK_PKGSRCDIR.${{_v_:S/^{_PREFIX}//}}}}@}}",
    "libraries": "${MAKEVARS:MBUILTIN_LIB_FOUND.*:O:u:@_v_@${_v_}|${${_v_}:Q}@}",
    "headers": _FOUND
    + "${_w_}|${${_w_}:Q}|${BUILTIN_FIND_HEADERS.${_w_}:Q}${BUILTIN_FIND_GREP.${_w_}:Q}@}",
    "dirs": _DIRS,
    "own": "${PKG_OPTIONS}",
    "pkg_info": "${PKG_INFO}",
    "files": "${.MAKE.MAKEFILES}",
    **{f"fact {name}": f"${{{name}:U}}|{depends}" for name, depends in TABLE.items()},
}
_CHOICE = re.compile(r"(\w+)\|(\w+)\|([\w.,-]+)")
_SIMPLE = re.compile(r"[\w./+-]*")
_SETTING = re.compile(r"[\w.+-]+=[\w.+-]+")
_WORDS = re.compile(r"(?<!\\) +")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The answer of one make.

    `settings` are the combinations of multi-version variables for which this directory has
    records, empty if `record` is the only one. `options` are the packages whose options were
    queried, by variable. `own` are the options of this package, `pkg_info` is the command that
    queries installed packages. If the record is not `certain`, echo may change it: some versions
    of echo interpret backslashes.
    """

    record: bytes
    certain: bool
    settings: tuple[Settings, ...]
    options: dict[str, PkgPath]
    values: dict[str, Value]
    own: str
    pkg_info: str
    files: frozenset[str]


def words(recipe: tuple[RecordLine, ...]) -> tuple[str, ...]:
    """Return the arguments for make that query a record of this recipe, and its inputs."""
    queries = [f"{line.key}{line.value}" for line in recipe if line is not MULTI]
    queries += [f"if={line.condition}" for line in recipe if line.condition]
    queries += [f"{name}={expression}" for name, expression in _EXTRA.items()]
    return (".MAKEFLAGS=", *(word for query in queries for word in ("-V", query)))


def parse(recipe: tuple[RecordLine, ...], pkgpath: PkgPath, out: bytes) -> QueryResult | None:
    """Parse the answer to `words`; None if it is not as expected or not reliable."""
    lines = out.decode("utf-8", "surrogateescape").split("\n")
    values = sum(line is not MULTI for line in recipe)
    conditions = sum(bool(line.condition) for line in recipe)
    if len(lines) != values + conditions + len(_EXTRA) + 1 or lines[-1]:
        return None
    record, ifs = lines[:values], lines[values : values + conditions]
    extra: dict[str, str] = {}
    for name, line in zip(_EXTRA, lines[values + conditions : -1], strict=True):
        if not line.startswith(f"{name}="):
            return None
        extra[name] = line[len(name) + 1 :]
    kept = _record(recipe, record, [line.removeprefix("if=") for line in ifs], extra["multi"])
    settings = _settings(extra["choices"])
    if kept is None or settings is None:
        return None
    text, certain = kept
    return QueryResult(
        record=text.encode("utf-8", "surrogateescape"),
        certain=certain,
        settings=settings,
        options=_options(extra["options"], pkgpath),
        values=_values(extra),
        own=extra["own"],
        pkg_info=extra["pkg_info"],
        files=frozenset(split_words(extra["files"])),
    )


def _record(
    recipe: tuple[RecordLine, ...], lines: list[str], ifs: list[str], multi: str
) -> tuple[str, bool] | None:
    """Return the record as it is passed to echo, and whether every echo prints it unchanged.

    None if it is not a record: a newline in a value shifts the lines.
    """
    text, certain = "", True
    conditions, values = iter(ifs), iter(lines)
    versions = _versions(multi)
    if versions is None:
        return None
    for line in recipe:
        if line is MULTI:
            text += versions
            continue
        said = next(values)
        value = said.removeprefix(line.key)
        if len(value) == len(said):
            return None
        if "\\" in value or "\r" in value or (line.plain and not _SIMPLE.fullmatch(value)):
            certain = False
        condition = next(conditions) if line.condition else "yes"
        if condition if line.blank else condition.strip(" \t"):
            text += said + "\n"
    return text, certain


def _versions(multi: str) -> str | None:
    words = split_words(multi)
    if not all(_SETTING.fullmatch(word) for word in words):
        # Outside pbulk-index-item the values are empty: there are no records here yet.
        return "" if all(word.endswith("=") for word in words) else None
    return f"MULTI_VERSION= {' '.join(words)}\n" if words else ""


def _settings(text: str) -> tuple[Settings, ...] | None:
    """Return the product of all choices in the order of pbulk-index's nested loops."""
    classes: list[list[Settings]] = []
    for word in split_words(text):
        match = _CHOICE.fullmatch(word)
        if not match:
            return None
        values = [value for value in match[3].split(",") if value]
        classes.append([((match[2], value), (match[1], value)) for value in values])
    if not classes:
        return ()
    return tuple(
        tuple(itertools.chain(*combination)) for combination in itertools.product(*classes)
    )


def _options(text: str, pkgpath: PkgPath) -> dict[str, PkgPath]:
    options: dict[str, PkgPath] = {}
    for word in split_words(text):
        name, _, directory = word.partition("|")
        options[name] = PkgPath(posixpath.normpath(posixpath.join(pkgpath, directory)))
    return options


def _values(extra: dict[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name in TABLE:
        text, _, depends = extra[f"fact {name}"].partition("|")
        if text and "|" not in depends:
            values[name] = Value(text, depends)
    for word in _WORDS.split(extra["libraries"] + " " + extra["headers"]):
        name, _, rest = word.partition("|")
        text, _, depends = rest.partition("|")
        if text and "\\" not in text:
            values[name] = Value(text, f"{depends}|{extra['dirs']}")
    return values
