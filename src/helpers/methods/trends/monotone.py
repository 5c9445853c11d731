"""Does a series go one way? Trend tests and average pace over the whole series."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.tsa.stattools import acf

from helpers import french
from helpers.errors import UnknownName
from helpers.methods import results
from helpers.methods.results import Floats, Rows
from helpers.methods.trends import dependence

# "" and "hamed-rao" are the published forms, to find the figures of others again: a short series passes through both.
CORRECTIONS = ("prudente", "hamed-rao", "")


def proportions_trend(
    periods: ArrayLike,
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    per: float = 100,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Linear trend of proportions: test of Cochran (1954) and Armitage (1955) on the table of statsmodels.

    Takes at least three aligned points in order of period. Returns one row: value is the slope of the proportion in units
    per `per` and period (weighted by size, interval by binomial variance), with `z` and `p_value`. The variance of the test
    has N - 1, as in Mantel (1963). Raises NotComputable, naming the row, for counts out of range or periods out of order.
    """
    rows = Rows(periods, numerators, indicator=indicator)
    times = results.ordered_periods(periods, rows)
    counted = results.numbers(numerators, "le numérateur", rows)
    size = results.numbers(denominators, "le dénominateur", rows)
    results.same_length(rows, périodes=times, numérateurs=counted, dénominateurs=size)
    results.counts_within(counted, size, rows)
    _at_least(times, 3, rows)
    if counted.sum() in (0, size.sum()):
        rows.fail("la proportion est nulle ou totale partout : il n'y a pas de tendance à tester.")
    table = sm.stats.Table(np.column_stack([counted, size - counted]), shift_zeros=False)
    test = table.test_ordinal_association(row_scores=times, col_scores=np.array([1.0, 0.0]))
    share = counted / size
    centred = times - (size * times).sum() / size.sum()
    spread = (size * centred**2).sum()
    slope = (size * centred * share).sum() / spread
    half = stats.norm.ppf(0.5 + results.levels_of(confidence)[0] / 2) * np.sqrt(
        (size * centred**2 * share * (1 - share)).sum() / spread**2
    )
    return results.long(
        indicator=indicator, territory=territory, period=_span(times), statistic="pente de la proportion",
        value=per * slope, lower=per * (slope - half), upper=per * (slope + half), numerator=float(counted.sum()),
        denominator=float(size.sum()), method="Cochran-Armitage, variante de Mantel (1963)", confidence=confidence,
        unit=results.pace_unit(per), z=float(test.zscore), p_value=float(test.pvalue),
    )  # fmt: skip


# What a series is made of. A stock keeps what it had: its points are never independent, whatever their number.
NATURES = ("niveau", "flux", "stock")


def flow_of(stock: pd.Series[float]) -> pd.Series[float]:
    """Net change of a stock from one period to the next, indexed by the later period: what a test may judge."""
    return stock.diff().iloc[1:]


def refuse_stock(nature: str, indicator: str) -> None:
    """Raise NotComputable for a stock, UnknownName for what is none of NATURES."""
    if nature not in NATURES:
        raise UnknownName("Nature de la série", nature, NATURES)
    if nature == "stock":
        Rows(indicator=indicator).fail(
            "un stock garde ce qu'il avait, ses points se ressemblent sans qu'il y ait de tendance ; testez ses ouvertures "
            "nettes (trends.flow_of)."
        )


def mann_kendall(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    correction: str = "prudente",
    lags: int | None = None,
    nature: str = "niveau",
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Monotone trend of a series: test of Mann (1945) and Kendall (1975), ties counted, missing values left out.

    Takes at least four filled points in order of period, of a level or a flow, never a stock. The variance is widened for the
    autocorrelation that the ranks without their Sen slope may hide (`dependence`), by the formula of Hamed and Rao (1998) on a
    first-order process; `correction="hamed-rao"` is theirs (lags significant at 5 %, up to `lags`), which under about 60
    points does not protect from false alarms and needs regular periods without a missing value; "" has none. None narrows the
    variance. Returns one row: value is Kendall's tau-a (-1 to 1), with `s`, `variance`, `z` (with
    continuity correction) and `p_value`. Raises NotComputable for too few points, a constant series, irregular periods under
    correction.
    """
    if correction not in CORRECTIONS:
        raise UnknownName("Correction", correction, [item for item in CORRECTIONS if item])
    refuse_stock(nature, indicator)
    rows = Rows(periods, values, indicator=indicator)
    times, array, missing = _filled(periods, values, rows)
    _at_least(times, 4, rows)
    n = len(array)
    signs = np.sign(array[None, :] - array[:, None])
    s = float(np.triu(signs, 1).sum())
    ties = np.unique(array, return_counts=True)[1].astype(float)
    if len(ties) == 1:
        rows.fail("toutes les valeurs sont égales : aucune tendance à tester.")
    variance = (n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18
    notes = (
        [french.plural(missing, "valeur manquante écartée", "valeurs manquantes écartées")] if missing else []
    )
    if correction:
        if correction == "hamed-rao" and (missing or not np.allclose(np.diff(times), times[1] - times[0])):
            rows.fail("la correction de Hamed et Rao demande des périodes régulières, toutes renseignées.")
        ratio = max(1.0, _effective_size(array, lags, rows, correction))
        variance *= ratio
        notes.append(f"variance multipliée par {french.number(ratio, 2)} pour l'autocorrélation")
    z = float((s - np.sign(s)) / np.sqrt(variance))
    return results.long(
        indicator=indicator, territory=territory, period=_span(times), statistic="tau de Kendall", value=2 * s / (n * (n - 1)),
        denominator=float(n), method=_MANN_KENDALL[correction],
        note=" ; ".join(notes), s=s, variance=float(variance), z=z, p_value=float(2 * stats.norm.sf(abs(z))),
    )  # fmt: skip


def sen_slope(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    correction: str = "prudente",
    nature: str = "niveau",
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Median of the slopes between all pairs of points (Theil 1950, Sen 1968), through scipy, missing values left out.

    Takes at least four filled points in order of period. The interval is that of the test of `mann_kendall`, whose variance is
    widened for the autocorrelation that a short series may hide (`correction=""`: not). Returns one row, in units of the values
    per period, with `intercept`. Raises NotComputable for too few points or a stock.
    """
    if correction not in ("prudente", ""):
        raise UnknownName("Correction", correction, ["prudente"])
    refuse_stock(nature, indicator)
    rows = Rows(periods, values, indicator=indicator)
    times, array, missing = _filled(periods, values, rows)
    _at_least(times, 4, rows)
    level = float(results.levels_of(confidence)[0])
    ratio = max(1.0, _effective_size(array, None, rows, correction)) if correction else 1.0
    # The limits are slopes at a rank that lies as many standard deviations of Kendall's S from the middle: ask for more of them.
    asked = 1 - 2 * stats.norm.sf(stats.norm.ppf(0.5 + level / 2) * np.sqrt(ratio))
    fit = stats.theilslopes(array, times, alpha=min(float(asked), 1 - 1e-12))
    return results.long(
        indicator=indicator, territory=territory, period=_span(times), statistic="pente de Sen", value=float(fit.slope),
        lower=float(fit.low_slope), upper=float(fit.high_slope), denominator=float(len(array)),
        method="Theil (1950), Sen (1968)", confidence=level, unit=f"{results.one_unit(unit, rows)} par période".strip(),
        note=french.plural(missing, "valeur manquante écartée", "valeurs manquantes écartées") if missing else "",
        intercept=float(fit.intercept),
    )  # fmt: skip


def average_annual_change(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    correction: str = "prudente",
    nature: str = "niveau",
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Average change per period in percent: exponential of the slope of log values (Clegg et al. 2009), interval by Student.

    Takes at least three positive points in order of period (years for an annual change). The interval is widened for the
    autocorrelation that a short series may hide (see `dependence`; `correction=""`: not). Returns one row in percent of the
    level, never in points. Raises NotComputable, naming the row, for a value that is missing or not positive, and for a stock.
    """
    if correction not in ("prudente", ""):
        raise UnknownName("Correction", correction, ["prudente"])
    refuse_stock(nature, indicator)
    rows = Rows(periods, values, indicator=indicator)
    times = results.ordered_periods(periods, rows)
    array = results.numbers(values, "la valeur", rows)
    results.same_length(rows, périodes=times, valeurs=array)
    rows.refuse(
        array <= 0,
        lambda row: f"un taux d'évolution demande une valeur positive ({french.number(float(array[row]))}).",
    )
    _at_least(times, 3, rows)
    level = float(results.levels_of(confidence)[0])
    design = sm.add_constant(times - times.mean())
    fit = sm.OLS(np.log(array), design).fit()
    slope, error, rho = float(fit.params[1]), float(fit.bse[1]), 0.0
    if correction:
        wider, rho = dependence.widening(design, np.asarray(fit.resid))
        error *= float(wider[1])
    half = stats.t.ppf(0.5 + level / 2, fit.df_resid) * error
    value, low, high = (100 * np.expm1(item) for item in (slope, slope - half, slope + half))
    return results.long(
        indicator=indicator, territory=territory, period=_span(times), statistic="évolution moyenne", value=float(value),
        lower=float(low), upper=float(high), numerator=float(array[-1]), denominator=float(array[0]),
        method="régression log-linéaire (Clegg 2009)", confidence=level, unit="% par période",
        p_value=float(2 * stats.t.sf(abs(slope) / error, fit.df_resid)) if error > 0 else float(slope == 0),
        note=f"autocorrélation supposée {french.number(rho, 2)}",
    )  # fmt: skip


def _filled(periods: ArrayLike, values: ArrayLike, rows: Rows) -> tuple[Floats, Floats, int]:
    """Periods and values of the filled points, and how many were missing."""
    times = results.ordered_periods(periods, rows)
    array = results.numbers(values, "la valeur", rows, missing=True)
    results.same_length(rows, périodes=times, valeurs=array)
    known = ~np.isnan(array)
    return times[known], array[known], int((~known).sum())


def _at_least(times: Floats, points: int, rows: Rows) -> None:
    if len(times) < points:
        rows.fail(
            f"{french.plural(len(times), 'point renseigné', 'points renseignés')}, il en faut au moins {points}."
        )


def _span(times: Floats) -> str:
    return f"{results.french_period(times[0])}-{results.french_period(times[-1])}"


_MANN_KENDALL = {
    "prudente": "Mann-Kendall, variance élargie",
    "hamed-rao": "Mann-Kendall, Hamed et Rao (1998)",
    "": "Mann-Kendall (1945, 1975)",
}


def _effective_size(array: Floats, lags: int | None, rows: Rows, correction: str) -> float:
    """Factor of the variance by the formula of Hamed and Rao (1998), on the lags that `correction` keeps."""
    n = len(array)
    slope = stats.theilslopes(array, np.arange(n)).slope
    ranks = stats.rankdata(array - slope * np.arange(1, n + 1)).astype(float)
    last = min(n - 1 if lags is None else lags, n - 1)
    if last < 1:
        rows.fail("le nombre de décalages doit être au moins 1.")
    if np.ptp(ranks) == 0:
        return 1.0  # a perfect line leaves no residual to correlate
    lag = np.arange(1, last + 1)
    if correction == "prudente":
        line = np.column_stack([np.ones(n), np.arange(n, dtype=float)])
        rho = dependence.plausible_autocorrelation(line, ranks - ranks.mean()) ** lag
        kept = np.ones(last, dtype=bool)
    else:
        rho = acf(ranks, nlags=last, fft=False)[1:]
        kept = np.abs(rho) > stats.norm.ppf(0.975) / np.sqrt(n)
    extra = ((n - lag) * (n - lag - 1) * (n - lag - 2) * rho * kept).sum()
    return float(1 + 2 * extra / (n * (n - 1) * (n - 2)))
