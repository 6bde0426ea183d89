"""Imports point one way, and each outer library has one door."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from bulk import TOP

PACKAGE = TOP / "pkgmkgen"
MODULES = sorted(PACKAGE.rglob("*.py"))
DOORS = {
    "plumbum": {"machine"},
    "networkx": {"graph"},
    "jinja2": {"render"},
    "subprocess": {"machine"},
}
LAYERS = (
    {"__main__"},
    {"live"},
    {"command.report", "command.status", "command.history", "command.diff", "command.shell"},
    {"report", "command.place"},
    {"report.page", "report.text", "report.jsontext", "report.pbulk"},
    {"report.facts", "status"},
    {"timings"},
    {"history", "changes", "remaining"},
    {"outcomes"},
    {"runs"},
    {"results"},
    {"untrusted"},
    {"pipeline", "options", "progress"},
    {"render", "scan", "explain", "problems", "presolve", "picture"},
    {"forecast"},
    {"plan"},
    {"typical", "workers", "limit", "settings", "source", "resources"},
    {"records", "place", "files", "cache"},
    {"question", "session", "tree"},
    {"asked", "recipe"},
    {"resolve", "index", "machine"},
    {"propagate", "record", "pattern"},
    {"graph"},
    {"gates", "simulate"},
    {"resolution", "levels", "durations"},
    {"dewey", "glob", "names"},
    {"model"},
    {"errors"},
    {"__init__", "command"},
)
"""From the top down; a module imports from its own layer or below, never upwards or in a ring."""


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "pkgmkgen":
                found.update(f"pkgmkgen.{alias.name}" for alias in node.names)
            else:
                found.add(node.module)
    return found


def _name(path: Path) -> str:
    """Return a module's name below the package, `report.text`; `__init__` is the package's own."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


NAMES = {_name(path) for path in MODULES}


def _own(path: Path) -> set[str]:
    names = {
        name.removeprefix("pkgmkgen.") for name in _imports(path) if name.startswith("pkgmkgen")
    }
    return {name if name in NAMES else "__init__" for name in names}


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_outer_libraries_have_one_door(path: Path) -> None:
    """plumbum, networkx, jinja2 and the starting of programs are each one module's business."""
    for name in _imports(path):
        doors = DOORS.get(name.partition(".")[0])
        assert doors is None or _name(path) in doors, f"{_name(path)} imports {name}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    """Every module has its layer, and imports only from it or from below."""
    level = {name: number for number, layer in enumerate(LAYERS) for name in layer}
    assert _name(path) in level, f"give {_name(path)} a place in LAYERS"
    wrong = {name for name in _own(path) if level[name] < level[_name(path)]}
    assert not wrong, f"{_name(path)} imports upwards: {wrong}"


def test_no_ring() -> None:
    """No module imports itself through others."""
    left = {_name(path): _own(path) - {_name(path)} for path in MODULES}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left, f"imports in a ring among {sorted(left)}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_main_prints_and_exits(path: Path) -> None:
    """Modules raise; __main__ (and the progress bar) speak."""
    if path.stem in {"__main__", "progress"}:
        pytest.skip("this one may")
    tree = list(ast.walk(ast.parse(path.read_text())))
    called = {node.id for node in tree if isinstance(node, ast.Name)} & {"print", "exit", "input"}
    sys_names = {
        node.attr
        for node in tree
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    }
    assert not called
    assert not sys_names & {"stdout", "stderr", "exit", "argv"}


def test_scripts_know_nothing_of_python() -> None:
    """A run needs bulk.mk, the scripts and the tree: no Python process while packages build."""
    for path in (TOP / "sandbox-scripts").rglob("*"):
        if path.is_file() and path.name != "__init__.py":
            assert "python" not in path.read_text().lower(), path
