"""What graph questions cost on networkx and written out, on the graph of a whole tree.

    PKGMKGEN_DATA=/path/to/data python tests/bench/bench_graph.py

Why resolve/graph.py answers the rare questions (cycles, shortest chains) and no other: those that
every command asks, or that a folder below resolve/ asks, would pay for the import of networkx and
for a second copy of the graph.
"""

from __future__ import annotations

import subprocess
import sys
import time
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING

import networkx as nx
from graphs import data

from pkgmkgen.index import reader
from pkgmkgen.index.source import open_index
from pkgmkgen.machine import unzstd
from pkgmkgen.resolve.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Callable


IMPORT = """
import time
start = time.process_time()
import networkx
print(time.process_time() - start)
"""


def seconds(work: Callable[[], object]) -> float:
    """Return the processor time of the best of three tries."""
    times = []
    for _ in "123":
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def main() -> None:
    """Print a line a question."""
    argv = (sys.executable, "-c", IMPORT)
    print(f"import networkx           {float(subprocess.check_output(argv)):6.3f} s")

    with open_index(str(data("pkgsrc-2026.pscan.zst")), unzstd) as source:
        resolution = resolve(reader.read(source.blocks(), source.name).items)
    needs = {one.pkgname: one.depends for one in resolution.packages}
    print(f"make a DiGraph            {seconds(lambda: nx.DiGraph(needs)):6.3f} s")
    graph = nx.DiGraph(needs)
    roots = [one.pkgname for one in resolution.packages if one.pkgname.startswith("firefox")]
    ours = seconds(lambda: resolution.closure(roots))
    theirs = seconds(lambda: set().union(*(nx.descendants(graph, root) for root in roots)))
    print(f"closure of {len(roots)} packages    ours {ours:.3f} s, networkx {theirs:.3f} s")
    whole = seconds(lambda: resolution.closure(needs))
    print(f"closure of all            ours {whole:.3f} s")
    whole = seconds(lambda: tuple(TopologicalSorter(needs).static_order()))
    theirs = seconds(lambda: tuple(nx.topological_sort(graph.reverse(copy=False))))
    print(f"order of all              graphlib {whole:.3f} s, networkx {theirs:.3f} s")


if __name__ == "__main__":
    main()
