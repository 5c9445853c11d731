"""Bends that the data themselves show: a broken line, as long as chance does not explain the last bend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
import statsmodels.api as sm
from numpy.typing import ArrayLike
from scipy import stats

from helpers import french
from helpers.methods import results
from helpers.methods.results import Floats, Rows
from helpers.methods.trends import dependence
from helpers.methods.trends.monotone import refuse_stock

# A joinpoint lies at an observed point, two points from the ends and from the next (default of the NCI programme).
GAP = 2
POINTS_FOR = {0: 4, 1: 7, 2: 11}
DRAWS, SEED = 999, 2000


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
    refuse_stock(nature, indicator)
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
    # From the residuals themselves: the difference of two sums of squares loses every digit of a small change in a large level.
    return np.asarray(((series - (series @ base) @ base.T) ** 2).sum(axis=1), dtype=float)


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
