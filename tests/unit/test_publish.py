"""publish.awk: what may be published."""

import subprocess
from pathlib import Path

LIB = Path(__file__).parents[2] / "sandbox-scripts" / "repository"


def test_what_failed_and_what_needs_it_stay_out(tmp_path: Path) -> None:
    """An old package would be offered with dependencies that are gone."""
    (tmp_path / "present").write_text("base-2.tgz\nuser-1.tgz\nabove-1.tgz\n")
    (tmp_path / "failed").write_text("user-1\n")
    (tmp_path / "plan").write_text(
        "build base-2 a/base\nbuild user-1 a/user base-2\nbuild above-1 a/above user-1\n"
    )
    said = subprocess.run(
        ["awk", "-v", "suffix=.tgz", "-f", LIB / "publish.awk", "present=1", "present", "present=",
         "failures=1", "failed", "failures=", "plan"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(said.stdout.splitlines()) == [
        "failed user-1",
        "needs above-1 user-1",
        "publish base-2",
    ]
