"""The cache during a scan: valid records are read from it, new results are stored soon."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from typing import Self

from pkgmkgen.machine import Machine
from pkgmkgen.model import PkgPath
from pkgmkgen.scan.cache import Cache, Stored
from pkgmkgen.scan.fingerprints import States, depends
from pkgmkgen.scan.inputs import Known
from pkgmkgen.scan.package_files import listing
from pkgmkgen.scan.places import Place, system
from pkgmkgen.scan.tree import Tree
from pkgmkgen.scan.workers import Done

_BATCH = 2.0
"""Seconds between two writes to the cache."""
_SETTLED = 3.0
"""A file changed within so many seconds may change again unnoticed: some clocks are coarse."""


class Store:
    """The cache during a scan; without a file it is always empty."""

    def __init__(self, tree: Tree, place: Place, machine: Machine) -> None:
        """Start empty; `machine` gives the tree and its files."""
        self.valid: dict[PkgPath, tuple[bytes, tuple[str, ...]]] = {}
        self.seconds: dict[PkgPath, float] = {}
        self.weight = 0.0  # expected seconds of the directories of earlier rounds
        self._tree, self._place, self._machine = tree, place, machine
        self._states = States(tree.root, None if place.sees_tree else machine)
        self._cache: Cache | None = None
        self._pending: list[Done] = []
        self._written = time.monotonic()

    def open(self, path: str, *, fresh: bool) -> Self:
        """Open the cache at `path`, if there is a path, and find its valid records.

        With `fresh` no record is valid.
        """
        if path:
            cache = self._cache = Cache.opened(path, self._settings())
            self.seconds = cache.seconds()
            if not fresh:
                self.valid = cache.valid(self._states.look(cache.paths()))
        return self

    def forget_others(self, pkgpaths: Iterable[PkgPath]) -> None:
        """Drop the records of directories that the tree does not have now."""
        if self._cache:
            self._cache.forget_others(pkgpaths)

    def keep(self, done: Done) -> None:
        """Store a result; results are written together, every few seconds."""
        self._pending.append(done)
        if time.monotonic() - self._written > _BATCH:
            self._write()

    def inputs(self, pkgpaths: Iterable[PkgPath]) -> Known:
        """Return what builds of these directories are made from, as far as it can be read here."""
        if not self._place.sees_tree:
            return Known({}, "", self._states.look)
        known = self._cache.folders() if self._cache else {}
        folders: dict[str, str] = {}
        new: list[tuple[str, str, str]] = []
        for path in ("mk", *pkgpaths):
            found = listing(f"{self._tree.root}/{path}")
            signature, digest = known.get(path, ("", ""))
            if signature != found.signature or not digest:
                now = time.time()
                digest = found.digest()
                if digest and found.changed < now - _SETTLED:
                    new.append((path, found.signature, digest))
            folders[path] = digest
        if self._cache and new:
            self._cache.put_folders(new)
        return Known(folders, folders["mk"], self._states.look, self._tree.makeconf)

    def close(self) -> None:
        """Write the remaining results."""
        if self._cache:
            self._write()
            self._cache.close()

    def _write(self) -> None:
        stored: list[Stored] = []
        for done in self._pending:
            answer = done.answer
            if self._cache and not answer.fault:
                paths = depends(answer.text, done.pkgpath, answer.files)
                states = self._states.before(filter(self._visible, paths), done.began)
                if states is not None:
                    stored.append(
                        Stored(done.pkgpath, answer.text, states, done.seconds, answer.options)
                    )
        if self._cache:
            self._cache.put(stored)
        self._pending.clear()
        self._written = time.monotonic()

    def _visible(self, path: str) -> bool:
        """Tell whether pkgmkgen can read it: not the system of a sandbox; _settings covers that."""
        place, tree = self._place, self._tree
        seen = place.sees_system or not place.sees_tree
        return seen or not path.startswith("/") or path == tree.makeconf

    def _settings(self) -> str:
        """Return a digest of all inputs of the records that are not files of the tree."""
        tree, here = self._tree, self._machine
        names = ("PKG_DBDIR", "LOCALBASE", "PKG_TOOLS_BIN")
        variables = tree.variables(here, names)
        more = (variables["PKG_DBDIR"], f"{variables['LOCALBASE']}/bin", variables["PKG_TOOLS_BIN"])
        facts = tree.ask(here, "", *system(tree.bmake, more)).out
        conf = f"{variables['LOCALBASE']}/etc/mk.conf"
        facts += tree.ask(here, "", "cksum", tree.makeconf or conf).out
        text = repr((self._place.name, tree, sorted(variables.items()), facts))
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
