"""What a person can ask pkgmkgen to do: a module a verb, loaded when it is named.

Each has `arguments(parser)`, which adds its options, and `run(args)`, which yields text or bytes
for standard output, or for the file that `-o` names. `__main__` finds the verb and ends the
program; what is said besides goes through `output`. Options that several verbs share are in
`options`, what they do before they differ in `inputs`.
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
