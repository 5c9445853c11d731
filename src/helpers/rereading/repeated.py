"""Rows and columns that a document prints in two tables, or twice in one (families F3 and A3)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import equations
from helpers.rereading.findings import HINT, SURE, Finding, Findings
from helpers.rereading.tables import Cell, Row, Table, words

SAME_LABEL = 0.8  # share of words that two labels of one row have in common
ALIKE = 0.5  # the same, for two rows whose figures are equal already
FEWEST_EQUAL = 3  # figures of two rows or columns that are equal, before the others should be


def check(tables: Sequence[Table], found: Findings) -> None:
    """Every row and column that is printed twice."""
    for rank, table in enumerate(tables):
        for other in tables[:rank]:
            _rows_by_heads(table, other, found)
            _columns(table, other, found)
            _rows_by_figures(table, other, found)
        _proportional(table, found)


def _heads(table: Table) -> list[str]:
    return [french.plain(re.sub(r"[^\w]", "", _short(head))) for head in table.heads]


def _short(head: str) -> str:
    """What tells a column: « communauté de taille 1 » and « CPTS Taille 1 » are both taille 1."""
    match = re.search(r"taille\s*(\d)", head, re.IGNORECASE)
    return f"taille{match[1]}" if match else head


def _rows_by_heads(table: Table, other: Table, found: Findings) -> None:
    """One label, the same columns, in two tables; the label stands once in each."""
    heads, other_heads = _heads(table), _heads(other)
    if len(set(heads)) < max(2, len(heads)) or not all(heads):
        return
    shared = [(heads.index(head), other_heads.index(head)) for head in heads if other_heads.count(head) == 1]
    if len(shared) < 2:
        return
    for row, twin in _same_rows(table, other):
        for mine, theirs in shared:
            _compare(row, row.cells[mine], twin, twin.cells[theirs], found)


def _same_rows(table: Table, other: Table) -> Iterator[tuple[Row, Row]]:
    theirs = [(twin, _names(twin, other)) for twin in other.rows if twin.aligned]
    for row in table.rows:
        mine = _names(row, table) if row.aligned else []
        for twin, names in theirs:
            if any(_alike(one, another) >= SAME_LABEL for one in mine for another in names):
                yield row, twin


def _alike(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0


def _names(row: Row, table: Table, least: int = 2) -> list[set[str]]:
    """What a row is called: its label, or the group above it when no other row of the table has the same."""
    named = []
    for text in dict.fromkeys((row.label, row.group)):
        mine = words(text)
        if (
            len(mine) >= least
            and sum(mine in (words(one.label), words(one.group)) for one in table.rows) == 1
        ):
            named.append(mine)
    return named


def _compare(
    row: Row, cell: Cell | None, twin: Row, other: Cell | None, found: Findings, tier: str = SURE
) -> None:
    if cell is None or other is None or cell.figure.unit != other.figure.unit:
        return
    # The earlier passage is the one that a reader meets first: it is compared with the later.
    verdict = equations.printed_again(other.figure, cell.figure)
    reading = f"« {row.label} » : {other.figure.printed} ici, {cell.figure.printed} dans l'autre tableau"
    found.add(
        Finding(
            "F3", verdict, twin.passage, row.passage, reading, other.term, cell.figure.value, (cell.term,), "same",
            tier if verdict == GAP else SURE, f"{row.label}, colonne {other.column + 1}"[:120],
        )
    )  # fmt: skip


def _columns(table: Table, other: Table, found: Findings) -> None:
    """A column that another table prints too: the rows of the same labels, most of whose figures are equal."""
    theirs = {id(twin): _names(twin, other, 1) for twin in other.rows}
    pairs = []
    for row in table.rows:
        mine = _names(row, table, 1)
        twins = [
            twin for twin in other.rows
            if any(_alike(one, another) >= SAME_LABEL for one in mine for another in theirs[id(twin)])
        ]  # fmt: skip
        if len(twins) == 1:
            pairs.append((row, twins[0]))
    if len(pairs) < FEWEST_EQUAL:
        return
    for column in range(table.width):
        for place in range(other.width):
            cells = [
                (row, one, twin, two) for row, twin in pairs
                if column < len(row.cells) and place < len(twin.cells)
                and (one := row.cells[column]) and (two := twin.cells[place]) and one.figure.unit == two.figure.unit
            ]  # fmt: skip
            equal = {one.figure.value for _, one, _, two in cells if one.figure.value == two.figure.value}
            same = sum(one.figure.value == two.figure.value for _, one, _, two in cells)
            if len(equal) >= FEWEST_EQUAL and same >= 0.7 * len(cells):
                for row, one, twin, two in cells:
                    _compare(row, one, twin, two, found, HINT)


def _rows_by_figures(table: Table, other: Table, found: Findings) -> None:
    """A row that another table prints too: all its figures but one are equal, and the labels say nearly the same."""
    for row in table.rows:
        for twin in other.rows:
            cells = _columns_of(row, twin)
            equal = [one.figure.value for one, two in cells if one.figure.value == two.figure.value]
            if len(set(equal)) < FEWEST_EQUAL or len(equal) < len(cells) - 1:
                continue
            mine, theirs = words(row.label), words(twin.label)
            least = min(len(mine), len(theirs))
            if least and len(mine & theirs) / least >= ALIKE:
                for one, two in cells:
                    _compare(row, one, twin, two, found, HINT)


def _columns_of(row: Row, twin: Row) -> list[tuple[Cell, Cell]]:
    """Cells of two rows that stand in the same column, of the same unit."""
    return [
        (one, two) for one, two in zip(row.filled, twin.filled, strict=False)
        if one.figure.unit == two.figure.unit and len(row.filled) == len(twin.filled)
    ]  # fmt: skip


def _proportional(table: Table, found: Findings) -> None:
    """A row that is a round share of one like it (the half, three quarters, the same) in all its columns but one at most."""
    rows = [row for row in table.rows if row.aligned and len(row.filled) >= 4]
    for rank, row in enumerate(rows):
        for other in rows[max(0, rank - 3) : rank]:
            cells = [
                (one, two) for one, two in _columns_of(row, other)
                if one.figure.value and two.figure.value and one.figure.unit != "%"
            ]  # fmt: skip
            shares = [round(100 * one.figure.value / two.figure.value, 6) for one, two in cells]
            alike = (words(row.label) | words(row.group)) & (words(other.label) | words(other.group))
            if not 4 <= len(cells) <= 12:
                continue
            share = max(set(shares), key=shares.count)
            if share != 100 and not alike:
                continue
            different = {
                one.figure.value for (one, _), told in zip(cells, shares, strict=True) if told == share
            }
            if share % 5 or shares.count(share) < len(cells) - 1 or len(different) < FEWEST_EQUAL:
                continue
            if share > 100 or max(different) < 1000:  # small whole numbers are in proportion by accident
                continue
            for (one, two), told in zip(cells, shares, strict=True):
                _add_share(row, one, other, two, share, GAP if told != share else REPRODUCED, table, found)


def _add_share(
    row: Row, cell: Cell, other: Row, whole: Cell, share: float, verdict: str, table: Table, found: Findings
) -> None:
    computed = whole.figure.value * share / 100
    reading = f"{equations.said(share)} % de {whole.figure.printed} = {equations.said(computed)}, comme dans les autres colonnes"
    tier = HINT if verdict == GAP else SURE
    found.add(
        Finding(
            "A3", verdict, row.passage, other.passage, reading, cell.term, computed, (whole.term,), "", tier,
            f"{row.label}, {table.heads[cell.column]}"[:120],
        )
    )  # fmt: skip
