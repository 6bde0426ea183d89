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
    {"cli.scanning"},
    {"cli.report", "cli.status", "cli.history", "cli.diff", "cli.shell", "cli.help"},
    {"report", "cli.bulklog"},
    {"report.page", "report.text", "report.jsontext", "report.pbulk"},
    {"report.facts", "runs.status"},
    {"plan.past_builds"},
    {"runs.history", "runs.compare", "runs.expected_end"},
    {"runs.outcomes"},
    {"runs.folder"},
    {"runs.result"},
    {"runs.untrusted"},
    {"pipeline", "cli.options", "cli.progress"},
    {
        "plan.render",
        "scan.scanner",
        "resolve.explain",
        "resolve.problems",
        "resolve.presolve",
        "simulate.picture",
    },
    {"simulate.forecast"},
    {"plan.planner"},
    {"plan.typical", "scan.workers", "resolve.limited", "settings", "index.source", "resources"},
    {"scan.directory", "scan.places", "scan.fingerprints", "scan.cache"},
    {"scan.query", "scan.session", "scan.tree"},
    {"scan.shared_values", "scan.pbulk_index"},
    {"resolve.resolver", "index.reader", "machine"},
    {"resolve.verdicts", "index.record", "resolve.pattern"},
    {"resolve.graph"},
    {"plan.gates", "simulate.makes"},
    {"resolve.resolution", "plan.critical_path", "plan.durations"},
    {"resolve.dewey", "resolve.glob", "names"},
    {"model"},
    {"errors"},
    {"__init__", "cli", "index", "plan", "resolve", "runs", "scan", "simulate"},
)
"""From the top down; a module imports from its own layer or below, never upwards or in a ring."""


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
