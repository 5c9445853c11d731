"""Descriptive statistics of one table: inequality, distribution, gaps, and the tables that show them.

The description of respondents, group by group, is in `respondents`.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from helpers import french
from helpers.errors import NotComputable

__all__ = [
    "STATISTICS_FR",
    "distribution",
    "gap_to_benchmark",
    "gini",
    "lorenz",
    "summary",
    "wide",
]


def gini(values: pd.Series[float]) -> float:
    """Gini index of non-negative quantities, 0 (all equal) to (n - 1)/n, without the small-sample correction.

    Gini (1912), by ordered values: sum((2i - n - 1) x_i) / (n sum(x)). Missing values are refused, like negative ones or a
    zero total (NotComputable).
    """
    if values.isna().any() or (values < 0).any() or len(values) == 0 or float(values.sum()) == 0:
        raise NotComputable(
            "Indice de Gini non défini : il faut des quantités positives, toutes renseignées."
        )
    ordered = np.sort(values.to_numpy(dtype=float))
    n = len(ordered)
    rank = np.arange(1, n + 1)
    return float(((2 * rank - n - 1) * ordered).sum() / (n * ordered.sum()))


def lorenz(values: pd.Series[float]) -> pd.DataFrame:
    """Cumulated shares of units and of their total, from the smallest unit: columns `units` and `total`, 0 to 1.

    Lorenz (1905). Raises NotComputable as `gini` does.
    """
    gini(values)
    ordered = np.sort(values.to_numpy(dtype=float))
    total = np.concatenate([[0.0], np.cumsum(ordered) / ordered.sum()])
    return pd.DataFrame({"units": np.linspace(0, 1, len(total)), "total": total})


def distribution(values: pd.Series[float], *, indicator: str, unit: str) -> pd.DataFrame:
    """Count, missing, mean, quartiles, extremes and Gini of a quantity: long results, one row per statistic.

    Quartiles by linear interpolation (Hyndman and Fan 1996, type 7). Missing values are counted, never taken as zero.
    Raises NotComputable when nothing is filled.
    """
    filled = values.dropna().astype(float)
    if filled.empty:
        raise NotComputable(f"{indicator} : aucune valeur renseignée.")
    quartiles = filled.quantile([0.25, 0.5, 0.75])
    statistics: Mapping[str, float] = {
        "n": float(len(filled)),
        "missing": float(values.isna().sum()),
        "mean": float(filled.mean()),
        "q1": float(quartiles.loc[0.25]),
        "median": float(quartiles.loc[0.5]),
        "q3": float(quartiles.loc[0.75]),
        "minimum": float(filled.min()),
        "maximum": float(filled.max()),
        "gini": gini(filled) if (filled >= 0).all() and filled.sum() > 0 else float("nan"),
    }
    return pd.DataFrame(
        {
            "indicator": indicator,
            "statistic": list(statistics),
            "value": list(statistics.values()),
            "unit": ["", "", unit, unit, unit, unit, unit, unit, ""],
        }
    )


STATISTICS_FR = {
    "n": "Effectif",
    "missing": "Données manquantes",
    "mean": "Moyenne",
    "q1": "1er quartile",
    "median": "Médiane",
    "q3": "3e quartile",
    "minimum": "Minimum",
    "maximum": "Maximum",
    "gini": "Indice de Gini",
}


def summary(
    groups: Mapping[str, pd.Series[float]], *, indicator: str, unit: str, decimals: int = 0
) -> pd.DataFrame:
    """Distribution of several groups side by side: one row per statistic (in French), one column per group.

    Rounded for readers to `decimals`, the Gini index to three; unrounded results are those of `distribution`.
    """
    columns = {
        name: distribution(values, indicator=indicator, unit=unit).set_index("statistic")["value"]
        for name, values in groups.items()
    }
    table = pd.DataFrame(columns)
    for statistic in table.index:
        table.loc[statistic] = [
            french.rounded(value, 3 if statistic == "gini" else decimals) for value in table.loc[statistic]
        ]
    return table.rename(index=STATISTICS_FR).rename_axis("Statistique").reset_index()


def gap_to_benchmark(
    long: pd.DataFrame, *, territory: str, benchmark: str, by: str = "indicator"
) -> pd.DataFrame:
    """Difference of every territory to a benchmark territory, indicator by indicator, in the unit of the indicator.

    Takes a long table with the columns `by`, `territory` (its name is the argument) and `value`. Returns one row per
    indicator and territory other than the benchmark, with `value`, `benchmark` and `gap`; a missing value gives a missing gap.
    """
    reference = long[long[territory] == benchmark].set_index(by)["value"]
    others = long[long[territory] != benchmark].copy()
    others["benchmark"] = others[by].map(reference)
    others["gap"] = others["value"] - others["benchmark"]
    return others.reset_index(drop=True)


def wide(
    long: pd.DataFrame,
    *,
    rows: str,
    columns: str,
    value: str = "printed",
    labels: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Long table as a reader sees it: one row per `rows`, one column per `columns`, both in their order of appearance.

    `labels` gives the French name of the rows. A cell that the table does not have is missing. Raises NotComputable when two
    rows of the long table fill the same cell.
    """
    if long.duplicated([rows, columns]).any():
        raise NotComputable(
            f"Deux valeurs pour un même couple « {rows} », « {columns} » : le tableau n'est pas défini."
        )
    table = long.pivot(index=rows, columns=columns, values=value)
    table = table.reindex(index=long[rows].drop_duplicates(), columns=long[columns].drop_duplicates())
    table = table.rename(index=dict(labels or {}))
    return table.rename_axis(columns=None).reset_index()
