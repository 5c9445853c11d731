"""Tables of a document: their caption, the heads of their columns, the labels of their rows, the figures of their cells."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

from helpers import french
from helpers.rereading import numbers
from helpers.rereading.documents import Document, Line, caption
from helpers.rereading.findings import Passage, Term
from helpers.rereading.numbers import Figure

_EMPTY = re.compile(r"(?:|[-–—/.]|n\.?[dcrsa]\.?|nsp|so|n/a|x)", re.IGNORECASE)
TOTAL = re.compile(
    r"\b(?:sous[- ]total|total|totaux|ensemble|cumul|somme|toutes? confondue?s?)\b", re.IGNORECASE
)
MOST_ROWS = 400  # of one table; past it, it is data, not a table to read


@dataclass(frozen=True)
class Cell:
    """One figure of a table; `column` is its rank among the columns of figures, `place` among the cells of its row."""

    line: int
    column: int
    place: int
    figure: Figure

    @property
    def term(self) -> Term:
        """The cell as a term of a check."""
        return Term(
            self.line, self.place, self.figure.printed, self.figure.value, self.figure.unit, self.figure
        )


@dataclass(frozen=True)
class Row:
    """One row: its label and the group above it, its figures by column (None: no number). `texts` are its cells of data."""

    line: Line
    label: str
    cells: tuple[Cell | None, ...]
    texts: tuple[str, ...]
    aligned: bool
    group: str = ""

    @property
    def passage(self) -> Passage:
        """The row as a passage."""
        return Passage(self.line.number, " · ".join(cell for cell in self.line.cells if cell), self.line.page)

    @property
    def filled(self) -> list[Cell]:
        """The figures of the row."""
        return [cell for cell in self.cells if cell is not None]


@dataclass(frozen=True)
class Table:
    """One table: its rows of figures, the head of each column of figures, its caption with its line (`loose`: rules lost)."""

    rows: tuple[Row, ...]
    heads: tuple[str, ...]
    caption: str
    line: int
    loose: bool = False

    @property
    def width(self) -> int:
        """Number of columns of figures."""
        return len(self.heads)

    def turned(self) -> Table:
        """The same table with its columns as rows, for relations between columns (its labels become heads)."""
        kept = [row for row in self.rows if row.aligned]
        rows = []
        for column, head in enumerate(self.heads):
            cells = tuple(
                None if (cell := row.cells[column]) is None else replace(cell, column=rank)
                for rank, row in enumerate(kept)
            )
            line = next((cell.line for cell in cells if cell), self.line)
            source = kept[0].line if kept else Line(line, "")
            rows.append(Row(replace(source, number=line), head, cells, (), True))
        return Table(tuple(rows), tuple(row.label for row in kept), self.caption, self.line, self.loose)


def tables(document: Document) -> list[Table]:
    """Tables of a document with at least two rows of figures and one of their columns."""
    groups: dict[int, list[Line]] = {}
    for line in document.lines:
        if line.table and line.number not in document.contents:
            groups.setdefault(line.table, []).append(line)
    captions = [(line.number, line.text) for line in document.lines if caption(line)]
    found = []
    for lines in groups.values():
        if len(lines) > MOST_ROWS:
            continue
        above = next(
            (item for item in reversed(captions) if lines[0].number - 8 <= item[0] < lines[0].number), None
        )
        table = _table(lines, above or (lines[0].number, ""))
        if table is not None:
            found.append(table)
    return found


def words(text: str) -> set[str]:
    """Words of a label that tell it from another, without accents, capitals or final s."""
    parts = re.findall(r"[a-z0-9%+]{2,}", french.plain(text))
    return {part.rstrip("s") or part for part in parts} - _EMPTY_WORDS


_EMPTY_WORDS = frozenset(
    ("de", "des", "du", "la", "le", "les", "et", "en", "un", "une", "au", "aux", "par", "sur", "dans", "pour", "que", "qui",
     "avec", "dont", "ou", "ce", "nombre")
)  # fmt: skip


def _split(line: Line) -> tuple[list[str], list[str], int]:
    """Cells of label, cells of data, and rank of the first of these: data begin at the first number or sign of no data."""
    cells = list(line.cells)
    while cells and not cells[-1]:
        cells.pop()
    for rank, text in enumerate(cells):
        is_number = numbers.cell(text) is not None or numbers.composed(text) is not None
        if is_number and rank + 1 <= len(cells) and (rank > 0 or len(cells) > 1):
            # A rank or a year before the label is no figure of the row.
            if rank == 0 and not any(numbers.cell(other) or numbers.composed(other) for other in cells[1:]):
                continue
            return cells[:rank], cells[rank:], rank
        if rank > 0 and text and _EMPTY.fullmatch(text):
            return cells[:rank], cells[rank:], rank
    return cells, [], len(cells)


def _table(lines: list[Line], above: tuple[int, str]) -> Table | None:
    parts = [_split(line) for line in lines]
    counts = Counter(len(data) for _, data, _ in parts if data)
    if not counts:
        return None
    width = max(counts, key=lambda size: (counts[size], size))
    numeric = [any(numbers.cell(text) or numbers.composed(text) for text in data) for _, data, _ in parts]
    first = next(
        (rank for rank, is_row in enumerate(numeric) if is_row and len(parts[rank][1]) == width), None
    )
    if first is None or (sum(numeric) < 2 and width < 2):
        return None
    heads = [""] * width
    for rank in range(first):
        cells = list(lines[rank].cells)
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) >= width:
            heads = [f"{head} {cell}".strip() for head, cell in zip(heads, cells[-width:], strict=True)]
    rows, before = [], ""
    for rank in range(first, len(lines)):
        label_cells, data, offset = parts[rank]
        labels = [cell for cell in label_cells if cell]
        if not data:
            before = " ".join(labels) or before
            continue
        before = labels[0] if len(labels) > 1 else before
        if numeric[rank]:
            rows.append(_row(lines[rank], labels[-1] if labels else before, before, data, offset, width))
    loose = any(line.loose for line in lines)
    return Table(tuple(rows), tuple(heads), above[1], above[0], loose) if rows else None


def _row(line: Line, label: str, group: str, data: list[str], offset: int, width: int) -> Row:
    unit = "%" if "%" in label or "‰" in label else ""
    if not unit and re.search(r"(?<!/)(?<!par )\(?km ?[²2]", label):
        unit = "km²"
    printed = [numbers.decimals(text) for text in data if "%" in text or (unit and numbers.cell(text))]
    # A row printed to one digit with some useless zeros more ("52,70%") is sure to one digit.
    sure = Counter(printed).most_common(1)[0][0] if printed else None
    cells: list[Cell | None] = []
    for rank, text in enumerate(data[:width]):
        digits = (
            min(sure, numbers.decimals(text))
            if sure is not None and text.rstrip(" %").endswith("0")
            else None
        )
        figure = numbers.cell(text, unit=unit, decimals=digits)
        if figure is None and (both := numbers.composed(text)) is not None:
            figure = both[0]
        cells.append(None if figure is None else Cell(line.number, rank, offset + rank, figure))
    cells += [None] * (width - len(cells))
    return Row(line, label, tuple(cells), tuple(data), len(data) == width, group)
