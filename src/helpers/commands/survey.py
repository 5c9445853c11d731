"""`cpts instrument` and the answers of `cpts import`: the questionnaire out, what people answered in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

TITLE_FR = "Outil de pilotage des CPTS : questionnaire"
_VARIANT = click.option(
    "--variant",
    type=click.Choice(["original", "corrected"]),
    default="corrected",
    show_default=True,
    help="Questionnaire as printed by the thesis, or with our corrections.",
)


@click.group("instrument")
def instrument_group() -> None:
    """The questionnaire of 42 questions: show it, or write it for a tool of collection."""


@instrument_group.command("show")
@_VARIANT
@click.argument("question", required=False)
def show(variant: str, question: str | None) -> None:
    """The list of questions, or one QUESTION with its answers."""
    from helpers.survey import instrument

    questionnaire = instrument.load(variant)
    if question is None:
        for name, questions in questionnaire.sections():
            click.echo(f"{instrument.DIMENSIONS_FR[questions[0].dimension]} – {name}")
            for item in questions:
                click.echo(
                    f"    {item.code:<4} {instrument.TYPES_FR[item.answer_type]:<15} {item.wording_fr}"
                )
        return
    found = questionnaire.question(question)
    click.echo(
        f"{found.code} : {found.wording_fr} ({instrument.TYPES_FR[found.answer_type]}, ligne {found.line})"
    )
    if found.condition:
        click.echo(f"    se pose si {questionnaire.asked_if(found)}")
    for option in found.options:
        click.echo(f"    {option.code:>3}  {option.label_fr}")


@instrument_group.command("differences")
def differences() -> None:
    """What the corrected variant changes and why, then the defects that both variants keep."""
    from helpers.survey import instrument

    for row in instrument.differences().itertuples(index=False):
        click.echo(f"{row.question:<4} {row.field_fr} : {row.before} → {row.after}. {row.reason_fr}")
    click.echo("Défauts conservés :")
    for row in instrument.kept_defects().itertuples(index=False):
        click.echo(f"{row.question:<4} {row.field_fr}. {row.reason_fr}")


@instrument_group.command("export")
@click.argument("kind", type=click.Choice(["limesurvey", "xlsform", "form", "answers"]))
@_VARIANT
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--pdf", is_flag=True, help="Also print the form as a PDF, through Chromium.")
def export(kind: str, variant: str, out: Path, pdf: bool) -> None:
    """Write the questionnaire for LimeSurvey (.txt), as XLSForm (.xlsx), as a printable form (.html), or the template of answers.

    The template of answers is CSV or XLSX, according to the end of the file name.
    """
    from helpers.errors import RunError, UsageError, reason
    from helpers.survey import instrument, to_limesurvey, to_paper, to_template, to_xlsform

    questionnaire = instrument.load(variant)
    ends: dict[str, dict[str, Callable[[], bytes]]] = {
        "limesurvey": {".txt": lambda: to_limesurvey.structure(questionnaire, TITLE_FR)},
        "xlsform": {".xlsx": lambda: to_xlsform.workbook(questionnaire, TITLE_FR)},
        "form": {".html": lambda: to_paper.page(questionnaire, TITLE_FR).encode()},
        "answers": {
            ".csv": lambda: to_template.as_csv(questionnaire),
            ".xlsx": lambda: to_template.workbook(questionnaire),
        },
    }
    make = ends[kind].get(out.suffix.lower())
    if make is None:
        raise UsageError(f"« {out.name} » doit finir par {' ou '.join(ends[kind])}.")
    if pdf and kind != "form":
        raise UsageError("--pdf ne vaut que pour le formulaire à imprimer (form).")
    content = make()
    try:
        # Whoever asks for the template again must not lose what was typed in the first one.
        if kind == "answers" and out.exists() and out.read_bytes() != content:
            raise UsageError(
                f"« {out} » existe déjà et n'est pas ce modèle vide : des réponses y sont peut-être saisies. Donnez un autre nom."
            )
        out.write_bytes(content)
    except OSError as error:
        raise RunError(f"« {out} » n'a pas pu être écrit : {reason(error)}.") from None
    click.echo(f"✓ {out}")
    if pdf:
        from helpers.pipeline import pdf as printer

        for printed in printer.print_reports([out]):
            click.echo(f"✓ {printed}")


def _import_command(name: str, module: str, what: str) -> click.Command:
    """Subcommand of `cpts import` that reads one layout of answers with `helpers.survey.<module>`."""

    @click.command(name, help=f"Bring the answers of {what} FILE into the package of the folder --into.")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--into", required=True, type=click.Path(path_type=Path), help="Folder of your package.")
    @click.option("--replace", is_flag=True, help="Let these answers take the place of the known ones.")
    @_VARIANT
    @click.option("--cpts", help="Code of the CPTS, when the file has none.")
    @click.option("--wave", help="Wave of the survey, when the file has none.")
    @click.option("--role", help="Role of the respondents, when the file has none.")
    @click.option("--ignore", multiple=True, metavar="COLUMN", help="Column to leave aside.")
    def command(
        file: Path, into: Path, replace: bool, variant: str, ignore: tuple[str, ...], **given: Any
    ) -> None:
        import importlib

        from helpers import catalog
        from helpers.errors import DataError
        from helpers.intake.deposit import deposit
        from helpers.survey import instrument

        reader = importlib.import_module(f"helpers.survey.{module}")
        defaults = {column: text for column, text in given.items() if text}
        report = reader.read(file, instrument.load(variant), defaults=defaults, ignore=ignore)
        for sentence in (*report.faults, *report.warnings):
            click.echo(sentence)
        if report.faults:
            click.echo(
                f"Le fichier a été lu avec la variante « {variant} » du questionnaire (option --variant)."
            )
        report.raise_if_faulty()
        known = set(catalog.load("cpts/cpts", into)["cpts"])
        unknown = sorted(set(report.rows["cpts"]) - known)
        if unknown:
            raise DataError(
                f"Rien n'a été importé. La CPTS « {unknown[0]} » n'est pas dans le tableau cpts/cpts de « {into} » : ajoutez-la, "
                "ou corrigez son code."
            )
        for sentence in deposit({"survey/answers": report.rows}, into, replace=replace):
            click.echo(sentence)

    return command


IMPORTS = (
    _import_command("limesurvey", "from_limesurvey", "a LimeSurvey export (CSV or XLSX)"),
    _import_command("xlsform", "from_kobo", "a KoboToolbox or ODK export (CSV or XLSX)"),
    _import_command("answers", "from_template", "the template of answers (CSV or XLSX)"),
)
