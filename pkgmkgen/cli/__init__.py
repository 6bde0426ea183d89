"""The commands (verbs) of pkgmkgen: one module for each, loaded on use.

Each module has `arguments(parser)`, which adds its options, and `run(args)`, which yields text or
bytes for standard output, or for the file of `-o`. `__main__` finds the module and sets the exit
status; `output` prints messages. Shared options are in `options`, shared first steps in `inputs`.
"""

from __future__ import annotations

STAGES = {
    "make": "print bulk.mk (the default)",
    "scan": "print the records of the tree (pscan format of pbulk)",
    "resolve": "print the records with resolved dependencies (presolve format)",
    "plan": "print the packages in the order of their critical path",
    "simulate": "forecast how long the build takes with -j 4,6,8 slots, and why",
    "why": "NAME [NEEDED]: why a package is in the build, or is not; why it needs another",
}

COMMANDS = {
    "report": "[RUN]: the result of every package, as HTML, text, JSON and pbulk report",
    "status": "what is being built, what is left, the expected end; --watch, --json",
    "history": "[NAME]: all runs, or one package in all runs; --keep N",
    "shell": "PKG [COMMAND...]: a shell in the sandbox of a package, at any phase",
    "help": "[TOPIC]: a page of the manual, or the list of topics",
    "diff": "RUN RUN: newly broken, newly fixed, added, removed, slower, faster",
}

VERBS = STAGES | COMMANDS
