"""One record of an index: its lines -> ScanItem.

Knows the keys and the allowed values; the caller knows where the record is in the file. A reader
caches what it has read: the 29,000 records of a tree name the same few thousand dependencies, and
equal entries become one object.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import Depend, PkgName, PkgPath, ScanItem
from pkgmkgen.names import (
    depend_error,
    input_error,
    pkgname_error,
    pkgpath_error,
    plain,
    quoted,
    setting_error,
    split_words,
    word_error,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_DEFAULT_WEIGHT = 100
_MAX_WEIGHT_DIGITS = 9


class RecordError(Exception):
    """The record cannot be kept: `pkgname` (may be hostile) and `what` is wrong with it.

    `pkgpath` is its directory, empty if that is what is wrong.
    """

    def __init__(self, pkgname: str, what: str, pkgpath: str = "") -> None:
        """Keep all as arguments, so that the error can be copied."""
        super().__init__(pkgname, what, pkgpath)
        self.pkgname = pkgname
        self.what = what
        self.pkgpath = pkgpath


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record and what was odd about it without making it useless."""

    item: ScanItem
    notes: tuple[str, ...]


class _Depends(dict[str, Depend]):
    """Entries of ALL_DEPENDS met so far; a new one is checked when it is first looked up."""

    def __missing__(self, entry: str) -> Depend:
        """Read an entry. Raises ValueError if it is bad."""
        wrong = depend_error(entry)
        if wrong:
            raise ValueError(wrong)
        pattern, _, directory = entry.partition(":../../")
        self[entry] = depend = Depend(pattern, PkgPath(directory))
        return depend


class RecordReader:
    """Reads records, remembering the words that it has checked."""

    def __init__(self) -> None:
        """Start with an empty cache."""
        self._depends = _Depends()
        self._lists: dict[str, tuple[str, ...]] = {}
        self._known: set[str] = set()

    def read(self, record: str) -> Parsed:
        """Read the text after `PKGNAME=` up to the next one. Raises RecordError."""
        pkgname, *lines = record.split("\n")
        fields: dict[str, str] = {}
        for line in reversed(lines):  # so that the first of equal keys stays
            key, is_field, value = line.partition("=")
            if is_field:
                fields[key] = value
        get = fields.get
        location = get("PKG_LOCATION")
        wrong = pkgname_error(pkgname) or _location_error(location) or _depends_missing(fields)
        if wrong:
            raise RecordError(pkgname, wrong, "" if _location_error(location) else location or "")
        errors: list[str] = []
        notes = _odd_lines(lines) if len(fields) != len(lines) else []
        item = ScanItem(
            pkgname=PkgName(pkgname),
            pkg_location=PkgPath(location or ""),
            all_depends=self._all_depends(fields["ALL_DEPENDS"], errors),
            pkg_skip_reason=plain(get("PKG_SKIP_REASON", "")),
            pkg_fail_reason=plain(get("PKG_FAIL_REASON", "")),
            no_bin_on_ftp=plain(get("NO_BIN_ON_FTP", "")),
            restricted=plain(get("RESTRICTED", "")),
            categories=self._words(get("CATEGORIES", ""), word_error, errors),
            maintainer=plain(get("MAINTAINER", "")),
            use_destdir=self._word(get("USE_DESTDIR", ""), errors),
            bootstrap_pkg=get("BOOTSTRAP_PKG", "").lower() == "yes",
            usergroup_phase=self._word(get("USERGROUP_PHASE", ""), errors),
            make_jobs_safe=get("MAKE_JOBS_SAFE", "").lower() != "no",
            pbulk_weight=_weight(get("PBULK_WEIGHT", ""), notes),
            multi_version=self._words(get("MULTI_VERSION", ""), setting_error, errors),
            depends=self._chosen(get("DEPENDS"), errors),
            inputs=self._inputs(get("INPUTS", ""), notes),
            error="; ".join(errors),
        )
        return Parsed(item, tuple(notes))

    def _all_depends(self, text: str, errors: list[str]) -> tuple[Depend, ...]:
        """Read ALL_DEPENDS; one bad entry spoils it all, since none is guessed at."""
        known = self._depends
        try:
            return tuple([known[entry] for entry in split_words(text)])
        except ValueError as error:
            errors.append(str(error))
            return ()

    def _words(self, text: str, wrong: Callable[[str], str], errors: list[str]) -> tuple[str, ...]:
        if not text:
            return ()
        words = self._lists.get(text)
        if words is None:
            words = tuple(split_words(text))
            bad = next(filter(None, map(wrong, words)), "")
            if bad:
                errors.append(bad)
                return ()
            self._lists[text] = words
        return words

    def _word(self, text: str, errors: list[str]) -> str:
        return "" if not text else "".join(self._words(text, word_error, errors)[:1])

    def _inputs(self, text: str, notes: list[str]) -> tuple[str, ...]:
        words = tuple(split_words(text))
        if bad := next(filter(None, map(input_error, words)), ""):
            notes.append(f"{bad}, INPUTS is passed over")
            return ()
        return words

    def _chosen(self, text: str | None, errors: list[str]) -> tuple[PkgName, ...] | None:
        """Read DEPENDS of presolve; a bad name there makes the record unusable."""
        if text is None:
            return None
        names = split_words(text)
        for name in names:
            if name in self._known:
                continue
            wrong = pkgname_error(name)
            if wrong:
                errors.append(f"DEPENDS: {wrong}")
                return ()
            self._known.add(name)
        return tuple(map(PkgName, names))


def _location_error(location: str | None) -> str:
    return "no PKG_LOCATION line" if location is None else pkgpath_error(location)


def _depends_missing(fields: dict[str, str]) -> str:
    """Without the line it is unknown what the package needs: pbulk stops there, too."""
    return "" if "ALL_DEPENDS" in fields else "no ALL_DEPENDS line"


def _odd_lines(lines: list[str]) -> list[str]:
    """Report ignored lines of a record; blank ones are not reported."""
    seen: set[str] = set()
    notes: list[str] = []
    for line in (line for line in lines if line.strip(" \t")):
        key, is_field, _ = line.partition("=")
        if not is_field:
            notes.append(f"line {quoted(line)} is no KEY=value and is passed over")
        elif key in seen:
            notes.append(f"{quoted(key)} is given twice, the first counts")
        seen.add(key)
    return notes[:1] + ([f"and {len(notes) - 1} more such lines"] if len(notes) > 1 else [])


def _weight(text: str, notes: list[str]) -> int:
    if not text:
        return _DEFAULT_WEIGHT
    if text.isascii() and text.isdigit() and len(text) <= _MAX_WEIGHT_DIGITS:
        return int(text)
    notes.append(f"PBULK_WEIGHT {quoted(text)} is no number, {_DEFAULT_WEIGHT} is taken")
    return _DEFAULT_WEIGHT
