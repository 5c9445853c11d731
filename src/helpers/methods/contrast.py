"""Two groups or two periods: their difference and their ratio, each with its interval and what it allows to say.

This is the test of an *observed* move. `trends.smallest_visible_change` plans a study; it judges nothing that was seen.
"""

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

KINDS = {"proportion": 100.0, "rate": 100_000.0}


def difference(
    kind: str,
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    polarity: str,
    per: float | None = None,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str | Sequence[str] = "",
    period: object = "",
) -> pd.DataFrame:
    """Second minus first, of two independent proportions or rates: one row of long results per pair.

    Takes `kind` "proportion" or "rate", two (numerators, denominators), scalars or aligned sequences, and a polarity of
    `polarity.POLARITIES`. Value and limits are in points per `per` (100, or 100 000 for rates). Proportions: Newcombe (1998),
    method 10, on Wilson's limits; rates: the same construction on exact and Byar's limits (Zou and Donner 2008). Adds
    `direction` (-1, 0, 1) and `verdict`, those of the interval. Raises NotComputable, naming the row, for counts out of range
    and UnknownName for a kind.
    """
    base = _base(kind, per)
    _, pair = _pairs(kind, first, second, territory, indicator)
    level = float(results.levels_of(confidence)[0])
    share = [counted / size for counted, size in pair]
    (low_1, high_1), (low_2, high_2) = (_limits(kind, counted, size, level) for counted, size in pair)
    value = share[1] - share[0]
    lower = value - np.hypot(share[1] - low_2, high_1 - share[0])
    upper = value + np.hypot(high_2 - share[1], share[0] - low_1)
    direction = np.where(lower > 0, 1, np.where(upper < 0, -1, 0))
    unit = "points" if base == 100 else results.unit_of(base)
    return results.long(
        indicator=indicator, territory=_named(territory), period=period, statistic="différence", value=base * value,
        lower=base * lower, upper=base * upper, numerator=pair[1][0], denominator=pair[1][1], confidence=level, unit=unit,
        method="Newcombe (1998)" if kind == "proportion" else "Zou et Donner (2008), limites exactes ou de Byar",
        direction=direction, verdict=[ways.move(int(way), polarity) for way in direction],
    )  # fmt: skip


def ratio(
    kind: str,
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    *,
    polarity: str,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str | Sequence[str] = "",
    period: object = "",
) -> pd.DataFrame:
    """Second over first, of two independent proportions or rates: one row of long results per pair, without unit.

    Takes what `difference` takes and gives the same verdict: the limits are the ratios R at which the difference between the
    second and R times the first stops being told from zero (Donner and Zou 2012; Newcombe 2016, MOVER-R). An empty first
    group leaves the upper limit infinite. Raises NotComputable, naming the row, as `difference`, and where both are empty.
    """
    _base(kind, None)
    rows, pair = _pairs(kind, first, second, territory, indicator)
    level = float(results.levels_of(confidence)[0])
    (before, size_1), (after, size_2) = pair
    rows.refuse(
        (before == 0) & (after == 0),
        lambda _: "aucun événement dans les deux groupes, le rapport n'est pas défini.",
    )
    share_1, share_2 = before / size_1, after / size_2
    (low_1, high_1), (low_2, high_2) = (_limits(kind, counted, size, level) for counted, size in pair)
    with np.errstate(divide="ignore"):
        value = share_2 / share_1
    lower = _root(share_2, low_2, share_1, high_1, -1)
    upper = _root(share_2, high_2, share_1, low_1, 1)
    direction = np.where(lower > 1, 1, np.where(upper < 1, -1, 0))
    return results.long(
        indicator=indicator, territory=_named(territory), period=period, statistic="rapport", value=value, lower=lower,
        upper=upper, numerator=after, denominator=size_2, confidence=level,
        method="Newcombe (2016), limites de Wilson" if kind == "proportion" else "Newcombe (2016), limites exactes ou de Byar",
        direction=direction, verdict=[ways.move(int(way), polarity) for way in direction],
    )  # fmt: skip


def difference_of_means(
    first: ArrayLike,
    second: ArrayLike,
    *,
    polarity: str,
    confidence: float = 0.95,
    indicator: str = "",
    territory: str = "",
    period: object = "",
    unit: str = "",
) -> pd.DataFrame:
    """Mean of the second sample minus that of the first, unequal variances (Welch 1947): one row of long results.

    Takes two independent samples of at least two measures in one unit. Raises NotComputable for fewer, or when neither
    varies.
    """
    rows = Rows(first, indicator=indicator)
    samples = [results.numbers(sample, "la valeur", rows) for sample in (first, second)]
    if min(map(len, samples)) < 2:
        rows.fail("comparer deux moyennes demande au moins deux valeurs de chaque côté.")
    if all(np.ptp(sample) == 0 for sample in samples):
        rows.fail("aucune valeur ne varie : la différence n'a pas d'intervalle.")
    level = float(results.levels_of(confidence)[0])
    test = stats.ttest_ind(samples[1], samples[0], equal_var=False)
    limits = test.confidence_interval(level)
    direction = 1 if limits.low > 0 else -1 if limits.high < 0 else 0
    return results.long(
        indicator=indicator, territory=territory, period=period, statistic="différence de moyennes",
        value=float(samples[1].mean() - samples[0].mean()), lower=float(limits.low), upper=float(limits.high),
        denominator=float(sum(map(len, samples))), method="Welch (1947)", confidence=level, unit=unit,
        direction=direction, verdict=ways.move(direction, polarity), p_value=float(test.pvalue),
    )  # fmt: skip


Pair = tuple[tuple[Floats, Floats], tuple[Floats, Floats]]


def _base(kind: str, per: float | None) -> float:
    if kind not in KINDS:
        raise UnknownName("Nature de l'indicateur", kind, KINDS)
    return KINDS[kind] if per is None else per


def _named(territory: str | Sequence[str]) -> str | list[str]:
    return territory if isinstance(territory, str) else list(territory)


def _pairs(
    kind: str,
    first: tuple[ArrayLike, ArrayLike],
    second: tuple[ArrayLike, ArrayLike],
    territory: str | Sequence[str],
    indicator: str,
) -> tuple[Rows, Pair]:
    rows = Rows(*first, *second, labels=territory, indicator=indicator)
    check = results.counts_within if kind == "proportion" else results.counts_over
    checked = []
    for counts, sizes in (first, second):
        counted = results.numbers(counts, "le numérateur", rows)
        size = results.numbers(sizes, "le dénominateur", rows)
        checked.append((counted, size))
    lengths = {len(array) for pair in checked for array in pair} - {1}
    if len(lengths) > 1:
        rows.fail("les séquences n'ont pas la même longueur.")
    spread = [
        (np.broadcast_to(a, max(lengths, default=1)), np.broadcast_to(b, max(lengths, default=1)))
        for a, b in checked
    ]
    for counted, size in spread:
        check(counted, size, rows)
    return rows, (spread[0], spread[1])


def _limits(kind: str, counted: Floats, size: Floats, level: float) -> tuple[Floats, Floats]:
    levels = np.array([level])
    if kind == "proportion":
        low, high = rates.wilson(counted, size, levels)
    else:
        low, high = (limit / size[:, None] for limit in rates.poisson_limits(counted, levels))
    return low[:, 0], high[:, 0]


def _root(over: Floats, over_limit: Floats, under: Floats, under_limit: Floats, sign: int) -> Floats:
    """Ratio at which over - R under reaches zero, from one limit of each; infinite when the lower group may be empty."""
    product = over * under
    top = over_limit * (2 * over - over_limit)
    bottom = under_limit * (2 * under - under_limit)
    square = np.sqrt(np.maximum(product**2 - top * bottom, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        found = (product + sign * square) / bottom + 0.0  # zero without its sign
    return np.where(under_limit == 0, np.inf, found)
