"""Commands through one long-lived sh: exact environment, both outputs, limits, nothing left."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Iterator

import pytest
from bulk import TOP

from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import Request
from pkgmkgen.scan.session import Launch, Limits, Session

SHELLS = [name for name in ("dash", "bash", "mksh") if shutil.which(name)]
PATH = {"PATH": os.environ["PATH"]}


@pytest.fixture(params=SHELLS)
def session(request) -> Iterator[Session]:
    """Give a session with each shell that is here."""
    argv = ("env", "-i", request.param, str(TOP / "sandbox-scripts" / "worker.sh"))
    one = Session(Launch(argv, "here", "mend it"), Limits(3.0, 100_000))
    yield one
    one.kill()


def sh(text: str, **env: str) -> Request:
    """Ask for a script."""
    return Request(("sh", "-c", text), "/", {**PATH, **env})


def test_environment_is_exactly_what_was_asked_for(session, monkeypatch) -> None:
    """MAKEFLAGS from an outer make kills bmake; PKG_PATH stops pkgsrc; names may hold dots."""
    monkeypatch.setenv("MAKEFLAGS", " -j6 --jobserver-auth=3,4")
    env = {**PATH, "A": "b  'c' $x `y` \\z", "PKG_BUILD_OPTIONS.gcc-aux": " ada"}
    outcome = session.run(Request(("env",), "/", env))
    assert sorted(outcome.out.decode().splitlines()) == sorted(f"{k}={v}" for k, v in env.items())
    assert session.run(Request(("/usr/bin/env",), "/", {})).out == b""


def test_words_and_directories_are_taken_for_what_they_are(session, tmp_path) -> None:
    """Quotes, blanks, dollars and dashes run nothing."""
    place = tmp_path / "-a $(touch x) 'b' \"c\" ;&|"
    place.mkdir()
    words = ("printf", "%s|", "a b", "$(touch y)", "'", '"', "", "*", "-n", "\\t")
    assert session.run(Request(words, str(place), PATH)).out.decode() == "|".join(words[2:]) + "|"
    assert session.run(Request(("pwd",), str(place), PATH)).out.decode() == f"{place}\n"
    assert [one.name for one in tmp_path.iterdir()] == [place.name]


def test_standard_input_is_empty_and_both_outputs_are_kept(session) -> None:
    """A make that reads must not wait for a person."""
    outcome = session.run(sh("cat; printf o; echo e >&2; printf f >&2; exit 3"))
    assert (outcome.status, outcome.out, outcome.err, outcome.fault) == (3, b"o", b"e\nf", "")
    assert session.run(sh(":")).out == b""


def test_descriptor_nine_is_standard_error_though_that_is_hidden(session) -> None:
    """The mark of a make within make is seen."""
    assert session.run(sh("{ echo hidden >&2; echo seen >&9; } 2>/dev/null")).err == b"seen\n"


def test_death_by_signal_is_told_as_a_shell_tells_it(session) -> None:
    """128 + the signal."""
    assert session.run(sh("kill -9 $$")).status == 137


def test_what_cannot_be_started_is_one_failure(session) -> None:
    """No such directory, no such program, a newline."""
    assert session.run(Request(("true",), "/nowhere", PATH)).status not in (0, 137)
    assert session.run(Request(("no-such-program",), "/", PATH)).status == 127
    assert session.run(Request(("a\nb",), "/", PATH)).fault
    assert session.run(sh("echo well")).out == b"well\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sleep 60", "took longer than 3 s"),
        ("trap '' HUP INT TERM; while :; do :; done", "took longer than 3 s"),
        ("while :; do echo 0123456789; done", "printed more than 100000 bytes"),
        ("while :; do echo 0123456789 >&2; done", "printed more than 100000 bytes"),
        ("kill -9 0", "the sh that ran it is gone"),
        ("kill -9 $PPID", "took longer than 3 s"),
    ],
)
def test_a_command_that_takes_too_much_is_one_failure(text, why) -> None:
    """It is ended, and the next one is run."""
    worker = str(TOP / "sandbox-scripts" / "worker.sh")
    one = Session(Launch(("sh", worker), "here", "mend it"), Limits(3.0, 100_000))
    outcome = one.run(sh(text))
    assert (outcome.fault, bool(outcome.status) or why != "printed") == (why, True)
    assert one.run(sh("echo well")).out == b"well\n"
    one.kill()


def test_time_is_that_of_all_commands_since_allow(session) -> None:
    """A directory of many short questions is limited as one."""
    session.allow()
    assert not session.run(sh("sleep 2")).fault
    assert session.run(sh("sleep 2")).fault == "took longer than 3 s"
    assert session.run(sh("sleep 1")).fault
    session.allow()
    assert not session.run(sh("sleep 1")).fault


def test_a_child_left_behind_does_not_hold_up(session, tmp_path) -> None:
    """It may keep the pipes open; it ends with the session."""
    file = tmp_path / "pid"
    start = time.monotonic()
    assert session.run(sh(f"sleep 60 & echo $! >{file}; echo well")).out == b"well\n"
    assert time.monotonic() - start < 2.5
    session.kill()
    pid = int(file.read_text())
    until = time.monotonic() + 5
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < until:  # noqa: PTH110
        time.sleep(0.01)
    assert not os.path.exists(f"/proc/{pid}")  # noqa: PTH110


def test_kill_from_another_thread_ends_a_request_at_once(session) -> None:
    """^C does not wait for a make."""
    threading.Timer(0.3, session.kill).start()
    start = time.monotonic()
    assert session.run(sh("sleep 60")).fault
    assert time.monotonic() - start < 2
    with pytest.raises(UnavailableError):
        session.run(sh(":"))


def test_a_place_that_cannot_be_started_says_why() -> None:
    """The first line it wrote, and what to do."""
    one = Session(Launch(("sh", "-c", "echo no route >&2; exit 1"), "ssh x", "mend it"), Limits())
    with pytest.raises(UnavailableError, match="ssh x: no route\n  fix: mend it"):
        one.run(sh(":"))
    with pytest.raises(UnavailableError, match="no-such-program"):
        Session(Launch(("no-such-program",), "x", "y"), Limits()).run(sh(":"))
