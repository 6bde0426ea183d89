"""The plan stage: buildable packages as jobs in order of urgency, and the others.

Pure. Urgency is the length of the critical path from a package to the end of the build; ties by
name. Independent of make's syntax.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pkgmkgen.model import PkgName, PkgPath, State, pkgbase
from pkgmkgen.plan.critical_path import levels
from pkgmkgen.plan.durations import Origin, durations
from pkgmkgen.plan.gates import gates
from pkgmkgen.plan.typical import Typical

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pkgmkgen.model import Resolved, ScanItem
    from pkgmkgen.plan.durations import Duration, Past
    from pkgmkgen.plan.gates import Gates
    from pkgmkgen.resolve.resolution import Resolution


_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Job:
    """A package to build.

    `needs` are the PKGNAMEs it waits for, in DEPENDS order. `words` are the `KEY=VALUE`
    arguments of the build script: how this package differs from the usual one; `inputs` more such
    words: if one of all these changes, it is out of date. `duration` is
    what it will take; `left` the seconds from its start to the end of the longest way through
    what waits for it, itself counted; `weight` is its PBULK_WEIGHT; `restricted` says why it may
    not be published, empty if it may. `maintainer` is free text, as `restricted` is.
    """

    pkgname: PkgName
    pkgpath: PkgPath
    needs: tuple[PkgName, ...]
    words: tuple[str, ...]
    inputs: tuple[str, ...]
    duration: Duration
    left: float
    weight: int
    restricted: str
    maintainer: str


@dataclass(frozen=True, slots=True)
class Skip:
    """A package that is not built, with the word for its state and the reason, free text.

    `files` is the digest of its directory, empty if it is not known.
    """

    pkgname: PkgName
    pkgpath: PkgPath
    state: State
    reason: str
    files: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Jobs, most urgent first, each with its gates; skips by name; other names a person may use.

    `aliases` are pairs of a name (pkgbase or PKGPATH) and a PKGNAME it stands for. A name
    stands for packages that can be built, or, if it has none, for those that cannot.
    """

    jobs: tuple[Job, ...]
    gates: tuple[Gates, ...]
    skips: tuple[Skip, ...]
    aliases: tuple[tuple[str, PkgName], ...]
    mk: str = ""
    """Digest of the files below mk/, empty if it is not known."""


def plan(resolution: Resolution, past: Past = (), typical: Typical | None = None) -> Plan:
    """Order what can be built, by what is known of earlier builds; the rest becomes skips.

    `typical` is for packages that `past` does not know.
    """
    open_ = {p.pkgname: p for p in resolution.packages if p.state is State.BUILDABLE}
    needs = {name: p.depends for name, p in open_.items()}
    table = typical or Typical()
    guesses = {name: table.guess(p) for name, p in open_.items()}
    serial = {name for name, p in open_.items() if not p.item.make_jobs_safe}
    times = durations(open_, (*past, (Origin.TABLE, table.times)), guesses, serial)
    lengths = levels(needs, {name: time.seconds for name, time in times.items()})
    order = sorted(open_, key=lambda name: (-lengths.bl[name], name))
    jobs = [_job(open_[name], times[name], lengths.bl[name]) for name in order]
    skips = sorted(
        (
            Skip(p.pkgname, p.item.pkg_location, p.state, p.reason, _files(p.item))
            for p in resolution.packages
            if p.state is not State.BUILDABLE
        ),
        key=lambda skip: skip.pkgname,
    )
    return Plan(
        tuple(jobs),
        gates(needs, lengths, order),
        tuple(skips),
        _aliases(tuple(jobs), tuple(skips)),
        _mk(p.item for p in open_.values()),
    )


def plan_text(made: Plan) -> str:
    """Print the jobs, a line each.

    PKGNAME, PKGPATH, seconds it takes, where these are from, seconds from its start to the end
    of the longest way through what waits for it, and what it needs.
    """
    rows = (
        (
            job.pkgname,
            job.pkgpath,
            f"{job.duration.seconds:.1f}",
            job.duration.origin.value,
            f"{job.left:.1f}",
            *job.needs,
        )
        for job in made.jobs
    )
    return "".join(" ".join(row) + "\n" for row in rows)


def _job(package: Resolved, duration: Duration, left: float) -> Job:
    item = package.item
    return Job(
        pkgname=item.pkgname,
        pkgpath=item.pkg_location,
        needs=package.depends,
        words=tuple(_words(item)),
        inputs=_inputs(item, package.depends),
        duration=duration,
        left=left,
        weight=item.pbulk_weight,
        restricted=item.no_bin_on_ftp or item.restricted,
        maintainer=item.maintainer,
    )


def _words(item: ScanItem) -> list[str]:
    """Return only the arguments that differ from the usual ones."""
    words = [f"MULTI_VERSION={word}" for word in item.multi_version]
    if item.use_destdir != "user-destdir":
        words.append(f"USE_DESTDIR={item.use_destdir or 'no'}")
    if item.usergroup_phase:
        words.append(f"USERGROUP_PHASE={item.usergroup_phase}")
    if item.bootstrap_pkg:
        words.append("BOOTSTRAP_PKG=yes")
    return words


def _inputs(item: ScanItem, needs: tuple[PkgName, ...]) -> tuple[str, ...]:
    """Return digests of what the package is built from; that of mk/ is the same for all."""
    text = "".join(f"{name}\n" for name in sorted(needs))
    own = (word for word in item.inputs if not word.startswith("MK="))
    return (*own, f"NEEDS={hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}")


def _files(item: ScanItem) -> str:
    """Return the digest of the directory of a package."""
    return next((word[6:] for word in item.inputs if word.startswith("FILES=")), "")


def _mk(items: Iterable[ScanItem]) -> str:
    """Return the digest of mk/ if all records have the same."""
    found = {word[3:] for item in items for word in item.inputs if word.startswith("MK=")}
    return found.pop() if len(found) == 1 else ""


def _aliases(jobs: tuple[Job, ...], skips: tuple[Skip, ...]) -> tuple[tuple[str, PkgName], ...]:
    taken = {job.pkgname for job in jobs} | {skip.pkgname for skip in skips}
    pairs: list[tuple[str, PkgName]] = []
    served: set[str] = set()
    for group in (jobs, skips):
        names = [(name, p.pkgname) for p in group for name in (pkgbase(p.pkgname), p.pkgpath)]
        pairs += [(n, p) for n, p in names if n not in served and n not in taken]
        served.update(n for n, _ in names)
    return tuple(pairs)
