"""Small counts: what may be published of a table of counts, and what stays masked so that nobody can find it again.

Mask after aggregation to the perimeter, never before: a sum of masked cells is unknown, a mask on the sum protects it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import french
from helpers.errors import NotComputable
from helpers.methods import suppression
from helpers.methods.results import Floats

# The four states of absence, and the cell that is there.
PUBLISHED, ZERO, MASKED = "publié", "zéro", "masqué"
NOT_COLLECTED, NOT_APPLICABLE = "non recueilli", "sans objet"
STATES = (PUBLISHED, ZERO, MASKED, NOT_COLLECTED, NOT_APPLICABLE)
# Above, a float no longer tells a whole number from the next, and sums cannot be checked.
_LARGEST = 2**53


def mask(table: pd.DataFrame, *, threshold: int = 11, margins: str | None) -> pd.DataFrame:
    """Primary and secondary masking of a table of counts (Willenborg and de Waal 2001, chapters 3 and 4).

    Takes a table of whole counts, one row and one column per category, already summed to its perimeter; a cell that is no
    count says "non recueilli" or "sans objet". `margins` names the row and column of totals that will be published ("Total"),
    or None when none will; totals are over the collected cells. Every count from 1 to `threshold` - 1 is masked, totals too;
    then other cells, the smallest first, until the published ones leave each masked cell more than one value and at least
    `threshold` as possible. A zero is shown as zero. This holds against readers who add and subtract what is published; one who
    also replays this choice of the smallest cells may narrow a count near the threshold among nearly equal cells.

    Returns one row per cell in the order of the table: `row`, `column`, `value` (missing unless published), `state` of STATES,
    `lower` and `upper` (possible range; no upper bound without margins), `percent` (of the row total, when both are
    published), `shown` (French text). Nothing says which masked cells are small: that would be to say it. Raises
    NotComputable for cells that are not counts, or totals that do not add up.
    """
    counts, states = _read(table)
    if threshold < 2:
        raise NotComputable("Le seuil de masquage doit être au moins 2 ; l'usage est 11.")
    equations = _equations(table, counts, states, margins)
    masked = (counts > 0) & (counts < threshold)
    if equations:
        masked = suppression.protect(table, counts, masked, equations, threshold, margins)
    low, high = suppression.ranges(counts, masked, equations)
    states = np.where(masked, MASKED, states)
    value = np.where(masked, np.nan, counts)
    percent = _percent(table, value, margins)
    grid = pd.MultiIndex.from_product([table.index, table.columns], names=["row", "column"])
    return pd.DataFrame(
        {
            "row": grid.get_level_values(0),
            "column": grid.get_level_values(1),
            "value": value.ravel(),
            "lower": low.ravel(),
            "upper": high.ravel(),
            "percent": percent.ravel(),
            "state": states.ravel(),
            "shown": [
                _shown(*cell)
                for cell in zip(value.flat, map(str, states.flat), low.flat, high.flat, strict=True)
            ],
        }
    )


def tells_few(
    kind: str, *, numerator: Any, denominator: Any, value: Any, per: float, threshold: int = 11
) -> bool:
    """Whether the row of an indicator that counts people shows a count from 1 to `threshold` - 1, or lets it be found again.

    `kind` is "proportion", "taux", "nombre" or "moyenne"; `numerator` and `denominator` are counts (missing when unknown),
    `value` is per `per`. The counted, their base and, for a proportion, the others are looked at; a value with its base alone
    is a count as well. A zero is no secret. What other rows would give back is the matter of `people.hidden`.
    """

    def small(count: Any) -> bool:
        return bool(pd.notna(count)) and 0 < round(float(count), 9) < threshold

    counted = numerator
    if pd.isna(counted) and pd.notna(value):
        if kind == "nombre":
            counted = value
        elif kind in ("proportion", "taux") and pd.notna(denominator):
            counted = float(value) * float(denominator) / per
    if kind == "proportion" and pd.notna(counted) and pd.notna(denominator):
        others = float(denominator) - float(counted)
        if others < 0:
            return False  # No such people: whoever computes the proportion refuses it.
        if small(others):
            return True
    return small(counted) or small(denominator)


def _read(table: pd.DataFrame) -> tuple[Floats, NDArray[np.object_]]:
    """Counts (missing where there is none) and state of each cell."""
    if table.empty:
        raise NotComputable("Le tableau à masquer est vide.")
    if table.index.has_duplicates or table.columns.has_duplicates:
        raise NotComputable("Deux lignes ou deux colonnes du tableau portent le même nom.")
    counts = np.full(table.shape, np.nan)
    states = np.full(table.shape, PUBLISHED, dtype=object)
    for i, row in enumerate(table.index):
        for j, column in enumerate(table.columns):
            cell = table.iat[i, j]
            where = f"ligne « {row} », colonne « {column} »"
            if isinstance(cell, str) and cell in (NOT_COLLECTED, NOT_APPLICABLE):
                states[i, j] = cell
                continue
            number = pd.to_numeric(cell, errors="coerce")
            if pd.isna(number):
                raise NotComputable(
                    f"{where} : cellule vide ou illisible ; écrivez un effectif, « {NOT_COLLECTED} » ou « {NOT_APPLICABLE} »."
                )
            if not 0 <= number <= _LARGEST or number != np.floor(number):
                told = french.number(float(number)) if abs(number) <= _LARGEST else cell
                raise NotComputable(f"{where} : {told} n'est pas un effectif entier.")
            counts[i, j] = number
            states[i, j] = ZERO if number == 0 else PUBLISHED
    return counts, states


def _equations(
    table: pd.DataFrame, counts: Floats, states: NDArray[np.object_], margins: str | None
) -> list[suppression.Equation]:
    """Sums that the published totals promise, checked on the true counts."""
    filled = ~np.isnan(counts)
    equations = _lines(table, filled, margins)
    for parts, (i, j) in equations:
        total = sum(counts[part] for part in parts)
        if total != counts[i, j]:
            raise NotComputable(
                f"Ligne « {table.index[i]} », colonne « {table.columns[j]} » : le total ({french.number(counts[i, j])})"
                f" n'est pas la somme des cellules recueillies ({french.number(total)}) ; agrégez avant de masquer."
            )
    return equations


def _lines(table: pd.DataFrame, filled: NDArray[np.bool_], margins: str | None) -> list[suppression.Equation]:
    """Each published total with its parts, as positions."""
    if margins is None:
        return []
    in_rows, in_columns = margins in table.index, margins in table.columns
    if not in_rows and not in_columns:
        raise NotComputable(
            f"Aucune ligne ni colonne « {margins} » dans le tableau ; sans totaux publiés, margins=None."
        )
    height, width = table.shape
    equations: list[suppression.Equation] = []
    if in_columns:
        total = int(table.columns.get_loc(margins))
        for i in range(height):
            parts = [(i, j) for j in range(width) if j != total and filled[i, j]]
            if parts and filled[i, total]:
                equations.append((parts, (i, total)))
    if in_rows:
        total = int(table.index.get_loc(margins))
        for j in range(width):
            parts = [(i, j) for i in range(height) if i != total and filled[i, j]]
            if parts and filled[total, j]:
                equations.append((parts, (total, j)))
    return equations


def _percent(table: pd.DataFrame, value: Floats, margins: str | None) -> Floats:
    """Share of the row total in percent, only where both are published: otherwise one would give the other."""
    if margins is None or margins not in table.columns:
        return np.full(value.shape, np.nan)
    total = value[:, [int(table.columns.get_loc(margins))]]
    # A total of zero has parts of zero: nothing over nothing is missing.
    with np.errstate(invalid="ignore"):
        return np.asarray(100 * value / total, dtype=float)


def _shown(value: float, state: str, low: float, high: float) -> str:
    if state in (PUBLISHED, ZERO):
        return french.number(value, 0)
    if state != MASKED:
        return state
    if np.isinf(high):
        return f"{MASKED} ({french.number(low, 0)} ou plus)"
    return f"{MASKED} ({french.number(low, 0)} à {french.number(high, 0)})"
