"""`cpts` and its commands. A fault is one sentence and a non-zero exit, never a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from helpers import catalog
from helpers.commands import ledger, official, rereading, seminar, survey, territory, watch
from helpers.commands import notebook as notebook_commands
from helpers.commands.command_line import (
    Group,
    Program,
    notebooks_argument,
    option,
    out_option,
    package_option,
    pair,
    parameter_option,
)
from helpers.errors import DataError, UsageError

if TYPE_CHECKING:
    from helpers.material.imported import Imported


@click.group(cls=Program, context_settings={"max_content_width": 110})
@click.version_option(
    package_name="observatoire-cpts", message="%(prog)s, version %(version)s", help="Montrer la version."
)
def main() -> None:
    """Observatoire des CPTS : carnets reproductibles, chiffres publiés recalculés, rapports sur vos données."""


@main.command()
@click.argument("folder", metavar="[DOSSIER]", required=False, type=click.Path(path_type=Path))
@option("--seal", is_flag=True, help="Noter les nouvelles empreintes après une correction voulue.")
def check(folder: Path | None, seal: bool) -> None:
    """Contrôler chaque tableau du paquet DOSSIER (par défaut les données du projet)."""
    package = catalog.open_package(folder)
    if seal:
        from helpers.intake import check as validation

        click.echo(f"{validation.seal(package)} empreinte(s) mises à jour.")
    if package.folder.resolve() != catalog.DEFAULT_FOLDER.resolve():
        _check(package)
        return
    from helpers.commands import printed

    printed.again(lambda: _check(package), "check")


def _check(package: catalog.Package) -> None:
    from helpers.intake import check as validation

    faults = validation.check(package)
    for sentence in [*faults, *validation.to_read_again(package)]:
        click.echo(sentence)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(package.names())} tableaux contrôlés, aucun défaut.")


@main.command("list")
def list_command() -> None:
    """Chaque carnet avec ses paramètres et leur aide."""
    from helpers.pipeline import parameters

    for notebook in parameters.notebooks():
        click.echo(f"{notebook.slug} : {parameters.titled(notebook.title)}")
        for parameter in notebook.parameters:
            click.echo(f"    {parameter.name} = {parameter.default}    {parameter.help}")


@main.command()
@notebooks_argument
@parameter_option
@option("--each", metavar="PARAMÈTRE[=TABLEAU[:COLONNE]]", help="Un rapport par ligne d'un tableau.")
@option(
    "--list",
    "run_list",
    metavar="FICHIER",
    type=click.Path(path_type=Path),
    help="Liste de rapports en YAML, au lieu des carnets.",
)
@package_option
@out_option
@option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1),
    help="Rapports faits en même temps (par défaut le nombre de cœurs).",
)
@option(
    "--timeout",
    metavar="S",
    type=click.IntRange(1),
    default=600,
    show_default=True,
    help="Secondes permises à une cellule.",
)
@option(
    "--notebook-timeout", metavar="S", type=click.IntRange(1), help="Secondes permises à un carnet entier."
)
@option("--force", is_flag=True, help="Refaire chaque rapport, même si rien n'a changé.")
@option("--why", is_flag=True, help="Dire ce qui a changé pour chaque rapport refait.")
@option("--cold", is_flag=True, help="Noyaux ordinaires, plus lents ; mêmes résultats.")
@option("--scheduler", metavar="ADRESSE", help="Faire les rapports sur une grappe dask (extra [cluster]).")
@option("--example", is_flag=True, help="Faire aussi 05, 07 et 08 du paquet fictif, dans le dossier exemple.")
@option("--pdf", is_flag=True, help="Imprimer aussi chaque rapport en PDF, par Chromium.")
def render(
    notebooks: tuple[str, ...],
    given: tuple[str, ...],
    each: str | None,
    run_list: Path | None,
    paquet: str | None,
    out: Path | None,
    jobs: int | None,
    timeout: int,
    notebook_timeout: int | None,
    force: bool,
    why: bool,
    cold: bool,
    scheduler: str | None,
    example: bool,
    pdf: bool,
) -> None:
    """Exécuter les CARNETS (par défaut tous) et écrire leurs rapports et l'index ; ce qui n'a pas changé reste."""
    from helpers.pipeline import batch, plan, progress, summary

    values = dict(pair(item) for item in given)
    if paquet is not None:
        values["paquet"] = paquet
    if run_list is not None:
        if notebooks or given or each:
            raise UsageError("--list remplace les carnets, -p et --each : mettez-les dans la liste.")
        reports = plan.from_list(run_list)
    else:
        reports = plan.reports(notebooks, values, each=each)
    if values.get("paquet"):
        catalog.open_package(values["paquet"]).names()
    options = batch.Options(jobs, timeout, notebook_timeout, cold, force, scheduler)
    place = out or batch.DEFAULT_OUT
    folders = {place: reports}
    if example:
        from helpers.pipeline import example as beside

        # First, for the index of the whole lists its pages.
        folders = {beside.folder(place): beside.reports(place)} | folders
    with progress.shown(sum(map(len, folders.values())), why=why) as tell:
        found = batch.render_in(folders, options, progress=tell)
    whole = not notebooks and run_list is None and each is None and not values
    for folder, outcomes in found.items():
        summary.write(folder, outcomes, whole=whole and folder == place)
    click.echo(progress.total([outcome for outcomes in found.values() for outcome in outcomes], place))
    if pdf:
        from helpers.pipeline import pdf as printer

        done = [place / f"{outcome.report.name}.html" for outcome in found[place] if not outcome.error]
        for printed in printer.print_reports(done):
            click.echo(f"✓ {printed.name}")
    if any(outcome.error for outcomes in found.values() for outcome in outcomes):
        raise SystemExit(1)


@main.command("get")
@click.argument("files", metavar="[FICHIER]…", nargs=-1)
@option("--update", is_flag=True, help="Chercher une édition plus récente d'un fichier officiel.")
@option("--locked", is_flag=True, help="Reprendre l'édition du verrou, refuser toute autre empreinte.")
@option("--edition", default="", metavar="NOM", help="Revenir à une édition du verrou.")
@option(
    "--from", "given", type=click.Path(path_type=Path), metavar="FICHIER", help="Fichier déjà téléchargé."
)
@option(
    "--keep", is_flag=True, help="Garder aussi le fichier nominatif du RPPS, effacé sinon une fois compté."
)
def get_command(
    files: tuple[str, ...], update: bool, locked: bool, edition: str, given: Path | None, keep: bool
) -> None:
    """Rapporter des FICHIERS dans data/external : épinglés (par défaut tous), ou officiels, dont l'édition est inscrite.

    Officiels : insee-populations, insee-dossier, apl, finess, ameli, rpps, contours. Dossier CPTS_MIRROR, sinon leur adresse.
    """
    from helpers.intake.official import bringing
    from helpers.territory import downloads

    fixed, moving = bringing.names(files)
    if given is not None and len(moving) != 1:
        raise UsageError(
            "« --from » va avec un seul fichier officiel, par exemple « cpts get apl-infirmiers --from … »."
        )
    if fixed or not files:
        for sentence in downloads.fetch(fixed):
            click.echo(sentence)
    refused = []
    for file in moving:
        try:
            for sentence in bringing.bring(
                file, update=update, locked=locked, edition=edition, keep=keep, given=given
            ):
                click.echo(sentence)
        except DataError as error:
            # One publisher that does not answer keeps no other file away.
            if len(moving) == 1:
                raise
            click.echo(f"✗ {error}", err=True)
            refused.append(file)
    if refused:
        raise SystemExit(1)


@main.group("import", cls=Group)
def import_group() -> None:
    """Faire entrer des fichiers dans les tableaux de votre paquet."""


@import_group.command("csv")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@option("--table", metavar="TABLEAU", required=True, help="Tableau du paquet, par exemple cpts/indicators.")
@option("--into", metavar="DOSSIER", required=True, type=click.Path(path_type=Path), help="Votre paquet.")
@option("--column", "columns", multiple=True, metavar="NOTRE=LEUR", help="Nom d'une colonne dans le fichier.")
@option("--ignore", multiple=True, metavar="LEUR", help="Colonne du fichier à laisser.")
@option("--replace", is_flag=True, help="Les lignes de clé connue prennent la place des anciennes.")
def import_csv_command(
    file: Path, table: str, into: Path, columns: tuple[str, ...], ignore: tuple[str, ...], replace: bool
) -> None:
    """Ajouter les lignes d'un FICHIER CSV à un tableau ; dates et décimales à la française sont converties."""
    from helpers.intake import csv_import

    names = dict(pair(item, '--column name_fr="Nom de la CPTS"') for item in columns)
    for sentence in csv_import.import_csv(file, table, into, columns=names, ignored=ignore, replace=replace):
        click.echo(sentence)


@import_group.command("workbook")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@option("--into", metavar="DOSSIER", required=True, type=click.Path(path_type=Path), help="Votre paquet.")
@option("--replace", is_flag=True, help="Les lignes de clé connue prennent la place des anciennes.")
@option(
    "--prune", is_flag=True, help="Comme --replace, et les lignes que le classeur n'a plus sont retirées."
)
def import_workbook_command(file: Path, into: Path, replace: bool, prune: bool) -> None:
    """Ajouter les lignes du classeur XLSX que « cpts new --workbook » écrit à leurs tableaux."""
    from helpers.intake import workbook_import

    for sentence in workbook_import.import_workbook(file, into, replace=replace, prune=prune):
        click.echo(sentence)


for _added in (
    *territory.COMMANDS,
    ledger.claims_command,
    survey.instrument_group,
    *notebook_commands.COMMANDS,
    *rereading.COMMANDS,
    seminar.seminar_group,
    watch.watch,
):
    main.add_command(_added)
for _command in (*survey.IMPORTS, *official.COMMANDS):
    import_group.add_command(_command)


_INTO = option("--into", required=True, metavar="DOSSIER", help="Votre paquet, qui reçoit les lignes.")
_REPLACE = option("--replace", is_flag=True, help="Les lignes de clé connue prennent la place des anciennes.")
_CODER = option("--coder", default="", metavar="CODE", help="Code de la personne qui a codé tout le fichier.")


@import_group.command("taguette")
@click.argument("files", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
@option("--project", default="", metavar="NOM", help="Projet à lire, quand le fichier SQLite en a plusieurs.")
def import_taguette(files: tuple[Path, ...], into: str, replace: bool, coder: str, project: str) -> None:
    """Matériau codé dans Taguette : projet SQLite, ou exports du livre de codes et des extraits (CSV ou XLSX)."""
    from helpers.material import taguette

    names = catalog.read_names(into)
    _deposit(taguette.read(files, project=project, names=names), into, replace, coder)


@import_group.command("refi")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
def import_refi(file: Path, into: str, replace: bool, coder: str) -> None:
    """Matériau codé en REFI-QDA : livre .qdc ou projet .qdpx (QualCoder, NVivo, MAXQDA, ATLAS.ti)."""
    from helpers.material import refi_qda

    _deposit(refi_qda.read(file, names=catalog.read_names(into)), into, replace, coder)


@import_group.command("segments")
@click.argument("files", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
def import_segments(files: tuple[Path, ...], into: str, replace: bool, coder: str) -> None:
    """Matériau codé en tableaux CSV ou XLSX : segments, codes, sources, attributs, reconnus à leurs en-têtes."""
    from helpers.material import coded_csv

    _deposit(coded_csv.read(files, names=catalog.read_names(into)), into, replace, coder)


def _deposit(imported: Imported, into: str, replace: bool, coder: str) -> None:
    from helpers.intake.coded_material import deposit_material
    from helpers.material import pseudonyms

    if coder:
        imported = imported.by_coder(pseudonyms.coder_option(coder))
    for sentence in deposit_material(imported, Path(into), replace=replace):
        click.echo(sentence)
