"""A scan as the command line asks for it: which place, which make, which cache."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from pkgmkgen import resources, settings
from pkgmkgen.cli.options import Options
from pkgmkgen.errors import UnavailableError
from pkgmkgen.machine import which
from pkgmkgen.scan import places as place
from pkgmkgen.scan.places import Place
from pkgmkgen.scan.scanner import Scanner, ScanOptions
from pkgmkgen.scan.session import Limits
from pkgmkgen.scan.tree import Tree


@contextmanager
def opened(opts: Options, values: dict[str, str]) -> Iterator[Scanner]:
    """Give the tree, ready to be scanned, and add its own settings to `values`.

    Raises UnavailableError if the place, the tree or its make is not there.
    """
    root = os.path.abspath(opts.pkgsrc)  # noqa: PTH100 - Path.resolve would follow links, too
    values.setdefault("PKGSRCDIR", root)
    where = _place(opts, values)
    limits = Limits(opts.scan_seconds, opts.scan_megabytes << 20)
    options = ScanOptions(opts.jobs, limits, opts.cache, opts.no_cache)
    tree = Tree(root, opts.make, values.get("MAKECONF", ""))
    with Scanner(tree, where, options) as scanner:
        scanner.tree = replace(tree, bmake=_bmake(opts.make, scanner, values))
        asked = {s.asked: s.name for s in settings.TABLE if s.asked}
        for variable, text in scanner.tree.variables(scanner.machine, tuple(asked)).items():
            values.setdefault(asked[variable], text)
        for name, text in values.items():
            settings.check(name, text, root)
        yield scanner


def _place(opts: Options, values: dict[str, str]) -> Place:
    """Choose: another host if one is named; a sandbox where builds will have a base of their own.

    Without a kit or a base the sandboxes of the builds see what this machine has, and so may
    the scan.
    """
    scripts = resources.sandbox_scripts()
    if opts.scan_on:
        return place.ssh(opts.scan_on, scripts)
    other_base = values.get("BOOTSTRAP_KIT") or values.get("BASE", "host") != "host"
    if opts.no_sandbox or not other_base or not place.can_sandbox(scripts):
        return place.host(scripts)
    return place.sandbox(scripts, {s.name: s.value for s in settings.table(values)})


def _bmake(asked: str, scanner: Scanner, values: dict[str, str]) -> str:
    """Find pkgsrc's make where the scan runs; on this machine as it is, in the user's PATH."""
    own = f"{values.get('PREFIX', '/usr/pkg')}/bin/bmake"
    here = scanner.place.name == "host"
    for name in (asked,) if asked else ("bmake", own) if here else (own, "bmake"):
        if here:
            if found := which(name):
                return found
        else:
            find = ("sh", "-c", 'command -v "$1"', "sh", name)
            outcome = scanner.tree.ask(scanner.machine, "", *find)
            if not outcome.status:
                return outcome.out.decode(errors="replace").strip()
    fix = "install bmake, or bootstrap pkgsrc and name its bmake with --make"
    raise UnavailableError(f"no such program: {asked or 'bmake'}", scanner.place.name, fix)
