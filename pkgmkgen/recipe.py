"""How a tree's pbulk-index prints a record, read from its mk/pbulk/pbulk-index.mk.

The recipe is a row of `@echo "KEY="${VARIABLE:Q}`, each of them a shell of its own. Where it is
that and nothing else, the same lines come from one `make -V`; where it is not, there is no short
way and `read` says so. Pure: text in, data out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PATH = "mk/pbulk/pbulk-index.mk"
"""Where it stands in the tree."""

_VARIABLE = re.compile(r"^_PBULK_MULTI_VAR\.\w+=[ \t]*(\w+)", re.MULTILINE)
_ECHO = re.compile(r'\t@echo "([A-Z_]+=)"(\$\{.+\})')
_IF = re.compile(r"\.if (?:defined\((\w+)\)|!empty\((\w+[^()]*)\))")
_MULTI = (
    ".if defined(_PBULK_MULTI_NEEDED)",
    '\t@printf "MULTI_VERSION="',
    ".for _t in ${_PBULK_MULTI_NEEDED}",
    '\t@printf " %s=%s" ${_PBULK_MULTI_VAR.${_t}:Q} ${_PBULK_MULTI_VALUE_${_t}:Q}',
    ".endfor",
    '\t@printf "\\n"',
    ".endif",
)
_LOOP = (
    "for ${._t.} in ${_PBULK_SORTED_LIST.${._t.}}; do",
    "_PBULK_MULTI_VALUE_${._t.}=$$${._t.};",
    "export _PBULK_MULTI_VALUE_${._t.};",
    "${_PBULK_MULTI_VAR.${._t.}}=$$${._t.};",
    "export ${_PBULK_MULTI_VAR.${._t.}};@}",
    "${MAKE} pbulk-index-item",
    "${_PBULK_MULTI_NEEDED:@._t.@;done@}",
)
"""What the loop over multi-version values is made of; it must be these lines in this order."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a record: `KEY=`, the expression behind it, and the one that must not be empty.

    `plain` lines are not quoted for the shell in the recipe: only simple values can be trusted.
    """

    key: str
    value: str
    condition: str
    plain: bool


def read(text: str) -> tuple[Line, ...] | None:
    """Read the recipe of pbulk-index-item; None if it, or the loop around it, is not understood."""
    lines = [line.rstrip() for line in text.splitlines()]
    if "pbulk-index-item:" not in lines or not _known_loop(lines):
        return None
    start = lines.index("pbulk-index-item:") + 1
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    block = lines[start:end]
    multi = next((n for n in range(len(block)) if tuple(block[n : n + 7]) == _MULTI), None)
    if multi is None or "_PBULK_MULTI" in "".join(block[:multi] + block[multi + 7 :]):
        return None
    found = _lines(block[:multi])
    return found if found and multi + len(_MULTI) == len(block) else None


def multi_variables(text: str) -> tuple[str, ...]:
    """Return the variables that choose a version, "PYTHON_VERSION_REQD"."""
    return tuple(_VARIABLE.findall(text))


def _known_loop(lines: list[str]) -> bool:
    if "pbulk-index:" not in lines:
        return False
    start = lines.index("pbulk-index:") + 1
    words = " ".join(line.rstrip("\\") for line in lines[start : start + len(_LOOP) + 1]).split()
    return words == " ".join(("@set -e; ${_PBULK_MULTI_NEEDED:@._t.@", *_LOOP)).split()


def _lines(block: list[str]) -> tuple[Line, ...] | None:
    found: list[Line] = []
    condition = ""
    for line in block:
        if match := _IF.fullmatch(line):
            if condition:
                return None
            condition = f"${{{match[1]}:Dyes}}" if match[1] else f"${{{match[2]}}}"
        elif line == ".endif" and condition:
            condition = ""
        elif (match := _ECHO.fullmatch(line)) and _is_one(match[2]):
            value = match[2]
            plain = not value.endswith(":Q}")
            found.append(Line(match[1], value if plain else value[:-3] + "}", condition, plain))
        else:
            return None
    return tuple(found)


def _is_one(expression: str) -> bool:
    """Tell whether the text is one `${...}` from its first character to its last."""
    depth = 0
    for place, char in enumerate(expression):
        depth += (char == "{") - (char == "}")
        if not depth and char == "}":
            return place == len(expression) - 1
    return False
