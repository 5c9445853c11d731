"""Many places of one indicator: each raw value beside what the others make plausible, and the funnel widened to their spread."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from numpy.typing import ArrayLike

from helpers import french
from helpers.methods import comparison, controlled, measured, shrinkage

RISK = 1 - comparison.FUNNEL_LEVELS[1]


def places(
    kind: str, numerators: ArrayLike, denominators: ArrayLike, *, per: float = 100, territory: Sequence[str]
) -> pd.DataFrame:
    """Raw value, shrunken value and place in the funnel of ten places or more, compared with all of them together.

    Takes what `shrinkage.shrunken` takes. Returns its rows, with `verdict`, `factor` (of the limits; 1: not widened) and
    `average` (of all the places, per `per`) of `comparison.funnel_significance`. Raises NotComputable as both do.
    """
    table = shrinkage.shrunken(kind, numerators, denominators, per=per, territory=territory)
    average = per * float(table["numerator"].sum() / table["denominator"].sum())
    funnel = comparison.funnel_significance(
        kind, table["numerator"], table["denominator"], average, per=per, territory=territory
    )
    return table.assign(verdict=funnel["verdict"], factor=funnel["factor"], average=average)


def sentence(table: pd.DataFrame) -> str:
    """How many of `places` leave the funnel, which ones, how far it was widened and what chance alone would give."""
    out = table[table["verdict"].str.startswith(comparison.FAR_OUTSIDE)]
    sides = [
        f"{french.listing(rows['territory'])} ({side})"
        for side, rows in out.groupby(out["verdict"].str.split(", ").str[1], sort=False)
    ]
    factor = float(table["factor"].iloc[0])
    limits = "limites à 99,8 %"
    limits += f", élargies {french.number(factor, 1)} fois pour la dispersion" if factor > 1 else ""
    told = (
        f"{len(out)} sur {len(table)} en {'sortent' if len(out) > 1 else 'sort'}, {' ; '.join(sides)}"
        if len(out)
        else f"aucun sur {len(table)} n'en sort"
    )
    return f"Entonnoir ({limits}) : {told}. {controlled.false_alarms_sentence(len(table), risk=RISK)}"


def with_limits(row: Mapping[str, Any]) -> str:
    """Value of a row with its interval, for a cell, to the digits of every table."""
    value, low, high = (
        french.number(float(row[name]), measured.digits(row["value"])) for name in ("value", "lower", "upper")
    )
    return f"{value} [{low} ; {high}]"
