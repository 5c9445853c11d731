"""Percentages of a table: they make a hundred, and each is a part of a whole number of people (families A2, A4, A5, B2)."""

from __future__ import annotations

import math
import re

from helpers.documents import intervals
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import equations, numbers
from helpers.rereading.findings import HINT, SURE, Finding, Findings
from helpers.rereading.numbers import Figure
from helpers.rereading.relations import finding, label, passage
from helpers.rereading.tables import Cell, Row, Table, words

_PART = re.compile(r"^(?:-\s*)?dont\b", re.IGNORECASE)
_BASE = re.compile(r"\b[nN]\s*=\s*(\d[\d \u00a0\u202f]*)")
GRIM_SLACK = 0.6  # a table of percentages is testable while its rounding leaves at least this share of values impossible


def check(table: Table, turned: Table, found: Findings) -> None:
    """Every relation between the percentages of a table, read by columns and, `turned`, by rows."""
    _hundred(table, found)
    _hundred(turned, found)
    _whole_counts(table, found)
    _parts(table, found)
    _parts(turned, found)
    _shares_of_base(table, found)
    _composed(table, found)


def _hundred(table: Table, found: Findings) -> None:
    """Rows of percentages that add up to 100 in most columns."""
    rows = [row for row in table.rows if row.aligned]
    flags = [bool(row.filled) and all(cell.figure.unit == "%" for cell in row.filled) for row in rows]
    chosen: list[Row] | None = None
    for start in range(len(rows)):
        for end in range(start + 3, min(len(rows), start + 25) + 1):
            if not all(flags[start:end]):
                break
            held = [_makes_hundred(rows[start:end], column) for column in range(table.width)]
            known = [item for item in held if item is not None]
            most = len(known) >= 2 and sum(known) / len(known) >= 0.6
            alone = len(known) == 1 and known[0] and end - start >= 3
            if (most or alone) and (chosen is None or end - start > len(chosen)):
                chosen = rows[start:end]
    if chosen is None:
        return
    for column in range(table.width):
        cells = [cell for row in chosen if (cell := row.cells[column]) is not None]
        if len(cells) == len(chosen):
            largest = max(cells, key=lambda cell: cell.figure.value)
            others = [cell for cell in cells if cell is not largest]
            rest = equations.computed("total", [cell.figure for cell in others])
            if rest is None:
                continue
            left = 100 - rest
            verdict = equations.agreement(largest.figure, left)
            near = verdict != GAP and not equations.whole([cell.figure for cell in cells])
            verdict, tier = (GAP, HINT) if near else (verdict, SURE)
            said = " + ".join(cell.figure.printed for cell in cells[:10])
            found.add(
                Finding(
                    "A2", verdict, passage(table, largest), passage(table, others[0]),
                    f"{said} = {equations.said(math.fsum(cell.figure.value for cell in cells))} % (100 % attendus)",
                    largest.term, float(left), tuple(cell.term for cell in others), "complement", tier, label(table, largest),
                )
            )  # fmt: skip


def _makes_hundred(rows: list[Row], column: int) -> bool | None:
    cells = [row.cells[column] for row in rows]
    if any(cell is None for cell in cells):
        return None
    value = equations.computed("total", [cell.figure for cell in cells if cell])
    low, high = intervals.ends(value) if value is not None else (0.0, 0.0)
    return low - 1e-9 <= 100 <= high + 1e-9


def _whole_counts(table: Table, found: Findings) -> None:
    """GRIM (Brown and Heathers 2017): a percentage of n people is that of a whole count, or none."""
    rows = [row for row in table.rows if row.aligned]
    for row in rows:
        if not row.label.strip().startswith(("%", "Part ", "Pourcentage", "Proportion")):
            continue
        base = next((other for other in rows if other is not row and _counts(other, row)), None)
        if base is None:
            continue
        for cell in row.filled:
            whole = base.cells[cell.column]
            if whole is None or not whole.figure.whole or whole.figure.value <= 0:
                continue
            one = grim(cell.figure, whole.figure)
            if one is None:
                continue
            nearest, verdict = one
            if verdict == GAP:
                count = round(nearest * whole.figure.value / 100)
                reading = f"{count} sur {whole.figure.printed} = {equations.said(nearest)} %, le plus proche d'un effectif entier"
                found.add(
                    Finding(
                        "A4", GAP, row.passage, base.passage, reading, cell.term, nearest, (whole.term,), "", SURE,
                        label(table, cell),
                    )
                )  # fmt: skip


def grim(share: Figure, base: Figure) -> tuple[float, str] | None:
    """Percentage of the whole count nearest to a printed one, with the verdict; None where the rounding lets any count pass."""
    width = max(share.high - share.low, share.step)
    if (
        base.value * width / 100 > 1 - GRIM_SLACK + 0.3
        or not math.isfinite(share.high)
        or not math.isfinite(share.low)
    ):
        return None
    nearest = 100 * round(share.value * base.value / 100) / base.value
    return nearest, equations.agreement(share, nearest)


def _counts(other: Row, row: Row) -> bool:
    """Whether a row counts the people that another is a percentage of."""
    if not re.match(r"\s*(?:nombre|nb|effectif)", other.label, re.IGNORECASE):
        return False
    mine = words(other.label) - {"nombre", "nb", "effectif", "liberaux", "total"}
    return bool(mine) and mine <= words(row.label)


def _parts(table: Table, found: Findings) -> None:
    """A part ("dont …") above the whole that it follows."""
    whole: Row | None = None
    for row in table.rows:
        if not _PART.match(row.label):
            whole = row
            continue
        if whole is None:
            continue
        for cell in row.filled:
            over = whole.cells[cell.column] if cell.column < len(whole.cells) else None
            if over is None or (cell.figure.unit == "%") != (over.figure.unit == "%"):
                continue
            if cell.figure.low > over.figure.high:
                reading = f"« {row.label} » : {cell.figure.printed}, au-dessus de « {whole.label} » : {over.figure.printed}"
                found.add(
                    Finding(
                        "A5", GAP, passage(table, cell), passage(table, over), reading, cell.term, over.figure.value,
                        (over.term,), "", SURE, label(table, cell),
                    )
                )  # fmt: skip


def _shares_of_base(table: Table, found: Findings) -> None:
    """A column of counts and the column of their percentages: one base fits nearly all the rows."""
    rows = [row for row in table.rows if row.aligned]
    for count in range(table.width):
        for part in range(table.width):
            pairs = [
                (one, two)
                for row in rows
                if (one := row.cells[count]) and (two := row.cells[part]) and two.figure.unit == "%"
                and one.figure.whole and one.figure.value > 0
            ]  # fmt: skip
            if count == part or len(pairs) < 3 or any(one.figure.unit == "%" for one, _ in pairs):
                continue
            whole = next((one for one, two in pairs if two.figure.value == 100), None)
            base = whole or _sum_cell([one for one, _ in pairs])
            held = [_fits(one, two, base.figure) for one, two in pairs]
            if sum(held) < 3 or sum(held) / len(held) < 0.6:
                continue
            for one, two in pairs:
                if one is not whole and (made := finding("B2", "share", two, [one, base], table)) is not None:
                    found.add(made)


def _sum_cell(cells: list[Cell]) -> Cell:
    value = math.fsum(cell.figure.value for cell in cells)
    figure = Figure(f"{equations.said(value)} (somme des effectifs)", value, value, value, "")
    return Cell(cells[0].line, cells[0].column, -1, figure)


def _fits(count: Cell, share: Cell, base: Figure) -> bool:
    value = equations.computed("share", [count.figure, base])
    return value is not None and equations.agreement(share.figure, value) != GAP


def _composed(table: Table, found: Findings) -> None:
    """Cells that print a count and its percentage, "12 (20,0 %)": the base is in the cell, in the head, or in the column."""
    for column in range(table.width):
        cells = [
            (cell, numbers.composed(row.texts[column]))
            for row in table.rows
            if row.aligned and (cell := row.cells[column]) and column < len(row.texts)
        ]
        parts = [(cell, both) for cell, both in cells if both is not None]
        if not parts:
            continue
        base = _head_base(table, column)
        if base is None and len(parts) >= 3:
            base = _common_base(parts)
        for cell, (count, own, share) in parts:
            whole = own or base
            if whole is None:
                continue
            one, two = (
                Cell(cell.line, column, cell.place, count),
                Cell(cell.line, column, cell.place + 1000, share),
            )
            of = Cell(cell.line if own else table.line, column, cell.place + 2000 if own else -1, whole)
            made = finding("B2", "share", two, [one, of], table)
            if made is not None:
                found.add(made)


def _head_base(table: Table, column: int) -> Figure | None:
    for text in (table.heads[column], table.caption):
        match = _BASE.search(text)
        if match:
            value = float(re.sub(r"\D", "", match[1]))
            return Figure(match[0], value, value, value, "") if value else None
    return None


def _common_base(parts: list[tuple[Cell, tuple[Figure, Figure | None, Figure]]]) -> Figure | None:
    """Whole base that fits nearly all "count (share)" cells of a column, where no head prints it: their sum, or another."""
    counts = [count.value for _, (count, _, _) in parts]
    candidates = {math.fsum(counts)}
    for _, (count, _, share) in parts:
        if share.value:
            candidates.add(float(round(100 * count.value / share.value)))
    best, most = None, 0
    for value in sorted(item for item in candidates if item >= max(counts)):
        base = Figure(f"{equations.said(value)} (base de la colonne)", value, value, value, "")
        held = sum(
            (got := equations.computed("share", [count, base])) is not None
            and equations.agreement(share, got) == REPRODUCED
            for _, (count, _, share) in parts
        )
        if held > most:
            best, most = base, held
    return best if most >= 3 and most / len(parts) >= 0.7 else None
