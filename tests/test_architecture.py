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
    "networkx": {"resolve.graph"},
    "jinja2": {"plan.render"},
    "subprocess": {"machine"},
}
LAYERS = (
    {"__main__"},
    {"cli"},
    {"pipeline"},
    {"simulate"},
    {"scan", "plan"},
    {"report", "resolve"},
    {"runs", "index"},
    {"root"},
)
"""From the top down: a folder imports from itself or from below, never sideways or upwards."""


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = {f"{node.module}.{alias.name}" for alias in node.names}
            found.update(
                {n for n in names if n.removeprefix("pkgmkgen.") in NAMES} or {node.module}
            )
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


def _folder(name: str) -> str:
    """Return a module's folder; the two above folders are their own, the rest is `root`."""
    first = name.partition(".")[0]
    return first if (PACKAGE / first).is_dir() or first in {"__main__", "pipeline"} else "root"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_imports_point_down(path: Path) -> None:
    """Every folder has its layer; its modules import from it or from below."""
    level = {folder: number for number, layer in enumerate(LAYERS) for folder in layer}
    own = _folder(_name(path))
    assert own in level, f"give {own} a place in LAYERS"
    others = {name for name in _own(path) if _folder(name) != own}
    wrong = {name for name in others if level[_folder(name)] <= level[own]}
    assert not wrong, f"{_name(path)} imports sideways or upwards: {wrong}"


def test_no_ring() -> None:
    """No module imports itself through others."""
    left = {_name(path): _own(path) - {_name(path)} for path in MODULES}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert not left, f"imports in a ring among {sorted(left)}"


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_only_main_prints_and_exits(path: Path) -> None:
    """Modules raise; __main__, cli/output.py, the progress bar and the terminal speak."""
    if path.stem in {"__main__", "output", "progress", "terminal"}:
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


def _dataclasses() -> dict[str, int]:
    """Return how many fields each dataclass has."""
    return {
        node.name: sum(isinstance(part, ast.AnnAssign) for part in node.body)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
        and any("dataclass" in ast.unparse(decorator) for decorator in node.decorator_list)
    }


def test_no_type_name_means_two_things() -> None:
    """Whoever reads a name need not ask of which module it is."""
    names = [
        node.name
        for path in MODULES
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.ClassDef)
    ]
    assert sorted(names) == sorted(set(names))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_large_records_are_built_by_keyword(path: Path) -> None:
    """Nobody counts to the seventh of nine values to see what it is."""
    large = {name for name, fields in _dataclasses().items() if fields > 5}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in large:
            assert len(node.args) <= 5, f"{_name(path)}:{node.lineno}: {node.func.id}"
