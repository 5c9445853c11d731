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
from helpers.methods.trends import dependence
from helpers.methods.trends.monotone import refuse_stock as _refuse_stock

FAMILIES = ("quasi-poisson", "gaussian")
EACH_SIDE = 4
# A joinpoint lies at an observed point, two points from the ends and from the next (default of the NCI programme).
GAP = 2
POINTS_FOR = {0: 4, 1: 7, 2: 11}
DRAWS, SEED = 999, 2000


def interrupted(
    series: pd.Series[float],
    intervention: float,
    *,
    family: str = "quasi-poisson",
    season: int | None = None,
    offset: ArrayLike | None = None,
    slope_change: bool = True,
    nature: str = "flux",
    correction: str = "prudente",
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Interrupted series: segmented regression with counterfactual (Wagner et al. 2002; Lopez Bernal et al. 2017).

    Takes a *flow* (events or openings of each period, never a running stock: see `flow_of`) indexed by regular numeric
    periods, the first period after the intervention, `family` of FAMILIES, the number of periods in a year for a season (two
    harmonics), `offset` (populations, not logarithms; counts only). Limits by Student, on a dispersion of at least 1 for
    counts, widened for the autocorrelation that so short a series may hide (see `dependence`); `correction=""` leaves both
    out, to find the figures of others again. Returns long results: rows
    "pente avant", "saut de niveau", "changement de pente" (ratios per period for counts, differences for `gaussian`, whose p
    is in `p_value`), then for each period "ajusté" and from the intervention on "contrefactuel", in the unit of the series.
    Raises NotComputable for fewer than four points on a side, irregular periods, missing or negative counts, more parameters
    than points allow.
    """
    if family not in FAMILIES:
        raise UnknownName("Famille", family, FAMILIES)
    if correction not in ("prudente", ""):
        raise UnknownName("Correction", correction, ["prudente"])
    _refuse_stock(nature, indicator)
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
    fit = sm.GLM(array, design, family=law, offset=logs).fit(scale="X2")
    level = float(results.levels_of(confidence)[0])
    link = np.exp if counts else np.asarray
    errors, rho = _errors(fit, design, counts, correction)
    quantile = stats.t.ppf(0.5 + level / 2, fit.df_resid)
    effect = slice(1, 1 + len(names))
    limits = fit.params[effect, None] + quantile * errors[effect, None] * np.array([-1, 1])
    common = {
        "indicator": indicator, "territory": territory, "confidence": level,
        "method": f"série interrompue, {family}, Student",
    }  # fmt: skip
    effects = results.long(
        **common, period=results.french_period(float(intervention)), statistic=names, value=link(fit.params[effect]),
        lower=link(limits[:, 0]), upper=link(limits[:, 1]), unit="ratio" if counts else "différence",
        note=f"dispersion {french.number(fit.pearson_chi2 / fit.df_resid, 2)}, autocorrélation supposée {french.number(rho, 2)}",
        p_value=2 * stats.t.sf(np.abs(fit.params[effect] / errors[effect]), fit.df_resid),
    )  # fmt: skip
    without = design.copy()
    without[:, 2 : 1 + len(names)] = 0
    # The curves are widened as the least certain effect is.
    wider = float(np.max(errors[effect] / np.sqrt(np.diag(fit.cov_params()))[effect]))
    curves = [
        _curve(
            fit, matrix[kept], quantile * wider, kept, (times, array, exposure), {**common, "statistic": name}
        )
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


def _errors(fit: Any, design: Floats, counts: bool, correction: str) -> tuple[Floats, float]:
    """Standard errors of the coefficients, dispersion of at least 1 for counts, widened; and the autocorrelation supposed."""
    if not correction:
        return np.sqrt(np.diag(fit.cov_params())), 0.0
    weights = fit.fittedvalues if counts else np.ones(len(design))
    widened, rho = dependence.widening(design * np.sqrt(weights)[:, None], np.asarray(fit.resid_pearson))
    least = np.sqrt(max(1.0, 1 / fit.scale)) if counts and fit.scale > 0 else 1.0
    return np.sqrt(np.diag(fit.cov_params())) * least * widened, rho


def _curve(
    fit: Any,
    matrix: Floats,
    reach: float,
    kept: NDArray[np.intp],
    observed: tuple[Floats, Floats, Floats],
    common: dict[str, Any],
) -> pd.DataFrame:
    """Mean of the model on the kept periods, `reach` standard errors around it, with what was observed: one row per period."""
    times, array, exposure = (item[kept] for item in observed)
    middle = matrix @ fit.params
    half = reach * np.sqrt(np.einsum("ij,jk,ik->i", matrix, fit.cov_params(), matrix))
    counts = isinstance(fit.family, sm.families.Poisson)
    value, low, high = (
        exposure * np.exp(line) if counts else line for line in (middle, middle - half, middle + half)
    )
    return results.long(
        **common, period=[results.french_period(item) for item in times], value=value, lower=low, upper=high,
        numerator=array, denominator=exposure,
    )  # fmt: skip


def joinpoint(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    max_breaks: int = 2,
    logarithm: bool = True,
    nature: str = "niveau",
    risk: float = 0.05,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Line with up to two bends, one more as long as chance explains the last one less than once in 1 / `risk` (Kim 2000).

    Takes at least seven points (eleven for two bends) in order of period; positive values with `logarithm`; a level or a
    flow, never a stock. Every place of the bends at an observed point is tried; chance is drawn from the line with one bend
    less and a first-order process (see `dependence`), with always the same draws: about 1 false alarm in 20 at `risk` 0.05.
    Returns one row per segment: value is its change per period (percent, or in the unit of the values without `logarithm`),
    with an interval by Student that takes the bends as known; `start`, `end`, `n_breaks`, `p_value` of the last test made.
    Raises NotComputable, naming the row, for a stock, a missing or non-positive value, or too few points.
    """
    _refuse_stock(nature, indicator)
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
    places, p_value, rho = _bends(times, y, max_breaks, risk)
    return _segments(times, y, places, float(results.levels_of(confidence)[0]), logarithm).assign(
        indicator=indicator,
        territory=territory,
        unit="% par période" if logarithm else f"{results.one_unit(unit, rows)} par période".strip(),
        p_value=p_value,
        note=f"ruptures tenues pour connues ; autocorrélation supposée {french.number(rho, 2)}",
    )


def _bends(times: Floats, y: Floats, max_breaks: int, risk: float) -> tuple[tuple[int, ...], float, float]:
    """Places of the bends that chance does not explain, p of the last test made, and the autocorrelation supposed."""
    # A true bend leaves the residuals of a straight line autocorrelated: they are read around the most bent line.
    most = max(breaks for breaks in range(max_breaks + 1) if len(times) >= POINTS_FOR[breaks])
    bent = _bent(times, [times[place] for place in _closest(times, y, most)])
    rho = dependence.plausible_autocorrelation(bent, y - _fitted(bent, y), dependence.CAUTION_PLACED)
    draws = _process(len(y), rho)
    # Below this residual a line is exact in floating point: a further bend would fit rounding noise.
    floor = 1e-20 * max(float(((y - y.mean()) ** 2).sum()), 1e-300) + 1e-24
    fewer, more, p_value = 0, most, float("nan")
    # Kim (2000): the fewest against the most, until they meet; the risk is shared between the tests.
    while fewer < more:
        seen = _drop(times, y[None, :], fewer, more, floor)[0]
        simulated = _drop(times, _simulated(times, y, _closest(times, y, fewer), draws), fewer, more, floor)
        p_value = float((1 + (simulated >= seen).sum()) / (1 + len(draws)))
        if p_value <= risk / most:
            fewer += 1
        else:
            more -= 1
    return _closest(times, y, fewer), p_value, rho


def _drop(times: Floats, series: Floats, fewer: int, more: int, floor: float) -> Floats:
    """How many times less the best line with `more` bends leaves than the best with `fewer`, for each series (draws, n)."""
    before, after = (
        np.min([_residuals(times, places, series) for places in several], axis=0)
        for several in (list(_places(len(times), breaks)) for breaks in (fewer, more))
    )
    return np.asarray(np.maximum(before, floor) / np.maximum(after, floor), dtype=float)


def _simulated(times: Floats, y: Floats, places: tuple[int, ...], draws: Floats) -> Floats:
    """Series that have these bends and no other, one per draw of noise."""
    matrix = _bent(times, [times[place] for place in places])
    fitted = _fitted(matrix, y)
    spread = np.sqrt(((y - fitted) ** 2).sum() / (len(y) - matrix.shape[1]))
    return np.asarray(fitted + spread * draws, dtype=float)


def _closest(times: Floats, y: Floats, breaks: int) -> tuple[int, ...]:
    """Places of so many bends that leave least."""
    return min(_places(len(times), breaks), key=lambda places: _residuals(times, places, y[None, :])[0])


def _process(n: int, rho: float) -> Floats:
    """Draws (DRAWS, n) of a first-order process with unit variance, always the same."""
    noise = np.random.default_rng(SEED).standard_normal((DRAWS, n))
    series = np.empty_like(noise)
    series[:, 0] = noise[:, 0]
    for step in range(1, n):
        series[:, step] = rho * series[:, step - 1] + np.sqrt(1 - rho**2) * noise[:, step]
    return series


def _fitted(matrix: Floats, y: Floats) -> Floats:
    return np.asarray(matrix @ np.linalg.lstsq(matrix, y, rcond=None)[0], dtype=float)


def _residuals(times: Floats, places: tuple[int, ...], series: Floats) -> Floats:
    """Residual sum of squares of each series (draws, n) around the line bent at `places`."""
    base, _ = np.linalg.qr(_bent(times, [times[place] for place in places]))
    inside = series @ base
    return np.asarray((series**2).sum(axis=1) - (inside**2).sum(axis=1), dtype=float)


def _places(n: int, breaks: int) -> Iterator[tuple[int, ...]]:
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
    level: float,
    logarithm: bool,
) -> pd.DataFrame:
    n_breaks = len(places)
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
        method="points de rupture, test par tirages (Kim 2000)", confidence=level, start=edges[:-1], end=edges[1:],
        n_breaks=n_breaks,
    )  # fmt: skip
