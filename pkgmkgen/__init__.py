"""pkgmkgen: turn a scan of pkgsrc into bulk.mk, a Makefile that builds all of it.

The stages are modules: scan, index, resolve, graph, plan, render (see README.md for the map).
This file holds the version and nothing else, so that importing one stage imports no other.
"""

__version__ = "0.1.0"
