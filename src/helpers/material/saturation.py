"""Saturation: how many codes the sources have given so far, and how many they would have given if there were more of them.

A source "has" a code when at least one of its segments bears it; how often does not count.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import factorial

import numpy as np
import pandas as pd
import scipy
from numpy.typing import NDArray

from helpers.errors import NotComputable
from helpers.material import codebook
from helpers.material.corpus import Material
from helpers.methods import results

Grid = NDArray[np.bool_]
METHOD_CHAO = "Chao2 (Chao 1987)"


def presence(table: pd.DataFrame, *, sources: Sequence[object] = ()) -> pd.DataFrame:
    """Codes × sources, true where the source has the code, from a long table `code`, `source` (segments or presences).

    `sources` gives the order of the columns and the sources that have no code; without it, the order of appearance.
    Raises NotComputable when there is no code, or when a source of the table is not in `sources`.
    """
    if table.empty:
        raise NotComputable("Saturation non définie : aucun code n'est présent dans les sources.")
    order = list(sources) if len(sources) else list(table["source"].drop_duplicates())
    strangers = [source for source in table["source"].drop_duplicates() if source not in order]
    if strangers:
        raise NotComputable(
            f"Saturation : la source « {strangers[0]} » n'est pas dans l'ordre donné ; ajoutez-la."
        )
    grid = pd.crosstab(table["code"], table["source"]) > 0
    return grid.reindex(index=table["code"].drop_duplicates(), columns=order, fill_value=False)


def presence_in(material: Material) -> pd.DataFrame:
    """Codes × sources of a material in reading order; a parent is where its children are. Raises as `presence` does."""
    return presence(codebook.with_parents(material.segments, material.codes), sources=material.reading_order)


def accumulation_in_order(grid: pd.DataFrame, *, indicator: str = "codes") -> pd.DataFrame:
    """Distinct codes after each source, in the order of the columns: long results, one row per source.

    `numerator` holds the codes that the source is the first to bring, `denominator` the sources read so far.
    """
    _readable(grid)
    total = _curve(grid.to_numpy(dtype=bool))
    count = len(grid.columns)
    return results.long(
        indicator=indicator, territory=[str(item) for item in grid.columns], statistic="codes distincts cumulés", value=total,
        numerator=np.diff(total, prepend=0.0), denominator=np.arange(1, count + 1, dtype=float),
        method="comptage dans l'ordre donné", unit="codes",
    )  # fmt: skip


def accumulation(
    grid: pd.DataFrame,
    *,
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 20221127,
    indicator: str = "codes",
) -> pd.DataFrame:
    """Distinct codes after one, two… sources whatever their order: mean and central interval over permutations.

    All permutations when there are at most `draws` of them (up to six sources by default: 720), otherwise `draws` drawn at
    random from the fixed `seed`. Long results, one row per number of sources. The mean over all permutations is the
    sample-based rarefaction of Colwell et al. (2004). Raises NotComputable without a code or with fewer than two sources.
    """
    _readable(grid)
    level = float(results.levels_of(confidence)[0])
    cells = grid.to_numpy(dtype=bool)
    count = cells.shape[1]
    complete = count <= 12 and factorial(count) <= draws
    if complete:
        orders: Sequence[Sequence[int]] = list(permutations(range(count)))
    else:
        generator = np.random.default_rng(seed)
        orders = [generator.permutation(count).tolist() for _ in range(draws)]
    curves = np.array([_curve(cells[:, list(order)]) for order in orders])
    low, high = np.quantile(curves, [(1 - level) / 2, (1 + level) / 2], axis=0)
    how = (
        f"toutes les permutations ({len(orders)})"
        if complete
        else f"{len(orders)} permutations tirées (graine {seed})"
    )
    return results.long(
        indicator=indicator, statistic="codes distincts, moyenne sur les ordres", value=curves.mean(axis=0), lower=low,
        upper=high, denominator=np.arange(1, count + 1, dtype=float), method=how, confidence=level, unit="codes",
    )  # fmt: skip


def curve(grid: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Curve to draw: `rank`, `source` (in the order given), `seen` (cumulated in order), `mean`, `lower`, `upper`."""
    order, mean = accumulation_in_order(grid), accumulation(grid, confidence=confidence)
    return pd.DataFrame(
        {
            "rank": order["denominator"].astype(int), "source": order["territory"], "seen": order["value"],
            "mean": mean["value"], "lower": mean["lower"], "upper": mean["upper"],
        }
    )  # fmt: skip


def chao2(
    grid: pd.DataFrame, *, bias_corrected: bool = False, confidence: float = 0.95, indicator: str = "codes"
) -> pd.DataFrame:
    """Number of codes that the material would hold if sources were added without end: lower bound of Chao (1987).

    S + (m - 1)/m × Q1² / (2 Q2), with m sources, Q1 and Q2 codes of exactly one and two of them; the factor (m - 1)/m, which
    counts when sources are few, is that of Colwell (EstimateS) and of R vegan. Without any code of two sources, or when
    `bias_corrected`, the form S + (m - 1)/m × Q1 (Q1 - 1) / (2 (Q2 + 1)). Log-normal interval of Chao (1987), never under the
    codes observed. One row of long results: numerator the codes observed, denominator the sources; `note` gives Q1 and Q2.
    When nothing announces an unseen code the estimate is the number observed, without interval. Raises NotComputable without
    a code or with fewer than two sources.
    """
    _readable(grid)
    level = float(results.levels_of(confidence)[0])
    held = grid.to_numpy(dtype=bool).sum(axis=1)
    observed, q1, q2 = int((held > 0).sum()), int((held == 1).sum()), int((held == 2).sum())
    factor = (grid.shape[1] - 1) / grid.shape[1]
    corrected = bias_corrected or q2 == 0
    if corrected:
        unseen = factor * q1 * (q1 - 1) / (2 * (q2 + 1))
        variance = _corrected_variance(q1, q2, factor, observed + unseen)
    else:
        ratio = q1 / q2
        unseen = factor * q1 * ratio / 2
        variance = q2 * (factor * ratio**2 / 2 + factor**2 * (ratio**3 + ratio**4 / 4))
    note = f"codes d'une seule source : {q1} ; de deux sources : {q2}"
    low = high = float("nan")
    if unseen > 0:
        spread = np.exp(scipy.stats.norm.ppf(0.5 + level / 2) * np.sqrt(np.log1p(variance / unseen**2)))
        low, high = observed + unseen / spread, observed + unseen * spread
    else:
        note += " ; intervalle non défini : rien n'annonce un code non vu"
    return results.long(
        indicator=indicator, statistic="richesse estimée", value=observed + unseen, lower=low, upper=high,
        numerator=float(observed), denominator=float(grid.shape[1]),
        method=f"{METHOD_CHAO}{', forme corrigée du biais' if corrected else ''}", confidence=level, unit="codes", note=note,
    )  # fmt: skip


def _corrected_variance(q1: int, q2: int, factor: float, estimate: float) -> float:
    # Colwell (EstimateS, appendix B), equations 7 and 8.
    if q2 == 0:
        return factor * q1 * (q1 - 1) / 2 + factor**2 * (q1 * (2 * q1 - 1) ** 2 / 4 - q1**4 / (4 * estimate))
    more = q2 + 1
    return factor * q1 * (q1 - 1) / (2 * more) + factor**2 * (
        q1 * (2 * q1 - 1) ** 2 / (4 * more**2) + q1**2 * q2 * (q1 - 1) ** 2 / (4 * more**4)
    )


def _curve(cells: Grid) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.logical_or.accumulate(cells, axis=1).sum(axis=0).astype(float)
    return found


def _readable(grid: pd.DataFrame) -> None:
    if grid.size == 0 or not grid.to_numpy(dtype=bool).any():
        raise NotComputable("Saturation non définie : aucun code n'est présent dans les sources.")
    if grid.shape[1] < 2:
        raise NotComputable("Saturation non définie : une seule source ; il en faut au moins deux.")
