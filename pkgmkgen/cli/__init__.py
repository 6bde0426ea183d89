"""What a person can ask pkgmkgen to do: a module a verb, loaded when it is named.

Each has `arguments(parser)`, which adds its options, and `run(args)`, which yields text or bytes
for standard output, or for the file that `-o` names. `__main__` finds the verb and ends the
program; what is said besides goes through `output`. Options that several verbs share are in
`options`, what they do before they differ in `inputs`.
"""

from __future__ import annotations

STAGES = {
    "make": "print bulk.mk (what pkgmkgen does when no stage is named)",
    "scan": "print the records of the tree (pbulk's pscan format)",
    "resolve": "print the records with their dependencies bound (pbulk's presolve format)",
    "plan": "print the packages in order of urgency",
    "simulate": "forecast how long the build takes with -j 4,6,8 slots, and why",
    "why": "NAME [NEEDED]: why a package is in the build, or is not; why it needs another",
}

COMMANDS = {
    "report": "[RUN]: what became of every package, as HTML, text, JSON and pbulk's report",
    "status": "what is being built, what is left and when it will be done; --watch, --json",
    "history": "[NAME]: the runs there were, or what became of a package in them; --keep N",
    "shell": "PKG [COMMAND...]: a shell in the sandbox of a package, at any phase",
    "help": "[TOPIC]: a page of the manual, or the list of its topics",
    "diff": "RUN RUN: newly broken, newly fixed, added, removed, slower, faster",
}

VERBS = STAGES | COMMANDS
