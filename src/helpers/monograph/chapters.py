"""The plan of the monograph and the shape of one fact, whatever the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers import aci, french
from helpers.monograph import spelling

# Chapters of the model table cpts/facts, in the order of the monograph of the Miller thesis.
CHAPTERS_FR = {
    "historique": "Historique",
    "territoire": "Territoire et acteurs",
    "offre_de_soins": "Offre de soins et besoins",
    "valeurs": "Valeurs et motivations",
    "gouvernance": "Gouvernance",
    "ressources": "Ressources",
    "systeme_information": "Système d'information",
    "organisation": "Organisation du travail",
    "actions": "Actions par mission",
    "indicateurs": "Indicateurs",
}
KNOWN, ABSENT, NOT_PUBLISHED, UNKNOWN = "connu", "absent", "non_publie", "inconnu"
STATUSES_FR = {KNOWN: "connu", ABSENT: "absent", NOT_PUBLISHED: "non publié", UNKNOWN: "inconnu"}
MISSIONS_FR = {code: name for code, name in aci.MISSIONS_FR.items() if code != "total"}
DOCUMENTS_FR = {"miller2022": "Miller 2022", "aura2022": "thèse AURA 2022"}
COLUMNS = (
    "cpts", "chapter", "item", "label_fr", "value", "unit", "date", "date_precision",
    "mission", "status", "source", "document", "line", "note",
)  # fmt: skip
_QUALIFIERS_FR = {"approx": "environ ", "min": "au moins ", "max": "au plus "}


def fact(
    cpts: str,
    chapter: str,
    item: str,
    label_fr: str,
    value: str = "",
    *,
    document: str,
    line: object,
    **more: Any,
) -> dict[str, Any]:
    """One fact of a document: columns of COLUMNS, with the line of the text; known unless `status` says otherwise."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    row |= {"cpts": cpts, "chapter": chapter, "item": item, "label_fr": label_fr, "value": value}
    row |= {"status": KNOWN, "document": document, "line": line, "date": pd.NaT}
    row |= {key: "" if _missing(content) and key != "date" else content for key, content in more.items()}
    row["source"] = f"{DOCUMENTS_FR[document]}, l. {line}"
    return row


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Facts as a table with the columns of COLUMNS, in the order of the chapters; no row gives the same columns, empty."""
    table = pd.DataFrame(list(rows), columns=list(COLUMNS))
    table["date"] = pd.to_datetime(table["date"])
    order = {chapter: rank for rank, chapter in enumerate(CHAPTERS_FR)}
    return table.sort_values("chapter", key=lambda codes: codes.map(order), kind="stable", ignore_index=True)


def quantity(row: Mapping[str, Any]) -> str:
    """What a numeric cell of a document says, in our words: number with "environ", "au moins", an interval, or nothing.

    Takes a row with `value` and, when the table has them, `qualifier`, `lower`, `upper`, `number_in_words`.
    """
    number = next((row[key] for key in ("value", "number_in_words") if not _missing(row.get(key))), None)
    if not _missing(row.get("lower")) and not _missing(row.get("upper")):
        return f"de {french.number(float(row['lower']))} à {french.number(float(row['upper']))}"
    if number is None:
        return ""
    qualifier = row.get("qualifier")
    return ("" if _missing(qualifier) else _QUALIFIERS_FR.get(str(qualifier), "")) + french.number(
        float(number)
    )


def words(code: object) -> str:
    """French words of a code that has no label of its own; nothing for a missing one."""
    return "" if _missing(code) else spelling.words(str(code))


def dated(row: Mapping[str, Any]) -> str:
    """Date of a fact as precisely as it is known; nothing when it is not."""
    if _missing(row["date"]):
        return ""
    precision = row.get("date_precision")
    return french.date(row["date"].date(), "day" if _missing(precision) or not precision else str(precision))


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
