"""click in French: the heads of a help page, what an option says of itself, the refusal of what was typed."""

from __future__ import annotations

import datetime as dt
import functools
import io
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from helpers.catalog import spellings
from helpers.errors import ObservatoireError, UnknownName, UsageError, reason

_HEADS = {"Options": "Options", "Commands": "Commandes", "Positional arguments": "Arguments"}


class Formatter(click.HelpFormatter):
    """Heads of a help page in French."""

    def write_heading(self, heading: str) -> None:
        """Write the French name of a section."""
        self.write(f"{'':>{self.current_indent}}{_HEADS.get(heading, heading)} :\n")

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line of usage."""
        super().write_usage(prog, args, prefix or "Usage : ")


class Context(click.Context):
    """Context whose help pages are in French."""

    formatter_class = Formatter


class Option(click.Option):
    """Option that says in French whether it must be given, its default and its bounds."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Names and help of the option."""
        record = super().get_help_record(ctx)
        if record is None:
            return None
        names, told = record
        head, bracket, tail = told.rpartition("  [")
        if bracket:
            tail = tail.replace("required", "obligatoire").replace("default: ", "par défaut : ")
            tail = re.sub(r"\b(\d+)<=x<=(\d+)", r"de \1 à \2", tail)
            told = head + bracket + re.sub(r"x>=(\d+)", r"à partir de \1", tail)
        return names, told


option = functools.partial(click.option, cls=Option)
# What the commands that make reports ask in the same words.
notebooks_argument = click.argument("notebooks", metavar="[CARNET]…", nargs=-1)
parameter_option = option(
    "-p", "--parameter", "given", multiple=True, metavar="NOM=VALEUR", help="Valeur d'un paramètre."
)
package_option = option("--paquet", metavar="DOSSIER", help="Votre paquet de données.")
out_option = option(
    "--out",
    metavar="DOSSIER",
    type=click.Path(path_type=Path),
    help="Dossier des rapports (par défaut reports).",
)


class Command(click.Command):
    """Command with French help."""

    context_class = Context

    def get_short_help_str(self, limit: int = 45) -> str:
        """First sentence of the help, whole: a list of commands wraps it and cuts nothing."""
        return super().get_short_help_str(limit=1_000)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, in French."""
        return _in_french(super().get_help_option(ctx))


class Group(click.Group):
    """Group of commands with French help; a name that it does not have is refused with the nearest one."""

    context_class = Context
    command_class = Command

    def get_short_help_str(self, limit: int = 45) -> str:
        """First sentence of the help, whole, as for a command."""
        return super().get_short_help_str(limit=1_000)

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"subcommand_metavar": "COMMANDE [ARGUMENTS]…", **options})

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help, in French."""
        return _in_french(super().get_help_option(ctx))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Command named first in `args`. Raises UnknownName."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            raise UnknownName("Commande", args[0], self.list_commands(ctx))
        return super().resolve_command(ctx, args)


class Program(Group):
    """The outermost group: any fault is one French sentence on the error stream and an exit code, never a traceback."""

    def main(self, args: Sequence[str] | None = None, *more: Any, **options: Any) -> Any:
        """Run the command line and leave with its exit code: 0 all well, 1 a fault, 2 usage."""
        options["standalone_mode"] = False
        _steady_outputs()
        try:
            code = super().main(_at_home(sys.argv[1:] if args is None else args), *more, **options)
            sys.stdout.flush()
        except click.ClickException as refused:
            click.echo(sentence(refused), err=True)
            code = refused.exit_code
        except click.Abort:
            click.echo("cpts : interrompu.", err=True)
            code = 130
        except BrokenPipeError:
            code = _silenced()  # who reads has enough: nothing to tell
        except OSError as error:
            code = _silenced() if error.filename is None else 1
            click.echo(
                f"cpts : « {error.filename} » n'a pas pu être lu ou écrit : {reason(error)}."
                if error.filename is not None
                else f"cpts : ce qui s'affiche n'a pas pu être écrit : {reason(error)}. Ce qui était fait est gardé.",
                err=True,
            )
        sys.exit(code if isinstance(code, int) else 0)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; print the sentence of an ObservatoireError on the error stream."""
        try:
            return super().invoke(ctx)
        except ObservatoireError as error:
            click.echo(f"cpts : {error}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            click.echo(
                "cpts : interrompu ; les rapports déjà faits sont gardés, relancez pour les autres.", err=True
            )
            ctx.exit(130)


def _at_home(args: Sequence[str]) -> list[str]:
    """The words typed, with `~` at the head of a path as the folder of the user.

    A shell does it for a word that begins with it, not after `--out=` nor `paquet=`; that of Windows never does.
    """
    found = (re.fullmatch(r"((?:[\w-]+=)?)(~(?:[/\\].*)?)", word, re.DOTALL) for word in args)
    return [
        head_path[1] + os.path.expanduser(head_path[2]) if head_path else word
        for head_path, word in zip(found, args, strict=True)
    ]


def _steady_outputs() -> None:
    """Let a command run where its output is closed, or cannot write a French letter."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _silenced() -> int:
    """Give up the output, so that the interpreter does not try again while it ends; returns the exit code."""
    real = sys.__stdout__
    if real is not None and sys.stdout is real:
        os.dup2(os.open(os.devnull, os.O_WRONLY), real.fileno())
    return 1


def sentence(refused: click.ClickException) -> str:
    """What click refuses, in one French sentence with the help page to read."""
    if isinstance(refused, getattr(click.exceptions, "NoArgsIsHelpError", ())):
        return refused.format_message()
    ctx = getattr(refused, "ctx", None)
    page = f" Voyez « {ctx.command_path} --help »." if ctx is not None else ""
    return f"cpts : {_what(refused)}{page}"


def _what(refused: click.ClickException) -> str:
    if isinstance(refused, click.NoSuchOption):
        near = [name for name in refused.possibilities or () if name != refused.option_name]
        hint = f" Vouliez-vous dire : {', '.join(near)} ?" if near else ""
        return f"option inconnue : « {refused.option_name} ».{hint}"
    if isinstance(refused, click.BadOptionUsage):
        # The parser raises it without its context: only its message tells the two cases apart.
        wrong = "ne prend pas de valeur" if "does not take" in refused.message else "attend une valeur"
        return f"l'option « {refused.option_name} » {wrong}."
    if isinstance(refused, click.MissingParameter) and refused.param is not None:
        return f"il manque {_named(refused.param)}."
    if isinstance(refused, click.BadParameter) and refused.param is not None:
        return f"{_named(refused.param)} : valeur refusée, {_expected(refused.param.type)}."
    extra = re.search(r"\((.+)\)$", refused.message)
    if isinstance(refused, click.UsageError) and extra:
        return f"trop d'arguments : « {extra[1]} » n'est pas attendu."
    return f"la commande n'a pas été comprise ({refused.format_message()})."


def _in_french(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "Montrer cette aide."
    return option


def _named(parameter: click.Parameter) -> str:
    if isinstance(parameter, click.Option):
        return f"l'option « {parameter.opts[-1]} »"
    return f"l'argument {(parameter.metavar or parameter.name or '').strip('[].…').rstrip('.')}"


def _expected(kind: click.ParamType[Any]) -> str:
    if isinstance(kind, click.Choice):
        return f"valeurs permises : {', '.join(map(str, kind.choices))}"
    if isinstance(kind, click.IntRange):
        low, high = kind.min, kind.max
        return (
            f"attendu : un nombre entier {f'de {low} à {high}' if high is not None else f'à partir de {low}'}"
        )
    if isinstance(kind, click.Path):
        return (
            "attendu : un fichier, non un dossier"
            if kind.file_okay
            else "attendu : un dossier, non un fichier"
        )
    return "autre forme attendue"


def day(text: str) -> dt.date:
    """The day typed as the value of an option, in any writing that a cell may have. Raises UsageError for another text."""
    found = spellings.date(text.strip())
    if found is None:
        raise UsageError(f"« {text} » n'est pas une date : écrivez-la AAAA-MM-JJ, ou JJ/MM/AAAA.")
    return found


def pair(item: str, example: str = "-p confiance=0.95") -> tuple[str, str]:
    """Name and value typed as `nom=valeur`. Raises UsageError for another form."""
    name, equals, value = item.partition("=")
    if not equals or not name:
        raise UsageError(f"« {item} » n'est pas de la forme nom=valeur : écrivez par exemple {example}.")
    return name, value
