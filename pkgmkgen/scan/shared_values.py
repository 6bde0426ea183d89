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

import re
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
    "HOST_MACHINE_ARCH": "",
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

_KEY = re.compile("[^A-Za-z0-9_.-]")
_SIMPLE = re.compile(r"[\w.+-]*")


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
        self._values: dict[str, tuple[Value, ...]] = {}
        self._excluded: set[str] = set()
        self._seen: Counter[tuple[str, Value]] = Counter()
        self._plain: dict[str, PkgOptions] = {}
        self._options: dict[tuple[str, Settings], PkgOptions] = {}

    def values(self) -> dict[str, tuple[Value, ...]]:
        """Return the probes and facts known by now, first each as most makes found it.

        A fact that depends on others has a value for each of their values that was seen.
        """
        with self._lock:
            return dict(self._values)

    def platform(self) -> dict[str, str]:
        """Return the facts that depend on nothing: every make may be told them."""
        return {name: some[0].text for name, some in self.values().items() if TABLE.get(name) == ""}

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
                self._seen[name, values[name]] += 1
                known = dict.fromkeys((*self._values.get(name, ()), values[name]))
                best: dict[str, Value] = {}
                for one in sorted(known, key=lambda one: -self._seen[name, one]):
                    best.setdefault(one.depends if TABLE.get(name) else "", one)
                self._values[name] = tuple(best.values())

    def news(self, values: Mapping[str, Value]) -> dict[str, str]:
        """Return those of a make's values that may be handed on once they were tried out."""
        with self._lock:
            known = {name: self._values.get(name) for name in values.keys() - self._excluded}
        return {
            name: values[name].text
            for name, some in known.items()
            if some is None or (TABLE.get(name) and not covered(some, values[name]))
        }

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


def stale(given: Mapping[str, tuple[Value, ...]], found: Mapping[str, Value]) -> set[str]:
    """Return the names of values that depend on something else than those that were given."""
    return {name for name, value in found.items() if not covered(given.get(name), value)}


def handed(name: str, values: tuple[Value, ...]) -> dict[str, str]:
    """Return the environment that gives a make the value for what it finds it to depend on.

    With more than one value that is an expression that looks the value up, and a variable for
    each. Where none fits it is the first value, and the result is `stale`.
    """
    usual = values[0].text
    if len(values) == 1 or not _SIMPLE.fullmatch(usual):
        return {name: usual}
    table = f"_TOLD.{name}."
    env = {table + _KEY.sub("_", one.depends): one.text for one in reversed(values)}
    env[name] = f"${{{table}${{:U{TABLE[name]}:C/[^A-Za-z0-9_.-]/_/gW}}:U{usual}}}"
    return env


def covered(given: tuple[Value, ...] | None, found: Value) -> bool:
    """Tell whether a value was not given, or one for what it depends on."""
    return given is None or any(one.depends == found.depends for one in given)
