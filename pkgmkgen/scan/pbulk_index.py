"""Parse mk/pbulk/pbulk-index.mk: how pbulk-index of a tree prints a record.

Until 2023 the recipe was a list of `@echo "KEY="${VARIABLE:Q}`, each in its own shell; since then
one shell echoes all lines. For a recipe of either kind, one `make -V` gives the same lines. For
any other recipe, UnknownRecipeError says which part is unknown. Pure: text in, data out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

PATH = "mk/pbulk/pbulk-index.mk"
"""Its path in the tree."""

_VARIABLE = re.compile(r"^_PBULK_MULTI_VAR\.\w+=[ \t]*(\w+)", re.MULTILINE)
_ECHO = re.compile(r'echo "([A-Z_]+=)"(\$\{.+\})')
_TEST = re.compile(r"(?:\[ -z (\$\{.+?:Q\}) \]|test -z (\$\{.+?:Q\})) \|\| (.+)")
_IF = re.compile(r"\.[ \t]*if (?:defined\((\w+)\)|!empty\((\w+[^()]*)\))")
_LOOPING = re.compile(r"\t(?:\$\{RUN\}|@)[ \t]*set -e;[ \t]*(.+)|\t\$\{RUN\}[ \t]*(.+)")
_RUN = re.compile(r"\t(?:@|\$\{RUN\}|@set -e;)[ \t]*(.+)")
_NEEDED = "_PBULK_MULTI_NEEDED"
_SETTING = 'printf " %s=%s" ${_PBULK_MULTI_VAR.${*}:Q} ${_PBULK_MULTI_VALUE_${*}:Q}'
_MULTI = (
    ('printf "MULTI_VERSION="', f".for * in ${{{_NEEDED}}}", _SETTING, ".endfor", r'printf "\n"'),
    ('printf "MULTI_VERSION="', f"${{{_NEEDED}:@*@ {_SETTING}; @}}", r'printf "\n"'),
    ('printf "MULTI_VERSION="', f"${{{_NEEDED}:@*@ {_SETTING}; @}}", "echo"),
)
"""Ways to print the chosen versions; `*` is the loop variable, blanks are ignored."""
_LOOP = (
    f"${{{_NEEDED}:@*@ for ${{*}} in ${{_PBULK_SORTED_LIST.${{*}}}}; do"
    " _PBULK_MULTI_VALUE_${*}=$$${*}; export _PBULK_MULTI_VALUE_${*};"
    " ${_PBULK_MULTI_VAR.${*}}=$$${*}; export ${_PBULK_MULTI_VAR.${*}};@}"
    f" ${{MAKE}} pbulk-index-item ${{{_NEEDED}:@*@;done@}}"
)
"""The loop over multi-version values; exactly these words in this order."""


class UnknownRecipeError(Exception):
    """The recipe is unknown; the text says which part of it."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A line of a record: `KEY=`, the expression after it, and one that must not be empty.

    The recipe does not quote `plain` lines for the shell: only simple values are reliable.
    With `blank`, sh tests the condition, and a value of blanks is not empty.
    """

    key: str
    value: str
    condition: str
    plain: bool
    blank: bool = False


MULTI = RecordLine("MULTI_VERSION=", "", "", plain=False)
"""Marks the place where a recipe prints the chosen versions; query.py has the expression."""


def parse(text: str) -> tuple[RecordLine, ...]:
    """Parse the recipe of pbulk-index-item. Raise UnknownRecipeError, also for its outer loop."""
    lines = _joined(text)
    for target in ("pbulk-index:", "pbulk-index-item:"):
        if target not in lines:
            raise UnknownRecipeError(f"there is no `{target}`")
    start = lines.index("pbulk-index:") + 1
    loop = _LOOPING.fullmatch(lines[start]) if start < len(lines) else None
    if not loop or _plain(loop[1] or loop[2]) != _squeezed(_LOOP):
        raise UnknownRecipeError("the loop over versions in pbulk-index is another one")
    block = _block(lines, lines.index("pbulk-index-item:") + 1)
    recipe = tuple(_lines(block))
    if recipe.count(MULTI) != 1:
        raise UnknownRecipeError("pbulk-index-item does not print MULTI_VERSION once")
    return recipe


def multi_variables(text: str) -> tuple[str, ...]:
    """Return the variables that choose a version, "PYTHON_VERSION_REQD"."""
    return tuple(_VARIABLE.findall(text))


def _joined(text: str) -> list[str]:
    """Join lines that end in a backslash with the next one, as make does."""
    whole = re.sub(r"[ \t]*\\\n[ \t]*", " ", text)
    return [line.rstrip(" \t") for line in whole.split("\n")]


def _block(lines: list[str], start: int) -> list[str]:
    """Return commands and conditions up to the empty line that ends them."""
    block: list[str] = []
    gap = False
    for line in lines[start:]:
        if line[:1] in ("", "#"):
            gap |= not line
        elif line[0] == "\t" or (line[0] == "." and not gap):
            block.append(line)
            gap = False
        else:
            break
    return block


def _lines(block: list[str]) -> list[RecordLine]:
    """Parse the commands of a recipe, those of `_MULTI` as one."""
    recipe: list[RecordLine] = []
    steps = [step for line in block for step in _steps(line)]
    condition: str | None = None
    place = 0
    while place < len(steps):
        step = steps[place]
        multi = _multi(steps[place:])
        if multi and condition == f"${{{_NEEDED}:Dyes}}":
            recipe.append(MULTI)
            place += multi
            continue
        place += 1
        if (match := _IF.fullmatch(step)) and condition is None:
            condition = f"${{{match[1]}:Dyes}}" if match[1] else f"${{{match[2]}}}"
        elif step == ".endif" and condition is not None:
            condition = None
        else:
            recipe.append(_line(step, condition or ""))
    return recipe


def _steps(line: str) -> list[str]:
    """Split a line at semicolons into single commands, without braces."""
    if line.startswith("."):
        return [re.sub(r"\.[ \t]*", ".", line, count=1)]
    match = _RUN.fullmatch(line)
    if not match:
        raise UnknownRecipeError(_shown(line))
    commands = _commands(match[1])
    if len(commands) == 1 and commands[0].startswith("{ ") and commands[0].endswith("}"):
        commands = _commands(commands[0][1:-1])
    return commands


def _commands(text: str) -> list[str]:
    """Split at semicolons outside of braces and quotes."""
    commands, depth, quoted, start = [""], 0, False, 0
    for place, char in enumerate(text):
        quoted ^= char == '"'
        depth += (char == "{") - (char == "}")
        if char == ";" and not depth and not quoted:
            commands[-1] = text[start:place].strip(" \t")
            commands.append("")
            start = place + 1
        elif char == "}" and not depth and _is_loop(text[start : place + 1]):
            commands[-1] = text[start : place + 1].strip(" \t")
            commands.append("")
            start = place + 1
    commands[-1] = text[start:].strip(" \t")
    return [command for command in commands if command]


def _is_loop(text: str) -> bool:
    """Tell whether this is make's loop over classes, which has its own last semicolon."""
    return text.lstrip(" \t").startswith(f"${{{_NEEDED}:@")


def _line(step: str, condition: str) -> RecordLine:
    """Parse one command that prints a line, or all commands that print the versions."""
    blank = False
    if match := _TEST.fullmatch(step):
        if condition:
            raise UnknownRecipeError(_shown(step))
        expression = match[1] or match[2]
        condition, step, blank = expression[:-3] + "}", match[3], True
        if not _is_one(expression):
            raise UnknownRecipeError(_shown(step))
        if condition == f"${{{_NEEDED}}}" and step.startswith("{ ") and step.endswith("}"):
            inner = _commands(step[1:-1])
            if inner and _multi(inner) == len(inner):
                return MULTI
    match = _ECHO.fullmatch(step)
    if not match or not _is_one(match[2]) or _NEEDED[:12] in step:
        raise UnknownRecipeError(_shown(step))
    value = match[2]
    plain = not value.endswith(":Q}")
    line = RecordLine(match[1], value if plain else value[:-3] + "}", condition, plain)
    return replace(line, blank=blank)


def _multi(steps: list[str]) -> int:
    """Count the commands, from the first on, that print the versions; 0 if there are none."""
    for known in _MULTI:
        if _plain("\n".join(steps[: len(known)])) == _squeezed("\n".join(known)):
            return len(known)
    return 0


def _plain(text: str) -> str:
    """Return a command of the loop without blanks, with `*` for its variable."""
    if match := re.search(r":@([\w.]+)@|\.for ([\w.]+) in ", text):
        name = next(filter(None, match.groups()))
        for left, right in (("@", "@"), ("${", "}"), (".for ", " in"), ("${", ":Q}")):
            text = text.replace(left + name + right, left + "*" + right)
    return _squeezed(text)


def _squeezed(text: str) -> str:
    """Remove the blanks that are not in quotes."""
    parts = text.split('"')
    return '"'.join(
        re.sub(r"[ \t]", "", part) if not n % 2 else part for n, part in enumerate(parts)
    )


def _shown(step: str) -> str:
    return f"pbulk-index-item has `{step.strip()[:80]}`"


def _is_one(expression: str) -> bool:
    """Tell whether the text is one `${...}` from its first character to its last."""
    depth = 0
    for place, char in enumerate(expression):
        depth += (char == "{") - (char == "}")
        if not depth and char == "}":
            return place == len(expression) - 1
    return False
