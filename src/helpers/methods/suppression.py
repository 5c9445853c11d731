"""Secondary suppression: which further cells to mask, and what the published ones still give away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from helpers.methods.results import Floats

Cell = tuple[int, int]
Equation = tuple[list[Cell], Cell]


def ranges(
    counts: Floats, masked: NDArray[np.bool_], equations: list[Equation], only: Cell | None = None
) -> tuple[Floats, Floats]:
    """Smallest and largest value of each masked cell, given everything published; the value itself elsewhere.

    A masked cell is at least 1, since a zero is always shown. The sums of a two-way table have whole vertices, so that the
    bounds of the linear programme are those of whole counts. `only` spares the other cells.
    """
    low, high = counts.copy(), counts.copy()
    cells = _cells(masked)
    position = {cell: k for k, cell in enumerate(cells)}
    low[masked], high[masked] = 1, np.inf
    matrix, constant = [], []
    for parts, total in equations:
        line, known = np.zeros(len(cells)), 0.0
        for cell, sign in [*((part, 1.0) for part in parts), (total, -1.0)]:
            if cell in position:
                line[position[cell]] += sign
            else:
                known += sign * counts[cell]
        if line.any():
            matrix.append(line)
            constant.append(-known)
    if not matrix:
        return low, high
    system = np.array(matrix)
    for cell, k in position.items():
        if only not in (None, cell) or not system[:, k].any():
            continue
        goal = np.zeros(len(cells))
        for sign, bound in ((1, low), (-1, high)):
            goal[k] = sign
            found = linprog(goal, A_eq=system, b_eq=constant, bounds=(1, None), method="highs")
            if found.status == 0:
                bound[cell] = round(sign * found.fun)
    return low, high


def protect(
    table: pd.DataFrame,
    counts: Floats,
    masked: NDArray[np.bool_],
    equations: list[Equation],
    threshold: int,
    margins: str | None,
) -> NDArray[np.bool_]:
    """Add secondary masks until nothing is given away, then take back those that turn out useless.

    The cheap rectangles do nearly all; the loop under them settles tables with zeros or holes, where none is left.
    """
    primary, masked = masked.copy(), masked.copy()
    totals = _total(table.index, margins), _total(table.columns, margins)
    for cell in sorted(_cells(primary), key=lambda cell: counts[cell]):
        for corner in _rectangle(counts, masked, cell, threshold, totals)[1]:
            masked[corner] = True
    while (given := _given_away(counts, masked, equations, threshold, totals)) is not None:
        # There is always one: with every count masked, any multiple of the true table fits what is left.
        masked[next(_candidates(counts, masked, equations, given))] = True
    for i, j in sorted(_cells(masked & ~primary), key=lambda cell: -counts[cell]):
        masked[i, j] = False
        if _given_away(counts, masked, equations, threshold, totals, first=(i, j)) is not None:
            masked[i, j] = True
    return masked


def _cells(masked: NDArray[np.bool_]) -> list[Cell]:
    return [(int(i), int(j)) for i, j in np.argwhere(masked)]


def _total(names: pd.Index[str], margins: str | None) -> int | None:
    return int(names.get_loc(margins)) if margins in names else None


def _given_away(
    counts: Floats,
    masked: NDArray[np.bool_],
    equations: list[Equation],
    threshold: int,
    totals: tuple[int | None, int | None],
    first: Cell | None = None,
) -> Cell | None:
    """A masked cell with one possible value, or none as large as the threshold; None when all are safe.

    A cell on a rectangle of masks large enough is safe without further proof; linear programming judges the others, those in
    the row or column of `first` before the rest, because that is where a mask taken back is missed.
    """
    cells = _cells(masked)
    if first is not None:
        cells.sort(key=lambda cell: cell[0] != first[0] and cell[1] != first[1])
    for cell in cells:
        if _rectangle(counts, masked, cell, threshold, totals)[0] == 0:
            continue
        low, high = ranges(counts, masked, equations, only=cell)
        if high[cell] < threshold or high[cell] <= low[cell]:
            return cell
    return None


def _rectangle(
    counts: Floats,
    masked: NDArray[np.bool_],
    given: Cell,
    threshold: int,
    totals: tuple[int | None, int | None],
) -> tuple[float, list[Cell]]:
    """Cheapest corners that let the given cell rise to the threshold with every total kept (Giessing and Repsilber 2002).

    The given cell rises by d, its neighbours on the rectangle fall or rise by d: those that fall must be large enough. Two
    totals, or a total and a part, move together. Returns the cost (0: all are masked already; infinite: no rectangle will do)
    and the corners not masked yet.
    """
    weight = np.log1p(counts)
    # Few cells first, small ones rather than large, totals last: they are what readers need.
    for axis, total in enumerate(totals):
        if total is not None:
            weight[(slice(None),) * axis + (total,)] *= 3
    weight[masked] = 0
    (rows, row_sign), (columns, column_sign) = (
        _partners(here, size, total) for here, size, total in zip(given, counts.shape, totals, strict=True)
    )
    rise = max(threshold - counts[given], 1)
    cost = np.zeros((len(rows), len(columns)))
    grid = np.ix_(rows, columns)
    for cells, sign in (
        (np.ix_(rows, np.array([given[1]])), row_sign[:, None]),
        (np.ix_(np.array([given[0]]), columns), column_sign[None, :]),
        (grid, row_sign[:, None] * column_sign[None, :]),
    ):
        able = counts[cells] > np.where(sign < 0, rise, 0)
        # A sign of zero is the given cell itself: there are no totals that way and no partner is needed.
        cost = cost + np.where(sign == 0, 0, np.where(able, weight[cells], np.inf))
    best = np.unravel_index(int(cost.argmin()), cost.shape)
    row, column = int(rows[best[0]]), int(columns[best[1]])
    corners = {(row, given[1]), (given[0], column), (row, column)} - {given}
    return float(cost[best]), sorted(cell for cell in corners if not masked[cell]) if np.isfinite(
        cost[best]
    ) else []


def _partners(here: int, size: int, total: int | None) -> tuple[NDArray[np.int_], NDArray[np.int_]]:
    """Rows (or columns) that can make up for a move in `here`, and whether they fall (-1) or rise (1) with it."""
    if total is None:
        return np.array([here]), np.array([0])
    others = np.delete(np.arange(size), here)
    return others, np.where((others == total) | (here == total), 1, -1)


def _candidates(
    counts: Floats, masked: NDArray[np.bool_], equations: list[Equation], given: Cell
) -> Iterator[Cell]:
    """Cells to mask next, best first: in a sum of the given cell that it is alone to hide, parts before totals, small first."""
    lines = [[*parts, total] for parts, total in equations]
    totals = {total for _, total in equations}

    def free(line: list[Cell]) -> list[Cell]:
        return [cell for cell in line if not masked[cell] and counts[cell] > 0]

    mine = [line for line in lines if given in line]
    mine.sort(key=lambda line: sum(counts[cell] for cell in line if masked[cell] and cell != given))
    linked = [line for line in lines if any(masked[cell] for cell in line)]
    for group in (mine, linked, lines):
        for line in group:
            yield from sorted(free(line), key=lambda cell: (cell in totals, counts[cell], cell))
