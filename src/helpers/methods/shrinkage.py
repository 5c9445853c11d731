"""Raw rates of small places beside what the others make plausible: empirical Bayes, and the worst that come back by themselves.

A small place leads both ends of every list by chance. Its shrunken rate is nearer the general one, the more so as it is small;
it is shown beside the raw rate, never instead.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import optimize, special, stats

from helpers import french
from helpers.methods import results
from helpers.methods.results import Floats, Rows

FEWEST = 10


def shrunken(
    kind: str,
    numerators: ArrayLike,
    denominators: ArrayLike,
    *,
    per: float = 100,
    confidence: float = 0.95,
    territory: str | Sequence[str] = "",
    indicator: str = "",
) -> pd.DataFrame:
    """Empirical Bayes: each place's proportion or rate, drawn towards the general one by what its size leaves to chance.

    Takes `kind` "proportion" (beta-binomial) or "rate" (gamma-Poisson, Clayton and Kaldor 1987) and aligned counts of at least
    ten places. The spread between places is fitted by maximum likelihood on them. Returns one row of long results per place:
    value and interval (central, of the posterior, the fit taken as known) per `per`, `raw`, `weight` (0 to 1: the part of its
    own rate that a place keeps). Raises NotComputable, naming the row, for counts out of range, fewer than ten places, or no
    event at all; a place does not differ from another more than chance: every weight is 0, said in `note`.
    """
    rows = Rows(numerators, denominators, labels=territory, indicator=indicator)
    counted = results.numbers(numerators, "le numérateur", rows)
    base = results.numbers(denominators, "le dénominateur", rows)
    results.same_length(rows, numérateur=counted, dénominateur=base)
    (results.counts_within if kind == "proportion" else results.counts_over)(counted, base, rows)
    if len(counted) < FEWEST:
        rows.fail(
            f"{french.plural(len(counted), 'territoire')}, il en faut au moins {FEWEST} pour juger de leur écart."
        )
    general = counted.sum() / base.sum()
    if not general > 0 or (kind == "proportion" and general == 1):
        rows.fail("aucun territoire ne diffère d'un autre : rien à rapprocher.")
    level = float(results.levels_of(confidence)[0])
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    mean, size = _fit(kind, counted, base, float(general))
    weight = base / (base + size) if np.isfinite(size) else np.zeros(len(base))
    value = mean + weight * (counted / base - mean)
    if not np.isfinite(size):
        low = high = np.full(len(base), mean)
    elif kind == "proportion":
        law = stats.beta(size * mean + counted, size * (1 - mean) + base - counted)
        low, high = law.ppf(tails[0]), law.ppf(tails[1])
    else:
        law = stats.gamma(size * mean + counted, scale=1 / (size + base))
        low, high = law.ppf(tails[0]), law.ppf(tails[1])
    named = territory if isinstance(territory, str) else list(territory)
    return results.long(
        indicator=indicator, territory=named, statistic="valeur rapprochée", value=per * value,
        lower=per * low, upper=per * high, numerator=counted, denominator=base, confidence=level,
        method="bêta-binomiale" if kind == "proportion" else "gamma-Poisson (Clayton et Kaldor 1987)",
        unit=results.unit_of(per), raw=per * counted / base, weight=weight,
        note="" if np.isfinite(size) else "les territoires ne diffèrent pas plus que par hasard",
    )  # fmt: skip


def _fit(kind: str, counted: Floats, base: Floats, general: float) -> tuple[float, float]:
    """Mean between places and prior size (in units of the denominators; infinite: no spread), by maximum likelihood."""

    # Beyond, the prior is a point and the likelihoods are rounding noise.
    most = float(np.log(1e5 * base.max()))

    def likelihood(parameters: Floats) -> float:
        size = np.exp(min(parameters[1], most))
        if kind == "proportion":
            mean = special.expit(parameters[0])
            a, b = size * mean, size * (1 - mean)
            return -float((special.betaln(a + counted, b + base - counted) - special.betaln(a, b)).sum())
        a = size * np.exp(parameters[0])
        terms = (
            special.gammaln(a + counted)
            - special.gammaln(a)
            + a * np.log(size)
            - (a + counted) * np.log(size + base)
        )
        return -float((terms + counted * np.log(base)).sum())

    link = special.logit if kind == "proportion" else np.log
    start = np.array([link(general), np.log(np.median(base))])
    found = optimize.minimize(likelihood, start, method="Nelder-Mead", options={"xatol": 1e-3, "fatol": 1e-6})
    options = {"xatol": 1e-11, "fatol": 1e-12, "maxiter": 4000, "maxfev": 4000}
    found = optimize.minimize(likelihood, found.x, method="Nelder-Mead", options=options)
    if kind == "proportion":
        alone = -float((counted * np.log(general) + (base - counted) * np.log1p(-general)).sum())
    else:
        alone = -float((counted * np.log(general * base) - general * base).sum())
    # Without spread the two laws are the plain one: a likelihood that does not beat it has none to show.
    if alone - found.fun < 1e-4:
        return general, float("inf")
    mean = special.expit(found.x[0]) if kind == "proportion" else np.exp(found.x[0])
    return float(mean), float(np.exp(found.x[1]))


def coming_back(first: ArrayLike, second: ArrayLike, *, worst: int, highest: bool = True) -> pd.DataFrame:
    """What the `worst` of a first measure would come back by themselves, were nothing done (Galton 1886; Barnett et al. 2005).

    Takes the values of the same places at two dates, ten places at least. Returns one row: `value` (mean move of the worst),
    `expected` (what regression to the mean alone would give them, from the correlation of the two measures of *all* places,
    beyond the mean move of all), `correlation`, `numerator` (the worst), `denominator` (places). The worst are the highest
    values, or the lowest with `highest=False`. Raises NotComputable for fewer than ten places or no spread.
    """
    rows = Rows(first, second)
    before = results.numbers(first, "la première valeur", rows)
    after = results.numbers(second, "la seconde valeur", rows)
    results.same_length(rows, première=before, seconde=after)
    if len(before) < FEWEST:
        rows.fail(f"{french.plural(len(before), 'territoire')}, il en faut au moins {FEWEST}.")
    if not 0 < worst < len(before):
        rows.fail("le nombre des plus mal placés doit être entre 1 et celui des territoires moins un.")
    if np.ptp(before) == 0 or np.ptp(after) == 0:
        rows.fail("toutes les valeurs sont égales.")
    order = np.argsort(-before if highest else before, kind="stable")[:worst]
    correlation = float(np.corrcoef(before, after)[0, 1])
    # Of two measures with the same spread, the regression of the second on the first has the slope of their correlation.
    expected = (correlation - 1) * float(before[order].mean() - before.mean()) + float(
        (after - before).mean()
    )
    return results.long(
        statistic="retour vers la moyenne", value=float((after - before)[order].mean()), expected=expected,
        correlation=correlation, numerator=float(worst), denominator=float(len(before)),
        method="Barnett, van der Pols et Dobson (2005)",
    )  # fmt: skip
