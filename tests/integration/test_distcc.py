"""Compile jobs on other machines: real distccd servers, packages of the miniature tree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk import TOP, Bulk
from farm import Host, farm, lacking

pytestmark = [
    pytest.mark.root,
    pytest.mark.skipif(bool(lacking()), reason=f"not installed: {' '.join(lacking())}"),
]

FORGE = "polyforge-4.0"
MINI = "libmini-1.4.2nb1"
JOBS = 13
"""Compile jobs of polyforge with its UNITS: a file each, and main.c."""
MINI_JOBS = "4"


@pytest.fixture(scope="module")
def hosts(tmp_path_factory) -> Iterator[list[Host]]:
    """Give two hosts that live as long as the tests of this file."""
    with farm(tmp_path_factory.mktemp("farm"), 2) as found:
        yield found


def _conf(kit: Path, tmp_path: Path, *lines: str, units: int = JOBS - 1) -> str:
    """Write an mk.conf: the kit's and some more lines."""
    conf = tmp_path / "mk.conf"
    text = (kit.parent / "mk.conf").read_text()
    conf.write_text("\n".join([text, f"POLYFORGE_UNITS={units}", *lines, ""]))
    return str(conf)


def _names(hosts: list[Host]) -> str:
    return " ".join(f"{host.address}/3" for host in hosts)


def _done(hosts: list[Host]) -> int:
    return sum(host.jobs() for host in hosts)


def _built(bulk: Bulk, pkgname: str) -> dict[str, str]:
    """Build all; returns the record of one."""
    done = bulk.make("-j2", "all")
    assert done.returncode == 0, done.stdout
    return bulk.result(pkgname)


def _report(bulk: Bulk, form: str) -> str:
    argv = [sys.executable, "-m", "pkgmkgen", "report", "--log", str(bulk.log), "--format", form]
    return subprocess.run(argv, capture_output=True, text=True, check=True, cwd=TOP).stdout


def test_compile_jobs_run_on_other_machines_and_are_counted(new_bulk, kit, tmp_path, hosts) -> None:
    """Every one of them, without a word in the tree; as many jobs at a time as hosts take.

    A package that cannot stand it is excepted by PACKAGE_SETTINGS. When make is killed in the
    middle, no relay outlives it.
    """
    settings = tmp_path / "settings"
    settings.write_text("libmini-* DISTCC_HOSTS=\n")
    bulk = new_bulk(
        MAKECONF=_conf(kit, tmp_path), DISTCC_HOSTS=_names(hosts), PACKAGE_SETTINGS=str(settings)
    )
    bulk.generate("math/polyforge")
    before = _done(hosts)
    record = _built(bulk, FORGE)
    assert record["MAKE_JOBS"] == "6"
    assert (record["DISTCC_JOBS"], record["DISTCC_REMOTE"]) == (str(JOBS), str(JOBS))
    assert record["DISTCC_RETRIES"] == "0"
    assert _done(hosts) == before + JOBS
    without = bulk.result(MINI)
    assert without["MAKE_JOBS"] == ""
    assert "DISTCC_JOBS" not in without
    report = json.loads(_report(bulk, "json"))
    assert report["compiled"]["remote"] == JOBS
    rows = {row["pkgname"]: row for row in report["packages"]}
    assert rows[FORGE]["compiled"]["remote"] == JOBS
    assert f"other machines: {JOBS} of {JOBS} (100 %)" in _report(bulk, "text")

    (bulk.all / f"{FORGE}.tgz").unlink()
    with bulk.start("-j2", "all") as make:
        while _done(hosts) < before + JOBS + 2:
            assert make.poll() is None
        make.kill()
    assert not bulk.gone()
    assert not _relays(bulk)


def test_without_root(their, hosts) -> None:
    """The way out of a sandbox is there in a user namespace, too."""
    conf = f"POLYFORGE_UNITS={JOBS - 1}\n"
    bulk = their("math/polyforge", conf=conf, DISTCC_HOSTS=_names(hosts))
    record = _built(bulk, FORGE)
    assert (record["DISTCC_JOBS"], record["DISTCC_REMOTE"]) == (str(JOBS), str(JOBS))


def test_the_way_of_pkgsrc_is_kept_and_not_doubled(new_bulk, kit, tmp_path, hosts) -> None:
    """PKGSRC_COMPILER and DISTCC_HOSTS in mk.conf are enough; distcc would not run itself."""
    lines = ("PKGSRC_COMPILER=distcc gcc", f"DISTCC_HOSTS={_names(hosts)}")
    bulk = new_bulk(MAKECONF=_conf(kit, tmp_path, *lines))
    bulk.generate("devel/libmini")
    record = _built(bulk, MINI)
    assert (record["DISTCC_JOBS"], record["DISTCC_REMOTE"]) == (MINI_JOBS, MINI_JOBS)
    assert "/sandbox/compilers" not in (bulk.log / MINI / "build.log").read_text()


def test_a_sandbox_reaches_the_hosts_of_distcc_and_nothing_else(
    new_bulk, kit, tmp_path, hosts
) -> None:
    """Not another port of them, not their own address, no process or socket of the relays."""
    first = hosts[0]
    bulk = new_bulk(MAKECONF=_conf(kit, tmp_path), DISTCC_HOSTS=_names(hosts))
    bulk.generate("devel/libmini")
    assert bulk.make("pkgtools/digest").returncode == 0
    tries = {
        "relay": "127.1.0.1/3632",
        "other-port": "127.1.0.1/22",
        "no-host": "127.1.0.3/3632",
        "host": f"{first.address}/3632",
        "here": f"{first.gateway}/3632",
    }
    lines = [
        f"timeout 3 bash -c '</dev/tcp/{to}' 2>/dev/null && echo REACHED {name}"
        for name, to in tries.items()
    ]
    lines += ["grep -l socat /proc/[0-9]*/comm && echo SEEN"]
    lines += ["find /sandbox /tmp /var /etc -type s 2>/dev/null | grep . && echo SOCKET", "true"]
    (bulk.all / "spy.sh").write_text("\n".join(lines))  # a directory that builds can read
    words = ("shell", f"PKG={MINI}", "AT=configure", f"COMMAND=sh {bulk.all}/spy.sh")
    for user in ((), ("ROOT=yes",)):
        said = bulk.make(*words, *user).stdout.splitlines()
        assert [x for x in said if x.startswith(("REA", "SEEN", "SOC"))] == ["REACHED relay"], said


def test_a_host_that_dies_or_goes_silent_costs_a_retry_and_no_package(
    new_bulk, kit, tmp_path
) -> None:
    """One is killed and one swallows all packets, both in the middle of a build."""
    with farm(tmp_path, 3) as hosts:
        bulk = new_bulk(MAKECONF=_conf(kit, tmp_path, units=40), DISTCC_HOSTS=_names(hosts))
        bulk.generate("math/polyforge")
        with bulk.start("-j2", "all") as make:
            bulk.wait_for(f"building   {FORGE}")
            while sum(host.jobs() for host in hosts) < 12:
                assert make.poll() is None
            hosts[0].refuse()
            hosts[1].swallow()
            assert make.wait(timeout=120) == 0
        record = bulk.result(FORGE)
        assert record["STATUS"] == "built"
        assert record["DISTCC_JOBS"] == "41"
        assert 12 <= int(record["DISTCC_REMOTE"]) <= 41
        assert int(record["DISTCC_RETRIES"])
        log = (bulk.log / FORGE / "relay.log").read_text()
        assert "timed out" in log
        assert bulk.make("-q", FORGE).returncode == 0


def _relays(bulk: Bulk) -> list[str]:
    found = subprocess.run(["ps", "axo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in found.splitlines() if "Linux-relay" in line and str(bulk.root) in line]


def test_what_ccache_has_is_not_compiled_again(new_bulk, kit, tmp_path, hosts) -> None:
    """Before distcc, as it must be; the cache outlives the sandbox that filled it."""
    cache = tmp_path / "ccache"
    conf = _conf(kit, tmp_path)
    bulk = new_bulk(MAKECONF=conf, DISTCC_HOSTS=_names(hosts), CCACHE_DIR=str(cache))
    bulk.generate("devel/libmini")
    first = _built(bulk, MINI)
    assert (first["DISTCC_REMOTE"], first["CCACHE_HITS"]) == (MINI_JOBS, "0")
    (bulk.all / f"{MINI}.tgz").unlink()
    again = _built(bulk, MINI)
    assert (again["CCACHE_JOBS"], again["CCACHE_HITS"]) == (MINI_JOBS, MINI_JOBS)
    assert again["DISTCC_JOBS"] == "0"


@pytest.mark.parametrize(
    ("hosts_", "word"),
    [("me@host", "ssh"), ("+zeroconf", "sandbox"), ("a,auth", ",lzo"), ("host:x", "port")],
)
def test_hosts_that_cannot_be_relayed_halt_the_run_with_one_line(new_bulk, hosts_, word) -> None:
    """Before any package is touched."""
    bulk = new_bulk()
    bulk.generate("graphics/raytoy")
    done = bulk.make(f"DISTCC_HOSTS={hosts_}", "all")
    said = [line for line in done.stdout.splitlines() if "DISTCC_HOSTS: " in line]
    assert done.returncode != 0
    assert word in said[0]
    assert not bulk.result("raytoy-0.2")
