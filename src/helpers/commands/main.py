"""`cpts`: list, render, check, claims, get, new, import. A fault is one sentence and a non-zero exit, never a traceback."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from helpers import catalog
from helpers.commands import official, survey
from helpers.documents import claims
from helpers.errors import ObservatoireError, UsageError

if TYPE_CHECKING:
    from helpers.material.imported import Imported

# Fixed width: the output is also read through pipes and in continuous integration.
console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)


class Group(click.Group):
    """Turns our exceptions into their sentence and their exit code."""

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


@click.group(cls=Group)
@click.version_option(package_name="observatoire-cpts")
def main() -> None:
    """Reproducible notebook observatory of the CPTS."""


@main.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--seal", is_flag=True, help="Record the checksums after a wanted correction.")
def check(folder: Path | None, seal: bool) -> None:
    """Validate every table of FOLDER (default: the project's data)."""
    from helpers.intake import check as validation

    package = catalog.open_package(folder)
    if seal:
        click.echo(f"{validation.seal(package)} empreinte(s) mises à jour.")
    faults = validation.check(package)
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
    click.echo(f"{len(package.names())} tableaux contrôlés, aucun défaut.")


@main.command("claims")
@click.option("--verdict", type=click.Choice(claims.VERDICTS), help="List the claims with this verdict.")
@click.option("--document", help="Only this document.")
@click.argument("claim_id", required=False)
def claims_command(verdict: str | None, document: str | None, claim_id: str | None) -> None:
    """Totals of the ledger by document and verdict, or the details of one CLAIM_ID."""
    from helpers.documents import reproductions
    from helpers.errors import UnknownName

    ledger = reproductions.ledger()
    if claim_id is not None:
        if claim_id not in ledger.index:
            raise UnknownName("Chiffre publié", claim_id, ledger.index)
        for column, value in ledger.loc[claim_id].dropna().items():
            click.echo(f"{column:>10} : {value}")
        return
    if document is not None:
        if document not in set(ledger["document"]):
            raise UnknownName("Document", document, ledger["document"].unique())
        ledger = ledger[ledger["document"] == document]
    if verdict is not None:
        for _, row in ledger[ledger["verdict"] == verdict].iterrows():
            click.echo(
                f"{row['claim_id']} : publié {row['printed']}, recalculé {row['computed']:g} — {row['label_fr']}"
            )
        return
    table = Table(title="Registre des chiffres publiés")
    totals = claims.totals(ledger)
    table.add_column("document")
    for column in totals.columns:
        table.add_column(str(column), justify="right")
    for name, row in totals.iterrows():
        table.add_row(str(name), *(str(value) for value in row))
    console.print(table)


@main.command("list")
def list_command() -> None:
    """Each notebook with its parameters and their French help."""
    from helpers.pipeline import parameters

    for notebook in parameters.notebooks():
        click.echo(f"{notebook.slug} : {notebook.title}")
        for parameter in notebook.parameters:
            click.echo(f"    {parameter.name} = {parameter.default}    {parameter.help}")


@main.command()
@click.argument("notebooks", nargs=-1)
@click.option("-p", "--parameter", "given", multiple=True, metavar="NAME=VALUE", help="Value of a parameter.")
@click.option("--each", metavar="PARAMETER[=TABLE[:COLUMN]]", help="One report per row of a table.")
@click.option(
    "--list", "run_list", type=click.Path(path_type=Path), help="Run list in YAML instead of NOTEBOOKS."
)
@click.option("--paquet", help="Folder of another data package.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the reports (default: reports).")
@click.option("--jobs", type=click.IntRange(1), help="Reports made at the same time (default: the cores).")
@click.option(
    "--timeout", type=click.IntRange(1), default=600, show_default=True, help="Seconds allowed to a cell."
)
@click.option("--notebook-timeout", type=click.IntRange(1), help="Seconds allowed to a whole notebook.")
@click.option("--force", is_flag=True, help="Make every report again, changed or not.")
@click.option("--why", is_flag=True, help="Say what changed for each report made again.")
@click.option("--cold", is_flag=True, help="Ordinary kernels instead of warm ones; the results are the same.")
@click.option("--scheduler", metavar="ADDRESS", help="Run on a dask cluster (extra [cluster]).")
@click.option("--pdf", is_flag=True, help="Also print each report as a PDF, through Chromium.")
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
    pdf: bool,
) -> None:
    """Run NOTEBOOKS (default: all) and write their HTML reports and the index; what did not change is left as it is."""
    from helpers.pipeline import batch, plan, progress, summary

    values = dict(_split(item) for item in given)
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
    with progress.shown(len(reports), why=why) as tell:
        outcomes = batch.render(reports, place, options, progress=tell)
    whole = not notebooks and run_list is None and each is None and not values
    summary.write(place, outcomes, whole=whole)
    click.echo(progress.total(outcomes, place))
    if pdf:
        from helpers.pipeline import pdf as printer

        done = [place / f"{outcome.report.name}.html" for outcome in outcomes if not outcome.error]
        for printed in printer.print_reports(done):
            click.echo(f"✓ {printed.name}")
    if any(outcome.error for outcome in outcomes):
        raise SystemExit(1)


@main.command("get")
@click.argument("files", nargs=-1)
def get_command(files: tuple[str, ...]) -> None:
    """Fetch the pinned FILES (default: all) into data/external, from CPTS_MIRROR first, then from their address."""
    from helpers.territory import downloads

    for sentence in downloads.fetch(files):
        click.echo(sentence)


@main.command("new")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--example", is_flag=True, help="Write the filled fictitious package instead of an empty one.")
@click.option("--workbook", is_flag=True, help="Also write each package as one XLSX workbook with lists.")
def new_command(folder: Path, example: bool, workbook: bool) -> None:
    """Write in FOLDER the package of your own CPTS, to fill, with a filled fictitious one beside it."""
    from helpers.intake import starting

    written = starting.new(folder, example=example, with_workbook=workbook)
    click.echo(f"{len(written)} fichiers écrits dans « {folder} » : lisez d'abord LISEZMOI.md.")


@main.group("import")
def import_group() -> None:
    """Bring outside files into the tables of a user's package."""


@import_group.command("csv")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--table", required=True, help="Table of the package, such as cpts/indicators.")
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Folder of the package.")
@click.option("--column", "columns", multiple=True, metavar="OURS=THEIRS", help="Name of a column in FILE.")
@click.option("--ignore", multiple=True, metavar="THEIRS", help="Column of FILE to leave out.")
@click.option("--replace", is_flag=True, help="Rows with a known key take the place of the old ones.")
def import_csv_command(
    file: Path, table: str, into: Path, columns: tuple[str, ...], ignore: tuple[str, ...], replace: bool
) -> None:
    """Add the rows of a CSV FILE to one table; dates and decimals written in French are converted."""
    from helpers.intake import csv_import

    names = dict(_split(item, '--column name_fr="Nom de la CPTS"') for item in columns)
    for sentence in csv_import.import_csv(file, table, into, columns=names, ignored=ignore, replace=replace):
        click.echo(sentence)


@import_group.command("workbook")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", required=True, type=click.Path(path_type=Path), help="Folder of the package.")
@click.option("--replace", is_flag=True, help="Rows with a known key take the place of the old ones.")
def import_workbook_command(file: Path, into: Path, replace: bool) -> None:
    """Add the rows of the sheets of the XLSX workbook FILE, as `cpts new --workbook` writes it, to their tables."""
    from helpers.intake import workbook_import

    for sentence in workbook_import.import_workbook(file, into, replace=replace):
        click.echo(sentence)


main.add_command(survey.instrument_group)
for _command in (*survey.IMPORTS, *official.COMMANDS):
    import_group.add_command(_command)


_INTO = click.option(
    "--into", required=True, metavar="DIR", help="Folder of the package that receives the rows."
)
_REPLACE = click.option("--replace", is_flag=True, help="Replace the rows already there under the same key.")
_CODER = click.option(
    "--coder", default="", metavar="CODE", help="Code of the person who coded the file, for all of it."
)


@import_group.command("taguette")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
@click.option(
    "--project", default="", metavar="NAME", help="Project to read, when the SQLite file has several."
)
def import_taguette(files: tuple[Path, ...], into: str, replace: bool, coder: str, project: str) -> None:
    """Coded material of Taguette: its SQLite project, or its codebook and highlights exports (CSV or XLSX)."""
    from helpers.material import taguette

    names = catalog.read_names(into)
    _deposit(taguette.read(files, project=project, names=names), into, replace, coder)


@import_group.command("refi")
@click.argument("file", type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
def import_refi(file: Path, into: str, replace: bool, coder: str) -> None:
    """Coded material in REFI-QDA: a .qdc codebook or a .qdpx project (QualCoder, NVivo, MAXQDA, ATLAS.ti)."""
    from helpers.material import refi_qda

    _deposit(refi_qda.read(file, names=catalog.read_names(into)), into, replace, coder)


@import_group.command("segments")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@_INTO
@_REPLACE
@_CODER
def import_segments(files: tuple[Path, ...], into: str, replace: bool, coder: str) -> None:
    """Coded material in plain tables (CSV or XLSX): segments, codes, sources, attributes, told apart by their heads."""
    from helpers.material import coded_csv

    _deposit(coded_csv.read(files, names=catalog.read_names(into)), into, replace, coder)


def _deposit(imported: Imported, into: str, replace: bool, coder: str) -> None:
    from helpers.material import pseudonyms

    if coder:
        imported = imported.by_coder(pseudonyms.coder_option(coder))
    for sentence in imported.write(Path(into), replace=replace):
        click.echo(sentence)


def _split(item: str, example: str = "-p confiance=0.95") -> tuple[str, str]:
    name, equals, value = item.partition("=")
    if not equals or not name:
        raise UsageError(f"« {item} » n'est pas de la forme nom=valeur : écrivez par exemple {example}.")
    return name, value
