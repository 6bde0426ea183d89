"""Explain why a package is in the build, needs another, or cannot be built.

Answers are data first (`why`, `needs`) and text second (`why_text`, `chain_text`). They are read
from a finished resolution: choices are replayed, never made again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pkgmkgen.errors import UsageError
from pkgmkgen.model import Depend, PkgName, PkgPath, Resolved, pkgbase
from pkgmkgen.names import MAX_NAME, plain
from pkgmkgen.near import did_you_mean
from pkgmkgen.resolve.pattern import matches

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from pkgmkgen.resolve.graph import Graph
    from pkgmkgen.resolve.resolution import Resolution

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Link:
    """One step of a chain: `pkgname` needs `needed` because of a pattern.

    `depend` is the pattern that chose it, `candidates` are all packages that this one matches,
    `also` the later patterns of the same package that it meets. `depend` is None if the record
    came with its DEPENDS and no pattern in it matches.
    """

    pkgname: PkgName
    needed: PkgName
    depend: Depend | None
    candidates: tuple[PkgName, ...]
    also: tuple[Depend, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """The explanation of one package.

    `wanted` is the chain from a listed package to this one, empty if it is `listed` itself;
    `fault` is the chain to the package at fault, empty unless the state is an indirect one.
    `unmatched` describes its patterns that matched nothing.
    """

    package: Resolved
    listed: bool
    wanted: tuple[Link, ...]
    fault: tuple[Link, ...]
    depends: tuple[Link, ...]
    needed_by: tuple[PkgName, ...]
    unmatched: tuple[str, ...]


def find(resolution: Resolution, text: str) -> tuple[PkgName, ...]:
    """Return the packages with this PKGNAME, PKGPATH or name without version.

    Raises UsageError, with similar names, if there is none.
    """
    if text in resolution.by_name:
        return (PkgName(text),)
    names = resolution.by_path.get(PkgPath(text), ())
    if not names:
        names = tuple(sorted(name for name in resolution.by_name if pkgbase(name) == text))
    if names:
        return names
    known = {*resolution.by_path, *map(pkgbase, resolution.by_name), *resolution.by_name}
    fix = did_you_mean(text, known, "use a PKGNAME, a PKGPATH or a pkgbase")
    raise UsageError("no such package in this index", ascii(text[:MAX_NAME]), fix)


def why(resolution: Resolution, pkgname: PkgName, listed: Collection[PkgPath] | None = None) -> Why:
    """Explain one package; `listed` are the directories of a limited list, None the whole tree."""
    package = resolution.by_name[pkgname]
    is_listed = listed is None or package.item.pkg_location in listed
    because = package.because
    return Why(
        package=package,
        listed=is_listed,
        wanted=() if is_listed else _wanted(resolution, pkgname, listed or ()),
        fault=() if because is None else needs(resolution, pkgname, because),
        depends=links(resolution, package),
        needed_by=tuple(
            sorted(p.item.pkgname for p in resolution.packages if pkgname in p.depends)
        ),
        unmatched=tuple(str(lost) for lost in resolution.unmatched if lost.pkgname == pkgname),
    )


def needs(resolution: Resolution, pkgname: PkgName, needed: PkgName) -> tuple[Link, ...]:
    """Return a shortest chain by which one package needs another, or nothing."""
    by_name = resolution.by_name
    part = {name: by_name[name].depends for name in resolution.closure([pkgname])}
    if needed not in part:
        return ()
    return _chain_links(resolution, _graph(part).chain(pkgname, needed))


def links(resolution: Resolution, package: Resolved) -> tuple[Link, ...]:
    """Return what a package needs directly, each with the pattern that chose it.

    Replays the choice: a pattern that something chosen before meets has chosen nothing.
    """
    ambiguities = {ambiguity.pattern: ambiguity for ambiguity in resolution.ambiguous}
    pattern_of: dict[PkgName, Depend] = {}
    also: dict[PkgName, list[Depend]] = {}
    for depend in dict.fromkeys(package.item.all_depends):
        met = next((name for name in pattern_of if matches(depend.pattern, name)), None)
        if met is not None:
            also.setdefault(met, []).append(depend)
            continue
        ambiguity = ambiguities.get(depend.pattern)
        new = ambiguity.best if ambiguity else _first_match(depend.pattern, package.depends)
        if new is not None:
            pattern_of[new] = depend
    links: list[Link] = []
    for name in package.depends:
        chooser = pattern_of.get(name)
        ambiguity = ambiguities.get(chooser.pattern) if chooser else None
        candidates = ambiguity.candidates if ambiguity else (name,)
        links.append(Link(package.pkgname, name, chooser, candidates, tuple(also.get(name, ()))))
    return tuple(links)


def why_text(answer: Why) -> str:
    """Print what is known of a package for people."""
    return "".join(line + "\n" for line in _why_lines(answer))


def chain_text(chain: Iterable[Link]) -> str:
    """Print a chain, a line or two a link."""
    return "".join(line + "\n" for link in chain for line in _link_lines(link))


def _why_lines(answer: Why) -> Iterator[str]:
    item = answer.package.item
    yield f"{item.pkgname} ({item.pkg_location}): {answer.package.state.value}"
    if answer.package.reason:
        yield f"  {answer.package.reason}"
    for lost in answer.unmatched:
        if lost != answer.package.reason:
            yield f"  {lost}"
    for link in answer.fault:
        yield from _link_lines(link)
    if answer.wanted:
        yield f"wanted because {answer.wanted[0].pkgname} is listed:"
        for link in answer.wanted:
            yield from _link_lines(link)
    elif answer.listed:
        yield "wanted for itself: its directory is to be built"
    yield f"needed directly by {len(answer.needed_by)}{_some(answer.needed_by)}"
    yield f"needs directly {len(answer.depends)}{':' if answer.depends else ''}"
    for link in answer.depends:
        yield from _link_lines(link)


def _link_lines(link: Link) -> Iterator[str]:
    if link.depend is None:
        yield f"  {link.pkgname} needs {link.needed}: its DEPENDS line says so"
        return
    pattern = plain(link.depend.pattern)
    yield f"  {link.pkgname} needs {link.needed}: {pattern} of {link.depend.pkgpath}"
    if len(link.candidates) > 1:
        yield f"    highest version of {len(link.candidates)}{_some(link.candidates)}"
    for depend in link.also:
        yield f"    meets also {plain(depend.pattern)}"


def _some(names: tuple[PkgName, ...]) -> str:
    """Return a colon and the first few names, nothing if there are none."""
    if not names:
        return ""
    return f": {', '.join(names[:_SHOWN])}{', ...' if len(names) > _SHOWN else ''}"


def _wanted(
    resolution: Resolution, pkgname: PkgName, listed: Iterable[PkgPath]
) -> tuple[Link, ...]:
    """Return the shortest chain from a package of a listed directory; of equal ones by name."""
    graph = _graph({package.pkgname: package.depends for package in resolution.packages})
    roots = sorted(name for path in listed for name in resolution.by_path.get(path, ()))
    chains = [chain for root in roots if (chain := graph.chain(root, pkgname))]
    return _chain_links(resolution, min(chains, key=len)) if chains else ()


def _chain_links(resolution: Resolution, chain: tuple[PkgName, ...]) -> tuple[Link, ...]:
    by_name = resolution.by_name
    return tuple(
        link
        for user, needed in pairwise(chain)
        for link in links(resolution, by_name[user])
        if link.needed == needed
    )


def _graph(needs_of: Mapping[PkgName, tuple[PkgName, ...]]) -> Graph:
    from pkgmkgen.resolve.graph import Graph  # noqa: PLC0415  networkx takes 0.3 s; few ask why

    return Graph(needs_of)


def _first_match(pattern: str, pkgnames: Iterable[PkgName]) -> PkgName | None:
    return next((name for name in pkgnames if matches(pattern, name)), None)
