"""Proportions with their interval; a number never travels without numerator, denominator, method and confidence."""

from __future__ import annotations

import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from helpers.errors import NotComputable

LONG_COLUMNS = (
    "indicator", "territory", "period", "statistic", "value", "lower", "upper",
    "numerator", "denominator", "method", "confidence", "unit", "note",
)  # fmt: skip


def proportion(
    numerator: float,
    denominator: float,
    *,
    indicator: str,
    territory: str = "",
    period: str = "",
    confidence: float = 0.95,
    note: str = "",
) -> pd.DataFrame:
    """Proportion in percent with the interval of Wilson (1927).

    Takes two counts of the same units, numerator within denominator. Returns one row of long results, in percent, unrounded.
    Raises NotComputable when the denominator is not positive or the numerator lies outside it.
    """
    if denominator <= 0:
        raise NotComputable(f"{indicator} : aucun effectif au dénominateur, la proportion n'est pas définie.")
    if not 0 <= numerator <= denominator:
        raise NotComputable(
            f"{indicator} : le numérateur ({numerator:g}) sort du dénominateur ({denominator:g})."
        )
    lower, upper = proportion_confint(numerator, denominator, alpha=1 - confidence, method="wilson")
    row = {
        "indicator": indicator,
        "territory": territory,
        "period": period,
        "statistic": "proportion",
        "value": 100 * numerator / denominator,
        "lower": 100 * float(lower),
        "upper": 100 * float(upper),
        "numerator": numerator,
        "denominator": denominator,
        "method": "Wilson (1927)",
        "confidence": confidence,
        "unit": "%",
        "note": note,
    }
    return pd.DataFrame([row], columns=list(LONG_COLUMNS))


def shares(
    counts: pd.Series[float], *, indicator: str, denominator: float | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Share of each category with its Wilson interval: one row of long results per item of `counts`, in its order.

    The denominator is the sum of the counts unless given (multiple answers: number of respondents). The category is in the
    column `territory` only when it is one; here it is in `note`. Raises NotComputable as `proportion` does.
    """
    base = float(counts.sum()) if denominator is None else denominator
    rows = [
        proportion(float(count), base, indicator=indicator, confidence=confidence, note=str(category))
        for category, count in counts.items()
    ]
    if not rows:
        raise NotComputable(f"{indicator} : aucune catégorie à compter.")
    return pd.concat(rows, ignore_index=True)


def per(numerator: float, denominator: float, *, base: float = 1.0) -> float:
    """Ratio of two quantities for `base` units of the denominator, e.g. inhabitants per km² or GPs per 10 000 inhabitants.

    Raises NotComputable when the denominator is not positive.
    """
    if denominator <= 0:
        raise NotComputable("Rapport non défini : le dénominateur doit être positif.")
    return base * numerator / denominator
