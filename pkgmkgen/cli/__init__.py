"""The commands (verbs) of pkgmkgen: one module for each, loaded on use.

Each module has `arguments(parser)`, which adds its options, and `run(args)`, which yields text or
bytes for standard output, or for the file of `-o`. `__main__` finds the module and sets the exit
status; `output` prints messages. Shared options are in `options`, shared first steps in `inputs`.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

STAGES = {
    "scan": "print the records of the tree (pscan format of pbulk)",
    "resolve": "print the records with resolved dependencies (presolve format)",
    "why": "NAME [NEEDED]: why a package is in the build, or is not; why it needs another",
    "plan": "print the packages in the order of their critical path",
    "make": "print bulk.mk (the default)",
    "simulate": "forecast how long the build takes with -j 4,6,8 slots, and why",
}

COMMANDS = {
    "status": "what is being built, what is left, the expected end; --watch, --json",
    "impact": "[FILE|REV..REV...]: what a change of the tree makes out of date, and how long",
    "why-rebuild": "[PKG]: what make would build now, and why",
    "pause": "finish what builds and start nothing; --off goes on, --end ends the run",
    "hold": "NAME...: packages that no run builds until --off; without NAME list them",
    "cancel": "NAME...: end the build of a package; the run goes on without it",
    "shell": "PKG [COMMAND...]: a shell in the sandbox of a package, at any phase",
    "report": "[RUN]: the result of every package, as HTML, text, JSON and pbulk report",
    "history": "[NAME]: all runs, or one package in all runs; --keep N",
    "diff": "RUN RUN: newly broken, newly fixed, added, removed, slower, faster",
    "help": "[TOPIC]: a page of the manual, or the list of topics; --man: all as a man page",
    "completion": "bash|zsh: completion of commands, options and settings for a shell",
}

VERBS = STAGES | COMMANDS


def module_of(verb: str) -> ModuleType:
    """Load the module of a verb; the `-` of a verb is `_` in the name of its module."""
    return importlib.import_module(f"pkgmkgen.cli.{verb.replace('-', '_')}")
