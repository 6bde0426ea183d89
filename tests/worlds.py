"""Small scans written in one line, for tests: `scan("a: b>=1 c-*", "b-2", "c-1 !skip")`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem
from pkgmkgen.resolve.resolver import resolve

if TYPE_CHECKING:
    from pkgmkgen.resolve.resolution import Resolution


def item(text: str) -> ScanItem:
    """Read `NAME [@category/dir] [!skip] [!fail] [!error]: pattern[@category/dir] ...`.

    A name without version gets `-1`; a directory not said is `x/BASE`; so is a pattern's.
    """
    head, _, patterns = text.partition(":")
    name, *marks = head.split()
    pkgname = PkgName(name if "-" in name else f"{name}-1")
    path = next(
        (mark[1:] for mark in marks if mark.startswith("@")), f"x/{pkgname.rpartition('-')[0]}"
    )
    return ScanItem(
        pkgname,
        PkgPath(path),
        tuple(map(_depend, patterns.split())),
        pkg_skip_reason="skipped on purpose" if "!skip" in marks else "",
        pkg_fail_reason="known to fail" if "!fail" in marks else "",
        error="bad record" if "!error" in marks else "",
    )


def scan(*texts: str) -> list[ScanItem]:
    """Read several records."""
    return [item(text) for text in texts]


def resolved(*texts: str) -> Resolution:
    """Read and resolve several records."""
    return resolve(scan(*texts))


def names(*texts: str) -> tuple[PkgName, ...]:
    """Type PKGNAMEs."""
    return tuple(map(PkgName, texts))


def _depend(word: str) -> Depend:
    """Read a pattern; a bare name means that package, whatever its version."""
    pattern, _, path = word.partition("@")
    bare = pattern.isalnum()
    base = pattern if bare else pattern.split(">")[0].split("<")[0].split("-")[0]
    return Depend(f"{pattern}-[0-9]*" if bare else pattern, PkgPath(path or f"x/{base}"))
