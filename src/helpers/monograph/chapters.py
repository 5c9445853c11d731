"""The plan of the monograph and the shape of one fact, whatever the source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.documents.quantities import quantity as quantity

KNOWN, ABSENT, NOT_PUBLISHED, UNKNOWN = "connu", "absent", "non_publie", "inconnu"
# State of what the document may say and the observatory did not code: never of a user's fact.
NOT_CODED = "non_code"
COLUMNS = (
    "cpts", "chapter", "item", "label_fr", "value", "unit", "date", "date_precision",
    "mission", "status", "source", "document", "line", "note",
)  # fmt: skip


def names() -> dict[str, str]:
    """French name of each chapter of `cpts/facts`, by code, in the order of the monograph of the Miller thesis."""
    return labels.codes("cpts/facts", "chapter")


def statuses() -> dict[str, str]:
    """French name of each state of a fact, by code."""
    return {**labels.codes("cpts/facts", "status"), NOT_CODED: "non codé ici"}


def missions() -> dict[str, str]:
    """French name of each mission of the agreement, by code."""
    return labels.codes("cpts/facts", "mission")


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
    row["source"] = f"{labels.document(document)}, l. {line}"
    return row


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Facts as a table with the columns of COLUMNS, in the order of the chapters; no row gives the same columns, empty."""
    table = pd.DataFrame(list(rows), columns=list(COLUMNS))
    table["date"] = pd.to_datetime(table["date"])
    order = {chapter: rank for rank, chapter in enumerate(names())}
    return table.sort_values("chapter", key=lambda codes: codes.map(order), kind="stable", ignore_index=True)


def named(table: str, field: str, code: object) -> str:
    """Label of a code of a document's table; nothing for a missing one. Raises UnknownName for a code that is not its own."""
    return "" if _missing(code) else labels.label(table, field, code)


def dated(row: Mapping[str, Any]) -> str:
    """Date of a fact as precisely as it is known; nothing when it is not."""
    if _missing(row["date"]):
        return ""
    precision = row.get("date_precision")
    return french.date(row["date"].date(), "day" if _missing(precision) or not precision else str(precision))


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
