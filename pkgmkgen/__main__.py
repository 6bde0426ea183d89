"""The command `pkgmkgen`: finds the verb, runs it, prints what it gives, and ends the program."""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from typing import NoReturn

from pkgmkgen import __version__
from pkgmkgen.cli import VERBS, module_of, output
from pkgmkgen.errors import PkgmkgenError, UsageError

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]*")  # a PKGPATH has a slash


class _Parser(argparse.ArgumentParser):
    """Reports a mistake as all errors are, in two lines, and names options that are near."""

    def error(self, message: str) -> NoReturn:
        from pkgmkgen.near import did_you_mean  # noqa: PLC0415  only for mistakes

        what, _, words = message.partition("unrecognized arguments: ")
        option = words.split(" ")[0].partition("=")[0]
        fix = f"see `{self.prog} --help`"
        if not what and option.startswith("-"):
            fix = did_you_mean(option, self._option_string_actions, fix)
        raise UsageError(message, self.prog, fix)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status (pkgmkgen/help/exit-status.md)."""
    gc.disable()  # it lives for a short time: this saves a quarter of it
    try:
        _run(*_verb(sys.argv[1:] if argv is None else argv))
    except PkgmkgenError as error:
        output.say(str(error))
        return error.exit_status
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except KeyboardInterrupt:
        output.say("interrupted")
        return 130
    return 0


def _verb(words: list[str]) -> tuple[str, list[str]]:
    """Return the verb and what follows it. UsageError: there is no such verb."""
    if words and words[0] in VERBS:
        return words[0], words[1:]
    if words and _WORD.fullmatch(words[0]):
        from pkgmkgen.near import did_you_mean  # noqa: PLC0415  only for mistakes

        fix = did_you_mean(words[0], VERBS, "see `pkgmkgen --help`")
        raise UsageError("unknown command", f"'{words[0]}'", fix)
    return "make", words


def _run(verb: str, words: list[str]) -> None:
    """Run a verb; argparse ends the program on a mistake (exit status 2)."""
    module = module_of(verb)
    name = f"pkgmkgen {verb}"
    parser = _Parser(name, description=VERBS[verb], allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"pkgmkgen {__version__}")
    module.arguments(parser)
    args = parser.parse_intermixed_args(words)
    to = getattr(args, "output", "") or getattr(args, "refresh", "")
    with output.opened(to) as file:
        for text in module.run(args):
            output.write(file, text)


if __name__ == "__main__":
    sys.exit(main())
