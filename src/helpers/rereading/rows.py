"""Relations inside one table: sums and ratios here (families A1 and A3), shares in their module."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator

from helpers.documents.verdicts import REPRODUCED, ROUNDED
from helpers.rereading import equations, shares
from helpers.rereading.findings import HINT, SURE, Findings
from helpers.rereading.relations import finding
from helpers.rereading.tables import TOTAL, Cell, Row, Table

LONGEST_SUM, MOST_TERMS = 14, 40  # rows of one unannounced sum; rows of a table where a ratio is looked for
_RATIO = re.compile(
    r"\b(?:densité|taux|part|moyenne?|ratio|par|pour|%|pourcentage|proportion|différence|écart|solde|évolution|variation)\b|%",
    re.IGNORECASE,
)
_PER = (("quotient", r"par|densité|moyenne?|ratio|/"), ("share", r"%|part|taux|pourcentage|proportion|pour 100\b"),
        ("per_10_000", r"pour 10 ?000\b"), ("per_100_000", r"pour 100 ?000\b"),
        ("difference", r"différence|écart|solde|évolution|variation"))  # fmt: skip


def check(table: Table, found: Findings) -> None:
    """Every relation inside one table."""
    turned = table.turned()
    _sums(table, found)
    _sums(turned, found)
    _ratios(table, found)
    _ratios(turned, found)
    shares.check(table, turned, found)


def _sums(table: Table, found: Findings) -> None:
    """A row that is the sum of rows above or below it, in most columns; a label may announce it."""
    rows = [row for row in table.rows if row.aligned]
    for rank, row in enumerate(rows):
        if "%" in {cell.figure.unit for cell in row.filled} or not row.filled:
            continue
        labelled = is_total(row)
        best: tuple[int, int, list[Row]] | None = None
        tried = 0
        for span in _spans(rows, rank, labelled):
            tried += 1
            held, of = _holds(row, span)
            if of and held / of >= 0.6 and (best is None or (held, len(span)) > best[:2]):
                best = (held, len(span), span)
        if best is not None and _sure(row, best, labelled, tried):
            for cell in row.filled:
                _add_sum(table, cell, best[2], found)
        elif best is None and labelled and row.filled:
            _announced(table, rows, rank, found)


def is_total(row: Row) -> bool:
    """Whether a label announces a total."""
    return bool(TOTAL.search(row.label) or (TOTAL.search(row.group) and len(row.group) < 60))


def _spans(rows: list[Row], rank: int, labelled: bool) -> Iterator[list[Row]]:
    """Sets of rows that a row may be the sum of: the rows just above, just below, or the subtotals above."""
    longest = MOST_TERMS if labelled else LONGEST_SUM
    for start in range(rank - 2, max(-1, rank - 1 - longest), -1):
        yield rows[start:rank]
    for end in range(rank + 3, min(len(rows), rank + 1 + longest) + 1):
        yield rows[rank + 1 : end]
    if labelled:
        plain = [row for row in rows[:rank] if not is_total(row)]
        subtotals = [row for row in rows[:rank] if is_total(row)]
        if len(subtotals) >= 2:
            yield subtotals
            if not is_total(rows[0]):
                yield [rows[0], *subtotals]
        if len(plain) >= 2 and len(plain) < rank:
            yield plain
        # A total may leave out a row that is an alternative to another ("mise à jour du plan").
        since = max((r + 1 for r in range(rank) if is_total(rows[r])), default=0)
        near = rows[max(since, rank - 6) : rank]
        if row_width(rows[rank]) >= 3:
            for size in range(2, len(near)):
                yield from (list(chosen) for chosen in itertools.combinations(near, size))


def row_width(row: Row) -> int:
    """Number of different figures of a row."""
    return len({cell.figure.value for cell in row.filled})


def _terms(column: int, span: list[Row]) -> list[Cell] | None:
    cells = [row.cells[column] if column < len(row.cells) else None for row in span]
    known = [cell for cell in cells if cell is not None]
    if len(known) < 2 or len(known) < len(cells) or any(cell.figure.unit == "%" for cell in known):
        return None
    return known


def _holds(row: Row, span: list[Row]) -> tuple[int, int]:
    held = of = 0
    for cell in row.filled:
        terms = _terms(cell.column, span)
        if terms is None or not cell.figure.value:
            continue
        of += 1
        value = equations.computed("total", [term.figure for term in terms])
        held += value is not None and equations.agreement(cell.figure, value) == REPRODUCED
    return held, of


def _sure(row: Row, best: tuple[int, int, list[Row]], labelled: bool, tried: int) -> bool:
    """Whether a sum is no accident: announced by a label, or held in more columns than chance gives."""
    held, _, span = best
    if labelled and (held >= 2 or len(span) >= 3 or span[0].line.number == row.line.number - 2):
        return True
    cells = [cell for cell in row.filled if cell.figure.value]
    values = [term.figure.value for other in (row, *span) for term in other.filled]
    step = equations.granularity(values) or 1.0
    distinct = len(_profiles(cells, span))
    likelihood = max((step / max(abs(cell.figure.value), step) for cell in cells), default=1.0)
    return (
        distinct >= 2
        and equations.accidental(min(held, distinct), distinct, min(likelihood, 0.5), tried)
        < equations.CHANCE
    )


def _profiles(cells: list[Cell], span: list[Row]) -> set[tuple[float, ...]]:
    """Columns that are no multiple of another: a sum that holds in one holds in its multiples, which prove nothing more."""
    found = set()
    for cell in cells:
        terms = _terms(cell.column, span) or []
        found.add(tuple(round(term.figure.value / cell.figure.value, 3) for term in terms))
    return found - {()}


def _add_sum(table: Table, cell: Cell, span: list[Row], found: Findings, tier: str = SURE) -> None:
    terms = _terms(cell.column, span)
    if terms is not None:
        one = finding("A1", "total", cell, terms, table, tier=tier)
        if one is not None:
            found.add(one)


def _announced(table: Table, rows: list[Row], rank: int, found: Findings) -> None:
    """A total that no set of rows gives: the rows since the last total are compared, as a hint unless they come near."""
    start = max((r + 1 for r in range(rank) if is_total(rows[r])), default=0)
    span = rows[start:rank]
    if len(span) < 3:
        return
    for cell in rows[rank].filled:
        terms = _terms(cell.column, span)
        if terms is None or not cell.figure.value:
            continue
        value = math.fsum(term.figure.value for term in terms)
        # Rows that overlap (answers to several choices) add up to much more than their base: no total at all.
        if 0.5 <= value / cell.figure.value <= 2:
            near = abs(value / cell.figure.value - 1) < 0.35 and table.width <= 2
            _add_sum(table, cell, span, found, SURE if near else HINT)


def _ratios(table: Table, found: Findings) -> None:
    """A row labelled as a rate, a share, a density or a difference, computed from two others in most columns."""
    rows = [row for row in table.rows if row.aligned and len(row.filled) >= 3][:MOST_TERMS]
    for row in rows:
        names = [
            name
            for name, pattern in _PER
            if re.search(rf"(?:\b|(?<=\s))(?:{pattern})", row.label, re.IGNORECASE)
        ]
        if not names or not _RATIO.search(row.label):
            continue
        best: tuple[int, str, Row, Row] | None = None
        for equation in names:
            for first in rows:
                for second in rows:
                    if len({id(row), id(first), id(second)}) < 3:
                        continue
                    held, of = _ratio_holds(equation, row, first, second)
                    if held >= 3 and held / of >= 0.6 and (best is None or held > best[0]):
                        tried = len(names) * len(rows) ** 2
                        if equations.accidental(held, of, _width(row), tried) < equations.CHANCE:
                            best = (held, equation, first, second)
        if best is None:
            continue
        for cell in row.filled:
            terms = [best[2].cells[cell.column], best[3].cells[cell.column]]
            known = [term for term in terms if term is not None]
            if len(known) == 2 and (one := finding("A3", best[1], cell, known, table)) is not None:
                found.add(one)


def _ratio_holds(equation: str, row: Row, first: Row, second: Row) -> tuple[int, int]:
    held = of = 0
    for cell in row.filled:
        one, two = first.cells[cell.column], second.cells[cell.column]
        if one is None or two is None or not two.figure.value:
            continue
        of += 1
        value = equations.computed(equation, [one.figure, two.figure])
        held += value is not None and equations.agreement(cell.figure, value) in (REPRODUCED, ROUNDED)
    return held, max(of, 1)


def _width(row: Row) -> float:
    """Likelihood of one accidental agreement with the figures of a row: their rounding over their spread, with slack."""
    values = [cell.figure.value for cell in row.filled]
    spread = max(values) - min(values) or max(map(abs, values)) or 1.0
    return min(0.5, 4 * max(cell.figure.step for cell in row.filled) / spread)
