"""`cpts import insee|ameli|drees|finess|rpps|cepidc`: official files read and added to a user's package."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from helpers.commands.command_line import Command, day, option
from helpers.errors import UsageError

_DEPARTMENT = option(
    "--departement",
    "--department",  # as it was called before `new` and `diagnose` had the same option
    "departments",
    multiple=True,
    metavar="CODE",
    help="Ne garder que ce département (plusieurs possibles).",
)


def _command(name: str, *options: Callable[[Any], Any]) -> Callable[[Any], click.Command]:
    """Command with what all imports share: the file, the package, the départements to keep, `--replace`."""
    shared = (
        click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path)),
        option("--into", metavar="DOSSIER", type=click.Path(path_type=Path), required=True, help="Votre paquet."),
        _DEPARTMENT,
        *options,
        option("--replace", is_flag=True, help="Les lignes de clé connue prennent la place des anciennes."),
    )  # fmt: skip

    def made(work: Any) -> click.Command:
        for decorator in reversed(shared):
            work = decorator(work)
        return click.command(name, cls=Command)(work)

    return made


_YEAR = option(
    "--year",
    type=click.IntRange(2000, 2100),
    metavar="ANNÉE",
    help="Année des populations, si le nom du fichier ne la dit pas.",
)
_YEARS = option(
    "--year",
    "years",
    type=click.IntRange(2000, 2100),
    multiple=True,
    metavar="ANNÉE",
    help="Ne garder que cette année (plusieurs possibles).",
)
_DATE = option(
    "--date", "extracted", metavar="AAAA-MM-JJ", help="Date du fichier, si ni lui ni son nom ne la disent."
)


@_command("insee", _YEAR)
def insee_command(
    file: Path, into: Path, departments: tuple[str, ...], year: int | None, replace: bool
) -> None:
    """Populations légales des communes : donnees_communes.csv ou ensemble.zip."""
    from helpers.intake.official import insee

    _add(insee.TABLE, insee.load(file, year=year, departments=_known(departments)), into, replace)


@_command("ameli", _YEARS, option("--detail", is_flag=True, help="Aussi les lignes par âge et par sexe."))
def ameli_command(
    file: Path, into: Path, departments: tuple[str, ...], years: tuple[int, ...], detail: bool, replace: bool
) -> None:
    """Professionnels libéraux et densités (data.ameli.fr), avec la région et le pays."""
    from helpers.intake.official import ameli

    table = ameli.load(file, departments=_known(departments), years=years, detail=detail)
    _add(ameli.TABLE, table, into, replace)


@_command("drees", _YEARS)
def drees_command(
    file: Path, into: Path, departments: tuple[str, ...], years: tuple[int, ...], replace: bool
) -> None:
    """Accessibilité potentielle localisée (APL) par commune : classeur d'une profession, dernière année par défaut."""
    from helpers.intake.official import drees

    _add(drees.TABLE, drees.load(file, years=years, departments=_known(departments)), into, replace)


@_command(
    "finess",
    _DATE,
    option(
        "--category",
        "categories",
        multiple=True,
        default=("604",),
        show_default=True,
        metavar="CODE",
        help="Catégorie à garder (plusieurs possibles) ; « diagnostic » : celles d'un diagnostic.",
    ),
)
def finess_command(
    file: Path,
    into: Path,
    departments: tuple[str, ...],
    extracted: str | None,
    categories: tuple[str, ...],
    replace: bool,
) -> None:
    """Établissements de certaines catégories (604 : CPTS ; 603 : maisons de santé ; 124 : centres de santé)."""
    from helpers.intake.official import finess, finess_plus

    if "diagnostic" in categories:
        categories = tuple(
            dict.fromkeys(
                [*(code for code in categories if code != "diagnostic"), *finess_plus.labels().index]
            )
        )
    table = finess.load(
        file,
        categories=categories,
        departments=_known(departments),
        extracted=day(extracted).isoformat() if extracted else None,
    )
    _add(finess.TABLE, table, into, replace)


@_command(
    "rpps",
    _DATE,
    option(
        "--territory",
        is_flag=True,
        help="Compter par dispositif de cpts/perimeters : une personne de plusieurs communes y compte une fois.",
    ),
)
def rpps_command(
    file: Path,
    into: Path,
    departments: tuple[str, ...],
    extracted: str | None,
    territory: bool,
    replace: bool,
) -> None:
    """Professionnels comptés par commune, profession et mode d'exercice ; ni nom ni identifiant gardé."""
    from helpers.intake import perimeters
    from helpers.intake.official import rpps

    if territory and departments:
        raise UsageError("« --territory » compte les communes du périmètre : retirez « --departement ».")
    schemes = perimeters.by_scheme(into) if territory else None
    table, sentences = rpps.load(
        file,
        departments=_known(departments),
        extracted=day(extracted).isoformat() if extracted else None,
        territories=schemes,
    )
    for sentence in sentences:
        click.echo(sentence)
    _add(rpps.BY_TERRITORY if territory else rpps.TABLE, table, into, replace)


@_command("cepidc", _YEARS)
def cepidc_command(
    file: Path, into: Path, departments: tuple[str, ...], years: tuple[int, ...], replace: bool
) -> None:
    """Mortalité par département (CépiDc) : taux publiés sans effectifs, parmi les indicateurs."""
    from helpers.intake.deposit import deposit
    from helpers.intake.official import cepidc

    tables = cepidc.load(file, departments=_known(departments), years=years)
    for sentence in deposit(tables, into, replace=replace):
        click.echo(sentence)


COMMANDS = (insee_command, ameli_command, drees_command, finess_command, rpps_command, cepidc_command)


def _add(name: str, table: Any, into: Path, replace: bool) -> None:
    from helpers.intake.deposit import deposit

    for sentence in deposit({name: table}, into, replace=replace):
        click.echo(sentence)


def _known(departments: tuple[str, ...]) -> tuple[str, ...]:
    from helpers.territory import places

    return tuple(places.department(code)[0] for code in departments)
