"""Folders of runs as the scripts leave them, made from a few words."""

from __future__ import annotations

import gzip
import subprocess
from pathlib import Path

FACTS = "GOAL=build\nHOST=h\nSYSTEM=S 1 m\nMAKE=make\nJOBS=2\nPACKAGES=/nowhere\nPKG_SUFX=.tgz\n"


def record(pkgname: str, status: str = "built", **more: object) -> str:
    """Return a result record with the empty line behind it."""
    base = pkgname.rpartition("-")[0]
    facts = {"STATUS": status, "PKGNAME": pkgname, "PKGPATH": f"x/{base}", **more}
    return "".join(f"{key}={value}\n" for key, value in facts.items()) + "\n"


def judge(folder: Path, lines: list[str]) -> None:
    """Have the scripts say what became of each package of a plan; all files are there."""
    makefile: list[str] = []
    names: list[str] = []
    for word, name, *rest in (line.split(" ") for line in lines):
        if word == "build":
            names.append(name)
            needs = "".join(f" $(ALL)/{need}$(SUFX)" for need in rest[1:] if need)
            makefile.append(f"#job {name} {rest[0]} 1.0 guess 1.0")
            makefile.append(f"$(ALL)/{name}$(SUFX):" + needs)
        elif word == "skip":
            makefile.append(f"#skip {name} {' '.join(rest)}")
    (folder / "bulk.mk").write_text("".join(f"{line}\n" for line in makefile))
    (folder / "present").write_text("".join(f"{name}.tgz\n" for name in names))
    lib = Path(__file__).parent.parent / "sandbox-scripts" / "bulkmk"
    argv = ["awk", "-v", "suffix=.tgz", "-v", "logs=x", "-v", "brokenfile=/dev/null"]
    argv += ["-v", "statesfile=states"]
    argv += ["-f", str(lib / "summary.awk"), "-f", str(lib / "rules.awk")]
    argv += ["events=1", "events", "events=", "present=1", "present", "present="]
    argv += ["results=1", "results", "results=", "bulk.mk"]
    subprocess.run(argv, cwd=folder, stdout=subprocess.DEVNULL, check=False)
    for name in ("bulk.mk", "present"):
        (folder / name).unlink()


def make_run(
    log: Path, number: int, plan: str, events: str, results: str = "", *, end: bool = True
) -> Path:
    """Write run `number`; a line of `plan` is `NAME: NEEDED...` or `NAME! state: reason`.

    A line of `events` is `WORD NAME [DETAIL]`, its seconds counted up from the run's start.
    """
    start = 1_700_000_000 + 100_000 * number
    folder = log / ".runs" / f"202601{number:02}T000000Z@1.1"
    folder.mkdir(parents=True)
    lines: list[str] = []
    for line in filter(None, map(str.strip, plan.splitlines())):
        if "!" in line:
            name, _, why = line.partition("! ")
            lines.append(f"skip {name} x/{name.rpartition('-')[0]} {why}")
        else:
            name, _, needs = line.partition(":")
            lines.append(f"build {name} x/{name.rpartition('-')[0]} {needs.strip()}")
            lines.append(f"maintainer {name} who@example.org")
    (folder / "plan.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    said = [words.split() for words in events.splitlines() if words.strip()]
    (folder / "events").write_text(
        "".join(
            f"{word} {name} {detail[0] if detail else '-'} {start + second}\n"
            for second, (word, name, *detail) in enumerate(said)
        )
    )
    (folder / "results").write_text(results)
    (folder / "states").write_text("")
    if end:
        judge(folder, lines)
    over = f"END={start + len(said)}\nSTATUS=1\n" if end else ""
    (folder / "run").write_text(f"RUN={folder.name}\n{FACTS}START={start}\n{over}")
    return folder
