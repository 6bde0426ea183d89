"""The nouns of the program: records of a scan, what became of them, and their states.

Standard library imports only, no input or output, every type frozen. Fields are pkgsrc's
variables in lower case. Nothing here can fail: text is checked where it enters (index.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, NewType

PkgName = NewType("PkgName", str)
"""A package with its version, "png-1.6.43nb1" (PKGNAME)."""

PkgPath = NewType("PkgPath", str)
"""A package directory below PKGSRCDIR, "graphics/png" (PKG_LOCATION)."""


PHASES = (
    "pre-clean",
    "depends",
    "checksum",
    "configure",
    "build",
    "install",
    "package",
    "deinstall",
    "clean",
)
"""The steps of a build in their order (sandbox-scripts/inside/phases.sh)."""


def pkgbase(pkgname: str) -> str:
    """Return PKGNAME without its version: the text before the last `-`, "png"."""
    return pkgname.rpartition("-")[0]


class Depend(NamedTuple):
    """One entry of ALL_DEPENDS, `png>=1.2:../../graphics/png`: a pattern and a hint.

    A tuple and no dataclass, because it is looked up 300,000 times and tuples hash faster.

    The directory is where the pattern's author expects the package; it never decides a choice.
    `pattern` is visible ASCII, quotes and `$` included: escape it wherever it goes.
    """

    pattern: str
    pkgpath: PkgPath


@dataclass(frozen=True, slots=True)
class ScanItem:
    """One PKGNAME record as `bmake pbulk-index` prints it (pkgsrc mk/pbulk/pbulk-index.mk).

    Names are checked: `pkgname`, `pkg_location`, `multi_version` and `categories` hold no blank,
    quote, `$` or `..`. `pkg_skip_reason`, `pkg_fail_reason`, `no_bin_on_ftp`, `restricted` and
    `maintainer` are free text of one printable line: escape them wherever they go.
    SCAN_DEPENDS and unknown keys are not kept; `presolve.solved` copies them from the file.
    """

    pkgname: PkgName
    pkg_location: PkgPath
    all_depends: tuple[Depend, ...] = ()
    pkg_skip_reason: str = ""
    pkg_fail_reason: str = ""
    no_bin_on_ftp: str = ""
    restricted: str = ""
    categories: tuple[str, ...] = ()
    maintainer: str = ""
    use_destdir: str = ""
    bootstrap_pkg: bool = False
    usergroup_phase: str = ""
    make_jobs_safe: bool = True
    pbulk_weight: int = 100
    """Priority without unit; 100 when pkgsrc prints none."""
    multi_version: tuple[str, ...] = ()
    """Arguments for every later make call, each `NAME=value` ("PYTHON_VERSION_REQD=313")."""
    depends: tuple[PkgName, ...] | None = None
    """DEPENDS of a presolve record, taken as it is; None when the record has no such line."""
    inputs: tuple[str, ...] = ()
    """INPUTS, which a scan by pkgmkgen adds: `FILES=`, `INCLUDES=`, `OPTIONS=` and `MK=`."""
    error: str = ""
    """Why the record cannot be used though its names are good; such a package is unresolved."""


class State(Enum):
    """What is known of a package before anything is built. Values are the words for people."""

    BUILDABLE = "buildable"
    PRE_SKIPPED = "pre-skipped"
    PRE_FAILED = "pre-failed"
    UNRESOLVED = "unresolved"
    INDIRECT_SKIPPED = "indirect-pre-skipped"
    INDIRECT_FAILED = "indirect-pre-failed"
    INDIRECT_UNRESOLVED = "indirect-unresolved"


@dataclass(frozen=True, slots=True)
class Resolved:
    """A package with its dependencies bound to packages.

    `depends` are PKGNAMEs in order of first choice, empty if any pattern found nothing (as
    pbulk leaves out the DEPENDS line). `reason` is a line for people, empty if BUILDABLE.
    `because` is the package at fault when the state is an indirect one: the first, in order of
    DEPENDS, of the worst; itself never indirect.
    """

    item: ScanItem
    depends: tuple[PkgName, ...]
    state: State
    reason: str = ""
    because: PkgName | None = None

    @property
    def pkgname(self) -> PkgName:
        """The item's PKGNAME."""
        return self.item.pkgname


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in an index, at `where` ("file:line"), that does not stop the rest.

    `pkgname` may be hostile; `pkgpath` is the record's directory, as far as both are known.
    """

    what: str
    where: str
    fix: str
    pkgname: str = ""
    pkgpath: str = ""
