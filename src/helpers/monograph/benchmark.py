"""An indicator beside its benchmark: verdict, smallest visible move, moves between periods, in words.

Compared with a benchmark, never ranked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.methods import comparison, polarity, trends
from helpers.methods.measured import STATISTICS, digits
from helpers.monograph import published

POLARITIES = {"hausse": "hausse favorable", "baisse": "baisse favorable", "neutre": "sans jugement"}


def latest(measured: pd.DataFrame, territory: str) -> pd.DataFrame:
    """Last period of each indicator for one territory, in the order of the definitions."""
    own = measured[measured["territory"] == territory] if len(measured) else measured
    return own.groupby("indicator", sort=False).tail(1).reset_index(drop=True) if len(own) else own


def compared(
    definitions: pd.DataFrame, measured: pd.DataFrame, cpts: str, *, confidence: float = 0.95
) -> pd.DataFrame:
    """Last value of each indicator beside its benchmark: one row per indicator.

    Adds to the columns of `measures`: `benchmark_name`, `benchmark` (its value of the same period, else of its last one),
    `benchmark_end`, `verdict` (words of `polarity`, "non calculable" without interval or benchmark; a complete count is told from
    its benchmark without test), `down` and `up` (smallest
    visible move to the next year, in `unit`; missing without interval), `direction`.
    """
    own = latest(measured, cpts)
    about = definitions.set_index("indicator")
    rows = []
    for row in own.to_dict("records"):
        definition = about.loc[row["indicator"]]
        rows.append(
            row
            | _against(row, definition, measured, confidence)
            | _visible(row)
            | {"direction": definition["direction"]}
        )
    order = {code: rank for rank, code in enumerate(definitions["indicator"])}
    rows.sort(key=lambda row: order[row["indicator"]])
    return pd.DataFrame(rows)


def _against(
    row: Mapping[str, Any], definition: pd.Series[Any], measured: pd.DataFrame, confidence: float
) -> dict[str, Any]:
    name = definition["benchmark"]
    nothing = {
        "benchmark_name": "",
        "benchmark": float("nan"),
        "benchmark_end": pd.NaT,
        "verdict": "non calculable",
    }
    if pd.isna(name):
        return nothing
    others = measured[(measured["indicator"] == row["indicator"]) & (measured["territory"] == name)].dropna(
        subset=["value"]
    )
    if others.empty:
        return nothing | {"benchmark_name": territory_name(str(name))}
    same = others[others["period_end"] == row["period_end"]]
    reference = (same if len(same) else others).iloc[-1]
    found = {"benchmark_name": territory_name(str(name)), "benchmark": float(reference["value"])}
    way = POLARITIES[definition["direction"]]
    if row.get("census") and pd.notna(row["value"]):
        side = np.sign([round(row["value"] - float(reference["value"]), 9)]).astype(int)
        verdict = polarity.differences(side, way)[0]
    else:
        verdict = comparison.against_benchmark(
            row["value"], row["lower"], row["upper"], float(reference["value"]), polarity=way, confidence=confidence,
            indicator=str(row["label_fr"]),
        )["verdict"].iloc[0]  # fmt: skip
    return nothing | found | {"benchmark_end": reference["period_end"], "verdict": verdict}


def _visible(row: Mapping[str, Any]) -> dict[str, float]:
    kind = STATISTICS.get(row["kind"])
    # Where everybody is counted and nobody drawn, chance has no part in a move.
    if kind is None or row.get("census") or pd.isna(row["denominator"]) or pd.isna(row["value"]):
        return {"down": float("nan"), "up": float("nan")}
    found = trends.smallest_visible_change(row["denominator"], row["value"], kind=kind, per=row["per"]).iloc[
        0
    ]
    # A move that would leave the possible range cannot be seen at all.
    return {
        "down": found["down"] if found["reach_down"] else float("nan"),
        "up": found["up"] if found["reach_up"] else float("nan"),
    }


def spans(measured: pd.DataFrame, territory: str) -> pd.DataFrame:
    """Move of each indicator from its first period to its last: the columns of `moves`, one row per indicator."""
    return moves(measured, territory, whole=True)


def moves(measured: pd.DataFrame, territory: str, *, whole: bool = False) -> pd.DataFrame:
    """Moves between two periods in a row: `indicator`, `start`, `end`, `move` (in `unit`), `visible` (missing: cannot be judged).

    With `whole`, the one from the first period to the last (see `spans`).

    A move is visible when the interval of the difference between its two periods, at 95 %, leaves zero out
    (`comparison.difference`: both denominators count). A complete count has no chance of drawing to be told from.
    """
    rows = []
    own = measured[measured["territory"] == territory] if len(measured) else measured
    for indicator, series in own.groupby("indicator", sort=False) if len(own) else ():
        points = series.dropna(subset=["value", "period_end"]).sort_values("period_end").to_dict("records")
        for before, after in pairwise(points[:: len(points) - 1] if whole and len(points) > 2 else points):
            move = float(after["value"]) - float(before["value"])
            rows.append(
                {
                    "indicator": indicator,
                    "start": before["period_end"],
                    "end": after["period_end"],
                    "move": move,
                }
                | {"visible": _seen(before, after)}
            )
    return pd.DataFrame(rows, columns=["indicator", "start", "end", "move", "visible"])


def _seen(before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
    """Whether the move is told from chance; missing when it cannot be judged."""
    kind = STATISTICS.get(before["kind"])
    sides = [(row["numerator"], row["denominator"]) for row in (before, after)]
    if kind is None or before.get("census") or any(pd.isna(cell) for side in sides for cell in side):
        return pd.NA
    found = comparison.difference(kind, *sides, polarity=POLARITIES["neutre"])
    return bool(found["direction"].iloc[0])


_SMALL = {"de", "du", "des", "la", "le", "les", "et", "en", "sur", "sous", "d", "l"}


def territory_name(code: str) -> str:
    """Name of a benchmark for readers: a package gives its code only, read as words ("pays-de-la-loire": Pays de la Loire)."""
    if code == published.REGION:
        return published.REGION_FR
    words = re.split(r"[-_ ]+", code.strip("-_ "))
    known = labels.codes("miller2022/monograph_active_file", "geography")
    named = [
        known.get(word, word if (word in _SMALL and rank) or not word.islower() else word.capitalize())
        for rank, word in enumerate(words)
    ]
    return " ".join(named) or code


def amount(value: float, unit: str) -> str:
    """A value with its unit, one decimal under 1 000, none above."""
    if pd.isna(value):
        return "valeur non publiée"
    return f"{french.number(float(value), digits(value))}{french.NBSP}{unit}"


def period_fr(row: Mapping[str, Any]) -> str:
    """Period of a value: the year when it is a whole one, else its two days."""
    start, end = row["period_start"], row["period_end"]
    if pd.isna(start) or pd.isna(end):
        return "non précisée"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        return str(end.year)
    return f"du {french.date(start.date())} au {french.date(end.date())}"


def value_fr(row: Mapping[str, Any]) -> str:
    """Value of a table cell with its interval, or why there is none; per cent keeps its sign, other units do not."""
    if pd.isna(row["value"]):
        return str(row["refusal"])
    said = _short(row["value"], row["unit"])
    if pd.isna(row["lower"]):
        return f"{said} (sans intervalle)"
    low, high = (french.number(row[side], digits(row["value"])) for side in ("lower", "upper"))
    return f"{said}{french.NBSP}[{low}{french.NARROW};{french.NBSP}{high}]"


def benchmark_fr(row: Mapping[str, Any]) -> str:
    """Value of the benchmark, or why there is none."""
    if pd.isna(row["benchmark"]):
        return (
            f"{row['benchmark_name']} : valeur non donnée" if row["benchmark_name"] else "aucun repère donné"
        )
    return _short(row["benchmark"], row["unit"])


def _short(value: float, unit: str) -> str:
    return (
        amount(value, unit) if unit == "%" or pd.isna(value) else french.number(float(value), digits(value))
    )
