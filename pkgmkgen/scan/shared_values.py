"""What makes of one tree ask again and again, learned once and handed to the makes that follow.

Three kinds of values, each kept with what it depends on, so that it is never used where that is
different:
- options of other packages (PKG_BUILD_OPTIONS.*): the package asked and the multi-version
  variables in force, since the nested make that finds them out sees these;
- probes for libraries, headers and files of the base system: the text of the question and the
  directories searched;
- facts of the platform and the compiler (TABLE).
A value is tried out before it is handed on: the directory that gave it must give the same record
when it is told it. Every report of a make says what its values depended on (`depends`); `stale`
compares. Handed over in the environment, where an assignment in a Makefile still wins. Pure
bookkeeping, by many threads.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from pkgmkgen.model import PkgPath

Settings = tuple[tuple[str, str], ...]
"""Multi-version variables in force and their values; empty outside pbulk-index-item."""

TABLE = {
    "OPSYS": "",
    "OS_VERSION": "",
    "NATIVE_OPSYS": "",
    "NATIVE_OS_VERSION": "",
    "NATIVE_OPSYS_VERSION": "",
    "LOWER_ARCH": "",
    "_PKGSRCDIR": "",
    "PKGTOOLS_VERSION": "${PKG_INFO_CMD}",
    "UNPRIVILEGED_USER": "",
    "UNPRIVILEGED_GROUP": "",
    "UNPRIVILEGED_GROUPS": "",
    "_GCC_VERSION": "${_CC}",
    "_GCC_STRICTEST_REQD": "${GCC_REQD}",
    "_USE_PKGSRC_GCC": "${_GCC_REQD} ${_GCC_PKG} ${_IS_BUILTIN_GCC} ${USE_NATIVE_GCC}"
    " ${USE_PKGSRC_GCC} ${_IGNORE_GCC}",
    "_NEED_NEWER_GCC": "${_GCC_DEPENDS} ${_GCC_PKGBASE}-${_GCC_DIST_VERSION}",
}
"""Variables that pkgsrc computes only where they are not defined, and what each depends on."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value and what it depends on, as text to be compared."""

    text: str
    depends: str


@dataclass(frozen=True, slots=True)
class PkgOptions:
    """PKG_OPTIONS of a package as another one is told them.

    `files` are the makefiles that were read for it, below the tree or absolute; `mentions` the
    multi-version variables named in them.
    """

    text: str
    pkgpath: PkgPath
    files: frozenset[str]
    mentions: frozenset[str]


class SharedValues:
    """All that is known by now. Any thread may ask and add."""

    def __init__(self) -> None:
        """Know nothing."""
        self._lock = threading.Lock()
        self._values: dict[str, Value] = {}
        self._excluded: set[str] = set()
        self._seen: Counter[tuple[str, Value]] = Counter()
        self._plain: dict[str, PkgOptions] = {}
        self._options: dict[tuple[str, Settings], PkgOptions] = {}

    def values(self) -> dict[str, Value]:
        """Return the probes and facts known by now, each as most makes found it."""
        with self._lock:
            return dict(self._values)

    def platform(self) -> dict[str, str]:
        """Return the facts that depend on nothing: every make may be told them."""
        return {name: one.text for name, one in self.values().items() if TABLE.get(name) == ""}

    def options(self, settings: Settings) -> dict[str, PkgOptions]:
        """Return the options known by now for these multi-version variables.

        Of the variables only those count that a package's makefiles name.
        """
        found: dict[str, PkgOptions] = {}
        with self._lock:
            for name, plain in self._plain.items():
                key = _named(settings, plain)
                one = self._options.get((name, key)) if key else plain
                if one is not None:
                    found[name] = one
        return found

    def learn(self, values: Mapping[str, Value]) -> None:
        """Add probes and facts as one make reports them."""
        with self._lock:
            for name in values.keys() - self._excluded:
                value = values[name]
                self._seen[name, value] += 1
                best = self._values.setdefault(name, value)
                if self._seen[name, value] > self._seen[name, best]:
                    self._values[name] = value

    def exclude(self, names: Collection[str]) -> None:
        """Never hand these on: a makefile does something else where they are defined."""
        with self._lock:
            self._excluded.update(names)
            for name in self._excluded & self._values.keys():
                del self._values[name]

    def excluded(self) -> set[str]:
        """Return the names that are never handed on."""
        with self._lock:
            return set(self._excluded)

    def learn_options(self, name: str, settings: Settings, options: PkgOptions) -> None:
        """Add the options of a package; first of all those without any such variable.

        If its makefiles name more variables now than they did without, these count from now on.
        """
        with self._lock:
            if settings and name in self._plain:
                plain = self._plain[name]
                options = replace(options, mentions=options.mentions | plain.mentions)
                self._plain[name] = replace(plain, mentions=options.mentions)
                if key := _named(settings, options):
                    self._options[name, key] = options
            elif not settings:
                self._plain[name] = options


def _named(settings: Settings, options: PkgOptions) -> Settings:
    return tuple(one for one in settings if one[0] in options.mentions)


def stale(given: Mapping[str, Value], found: Mapping[str, Value]) -> set[str]:
    """Return the names of values that depend on something else than those that were given."""
    return {n for n, v in found.items() if n in given and given[n].depends != v.depends}
