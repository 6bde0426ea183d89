"""The pool of jobs (os/Linux-pool.c): who gets tokens, and that none is lost by kill -9."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bulk import TOP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a program for Linux")

SOURCE = TOP / "sandbox-scripts" / "os" / "Linux-pool.c"
START = '"$0" "$1" "$2" $$ "$3" "$4" "$5" "$5" "$6" "$7"; exec sleep 600 >/dev/null'


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Compile it."""
    path = tmp_path_factory.mktemp("pool") / "pool"
    subprocess.run(["cc", "-O2", "-Wall", "-Werror", "-o", path, SOURCE], check=True)
    return path


class Sandbox:
    """A builder with its server, and the end of the pipes that a sandbox has."""

    def __init__(self, pool: Pool, rank: int, most: int, places: int, memory: int) -> None:
        """Start it; it may have to wait for its first token."""
        self.dir = pool.root / f"sandbox{len(pool.sandboxes)}"
        self.dir.mkdir()
        for name in ("jobs", "ask", "answer"):
            os.mkfifo(self.dir / name)
        self._pipes = {
            name: os.open(self.dir / name, os.O_RDWR | os.O_NONBLOCK)
            for name in ("jobs", "ask", "answer")
        }
        numbers = map(str, (pool.tokens, rank, most, places, memory))
        argv = ["sh", "-c", START, *map(str, (pool.program, pool.file, self.dir)), *numbers]
        self.builder = subprocess.Popen(argv, stdout=subprocess.PIPE)
        assert self.builder.stdout
        os.set_blocking(self.builder.stdout.fileno(), False)
        self._said = b""

    def server(self) -> int:
        """Return the server's number, 0 while it has no token."""
        assert self.builder.stdout
        self._said += self.builder.stdout.read() or b""
        return int(self._said) if self._said.endswith(b"\n") else 0

    def say(self, letter: str) -> None:
        """Write to the pipe `ask`."""
        os.write(self._pipes["ask"], letter.encode())

    def take(self) -> bool:
        """Take a token if one is on offer, as a client does."""
        with contextlib.suppress(BlockingIOError):
            return len(os.read(self._pipes["jobs"], 1)) == 1
        return False

    def give(self, count: int = 1) -> None:
        """Give back tokens, or forge them."""
        os.write(self._pipes["jobs"], b"+" * count)

    def answer(self) -> int:
        """Read the answer to `s`."""
        wait_for(lambda: self._read_answer() > 0)
        return int(self._answer)

    def _read_answer(self) -> int:
        with contextlib.suppress(BlockingIOError):
            self._answer = os.read(self._pipes["answer"], 16)
            return len(self._answer)
        return 0

    def end(self) -> None:
        """Kill the builder and let go of the pipes."""
        self.builder.kill()
        self.builder.wait()
        assert self.builder.stdout
        self.builder.stdout.close()
        for pipe in self._pipes.values():
            os.close(pipe)


class Pool:
    """A pool in a directory."""

    def __init__(self, program: Path, root: Path, tokens: int) -> None:
        """Start nothing yet."""
        self.program, self.root, self.tokens = program, root, tokens
        self.file = root / "pool"
        self.file.touch()
        self.sandboxes: list[Sandbox] = []

    def start(self, rank: int = 0, most: int = 99, places: int = 0, memory: int = 0) -> Sandbox:
        """Start a builder."""
        self.sandboxes.append(Sandbox(self, rank, most, places, memory))
        return self.sandboxes[-1]

    def free(self) -> int:
        """Count the tokens that nobody holds."""
        found = 0
        with self.file.open("r+b") as file:
            for number in range(self.tokens):
                with contextlib.suppress(OSError):
                    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, number)
                    fcntl.lockf(file, fcntl.LOCK_UN, 1, number)
                    found += 1
        return found


@pytest.fixture
def make(program: Path, tmp_path: Path) -> Iterator[Callable[[int], Pool]]:
    """Make a pool of so many tokens."""
    pools: list[Pool] = []

    def make_(tokens: int) -> Pool:
        pools.append(Pool(program, tmp_path, tokens))
        return pools[-1]

    yield make_
    for pool in pools:
        for sandbox in pool.sandboxes:
            sandbox.end()


def wait_for(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait until it is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.002)


def test_a_slot_waits_for_its_token(make: Callable[[int], Pool]) -> None:
    """Two tokens: the third builder waits until one of the first two has ended."""
    pool = make(2)
    first, second = pool.start(1), pool.start(2)
    wait_for(lambda: first.server() and second.server())
    third = pool.start(0)
    time.sleep(0.3)
    assert not third.server()
    os.kill(second.server(), signal.SIGKILL)
    wait_for(third.server)
    assert pool.free() == 0


def test_the_most_urgent_comes_first(make: Callable[[int], Pool]) -> None:
    """The lowest rank, whoever came first."""
    pool = make(1)
    holder = pool.start(0)
    wait_for(holder.server)
    late, soon, later = (pool.start(rank) for rank in (7, 3, 9))
    time.sleep(0.4)
    holder.builder.kill()
    wait_for(soon.server)
    time.sleep(0.3)
    assert not late.server()
    assert not later.server()


def test_tokens_on_offer_are_bounded(make: Callable[[int], Pool]) -> None:
    """Four tokens: the sandbox gets three further ones, one at a time; all come back at the end."""
    pool = make(4)
    one = pool.start()
    wait_for(one.server)
    time.sleep(0.1)
    assert not one.take()
    assert pool.free() == 3
    one.say("b")
    for _ in range(3):
        wait_for(one.take)
    time.sleep(0.1)
    assert not one.take()
    assert pool.free() == 0
    one.say("e")
    wait_for(lambda: pool.free() == 3)
    assert "JOBS_MAX=4" in (one.dir / "used").read_text()


def test_forged_tokens_are_removed(make: Callable[[int], Pool]) -> None:
    """No byte stays beyond those given, and nobody else gets one less."""
    pool = make(3)
    one = pool.start()
    wait_for(one.server)
    one.say("b")
    one.give(50)
    time.sleep(0.3)
    taken = sum(one.take() for _ in range(60))
    assert 1 <= taken <= 2, "one at a time is on offer, and the pool has no more than two"
    one.give(taken)
    two = pool.start(1)
    wait_for(two.server)


def test_the_urgent_get_what_others_return(make: Callable[[int], Pool]) -> None:
    """A token that comes back goes to the sandbox of the lowest rank that uses it."""
    pool = make(3)
    low = pool.start(5)
    wait_for(low.server)
    low.say("b")
    for _ in range(2):
        wait_for(low.take)
    high = pool.start(1)
    time.sleep(0.1)
    assert not high.server()
    low.give()
    wait_for(high.server)
    high.say("b")
    time.sleep(0.1)
    assert not high.take()
    low.give()
    wait_for(high.take)
    assert not low.take()


def test_nobody_keeps_what_it_does_not_take(make: Callable[[int], Pool]) -> None:
    """A sandbox that is more urgent, but takes nothing, does not keep the other from working."""
    pool = make(3)
    idle, busy = pool.start(1), pool.start(2)
    wait_for(lambda: idle.server() and busy.server())
    idle.say("b")
    time.sleep(0.1)
    busy.say("b")
    wait_for(busy.take)
    taken = 0
    for _ in range(100):
        busy.give()
        time.sleep(0.01)
        taken += busy.take()
        if not taken:
            wait_for(busy.take)
    assert taken > 50


def test_a_share_is_taken_at_once(make: Callable[[int], Pool]) -> None:
    """As many as are free and allowed; asked again, the same."""
    pool = make(8)
    one, two = pool.start(1, most=4), pool.start(2, most=99)
    wait_for(lambda: one.server() and two.server())
    one.say("s")
    assert one.answer() == 4
    two.say("s")
    assert two.answer() == 2
    one.say("s")
    assert one.answer() == 4
    one.say("e")
    wait_for(lambda: pool.free() == 4)


def test_a_dead_builder_gets_no_new_files(make: Callable[[int], Pool]) -> None:
    """What removes the directory of a dead build must not find a new file in it."""
    pool = make(2)
    one = pool.start()
    wait_for(one.server)
    one.say("b")
    wait_for(one.take)
    (one.dir / "used").unlink()
    one.builder.kill()
    wait_for(lambda: pool.free() == 2)
    time.sleep(0.1)
    assert not (one.dir / "used").exists()


def test_places_and_memory(make: Callable[[int], Pool]) -> None:
    """At most two packages at a time; and none whose memory is not free."""
    pool = make(8)
    big, small = pool.start(1, places=2, memory=200), pool.start(2, places=2, memory=50)
    wait_for(lambda: big.server() and small.server())
    third = pool.start(0, places=2, memory=10)
    time.sleep(0.3)
    assert not third.server()
    small.builder.kill()
    wait_for(third.server)
    third.builder.kill()
    other_big = pool.start(3, places=2, memory=100)
    time.sleep(0.3)
    assert not other_big.server()
    os.kill(big.server(), signal.SIGKILL)
    wait_for(other_big.server)


def test_gnu_make_joins(make: Callable[[int], Pool], tmp_path: Path) -> None:
    """GNU make by descriptors: three tokens are three jobs; all come back at the end."""
    pool = make(3)
    one = pool.start()
    wait_for(one.server)
    one.say("b")
    rules = "".join(f"j{n}:; @echo + >>log; sleep 0.2; echo - >>log\n" for n in range(12))
    (tmp_path / "Makefile").write_text(f"all: {' '.join(f'j{n}' for n in range(12))}\n{rules}")
    command = f"exec 3<>{one.dir}/jobs 4<>{one.dir}/jobs; exec make -s --jobserver-auth=3,4"
    subprocess.run(["bash", "-c", command], cwd=tmp_path, check=True, timeout=60)
    at_work, most = 0, 0
    for line in (tmp_path / "log").read_text().split():
        at_work += 1 if line == "+" else -1
        most = max(most, at_work)
    assert most == 3
    one.say("e")
    wait_for(lambda: pool.free() == 2)


def test_no_token_is_lost_by_kill_9(make: Callable[[int], Pool]) -> None:
    """Builders and servers killed 500 times, whatever they do: at the end all tokens are free."""
    rng = random.Random(19)
    pool = make(5)
    alive: list[Sandbox] = []
    kills = 0
    while kills < 500:
        while len(alive) < 6:
            alive.append(pool.start(rng.randrange(50)))
        for one in alive:
            if one.server():
                one.say(rng.choice("bbbse"))
                for _ in range(rng.randrange(3)):
                    if not one.take() and rng.random() < 0.3:
                        one.give()
        time.sleep(rng.random() * 0.01)
        victim = rng.choice(alive)
        if victim.server() and rng.random() < 0.5:
            os.kill(victim.server(), signal.SIGKILL)
        victim.end()
        pool.sandboxes[pool.sandboxes.index(victim)] = _Gone()
        alive.remove(victim)
        kills += 1
    for one in alive:
        one.builder.kill()
    wait_for(lambda: pool.free() == 5)
    last = pool.start(0)
    wait_for(last.server)
    last.say("b")
    for _ in range(4):
        wait_for(last.take)


class _Gone(Sandbox):
    """A sandbox that has been ended."""

    def __init__(self) -> None:
        """Start nothing."""

    def end(self) -> None:
        """Do nothing."""
