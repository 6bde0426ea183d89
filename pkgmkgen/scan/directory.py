"""The records of one package directory, from the fast scan or the slow one.

The fast scan is one short make query and gives the same bytes in less time (query.py,
shared_values.py). If anything about it is uncertain, the slow scan is used, `make pbulk-index` as
pbulk runs it. Its output is always right, also for the error of a directory that fails.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pkgmkgen.machine import Machine
from pkgmkgen.model import PkgPath
from pkgmkgen.names import pkgpath_error, split_words
from pkgmkgen.scan import pbulk_index, query
from pkgmkgen.scan.query import VALUE, QueryResult
from pkgmkgen.scan.shared_values import (
    TABLE,
    PkgOptions,
    Settings,
    SharedValues,
    Value,
    environment,
    stale,
)
from pkgmkgen.scan.tree import Tree, complaint

_ROUNDS = 20
"""A query is repeated at most this many times because a value was missing or stale."""
_DEPTH = 12
"""Options may depend on options of other packages at most this many levels deep."""
_CHECKED = PkgPath("pkgtools/pkg_install")
"""This directory is scanned in both ways first: the results must be the same."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of a directory: pscan text, or the reason why there is none.

    `files` are dependencies beside its SCAN_DEPENDS, below the tree: the makefiles of packages
    whose options were queried. `options` are the PKG_OPTIONS of each record, none if they are not
    known. `long` says that the slow scan was used.
    """

    text: bytes = b""
    fault: str = ""
    files: frozenset[str] = frozenset()
    options: tuple[str, ...] = ()
    long: bool = False


class LimitError(Exception):
    """The make was killed because it exceeded a limit."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Scans directories of `tree`; without a `recipe` only slowly.

    `variables` are the multi-version variables (PYTHON_VERSION_REQD, ...) of the tree.
    `slow` is the reason why there is no fast scan.
    """

    tree: Tree
    recipe: tuple[pbulk_index.RecordLine, ...] | None = None
    variables: tuple[str, ...] = ()
    slow: str = ""
    shared: SharedValues = field(default_factory=SharedValues)

    def read(self, machine: Machine, pkgpath: PkgPath) -> Answer:
        """Return the records of a directory in pscan format (PKG_LOCATION after each PKGNAME)."""
        answer = None
        if self.recipe is not None:
            try:
                answer = FastScan(self, machine).read(pkgpath)
            except LimitError as lost:
                return Answer(fault=str(lost))
        told = self.shared.platform()
        return answer or replace(scan_slow(self.tree, machine, pkgpath, told), long=True)


def reader(tree: Tree, machine: Machine) -> Reader:
    """Return a Reader; it scans fast if it knows the tree's recipe and a first check succeeds."""
    plain = Reader(tree)
    text = tree.ask(machine, "", "cat", pbulk_index.PATH).out.decode(errors="replace")
    try:
        found = pbulk_index.parse(text)
    except pbulk_index.UnknownRecipeError as error:
        _learn_platform(plain, machine)
        return replace(plain, slow=f"{pbulk_index.PATH} is not understood: {error}")
    short = replace(plain, recipe=found, variables=pbulk_index.multi_variables(text))
    for _ in "12":  # the second time with the values learned in the first
        if short.read(machine, _CHECKED).text != plain.read(machine, _CHECKED).text:
            return replace(plain, slow=f"{_CHECKED} gives another record when asked in short")
    return short


def _learn_platform(slow: Reader, machine: Machine) -> None:
    """Learn facts of the platform without a recipe, if they do not change a record."""
    outcome = slow.tree.make(machine, _CHECKED, query.words(()), {})
    found = None if outcome.status else query.parse((), _CHECKED, outcome.out)
    values = {
        name: one for name, one in (found.values if found else {}).items() if TABLE.get(name) == ""
    }
    told = {name: one.text for name, one in values.items()}
    plain = scan_slow(slow.tree, machine, _CHECKED)
    if told and scan_slow(slow.tree, machine, _CHECKED, told).text == plain.text:
        slow.shared.learn(values)


def scan_slow(
    tree: Tree, machine: Machine, pkgpath: PkgPath, told: Mapping[str, str] | None = None
) -> Answer:
    """Scan as pbulk does; `told` are variables that make then need not compute."""
    outcome = tree.make(machine, pkgpath, ("pbulk-index",), told or {})
    if outcome.fault:
        return Answer(fault=outcome.fault)
    if outcome.status:
        if tree.ask(machine, "", "test", "-f", f"{pkgpath}/Makefile").status:
            return Answer(fault="no such package directory (no Makefile)")
        return Answer(fault=complaint(outcome))
    return located(outcome.out, pkgpath)


def located(out: bytes, pkgpath: PkgPath) -> Answer:
    """Add PKG_LOCATION after each PKGNAME; refuse text that is not a list of whole records."""
    text: list[bytes] = []
    for line in out.split(b"\n"):
        if not line.strip(b" \t"):
            continue
        text.append(line)
        if line.startswith(b"PKGNAME="):
            text.append(b"PKG_LOCATION=" + pkgpath.encode())
    if not text or not text[0].startswith(b"PKGNAME="):
        return Answer(fault="pbulk-index printed no record")
    names = sum(line.startswith(b"PKGNAME=") for line in text)
    if sum(line.startswith(b"ALL_DEPENDS=") for line in text) < names or not out.endswith(b"\n"):
        return Answer(fault="pbulk-index printed half a record")
    return Answer(b"\n".join(text) + b"\n")


@dataclass(frozen=True, slots=True)
class FastScan:
    """The fast scan on one machine. A result of None means: use the slow scan."""

    reader: Reader
    machine: Machine

    def read(self, pkgpath: PkgPath) -> Answer | None:
        """Give the records of a directory, or None."""
        found = self._report(pkgpath, ("pbulk-index",), (), 0)
        if found is None or not self._known(found.settings):
            return None
        if not any(file.endswith(pbulk_index.PATH) for file in found.files):
            return None  # this directory has its own recipe
        reports = [found]
        if found.settings:
            reports = []
            for settings in found.settings:
                one = self._report(pkgpath, ("pbulk-index-item",), settings, 0)
                if one is None:
                    return None
                reports.append(one)
        answer = located(b"".join(one.record for one in reports), pkgpath)
        files = self._files([(found, ()), *zip(reports, found.settings, strict=False)])
        options = tuple(one.own for one in reports)
        return None if answer.fault else replace(answer, files=files, options=options)

    def _known(self, settings: tuple[Settings, ...]) -> bool:
        """Tell whether _mentions looks for all variables that choose versions."""
        names = {name for one in settings for name, _ in one}
        return all(name in self.reader.variables or name.startswith(VALUE) for name in names)

    def _files(self, reports: list[tuple[QueryResult, Settings]]) -> frozenset[str]:
        """Return the makefiles of the packages whose options these reports used."""
        files: set[str] = set()
        for one, settings in reports:
            known = self.reader.shared.options(settings)
            for name in one.options:
                files |= known[name].files
        return frozenset(files)

    def _report(
        self, pkgpath: PkgPath, target: tuple[str, ...], settings: Settings, depth: int
    ) -> QueryResult | None:
        """Repeat the query until no value is missing or stale."""
        lines = self.reader.recipe or ()
        without: set[str] = set()
        for _ in range(_ROUNDS):
            known = self.reader.shared.values()
            values = {name: known[name] for name in known.keys() - without}
            options = self.reader.shared.options(settings)
            env = _environment(settings, values, options)
            outcome = self.reader.tree.make(
                self.machine, pkgpath, (*target, *query.words(lines)), env
            )
            if outcome.fault:
                raise LimitError(outcome.fault)
            found = None if outcome.status else query.parse(lines, pkgpath, outcome.out)
            if found is None or any(
                name in options and options[name].pkgpath != path
                for name, path in found.options.items()
            ):
                return None
            unknown = found.options.keys() - options.keys()
            changed = stale(values, found.values)
            if not unknown and not changed:
                if query.NESTED.encode() in outcome.err:
                    return None
                self._share(found, (pkgpath, target), env)
                return self._printed(found, (pkgpath, target), env)
            without |= changed
            for name in sorted(unknown):
                if not self._learn(name, found, settings, depth):
                    return None
        return None

    def _printed(
        self, found: QueryResult, asked: tuple[PkgPath, tuple[str, ...]], env: dict[str, str]
    ) -> QueryResult | None:
        """Let the recipe print a record that echo may change; pass all known values."""
        pkgpath, target = asked
        if found.certain or not target[0].startswith("pbulk-index"):
            return found
        if found.settings and target == ("pbulk-index",):
            return found  # only its choices are used
        outcome = self.reader.tree.make(self.machine, pkgpath, target, env)
        if outcome.fault:
            raise LimitError(outcome.fault)
        return None if outcome.status else replace(found, record=outcome.out)

    def _share(
        self, found: QueryResult, asked: tuple[PkgPath, tuple[str, ...]], env: dict[str, str]
    ) -> None:
        """Share the reported values; new ones only if they do not change the record."""
        knows = self.reader.shared
        new = knows.untried(found.values)
        if new:
            lines, (pkgpath, target) = self.reader.recipe or (), asked
            asking = (*target, *query.words(lines))
            outcome = self.reader.tree.make(self.machine, pkgpath, asking, {**env, **new})
            if outcome.fault:
                raise LimitError(outcome.fault)
            again = query.parse(lines, pkgpath, outcome.out)
            if again is None or (again.record, again.own) != (found.record, found.own):
                knows.exclude(new)
        knows.learn(found.values)

    def _learn(self, name: str, asker: QueryResult, settings: Settings, depth: int) -> bool:
        """Learn the options of a package as mk/pkg-build-options.mk does.

        First those without multi-version variables. If the makefiles do not mention a variable
        that is in force, the options with it are the same.
        """
        shared = self.reader.shared
        for one in ((), settings):
            if name not in shared.options(one):
                learned = self._options(name, asker, one, depth)
                if learned is None:
                    return False
                shared.learn_options(name, one, learned)
        return name in shared.options(settings)

    def _options(
        self, name: str, asker: QueryResult, settings: Settings, depth: int
    ) -> PkgOptions | None:
        pkgpath = asker.options[name]
        if depth >= _DEPTH or pkgpath_error(pkgpath):
            return None
        tree = self.reader.tree
        script = f'{asker.pkg_info} -Q PKG_OPTIONS "$1" 2>/dev/null'
        base = name.partition(".")[2]
        outcome = tree.ask(self.machine, "", "sh", "-c", script, "sh", base)
        if not outcome.status:
            text = outcome.out.decode(errors="replace").rstrip("\n").replace("\n", " ")
            return PkgOptions(f" {text}", pkgpath, frozenset(), frozenset())
        found = self._report(pkgpath, ("show-var", "VARNAME=PKG_OPTIONS"), settings, depth + 1)
        if found is None:
            return None
        known = self.reader.shared.options(settings)
        files = {posixpath.normpath(posixpath.join(pkgpath, file)) for file in found.files}
        mentions = set(self._mentions(files))
        for other in found.options.keys() & known.keys():
            files |= known[other].files
            mentions |= known[other].mentions
        return PkgOptions(f" {found.own}", pkgpath, frozenset(files), frozenset(mentions))

    def _mentions(self, files: set[str]) -> list[str]:
        """Return the multi-version variables that these files mention."""
        named = "|".join(self.reader.variables)
        names = sorted(files - {pbulk_index.PATH})
        outcome = self.reader.tree.ask(self.machine, "", "grep", "-ohwE", named, "--", *names)
        if outcome.status > 1:
            return list(self.reader.variables)
        return split_words(outcome.out.decode(errors="replace").replace("\n", " "))


def _environment(
    settings: Settings, values: dict[str, tuple[Value, ...]], options: dict[str, PkgOptions]
) -> dict[str, str]:
    env = {"_MAKE": query.MARK, **dict(settings)}
    for name, some in sorted(values.items()):
        env.update(environment(name, some))
    env.update((name, one.text) for name, one in sorted(options.items()))
    return env
