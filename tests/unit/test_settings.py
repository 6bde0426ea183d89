"""One table of settings: what is checked, what scripts are told, what people read."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from bulk import TOP

from pkgmkgen import settings
from pkgmkgen.errors import UsageError
from pkgmkgen.setting_table import TABLE, Use

SHELLS = [shell for shell in ("dash", "bash", "mksh") if shutil.which(shell)]
SOURCED = f". {TOP}/sandbox-scripts/host/settings.sh; set | grep ^BULK_"
REQUIRED = {s.export: "/x" for s in TABLE if s.export and Use.REQUIRED in s.use}


def test_each_setting_stands_there_once() -> None:
    """With a help, and with a default that is allowed."""
    assert len({setting.name for setting in TABLE}) == len(TABLE)
    exports = [setting.export for setting in TABLE if setting.export]
    assert len(set(exports)) == len(exports)
    for name, value in settings.expanded({}).items():
        assert "$" not in value
        settings.check(name, value, "here")
        assert re.search(rf"^{name} =.*\n    .", settings.help_text(), re.MULTILINE)


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("OLD=drop", "keep or list or remove"),
        ("TIMEOUT=1h", "a number above 0"),
        ("MEMORY_MAX=lots", "a size"),
        ("SCRATCH=ram", "tmpfs or disk"),
    ],
)
def test_a_value_that_a_run_would_refuse_is_refused_at_once(word: str, names: str) -> None:
    """The message says what can be given; an empty value stands for the default."""
    with pytest.raises(UsageError) as caught:
        settings.parse((word,))
    assert names in caught.value.fix
    name = word.partition("=")[0]
    assert settings.parse((f"{name}=",)) == {name: ""}


def _set(shell: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    env = {"PATH": "/usr/bin:/bin", "BULK_MAKEFILE": "x", **env}
    argv = [shell, "-eu", "-c", SOURCED]
    return subprocess.run(argv, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts_take_the_defaults_of_the_table(shell: str) -> None:
    """On a host that is told a part of the settings only, and where a value is empty."""
    done = _set(shell, {**settings.declarations(), **REQUIRED, "BULK_TIMEOUT": ""})
    told = {name: value.strip("'") for name, _, value in (
        line.partition("=") for line in done.stdout.splitlines()
    )}  # fmt: skip
    for setting in TABLE:
        if setting.export:
            assert told[setting.export] == REQUIRED.get(setting.export, setting.value)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("name", ["BULK_SETTINGS", "BULK_PACKAGES", "BULK_MAKEFILE"])
def test_a_script_without_its_settings_stops(shell: str, name: str) -> None:
    """And names what is missing."""
    done = _set(shell, {**settings.declarations(), **REQUIRED, name: ""})
    assert done.returncode
    assert name in done.stderr


def test_what_scripts_are_told() -> None:
    """The columns of the table as lists of words, by the names that scripts use."""
    told = {name: words.split() for name, words in settings.declarations().items()}
    assert "KIT=" in told["BULK_SETTINGS"]
    assert "PACKAGES" in told["BULK_SETTINGS"]
    assert "TIMEOUT=86400" in told["BULK_SETTINGS"]
    assert "PREFIX" in told["BULK_TRAVELS"]
    assert not {"HOOK", "SSH", "RETRY", "LOG"} & set(told["BULK_TRAVELS"])
    assert {"BOOTSTRAP_KIT", "SCRATCH"} <= set(told["BULK_PER_HOST"])
    assert {"TIMEOUT", "CCACHE_DIR"} <= set(told["BULK_PER_PACKAGE"])
    assert {"PREFIX", "MAKE_JOBS"} <= set(told["BULK_INPUTS"])
    assert "DISTCC_HOSTS" not in told["BULK_INPUTS"]
