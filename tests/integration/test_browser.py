"""The HTML report in a real browser, opened from the disk."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from folders import make_run, record

from pkgmkgen.__main__ import main

BROWSER = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), "")
pytestmark = pytest.mark.skipif(not BROWSER, reason="no Chromium here")
NASTY = "error: <img src=x onerror=document.title='hacked'>"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Make the report of a second run with hostile text wherever text can be."""
    log = tmp_path_factory.mktemp("log")
    plan = f"lib-1:\napp-1: lib-1\ngui-1: app-1\nbad-1! pre-failed: {NASTY}"
    names = ("lib-1", "app-1", "gui-1")
    make_run(log, 1, plan, "".join(f"start {name}\nbuilt {name}\n" for name in names))
    events = "start lib-1\nbuilt lib-1\nstart app-1\nfailed app-1 build"
    found = make_run(log, 2, plan, events, record("app-1", "failed", REASON=NASTY))
    (log / "app-1").mkdir()
    (log / "app-1" / "build.log").write_text(f"cc\n{NASTY}\n")
    (log / "app-1" / "result").write_text(record("app-1", "failed", RUN=found.name))
    out = log / "report"
    assert main(["report", "--log", str(log), "-o", str(out)]) == 0
    return out


def shown(folder: Path, view: str, tmp_path: Path) -> str:
    """Return the page as it stands after its scripts ran, without its scripts' text."""
    argv = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    argv += [f"--user-data-dir={tmp_path}", "--virtual-time-budget=4000"]
    argv += ["--enable-logging=stderr", f"file://{folder}/index.html#{view}"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    assert not re.findall(r"CONSOLE.*(?:Error|Refused).*", done.stderr), done.stderr
    assert "<title>hacked" not in done.stdout
    assert "<img src=" not in done.stdout
    section = re.search(
        rf'<section id="view-{view.partition("/")[0]}".*?</section>', done.stdout, re.DOTALL
    )
    assert section, done.stdout[-2000:] + done.stderr
    assert "hidden" not in section[0].partition(">")[0]
    return section[0]


VIEWS = {
    "overview": ["1 built + 1 failed + 1 broken + 1 skipped = 4 packages", "2 newly broken"],
    "failures": ["app-1", "error: &lt;img", "who@example.org"],
    "packages": ["gui-1", "by app-1", "4 of 4 packages"],
    "changes": ["Newly broken: 2", "Newly fixed: 0"],
    "timeline": ["<canvas", "critical path"],
    "time": ["<canvas", "Idle slots"],
    "package/app-1": ["Breaks", "error: &lt;img", "logs/app-1/build.txt", "Over the last runs"],
}


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_shows_its_facts_and_runs_nothing_of_a_log(folder, view, tmp_path) -> None:
    """No error on the console, no element out of hostile text, the numbers add up."""
    found = shown(folder, view, tmp_path)
    for text in VIEWS[view]:
        assert text in found, found
