"""One cell of a table against others: the finding, with its row and its heads."""

from __future__ import annotations

from collections.abc import Sequence

from helpers.documents.verdicts import GAP
from helpers.rereading import equations
from helpers.rereading.findings import HINT, SURE, Finding, Passage
from helpers.rereading.tables import Cell, Table


def finding(
    family: str, equation: str, stated: Cell, terms: Sequence[Cell], table: Table, *, tier: str = SURE
) -> Finding | None:
    """One check of a cell against others, or None when the relation is not defined there."""
    figures = [term.figure for term in terms]
    value = equations.computed(equation, figures)
    if value is None:
        return None
    verdict = equations.agreement(stated.figure, value)
    tier = HINT if table.loose and verdict == GAP else tier
    other = next((term for term in terms if term.line != stated.line), terms[0])
    return Finding(
        family, verdict, passage(table, stated), passage(table, other), equations.in_words(equation, figures, value),
        stated.term, float(value), tuple(term.term for term in terms), equation, tier, label(table, stated),
    )  # fmt: skip


def passage(table: Table, cell: Cell) -> Passage:
    """The row of a cell as it is printed; of a turned table, what stands in it."""
    row = next((row for row in table.rows if row.line.number == cell.line and cell in row.cells), None)
    if row is not None and row.line.cells:
        return Passage(cell.line, " · ".join(text for text in row.line.cells if text), row.line.page)
    return Passage(cell.line, f"{row.label if row else ''} {cell.figure.printed}".strip())


def label(table: Table, cell: Cell) -> str:
    """What a cell is about: its row and its head."""
    row = next((row for row in table.rows if cell in row.cells), None)
    head = table.heads[cell.column] if cell.column < len(table.heads) else ""
    return ", ".join(part for part in (row.label if row else "", head) if part)[:120]
