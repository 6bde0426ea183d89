"""PACKAGES_FROM: packages of a repository, if they are what a build would make."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import os
import re
import shutil
import signal as signals
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from bulk import Bulk
from changes import CORE, FONT, PIXELS, STUDIO, append, built_now, prepare

pytestmark = pytest.mark.root

PATHS = {
    *PIXELS,
    "mail/postroom",
    "misc/lonely",
    "textproc/colrule",
    "editors/microvi",
    "editors/nanovi",
    "textproc/wordtally",
    "devel/textgen",
}
DRAWN = "pixel-draw-2.1"


@pytest.fixture(scope="module")
def repository(kit, tmp_path_factory) -> Path:
    """Build some packages, once; the tree is beside them."""
    root = tmp_path_factory.mktemp("repository")
    prepare(root / "tree")
    bulk = Bulk(root, kit, root / "tree")
    bulk.generate(*PATHS)
    assert "13 packages: 13 built" in bulk.make("-j2").stdout
    return root


@pytest.fixture
def taking(repository: Path, new_bulk, tmp_path) -> Callable[..., Bulk]:
    """Give a bulk build of that tree that takes from a copy of that repository, `tmp_path/from`."""
    shutil.copytree(repository / "packages/All", tmp_path / "from")

    def make(*paths: str, **settings: str) -> Bulk:
        sets = {"PACKAGES_FROM": str(tmp_path / "from"), **settings}
        bulk = new_bulk(repository / "tree", **sets)
        if paths:
            bulk.generate(*paths)
        return bulk

    return make


def taken(said: str) -> set[str]:
    """Return the PKGNAMEs that a run took."""
    return set(re.findall(r"^taken      (\S+) from ", said, re.MULTILINE))


def refused(said: str) -> dict[str, str]:
    """Return why packages were not taken, by PKGNAME."""
    return dict(re.findall(r"^not taken  (\S+) from \S+: (.*)$", said, re.MULTILINE))


@contextmanager
def served(folder: Path, held: str = "", asked: threading.Event | None = None) -> Iterator[str]:
    """Serve a directory by http; yield its URL. The file `held` is never sent, only asked for."""
    end = threading.Event()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            if held and asked and self.path.endswith(held):
                asked.set()
                end.wait()
            else:
                super().do_GET()

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        end.set()
        server.shutdown()


def test_packages_are_taken_not_built(taking, repository: Path) -> None:
    """All of a directory; they are the same files, and afterwards nothing is out of date."""
    bulk = taking(*PIXELS, "mail/postroom")
    said = bulk.make("-j2").stdout
    assert not built_now(said)
    assert len(taken(said)) == 5
    assert "5 packages: 5 built" in said
    for path in bulk.all.glob("*.tgz"):
        assert path.read_bytes() == (repository / "packages/All" / path.name).read_bytes()
    assert bulk.result(DRAWN)["TAKEN_FROM"] == bulk.settings["PACKAGES_FROM"]
    assert "SECONDS" not in bulk.result(DRAWN)
    assert "5 up to date" in bulk.make("-j2").stdout


def test_only_those_that_are_named_by_http(taking, tmp_path) -> None:
    """PACKAGE_SETTINGS names them; the others are built, also those that need them."""
    named = tmp_path / "named"
    bulk = taking(*PIXELS, PACKAGES_FROM="", PACKAGE_SETTINGS=str(named))
    with served(tmp_path / "from") as url:
        lines = f"pixel-core-* PACKAGES_FROM={url}/\npixel-font-* PACKAGES_FROM={url}/no\n"
        named.write_text(lines)
        said = bulk.make("-j2").stdout
    assert taken(said) == {"pixel-core-2.0"}
    assert built_now(said) == PIXELS - {CORE}
    assert list(refused(said)) == ["pixel-font-2.0.5nb2"]
    assert "404" in refused(said)["pixel-font-2.0.5nb2"]
    assert "4 up to date" in bulk.make("-j2").stdout


def rewrite(package: Path, old: str, new: str, more: str = "") -> None:
    """Replace text in the members of a package; add a member."""
    with tarfile.open(package) as archive:
        files = ((m, archive.extractfile(m)) for m in archive)
        members = [(member, file.read() if file else b"") for member, file in files]
    if more:
        members.append((tarfile.TarInfo(more), b""))
    with tarfile.open(package, "w:gz") as archive:
        for member, content in members:
            text = re.sub(old.encode(), new.encode(), content)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text) if member.isfile() else None)


def describe(folder: Path) -> None:
    """Let pkg_summary and the checksums have the files as they are."""
    records = gzip.decompress((folder / "pkg_summary.gz").read_bytes()).decode().split("\n\n")
    sums = ""
    for path in sorted(folder.glob("*.tgz")):
        content = path.read_bytes()
        sums += f"SHA256 ({path.name}) = {hashlib.sha256(content).hexdigest()}\n"
        for number, record in enumerate(records):
            if f"FILE_NAME={path.name}\n" in f"{record}\n":
                records[number] = re.sub("FILE_SIZE=.*", f"FILE_SIZE={len(content)}", record)
    (folder / "pkg_summary.gz").write_bytes(gzip.compress("\n\n".join(records).encode()))
    (folder / "SHA256").write_text(sums)


CHANGED = {
    "lonely-1.0": ("", "", "../../../etc/escaped"),
    "colrule-1.0": ("@name colrule-1.0", "@name colrule-0.9"),
    "microvi-1.0": ("MACHINE_ARCH=.*", "MACHINE_ARCH=vax"),
    "nanovi-1.0": ("OPSYS=", "PKG_OPTIONS=ssl\nOPSYS="),
    DRAWN: ("@blddep pixel-core-2.0", "@blddep pixel-core-1.9"),
    "pixel-font-2.0.5nb2": ("OPSYS=", "REQUIRES=/usr/pkg/lib/libgone.so.1\nOPSYS="),
    "postroom-3.3": ("OPSYS=", "REQUIRES=/lib/libgone.so.1\nOPSYS="),
    "pixel-studio-2.2": (r"(Makefile:\t).*", r"\1$NetBSD: Makefile,v 1.9 2027 x $"),
}
REASONS = {
    "lonely-1.0": "a member's name leads out of the package: ..",
    "colrule-1.0": "its name inside is 'colrule-0.9'",
    "microvi-1.0": "MACHINE_ARCH is vax, here it would be",
    "nanovi-1.0": "its options are 'ssl', here they would be ''",
    DRAWN: "it was built with pixel-core-1.9, here it would be with pixel-core-2.0",
    "pixel-font-2.0.5nb2": "it requires the library /usr/pkg/lib/libgone.so.1, which would not",
    "postroom-3.3": "it requires the library /lib/libgone.so.1, which would not be there",
    "pixel-studio-2.2": f"made from another {STUDIO}/Makefile",
    "wordtally-1.0": "its SHA256 is not that of the repository",
    "textgen-0.3": "cannot get textgen-0.3.tgz",
}


def test_what_does_not_fit_is_built(taking, tmp_path) -> None:
    """One line says why; the package is the one that a build makes."""
    folder = tmp_path / "from"
    for name, words in CHANGED.items():
        rewrite(folder / f"{name}.tgz", *words)
    describe(folder)
    damaged = folder / "wordtally-1.0.tgz"
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 255
    damaged.write_bytes(content)
    (folder / "textgen-0.3.tgz").unlink()
    os.mkfifo(folder / "textgen-0.3.tgz")
    bulk = taking(*PATHS)
    said = bulk.make("-j2").stdout
    found = refused(said)
    assert found.keys() == REASONS.keys(), said
    assert [n for n, text in REASONS.items() if text not in found[n]] == [], found
    assert taken(said) == bulk.packages() - REASONS.keys()
    assert len(built_now(said)) == len(REASONS)
    assert not any("TAKEN_FROM" in bulk.result(name) for name in REASONS)


def test_a_package_that_fails_here_is_taken(taking, tmp_path, repository: Path) -> None:
    """From a directory without pkg_summary, too; it is not built again in vain."""
    folder = tmp_path / "from"
    for name in ("pkg_summary.gz", "pkg_summary.zst", "SHA256"):
        (folder / name).unlink(missing_ok=True)
    file = folder / "pixel-font-2.0.5nb2.tgz"
    whole = file.read_bytes()
    file.write_bytes(whole[:-40])
    bulk = taking()
    bulk.tree = tmp_path / "tree"
    shutil.copytree(repository / "tree", bulk.tree, symlinks=True)
    append(bulk.tree / "graphics/common.mk", "post-install:\n\tfalse\n")
    bulk.generate(FONT)
    said = bulk.make().stdout
    assert "it is no whole archive" in refused(said)["pixel-font-2.0.5nb2"]
    assert "failed     pixel-font-2.0.5nb2 in install" in said
    said = bulk.make().stdout
    assert "none of its inputs has changed" in said
    assert "it is no whole archive" in refused(said)["pixel-font-2.0.5nb2"]
    file.write_bytes(whole)
    assert taken(bulk.make().stdout) == {"pixel-font-2.0.5nb2"}


def test_an_unprivileged_user_takes_by_http(their, repository: Path) -> None:
    """The same, in a user namespace."""
    with served(repository / "packages/All") as url:
        bulk = their(CORE, PACKAGES_FROM=url)
        said = bulk.make().stdout
    assert taken(said) == {"pixel-core-2.0"}, said
    assert "1 up to date" in bulk.make().stdout


@pytest.mark.parametrize("signal", ["KILL", "TERM"])
def test_a_download_ends_with_its_run(taking, tmp_path, signal: str) -> None:
    """The run is killed or told to end while a server sends nothing: nothing stays."""
    asked = threading.Event()
    with served(tmp_path / "from", "pixel-core-2.0.tgz", asked) as url:
        bulk = taking(CORE, PACKAGES_FROM=url)
        process = bulk.start()
        assert asked.wait(60)
        process.send_signal(getattr(signals, f"SIG{signal}"))
        process.wait(timeout=20)
        assert not bulk.gone()
    assert not bulk.packages()
