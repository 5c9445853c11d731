"""`cpts claims`: the ledger of published figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from helpers import french
from helpers.catalog import labels
from helpers.commands.command_line import Command, Group, option
from helpers.documents.verdicts import NOT_REPRODUCIBLE, VERDICTS
from helpers.errors import UnknownName, UsageError

if TYPE_CHECKING:
    import pandas as pd

# What the detail of one figure tells, in this order, with its head.
_DETAIL = {
    "claim_id": "Chiffre",
    "label_fr": "Libellé",
    "document": "Document",
    "line": "Ligne",
    "kind": "Nature",
    "published": "Publié",
    "recomputed": "Recalculé",
    "verdict": "Verdict",
    "severity": "Gravité",
    "origin": "Origine",
    "cause": "Cause probable",
    "reason": "Raison",
    "bases": "Autre calcul",
    "reply": "Réponse de l'auteur",
    "note": "Méthode",
    "table": "Tableau",
}


class Ledger(Group):
    """The group `claims`: a name that is no command of it is that of a figure."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Command named first in `args`, else the detail of that figure."""
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            return "CHIFFRE", _figure, args
        return super().resolve_command(ctx, args)


@click.group(
    "claims",
    cls=Ledger,
    invoke_without_command=True,
    subcommand_metavar="[CHIFFRE | COMMANDE [ARGUMENTS]…]",
)
@option(
    "--verdict",
    type=click.Choice(VERDICTS),
    metavar="VERDICT",
    help=f"Lister les chiffres de ce verdict : {', '.join(VERDICTS)}.",
)
@option("--document", metavar="DOCUMENT", help="Seulement ce document, par exemple miller2022.")
@option(
    "--letter",
    metavar="DOCUMENT",
    help="Écrire la lettre à l'auteur de ce document et le tableau des réponses.",
)
@option("--pdf", is_flag=True, help="Avec --letter : imprimer aussi la lettre en PDF, par Chromium.")
@option(
    "--out",
    metavar="DOSSIER",
    type=click.Path(path_type=Path),
    help="Avec --letter : dossier de la lettre (par défaut reports).",
)
@click.pass_context
def claims_command(
    ctx: click.Context,
    verdict: str | None,
    document: str | None,
    letter: str | None,
    pdf: bool,
    out: Path | None,
) -> None:
    """Totaux du registre par document et par verdict, le détail d'un CHIFFRE, ou la lettre à un auteur."""
    if letter is None and (pdf or out is not None):
        raise UsageError("--pdf et --out vont avec --letter : écrivez par exemple --letter miller2022 --pdf.")
    if ctx.invoked_subcommand is not None:
        if verdict or document or letter:
            raise UsageError("--verdict, --document et --letter ne vont pas avec un chiffre ni une commande.")
        return
    if letter is not None:
        if verdict or document:
            raise UsageError("--letter s'emploie seul, avec --pdf et --out.")
        _letter(letter, out, as_pdf=pdf)
        return
    from helpers.commands import printed

    printed.again(lambda: _tell(document, verdict), "claims", document, verdict)


def _tell(document: str | None, verdict: str | None) -> None:
    from helpers.documents import claims

    ledger = _ledger()
    if document is not None:
        ledger = _of_document(ledger, document)
    if verdict is not None:
        for _, row in ledger[ledger["verdict"] == verdict].iterrows():
            click.echo(_line(row))
        return
    _totals(ledger)
    click.echo(claims.sentence(ledger))


@click.command("CHIFFRE", cls=Command)
@click.argument("claim_id", metavar="CHIFFRE")
def _figure(claim_id: str) -> None:
    """Détail d'un chiffre publié."""
    from helpers.commands import printed

    printed.again(lambda: _detail(claim_id), "claims", claim_id)


@claims_command.command("reply")
@click.argument("file", metavar="FICHIER", type=click.Path(path_type=Path))
@option("--replace", is_flag=True, help="Une réponse nouvelle prend la place de l'ancienne.")
def reply_command(file: Path, replace: bool) -> None:
    """Faire entrer les réponses d'un auteur, CSV ou XLSX avec claim_id et reply ; elles paraissent avec le verdict."""
    from helpers.intake import replies

    for sentence in replies.enter(file, replace=replace):
        click.echo(sentence)


def _ledger() -> pd.DataFrame:
    from helpers.catalog import Study
    from helpers.documents import reproductions

    return reproductions.ledger(study=Study(""))


def _of_document(ledger: pd.DataFrame, document: str) -> pd.DataFrame:
    if document not in set(ledger["document"]):
        raise UnknownName("Document", document, ledger["document"].unique())
    return ledger[ledger["document"] == document]


def _letter(document: str, out: Path | None, *, as_pdf: bool) -> None:
    from helpers.catalog import Study
    from helpers.documents.letter import letter
    from helpers.pipeline import letter as writing
    from helpers.pipeline.batch import DEFAULT_OUT

    told = letter(document, _of_document(_ledger(), document), study=Study(""))
    for path in writing.write(told, out or DEFAULT_OUT, as_pdf=as_pdf):
        click.echo(f"✓ {path}")


def _line(row: pd.Series[Any]) -> str:
    """One figure on one line: what is printed, what is recomputed with its unit, what the figure says."""
    import pandas as pd

    from helpers.documents import claims

    told = "" if row["verdict"] == NOT_REPRODUCIBLE else f", recalculé {claims.shown_row(row)}"
    reply = "" if pd.isna(row["reply"]) else f" — réponse de l'auteur : {row['reply']}"
    return f"{row['claim_id']} : publié {claims.published(row)}{told} — {row['label_fr']}{reply}"


def _detail(claim_id: str) -> None:
    import pandas as pd

    from helpers.documents import claims

    ledger = _ledger()
    if claim_id not in ledger.index:
        raise UnknownName("Chiffre publié", claim_id, ledger.index)
    row = ledger.loc[claim_id]
    told = row.to_dict() | {
        "document": labels.document(str(row["document"])),
        "kind": labels.label("claims", "kind", row["kind"]),
        "published": claims.published(row),
        "recomputed": claims.shown_row(row),
    }
    if pd.notna(row["origin"]):
        told["origin"] = labels.label("claims", "origin", row["origin"])
    for column, head in _DETAIL.items():
        if pd.notna(told[column]) and str(told[column]):
            click.echo(f"{head:>20} : {told[column]}")


def _totals(ledger: pd.DataFrame) -> None:
    from rich.console import Console
    from rich.table import Table

    from helpers.documents import claims

    table = Table(title="Registre des chiffres publiés")
    totals = claims.totals(ledger)
    table.add_column("document")
    for column in totals.columns:
        table.add_column(str(column), justify="right")
    for name, row in totals.iterrows():
        table.add_row(str(name), *(french.number(int(value)) for value in row))
    # Fixed width: the output is also read through pipes and in continuous integration.
    Console(width=None if sys.stdout.isatty() else 120, highlight=False).print(table)
