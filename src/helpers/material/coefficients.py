"""Coefficients of agreement, one function each: raw, Cohen's kappa, Gwet's AC1, Krippendorff's alpha.

Each takes units × coders (`ratings.ratings`): one row per unit, one column per coder, missing cells allowed, and refuses in words
(`NotComputable`, "non défini : …") what its formula does not define. The intervals describe the units as a sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations

import krippendorff
import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from helpers.errors import NotComputable
from helpers.methods import results
from helpers.methods.rates import proportion

Floats = NDArray[np.float64]
UNDEFINED = "non défini"
RAW, KAPPA, ALPHA, ALPHA_ORDINAL, AC1, PREVALENCE = (
    "accord brut",
    "kappa de Cohen",
    "alpha de Krippendorff (nominal)",
    "alpha de Krippendorff (ordinal)",
    "AC1 de Gwet",
    "prévalence",
)
SEED, DRAWS = 20221127, 2000
_PERFECT = "intervalle non défini : aucun désaccord observé"
_ALL_SAME = "intervalle non défini : tous les tirages donnent la même valeur"


def percent_agreement(
    table: pd.DataFrame,
    *,
    confidence: float = 0.95,
    indicator: str = "",
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Share of pairs of coders who agree (0 to 1), averaged over units; missing cells leave their pairs out.

    Two coders: Wilson interval (numerator the units in agreement, denominator the units coded by both). More coders:
    percentile bootstrap over units. One row of long results. Raises NotComputable when no unit was coded twice.
    """
    counts, _ = _counts(table)
    if table.shape[1] == 2:
        agreed = int((counts.max(axis=1) == 2).sum())
        row = proportion(agreed, len(counts), per=1, confidence=confidence, indicator=indicator)
        return row.assign(statistic=RAW)
    per_unit = _unit_agreement(counts)
    level = float(results.levels_of(confidence)[0])
    weights = _resamples(len(counts), draws, seed)
    low, high, note = _central(weights @ per_unit / len(counts), level, perfect=bool((per_unit == 1).all()))
    return results.long(
        indicator=indicator, statistic=RAW, value=float(per_unit.mean()), lower=low, upper=high,
        denominator=float(len(counts)), method=f"paires de codeurs, bootstrap ({draws} tirages, graine {seed})",
        confidence=level, note=note,
    )  # fmt: skip


def cohen_kappa(table: pd.DataFrame, *, confidence: float = 0.95, indicator: str = "") -> pd.DataFrame:
    """Cohen's kappa (1960) of two coders, interval with the standard error of Fleiss, Cohen and Everitt (1969), by statsmodels.

    Units that one coder left empty are out. One row of long results; denominator the units. Raises NotComputable when kappa
    is not defined: another number of coders, no unit coded by both, or one category only on both sides.
    """
    two_coders(table)
    paired, names = _categories(table.dropna())
    if len(names) < 2:
        raise NotComputable(_one_category(names))
    codes = paired.apply(lambda column: column.map(names.index))
    square = np.zeros((len(names), len(names)))
    np.add.at(square, (codes.iloc[:, 0].to_numpy(dtype=int), codes.iloc[:, 1].to_numpy(dtype=int)), 1)
    level = float(results.levels_of(confidence)[0])
    # Half a second at import, for this measure only.
    from statsmodels.stats.inter_rater import cohens_kappa

    # Its test against zero divides by zero when one coder has a single category; only the estimate and its variance are kept.
    with np.errstate(invalid="ignore", divide="ignore"):
        found = cohens_kappa(square)
    half = float(scipy.stats.norm.ppf(0.5 + level / 2) * np.sqrt(max(float(found.var_kappa), 0.0)))
    return _row(
        KAPPA, float(found.kappa), half, counts=len(paired), indicator=indicator, level=level,
        method="Cohen (1960), erreur type de Fleiss, Cohen et Everitt (1969)",
    )  # fmt: skip


def gwet_ac1(
    table: pd.DataFrame, *, categories: Sequence[str] = (), confidence: float = 0.95, indicator: str = ""
) -> pd.DataFrame:
    """Gwet's AC1 (2008), two coders or more, missing cells allowed, with its variance for a sample of units (Student).

    `categories` lists what could be said, when it is more than what was. One row of long results; denominator the units coded
    twice or more. Raises NotComputable when fewer than two categories are used, or no unit was coded twice.
    """
    paired, names = _categories(table, categories)
    said = (paired.notna().sum(axis=1) > 0).to_numpy()
    counts = _value_counts(paired[said], names)
    coded = counts.sum(axis=1)
    twice = coded >= 2
    if not twice.any():
        raise NotComputable(nobody())
    if int((counts.sum(axis=0) > 0).sum()) < 2:
        raise NotComputable(
            _one_category([name for name, column in zip(names, counts.T, strict=True) if column.any()])
        )
    size, q = len(counts), len(names)
    per_unit = np.zeros(size)
    per_unit[twice] = _unit_agreement(counts[twice])
    observed = float(per_unit[twice].mean())
    share = (counts / coded[:, None]).mean(axis=0)
    chance = float((share * (1 - share)).sum() / (q - 1))
    value = (observed - chance) / (1 - chance)
    # Gwet (2008), section 4: linearised variance, units as the sample.
    local = (size / twice.sum()) * (per_unit - chance * twice) / (1 - chance)
    unit_chance = counts @ (1 - share) / (q - 1) / coded
    linear = local - 2 * (1 - value) * (unit_chance - chance) / (1 - chance)
    level = float(results.levels_of(confidence)[0])
    half = 0.0
    if size > 1:
        error = float(np.sqrt(((linear - value) ** 2).sum() / (size * (size - 1))))
        half = float(scipy.stats.t.ppf(0.5 + level / 2, size - 1) * error)
    return _row(
        AC1, value, half, counts=int(twice.sum()), indicator=indicator, level=level, method="Gwet (2008)"
    )  # fmt: skip


def krippendorff_alpha(
    table: pd.DataFrame,
    *,
    order: Sequence[str] = (),
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    indicator: str = "",
) -> pd.DataFrame:
    """Krippendorff's alpha, nominal, or ordinal when `order` lists the values from low to high; missing cells allowed.

    Krippendorff (2011), by the package krippendorff; percentile bootstrap over units, `draws` samples from a fixed `seed`.
    Samples where alpha is not defined (one value only) are left out and counted in `note`. One row of long results;
    denominator the units coded twice or more. Raises NotComputable when no unit was coded twice, when one value only was used,
    or for a value that `order` does not list.
    """
    paired, names = _categories(pairable(table), order)
    if paired.empty:
        raise NotComputable(nobody())
    counts = _value_counts(paired, names)
    used = counts.sum(axis=0) > 0
    if int(used.sum()) < 2:
        raise NotComputable(
            _one_category([name for name, is_used in zip(names, used, strict=True) if is_used])
        )
    scale = "ordinal" if order else "nominal"
    value = float(krippendorff.alpha(value_counts=counts.astype(int), level_of_measurement=scale))
    level = float(results.levels_of(confidence)[0])
    sampled = _alphas(counts[:, used], _resamples(len(counts), draws, seed), ordinal=bool(order))
    kept = sampled[~np.isnan(sampled)]
    low, high, note = _central(kept, level, perfect=bool((_unit_agreement(counts) == 1).all()))
    if not note and len(kept) < draws:
        note = f"{draws - len(kept)} tirages sur {draws} non définis, laissés de côté"
    return results.long(
        indicator=indicator, statistic=ALPHA_ORDINAL if order else ALPHA, value=value, lower=low, upper=high,
        denominator=float(len(counts)), method=f"Krippendorff (2011), bootstrap ({draws} tirages, graine {seed})",
        confidence=level, note=note,
    )  # fmt: skip


def _central(sampled: Floats, level: float, *, perfect: bool) -> tuple[float, float, str]:
    """Central interval of the bootstrap samples, or no interval and why."""
    # One unit, or units that are all alike, are drawn again as they are: an interval of no width would be a false certainty.
    if perfect or len(sampled) == 0 or np.ptp(sampled) < 1e-12:
        return float("nan"), float("nan"), _PERFECT if perfect else _ALL_SAME
    low, high = np.quantile(sampled, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high), ""


def _row(
    statistic: str, value: float, half: float, *, counts: int, indicator: str, level: float, method: str
) -> pd.DataFrame:
    # No disagreement at all gives a null standard error: an interval [1 ; 1] would be a false certainty.
    known = half > 1e-12
    return results.long(
        indicator=indicator, statistic=statistic, value=value, lower=max(value - half, -1.0) if known else float("nan"),
        upper=min(value + half, 1.0) if known else float("nan"), denominator=float(counts), method=method,
        confidence=level, note="" if known else _PERFECT if value > 1 - 1e-12 else "intervalle non défini : erreur type nulle",
    )  # fmt: skip


def two_coders(table: pd.DataFrame) -> None:
    """Refuse another number of coders than two."""
    if table.shape[1] != 2:
        raise NotComputable(
            f"{UNDEFINED} : cette mesure compare deux codeurs, il y en a {table.shape[1]} ; choisissez-en deux."
        )


def pairable(table: pd.DataFrame) -> pd.DataFrame:
    """Units that two coders or more have coded, as text: a code is a name even when it is written as a number."""
    return table[table.notna().sum(axis=1) >= 2].astype("string")


def nobody() -> str:
    """Sentence of the refusal when no unit can be compared."""
    return f"{UNDEFINED} : aucune unité n'a été codée par deux codeurs."


def _one_category(names: Sequence[str]) -> str:
    said = f" (« {names[0]} »)" if names else ""
    return f"{UNDEFINED} : les codeurs n'ont employé qu'une seule modalité{said}, l'accord dû au hasard est total."


def _categories(table: pd.DataFrame, given: Sequence[str] = ()) -> tuple[pd.DataFrame, list[str]]:
    """Cells as text, and their categories: those given, else those used in alphabetical order."""
    text = table.astype("string")
    used = sorted(str(item) for item in pd.unique(text.to_numpy().ravel()) if not pd.isna(item))
    if text.empty or not used:
        raise NotComputable(nobody())
    if not len(given):
        return text, used
    names = list(dict.fromkeys(str(item) for item in given))
    strangers = [item for item in used if item not in names]
    if strangers:
        raise NotComputable(
            f"{UNDEFINED} : la modalité « {strangers[0]} » n'est pas dans la liste donnée ({', '.join(names)})."
        )
    return text, names


def _value_counts(text: pd.DataFrame, names: Sequence[str]) -> Floats:
    """Units × categories: number of coders of each unit who gave each category."""
    cells = text.to_numpy(dtype=object, na_value="")
    return np.column_stack([(cells == name).sum(axis=1).astype(float) for name in names])


def _counts(table: pd.DataFrame) -> tuple[Floats, list[str]]:
    paired, names = _categories(pairable(table))
    return _value_counts(paired, names), names


def _unit_agreement(counts: Floats) -> Floats:
    """Share of the pairs of coders of each unit who agree."""
    coded = counts.sum(axis=1)
    pairs = coded * (coded - 1)
    agreed: Floats = (counts * (counts - 1)).sum(axis=1) / pairs
    return agreed


@lru_cache(maxsize=4)
def _resamples(units: int, draws: int, seed: int) -> Floats:
    """How often each unit is in each bootstrap sample: draws × units."""
    generator = np.random.default_rng(seed)
    drawn: Floats = generator.multinomial(units, np.full(units, 1 / units), size=draws).astype(float)
    drawn.flags.writeable = False  # shared by the codes of one table
    return drawn


def _alphas(counts: Floats, weights: Floats, *, ordinal: bool) -> Floats:
    """Alpha of each bootstrap sample, by the formula of the package; missing where one value only was drawn.

    Takes units × values and draws × units (how often each unit was drawn).
    """
    values = counts.shape[1]
    marginal = weights @ counts
    total = marginal.sum(axis=1)
    within = counts[:, :, None] * counts[:, None, :]
    within[:, range(values), range(values)] -= counts
    within /= (counts.sum(axis=1) - 1)[:, None, None]
    found, chance = np.zeros(len(weights)), np.zeros(len(weights))
    if not ordinal:
        # Any two values are as far apart: the pairs of coders who differ are counted at once.
        found = weights @ (within.sum(axis=(1, 2)) - np.trace(within, axis1=1, axis2=2)) / 2
        chance = (total**2 - (marginal**2).sum(axis=1)) / 2 / (total - 1)
    for low, high in combinations(range(values), 2) if ordinal else ():
        apart = marginal[:, low : high + 1].sum(axis=1) - (marginal[:, low] + marginal[:, high]) / 2
        found += apart**2 * (weights @ within[:, low, high])
        chance += apart**2 * marginal[:, low] * marginal[:, high] / (total - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        sampled: Floats = np.where(chance > 0, 1 - found / chance, np.nan)
    return sampled
