"""Does a package of a repository fit this machine and this tree? host/from.awk says why not."""

from __future__ import annotations

import subprocess

import pytest
from bulk import TOP

HERE = """\
OPSYS=NetBSD
OS_VERSION=10.1
MACHINE_ARCH=x86_64
LOCALBASE=/usr/pkg
"""
GOOD = """\
OPSYS=NetBSD
OS_VERSION=10.1
MACHINE_ARCH=x86_64
ABI=64
LOCALBASE=/usr/pkg
PKG_OPTIONS=ssl inet6
DEPENDS=zlib>=1.2
DEPENDS={png,apng}-[0-9]*
BUILT_WITH=zlib-1.3
"""


def compare(tmp_path, theirs: str, own: str = "own", options: str = "inet6=ssl") -> str:
    """Return the first reason why a package of these lines does not fit."""
    (tmp_path / "here").write_text(HERE)
    (tmp_path / "theirs").write_text(theirs)
    scripts = TOP / "sandbox-scripts"
    argv = ["awk", "-v", "file=x-1.tgz", "-v", f"options={options}", "-v", f"own={own}"]
    argv += ["-v", "needs=zlib-1.3 png-1.6 tool-2", "-f", f"{scripts}/repository/pattern.awk"]
    argv += ["-f", f"{scripts}/host/from.awk", "here=1", f"{tmp_path}/here", "here="]
    done = subprocess.run([*argv, f"{tmp_path}/theirs"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_the_same_package_fits(tmp_path) -> None:
    """Its options may have another order; a key that nothing is known of here does not count."""
    assert not compare(tmp_path, GOOD)
    assert not compare(tmp_path, f"{GOOD}FILE_NAME=x-1.tgz\n", own="")


@pytest.mark.parametrize("version", ["10.1", "10.0"])
def test_an_older_release_of_the_same_system_fits(tmp_path, version: str) -> None:
    """As NetBSD promises within a major release."""
    assert not compare(tmp_path, GOOD.replace("10.1", version))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("NetBSD", "Linux", "OPSYS is Linux, here it would be NetBSD"),
        ("10.1", "10.2", "OS_VERSION is 10.2, here it would be 10.1"),
        ("10.1", "9.1", "OS_VERSION is 9.1, here it would be 10.1"),
        ("x86_64", "i386", "MACHINE_ARCH is i386, here it would be x86_64"),
        ("/usr/pkg", "/opt", "LOCALBASE is /opt, here it would be /usr/pkg"),
        ("OPSYS=NetBSD\n", "", "it does not say its OPSYS"),
        ("ssl inet6", "ssl", "its options are 'ssl', here they would be 'inet6 ssl'"),
        ("PKG_OPTIONS=ssl inet6\n", "", "its options are '', here they would be 'inet6 ssl'"),
        ("zlib>=1.2", "zlib>=1.4", "it depends on zlib>=1.4, which no dependency here is"),
        ("zlib-1.3", "zlib-1.2", "it was built with zlib-1.2, here it would be with zlib-1.3"),
        ("zlib-1.3", "lua-5", "it was built with lua-5, here it would be with no lua"),
        ("ABI=64", "BUILTIN_PKGS=png-1.5", "it was built with png of the base system, here it"),
        ("ABI=64", "FILE_NAME=../x-1.tgz", "pkg_summary names the file ../x-1.tgz"),
    ],
)
def test_another_package_does_not(tmp_path, old: str, new: str, reason: str) -> None:
    """The first difference is named."""
    assert old in GOOD
    assert compare(tmp_path, GOOD.replace(old, new)).startswith(reason)


def test_pkg_summary_need_not_have_all(tmp_path) -> None:
    """What it does not say is seen in the package itself."""
    assert not compare(tmp_path, "OPSYS=NetBSD\n", own="")
    assert compare(tmp_path, "PKG_OPTIONS=gtk\n", own="").startswith("its options are 'gtk'")


def test_unknown_options_never_fit(tmp_path) -> None:
    """A stored scan does not say which a build would have; a package without options has none."""
    assert (
        compare(tmp_path, GOOD, options="-")
        == "its options are 'inet6 ssl', those here are not known"
    )
    assert not compare(tmp_path, GOOD.replace("PKG_OPTIONS=ssl inet6\n", ""), options="-")
