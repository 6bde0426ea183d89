"""A scan with the place, the make and the cache of the command line."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pkgmkgen import resources, settings
from pkgmkgen.cli import output
from pkgmkgen.cli.progress import ProgressBar
from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import which
from pkgmkgen.scan import places
from pkgmkgen.scan.scanner import Scan, Scanner, ScanOptions
from pkgmkgen.scan.session import Limits
from pkgmkgen.scan.tree import Tree
from pkgmkgen.setting_table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pkgmkgen.cli.options import InputOptions
    from pkgmkgen.model import PkgPath
    from pkgmkgen.scan.places import Place
    from pkgmkgen.scan.scanner import Progress

_SLOW = 2.0
"""A directory that took longer than this is named at the end of the scan, in seconds."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A tree ready to be scanned, and the settings: those given, then those of the tree."""

    scanner: Scanner
    settings: Mapping[str, str]


def scanned(wanted: InputOptions, paths: tuple[PkgPath, ...]) -> tuple[Scan, Mapping[str, str]]:
    """Scan these directories and all they need, or the whole tree."""
    with opened(wanted) as setup:
        scan = setup.scanner.scan(paths, progress(quiet=wanted.quiet), output.say)
    if not wanted.quiet:
        _say(scan)
    return scan, setup.settings


def progress(*, quiet: bool) -> Callable[[Progress], None]:
    """Return the function that shows the progress of a scan."""
    return (lambda _progress: None) if quiet else ProgressBar()


@contextmanager
def opened(wanted: InputOptions) -> Iterator[Opened]:
    """Yield the tree, ready to be scanned, and its settings.

    Raises UnavailableError if the place, the tree or its make is missing.
    """
    root = os.path.abspath(wanted.pkgsrc)  # noqa: PTH100 - Path.resolve would follow links, too
    given = {"PKGSRCDIR": root, **wanted.settings}
    limits = Limits(wanted.seconds, wanted.megabytes << 20)
    scan_options = ScanOptions(wanted.jobs, limits, wanted.cache, wanted.no_cache, wanted.inputs)
    tree = Tree(root, wanted.make, given.get("MAKECONF", ""))
    with Scanner(tree, _place(wanted, given), scan_options) as scanner:
        scanner.tree = replace(tree, bmake=_bmake(wanted.make, scanner, given))
        names = {setting.asked: setting.name for setting in TABLE if setting.asked}
        told = scanner.tree.variables(scanner.machine, tuple(names))
        values = {**{names[variable]: text for variable, text in told.items()}, **given}
        for name, text in values.items():
            settings.check(name, text, root)
        yield Opened(scanner, values)


def _say(scan: Scan) -> None:
    output.say_faults(scan.faults)
    slow = sorted(scan.seconds.items(), key=lambda taken: (-taken[1], taken[0]))[:3]
    text = f"{len(scan.seconds)} directories scanned, {scan.stored} unchanged"
    text += f", {scan.long} scanned slowly, as pbulk does" if scan.long else ""
    text += "".join(f", {path} {seconds:.1f} s" for path, seconds in slow if seconds >= _SLOW)
    output.say(text)


def _place(wanted: InputOptions, given: Mapping[str, str]) -> Place:
    """Choose the place: the host of --scan-on; a sandbox if builds have their own base or kit.

    Without a base and a kit, the sandboxes of builds see the system of this machine. Then the
    scan can run on it directly.
    """
    scripts = resources.sandbox_scripts()
    if wanted.scan_on:
        return places.ssh(wanted.scan_on, scripts)
    other_base = given.get("BOOTSTRAP_KIT") or given.get("BASE", "host") != "host"
    if wanted.no_sandbox or not other_base or not places.can_sandbox(scripts):
        return places.host(scripts)
    return places.sandbox(scripts, settings.expanded(given))


def _bmake(named: str, scanner: Scanner, given: Mapping[str, str]) -> str:
    """Find the make of pkgsrc in the place; without a sandbox, in the PATH of the user."""
    own = f"{given.get('PREFIX', '/usr/pkg')}/bin/bmake"
    here = scanner.place.name == "host"
    for name in (named,) if named else ("bmake", own) if here else (own, "bmake"):
        if here:
            if path := which(name):
                return path
        else:
            find = ("sh", "-c", 'command -v "$1"', "sh", name)
            result = scanner.tree.ask(scanner.machine, "", *find)
            if not result.status:
                return result.out.decode(errors="replace").strip()
    fix = "install bmake, or bootstrap pkgsrc and name its bmake with --make"
    raise UnavailableError(f"no such program: {named or 'bmake'}", scanner.place.name, fix)
