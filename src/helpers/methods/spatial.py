"""Do neighbours resemble each other? Then a test that takes places as independent is too sure of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from helpers import french
from helpers.methods import results
from helpers.methods.results import Floats, Rows

FEWEST = 20
DRAWS, SEED = 999, 1950


def moran(
    values: ArrayLike,
    places: Sequence[str],
    neighbours: Mapping[str, Sequence[str]],
    *,
    design: ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
    indicator: str = "",
) -> pd.DataFrame:
    """Moran's I (1950) with weights that sum to 1 on each row: near 0 when neighbours do not resemble each other.

    Takes one value per place, its code, and the neighbours of each code; places without a neighbour among them (islands) are
    left out and counted in `note`. With `design` (n × p, a constant included), I is that of the residuals of least squares,
    whose expectation and variance differ (Cliff and Ord 1981). Returns one row of long results: value, `expected`, `deviation`,
    `p_value` (normal, two-sided), `p_permuted` (values shuffled over the places, `draws` and `seed`; missing for residuals),
    `verdict`. Raises NotComputable for fewer than twenty places with a neighbour, or values that are all equal.
    """
    rows = Rows(values, labels=[str(place) for place in places], indicator=indicator)
    array = results.numbers(values, "la valeur", rows)
    codes = np.array([str(place) for place in places])
    if len(codes) != len(array):
        rows.fail("il faut un code par valeur.")
    if len(set(codes)) < len(codes):
        rows.fail("un lieu a deux valeurs.")
    kept = np.array(
        [any(other in set(codes) - {code} for other in neighbours.get(code, ())) for code in codes],
        dtype=bool,
    )
    n = int(kept.sum())
    if n < FEWEST:
        rows.fail(
            f"{french.plural(n, 'lieu qui a un voisin', 'lieux qui ont un voisin')}, il en faut au moins {FEWEST}."
        )
    codes, array = codes[kept], array[kept]
    near = np.array(
        [[other in neighbours.get(code, ()) and other != code for other in codes] for code in codes],
        dtype=float,
    )
    weights = near / near.sum(axis=1, keepdims=True)
    matrix = np.ones((n, 1)) if design is None else np.asarray(design, dtype=float)[kept]
    maker = np.eye(n) - matrix @ np.linalg.pinv(matrix)
    residuals = maker @ array
    if float(residuals @ residuals) <= 1e-20 * max(float(array @ array), 1e-300):
        rows.fail("aucune différence entre les lieux : la ressemblance des voisins n'est pas définie.")
    value = _index(residuals, weights)
    expected, deviation = _moments(maker, weights, n - np.linalg.matrix_rank(matrix))
    p_value = float(2 * stats.norm.sf(abs(value - expected) / deviation))
    permuted = float("nan")
    if design is None:
        generator = np.random.default_rng(seed)
        drawn = np.array([_index(generator.permutation(residuals), weights) for _ in range(draws)])
        more = int((np.abs(drawn - drawn.mean()) >= abs(value - drawn.mean())).sum())
        permuted = (1 + more) / (1 + draws)
    alone = len(kept) - n
    return results.long(
        indicator=indicator, statistic="I de Moran", value=value, denominator=float(n),
        method="Moran (1950)" if design is None else "Moran, résidus (Cliff et Ord 1981)", expected=expected,
        deviation=deviation, p_value=p_value, p_permuted=permuted,
        note=french.plural(alone, "lieu sans voisin écarté", "lieux sans voisin écartés") if alone else "",
        verdict=_verdict(value - expected, p_value if design is not None else permuted),
    )  # fmt: skip


def _index(residuals: Floats, weights: Floats) -> float:
    return float(len(residuals) / weights.sum() * (residuals @ weights @ residuals) / (residuals @ residuals))


def _moments(maker: Floats, weights: Floats, freedom: int) -> tuple[float, float]:
    """Expectation and standard deviation of I of residuals under independent normal errors (Cliff and Ord 1981, chapter 8)."""
    both = (weights + weights.T) / 2
    n, total = len(weights), weights.sum()
    product = maker @ both
    trace, square = float(np.trace(product)), float(np.trace(product @ product))
    mean = n / total * trace / freedom
    second = (n / total) ** 2 * (trace**2 + 2 * square) / (freedom * (freedom + 2))
    return mean, float(np.sqrt(second - mean**2))


def _verdict(excess: float, p_value: float) -> str:
    if p_value >= 0.05:
        return "voisins pas plus semblables que par hasard"
    if excess > 0:
        return "voisins semblables : un test qui tient les lieux pour indépendants est trop sûr de lui"
    return "voisins opposés : les lieux ne sont pas indépendants"
