"""Territories compared: groups of equal size, a reference, funnel limits, and (from `inequality`) social gradients.

Nothing here ranks territories: a difference is said only when chance cannot explain it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special, stats

from helpers import french
from helpers.errors import NotComputable, UnknownName
from helpers.methods import polarity, results
from helpers.methods.contrast import difference as difference
from helpers.methods.contrast import difference_of_means as difference_of_means
from helpers.methods.contrast import ratio as ratio
from helpers.methods.controlled import difference_in_differences as difference_in_differences
from helpers.methods.controlled import expected_false_alarms as expected_false_alarms
from helpers.methods.controlled import false_alarms_sentence as false_alarms_sentence
from helpers.methods.controlled import missed_sentence as missed_sentence
from helpers.methods.inequality import bounded_concentration_index as bounded_concentration_index
from helpers.methods.inequality import concentration_index as concentration_index
from helpers.methods.inequality import gini as gini
from helpers.methods.inequality import lorenz as lorenz
from helpers.methods.inequality import relative_index_of_inequality as relative_index_of_inequality
from helpers.methods.inequality import slope_index_of_inequality as slope_index_of_inequality
from helpers.methods.results import Floats, Rows
from helpers.methods.shrinkage import coming_back as coming_back
from helpers.methods.shrinkage import shrunken as shrunken

STATISTICS = ("proportion", "rate", "ratio")
FUNNEL_LEVELS = (0.95, 0.998)
# Verdict of an area beyond the wider limits of a funnel; the side follows.
FAR_OUTSIDE = "au-delà de 99,8 %"
# Of fewer areas one that stands apart would widen the limits that are to find it.
FEWEST_WIDENED = 10


def quantile_groups(
    values: ArrayLike,
    n_groups: int,
    *,
    lowest_group_is_highest_values: bool = False,
    territory: str | Sequence[str] = "",
    indicator: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Group (1 to `n_groups`) of each area by rank, as the English public-health profiles form their quintiles.

    Takes one value per area, in any unit. Returns long results, one row per area, with the column `group`; group 1 holds the
    lowest values unless `lowest_group_is_highest_values`. Equal values share the group of the first of them, said in `note`;
    an area without value has no group. Raises NotComputable for fewer areas than groups or fewer than two groups.
    Source: Public Health England, Technical Guide: Assigning Deprivation Categories (2018).
    """
    rows = Rows(values, labels=territory, indicator=indicator)
    array = results.numbers(values, "la valeur", rows, missing=True)
    filled = ~np.isnan(array)
    areas = int(filled.sum())
    if n_groups < 2:
        rows.fail(f"il faut au moins deux groupes ({n_groups} demandé).")
    if areas < n_groups:
        rows.fail(
            f"{french.plural(areas, 'territoire renseigné', 'territoires renseignés')} pour {n_groups} groupes."
        )
    group = np.full(len(array), np.nan)
    known = array[filled]
    signed = -known if lowest_group_is_highest_values else known
    rank = stats.rankdata(signed, method="min")
    group[filled] = np.floor((rank - 1) * n_groups / areas) + 1
    tied = pd.Series(array).duplicated(keep=False).to_numpy() & filled
    note = np.where(tied, "ex æquo : même groupe", np.where(filled, "", "valeur manquante : sans groupe"))
    return results.long(
        indicator=indicator, territory=territory if isinstance(territory, str) else list(territory), statistic="groupe",
        value=array, denominator=float(areas), method=f"{n_groups} groupes de même effectif, par rang",
        unit=results.one_unit(unit, rows),
        note=list(note), group=pd.array(group, dtype="Int64"),
    )  # fmt: skip


def against_benchmark(
    value: ArrayLike,
    lower: ArrayLike,
    upper: ArrayLike,
    benchmark: float,
    *,
    polarity: str,
    territory: str | Sequence[str] = "",
    benchmark_territory: str = "",
    indicator: str = "",
    unit: str | Sequence[str] = "",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Each area against a reference: different only when its interval leaves the reference out.

    Takes aligned values and limits in the unit of `benchmark`, and a polarity of `polarity.POLARITIES`. Returns long results
    with `benchmark`, `direction` (-1, 0, 1, missing) and `verdict`. An area without interval, or the reference itself, is
    "non calculable", never "non différent". Raises NotComputable, naming the row, when a value lies outside its interval.
    Source: Public Health England, Technical Guide: Confidence Intervals (2018).
    """
    rows = Rows(value, labels=territory, indicator=indicator)
    centre = results.numbers(value, "la valeur", rows, missing=True)
    low = results.numbers(lower, "la borne basse", rows, missing=True)
    high = results.numbers(upper, "la borne haute", rows, missing=True)
    results.same_length(rows, valeur=centre, borne_basse=low, borne_haute=high)
    if np.isnan(benchmark):
        rows.fail("la valeur de référence manque.")
    rows.refuse(
        (low > centre) | (high < centre),
        lambda _: "la valeur sort de son intervalle ; vérifiez l'ordre des bornes.",
    )
    unknown = np.isnan(centre) | np.isnan(low) | np.isnan(high)
    names = [territory] * len(centre) if isinstance(territory, str) else list(territory)
    itself = np.array([bool(benchmark_territory) and name == benchmark_territory for name in names])
    direction = np.where(low > benchmark, 1, np.where(high < benchmark, -1, 0))
    out = unknown | itself
    verdict = np.where(out, _UNKNOWN, _differences(direction, polarity))
    note = np.where(
        itself, "territoire de référence, non comparé à lui-même", np.where(unknown, "intervalle absent", "")
    )
    return results.long(
        indicator=indicator, territory=names, statistic="écart à la référence", value=centre, lower=low, upper=high,
        method="intervalle contre référence", confidence=confidence,
        unit=results.one_unit(unit, rows), note=list(note), benchmark=float(benchmark),
        direction=pd.array(np.where(out, np.nan, direction), dtype="Int64"), verdict=list(verdict),
    )  # fmt: skip


# The argument `polarity` of the contract hides the module inside the function.
_UNKNOWN = polarity.UNKNOWN
_differences = polarity.differences


def funnel_limits(
    statistic: str,
    average: float,
    denominators: ArrayLike,
    *,
    per: float,
    confidence: Sequence[float] = FUNNEL_LEVELS,
    indicator: str = "",
) -> pd.DataFrame:
    """Limits within which chance keeps a territory around the average, by size (Spiegelhalter 2005).

    Takes `statistic` ("proportion", "rate" or "ratio"), the average in units per `per`, and the denominators (persons,
    person-years, expected events). Returns one row per denominator and level: value is the average. Proportions use the
    score limits that Wilson's interval answers to, rates and ratios the exact Poisson limits, so that an area is outside
    exactly when its own interval leaves the average out. Raises NotComputable for an average outside its range or a
    denominator that is not positive, naming the row.
    """
    rows = Rows(denominators, indicator=indicator)
    base = results.numbers(denominators, "le dénominateur", rows)
    rows.refuse(
        base <= 0, lambda row: f"le dénominateur doit être positif ({french.number(float(base[row]))})."
    )
    levels = results.levels_of(confidence)
    centre = _average(statistic, average, per)
    low, high = _funnel(statistic, centre, base, levels)
    method = (
        "limites du score (Spiegelhalter 2005)"
        if statistic == "proportion"
        else "Poisson exact (Spiegelhalter 2005)"
    )
    return results.long(
        indicator=indicator, statistic=f"entonnoir, {statistic}", value=np.full(len(base) * len(levels), float(average)),
        lower=per * low.ravel(), upper=per * high.ravel(), denominator=np.repeat(base, len(levels)), method=method,
        confidence=np.tile(levels, len(base)), unit=results.unit_of(per),
    )  # fmt: skip


def funnel_significance(
    statistic: str,
    numerators: ArrayLike,
    denominators: ArrayLike,
    average: float,
    *,
    per: float,
    widened: bool = True,
    territory: str | Sequence[str] = "",
    indicator: str = "",
) -> pd.DataFrame:
    """Place of each area in the funnel: within 95 %, beyond 95 %, beyond 99.8 %, above or below (Spiegelhalter 2005).

    Takes aligned counts and the average of `funnel_limits`. Where ten areas or more differ more than chance (their mean squared
    z-score, the most extreme tenth on each side drawn in, exceeds 1 by two standard errors), the distance of the limits to the
    average is multiplied by its root, said in `note`, unless `widened` is False. Returns one row per area: value, the 99.8 %
    limits as lower and upper, `lower_95`, `upper_95`, `verdict`, `dispersion` (mean squared z-score, as it is) and `factor` of
    the limits (1: not widened). Raises NotComputable as `funnel_limits` does.
    """
    rows = Rows(numerators, denominators, labels=territory, indicator=indicator)
    counted = results.numbers(numerators, "le numérateur", rows)
    base = results.numbers(denominators, "le dénominateur", rows)
    results.same_length(rows, numérateur=counted, dénominateur=base)
    (results.counts_within if statistic == "proportion" else results.counts_over)(counted, base, rows)
    centre = _average(statistic, average, per)
    low, high = _funnel(statistic, centre, base, np.array(FUNNEL_LEVELS))
    share = counted / base
    spread = centre * (1 - centre) / base if statistic == "proportion" else centre / base
    score = (share - centre) / np.sqrt(spread)
    dispersion = float((score**2).mean())
    drawn_in = float((np.clip(score, *np.quantile(score, [0.1, 0.9])) ** 2).mean())
    # Variance of a mean of squared z-scores is 2/n under chance alone.
    most = 1 + 2 * np.sqrt(2 / len(share))
    wide = bool(widened and drawn_in > most and len(share) >= FEWEST_WIDENED)
    factor = float(np.sqrt(drawn_in)) if wide else 1.0
    if wide:
        low = np.maximum(centre + factor * (low - centre), 0)
        high = centre + factor * (high - centre)
        high = np.minimum(high, 1) if statistic == "proportion" else high
    side = np.where(share > centre, "au-dessus", "au-dessous")
    beyond = (share[:, None] < low) | (share[:, None] > high)
    verdict = np.where(
        beyond[:, 1], f"{FAR_OUTSIDE}, ", np.where(beyond[:, 0], "au-delà de 95 %, ", "")
    ).astype(object)
    verdict = np.where(beyond[:, 0] | beyond[:, 1], verdict + side, "dans les limites")
    times = f"surdispersion : {french.number(dispersion, 1)} fois la variance attendue"
    note = times if dispersion > most else ""
    note += (
        f"{'' if note else 'surdispersion'}, limites élargies {french.number(factor, 1)} fois" if wide else ""
    )
    return results.long(
        indicator=indicator, territory=territory if isinstance(territory, str) else list(territory),
        statistic=f"entonnoir, {statistic}", value=per * share, lower=per * low[:, 1], upper=per * high[:, 1],
        numerator=counted, denominator=base, method="entonnoir (Spiegelhalter 2005)", confidence=FUNNEL_LEVELS[1],
        unit=results.unit_of(per), note=note, lower_95=per * low[:, 0], upper_95=per * high[:, 0],
        verdict=list(verdict), dispersion=dispersion, factor=factor,
    )  # fmt: skip


def _average(statistic: str, average: float, per: float) -> float:
    if statistic not in STATISTICS:
        raise UnknownName("Statistique", statistic, STATISTICS)
    if not per > 0:
        raise NotComputable("L'unité (« per ») doit être un nombre positif : 100, 1000, 100000…")
    centre = average / per
    if not centre > 0 or (statistic == "proportion" and not centre < 1):
        raise NotComputable(
            f"La moyenne de l'entonnoir ({french.number(float(average))}) sort du domaine possible dans l'unité"
            f" « {results.unit_of(per) or 'part'} » ; vérifiez qu'elle a la même unité que « per »."
        )
    return float(centre)


def _funnel(statistic: str, centre: float, base: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Lower and upper limits as shares of the denominator: two arrays of shape (denominators, levels)."""
    if statistic == "proportion":
        half = stats.norm.ppf(0.5 + levels / 2)[None, :] * np.sqrt(centre * (1 - centre) / base)[:, None]
        return np.clip(centre - half, 0, 1), np.clip(centre + half, 0, 1)
    expected, tail = (centre * base)[:, None], ((1 - levels) / 2)[None, :]
    # A count k is on the lower limit when P(X <= k) = tail, on the upper one when P(X <= k - 1) = 1 - tail.
    low = np.where(np.exp(-expected) < tail, special.pdtrik(tail, expected), 0.0)
    high = np.where(np.exp(-expected) < 1 - tail, special.pdtrik(1 - tail, expected), 0.0) + 1
    return np.nan_to_num(low) / base[:, None], np.nan_to_num(high) / base[:, None]
