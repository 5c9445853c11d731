"""Inequality between areas or social groups: slope and relative index, concentration, Gini, Lorenz.

Areas come in the order of social position, the most disadvantaged first: the caller sorts, because only he knows the order.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from helpers import french
from helpers.errors import UnknownName
from helpers.methods import basis, describe, results
from helpers.methods.describe import lorenz as lorenz
from helpers.methods.results import Floats, Rows

# Draws of one block: 20 000 x 100 areas are 16 MB, whatever the number of repetitions.
BLOCK = 20_000


def gini(values: ArrayLike, *, indicator: str = "") -> pd.DataFrame:
    """Gini index (1912) of non-negative quantities as one row of long results, 0 (all equal) to (n - 1)/n.

    The arithmetic is that of `describe.gini`, which also refuses (NotComputable). No interval: the areas are all there are.
    """
    series = pd.Series(np.asarray(values, dtype=float))
    return results.long(
        indicator=indicator, statistic="indice de Gini", value=describe.gini(series), numerator=float(series.sum()),
        denominator=float(len(series)), method="Gini (1912)", note=basis.NOTES_FR[basis.CENSUS],
    )  # fmt: skip


def slope_index_of_inequality(
    values: ArrayLike,
    population: ArrayLike,
    *,
    standard_errors: ArrayLike,
    repetitions: int = 100_000,
    seed: int,
    confidence: float = 0.95,
    indicator: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Absolute gap between the two ends of the social scale (Pamuk 1985; Low and Low 2004), interval by simulation.

    Takes aligned sequences, most disadvantaged group first: values (any unit), population, standard errors of the values.
    The slope of the regression, weighted by population, of the value on the mid-rank of the cumulated population: what the
    most advantaged end has more than the other. Returns one row in the unit of the values, with `repetitions` and `seed`.
    Raises NotComputable, naming the row, for fewer than three groups, a population or standard error out of its range.
    """
    array, weights, errors, rows = _groups(values, population, standard_errors, indicator)
    level = results.levels_of(confidence)[0]
    ends = _ends(weights)
    low_end, high_end = ends @ array
    simulated = _simulate(ends, array, errors, repetitions, seed, rows)
    lower, upper = np.quantile(simulated[1] - simulated[0], [(1 - level) / 2, (1 + level) / 2])
    return results.long(
        indicator=indicator, statistic="SII", value=float(high_end - low_end), lower=float(lower), upper=float(upper),
        denominator=float(weights.sum()), method="Pamuk (1985), simulation (Low et Low 2004)", confidence=float(level),
        unit=results.one_unit(unit, rows), note="extrémité la plus favorisée moins la plus défavorisée",
        repetitions=repetitions, seed=seed,
    )  # fmt: skip


def relative_index_of_inequality(
    values: ArrayLike,
    population: ArrayLike,
    *,
    standard_errors: ArrayLike,
    repetitions: int = 100_000,
    seed: int,
    confidence: float = 0.95,
    indicator: str = "",
) -> pd.DataFrame:
    """Ratio between the two ends of the social scale (Kunst and Mackenbach 1995), interval by simulation.

    Takes what `slope_index_of_inequality` takes. Returns one row without unit: the most advantaged end over the most
    disadvantaged. Raises NotComputable as it does, and when an end of the line is not positive, in the data or in more than
    one simulation in a thousand: the ratio then has no meaning.
    """
    array, weights, errors, rows = _groups(values, population, standard_errors, indicator)
    level = results.levels_of(confidence)[0]
    ends = _ends(weights)
    low_end, high_end = ends @ array
    # An end that is zero in floating point, 1e-16, would give a ratio of 1e17.
    if min(low_end, high_end) <= 1e-12 * max(abs(low_end), abs(high_end)):
        rows.fail(
            "la droite ajustée passe sous zéro à une extrémité : le ratio n'a pas de sens, donnez le SII."
        )
    simulated = _simulate(ends, array, errors, repetitions, seed, rows)
    good = simulated[0] > 0
    if (~good).mean() > 0.001:
        rows.fail("l'extrémité défavorisée est trop incertaine (zéro n'est pas exclu) : donnez le SII.")
    lower, upper = np.quantile(simulated[1, good] / simulated[0, good], [(1 - level) / 2, (1 + level) / 2])
    return results.long(
        indicator=indicator, statistic="RII", value=float(high_end / low_end), lower=float(lower), upper=float(upper),
        numerator=float(high_end), denominator=float(low_end), method="Kunst et Mackenbach (1995), simulation",
        confidence=float(level), note="extrémité la plus favorisée sur la plus défavorisée", repetitions=repetitions, seed=seed,
    )  # fmt: skip


def concentration_index(
    values: ArrayLike,
    population: ArrayLike,
    *,
    standard_errors: ArrayLike | None = None,
    confidence: float = 0.95,
    indicator: str = "",
) -> pd.DataFrame:
    """Concentration index: -1 (all among the most disadvantaged) to 1 (Kakwani, Wagstaff and van Doorslaer 1997).

    Takes aligned sequences, most disadvantaged group first: mean value of the group (not negative), population. With the
    standard errors of the values, an interval by the delta method. Returns one row without unit. Raises NotComputable,
    naming the row, for fewer than three groups, negative values or a mean of zero.
    """
    array, weights, errors, rows = _groups(
        values,
        population,
        np.zeros(np.size(np.asarray(values))) if standard_errors is None else standard_errors,
        indicator,
    )
    rows.refuse(array < 0, lambda _: "l'indice de concentration demande des valeurs positives ou nulles.")
    share = weights / weights.sum()
    average = float((share * array).sum())
    if average == 0:
        rows.fail("la moyenne est nulle : l'indice de concentration n'est pas défini.")
    rank = np.cumsum(share) - share / 2
    index = float(2 * (share * array * rank).sum() / average - 1)
    level = results.levels_of(confidence)[0]
    gradient = share * (2 * rank - 1 - index) / average
    half = float(stats.norm.ppf(0.5 + level / 2) * np.sqrt((gradient**2 * errors**2).sum()))
    known = standard_errors is not None
    return results.long(
        indicator=indicator, statistic="indice de concentration", value=index, lower=index - half if known else float("nan"),
        upper=index + half if known else float("nan"), numerator=average, denominator=float(weights.sum()),
        method="Kakwani, Wagstaff et van Doorslaer (1997)", confidence=float(level),
        note="" if known else "sans intervalle : erreurs types absentes",
    )  # fmt: skip


def bounded_concentration_index(
    values: ArrayLike,
    population: ArrayLike,
    *,
    bounds: tuple[float, float],
    correction: str = "Erreygers",
    standard_errors: ArrayLike | None = None,
    confidence: float = 0.95,
    indicator: str = "",
) -> pd.DataFrame:
    """Concentration index of a quantity that has a floor and a ceiling (a coverage of 0 to 100 %), corrected for them.

    The plain index of a coverage shrinks as the coverage nears its ceiling, and changes when one counts those left out instead.
    Takes what `concentration_index` takes, the `bounds` in the unit of the values, and "Erreygers" (2009: opposite of that of
    the part left out, same unit whatever the mean) or "Wagstaff" (2005: also divided by what the mean allows). Returns one row
    without unit, -1 to 1. Raises NotComputable as it does, for a value out of its bounds, and for Wagstaff when the mean is on
    a bound; UnknownName for a correction.
    """
    if correction not in ("Erreygers", "Wagstaff"):
        raise UnknownName("Correction", correction, ["Erreygers", "Wagstaff"])
    floor, ceiling = bounds
    rows = Rows(values, indicator=indicator)
    array = results.numbers(values, "la valeur", rows)
    if not floor < ceiling:
        rows.fail("le plafond doit dépasser le plancher.")
    rows.refuse(
        (array < floor) | (array > ceiling),
        lambda row: f"la valeur ({french.number(float(array[row]))}) sort de ses bornes.",
    )
    weights = results.numbers(population, "la population", rows)
    results.same_length(rows, valeurs=array, population=weights)
    # Its absolute index does not change when the floor is taken off, and a place at the floor has nothing.
    moved = array - floor
    if moved.max() == 0:
        rows.fail("la moyenne est à une borne : l'indice n'est pas défini.")
    plain = concentration_index(
        moved, population, standard_errors=standard_errors, confidence=confidence, indicator=indicator
    )
    mean = float(plain["numerator"].iloc[0])
    width = ceiling - floor
    if correction == "Wagstaff" and width - mean <= 1e-12 * width:
        rows.fail("la moyenne est à une borne : l'indice n'est pas défini.")
    factor = 4 * mean / width if correction == "Erreygers" else width / (width - mean)
    value = factor * float(plain["value"].iloc[0])
    half = float("nan")
    if standard_errors is not None:
        errors = results.numbers(standard_errors, "l'erreur type", rows)
        share = weights / weights.sum()
        rank = np.cumsum(share) - share / 2
        absolute = share * (2 * rank - 1)
        if correction == "Erreygers":
            gradient = 4 * absolute / width
        else:
            # Wagstaff's index is width × A / (mean × (width - mean)), A the absolute index.
            room = mean * (width - mean)
            total = float((absolute * moved).sum())
            gradient = width * (absolute / room - total * share * (width - 2 * mean) / room**2)
        level = float(results.levels_of(confidence)[0])
        half = float(stats.norm.ppf(0.5 + level / 2) * np.sqrt((gradient**2 * errors**2).sum()))
    year = "2009" if correction == "Erreygers" else "2005"
    return plain.assign(
        statistic="indice de concentration corrigé", value=value, lower=value - half, upper=value + half,
        numerator=mean + floor, method=f"{correction} ({year})",
    )  # fmt: skip


def _groups(
    values: ArrayLike, population: ArrayLike, standard_errors: ArrayLike, indicator: str
) -> tuple[Floats, Floats, Floats, Rows]:
    rows = Rows(values, population, indicator=indicator)
    array = results.numbers(values, "la valeur", rows)
    weights = results.numbers(population, "la population", rows)
    errors = results.numbers(standard_errors, "l'erreur type", rows)
    results.same_length(rows, valeurs=array, population=weights, erreurs_types=errors)
    rows.refuse(weights <= 0, lambda _: "la population doit être positive.")
    rows.refuse(errors < 0, lambda _: "une erreur type ne peut pas être négative.")
    if len(array) < 3:
        rows.fail("un gradient social demande au moins trois groupes.")
    return array, weights, errors, rows


def _ends(weights: Floats) -> NDArray[np.float64]:
    """Weights (2 x groups) that give the fitted value at rank 0 and at rank 1: the regression is linear in the values."""
    share = weights / weights.sum()
    rank = np.cumsum(share) - share / 2
    centred = rank - (share * rank).sum()
    slope = share * centred / (share * centred**2).sum()
    start = share - slope * (share * rank).sum()
    return np.stack([start, start + slope])


def _simulate(ends: Floats, array: Floats, errors: Floats, repetitions: int, seed: int, rows: Rows) -> Floats:
    """Both ends of the line in each simulation: the values move by their standard errors, independent and normal."""
    if repetitions < 1_000:
        rows.fail(f"{repetitions} répétitions ne suffisent pas à un intervalle ; il en faut au moins 1000.")
    generator = np.random.default_rng(seed)
    scaled = (ends * errors).T
    moved = [
        generator.standard_normal((min(BLOCK, repetitions - start), len(array))) @ scaled
        for start in range(0, repetitions, BLOCK)
    ]
    return np.asarray(np.concatenate(moved).T + (ends @ array)[:, None], dtype=float)
