"""`pkgmkgen scan`: the records of the tree; --check compares them with those of pbulk's make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pkgmkgen.cli import inputs, options
from pkgmkgen.cli.scanning import opened, progress
from pkgmkgen.errors import DifferentScanError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from pkgmkgen.cli.options import InputOptions
    from pkgmkgen.model import PkgPath


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    options.packages(parser)
    parser.add_argument(
        "--check",
        nargs="?",
        type=options.count,
        default=0,
        const=50,
        metavar="N",
        help="scan N directories (50), or the named ones, also as pbulk does, and compare",
    )
    parser.add_argument(
        "--inputs",
        action="store_true",
        help="add a line INPUTS= to each record: digests of what a build is made from, for --index",
    )
    options.output(parser)
    options.jobs(parser)
    options.records(parser)


def run(args: argparse.Namespace) -> Iterator[bytes]:
    """Yield the records, or the result of the comparison."""
    wanted = options.read_input(args)
    paths = inputs.pkgpaths(args.pkgpaths, args.list_file)
    if args.check:
        yield from _check(wanted, paths, args.check)
        return
    with inputs.records(wanted, paths).source as source:
        yield from source.blocks()


def _check(wanted: InputOptions, named: tuple[PkgPath, ...], count: int) -> Iterator[bytes]:
    """Scan a sample in both ways. DifferentScanError: the results differ."""
    with opened(wanted) as setup:
        scanner = setup.scanner
        paths = sorted(set(named)) or scanner.sample(count)
        bad = scanner.check(paths, progress(quiet=wanted.quiet))
        tree = scanner.tree
    yield f"{len(paths)} directories scanned both ways, {len(bad)} differ\n".encode()
    yield "".join(f"{path}\n" for path in bad).encode()
    if bad:
        what = f"{len(bad)} directories differ from the records of `{tree.bmake} pbulk-index`"
        raise DifferentScanError(what, f"{tree.root}/{bad[0]}", "please report these directories")
