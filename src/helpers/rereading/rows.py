"""Relations inside one table: sums, parts of a whole, ratios, whole counts behind a percentage (families A and B2)."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Sequence

from helpers.documents import intervals
from helpers.documents.verdicts import GAP, REPRODUCED, ROUNDED
from helpers.rereading import equations, numbers
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage
from helpers.rereading.numbers import Figure
from helpers.rereading.tables import TOTAL, Cell, Row, Table, words

LONGEST_SUM, MOST_TERMS = 14, 40  # rows of one unannounced sum; rows of a table where a ratio is looked for
_RATIO = re.compile(
    r"\b(?:densité|taux|part|moyenne?|ratio|par|pour|%|pourcentage|proportion|différence|écart|solde|évolution|variation)\b|%",
    re.IGNORECASE,
)
_PER = (("quotient", r"par|densité|moyenne?|ratio|/"), ("share", r"%|part|taux|pourcentage|proportion|pour 100\b"),
        ("per_10_000", r"pour 10 ?000\b"), ("per_100_000", r"pour 100 ?000\b"),
        ("difference", r"différence|écart|solde|évolution|variation"))  # fmt: skip
_PART = re.compile(r"^(?:-\s*)?dont\b", re.IGNORECASE)
_BASE = re.compile(r"\b[nN]\s*=\s*(\d[\d \u00a0\u202f]*)")
GRIM_SLACK = 0.6  # a table of percentages is testable while its rounding leaves at least this share of values impossible


def check(table: Table, found: Findings) -> None:
    """Every relation inside one table."""
    turned = table.turned()
    _sums(table, found)
    _sums(turned, found)
    _hundred(table, found)
    _hundred(turned, found)
    _ratios(table, found)
    _ratios(turned, found)
    _whole_counts(table, found)
    _parts(table, found)
    _parts(turned, found)
    _shares_of_base(table, found)
    _composed(table, found)


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
        family, verdict, _passage(table, stated), _passage(table, other), equations.in_words(equation, figures, value),
        stated.term, float(value), tuple(term.term for term in terms), equation, tier, _label(table, stated),
    )  # fmt: skip


def _passage(table: Table, cell: Cell) -> Passage:
    row = next((row for row in table.rows if row.line.number == cell.line and cell in row.cells), None)
    if row is not None and row.line.cells:
        return Passage(cell.line, " · ".join(text for text in row.line.cells if text), row.line.page)
    return Passage(cell.line, f"{row.label if row else ''} {cell.figure.printed}".strip())


def _label(table: Table, cell: Cell) -> str:
    row = next((row for row in table.rows if cell in row.cells), None)
    head = table.heads[cell.column] if cell.column < len(table.heads) else ""
    return ", ".join(part for part in (row.label if row else "", head) if part)[:120]


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
                    "A2", verdict, _passage(table, largest), _passage(table, others[0]),
                    f"{said} = {equations.said(math.fsum(cell.figure.value for cell in cells))} % (100 % attendus)",
                    largest.term, float(left), tuple(cell.term for cell in others), "complement", tier, _label(table, largest),
                )
            )  # fmt: skip


def _makes_hundred(rows: list[Row], column: int) -> bool | None:
    cells = [row.cells[column] for row in rows]
    if any(cell is None for cell in cells):
        return None
    value = equations.computed("total", [cell.figure for cell in cells if cell])
    low, high = intervals.ends(value) if value is not None else (0.0, 0.0)
    return low - 1e-9 <= 100 <= high + 1e-9


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
                        _label(table, cell),
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
                        "A5", GAP, _passage(table, cell), _passage(table, over), reading, cell.term, over.figure.value,
                        (over.term,), "", SURE, _label(table, cell),
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
