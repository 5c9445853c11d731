"""`cpts new` and `cpts diagnose`: begin a package with the communes of a territory, or read what is known of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers import french
from helpers.commands.command_line import Command, day, option, out_option
from helpers.errors import UsageError

if TYPE_CHECKING:
    from helpers.territory.places import Place

DIAGNOSIS = "11_diagnostic_territorial"
_SHOWN = 60  # communes printed one by one; beyond, those where most people live


@click.command("new", cls=Command)
@click.argument("folder", metavar="DOSSIER", type=click.Path(path_type=Path))
@option("--example", is_flag=True, help="Écrire le paquet fictif rempli au lieu d'un paquet vide.")
@option("--workbook", is_flag=True, help="Écrire aussi chaque paquet en un classeur XLSX avec ses listes.")
@option("--epci", multiple=True, metavar="SIREN|NOM", help="EPCI de la CPTS (plusieurs possibles).")
@option(
    "--communes",
    metavar="FICHIER|LISTE",
    help="Communes : fichier TXT, CSV ou XLSX, ou liste séparée par des virgules.",
)
@option(
    "--departement",
    metavar="CODE",
    help="Toutes les communes d'un département ; avec --communes, où chercher les noms.",
)
@option("--nom", default="", metavar="NOM", help="Nom de la CPTS.")
@option("--depuis", metavar="AAAA-MM-JJ", help="Premier jour du périmètre (par défaut 2025-01-01).")
def new_command(
    folder: Path,
    example: bool,
    workbook: bool,
    epci: tuple[str, ...],
    communes: str | None,
    departement: str | None,
    nom: str,
    depuis: str | None,
) -> None:
    """Écrire dans DOSSIER le paquet de votre CPTS, à remplir, avec un exemple fictif à côté.

    Avec des communes, un EPCI ou un département, il a déjà votre CPTS, sa population et son périmètre, nommés un à un.
    """
    from helpers.intake import starting

    place = _place(epci, communes, departement, nom)
    if example and place is not None:
        raise UsageError("--example écrit un paquet inventé : sans --epci, --communes ni --departement.")
    since = day(depuis) if depuis else starting.SINCE
    written = starting.new(folder, example=example, with_workbook=workbook, place=place, since=since)
    if place is not None:
        _echo(place)
    click.echo(f"{len(written)} fichiers écrits dans « {folder} » : lisez d'abord LISEZMOI.md.")
    if place is not None:
        click.echo(
            "À confirmer dans cpts/cpts.csv et cpts/perimeters.csv : nom, statut, premier jour. "
            f"Le diagnostic : cpts render 11 --paquet {folder}"
        )


@click.command("diagnose", cls=Command)
@click.argument("items", metavar="COMMUNE|EPCI…", nargs=-1)
@option(
    "--departement",
    "departments",
    multiple=True,
    metavar="CODE",
    help="Où chercher un nom (plusieurs possibles).",
)
@option("--nom", default="", metavar="NOM", help="Nom du territoire dans le rapport.")
@option("--paquet", metavar="DOSSIER", help="Votre paquet, pour ses fichiers officiels.")
@out_option
@option(
    "--into",
    metavar="PAQUET",
    type=click.Path(path_type=Path),
    help="Au lieu du rapport, écrire des indicateurs dans votre paquet, avec leur repère (sans commune : votre périmètre).",
)
@option(
    "--indicators",
    default="",
    metavar="CODES",
    help="Avec --into : les indicateurs, séparés par des virgules.",
)
@option(
    "--cpts", default="", metavar="CODE", help="Avec --into : la CPTS qui les reçoit (par défaut, la seule)."
)
def diagnose_command(
    items: tuple[str, ...],
    departments: tuple[str, ...],
    nom: str,
    paquet: str | None,
    out: Path | None,
    into: Path | None,
    indicators: str,
    cpts: str,
) -> None:
    """Le diagnostic de communes (codes INSEE ou noms) ou d'EPCI : ce qui a été lu, puis le rapport."""
    from helpers.articulation import ground
    from helpers.catalog import Study
    from helpers.territory import places

    if into is None and (indicators or cpts):
        raise UsageError("« --indicators » et « --cpts » vont avec « --into » : ajoutez-le, ou retirez-les.")
    if into is not None and (paquet or out):
        raise UsageError(
            "« --into » écrit dans le paquet au lieu de rendre : retirez « --paquet » et « --out »."
        )
    if into is None and not items:
        raise UsageError("Donnez des communes ou un EPCI, par exemple « cpts diagnose 243500741 ».")
    wanted = [item for text in items for item in places.asked(text)]
    known = [places.department(code)[0] for code in departments]
    if into is not None:
        _write_indicators(wanted, known, into, places.asked(indicators), cpts)
        return
    place = places.resolve(wanted, departments=known, name_fr=nom)
    _echo(ground.beside(place, Study(paquet)) if paquet else place)
    _render(place, _written(wanted, known), paquet, out)


def _written(wanted: list[str], departments: list[str]) -> str:
    """What was asked for, as the notebook reads it again: a name that its département settles goes with its code."""
    from helpers.territory import places

    alone = {item: places.homonyms(item, departments) for item in wanted} if departments else {}
    return ",".join(f"{alone[item][0]} {item}" if len(alone.get(item, ())) == 1 else item for item in wanted)


def _write_indicators(
    wanted: list[str], departments: list[str], into: Path, indicators: list[str], cpts: str
) -> None:
    """Indicators of the communes asked for, else of the perimeter of the CPTS, written in its package."""
    from helpers.articulation import ground
    from helpers.catalog import Study
    from helpers.intake import diagnosed_indicators
    from helpers.territory import places

    code = diagnosed_indicators.cpts_of(into, cpts)
    place = (
        places.resolve(wanted, departments=departments) if wanted else ground.of_register(Study(into), code)
    )
    _echo(place)
    for sentence in diagnosed_indicators.into(place, into, code, indicators):
        click.echo(sentence)


def _render(place: Place, written: str, paquet: str | None, out: Path | None) -> None:
    from helpers.pipeline import batch, plan, progress, summary

    values = {"communes": written, "nom": place.name_fr}
    reports = plan.reports((DIAGNOSIS,), values | ({"paquet": paquet} if paquet else {}))
    target = out or batch.DEFAULT_OUT
    with progress.shown(len(reports), why=False) as tell:
        outcomes = batch.render(reports, target, batch.Options(), progress=tell)
    summary.write(target, outcomes, whole=False)
    click.echo(progress.total(outcomes, target))
    if any(outcome.error for outcome in outcomes):
        raise SystemExit(1)


COMMANDS = (new_command, diagnose_command)


def _place(epci: tuple[str, ...], communes: str | None, departement: str | None, nom: str) -> Place | None:
    """The territory that the options name, if any. Raises UsageError when two ways are used at once."""
    from helpers.intake import perimeter_file
    from helpers.territory import places

    if epci and (communes or departement):
        raise UsageError("Donnez le territoire d'une seule façon : --epci, --communes ou --departement.")
    if communes is not None:
        is_file = Path(communes).is_file() or Path(communes).suffix.lower() in (".csv", ".txt", ".xlsx")
        items = perimeter_file.listed(communes) if is_file else places.asked(communes)
        return places.resolve(items, departments=[departement] if departement else [], name_fr=nom)
    if epci:
        return places.resolve([item for text in epci for item in places.asked(text)], name_fr=nom)
    if departement:
        whole = places.of_department(departement)
        return places.Place(whole.codes, nom or whole.name_fr, whole.remarks)
    return None


def _echo(place: Place) -> None:
    """Each commune that was read, by name, with its inhabitants, then the total and what is doubtful."""
    from helpers.territory import places

    table = places.told(place)
    for row in table.head(_SHOWN).to_dict("records"):
        people = (
            "population inconnue"
            if row["population"] is None or row["population"] != row["population"]
            else (f"{french.number(float(row['population']), 0)} hab.")
        )
        click.echo(f"  {row['code']}  {row['name']} ({row['department']}) : {people}")
    if len(table) > _SHOWN:
        click.echo(f"  … et {len(table) - _SHOWN} autres communes.")
    known = table["population"].dropna().astype("float64")
    # No zero for what nobody counted.
    total = "population de 2023 inconnue" if known.empty else f"{french.number(known.sum(), 0)} habitants"
    absent = (
        ""
        if known.empty or len(known) == len(table)
        else f", sans {french.plural(len(table) - len(known), 'commune')}"
    )
    dated = "" if known.empty else f" (population légale 2023{absent})"
    click.echo(f"{french.plural(len(table), 'commune')}, {total}{dated}.")
    for remark in place.remarks:
        click.echo(f"À vérifier : {remark}")
