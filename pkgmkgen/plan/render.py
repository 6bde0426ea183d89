"""The render stage: a plan as the text of bulk.mk. The only importer of jinja2.

Pure: same plan and settings, same bytes. Text enters the Makefile only through a filter that names
its role: a word of make, a quoted argument of sh, a comment, a setting's value.
"""

from __future__ import annotations

import re
import shlex
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pkgmkgen.plan.layers import Layers, layers
from pkgmkgen.settings import declarations
from pkgmkgen.timetext import brief_clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pkgmkgen.plan.gates import Gates
    from pkgmkgen.plan.planner import Plan
    from pkgmkgen.setting_table import Setting

_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+/@~,-]*")
_ARGUMENT = re.compile(r"[A-Za-z0-9_]+=[A-Za-z0-9._+=-]*")
_PLAIN = "/,@+=:~"
_RESERVED = frozenset(
    {
        *("all", "fetch", "help", "impact", "list", "packages", "publish", "regenerate"),
        *("repository", "retry", "shell", "why"),
    }
)


class _Safe(str):
    """Text that went through a filter."""

    __slots__ = ()


def word(text: str) -> str:
    """Return a name as it stands in rules. ValueError: make would read it as something else."""
    if not _WORD.fullmatch(text):
        raise ValueError(f"not a word for make: {text!r}")
    return _Safe(text)


def packages(pkgnames: Iterable[str]) -> str:
    """Return the binary package files of PKGNAMEs as rules name them, each after a blank."""
    return _Safe("".join(f" $(ALL)/{word(name)}$(SUFX)" for name in pkgnames))


# Linux takes no argument of more than 128 KiB, and a recipe is one argument of sh.
_RECIPE_BYTES = 60_000


def needs(pkgnames: Sequence[str]) -> str:
    """Return the prerequisites in a recipe's arguments; `@` lets build.sh read them itself."""
    short = sum(len(name) + 60 for name in pkgnames) < _RECIPE_BYTES
    return _Safe("$(NEEDS)" if short else "@")


def names(settings: Iterable[Setting]) -> str:
    """Return the names of the settings, separated by blanks."""
    return _Safe(" ".join(setting.name for setting in settings))


def series(gates: Gates) -> str:
    """Return the rules of a series of gates: each waits for the one before."""
    last = f"_{gates.place + 1}"
    names = [f"{last}.{number}" for number in range(1, gates.steps)] + [last]
    first = "".join(f" _{place + 1}" for place in gates.after)
    lines = [f"{name}: {before}\n" for before, name in pairwise(names)]
    return _Safe(f"{first}\n{''.join(lines)}{' '.join(names)}")


def clock(seconds: float) -> str:
    """Return a time for people."""
    return _Safe(brief_clock(seconds))


def seconds(number: float) -> str:
    """Return a time for programs."""
    return _Safe(f"{number:.1f}")


def arguments(words: Sequence[str]) -> str:
    """Return `KEY=VALUE` arguments of a recipe's command, each with a blank before it."""
    for text in words:
        if not _ARGUMENT.fullmatch(text):
            raise ValueError(f"not an argument: {text!r}")
    return _Safe("".join(f" {text}" for text in words))


def argv(text: str) -> str:
    """Return any text as one argument of a recipe's command: quoted for sh, then for make."""
    return _Safe(shlex.quote(_printable(text)).replace("$", "$$"))


def comment(text: str) -> str:
    """Return any text as the rest of a comment line, without the quoting that pkgsrc prints."""
    return _Safe(_printable(text).replace("\\", ""))


def value(text: str) -> str:
    """Return a setting's value; settings.check has seen it."""
    return _Safe(text)


def quoted(words: Iterable[str]) -> str:
    """Return any words as the rest of a comment line for programs, each after a blank."""
    return _Safe("".join(f" {quote(word, _PLAIN, 'utf-8', 'surrogateescape')}" for word in words))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "?" for c in text)


def _finalize(text: Any) -> str:  # noqa: ANN401 - jinja2 passes what the template names
    """Let numbers pass and text that went through a filter; anything else is a bug of ours."""
    if isinstance(text, (_Safe, int)):
        return str(text)
    raise TypeError(f"template prints unfiltered text: {text!r}")


_FILTERS = (
    word,
    packages,
    needs,
    names,
    series,
    clock,
    seconds,
    arguments,
    argv,
    comment,
    quoted,
    value,
)


def _behind(plan: Plan) -> dict[int, str]:
    """Return, by the number of a package from 1 on, the package that its first gate waits for."""
    behind: dict[int, str] = {}
    for number, gate in enumerate(plan.gates, start=1):
        place = gate.hub if gate.hub is not None else next(iter(gate.after), None)
        behind[number] = "" if place is None else plan.jobs[place].pkgname
    return behind


def _shared(plan: Plan, settings: Sequence[Setting]) -> Layers:
    """Choose layers of dependencies, which takes seconds for a whole tree, if they are wanted."""
    if any(setting.name == "LAYERS" and setting.value != "0" for setting in settings):
        return layers({job.pkgname: job.needs for job in plan.jobs})
    return Layers((), ())


def render(plan: Plan, settings: Sequence[Setting], folder: Path, made: Sequence[str] = ()) -> str:
    """Return bulk.mk, made with the template Makefile.j2 in `folder`.

    `made` are the words of the command line that made it.
    """
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=_finalize,
        autoescape=False,  # noqa: S701 - this makes no HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    for function in _FILTERS:
        environment.filters[function.__name__] = function
    aliases: dict[str, list[str]] = {job.pkgname: [] for job in plan.jobs}
    aliases |= {skip.pkgname: [] for skip in plan.skips}
    for alias, pkgname in plan.aliases:
        if alias not in _RESERVED:
            aliases[pkgname].append(alias)
    return environment.get_template("Makefile.j2").render(
        plan=plan,
        settings=settings,
        made=made,
        declarations=declarations(),
        names=aliases,
        behind=_behind(plan),
        shared=_shared(plan, settings),
    )


def page(template: str, folder: Path, values: Mapping[str, object]) -> str:
    """Return an HTML page made with a template in `folder`; all text in it is escaped."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(values)
