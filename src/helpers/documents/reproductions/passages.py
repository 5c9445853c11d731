"""Figures held against other passages of the texts: terms to add, items to count, dates, bounds (table `coding/passages`).

Each row of the table is one passage read for one claim, with its line and its role; the arithmetic is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.catalog import Study
from helpers.documents import intervals
from helpers.documents.claims import BASE, Recomputed, register
from helpers.documents.intervals import Bounds
from helpers.errors import DataError

DAYS = {"jours": 1.0, "semaines": 7.0, "mois": 365.25 / 12, "ans": 365.25}


def figures(study: Study) -> Recomputed:
    """What the passages of each claim give, in the unit of the claim. Raises DataError for roles that do not go together."""
    claims = register(study)
    table = study.table("coding/passages")
    # A selection is read by the recomputation of its claim.
    table = table[table["role"] != "selection"]
    return {
        str(claim_id): _computed(
            str(claim_id), rows, _text(claims.loc[str(claim_id).partition(BASE)[0], "unit"])
        )
        for claim_id, rows in table.groupby("claim_id", sort=False)
    }


Row = dict[str, Any]


def _computed(claim_id: str, rows: pd.DataFrame, unit: str) -> float | Bounds:
    roles = {str(role): list(part.to_dict("records")) for role, part in rows.groupby("role", sort=False)}
    match sorted(roles):
        case ["element"]:
            return float(len(roles["element"]))
        case ["terme"]:
            return intervals.total(_number(row) for row in roles["terme"])
        case ["debut", "fin"]:
            return _between(roles["debut"][0], roles["fin"][0], unit)
        case ["borne_basse", "borne_haute"]:
            low, high = roles["borne_basse"][0], roles["borne_haute"][0]
            return Bounds(
                intervals.ends(_number(low))[0], intervals.ends(_number(high))[1], _text(low["note"])
            )
        case together:
            raise DataError(
                f"Passages de « {claim_id} » : les rôles {', '.join(together)} ne vont pas ensemble."
            )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _number(row: Row) -> float:
    return intervals.printed(_text(row["printed"]), float(row["value"]), unit=_text(row["unit"]))


def _between(first: Row, last: Row, unit: str) -> float:
    return float((last["date"] - first["date"]).days) / DAYS[unit]


TOPICS: dict[str, Callable[[Study], Recomputed]] = {"figures": figures}
