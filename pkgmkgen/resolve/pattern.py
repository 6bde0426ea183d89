"""Match dependency patterns against packages and choose one of them.

The rules are those of pbulk (pkgtools/pbulk/files/pbulk/lib/match.c), not of pkg_info or pkg_add:
a pattern without operators must equal the PKGNAME, and of two packages with the same version the
greater PKGNAME is chosen. `matches` is the definition; `Pool` gives the same answers for a whole
tree, faster.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cmp_to_key
from itertools import pairwise
from typing import TYPE_CHECKING

from pkgmkgen.errors import PatternError
from pkgmkgen.model import PkgName, pkgbase
from pkgmkgen.resolve import dewey
from pkgmkgen.resolve.glob import fnmatch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAX_ALTERNATIVES = 4096
"""Limit of brace alternatives in one pattern; `{a,b}` forty times over would never end."""

_LITERAL = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-")
_GLOB_CHARACTERS = re.compile(r"[*?\[\\]")
_OPERATOR = re.compile("([<>]=?)")
_UPPER = re.compile("(<=?)")
_AFTER_ALL = "\U0010ffff"

_HOLDS: dict[str, Callable[[int], bool]] = {
    ">=": lambda order: order >= 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    "<": lambda order: order < 0,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a pattern found: all packages that match, sorted, and the one to take."""

    best: PkgName | None
    candidates: tuple[PkgName, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """A pattern of the form `base>=1.0<2`: the base and one or two bounds."""

    base: str
    bounds: tuple[tuple[str, dewey.Version], ...]

    def holds(self, version: dewey.Version) -> bool:
        """Tell whether a version lies within all bounds."""
        return all(_HOLDS[op](dewey.compare(version, bound)) for op, bound in self.bounds)


def matches(pattern: str, pkgname: str) -> bool:
    """Tell whether `pattern` matches `pkgname`.

    Raises PatternError for unbalanced braces, but like pbulk only once the first two
    characters have let the name pass.
    """
    if not _may_match(pattern, pkgname):
        return False
    if "{" in pattern:
        return any(matches(alternative, pkgname) for alternative in expand(pattern))
    if "<" in pattern or ">" in pattern:
        base, dash, version = pkgname.rpartition("-")
        wanted = _range(pattern)
        return bool(dash) and base == wanted.base and wanted.holds(dewey.parse(version))
    if any(char in pattern for char in "*?[]"):
        return fnmatch(pattern, pkgname)
    return pattern == pkgname


def best(pkgnames: Iterable[PkgName]) -> PkgName:
    """Return the package to take: highest version, then the PKGNAME that is greater by bytes.

    Bases are not compared first: of mysql-client-8.0 and mariadb-client-11.4 the latter wins.
    """
    return max(pkgnames, key=lambda name: _order_key((_version(name), name)))


def expand(pattern: str) -> list[str]:
    """Return all brace alternatives of a pattern, in order. Raises PatternError."""
    alternatives: list[str] = []
    todo = [pattern]
    while todo:
        first = todo.pop()
        if "{" not in first:
            alternatives.append(first)
            continue
        todo += reversed(_expand_first(first))
        if len(todo) + len(alternatives) > MAX_ALTERNATIVES:
            raise PatternError(
                f"more than {MAX_ALTERNATIVES} alternatives",
                pattern[:200],
                "use fewer brace alternatives in the pattern",
            )
    return alternatives


class Pool:
    """All packages there are, answering patterns; each distinct pattern is worked out once."""

    def __init__(self, pkgnames: Iterable[PkgName]) -> None:
        """Sort the names by whole name (for globs) and by base (for version ranges)."""
        self._sorted = sorted(set(pkgnames))
        self._names = frozenset(self._sorted)
        self._by_base: dict[str, list[PkgName]] = {}
        for name in self._sorted:
            if "-" in name:  # what has no version meets no range
                self._by_base.setdefault(pkgbase(name), []).append(name)
        self._choices: dict[str, Choice] = {}

    def choose(self, pattern: str) -> Choice:
        """Return the candidates for a pattern and the best of them. Raises PatternError."""
        choice = self._choices.get(pattern)
        if choice is None:
            candidates = self._find(pattern)
            choice = self._choices[pattern] = Choice(_best_or_none(candidates), tuple(candidates))
        return choice

    def near(self, pattern: str) -> tuple[PkgName, ...]:
        """Return the packages whose base a pattern names, whether their version fits or not."""
        try:
            alternatives = expand(pattern)
        except PatternError:
            return ()
        names: set[PkgName] = set()
        for alternative in alternatives:
            base = alternative.partition("<")[0].partition(">")[0]
            for end in ("-[", "-*"):
                base = base.partition(end)[0]
            names.update(self._by_base.get(base, ()), self._by_base.get(pkgbase(base), ()))
        return tuple(sorted(names))

    def _find(self, pattern: str) -> Sequence[PkgName]:
        if "{" not in pattern:
            return self._find_simple(pattern)
        names: set[PkgName] = set()
        for alternative in expand(pattern):
            names.update(self._find_simple(alternative))
        return sorted(names)

    def _find_simple(self, pattern: str) -> Sequence[PkgName]:
        """Find what a pattern without braces matches, in order of name."""
        if "<" in pattern or ">" in pattern:
            wanted = _range(pattern)
            known = self._by_base.get(wanted.base, ())
            return [name for name in known if wanted.holds(_version(name))]
        if any(char in pattern for char in "*?[]"):
            return self._find_glob(pattern)
        return [PkgName(pattern)] if pattern in self._names else []

    def _find_glob(self, pattern: str) -> Sequence[PkgName]:
        """Try only the names that begin as the pattern does; `foo-[0-9]*` needs no try at all."""
        if pattern.endswith("-[0-9]*") and not any(char in pattern[:-6] for char in "*?[]\\"):
            return self._between(pattern[:-6] + "0", pattern[:-6] + ":")  # ":" follows "9"
        prefix = _GLOB_CHARACTERS.split(pattern, 1)[0]
        near = self._between(prefix, prefix + _AFTER_ALL)
        return [name for name in near if fnmatch(pattern, name)]

    def _between(self, low: str, high: str) -> Sequence[PkgName]:
        names = self._sorted
        return names[bisect_left(names, low) : bisect_left(names, high)]


def _best_or_none(candidates: Sequence[PkgName]) -> PkgName | None:
    if len(candidates) > 1:
        return best(candidates)
    return candidates[0] if candidates else None


def _version(pkgname: PkgName) -> dewey.Version:
    return dewey.parse(pkgname.rpartition("-")[2])


def _may_match(pattern: str, pkgname: str) -> bool:
    """Compare the first two characters, as far as the pattern is plain there."""
    for place in (0, 1):
        char = pattern[place : place + 1]
        if char not in _LITERAL:
            return True
        if char != pkgname[place : place + 1]:
            return False
    return True


def _expand_first(pattern: str) -> list[str]:
    """Replace the first brace group by each of its alternatives; groups inside stay."""
    start = pattern.index("{")
    cuts = [start]
    depth = 0
    for at in range(start, len(pattern)):
        char = pattern[at]
        if char == "{":
            depth += 1
        elif char == "," and depth == 1:
            cuts.append(at)
        elif char == "}":
            depth -= 1
            if depth == 0:
                cuts.append(at)
                head, tail = pattern[:start], pattern[at + 1 :]
                return [head + pattern[a + 1 : b] + tail for a, b in pairwise(cuts)]
    raise PatternError("unbalanced braces", pattern[:200], "correct the pattern in pkgsrc")


def _range(pattern: str) -> Range:
    """Read `base OP version` or `base > low < high`; the lower bound must come first."""
    base, op, rest = _OPERATOR.split(pattern, 1)
    if op.startswith(">"):
        low, *upper = _UPPER.split(rest, 1)
        if upper:
            op2, high = upper
            return Range(base, ((op, dewey.parse(low)), (op2, dewey.parse(high))))
    return Range(base, ((op, dewey.parse(rest)),))


def _order(left: tuple[dewey.Version, str], right: tuple[dewey.Version, str]) -> int:
    by_version = dewey.compare(left[0], right[0])
    return by_version or (left[1] > right[1]) - (left[1] < right[1])


_order_key = cmp_to_key(_order)
