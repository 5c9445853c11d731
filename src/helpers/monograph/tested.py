"""An action compared with what happened elsewhere: the benchmark of its indicator, over the same periods, when data carry it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import comparison, controlled
from helpers.methods.measured import STATISTICS
from helpers.monograph import benchmark


@dataclass(frozen=True)
class Compared:
    """Difference of two differences: the CPTS against the benchmark, before and after the start of the action.

    `verdict` is one of `controlled`, `direction` -1, 0 or 1 (the CPTS moved less, alike, more), `said` the sentence for readers.
    """

    verdict: str
    direction: int
    said: str


def against_benchmark(
    action: Mapping[str, Any], definition: Mapping[str, Any], measured: pd.DataFrame, cpts: str
) -> Compared | None:
    """The comparison of one action, or None when the data do not carry it.

    Takes a row of the log, the definition of its indicator and the result of `indicators.measures`. Before: the last period
    that ended before the action began; after: the last one that ended after; the period before the first checks that both moved
    alike until then. Both territories need their counts in each of the two (proportion or rate, not a complete count).
    """
    start, place = action["date_start"], definition["benchmark"]
    kind = STATISTICS.get(str(definition["kind"]))
    if kind is None or pd.isna(start) or pd.isna(place) or measured.empty:
        return None
    about = measured[(measured["indicator"] == action["indicator"]) & ~measured["census"].astype(bool)]
    sides = [_counts(about, str(name)) for name in (cpts, place)]
    shared = sorted(set(sides[0]) & set(sides[1]))
    earlier = [end for end in shared if end < start]
    later = [end for end in shared if end >= start]
    if not earlier or not later:
        return None
    own, others = ((side[earlier[-1]], side[later[-1]]) for side in sides)
    past = (sides[0][earlier[-2]], sides[1][earlier[-2]]) if len(earlier) > 1 else None
    per = float(about["per"].iloc[0])
    try:
        row = comparison.difference_in_differences(kind, own, others, before=past, per=per).iloc[0]
    except NotComputable as refused:
        why = french.first_lower(str(refused)).rstrip(".")
        return Compared(controlled.REFUSED, 0, f"comparaison impossible : {why}")
    low, high = (french.number(float(row[side]), 1) for side in ("lower", "upper"))
    move = (
        f"{french.agreed(french.signed(float(row['value']), 1), str(row['unit']))} "
        f"[{low} ; {high}] de plus que {benchmark.territory_name(str(place))}, "
        f"de {_year(earlier[-1])} à {_year(later[-1])}"
    )
    said = {
        controlled.EFFECT: f"{move} ; aucun écart visible avant l'action",
        controlled.NO_EFFECT: f"comparaison sans écart que le hasard n'explique ({move})",
        controlled.DIFFERENT_BEFORE: f"comparaison impossible : {benchmark.territory_name(str(place))} évoluait déjà autrement",
        controlled.UNKNOWN_BEFORE: "comparaison impossible : une seule période avant l'action",
    }
    direction = int(row["lower"] > 0) - int(row["upper"] < 0)
    return Compared(str(row["verdict"]), direction, said[str(row["verdict"])])


def _counts(about: pd.DataFrame, territory: str) -> dict[pd.Timestamp, tuple[float, float]]:
    """Numerator and denominator of each dated period of one territory, where both are there."""
    rows = about[about["territory"] == territory].dropna(subset=["numerator", "denominator", "period_end"])
    rows = rows[rows["denominator"] > 0]
    return {row["period_end"]: (row["numerator"], row["denominator"]) for row in rows.to_dict("records")}


def _year(end: pd.Timestamp) -> str:
    return str(end.year) if (end.month, end.day) == (12, 31) else french.date(end.date())
