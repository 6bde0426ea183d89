"""LAUNCH=ssh: packages are built on other machines, and what happens when those fail.

The machines are real sshds in network namespaces (tests/hosts.py). Needs root.
"""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bulk import Bulk, expected
from hosts import Farm, Host, farm, missing
from launching import SLOW, slow_tree, wait_for_text

pytestmark = [pytest.mark.root, pytest.mark.skipif(bool(missing()), reason=missing())]

EXPECTED = expected()
FLAKY = (
    "[ `uname -n` != slow1 ] || { echo 'cc: internal compiler error: Segmentation fault'; exit 1; }"
)
BIG = "dd if=/dev/zero of=${WRKSRC}/big bs=1024k count=150"


@pytest.fixture(scope="module")
def two() -> Iterator[Farm]:
    """Give two hosts."""
    with farm("slow1", "slow2", sizes={"slow1": "120m"}) as made:
        yield made


@pytest.fixture
def remote(two: Farm, new_bulk, tmp_path: Path) -> Iterator[Callable[..., Bulk]]:
    """Give bulk builds on both hosts, up before and empty after, of such packages."""
    for host in two.hosts:
        if not host.process:
            host.start()

    def make(
        jobs: int = 1, words: str = "", *, more: dict[str, str] | None = None, **builds: str
    ) -> Bulk:
        settings = {"LAUNCH": "ssh", "HOSTS": str(two.file(jobs, words)), "SSH": two.ssh}
        settings |= {"HOST_RETRY": "1", **(more or {})}
        bulk: Bulk = new_bulk(slow_tree(tmp_path, builds), **settings)
        if builds:
            bulk.generate(*(f"misc/{name}" for name in builds))
        return bulk

    yield make
    for host in two.hosts:
        assert not host.process or not _left(host)


def _left(host: Host, seconds: float = 15) -> list[str]:
    """Wait until nothing of a build is on a host; what there is after that."""
    end = time.monotonic() + seconds
    while (found := _found(host)) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def _found(host: Host) -> list[str]:
    places = ("sandboxes/jobs/", "sandboxes/scratch/", "sandboxes/run/", "sandboxes/log/.runs/")
    files = [one for one in host.files() if one.startswith(places)]
    return files + host.processes().splitlines()


def test_packages_and_what_they_need_go_over_and_come_back(remote) -> None:
    """Each ends as it does on this machine, with its logs and record here."""
    bulk = remote(2)
    rows = [
        EXPECTED[name]
        for name in ("quiltview-2.0nb3", "netprobe-5.1", "deadlink-1.0", "askmail-2.2")
    ]
    bulk.generate(*(row.pkgpath for row in rows))
    assert bulk.make("-j4", "fetch").returncode != 0  # a link is dead
    assert list((bulk.root / "distfiles").glob("askmail*"))
    done = bulk.make("-j4")
    for row in rows:
        result = bulk.result(row.pkgname)
        assert (result["STATUS"], result.get("PHASE", "")) == (row.outcome, row.detail), done.stdout
        assert result["HOST"] in ("slow1", "slow2")
        assert (bulk.log / row.pkgname / f"{row.detail or 'install'}.log").stat().st_size
    assert {bulk.result(name)["HOST"] for name in bulk.packages()} == {"slow1", "slow2"}
    assert "libquilt-0.6" in bulk.packages()
    again = bulk.make("-j4", "-n").stdout
    assert "quiltview" not in again
    assert "netprobe" in again


def test_a_host_that_loses_power_costs_a_retry(two: Farm, remote) -> None:
    """Its package is built on the other; it is set aside, once, and taken back when it answers."""
    bulk = remote(slow=SLOW, tail="true")
    make = bulk.start("-j1")
    bulk.wait_for("on slow1   slow-1.0")
    wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1")
    two.hosts[0].kill()
    bulk.wait_for("aside      host slow1: the connection was lost in the middle of a build", 60)
    two.hosts[0].start()
    assert make.wait(60) == 0
    said = (bulk.root / "out").read_text()
    assert said.count("aside ") == 1
    assert "back       host slow1 works again" in said
    result = bulk.result("slow-1.0")
    assert (result["STATUS"], result["HOST"], result["TRIED"]) == ("built", "slow2", "slow1")


@pytest.mark.long
def test_a_host_that_loses_its_network_ends_by_itself(two: Farm, remote) -> None:
    """Both sides notice: here it costs a retry, there all of the build goes within minutes."""
    bulk = remote(slow=SLOW)
    make = bulk.start("-j1")
    wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1")
    two.hosts[0].plug("down")
    assert make.wait(120) == 0
    assert bulk.result("slow-1.0")["HOST"] == "slow2"
    assert _found(two.hosts[0])
    assert not _left(two.hosts[0], 150)
    two.hosts[0].plug("up")


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_when_make_is_killed_remote_builds_end(two: Farm, remote, sign: signal.Signals) -> None:
    """Within seconds, and the next run builds the package."""
    bulk = remote(slow=SLOW)
    make = bulk.start("-j1")
    wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1")
    assert _found(two.hosts[0])
    os.killpg(make.pid, sign) if sign == signal.SIGINT else make.kill()
    make.wait()
    assert not _left(two.hosts[0])
    assert not bulk.gone()
    assert not bulk.result("slow-1.0")


@pytest.mark.parametrize("rounds", [6, pytest.param(60, marks=pytest.mark.long)])
def test_a_far_end_that_is_cut_off_at_any_moment_leaves_nothing(
    two: Farm, remote, rounds: int
) -> None:
    """Whether it prepares a sandbox, builds, or takes it away again; without a next start."""
    bulk = remote(slow="true")
    for number in range(rounds):
        make = bulk.start("-j1")
        bulk.wait_for("on slow")
        time.sleep(1.5 * (number + 0.5) / rounds)
        make.kill()
        make.wait()
        for host in two.hosts:
            assert not _left(host), number
        bulk.gone()
        for path in bulk.all.glob("slow*"):
            path.unlink()


def test_a_package_that_takes_hosts_with_it_is_given_up(two: Farm, remote) -> None:
    """The third time it is the package's fault; it is tried again in the next run."""
    bulk = remote(slow=SLOW)
    make = bulk.start("-j1")
    for attempt in range(3):
        said = wait_for_text(bulk.root / "out", "on slow", 60, attempt + 1)
        number = int(said.rpartition("on slow")[2][0])
        wait_for_text(bulk.log / "slow-1.0" / "build.log", "step 1", 60)
        (bulk.log / "slow-1.0" / "build.log").unlink()
        two.hosts[number - 1].kill()
        two.hosts[number - 1].start()
    assert make.wait(60) != 0
    result = bulk.result("slow-1.0")
    assert result["STATUS"] == "killed"
    assert result["REASON"].startswith("took 3 hosts with it: slow")


def test_a_host_whose_compiler_crashes_is_found_out(remote) -> None:
    """A crash is tried once more elsewhere; built there, it counts against the host."""
    bulk = remote(flaky=FLAKY)
    done = bulk.make()
    assert "doubtful   flaky-1.0 failed on slow1 (crash:" in done.stdout
    assert "flaky      host slow1: flaky-1.0 failed there and was built elsewhere" in done.stdout
    assert bulk.result("flaky-1.0")["HOST"] == "slow2"


def test_a_host_whose_disk_is_full_is_no_fault_of_the_package(remote) -> None:
    """What did not fit on one host is built on another."""
    bulk = remote(words="SCRATCH=disk", big=BIG)
    done = bulk.make()
    assert "aside      host slow1: disk nearly full" in done.stdout
    assert bulk.result("big-1.0")["HOST"] == "slow2", done.stdout


def test_a_host_with_another_tree_builds_nothing(remote, tmp_path: Path) -> None:
    """The package's directory there must be the same, file by file."""
    bulk = remote(other="true")
    shutil.copytree(tmp_path / "tree", tmp_path / "tree2", symlinks=True)
    (tmp_path / "tree2" / "misc" / "other" / "DESCR").write_text("Another.\n")
    hosts = Path(bulk.settings["HOSTS"])
    lines = hosts.read_text().splitlines()
    lines[1] += f" PKGSRCDIR={tmp_path}/tree2"
    hosts.write_text("\n".join(lines) + "\n")
    done = bulk.make()
    assert f"aside      host slow1: {tmp_path}/tree2/misc/other differs from the one" in done.stdout
    assert bulk.result("other-1.0")["HOST"] == "slow2"


def test_shared_directories_are_used_as_they_are(two: Farm, remote) -> None:
    """With SHARED=yes nothing is copied: what the host writes is what this machine reads."""
    bulk = remote(2)
    hosts = Path(bulk.settings["HOSTS"])
    text = f" SHARED=yes PACKAGES={bulk.root}/packages DISTDIR={bulk.root}/distfiles"
    rows = [line + text for line in hosts.read_text().splitlines()[1:]]
    hosts.write_text("\n".join(rows) + "\n")
    bulk.generate(EXPECTED["quiltview-2.0nb3"].pkgpath)
    done = bulk.make("-j4")
    assert bulk.result("quiltview-2.0nb3")["STATUS"] == "built", done.stdout
    assert not [one for one in two.hosts[0].files() if "quilt" in one]


def test_no_host_that_works_halts_the_run(remote) -> None:
    """Nothing is recorded against the package, and the message says why each host is aside."""
    bulk = remote(other="true", more={"SSH": "ssh -F /nonexistent"})
    done = bulk.make()
    assert "run halted: no host in" in done.stdout
    assert "slow2: ssh cannot connect" in done.stdout
    assert not bulk.result("other-1.0")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "names no host"),
        ("-oProxyCommand=x 2\n", ":1: '-oProxyCommand=x' is not a host name"),
        ("a 2\n\na 3\n", ":3: host a is listed twice"),
        ("a many\n", "the second word must be the number of jobs, not 'many'"),
        ("a 1 1.5 NOSUCH=1\n", "unknown word 'NOSUCH=1'"),
        ("a 1 BASE=$(id)\n", "has a character that ssh or sh misreads"),
    ],
)
def test_a_hosts_file_with_a_fault_halts_the_run(
    new_bulk, tmp_path: Path, text: str, fault: str
) -> None:
    """One line that says where."""
    (tmp_path / "hosts").write_text(text)
    bulk = new_bulk(LAUNCH="ssh", HOSTS=str(tmp_path / "hosts"))
    bulk.generate(EXPECTED["lonely-1.0"].pkgpath)
    done = bulk.make()
    assert "run halted:" in done.stdout
    assert fault in done.stdout
