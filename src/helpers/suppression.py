"""Secondary suppression: which further cells to mask, and what the published ones still give away."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linprog

from helpers.results import Floats

Cell = tuple[int, int]
Equation = tuple[list[Cell], Cell]


def ranges(counts: Floats, masked: NDArray[np.bool_], equations: list[Equation]) -> tuple[Floats, Floats]:
    """Smallest and largest value of each masked cell, given everything published; the value itself elsewhere.

    A masked cell is at least 1, since a zero is always shown. The sums of a two-way table have whole vertices, so that the
    bounds of the linear programme are those of whole counts.
    """
    low, high = counts.copy(), counts.copy()
    cells = [(int(i), int(j)) for i, j in np.argwhere(masked)]
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
        if not system[:, k].any():
            continue
        goal = np.zeros(len(cells))
        for sign, bound in ((1, low), (-1, high)):
            goal[k] = sign
            found = linprog(goal, A_eq=system, b_eq=constant, bounds=(1, None), method="highs")
            if found.status == 0:
                bound[cell] = round(sign * found.fun)
    return low, high


def _open_cells(
    counts: Floats, masked: NDArray[np.bool_], equations: list[Equation], threshold: int
) -> list[Cell]:
    """Masked cells that the published ones give away: one value possible, or none as large as the threshold."""
    low, high = ranges(counts, masked, equations)
    return [(int(i), int(j)) for i, j in np.argwhere(masked & ((high < threshold) | (high <= low)))]


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
    for i, j in sorted(map(tuple, np.argwhere(primary)), key=lambda cell: counts[cell]):
        for cell in _rectangle(table, counts, masked, (i, j), threshold, margins):
            masked[cell] = True
    while still := _open_cells(counts, masked, equations, threshold):
        # There is always one: with every count masked, any multiple of the true table fits what is left.
        found = next(_candidates(counts, masked, equations, still[0]))
        masked[found] = True
    for i, j in sorted(map(tuple, np.argwhere(masked & ~primary)), key=lambda cell: -counts[cell]):
        masked[i, j] = False
        if _open_cells(counts, masked, equations, threshold):
            masked[i, j] = True
    return masked


def _rectangle(
    table: pd.DataFrame,
    counts: Floats,
    masked: NDArray[np.bool_],
    given: Cell,
    threshold: int,
    margins: str | None,
) -> list[Cell]:
    """Cheapest corners that let the given cell rise to the threshold with every total kept (Giessing and Repsilber 2002).

    The given cell rises by d, its neighbours on the rectangle fall or rise by d: those that fall must be large enough. Two
    totals, or a total and a part, move together. Empty when no rectangle will do.
    """
    options = []
    for here, names in zip(given, (table.index, table.columns), strict=True):
        if margins not in names:
            options.append([(here, 0)])  # no total that way: the move needs no partner
            continue
        total = int(names.get_loc(margins))
        options.append([(k, 1 if total in (here, k) else -1) for k in range(len(names)) if k != here])
    rise = threshold - counts[given]
    best: tuple[float, list[Cell]] = (np.inf, [])
    for row, row_sign in options[0]:
        for column, column_sign in options[1]:
            corners = {
                (row, given[1]): row_sign,
                (given[0], column): column_sign,
                (row, column): row_sign * column_sign,
            }
            moves = {cell: sign for cell, sign in corners.items() if cell != given and sign != 0}
            if not all(counts[cell] > (rise if sign < 0 else 0) for cell, sign in moves.items()):
                continue
            fresh = [cell for cell in moves if not masked[cell]]
            in_totals = [margins in (table.index[cell[0]], table.columns[cell[1]]) for cell in fresh]
            # Few cells first, small ones rather than large, totals last: they are what readers need.
            cost = sum(
                np.log1p(counts[cell]) * (3 if total else 1)
                for cell, total in zip(fresh, in_totals, strict=True)
            )
            best = min(best, (float(cost), fresh))
    return best[1]


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
