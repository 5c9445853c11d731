"""What chance alone would show: control chart, and the smallest move that a territory of a given size can tell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from helpers import french
from helpers.errors import UnknownName
from helpers.methods import results
from helpers.methods.results import Floats, Rows

SHIFT, TREND = 8, 6
POINTS = 6
KINDS = ("proportion", "rate")
YEARS_MAX = 100

# Mean range of two normal draws, in standard deviations (Shewhart 1931): the one constant of the chart.
D2 = 1.128


def xmr(
    periods: ArrayLike,
    values: ArrayLike,
    *,
    rebase: float | None = None,
    reason: str = "",
    indicator: str = "",
    territory: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Control chart of individual values: mean ± 3 mean moving ranges / 1.128 (Shewhart 1931; Wheeler 1993).

    Takes at least six points in order of period. `rebase` is the first period of a new base, refused without a written
    `reason`. Returns one row per period: value, limits, `centre`, `moving_range` and `signal`: "hors limites", "décalage"
    (eight in a row on one side), "dérive" (six in a row up or down), "deux sur trois près d'une limite" (Nelson 1984).
    Raises NotComputable, naming the row, for missing values, unordered periods, fewer than six points in a base.
    """
    rows = Rows(periods, values, indicator=indicator)
    times = results.ordered_periods(periods, rows)
    array = results.numbers(values, "la valeur", rows)
    results.same_length(rows, périodes=times, valeurs=array)
    if rebase is not None and not reason.strip():
        rows.fail("changer de base demande une raison écrite (« reason »).")
    new = times >= (np.inf if rebase is None else rebase)
    tables = []
    for part in (~new, new):
        if rebase is None and not part.any():
            continue
        if part.sum() < POINTS:
            rows.fail(
                f"{french.plural(int(part.sum()), 'point')} dans une base de la carte, il en faut au moins {POINTS}."
            )
        tables.append(_base(times[part], array[part]))
    table = pd.concat(tables, ignore_index=True)
    note = np.where(new, f"nouvelle base : {reason.strip()}", "")
    return table.assign(
        indicator=indicator, territory=territory, unit=results.one_unit(unit, rows), note=note
    )


def _base(times: Floats, array: Floats) -> pd.DataFrame:
    moving = np.abs(np.diff(array))
    centre, width = float(array.mean()), 3 * float(moving.mean()) / D2
    distance = array - centre
    side, step = np.sign(distance), np.sign(np.diff(array))
    marks = {
        "hors limites": np.abs(distance) > width,
        "décalage": _run(side, SHIFT),
        # Six points in one direction are five steps.
        "dérive": _spread(_starts(step, TREND - 1), TREND, len(array)),
        "deux sur trois près d'une limite": _two_of_three(distance, 2 * width / 3),
    }
    signal = [" ; ".join(name for name, mark in marks.items() if mark[row]) for row in range(len(array))]
    return results.long(
        period=[results.french_period(item) for item in times], statistic="carte de contrôle", value=array,
        lower=centre - width, upper=centre + width, method="XmR (Wheeler 1993)", centre=centre,
        moving_range=np.append(np.nan, moving), signal=signal,
    )  # fmt: skip


def _starts(sign: Floats, length: int) -> np.ndarray:
    """Where `length` equal non-zero signs begin."""
    if len(sign) < length:
        return np.zeros(0, dtype=bool)
    windows = np.lib.stride_tricks.sliding_window_view(sign, length)
    return np.asarray(np.abs(windows.sum(axis=1)) == length)


def _spread(starts: np.ndarray, length: int, size: int) -> np.ndarray:
    """Marks on every point of the runs."""
    mark = np.zeros(size, dtype=bool)
    for start in np.flatnonzero(starts):
        mark[start : start + length] = True
    return mark


def _run(sign: Floats, length: int) -> np.ndarray:
    return _spread(_starts(sign, length), length, len(sign))


def _two_of_three(distance: Floats, limit: float) -> np.ndarray:
    mark = np.zeros(len(distance), dtype=bool)
    for side in (1, -1):
        near = side * distance > limit
        windows = np.lib.stride_tricks.sliding_window_view(near, 3)
        mark |= near & _spread(windows.sum(axis=1) >= 2, 3, len(distance))
    return mark


def smallest_visible_change(
    denominator: ArrayLike,
    value: ArrayLike,
    *,
    periods: int | Sequence[int] = 1,
    power: float = 0.8,
    kind: str = "proportion",
    per: float | None = None,
    target: float | None = None,
    alpha: float = 0.05,
    territory: str | Sequence[str] = "",
    indicator: str = "",
) -> pd.DataFrame:
    """Smallest move that a territory of this size can tell from chance: the band to draw around its starting value.

    Takes denominators (persons or person-years a year) and values in units per `per` (100, or 100 000 for `kind="rate"`),
    aligned or scalar; `periods` is the number of years of follow-up, one or several. With one year, two years are compared;
    with more, the slope of the yearly points. Arcsine scale (Cohen 1988) for proportions, square root (Anscombe 1948) for
    rates: the variance does not depend on the level. Returns one row per territory and horizon: `lower` and `upper` bound the
    invisible band at the horizon; `down` and `up` are the visible moves; `reach_down`, `reach_up` say that the bound lies
    inside the possible range; with `target` (wanted move per year, signed), `years_needed` (missing beyond 100 years or when
    the target leaves the range). Raises NotComputable, naming the row, for values out of range or a denominator not positive.
    """
    if kind not in KINDS:
        raise UnknownName("Nature de l'indicateur", kind, KINDS)
    if not (0 < power < 1 and 0 < alpha < 1):
        Rows().fail("la puissance et le risque doivent être compris entre 0 et 1.")
    base = (100.0 if kind == "proportion" else 100_000.0) if per is None else per
    rows = Rows(denominator, value, labels=territory, indicator=indicator)
    size = results.numbers(denominator, "le dénominateur", rows)
    level = results.numbers(value, "la valeur", rows) / base
    size, level = (np.asarray(item, dtype=float) for item in np.broadcast_arrays(size, level))
    rows.refuse(
        size <= 0, lambda row: f"le dénominateur doit être positif ({french.number(float(size[row]))})."
    )
    top = 1.0 if kind == "proportion" else np.inf
    rows.refuse(
        (level < 0) | (level > top),
        lambda row: (
            f"la valeur ({french.number(float(base * level[row]))}) sort du domaine possible ; vérifiez son unité."
        ),
    )
    years = np.atleast_1d(np.asarray(periods))
    if years.size == 0 or (years < 1).any() or (years != np.floor(years)).any():
        rows.fail("le nombre d'années de suivi doit être un entier d'au moins 1.")
    start = _scale(level, kind)
    move = _visible(size, years.astype(float), power, alpha)
    down, up = start[:, None] - move, start[:, None] + move
    ceiling = np.pi / 2 if kind == "proportion" else np.inf
    low, high = _back(np.maximum(down, 0), kind), _back(np.minimum(up, ceiling), kind)
    each = len(years)
    needed = _years_needed(size, level, target, base, kind, power, alpha)
    return results.long(
        indicator=indicator, statistic="plus petit changement visible", value=base * np.repeat(level, each),
        territory=territory if isinstance(territory, str) else list(np.repeat(np.asarray(territory), each)),
        period=[f"{int(item)} an{'s' if item > 1 else ''}" for item in np.tile(years, len(size))],
        lower=base * low.ravel(), upper=base * high.ravel(), denominator=np.repeat(size, each),
        method="arc sinus (Cohen 1988)" if kind == "proportion" else "racine carrée (Anscombe 1948)",
        confidence=1 - alpha, unit=results.unit_of(base), years=np.tile(years, len(size)),
        note=f"puissance {french.number(100 * power)} %, risque {french.number(100 * alpha)} %",
        down=base * (level[:, None] - low).ravel(), up=base * (high - level[:, None]).ravel(),
        reach_down=(down > 0).ravel(), reach_up=(up < ceiling).ravel(),
        years_needed=pd.array(np.repeat(needed, each), dtype="Int64"),
    )  # fmt: skip


def _scale(level: Floats, kind: str) -> Floats:
    return np.arcsin(np.sqrt(level)) if kind == "proportion" else np.sqrt(level)


def _back(scaled: Floats, kind: str) -> Floats:
    return np.sin(scaled) ** 2 if kind == "proportion" else scaled**2


def _visible(size: Floats, years: Floats, power: float, alpha: float) -> Floats:
    """Visible total move on the transformed scale, shape (territories, horizons).

    The variance of a yearly point is 1/(4 size); that of the slope over T + 1 points is divided by T (T + 1)(T + 2) / 12.
    """
    reach = stats.norm.isf(alpha / 2) + stats.norm.ppf(power)
    slope = reach / np.sqrt(4 * size[:, None] * (years * (years + 1) * (years + 2) / 12)[None, :])
    return np.asarray(years[None, :] * slope, dtype=float)


def _years_needed(
    size: Floats,
    level: Floats,
    target: float | None,
    per: float,
    kind: str,
    power: float,
    alpha: float,
) -> Floats:
    """First horizon at which the wanted move a year gets out of the band; missing when it never does."""
    if target is None or target == 0:
        return np.full(len(size), np.nan)
    top = 1.0 if kind == "proportion" else np.inf
    years = np.arange(1, YEARS_MAX + 1, dtype=float)
    reached = level[:, None] + years[None, :] * target / per
    possible = (reached >= 0) & (reached <= top)
    moved = np.abs(_scale(np.clip(reached, 0, top), kind) - _scale(level, kind)[:, None])
    seen = possible & (moved >= _visible(size, years, power, alpha))
    return np.where(seen.any(axis=1), years[seen.argmax(axis=1)], np.nan)
