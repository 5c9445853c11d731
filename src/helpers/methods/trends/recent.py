"""Recent trend by the five-point rule of the English public-health profiles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from helpers.errors import UnknownName
from helpers.methods import polarity as ways
from helpers.methods import rates, results
from helpers.methods.results import Floats, Rows

POINTS = 5
ALPHA = 0.002
PER = {"proportion": 100.0, "rate": 100_000.0}
METHODS = {"proportion": "Cochran-Armitage", "rate": "pente pondérée"}


def recent_trend(
    periods: ArrayLike,
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    kind: str,
    polarity: str,
    per: float | None = None,
    breaks: Sequence[float] = (),
    indicator: str = "",
    territory: str = "",
) -> pd.DataFrame:
    """Trend of the last five points: chi-square for trend, p < 0.002, sign kept when each point is left out.

    Takes aligned sequences in order of period, `kind` "proportion" or "rate", a polarity of `polarity.POLARITIES`, and the
    periods at which the definition changed (`breaks`: the first period of the new series). Proportions: statistic of Cochran
    (1954) and Armitage (1955); rates: slope weighted by the limits of each point. Returns one row: value is the slope in
    units per `per` and period, its interval at 99.8 %; `chi_square`, `p_value`, `points`, `verdict`. Fewer than five
    points, a missing one, a gap between periods or a break give "non calculable" with the reason in `note`, never "no
    change". Raises NotComputable, naming the row, for counts out of range and periods duplicated or out of order.
    Source: Public Health England, Fingertips technical guidance, Recent trends (2019); Byar limits for rates.
    """
    if kind not in PER:
        raise UnknownName("Nature de l'indicateur", kind, PER)
    ways.check(polarity)
    base = PER[kind] if per is None else per
    rows = Rows(
        periods,
        numerators,
        labels=[str(item) for item in np.atleast_1d(np.asarray(periods))],
        indicator=indicator,
    )
    times = results.ordered_periods(periods, rows)
    counted = results.numbers(numerators, "le numérateur", rows, missing=True)
    size = results.numbers(denominators, "le dénominateur", rows, missing=True)
    results.same_length(rows, périodes=times, numérateurs=counted, dénominateurs=size)
    known = ~np.isnan(counted) & ~np.isnan(size)
    check = results.counts_within if kind == "proportion" else results.counts_over
    check(np.where(known, counted, 0), np.where(known, size, 1), rows)

    last = slice(max(len(times) - POINTS, 0), len(times))
    common = {
        "indicator": indicator, "territory": territory, "statistic": "tendance récente", "confidence": 1 - ALPHA,
        "method": f"{METHODS[kind]} sur cinq points (Fingertips 2019)", "numerator": float(counted[-1]),
        "period": f"{results.french_period(times[last][0])}-{results.french_period(times[-1])}",
        "denominator": float(size[-1]), "unit": results.pace_unit(base), "polarity": polarity,
    }  # fmt: skip
    reason = _why_not(times, known, last, breaks)
    if reason:
        empty = {"value": float("nan"), "chi_square": float("nan"), "p_value": float("nan")}
        return results.long(
            **common, **empty, points=int(known[last].sum()), verdict=ways.UNKNOWN, note=reason
        )
    slope, error, stable, flat = _slope(counted[last], size[last], kind)
    # Nobody, or everybody, every year: no slope, and no doubt about it.
    square = (slope / error) ** 2 if error > 0 else 0.0
    significant = bool(stable and square > stats.chi2.isf(ALPHA, 1))
    half = stats.norm.isf(ALPHA / 2) * error
    note = "" if stable or flat else "le sens de la pente dépend d'un seul point"
    return results.long(
        **common, value=base * slope, lower=base * (slope - half), upper=base * (slope + half), chi_square=square,
        p_value=float(stats.chi2.sf(square, 1)), points=POINTS, note=note,
        verdict=ways.move(int(np.sign(slope)) if significant else 0, polarity),
    )  # fmt: skip


def _why_not(times: Floats, known: np.ndarray, last: slice, breaks: Sequence[float]) -> str:
    """Reason in French that forbids the rule, or an empty text."""
    five = times[last]
    if len(five) < POINTS:
        return f"{len(five)} points, la règle en demande {POINTS}"
    missing = [results.french_period(item) for item in five[~known[last]]]
    if missing:
        return f"donnée manquante : {', '.join(missing)}"
    if not np.allclose(np.diff(five), five[1] - five[0]):
        return "les cinq dernières périodes ne se suivent pas"
    crossed = [results.french_period(item) for item in breaks if five[0] < item <= five[-1]]
    if crossed:
        return f"rupture de série en {', '.join(crossed)}"
    return ""


def _slope(counted: Floats, size: Floats, kind: str) -> tuple[float, float, bool, bool]:
    """Weighted slope per period, its standard error, whether no single point decides its sign, whether it is flat."""
    # Row 0 keeps every point, row i leaves point i out.
    kept = np.vstack([np.ones(POINTS), 1 - np.eye(POINTS)])
    share = counted.sum() / size.sum()
    if kind == "proportion":
        weights = kept * size
    else:
        low, high = rates.poisson_limits(counted, np.array([0.95]))
        error = (high - low)[:, 0] / size / (2 * stats.norm.ppf(0.975))
        weights = kept / error**2
    x, y = np.arange(POINTS, dtype=float), counted / size
    total = weights.sum(axis=1)
    centred = x[None, :] - (weights @ x / total)[:, None]
    spread = (weights * centred**2).sum(axis=1)
    slopes = (weights * centred) @ y / spread
    variance = share * (1 - share) / spread[0] if kind == "proportion" else 1 / spread[0]
    # A slope of 1e-19 is a flat series in floating point, not a rise.
    signs = np.sign(np.where(np.abs(slopes) < 1e-12 * max(y.max(), 1e-300), 0, slopes))
    stable = bool(signs[0] != 0 and (signs == signs[0]).all())
    return float(slopes[0]), float(np.sqrt(variance)), stable, bool(signs[0] == 0)
