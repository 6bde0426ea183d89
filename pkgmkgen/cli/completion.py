"""`pkgmkgen completion`: completion of commands, options, settings and topics for a shell."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from pkgmkgen import resources
from pkgmkgen.setting_table import TABLE

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASH = """\
# bash completion for pkgmkgen: eval "$(pkgmkgen completion bash)"
_pkgmkgen() {{
    local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD-1]}} words=
    case $before in
    --set) COMPREPLY=($(compgen -S = -W '{settings}' -- "$word")); compopt -o nospace; return ;;
    help) COMPREPLY=($(compgen -W '{topics}' -- "$word")); return ;;
    esac
    case ${{COMP_WORDS[1]}} in
{options}
    esac
    [ "$COMP_CWORD" -ne 1 ] || words="$words {verbs}"
    COMPREPLY=($(compgen -W "$words" -- "$word") $(compgen -f -- "$word"))
}}
complete -o filenames -F _pkgmkgen pkgmkgen
"""

_ZSH = """\
#compdef pkgmkgen
# zsh completion for pkgmkgen: pkgmkgen completion zsh >~/.zfunc/_pkgmkgen, with ~/.zfunc in fpath
local -a verbs; verbs=(
{described}
)
case $words[CURRENT-1] in
--set) compadd -S = -- {settings}; return ;;
help) compadd -- {topics}; return ;;
esac
(( CURRENT == 2 )) && _describe command verbs
case $words[2] in
{added}
esac
_files
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the shell."""
    parser.add_argument("shell", choices=("bash", "zsh"), help="the shell that reads it")


def run(args: argparse.Namespace) -> Iterator[str]:
    """Yield the script."""
    from pkgmkgen.cli import VERBS  # noqa: PLC0415  imported by it

    options = {verb: " ".join(_options(verb)) for verb in VERBS}
    values = {
        "settings": " ".join(setting.name for setting in TABLE),
        "topics": " ".join(sorted(path.stem for path in resources.help_pages())),
        "verbs": " ".join(VERBS),
    }
    if args.shell == "bash":
        lines = [f"    {verb}) words='{words}' ;;" for verb, words in options.items()]
        lines.append(f"    *) words='{options['make']}' ;;")
        yield _BASH.format(options="\n".join(lines), **values)
        return
    described = "\n".join(f"  {_quoted(f'{verb}:{text}')}" for verb, text in VERBS.items())
    lines = [f"{verb}) compadd -- {words} ;;" for verb, words in options.items()]
    lines.append(f"*) compadd -- {options['make']} ;;")
    yield _ZSH.format(described=described, added="\n".join(lines), **values)


def _options(verb: str) -> list[str]:
    from pkgmkgen.cli import module_of  # noqa: PLC0415  imported by it

    parser = argparse.ArgumentParser()
    module_of(verb).arguments(parser)
    return [word for word in parser._option_string_actions if word.startswith("--")]  # noqa: SLF001


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
