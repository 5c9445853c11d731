"""Breaks in a series: a dated intervention with its counterfactual, or one or two bends found by the data."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from helpers import french
from helpers.errors import NotComputable, UnknownName
from helpers.methods import results
from helpers.methods.results import Floats, Rows

FAMILIES = ("poisson", "quasi-poisson", "gaussian")
EACH_SIDE = 4
# A joinpoint lies at an observed point, two points from the ends and from the next (default of the NCI programme).
GAP = 2
POINTS_FOR = {0: 4, 1: 7, 2: 11}


def interrupted(
    series: pd.Series[float],
    intervention: float,
    *,
    family: str = "poisson",
    season: int | None = None,
    offset: ArrayLike | None = None,
    newey_west: int | None = None,
    slope_change: bool = True,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Interrupted series: segmented regression with counterfactual (Wagner et al. 2002; Lopez Bernal et al. 2017).

    Takes a series indexed by regular numeric periods, the first period after the intervention, `family` of FAMILIES, the
    number of periods in a year for a season (two harmonics), `offset` (populations, not logarithms; counts only), and the lag
    of a Newey and West (1987) variance. Returns long results: rows "pente avant", "saut de niveau", "changement de pente"
    (ratios per period for counts, differences for `gaussian`, whose p is in `p_value`), then for each period "ajusté" and
    from the intervention on "contrefactuel", in the unit of the series. Raises NotComputable for fewer than four points on a
    side, irregular periods, missing or negative counts, more parameters than points allow.
    """
    if family not in FAMILIES:
        raise UnknownName("Famille", family, FAMILIES)
    labels = [str(item) for item in series.index]
    rows = Rows(series, labels=labels, indicator=indicator)
    times = results.ordered_periods(np.asarray(series.index), rows)
    array = results.numbers(series, "la valeur", rows)
    counts = family != "gaussian"
    if counts:
        rows.refuse(
            array < 0,
            lambda row: f"un nombre d'événements ne peut pas être négatif ({french.number(array[row])}).",
        )
    exposure = _exposure(offset, counts, array, rows)
    after = times >= intervention
    for side, points in (("avant", int((~after).sum())), ("après", int(after.sum()))):
        if points < EACH_SIDE:
            rows.fail(
                f"{french.plural(points, 'point')} {side} l'intervention, il en faut au moins {EACH_SIDE}."
            )
    steps = np.diff(times)
    irregular = np.append(False, ~np.isclose(steps, steps[0]))
    rows.refuse(irregular, lambda _: "l'écart avec la période précédente n'est pas celui des autres.")

    design, names = _design(times, after, season, intervention, slope_change)
    if len(array) <= design.shape[1] + 1:
        rows.fail(f"{len(array)} points ne suffisent pas à estimer {design.shape[1]} paramètres.")
    law = sm.families.Poisson() if counts else sm.families.Gaussian()
    logs = np.log(exposure) if counts else None
    how = {"cov_type": "HAC", "cov_kwds": {"maxlags": newey_west}} if newey_west is not None else {}
    scale = None if family == "poisson" else "X2"
    fit = sm.GLM(array, design, family=law, offset=logs).fit(scale=scale, **how)
    level = float(results.levels_of(confidence)[0])
    link = np.exp if counts else np.asarray
    limits = fit.conf_int(alpha=1 - level)
    method = f"série interrompue, {family}" + (f", Newey-West {newey_west}" if newey_west is not None else "")
    common = {"indicator": indicator, "territory": territory, "method": method, "confidence": level}
    effects = results.long(
        **common, period=results.french_period(float(intervention)), statistic=names, value=link(fit.params[1 : 1 + len(names)]),
        lower=link(limits[1 : 1 + len(names), 0]), upper=link(limits[1 : 1 + len(names), 1]),
        unit="ratio" if counts else "différence", note=f"dispersion {french.number(fit.pearson_chi2 / fit.df_resid, 2)}",
        p_value=fit.pvalues[1 : 1 + len(names)],
    )  # fmt: skip
    without = design.copy()
    without[:, 2 : 1 + len(names)] = 0
    curves = [
        _curve(fit, matrix[kept], logs, level, kept, (times, array, exposure), {**common, "statistic": name})
        for matrix, kept, name in (
            (design, np.arange(len(times)), "ajusté"),
            (without, np.flatnonzero(after), "contrefactuel"),
        )
    ]
    return pd.concat([effects, *curves], ignore_index=True)


def _exposure(offset: ArrayLike | None, counts: bool, array: Floats, rows: Rows) -> Floats:
    if offset is None:
        return np.ones(len(array))
    if not counts:
        rows.fail("une population (offset) ne va qu'avec des comptages.")
    exposure = results.numbers(offset, "la population", rows)
    results.same_length(rows, série=array, population=exposure)
    rows.refuse(exposure <= 0, lambda _: "la population doit être positive.")
    return exposure


def _design(
    times: Floats, after: np.ndarray, season: int | None, intervention: float, slope_change: bool
) -> tuple[Floats, list[str]]:
    """Columns: constant, time, level, change of slope, two harmonics; and the names of the effects."""
    columns = [np.ones(len(times)), times - times[0], after.astype(float)]
    names = ["pente avant", "saut de niveau"]
    if slope_change:
        columns.append(np.where(after, times - intervention, 0))
        names.append("changement de pente")
    if season is not None:
        if season < 2:
            raise NotComputable("Une saison compte au moins deux périodes, par exemple 12 mois.")
        # Time counted in steps, so that twelve months written 2020,08 still make a year.
        angle = 2 * np.pi * np.arange(len(times)) / season
        for harmonic in (1, 2):
            if 2 * harmonic < season:
                columns += [np.sin(harmonic * angle), np.cos(harmonic * angle)]
            elif 2 * harmonic == season:
                columns.append(np.cos(harmonic * angle))
    return np.column_stack(columns), names


def _curve(
    fit: Any,
    matrix: Floats,
    logs: Floats | None,
    level: float,
    kept: NDArray[np.intp],
    observed: tuple[Floats, Floats, Floats],
    common: dict[str, Any],
) -> pd.DataFrame:
    """Mean of the model on the kept periods, with what was observed there: one row per period."""
    offset = None if logs is None else logs[kept]
    frame = fit.get_prediction(matrix, offset=offset).summary_frame(alpha=1 - level)
    times, array, exposure = (item[kept] for item in observed)
    return results.long(
        **common, period=[results.french_period(item) for item in times], value=frame["mean"].to_numpy(),
        lower=frame["mean_ci_lower"].to_numpy(), upper=frame["mean_ci_upper"].to_numpy(), numerator=array,
        denominator=exposure,
    )  # fmt: skip


def joinpoint(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    max_breaks: int = 2,
    logarithm: bool = True,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Line with up to two bends, their number chosen by the Bayesian criterion (Kim et al. 2000, 2009).

    Takes at least seven points (eleven for two bends) in order of period; positive values with `logarithm`. Every place of
    the bends at an observed point is tried. Returns one row per segment: value is its change per period (percent, or in the
    unit of the values without `logarithm`), with an interval by Student that takes the bends as known; `start`, `end`,
    `n_breaks`, `bic`. Raises NotComputable, naming the row, for a missing or non-positive value, or too few points.
    """
    rows = Rows(periods, values, indicator=indicator)
    times = results.ordered_periods(periods, rows)
    array = results.numbers(values, "la valeur", rows)
    results.same_length(rows, périodes=times, valeurs=array)
    if max_breaks not in POINTS_FOR:
        rows.fail("le nombre de ruptures cherché va de 0 à 2.")
    if len(times) < POINTS_FOR[1]:
        rows.fail(
            f"{french.plural(len(times), 'point')}, il en faut au moins {POINTS_FOR[1]} pour chercher une rupture."
        )
    if logarithm:
        rows.refuse(
            array <= 0,
            lambda row: f"le logarithme demande une valeur positive ({french.number(array[row])}).",
        )
    y = np.log(array) if logarithm else array
    # Below this residual a line is exact in floating point: a further bend would fit rounding noise.
    floor = 1e-20 * max(float(((y - y.mean()) ** 2).sum()), 1e-300) + 1e-24
    fits = []
    for places in _places(len(times), max_breaks):
        matrix = _bent(times, [times[place] for place in places])
        residual = max(float(np.linalg.lstsq(matrix, y, rcond=None)[1].sum()), floor)
        n = len(y)
        fits.append((n * np.log(residual / n) + (2 + 2 * len(places)) * np.log(n), len(places), places))
    bic, n_breaks, places = min(fits)
    return _segments(
        times, y, places, float(bic), n_breaks, float(results.levels_of(confidence)[0]), logarithm
    ).assign(
        indicator=indicator,
        territory=territory,
        unit="% par période" if logarithm else f"{results.one_unit(unit, rows)} par période".strip(),
    )


def _places(n: int, max_breaks: int) -> Iterator[tuple[int, ...]]:
    for breaks in range(max_breaks + 1):
        if n >= POINTS_FOR[breaks]:
            for places in combinations(range(GAP, n - GAP), breaks):
                if all(second - first > GAP for first, second in pairwise(places)):
                    yield places


def _bent(times: Floats, bends: list[float]) -> Floats:
    """Columns of a continuous broken line: constant, time, and time past each bend."""
    past = [np.maximum(times - bend, 0) for bend in bends]
    return np.column_stack([np.ones(len(times)), times - times[0], *past])


def _segments(
    times: Floats,
    y: Floats,
    places: tuple[int, ...],
    bic: float,
    n_breaks: int,
    level: float,
    logarithm: bool,
) -> pd.DataFrame:
    bends = [times[place] for place in places]
    fit = sm.OLS(y, _bent(times, bends)).fit()
    # The slope of segment k is the first slope plus the first k bends.
    sums = np.column_stack([np.zeros(n_breaks + 1), np.tril(np.ones((n_breaks + 1, n_breaks + 1)))])
    slope = sums @ fit.params
    half = stats.t.ppf(0.5 + level / 2, fit.df_resid) * np.sqrt(np.diag(sums @ fit.cov_params() @ sums.T))
    shown = [100 * np.expm1(item) if logarithm else item for item in (slope, slope - half, slope + half)]
    edges = [times[0], *bends, times[-1]]
    return results.long(
        period=[f"{results.french_period(a)}-{results.french_period(b)}" for a, b in pairwise(edges)],
        statistic="évolution du segment", value=shown[0], lower=shown[1], upper=shown[2], denominator=float(len(times)),
        method="points de rupture, critère bayésien (Kim 2009)", confidence=level,
        note="intervalle à ruptures données", start=edges[:-1], end=edges[1:], n_breaks=n_breaks, bic=bic,
    )  # fmt: skip
