"""Agreement as a reader sees it: a number with its interval, or "non défini", and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.coding.coefficients import UNDEFINED


def said(row: pd.Series[Any], decimals: int = 2) -> str:
    """One measure: "0,66 [0,47 ; 0,83]", "1,00" when no interval is defined, "non défini" when the measure is not."""
    if pd.isna(row["value"]):
        return UNDEFINED
    value = french.number(float(row["value"]), decimals)
    if pd.isna(row["lower"]):
        return value
    low, high = (french.number(float(row[bound]), decimals) for bound in ("lower", "upper"))
    return f"{value}{french.NBSP}[{low}{french.NARROW}; {high}]"


def table_of_measures(
    long: pd.DataFrame, *, labels: Mapping[str, str] | None = None, statistics: Sequence[str] = ()
) -> pd.DataFrame:
    """One row per indicator, one column per measure, then `n` (units) and `reason` (what is not defined, and why).

    Takes the long results of `agreement.measures` or `by_code`; `labels` names the indicators, `statistics` chooses and
    orders the measures.
    """
    chosen = list(statistics) or list(long["statistic"].drop_duplicates())
    cells = long.assign(_said=[said(row) for _, row in long.iterrows()])
    wide = cells.pivot(index="indicator", columns="statistic", values="_said")
    wide = wide.reindex(index=long["indicator"].drop_duplicates(), columns=chosen)
    units = long[long["statistic"] == long["statistic"].iloc[0]].set_index("indicator")["denominator"]
    wide["n"] = units.reindex(wide.index).astype("Int64")
    undefined = long[long["value"].isna() | long["note"].str.startswith("intervalle non défini")]
    wide["reason"] = undefined.groupby("indicator")["note"].agg(lambda notes: _joined(list(notes)))
    wide["reason"] = wide["reason"].fillna("")
    return wide.rename(index=dict(labels or {})).rename_axis(columns=None).reset_index()


def _joined(notes: Sequence[str]) -> str:
    return " ; ".join(dict.fromkeys(note.rstrip(".") for note in notes))
