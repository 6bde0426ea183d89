"""The HTML report in a real browser, opened from the disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bulk import TOP
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
    (log / "app-1" / "result").write_text(record("app-1", "failed", RUN=found.name, REASON=NASTY))
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


MEASURE = (
    "<script>addEventListener('load', () => document.title = "
    "`${document.documentElement.scrollWidth} of ${innerWidth}`)</script></body>"
)


def _fits(page: Path, tmp_path: Path, width: int) -> str:
    """Open the page in a window; check that it does not scroll sideways, return what it shows."""
    page.write_text(page.read_text().replace("</body>", MEASURE))
    argv = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    argv += [f"--user-data-dir={tmp_path}/chromium", f"--window-size={width},900"]
    done = subprocess.run(
        [*argv, f"file://{page}"], capture_output=True, text=True, check=False, timeout=120
    )
    title = re.search(r"<title>(\d+) of (\d+)</title>", done.stdout)
    assert title, done.stdout + done.stderr
    assert int(title[1]) <= int(title[2])
    assert "hacked" not in title[0]
    return done.stdout


@pytest.mark.parametrize("width", [1280, 390])
def test_the_live_page_fits_its_window(folder: Path, tmp_path: Path, width: int) -> None:
    """With what builds, what is next, results and failures with links to their logs, and curves."""
    page = tmp_path / "status.html"
    assert main(["status", "--log", str(folder.parent), "--html", str(page)]) == 0
    dom = _fits(page, tmp_path, width)
    log = os.path.relpath(folder.parent, tmp_path)
    assert f'<a href="{log}/app-1/build.log">app-1</a>' in dom
    assert "error: &lt;img" in dom
    assert "packages done (line)" in dom


@pytest.mark.parametrize("width", [1280, 390])
def test_the_forecast_fits_its_window(tmp_path: Path, width: int) -> None:
    """Its pictures and tables scroll, the page does not; in dark and in light."""
    index = Path(__file__).parents[1] / "golden" / "small" / "index.txt"
    page = tmp_path / "forecast.html"
    words = ["simulate", "-q", "-j", "2,4", "--format", "html", "--index", str(index)]
    assert main([*words, "-o", str(page)]) == 0
    assert '<meta name="color-scheme" content="light dark">' in page.read_text()
    _fits(page, tmp_path, width)


# Whatever is wider than its room, and whatever is cut, as the title of the page.
_LOOK = """setTimeout(() => {
  const text = (e) => {
    const range = new Range();
    range.selectNodeContents(e);
    return range.getBoundingClientRect().width;
  };
  const room = (e) => e.clientWidth - parseFloat(getComputedStyle(e).paddingRight);
  const all = (name) => [...document.querySelectorAll(name)].filter((e) => e.offsetWidth);
  const cut = all(".tabulator-col-title").filter((e) => text(e) > room(e) + 0.3);
  cut.push(...all(".wide").filter((e) => e.scrollWidth > e.clientWidth + 1));
  if (document.documentElement.scrollWidth > innerWidth) cut.push(document.body);
  document.title = `cut: ${cut.length} ${cut.map((e) => e.className + e.textContent).join("|")}`;
}, 1500);"""


def _cut(page: str, width: int, tmp_path: Path) -> str:
    """Return what is cut on a page of that width; the page loads or contains _LOOK."""
    argv = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    argv += [f"--user-data-dir={tmp_path}/b{width}", "--virtual-time-budget=4000"]
    argv += [f"--window-size={width},900", page]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, timeout=120)
    title = re.search("<title>(cut: .*?)</title>", done.stdout, re.DOTALL)
    assert title, done.stdout[-1000:] + done.stderr
    return title[1]


@pytest.mark.parametrize("view", ["packages", "failures"])
@pytest.mark.parametrize("width", [1280, 390])
def test_heads_of_tables_are_not_cut(folder: Path, view: str, width: int, tmp_path: Path) -> None:
    """On a desktop and on a phone."""
    shutil.copytree(folder, tmp_path / "report")
    with (tmp_path / "report" / "report.js").open("a") as script:
        script.write(_LOOK)
    page = f"file://{tmp_path}/report/index.html#{view}"
    assert _cut(page, width, tmp_path).startswith("cut: 0")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_forecast_fits(width: int, tmp_path: Path) -> None:
    """Its tables and pictures, on a desktop and on a phone."""
    index = TOP / "tests" / "golden" / "small" / "index.txt"
    words = ["simulate", "-q", "-j", "2,16", "--format", "html", "--index", str(index)]
    assert main([*words, "-o", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text()
    (tmp_path / "look.html").write_text(f"{page}<script>{_LOOK}</script>")
    assert _cut(f"file://{tmp_path}/look.html", width, tmp_path).startswith("cut: 0")
