"""Where a person's machine differs: links in paths, DNS by a link into /run, fetch tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bulk import TOP, TREE, Bulk

pytestmark = pytest.mark.root

LOOKUP = """\
DISTNAME=\tlookup-1.0
CATEGORIES=\tmisc
MAINTAINER=\tmini@example.org
COMMENT=\tShows how names are looked up
LICENSE=\tmodified-bsd
INSTALLATION_DIRS=\tshare/lookup

fetch: show
show:
\tcat /etc/resolv.conf /etc/hosts
do-build:
\techo "jobs ${MAKE_JOBS}"
do-install:
\t${INSTALL_DATA} ${.CURDIR}/DESCR ${DESTDIR}${PREFIX}/share/lookup/file

.include "../../mk/bsd.pkg.mk"
"""
MOUNTS = """\
mount -t tmpfs run /run
mkdir -p /run/resolve
echo nameserver 192.0.2.53 >/run/resolve/stub.conf
echo 192.0.2.54 mirror.example >/run/resolve/hosts
mount --bind "$1" /etc
shift
exec "$@"
"""
FOUR, SIX = 4, 6


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Give a copy of the miniature tree with a package that tells what it sees."""
    shutil.copytree(TREE, tmp_path / "tree", symlinks=True)
    folder = tmp_path / "tree" / "misc" / "lookup"
    folder.mkdir()
    (folder / "DESCR").write_text("Looks.\n")
    (folder / "PLIST").write_text("@comment $NetBSD$\nshare/lookup/file\n")
    (folder / "Makefile").write_text(LOOKUP)
    return tmp_path / "tree"


def _linked(bulk: Bulk, tmp_path: Path) -> None:
    """Let bulk see an /etc whose resolv.conf and hosts are links into /run."""
    etc = tmp_path / "etc"
    shutil.copytree("/etc", etc, symlinks=True)
    for name, target in (
        ("resolv.conf", "../run/resolve/stub.conf"),
        ("hosts", "/run/resolve/hosts"),
    ):
        (etc / name).unlink(missing_ok=True)
        (etc / name).symlink_to(target)
    words = ("unshare", "--mount", "--propagation", "private", "sh", "-ec", MOUNTS, "sh", str(etc))
    bulk.before = words


@pytest.mark.parametrize("system", ["", "Linux-chroot"])
def test_names_are_looked_up_as_on_the_host(new_bulk, tree, tmp_path, monkeypatch, system) -> None:
    """resolv.conf and hosts are links into /run, as systemd-resolved and resolvconf leave them."""
    bulk = new_bulk(tree)
    bulk.generate("misc/lookup")
    _linked(bulk, tmp_path)
    if system:
        monkeypatch.setenv("BULK_OS", system)
    done = bulk.make()
    assert done.returncode == 0, done.stdout
    log = (bulk.log / "lookup-1.0" / "checksum.log").read_text()
    assert "nameserver 192.0.2.53" in log
    assert "192.0.2.54 mirror.example" in log
    assert "lookup-1.0" in bulk.packages()
    fetched = bulk.make("fetch").stdout
    assert "nameserver 192.0.2.53" in (bulk.log / "lookup-1.0" / "fetch.log").read_text(), fetched


@pytest.mark.parametrize("jobs", [1, FOUR, SIX])
@pytest.mark.parametrize("tool", ["make", "bmake"])
def test_jobs_inside_a_build(new_bulk, tree: Path, tool: str, jobs: int) -> None:
    """Processors divided by -j if there is no pool; mk.conf and the setting come first."""
    bulk = new_bulk(tree)
    conf = bulk.root / "mk.conf"
    shutil.copy(bulk.kit.parent / "mk.conf", conf)
    bulk.settings["MAKECONF"] = str(conf)
    bulk.generate("misc/lookup")

    def built(*words: str) -> str:
        (bulk.all / "lookup-1.0.tgz").unlink(missing_ok=True)
        done = bulk.make(f"-j{jobs}", *words, tool=tool)
        assert done.returncode == 0, done.stdout
        return (bulk.log / "lookup-1.0" / "build.log").read_text()

    usual = max(1, len(os.sched_getaffinity(0)) // jobs)
    assert f"jobs {usual}\n" in built("JOB_POOL=no")
    conf.write_text(conf.read_text().replace(".endif", "MAKE_JOBS=\t17\n.endif"))
    assert "jobs 17\n" in built()
    assert "jobs 3\n" in built("MAKE_JOBS=3")


def _links(bulk: Bulk, tmp_path: Path) -> None:
    """Give all its directories by links, DISTDIR as a link in the tree itself."""
    real = tmp_path / "real"
    for name in ("packages", "distfiles", "log", "sandboxes"):
        (real / name).mkdir(parents=True)
        (bulk.root / name).symlink_to(real / name)
    (real / "distfiles").rmdir()
    files = tmp_path / "more" / "files"
    files.mkdir(parents=True)
    (bulk.tree / "distfiles").symlink_to(files)
    bulk.settings["DISTDIR"] = f"{bulk.tree}/distfiles"


@pytest.mark.parametrize("system", ["", pytest.param("Linux-chroot", marks=pytest.mark.long)])
def test_directories_that_are_links(new_bulk, tree, tmp_path, monkeypatch, system) -> None:
    """Tree, packages, distfiles, logs and sandboxes: all is built, fetched and published."""
    link = tmp_path / "pkgsrc"
    link.symlink_to(tree)
    bulk = new_bulk(link, PUBLISH=str(tmp_path / "published"))
    _links(bulk, tmp_path)
    bulk.generate("misc/lookup", "graphics/shapecalc", "graphics/quiltview")
    if system:
        monkeypatch.setenv("BULK_OS", system)
    done = bulk.make("-j2")
    assert done.returncode == 0, done.stdout
    assert list((tmp_path / "more" / "files").glob("shapecalc-*"))
    assert "quiltview-0.6.2" in bulk.packages() or any("quiltview" in p for p in bulk.packages())
    assert bulk.make("fetch").returncode == 0
    assert bulk.make("publish").returncode == 0
    assert list((tmp_path / "published" / "All").glob("*.tgz"))
    assert (bulk.all / "pkg_summary.gz").stat().st_size


def test_a_link_to_what_cannot_be_used(new_bulk, tree: Path, tmp_path: Path) -> None:
    """One error that names the link and where it leads."""
    (tmp_path / "my disk").mkdir()
    bulk = new_bulk(tree)
    (bulk.root / "distfiles").symlink_to(tmp_path / "my disk")
    bulk.generate("misc/lookup")
    done = bulk.make()
    assert f"distfiles leads to '{tmp_path}/my disk', which is not allowed" in done.stdout
    assert done.stdout.count("run halted") == 1


@pytest.mark.parametrize(
    ("conf", "said"),
    [
        (
            "FETCH_USING=curl\nTOOLS_PATH.curl=/usr/bin/no-curl",
            "not found in the base system: /usr/bin/no-curl",
        ),
        ("FETCH_USING=ftp\n_FETCH_CMD.ftp=/etc/ftp", "/etc/ftp does not support https"),
        (
            "FETCH_USING=curl\nTOOLS_PATH.curl=/usr/pkg/bin/curl",
            "/usr/pkg/bin/curl is part of a package",
        ),
        (
            "FETCH_USING=mktool\nTOOLS_PLATFORM.mktool=/usr/bin/mk-tool",
            "not found in the base system: /usr/bin/mk-tool",
        ),
        ("FETCH_USING=curl\nTOOLS_PATH.curl=/bin/true", ""),
    ],
)
def test_no_tool_to_fetch_with(new_bulk, tree, tmp_path, conf: str, said: str) -> None:
    """Said once, before anything is built, if there is anything to fetch, and not otherwise."""
    etc = tmp_path / "etc"
    shutil.copytree("/etc", etc, symlinks=True)
    (etc / "ftp").write_text("#!/bin/sh\nexit 1\n")
    (etc / "ftp").chmod(0o755)
    bulk = new_bulk(tree)
    words = 'mount --bind "$1" /etc; shift; exec "$@"'
    bulk.before = (
        "unshare",
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-ec",
        words,
        "sh",
        str(etc),
    )
    file = bulk.root / "mk.conf"
    text = (bulk.kit.parent / "mk.conf").read_text()
    file.write_text(text.replace(".endif", f"{conf}\n.endif"))
    bulk.settings["MAKECONF"] = str(file)
    bulk.generate("graphics/shapecalc")
    done = bulk.make("fetch")
    if said:
        assert "run halted: cannot fetch shapecalc-1.2.tar.gz of graphics/shapecalc" in done.stdout
        assert said in done.stdout
    else:
        assert "run halted" not in done.stdout
    if said and "package" not in said:
        assert "building" not in bulk.make().stdout
    for path in (TREE / "mirror").glob("*.tar.gz"):
        shutil.copy(path, bulk.root / "distfiles")
    assert "run halted" not in bulk.make().stdout
    assert any(name.startswith("shapecalc") for name in bulk.packages())


@pytest.mark.parametrize(
    "conf",
    ["http://dist.example.org/", "http://dist.example.org/\nhttp_proxy=http://p/", "http://[::1]/"],
    ids=["names", "proxy", "address"],
)
def test_no_network(new_bulk, tree, tmp_path, conf: str) -> None:
    """Said once, before anything is built, with the first file that is missing."""
    shutil.copytree("/etc", tmp_path / "etc", symlinks=True)
    hosts = tmp_path / "etc" / "hosts"
    hosts.write_text("")
    bulk = new_bulk(tree, MAKECONF=str(tmp_path / "mk.conf"))
    words = 'mount --bind "$1" /etc; shift; exec "$@"'
    bulk.before = ("unshare", "--mount", "--net", "sh", "-ec", words, "sh", str(tmp_path / "etc"))
    text = (bulk.kit.parent / "mk.conf").read_text()
    conf = f"MINI_MIRROR={conf}\nFETCH_USING=curl\nTOOLS_PATH.curl=/bin/true"
    (tmp_path / "mk.conf").write_text(text.replace(".endif", f"{conf}\n.endif"))
    bulk.generate("graphics/shapecalc")
    said = "run halted: no network: this machine cannot find dist.example.org, which has "
    said += "shapecalc-1.2.tar.gz of graphics/shapecalc\n"
    if "proxy" in conf or "::" in conf:
        assert "run halted" not in bulk.make("fetch").stdout
        return
    done = bulk.make()
    assert said in done.stdout
    assert "building" not in done.stdout
    hosts.write_text("127.0.0.1 cdn.netbsd.org\n")  # an old site is gone, the network is there
    assert "run halted" not in bulk.make("fetch").stdout


def test_reference_counts_are_no_strays(new_bulk, tree: Path) -> None:
    """What packages' scripts count lies beside the package database."""
    makefile = tree / "misc" / "lookup" / "Makefile"
    text = makefile.read_text()
    count = "\tmkdir -p ${PKG_REFCOUNT_DBDIR}/dirs && echo x >${PKG_REFCOUNT_DBDIR}/dirs/lookup\n"
    stray = "\techo x >/etc/really-stray\n"
    text = text.replace("do-install:\n", f"USE_DESTDIR=\tdestdir\ndo-install:\n{count}{stray}")
    makefile.write_text(text.replace("LICENSE=", "PKG_DESTDIR_SUPPORT=\tdestdir\nLICENSE="))
    bulk = new_bulk(tree)
    bulk.generate("misc/lookup")
    assert bulk.make().returncode == 0
    log = (bulk.log / "lookup-1.0" / "stray.log").read_text()
    assert "refcount" not in log
    assert "/etc/really-stray" in log


def test_many_dependencies_are_no_argument(tmp_path: Path) -> None:
    """All that 9,000 packages need, from bulk.mk: more than one argument can hold."""
    names = [f"a-package-with-a-rather-long-name-{n}-1.0" for n in range(9000)]
    rules = "".join(f"$(ALL)/{name}$(SUFX): $(ALL)/base-1$(SUFX)\n" for name in names)
    (tmp_path / "bulk.mk").write_text(rules + "$(ALL)/base-1$(SUFX):\n")
    (tmp_path / "names").write_text("\n".join(names))
    script = TREE.parent.parent / "sandbox-scripts" / "host" / "closure.sh"
    words = f'. {script}; IFS="\n"; closure {tmp_path}/out $(cat {tmp_path}/names)'
    env = {
        "BULK_SCRIPTS": str(script.parent.parent),
        "BULK_LOG": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }
    env["BULK_MAKEFILE"] = str(tmp_path / "bulk.mk")
    subprocess.run(["sh", "-ec", words], check=True, env=env)
    assert (tmp_path / "out").read_text().split() == sorted(["base-1", *names])


def test_scan_in_a_sandbox_of_a_tree_that_is_a_link(tree: Path, kit: Path, tmp_path: Path) -> None:
    """The records are those of the tree itself."""
    (tmp_path / "pkgsrc").symlink_to(tree)
    (tree / "distfiles").symlink_to(tmp_path / "nowhere")
    said = []
    for number, root in enumerate((tree, tmp_path / "pkgsrc")):
        argv = [sys.executable, "-m", "pkgmkgen", "scan", "--no-cache", "--pkgsrc", str(root)]
        argv += ["--set", f"BOOTSTRAP_KIT={kit}", "--set", f"SANDBOXDIR={tmp_path}/s{number}"]
        argv += ["misc/lookup", "graphics/quiltview"]
        done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=TOP)
        assert done.returncode == 0, done.stderr
        said.append(done.stdout.replace(f"{root}/", "").replace(f"{tree}/", ""))
    assert said[0] == said[1]
    assert "PKGNAME=lookup-1.0" in said[0]


def test_links_that_lead_out_of_the_tree(new_bulk, tree: Path, tmp_path: Path) -> None:
    """A package whose patches the sandbox lacks fails and says so, rather than be built without."""
    outside = tmp_path / "outside"
    shutil.move(tree / "misc" / "lookup", outside)
    (tree / "misc" / "lookup").mkdir()
    for file in outside.iterdir():
        shutil.copy(file, tree / "misc" / "lookup")
    (tree / "misc" / "lookup" / "work.here").symlink_to("/nowhere")  # of somebody's own build
    patches = tree / "misc" / "lookup" / "patches"
    patches.symlink_to(outside)
    bulk = new_bulk(tree)
    bulk.generate("misc/lookup", "misc/lonely")
    done = bulk.make()
    assert f"not in the sandbox: what misc/lookup/patches links to, {outside}" in done.stdout
    assert bulk.packages() == {"lonely-1.0"}
    patches.unlink()
    (patches.parent / "more").symlink_to("../lonely")  # another place in the tree
    assert bulk.make().returncode == 0
    assert bulk.packages() == {"lonely-1.0", "lookup-1.0"}
    (tree / "misc" / "lookup").rename(tmp_path / "lookup")
    (tree / "misc" / "lookup").symlink_to(tmp_path / "lookup")
    (bulk.all / "lookup-1.0.tgz").unlink()
    done = bulk.make()
    assert f"not in the sandbox: what misc/lookup links to, {tmp_path / 'lookup'}" in done.stdout


@pytest.mark.parametrize("fault", ["x=${y%%\n", "no-such-program-of-ours\n"])
def test_a_script_of_ours_that_fails_is_no_failure_of_a_package(
    new_bulk, tmp_path: Path, fault: str
) -> None:
    """NetBSD's sh could not read one of the scripts: 40 packages had failed, and no machine."""
    scripts = tmp_path / "scripts"
    shutil.copytree(TOP / "sandbox-scripts", scripts)
    with (scripts / "inside" / "depends.sh").open("a") as script:
        script.write(fault)
    bulk = new_bulk(SCRIPTS=str(scripts))
    bulk.generate("misc/lonely")
    done = bulk.make("misc/lonely")
    assert "run halted: the sandbox of lonely-1.0 failed" in done.stdout
    assert not (bulk.log / "lonely-1.0" / "result").exists()
