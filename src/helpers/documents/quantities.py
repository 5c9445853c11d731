"""What a numeric cell of a document says: a number, a bound, an approximation or a range, never turned into a plain number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import labels

_SIGNS = {"min": "> ", "max": "< ", "approx": "≈ "}


def quantity(row: Mapping[str, Any]) -> str:
    """What a numeric cell of a document says, in our words: number with "environ", "au moins", an interval, or nothing.

    Takes a row with `value` and, when the table has them, `qualifier`, `lower`, `upper`, `number_in_words`.
    """
    number = _number(row)
    if _has_range(row):
        return f"de {french.number(float(row['lower']))} à {french.number(float(row['upper']))}"
    if number is None:
        return ""
    qualifier = row.get("qualifier")
    said = french.number(number)
    if _missing(qualifier) or qualifier not in _SIGNS:
        return said
    return f"{labels.label('aura2022/deployment', 'qualifier', qualifier)} {said}"


def in_a_cell(row: Mapping[str, Any]) -> str:
    """The same as a table prints it: "> 42 000", "≈ 90", "180 à 200", "150", or nothing; a damaged sign is the restored one."""
    number = _number(row)
    if _has_range(row):
        return f"{french.number(float(row['lower']))} à {french.number(float(row['upper']))}"
    if number is None:
        return ""
    return f"{_SIGNS.get(str(row.get('qualifier')), '')}{french.number(number)}"


def ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """Lowest and highest value that a cell allows: infinite or zero where only a bound is printed, missing for an empty cell.

    An approximation is taken at its value: how far it may be off is not printed.
    """
    number = _number(row)
    if _has_range(row):
        return float(row["lower"]), float(row["upper"])
    if number is None:
        return float("nan"), float("nan")
    qualifier = row.get("qualifier")
    return (0.0 if qualifier == "max" else number), (float("inf") if qualifier == "min" else number)


def _number(row: Mapping[str, Any]) -> float | None:
    # A bound may be printed alone: "sous 15 jours" has no value, only an upper end.
    for key in ("value", "number_in_words", "upper", "lower"):
        if not _missing(row.get(key)):
            return float(row[key])
    return None


def _has_range(row: Mapping[str, Any]) -> bool:
    return not _missing(row.get("lower")) and not _missing(row.get("upper"))


def _missing(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
