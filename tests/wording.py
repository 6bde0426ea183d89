"""The texts that the commands and scripts print, read out of their source."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from bulk import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CALL = re.compile(
    r"(?:^|[;&|{)]|\bthen|\bdo|\belse)[ \t]*"
    r"""(machine_failure|say|fail|unable|vm_trouble) +(?=["'a-z$])""",
    re.MULTILINE,
)
_BLANK = re.compile(r"(?:[ \t]|\\\n)+")


def python_messages() -> list[str]:
    """Return what each PkgmkgenError and Fault of the package says, `{}` for each value in it."""
    found: set[str] = set()
    for path in sorted((TOP / "pkgmkgen").rglob("*.py")):
        for scope in ast.walk(ast.parse(path.read_text())):
            if isinstance(scope, ast.FunctionDef):
                found.update(_of_function(scope))
    return sorted(found)


def script_messages() -> list[tuple[str, str, str]]:
    """Return (FUNCTION, WHAT, FIX) for each call of a function that prints a message."""
    found: set[tuple[str, str, str]] = set()
    for path in sorted((TOP / "sandbox-scripts").rglob("*.sh")):
        found.update(_of_script(path))
    return sorted(found)


def generic(text: str) -> str:
    """Put `...` for everything that sh would expand in a message."""
    out, at = "", 0
    while at < len(text):
        if text[at] == "$":
            at = _expansion(text, at)
            out += "..."
        else:
            at += text[at] == "\\" and at + 1 < len(text)
            out += text[at]
            at += 1
    return out


def _of_function(scope: ast.FunctionDef) -> Iterator[str]:
    """Yield a line for each error or fault that a function makes."""
    texts = {
        node.targets[0].id: node.value
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(scope):
        if isinstance(node, ast.Return) and node.value and scope.name.endswith("_error"):
            yield f"{scope.name}: {_text(node.value)}"
        if isinstance(node, ast.Call) and _name(node.func) in {"error", "ArgumentTypeError"}:
            yield f"command line: {_text(node.args[0])}"
        if isinstance(node, ast.Call) and _name(node.func).endswith(("Error", "Fault")):
            given = {word.arg or "": word.value for word in node.keywords}
            parts = [*node.args, *(given[key] for key in ("what", "where", "fix") if key in given)]
            if len(parts) == 3:
                said = (_text(texts.get(_name(part), part)) for part in parts)
                yield f"{_name(node.func)}: " + " | ".join(said)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _text(node: ast.expr) -> str:
    """Return a string with `{}` for what is only known when it is said."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left) + _text(node.right)
    return "{}"


def _of_script(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield the calls in one script; comments and the functions themselves are none."""
    text = re.sub(r"^[ \t]*#.*", "", path.read_text(), flags=re.MULTILINE)
    for call in _CALL.finditer(text):
        words: list[str] = []
        at = call.end()
        while len(words) < 2 and (end := _word(text, at)) > at:
            words.append(text[at:end])
            blank = _BLANK.match(text, end)
            at = blank.end() if blank else len(text)
        what, fix = (word.removeprefix('"').removesuffix('"') for word in [*words, "", ""][:2])
        yield call[1], what, fix


def _word(text: str, at: int) -> int:
    """Return where the word of sh that begins here ends."""
    quoted = False
    while at < len(text) and (quoted or text[at] not in " \t\n;|&<>)"):
        if text[at] == "\\":
            at += 2
        elif text[at] == "$":
            at = _expansion(text, at)
        elif text[at] == "'" and not quoted:
            at = text.index("'", at + 1) + 1
        else:
            quoted ^= text[at] == '"'
            at += 1
    return at


def _expansion(text: str, at: int) -> int:
    """Return where `$name`, `${...}` or `$(...)` ends."""
    opening = text[at + 1 : at + 2]
    if opening not in ("{", "("):
        name = re.compile(r"\$(?:\w+|[^\w ]|)").match(text, at)
        return name.end() if name else at + 1
    at, depth, closing = at + 2, 1, {"{": "}", "(": ")"}[opening]
    while depth:
        if text[at] == "'" and opening == "(":
            at = text.index("'", at + 1)
        elif text[at] == "\\":
            at += 1
        else:
            depth += (text[at] == opening) - (text[at] == closing)
        at += 1
    return at
