"""What a person does around a build: a module a command, loaded when it is named.

Each has `arguments(parser)`, which adds its options, and `run(args)`, which yields text; only
`__main__` prints it.
"""

from __future__ import annotations

COMMANDS = {
    "report": "[RUN]: what became of every package, as HTML, text, JSON and pbulk's report",
    "status": "what is being built, what is left and when it will be done; --watch, --json",
    "history": "[NAME]: the runs there were, or what became of a package in them; --keep N",
    "shell": "PKG [COMMAND...]: a shell in the sandbox of a package, at any phase",
    "help": "[TOPIC]: a page of the manual, or the list of its topics",
    "diff": "RUN RUN: newly broken, newly fixed, added, removed, slower, faster",
}
