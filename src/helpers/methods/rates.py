"""Proportions, rates, means and standardised rates; a number never travels without numerator, denominator, method, confidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import results
from helpers.methods.results import LONG_COLUMNS as LONG_COLUMNS
from helpers.methods.results import Floats, Rows

# Below ten events Byar's approximation drifts from the exact Poisson limits (Breslow and Day 1987, chapter 2).
EXACT_BELOW = 10
_NAMES_FR = {
    "numérateur": "le numérateur",
    "dénominateur": "le dénominateur",
    "événements": "le nombre d'événements",
    "population": "la population",
    "référence": "la population de référence",
    "événements_référence": "le nombre d'événements de référence",
}


def proportion(
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    per: float = 100,
    confidence: float | Sequence[float] = 0.95,
    indicator: str = "",
    territory: str | Sequence[str] = "",
    period: object = "",
    note: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Proportion with the interval of Wilson (1927).

    Takes counts of the same units, numerator within denominator: scalars or aligned sequences, one item per territory.
    Returns long results in units per `per`, one row per item and confidence level. Raises NotComputable, naming the row,
    when a denominator is missing or not positive or a numerator lies outside it.
    """
    rows = Rows(numerator, denominator, labels=territory, indicator=indicator)
    inside, base = _read(rows, spread=True, numérateur=numerator, dénominateur=denominator)
    results.counts_within(inside, base, rows)
    levels = results.levels_of(confidence)
    low, high = wilson(inside, base, levels)
    return _by_level(
        levels, low, high, value=inside / base, numerator=inside, denominator=base, per=per,
        statistic="proportion", method="Wilson (1927)", indicator=indicator, territory=territory, period=period, note=note,
    )  # fmt: skip


def wilson(inside: Floats, base: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Wilson limits of checked counts, as shares: two arrays of shape (items, levels)."""
    # Read, as `scipy.stats`, at the first interval: who only checks a package never waits for them.
    from statsmodels.stats.proportion import proportion_confint

    limits = [proportion_confint(inside, base, alpha=1 - level, method="wilson") for level in levels]
    low = np.stack([np.asarray(item[0], dtype=float) for item in limits], axis=1)
    high = np.stack([np.asarray(item[1], dtype=float) for item in limits], axis=1)
    # The limit is exact at the ends; floating point would leave 1e-17.
    low[inside == 0], high[inside == base] = 0, 1
    return low, high


def shares(
    counts: pd.Series[float],
    *,
    indicator: str,
    denominator: float | None = None,
    confidence: float | Sequence[float] = 0.95,
) -> pd.DataFrame:
    """Share of each category with its Wilson interval: one row of long results per item of `counts`, in its order.

    The denominator is the sum of the counts unless given (multiple answers: number of respondents). The category is in the
    column `territory` only when it is one; here it is in `note`. Raises NotComputable as `proportion` does.
    """
    if len(counts) == 0:
        raise NotComputable(f"{indicator} : aucune catégorie à compter.")
    base = float(counts.sum()) if denominator is None else denominator
    return proportion(
        counts, np.full(len(counts), base), indicator=indicator, confidence=confidence,
        note=[str(category) for category in counts.index],
    )  # fmt: skip


def rate(
    count: ArrayLike,
    person_years: ArrayLike,
    *,
    per: float = 100_000,
    confidence: float | Sequence[float] = 0.95,
    indicator: str = "",
    territory: str | Sequence[str] = "",
    period: object = "",
) -> pd.DataFrame:
    """Rate of events with the interval of Byar (Breslow and Day 1987), exact Poisson (Garwood 1936) under ten events.

    Takes counts of events and person-years, scalars or aligned sequences. Returns long results in events per `per`
    person-years, one row per item and confidence level. Raises NotComputable, naming the row, for a negative count or a
    population that is missing or not positive.
    """
    rows = Rows(count, person_years, labels=territory, indicator=indicator)
    events, years = _read(rows, spread=True, événements=count, population=person_years)
    results.counts_over(events, years, rows)
    levels = results.levels_of(confidence)
    low, high = poisson_limits(events, levels)
    return _by_level(
        levels, low / years[:, None], high / years[:, None], value=events / years, numerator=events, denominator=years,
        per=per, statistic="taux", method=_poisson_method(events), indicator=indicator, territory=territory, period=period,
    )  # fmt: skip


def byar(events: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Limits of a Poisson count by Byar's approximation: two arrays of shape (items, levels), in events.

    Breslow and Day (1987), Statistical Methods in Cancer Research II, chapter 2.
    """
    z = scipy.stats.norm.ppf(0.5 + levels / 2)[None, :]
    some = np.maximum(events, 1e-9)[:, None]  # the lower limit of no event is set to zero below
    low = some * (1 - 1 / (9 * some) - z / (3 * np.sqrt(some))) ** 3
    more = events[:, None] + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.where(events[:, None] > 0, np.maximum(low, 0), 0.0), high


def poisson_limits(events: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """Limits of a Poisson count, in events: exact under ten events, Byar from ten."""
    low, high = byar(events, levels)
    few = events < EXACT_BELOW
    if few.any():
        small, tail = events[few][:, None], ((1 - levels) / 2)[None, :]
        exact_low = scipy.stats.chi2.ppf(tail, 2 * np.maximum(small, 0.5)) / 2
        low[few] = np.where(small > 0, exact_low, 0.0)
        high[few] = scipy.stats.chi2.ppf(1 - tail, 2 * (small + 1)) / 2
    return low, high


def mean(
    values: ArrayLike,
    *,
    confidence: float | Sequence[float] = 0.95,
    indicator: str = "",
    unit: str | Sequence[str] = "",
) -> pd.DataFrame:
    """Mean of measures with the interval of Student (1908).

    Takes at least two numbers in one unit. Returns one row of long results per confidence level; the numerator is the sum,
    the denominator the number of values. Raises NotComputable for a missing value or fewer than two.
    """
    rows = Rows(values, indicator=indicator)
    array = results.numbers(values, "la valeur", rows)
    if len(array) < 2:
        rows.fail("une moyenne avec intervalle demande au moins deux valeurs.")
    levels = results.levels_of(confidence)
    half = scipy.stats.t.ppf(0.5 + levels / 2, len(array) - 1) * scipy.stats.sem(array)
    centre = float(array.mean())
    return results.long(
        indicator=indicator, statistic="moyenne", value=np.full(len(levels), centre), lower=centre - half,
        upper=centre + half, numerator=float(array.sum()), denominator=float(len(array)), method="Student (1908)",
        confidence=levels, unit=results.one_unit(unit, rows),
    )  # fmt: skip


def directly_standardised_rate(
    events: ArrayLike,
    population: ArrayLike,
    standard: ArrayLike,
    *,
    per: float = 100_000,
    confidence: float | Sequence[float] = 0.95,
    indicator: str = "",
    territory: str = "",
    period: object = "",
) -> pd.DataFrame:
    """Rate that the territory would have with the age structure of `standard` (Dobson et al. 1991; interval by Byar).

    Takes three aligned sequences, one item per age group: events (counts), population (person-years), standard (any positive
    weights). Returns one row of long results per confidence level, in events per `per` person-years. Raises NotComputable if
    there are fewer than 10 events, a population that is not positive, or lengths differ.
    """
    rows = Rows(events, population, standard, indicator=indicator)
    counted, years, weights = _read(rows, événements=events, population=population, référence=standard)
    results.counts_over(counted, years, rows)
    rows.refuse(weights < 0, lambda _: "la population de référence ne peut pas être négative.")
    if weights.sum() <= 0:
        rows.fail("la population de référence est nulle.")
    total = counted.sum()
    if total < EXACT_BELOW:
        rows.fail(
            f"moins de {EXACT_BELOW} événements ({french.number(float(total))}) : le taux standardisé serait trop instable."
        )
    share = weights / weights.sum()
    value = (share * counted / years).sum()
    variance = (share**2 * counted / years**2).sum()
    levels = results.levels_of(confidence)
    low, high = byar(np.array([total]), levels)
    # Dobson: the distance of the Poisson limits to the count, rescaled by the ratio of the two standard errors.
    scale = np.sqrt(variance / total)
    return _by_level(
        levels, value + scale * (low - total), value + scale * (high - total), value=np.array([value]),
        numerator=np.array([total]), denominator=np.array([years.sum()]), per=per, statistic="taux standardisé",
        method="Dobson (1991), Byar", indicator=indicator, territory=territory, period=period,
    )  # fmt: skip


def indirectly_standardised_ratio(
    events: ArrayLike,
    population: ArrayLike,
    reference_events: ArrayLike,
    reference_population: ArrayLike,
    *,
    per: float = 100,
    confidence: float | Sequence[float] = 0.95,
    indicator: str = "",
    territory: str = "",
    period: object = "",
) -> pd.DataFrame:
    """Observed events against those expected with the age rates of a reference (Breslow and Day 1987), reference = `per`.

    Takes four aligned sequences, one item per age group. Returns one row of long results per confidence level: numerator the
    observed, denominator the expected events; interval by Byar, exact Poisson under ten events. Raises NotComputable if no
    event is expected, a population is not positive, or lengths differ.
    """
    rows = Rows(events, population, indicator=indicator)
    counted, years, base, base_years = _read(
        rows,
        événements=events,
        population=population,
        événements_référence=reference_events,
        référence=reference_population,
    )
    rows.refuse(
        years < 0,
        lambda row: f"une population ne peut pas être négative ({french.number(float(years[row]))}).",
    )
    results.counts_over(counted, np.ones(len(counted)), rows)
    results.counts_over(base, base_years, rows)
    expected = (years * base / base_years).sum()
    if expected <= 0:
        rows.fail("aucun événement attendu d'après la référence : le ratio n'est pas défini.")
    total = np.array([counted.sum()])
    levels = results.levels_of(confidence)
    low, high = poisson_limits(total, levels)
    table = _by_level(
        levels, low / expected, high / expected, value=total / expected, numerator=total, denominator=np.array([expected]),
        per=per, statistic="ratio standardisé", method=_poisson_method(total), indicator=indicator, territory=territory,
        period=period,
    )  # fmt: skip
    return table.assign(unit=f"référence = {french.number(float(per))}")


def base_of(kind: str, unit: str, given: Any) -> float:
    """Base of an indicator: the one given, else 100 for a proportion, else the number of its unit ("pour 1 000"), else 1."""
    if pd.notna(given):
        return float(given)
    return 100.0 if kind == "proportion" else french.first_number(unit) or 1.0


def per(numerator: float, denominator: float, *, base: float = 1.0) -> float:
    """Ratio of two quantities for `base` units of the denominator, e.g. inhabitants per km² or GPs per 10 000 inhabitants.

    Raises NotComputable when the denominator is not positive.
    """
    if not denominator > 0:
        raise NotComputable("Rapport non défini : le dénominateur doit être positif.")
    return base * numerator / denominator


def _read(rows: Rows, *, spread: bool = False, **given: ArrayLike) -> list[Floats]:
    """Sequences of numbers of one length, by the keys of _NAMES_FR; with `spread`, a scalar second one serves every row."""
    arrays = [results.numbers(values, _NAMES_FR[name], rows) for name, values in given.items()]
    if spread and len(arrays[1]) == 1:
        arrays[1] = np.repeat(arrays[1], len(arrays[0]))
    results.same_length(rows, **dict(zip(given, arrays, strict=True)))
    return arrays


def _poisson_method(events: Floats) -> str | list[str]:
    few = events < EXACT_BELOW
    if few.any() and not few.all():
        return list(np.where(few, "Poisson exact (Garwood 1936)", "Byar (Breslow et Day 1987)"))
    return "Poisson exact (Garwood 1936)" if few.all() else "Byar (Breslow et Day 1987)"


def _by_level(
    levels: Floats, low: Floats, high: Floats, *, value: Floats, per: float, **columns: object
) -> pd.DataFrame:
    """Long results of items x levels, the levels of one item side by side, in units per `per`."""
    if not per > 0:
        raise NotComputable("L'unité (« per ») doit être un nombre positif : 100, 1000, 100000…")
    each = len(levels)

    def spread(column: object) -> object:
        if isinstance(column, str) or np.ndim(column) == 0:  # type: ignore[arg-type]
            return column
        array = np.asarray(column)
        if len(array) != len(value):
            many = french.plural(len(array), "territoire ou note", "territoires ou notes")
            raise NotComputable(
                f"{many} pour {french.plural(len(value), 'ligne')} : donnez-en autant que de lignes."
            )
        return np.repeat(array, each) if each > 1 else array

    spreads = {name: spread(column) for name, column in columns.items()}
    return results.long(
        value=per * np.repeat(value, each), lower=per * low.ravel(), upper=per * high.ravel(),
        confidence=np.tile(levels, len(value)), unit=results.unit_of(per), **spreads,
    )  # fmt: skip
