"""What all tests share: where things are, and who may run the tests that need root."""

from __future__ import annotations

import os
import platform
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from bulk import TOP
from hypothesis import settings

# Whoever runs the tests in the background ignores these; what tests start must not.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
settings.register_profile("noisy machine", deadline=None)
settings.load_profile("noisy machine")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Golden files change on purpose only."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew")
    parser.addoption(
        "--long", action="store_true", help="also the long tests: virtual machines, more kills"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what makes sandboxes where none can be made, and what is long."""
    if not config.getoption("--long"):
        for item in items:
            if "long" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="long: run with --long"))
    if reason := _no_sandboxes():
        for item in items:
            if "root" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


def _no_sandboxes() -> str:
    """Return why no sandboxes can be made here, empty if they can."""
    if platform.system() != "Linux":
        return "sandboxes are made on Linux only"
    if os.geteuid() != 0:
        return "sandboxes need root: run as root"
    if not shutil.which("bmake"):
        return "needs bmake"
    may = TOP / "sandbox-scripts" / "os" / "Linux-may.sh"
    done = subprocess.run(["sh", may], capture_output=True, text=True, check=False)
    return f"no sandboxes in this container: {done.stderr.strip()}" if done.returncode else ""


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory) -> None:
    """No test reads or writes the scans of the person who runs it."""
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def top() -> Path:
    """Give the checkout."""
    return TOP


@pytest.fixture(scope="session")
def minipkgsrc() -> Path:
    """Give the miniature tree."""
    return TOP / "tests" / "minipkgsrc"


@pytest.fixture(scope="session")
def scripts() -> Path:
    """Give the sandbox scripts."""
    return TOP / "sandbox-scripts"
