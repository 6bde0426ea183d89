"""Values that every make in a tree would recompute, learned once and passed on.

There are three kinds. Each value is stored with its inputs and used only while these are the same:
- options of other packages (PKG_BUILD_OPTIONS.*): the inputs are the package and the multi-version
  variables in force, since the nested make that computes the options sees these;
- probes for libraries, headers and files of the base system: the text of the probe and the
  directories searched;
- facts of the platform and the compiler (TABLE).
A value is tested before it is passed on: the directory that it came from must give the same record
with it. Every answer of a make names the inputs of its values (`depends`); `stale` compares them.
Values are passed in the environment, so an assignment in a Makefile overrides them. This module
runs no commands. Many threads may use it.
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
"""Variables that pkgsrc computes only if they are undefined, and the inputs of each."""

_KEY = re.compile("[^A-Za-z0-9_.-]")
_SIMPLE = re.compile(r"[\w.+-]*")


@dataclass(frozen=True, slots=True)
class Value:
    """A value and its inputs, as text to be compared."""

    text: str
    depends: str


@dataclass(frozen=True, slots=True)
class PkgOptions:
    """PKG_OPTIONS of a package, as they are passed to other packages.

    `files` are the makefiles it was read from, below the tree or absolute; `mentions` are the
    multi-version variables named in them.
    """

    text: str
    pkgpath: PkgPath
    files: frozenset[str]
    mentions: frozenset[str]


class SharedValues:
    """All values known so far. Any thread may read and add."""

    def __init__(self) -> None:
        """Know nothing."""
        self._lock = threading.Lock()
        self._values: dict[str, tuple[Value, ...]] = {}
        self._excluded: set[str] = set()
        self._seen: Counter[tuple[str, Value]] = Counter()
        self._plain: dict[str, PkgOptions] = {}
        self._options: dict[tuple[str, Settings], PkgOptions] = {}

    def values(self) -> dict[str, tuple[Value, ...]]:
        """Return the probes and facts known so far, of each the most frequent value first.

        A fact that depends on other values has a value for each combination seen.
        """
        with self._lock:
            return dict(self._values)

    def platform(self) -> dict[str, str]:
        """Return the facts without inputs: they can be passed to every make."""
        return {name: some[0].text for name, some in self.values().items() if TABLE.get(name) == ""}

    def options(self, settings: Settings) -> dict[str, PkgOptions]:
        """Return the options known so far for these multi-version variables.

        Variables that the makefiles of a package do not mention are ignored.
        """
        options: dict[str, PkgOptions] = {}
        with self._lock:
            for name, plain in self._plain.items():
                key = _named(settings, plain)
                chosen = self._options.get((name, key)) if key else plain
                if chosen is not None:
                    options[name] = chosen
        return options

    def learn(self, values: Mapping[str, Value]) -> None:
        """Add the probes and facts that one make reported."""
        with self._lock:
            for name in values.keys() - self._excluded:
                self._seen[name, values[name]] += 1
                known = dict.fromkeys((*self._values.get(name, ()), values[name]))
                best: dict[str, Value] = {}
                for value in sorted(known, key=lambda value: -self._seen[name, value]):
                    best.setdefault(value.depends if TABLE.get(name) else "", value)
                self._values[name] = tuple(best.values())

    def untried(self, values: Mapping[str, Value]) -> dict[str, str]:
        """Return the values of a make that are new and must be tested before they are shared."""
        with self._lock:
            known = {name: self._values.get(name) for name in values.keys() - self._excluded}
        return {
            name: values[name].text
            for name, some in known.items()
            if some is None or (TABLE.get(name) and not covered(some, values[name]))
        }

    def exclude(self, names: Collection[str]) -> None:
        """Never share these: a makefile behaves differently if they are defined."""
        with self._lock:
            self._excluded.update(names)
            for name in self._excluded & self._values.keys():
                del self._values[name]

    def excluded(self) -> set[str]:
        """Return the names that are never shared."""
        with self._lock:
            return set(self._excluded)

    def learn_options(self, name: str, settings: Settings, options: PkgOptions) -> None:
        """Add the options of a package; the first ones must be those without such variables.

        If its makefiles now mention more variables than before, these count from now on.
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
    return tuple(setting for setting in settings if setting[0] in options.mentions)


def stale(given: Mapping[str, tuple[Value, ...]], reported: Mapping[str, Value]) -> set[str]:
    """Return the names of the values whose inputs differ from those of the given values."""
    return {name for name, value in reported.items() if not covered(given.get(name), value)}


def environment(name: str, values: tuple[Value, ...]) -> dict[str, str]:
    """Return the environment that passes a make the value for its inputs.

    If there is more than one value, the variable is an expression that selects the value by its
    inputs, and each value has its own variable. If none matches, make gets the first value, and
    the answer is `stale`.
    """
    usual = values[0].text
    if len(values) == 1 or not _SIMPLE.fullmatch(usual):
        return {name: usual}
    table = f"_TOLD.{name}."
    env = {table + _KEY.sub("_", value.depends): value.text for value in reversed(values)}
    env[name] = f"${{{table}${{:U{TABLE[name]}:C/[^A-Za-z0-9_.-]/_/gW}}:U{usual}}}"
    return env


def covered(given: tuple[Value, ...] | None, reported: Value) -> bool:
    """Tell whether a value was not given, or was given for the same inputs."""
    return given is None or any(value.depends == reported.depends for value in given)
