"""Agreement as a reader sees it: a number with its interval, or "non défini", and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.material.coefficients import AC1, ALPHA, ALPHA_ORDINAL, KAPPA, PREVALENCE, RAW, UNDEFINED

NOT_ASKED = "sans objet"
MEASURES_FR = {
    "indicator": "Ce qui est codé",
    RAW: "Accord brut",
    KAPPA: "Kappa de Cohen",
    ALPHA: "Alpha nominal",
    ALPHA_ORDINAL: "Alpha ordinal",
    AC1: "AC1 de Gwet",
    PREVALENCE: "Prévalence",
    "n": "Unités",
    "reason": "Ce qui n'est pas défini, et pourquoi",
}
# Prevalence stands beside raw agreement: both explain the coefficients that follow.
ORDER = (RAW, PREVALENCE, KAPPA, AC1, ALPHA, ALPHA_ORDINAL)


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
    long: pd.DataFrame, *, labels: Mapping[str, str] | None = None, codes: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """One row per indicator: `n` (units), one column per measure and, when something is not defined, `reason`.

    Takes the long results of `agreement.measures` or `by_code`; `labels` names the indicators, `codes` the code whose prevalence
    is given. A measure that the indicator has not been asked says "sans objet".
    """
    cells = long.assign(_said=[said(row) + _code_of(row, dict(codes or {})) for _, row in long.iterrows()])
    wide = cells.pivot(index="indicator", columns="statistic", values="_said")
    asked = [statistic for statistic in ORDER if statistic in wide]
    wide = wide.reindex(index=long["indicator"].drop_duplicates(), columns=asked).fillna(NOT_ASKED)
    units = long[long["statistic"] == long["statistic"].iloc[0]].set_index("indicator")["denominator"]
    wide.insert(0, "n", units.reindex(wide.index).astype("Int64"))
    undefined = long[long["value"].isna()]
    if len(undefined):
        reasons = undefined.groupby("indicator")["note"].agg(lambda notes: _joined(list(notes)))
        wide["reason"] = reasons.reindex(wide.index).fillna("")
    return wide.rename(index=dict(labels or {})).rename_axis(columns=None).reset_index()


def _code_of(row: pd.Series[Any], codes: dict[str, str]) -> str:
    # The prevalence of a variable is that of its most frequent code; the row of a code needs no such word.
    code = str(row["note"]).removeprefix("code « ").removesuffix(" »")
    if row["statistic"] != PREVALENCE or not code or code == row["indicator"]:
        return ""
    return f" ({codes.get(code, code)})"


def _joined(notes: Sequence[str]) -> str:
    return " ; ".join(dict.fromkeys(note.rstrip(".") for note in notes))
