"""Threshold effects of the ACI: euros per inhabitant along the population, and the jump at each size bound."""

from __future__ import annotations

import pandas as pd

from helpers.aci.sizes import SIZES


def per_inhabitant_at_bounds(ceilings: pd.Series[float], classes: pd.DataFrame) -> pd.DataFrame:
    """Ceiling per inhabitant on both sides of each size bound.

    Takes the ceiling in euros indexed by size (1 to 4). Returns one row per bound: `bound` (inhabitants), `below` and `above`
    (euros per inhabitant with the scale of the class under and over the bound), `step` (euros gained when it is crossed).
    """
    rows = []
    for size in SIZES[:-1]:
        bound = float(classes.loc[classes["size"] == size, "upper"].iloc[0])
        low, high = float(ceilings.loc[size]), float(ceilings.loc[size + 1])
        rows.append({"bound": bound, "below": low / bound, "above": high / bound, "step": high - low})
    return pd.DataFrame(rows)
