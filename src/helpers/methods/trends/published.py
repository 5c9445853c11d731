"""Trend of values that an official source publishes without their counts, with or without their limits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy import stats

from helpers import french
from helpers.errors import UnknownName
from helpers.methods import polarity as ways
from helpers.methods import results
from helpers.methods.results import Rows
from helpers.methods.trends import dependence
from helpers.methods.trends.monotone import refuse_stock

FEWEST = 5


def published_trend(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    polarity: str,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    published_confidence: float = 0.95,
    nature: str = "niveau",
    correction: str = "prudente",
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Slope per period of published values (standardised rates, shares), each weighted by its own interval when it has one.

    Takes at least five points in order of period, `lower` and `upper` at `published_confidence` (both or none), a polarity of
    `polarity.POLARITIES`. Weighted least squares; the error is never less than what the intervals say, and grows with what the
    points leave beyond it; Student, widened for the autocorrelation that a short series may hide (see `dependence`;
    `correction=""` leaves it out). Returns one row of long results in the unit of the values per period, with `p_value` and
    `verdict`. Raises NotComputable, naming the row, for a stock, fewer than five points, a missing cell, or a value outside its
    interval.
    """
    if correction not in ("prudente", ""):
        raise UnknownName("Correction", correction, ["prudente"])
    ways.check(polarity)
    refuse_stock(nature, indicator)
    rows = Rows(periods, values, indicator=indicator)
    times = results.ordered_periods(periods, rows)
    array = results.numbers(values, "la valeur", rows)
    results.same_length(rows, périodes=times, valeurs=array)
    if len(times) < FEWEST:
        rows.fail(
            f"{french.plural(len(times), 'point')}, il en faut au moins {FEWEST} pour une tendance publiée."
        )
    weights = np.ones(len(array))
    limited = lower is not None and upper is not None
    if (lower is None) != (upper is None):
        rows.fail("il faut les deux bornes de l'intervalle, ou aucune.")
    if limited:
        low = results.numbers(np.asarray(lower, dtype=float), "la borne basse", rows)
        high = results.numbers(np.asarray(upper, dtype=float), "la borne haute", rows)
        results.same_length(rows, valeurs=array, borne_basse=low, borne_haute=high)
        rows.refuse((low > array) | (high < array), lambda _: "la valeur sort de son intervalle.")
        rows.refuse(high <= low, lambda _: "l'intervalle n'a pas de largeur.")
        error = (high - low) / (2 * stats.norm.ppf(0.5 + published_confidence / 2))
        weights = 1 / error**2
    design = np.column_stack([np.ones(len(times)), times - times.mean()])
    fit = sm.WLS(array, design, weights=weights).fit()
    # Known errors set a floor: points that happen to lie on a line do not make them smaller.
    scale = max(float(fit.scale), 1.0) if limited else float(fit.scale)
    deviation = float(np.sqrt(scale * fit.normalized_cov_params[1, 1]))
    rho = 0.0
    if correction:
        root = np.sqrt(weights)
        wider, rho = dependence.widening(design * root[:, None], (array - fit.fittedvalues) * root)
        deviation *= float(wider[1])
    level = float(results.levels_of(confidence)[0])
    slope, freedom = float(fit.params[1]), len(times) - 2
    half = float(stats.t.ppf(0.5 + level / 2, freedom)) * deviation
    p_value = float(2 * stats.t.sf(abs(slope) / deviation, freedom)) if deviation > 0 else float(slope == 0)
    return results.long(
        indicator=indicator, territory=territory, statistic="pente publiée", value=slope, lower=slope - half, upper=slope + half,
        period=f"{results.french_period(times[0])}-{results.french_period(times[-1])}", denominator=float(len(times)),
        method="moindres carrés pondérés par les intervalles, Student" if limited else "moindres carrés, Student",
        confidence=level, unit=f"{results.one_unit(unit, rows)} par période".strip(), p_value=p_value,
        note=f"autocorrélation supposée {french.number(rho, 2)}",
        verdict=ways.move(int(np.sign(slope)) if p_value < 1 - level else 0, polarity),
    )  # fmt: skip
