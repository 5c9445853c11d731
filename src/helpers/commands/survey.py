"""`cpts instrument` and the answers of `cpts import`: the questionnaire out, what people answered in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from helpers.commands.command_line import Command, Group, option

TITLE_FR = "Outil de pilotage des CPTS : questionnaire"
GUIDE_FR = "Outil de pilotage des CPTS : guide d'entretien"
_VARIANT = option(
    "--variant",
    type=click.Choice(["original", "corrected"]),
    default="corrected",
    show_default=True,
    help="Questions et réponses de la thèse, en nos mots (original), ou avec nos corrections (corrected).",
)


@click.group("instrument", cls=Group)
def instrument_group() -> None:
    """Le questionnaire de 42 questions : le montrer, ou l'écrire pour un outil de recueil."""


@instrument_group.command("show")
@_VARIANT
@click.argument("question", metavar="[QUESTION]", required=False)
def show(variant: str, question: str | None) -> None:
    """La liste des questions, ou une QUESTION avec ses réponses."""
    from helpers.catalog import Study, spellings
    from helpers.survey import instrument

    questionnaire = instrument.load(variant, study=Study(""))
    if question is None:
        for name, questions in questionnaire.sections():
            click.echo(f"{instrument.dimensions()[questions[0].dimension]} – {name}")
            for item in questions:
                click.echo(
                    f"    {item.code:<4} {instrument.answer_types()[item.answer_type]:<15} {item.wording_fr}"
                )
        return
    found = questionnaire.question(spellings.code(question, r"Q\d+") or question)
    click.echo(
        f"{found.code} : {found.wording_fr} ({instrument.answer_types()[found.answer_type]}, ligne {found.line})"
    )
    if found.condition:
        click.echo(f"    se pose si {questionnaire.asked_if(found)}")
    for answer in found.options:
        click.echo(f"    {answer.code:>3}  {answer.label_fr}")


@instrument_group.command("differences")
def differences() -> None:
    """Ce que la variante corrigée change et pourquoi, puis les défauts que les deux gardent."""
    from helpers.catalog import Study
    from helpers.survey import instrument

    for row in instrument.differences(Study("")).itertuples(index=False):
        click.echo(f"{row.question:<4} {row.field_fr} : {row.before} → {row.after}. {row.reason_fr}")
    click.echo("Défauts conservés :")
    for row in instrument.kept_defects(Study("")).itertuples(index=False):
        click.echo(f"{row.question:<4} {row.field_fr}. {row.reason_fr}")


@instrument_group.command("export")
@click.argument(
    "kind", metavar="FORME", type=click.Choice(["limesurvey", "xlsform", "form", "answers", "guide"])
)
@_VARIANT
@option(
    "--out",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FICHIER",
    help="Fichier à écrire.",
)
@option("--pdf", is_flag=True, help="Imprimer aussi le formulaire en PDF, par Chromium.")
def export(kind: str, variant: str, out: Path, pdf: bool) -> None:
    """Écrire le questionnaire sous une FORME : limesurvey, xlsform, form ou answers ; ou le guide d'entretien : guide.

    Soit pour LimeSurvey (.txt), en XLSForm (.xlsx), en formulaire à imprimer (.html), ou le modèle de saisie des réponses
    (.csv ou .xlsx, selon la fin du nom du fichier). Le guide de 36 questions est une page à imprimer (.html).
    """
    from helpers.catalog import Study
    from helpers.errors import RunError, UsageError, reason
    from helpers.survey import instrument, steering, to_limesurvey, to_paper, to_template, to_xlsform

    questionnaire = instrument.load(variant, study=Study(""))
    ends: dict[str, dict[str, Callable[[], bytes]]] = {
        "limesurvey": {".txt": lambda: to_limesurvey.structure(questionnaire, TITLE_FR)},
        "xlsform": {".xlsx": lambda: to_xlsform.workbook(questionnaire, TITLE_FR)},
        "form": {".html": lambda: to_paper.page(questionnaire, TITLE_FR).encode()},
        "guide": {".html": lambda: to_paper.guide(steering.guide(Study("")), GUIDE_FR).encode()},
        "answers": {
            ".csv": lambda: to_template.as_csv(questionnaire),
            ".xlsx": lambda: to_template.workbook(questionnaire),
        },
    }
    make = ends[kind].get(out.suffix.lower())
    if make is None:
        raise UsageError(f"« {out.name} » doit finir par {' ou '.join(ends[kind])}.")
    if pdf and kind not in ("form", "guide"):
        raise UsageError("--pdf ne vaut que pour le formulaire à imprimer (form) et le guide (guide).")
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

    @click.command(name, cls=Command, help=f"Faire entrer dans votre paquet les réponses {what}.")
    @click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
    @option("--into", metavar="DOSSIER", required=True, type=click.Path(path_type=Path), help="Votre paquet.")
    @option("--replace", is_flag=True, help="Ces réponses prennent la place de celles déjà connues.")
    @_VARIANT
    @option("--cpts", metavar="CODE", help="Code de la CPTS, quand le fichier n'en a pas.")
    @option("--wave", metavar="VAGUE", help="Vague de l'enquête, quand le fichier n'en a pas.")
    @option("--role", metavar="RÔLE", help="Rôle des répondants, quand le fichier n'en a pas.")
    @option("--ignore", multiple=True, metavar="COLONNE", help="Colonne à laisser.")
    def command(
        file: Path, into: Path, replace: bool, variant: str, ignore: tuple[str, ...], **given: Any
    ) -> None:
        import importlib

        from helpers import catalog, french
        from helpers.catalog import Study
        from helpers.errors import DataError
        from helpers.intake.deposit import deposit
        from helpers.survey import instrument
        from helpers.survey.instrument import identity

        reader = importlib.import_module(f"helpers.survey.{module}")
        defaults = {column: text for column, text in given.items() if text}
        report = reader.read(
            file, instrument.load(variant, study=Study("")), defaults=defaults, ignore=ignore
        )
        for sentence in (*report.faults, *report.warnings):
            click.echo(sentence)
        if report.faults:
            click.echo(
                f"Le fichier a été lu avec la variante « {variant} » du questionnaire (option --variant)."
            )
        report.raise_if_faulty()
        known = set(catalog.load("cpts/cpts", into)["cpts"])
        unknown = report.rows[~report.rows["cpts"].isin(known)].drop_duplicates(list(identity.COLUMNS))
        if not unknown.empty:
            # Not its code: one column too far, it is a word of somebody.
            raise DataError(
                f"Rien n'a été importé. {french.plural(len(unknown), 'répondant')} d'une CPTS qui n'est pas dans le tableau "
                f"cpts/cpts de « {into} » (codes connus : {french.listing(sorted(known)) or 'aucun'}) : ajoutez-la, ou corrigez "
                "son code dans le fichier."
            )
        for sentence in deposit({"survey/answers": report.rows}, into, replace=replace):
            click.echo(sentence)

    return command


IMPORTS = (
    _import_command("limesurvey", "from_limesurvey", "d'un export de LimeSurvey (CSV ou XLSX)"),
    _import_command("xlsform", "from_kobo", "d'un export de KoboToolbox ou d'ODK (CSV ou XLSX)"),
    _import_command("answers", "from_template", "du modèle de saisie (CSV ou XLSX)"),
)
