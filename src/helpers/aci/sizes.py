"""Size classes of the ACI: bounds, class of a population, and what is said of a population on a bound."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable

SIZES = (1, 2, 3, 4)


def bounds(study: Study) -> pd.DataFrame:
    """Size classes: columns `size`, `lower`, `upper` (inhabitants; the upper bound of the last class is missing)."""
    return study.table("miller2022/size_classes")[["size", "lower", "upper"]]


def size_class(population: float, classes: pd.DataFrame) -> int:
    """Size class of a population: 1 to 4.

    The documents print bounds that belong to two classes or to none; ours is said here: a class contains its lower bound and
    not its upper one. Raises NotComputable for a population that is missing or not positive.
    """
    return _within(population, *_limits(classes))


def _limits(classes: pd.DataFrame) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Lower bounds and sizes; the first class has no lower bound."""
    return classes["lower"].to_numpy(dtype=float, na_value=np.nan), classes["size"].to_numpy(dtype=int)


def _within(population: float, lower: NDArray[np.float64], sizes: NDArray[np.int64]) -> int:
    if pd.isna(population) or not population > 0:
        raise NotComputable("Taille non définie : la population doit être un nombre positif.")
    return int(sizes[~(lower > population)].max())


def size_classes(populations: pd.Series[float], classes: pd.DataFrame) -> pd.Series[int]:
    """Size class of each population; missing where the population is."""
    limits = _limits(classes)
    return populations.map(lambda value: pd.NA if pd.isna(value) else _within(float(value), *limits)).astype(
        "Int64"
    )


def size_sentence(population: float, classes: pd.DataFrame) -> str:
    """One French sentence that names the size class, and the convention when the population stands on a bound.

    Raises NotComputable as `size_class` does.
    """
    size = size_class(population, classes)
    said = f"{french.plural(population, 'habitant')} : taille {size}"
    if population not in set(classes["upper"].dropna()):
        return f"{said}."
    return (
        f"{said}. Les documents rangent cette borne dans deux classes ou dans aucune ; ici une classe contient sa borne basse, "
        f"et un habitant de moins donnerait la taille {size - 1}."
    )
