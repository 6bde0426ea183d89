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
        recipe = pbulk_index.parse(text)
    except pbulk_index.UnknownRecipeError as error:
        _learn_platform(plain, machine)
        return replace(plain, slow=f"{pbulk_index.PATH} is not understood: {error}")
    short = replace(plain, recipe=recipe, variables=pbulk_index.multi_variables(text))
    for _ in "12":  # the second time with the values learned in the first
        if short.read(machine, _CHECKED).text != plain.read(machine, _CHECKED).text:
            return replace(plain, slow=f"{_CHECKED} gives another record when asked in short")
    return short


def _learn_platform(slow: Reader, machine: Machine) -> None:
    """Learn facts of the platform without a recipe, if they do not change a record."""
    outcome = slow.tree.make(machine, _CHECKED, query.words(()), {})
    result = None if outcome.status else query.parse((), _CHECKED, outcome.out)
    values = {
        name: value
        for name, value in (result.values if result else {}).items()
        if TABLE.get(name) == ""
    }
    told = {name: value.text for name, value in values.items()}
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
        first = self._query(pkgpath, ("pbulk-index",), (), 0)
        if first is None or not self._known(first.settings):
            return None
        if not any(file.endswith(pbulk_index.PATH) for file in first.files):
            return None  # this directory has its own recipe
        results = [first]
        if first.settings:
            results = []
            for settings in first.settings:
                result = self._query(pkgpath, ("pbulk-index-item",), settings, 0)
                if result is None:
                    return None
                results.append(result)
        answer = located(b"".join(result.record for result in results), pkgpath)
        files = self._files([(first, ()), *zip(results, first.settings, strict=False)])
        options = tuple(result.own for result in results)
        return None if answer.fault else replace(answer, files=files, options=options)

    def _known(self, settings: tuple[Settings, ...]) -> bool:
        """Tell whether _mentions looks for all variables that choose versions."""
        names = {name for combination in settings for name, _ in combination}
        return all(name in self.reader.variables or name.startswith(VALUE) for name in names)

    def _files(self, results: list[tuple[QueryResult, Settings]]) -> frozenset[str]:
        """Return the makefiles of the packages whose options these reports used."""
        files: set[str] = set()
        for result, settings in results:
            known = self.reader.shared.options(settings)
            for name in result.options:
                files |= known[name].files
        return frozenset(files)

    def _query(
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
            result = None if outcome.status else query.parse(lines, pkgpath, outcome.out)
            if result is None or any(
                name in options and options[name].pkgpath != path
                for name, path in result.options.items()
            ):
                return None
            unknown = result.options.keys() - options.keys()
            changed = stale(values, result.values)
            if not unknown and not changed:
                if query.NESTED.encode() in outcome.err:
                    return None
                self._share(result, (pkgpath, target), env)
                return self._printed(result, (pkgpath, target), env)
            without |= changed
            for name in sorted(unknown):
                if not self._learn(name, result, settings, depth):
                    return None
        return None

    def _printed(
        self, result: QueryResult, asked: tuple[PkgPath, tuple[str, ...]], env: dict[str, str]
    ) -> QueryResult | None:
        """Let the recipe print a record that echo may change; pass all known values."""
        pkgpath, target = asked
        if result.certain or not target[0].startswith("pbulk-index"):
            return result
        if result.settings and target == ("pbulk-index",):
            return result  # only its choices are used
        outcome = self.reader.tree.make(self.machine, pkgpath, target, env)
        if outcome.fault:
            raise LimitError(outcome.fault)
        return None if outcome.status else replace(result, record=outcome.out)

    def _share(
        self, result: QueryResult, asked: tuple[PkgPath, tuple[str, ...]], env: dict[str, str]
    ) -> None:
        """Share the reported values; new ones only if they do not change the record."""
        knows = self.reader.shared
        new = knows.untried(result.values)
        if new:
            lines, (pkgpath, target) = self.reader.recipe or (), asked
            asking = (*target, *query.words(lines))
            outcome = self.reader.tree.make(self.machine, pkgpath, asking, {**env, **new})
            if outcome.fault:
                raise LimitError(outcome.fault)
            again = query.parse(lines, pkgpath, outcome.out)
            if again is None or (again.record, again.own) != (result.record, result.own):
                knows.exclude(new)
        knows.learn(result.values)

    def _learn(self, name: str, asker: QueryResult, settings: Settings, depth: int) -> bool:
        """Learn the options of a package as mk/pkg-build-options.mk does.

        First those without multi-version variables. If the makefiles do not mention a variable
        that is in force, the options with it are the same.
        """
        shared = self.reader.shared
        for versions in ((), settings):
            if name not in shared.options(versions):
                learned = self._options(name, asker, versions, depth)
                if learned is None:
                    return False
                shared.learn_options(name, versions, learned)
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
        result = self._query(pkgpath, ("show-var", "VARNAME=PKG_OPTIONS"), settings, depth + 1)
        if result is None:
            return None
        known = self.reader.shared.options(settings)
        files = {posixpath.normpath(posixpath.join(pkgpath, file)) for file in result.files}
        mentions = set(self._mentions(files))
        for other in result.options.keys() & known.keys():
            files |= known[other].files
            mentions |= known[other].mentions
        return PkgOptions(f" {result.own}", pkgpath, frozenset(files), frozenset(mentions))

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
    env.update((name, option.text) for name, option in sorted(options.items()))
    return env
