"""`cpts claims`: the ledger of published figures."""

from __future__ import annotations

import sys
from typing import Any

import click
import pandas as pd
from rich.console import Console
from rich.table import Table

from helpers import french
from helpers.catalog import labels
from helpers.commands.command_line import Command, option
from helpers.documents import claims
from helpers.errors import UnknownName

# Fixed width: the output is also read through pipes and in continuous integration.
console = Console(width=None if sys.stdout.isatty() else 120, highlight=False)
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


@click.command("claims", cls=Command)
@option(
    "--verdict",
    type=click.Choice(claims.VERDICTS),
    metavar="VERDICT",
    help=f"Lister les chiffres de ce verdict : {', '.join(claims.VERDICTS)}.",
)
@option("--document", metavar="DOCUMENT", help="Seulement ce document, par exemple miller2022.")
@click.argument("claim_id", metavar="[CHIFFRE]", required=False)
def claims_command(verdict: str | None, document: str | None, claim_id: str | None) -> None:
    """Totaux du registre par document et par verdict, ou le détail d'un CHIFFRE."""
    from helpers.catalog import Study
    from helpers.documents import reproductions

    ledger = reproductions.ledger(study=Study(""))
    if claim_id is not None:
        if claim_id not in ledger.index:
            raise UnknownName("Chiffre publié", claim_id, ledger.index)
        _detail(ledger.loc[claim_id])
        return
    if document is not None:
        if document not in set(ledger["document"]):
            raise UnknownName("Document", document, ledger["document"].unique())
        ledger = ledger[ledger["document"] == document]
    if verdict is not None:
        for _, row in ledger[ledger["verdict"] == verdict].iterrows():
            click.echo(_line(row))
        return
    _totals(ledger)
    click.echo(claims.sentence(ledger))


def _published(row: pd.Series[Any]) -> str:
    sign = "" if row["relation"] == "=" else f"{row['relation']}{french.NBSP}"
    return f"{sign}{french.typography(str(row['printed']))}"


def _line(row: pd.Series[Any]) -> str:
    """One figure on one line: what is printed, what is recomputed with its unit, what the figure says."""
    told = "" if row["verdict"] == claims.NOT_REPRODUCIBLE else f", recalculé {claims.shown_row(row)}"
    return f"{row['claim_id']} : publié {_published(row)}{told} — {row['label_fr']}"


def _detail(row: pd.Series[Any]) -> None:
    told = row.to_dict() | {
        "document": labels.document(str(row["document"])),
        "kind": labels.label("claims", "kind", row["kind"]),
        "published": _published(row),
        "recomputed": claims.shown_row(row),
    }
    if pd.notna(row["origin"]):
        told["origin"] = labels.label("claims", "origin", row["origin"])
    for column, head in _DETAIL.items():
        if pd.notna(told[column]) and str(told[column]):
            click.echo(f"{head:>20} : {told[column]}")


def _totals(ledger: pd.DataFrame) -> None:
    table = Table(title="Registre des chiffres publiés")
    totals = claims.totals(ledger)
    table.add_column("document")
    for column in totals.columns:
        table.add_column(str(column), justify="right")
    for name, row in totals.iterrows():
        table.add_row(str(name), *(french.number(int(value)) for value in row))
    console.print(table)
