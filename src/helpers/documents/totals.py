"""The ledger counted: verdicts by document, kind of claim, severity and origin, and the sentences that sum them up."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import catalog, french
from helpers.catalog import labels
from helpers.documents.verdicts import (
    COMPATIBLE,
    DIFFERENT,
    NOT_REPRODUCIBLE,
    REPRODUCED,
    ROUNDED,
    VERDICTS,
)

# Calculations come first: a count of a list is not worth one.
CALCULATION, LIST = "calculation", "list"
SEVERITIES = ("saisie", "arrondi", "base", "définition", "change la lecture")
GRAVEST = SEVERITIES[-1]


def definitions(column: str) -> dict[str, str]:
    """Definition in French of each code of a column of the register ("severity"), in the order of the catalogue."""
    fields = catalog.open_package().resource("claims")["schema"]["fields"]
    found = next(field for field in fields if field["name"] == column)
    return {item["value"]: item["description"] for item in found["categories"]}


def severity_definitions() -> pd.DataFrame:
    """Each severity with its definition, both in French, the gravest last."""
    found = definitions("severity")
    return pd.DataFrame({"Gravité": list(found), "Définition": list(found.values())})


def totals(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of claims by document (rows) and verdict (columns, all always present), with a total row and column."""
    documents = [name for name in labels.documents() if name in set(ledger["document"])]
    table = pd.crosstab(ledger["document"], ledger["verdict"]).reindex(
        index=documents, columns=list(VERDICTS), fill_value=0
    )
    table.loc["total"] = table.sum()
    table["total"] = table.sum(axis=1)
    return table.rename_axis(index="document", columns=None)


def by_kind(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of claims by kind (rows, in French, calculations first) and verdict (columns), with a total column."""
    names = labels.codes("claims", "kind")
    table = pd.crosstab(ledger["kind"], ledger["verdict"])
    table = table.reindex(index=list(names), columns=list(VERDICTS), fill_value=0).rename(index=names)
    table["total"] = table.sum(axis=1)
    return table[table["total"] > 0].rename_axis(index="Nature", columns=None).reset_index()


def severities(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of differences by document (rows, in French) and severity (columns, all five), with a total."""
    return _differences(ledger, "severity", SEVERITIES)


def origins(ledger: pd.DataFrame) -> pd.DataFrame:
    """Number of differences by document (rows, in French) and origin (columns, in French), with a total."""
    names = labels.codes("claims", "origin")
    return _differences(ledger, "origin", list(names)).rename(columns=names)


def _differences(ledger: pd.DataFrame, column: str, codes: Sequence[str]) -> pd.DataFrame:
    gaps = ledger[ledger["verdict"].isin(DIFFERENT)]
    documents = [name for name in labels.documents() if name in set(ledger["document"])]
    table = pd.crosstab(gaps["document"], gaps[column])
    table = table.reindex(index=documents, columns=list(codes), fill_value=0).rename(index=labels.documents())
    table["total"] = table.sum(axis=1)
    table.loc["Ensemble"] = table.sum()
    return table.rename_axis(index="Document", columns=None).reset_index()


def sentence(ledger: pd.DataFrame) -> str:
    """French sentences that sum a ledger up: calculations first, then the other checks, the counts of lists apart."""
    calculations = ledger[ledger["kind"] == CALCULATION]
    others = ledger[~ledger["kind"].isin((CALCULATION, LIST))]
    told = [_told(calculations, "calcul"), _told(others, "autre vérification")]
    text = " ".join(item for item in told if item)
    lists = ledger[ledger["kind"] == LIST]
    if len(lists):
        text += f" {french.plural(len(lists), 'dénombrement')} de liste, à part."
    return text or "Aucun chiffre vérifié."


def _told(ledger: pd.DataFrame, noun: str) -> str:
    counts = ledger["verdict"].value_counts()
    if ledger.empty:
        return ""
    found, near, compatible = (int(counts.get(name, 0)) for name in (REPRODUCED, ROUNDED, COMPATIBLE))
    parts = [f"{found + near} se retrouvent" + (f" (dont {near} à l'arrondi près)" if near else "")]
    if compatible:
        parts.append(f"{compatible} restent possibles entre les bornes connues")
    parts.append(french.plural(int(sum(counts.get(name, 0) for name in DIFFERENT)), "écart"))
    if absent := int(counts.get(NOT_REPRODUCIBLE, 0)):
        parts.append(f"{absent} sans données publiées")
    return f"{french.plural(len(ledger), noun)}{french.NBSP}: {', '.join(parts)}."


def found_caption(ledger: pd.DataFrame) -> str:
    """Title of the figure of verdicts: how many published figures come out again, and how many differ."""
    again = int(ledger["verdict"].isin((REPRODUCED, ROUNDED)).sum())
    apart = int(ledger["verdict"].isin(DIFFERENT).sum())
    return f"{french.plural(again, 'chiffre')} sur {french.number(len(ledger))} se retrouvent, {french.plural(apart, 'écart')}"


def severity_sentence(ledger: pd.DataFrame) -> str:
    """One French sentence that counts the differences by severity, the gravest first, those without any left out."""
    counts = ledger.loc[ledger["verdict"].isin(DIFFERENT), "severity"].value_counts()
    parts = [f"{int(counts[name])} de gravité « {name} »" for name in reversed(SEVERITIES) if name in counts]
    if not parts:
        return "Aucun écart."
    return (
        f"{french.plural(int(counts.sum()), 'écart')} : {french.listing(parts)} (jugement de l'observatoire)."
    )
