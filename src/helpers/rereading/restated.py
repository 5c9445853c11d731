"""What is printed twice: a row in two tables, a row told in prose as a list, a fraction or a value (families F3 and K1)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import retold
from helpers.rereading.documents import Document
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import Sentence, sentences
from helpers.rereading.tables import Row, Table, words

_TABLE_CALL = re.compile(r"\btableau\s*(?:n\s*[°º]\s*)?(\d{1,2}|[IVX]{1,5})\b", re.IGNORECASE)
_FRACTION = re.compile(
    r"\bla moitié\b|\ble tiers\b|\bun tiers\b|\bles deux tiers\b|\ble quart\b|\bun quart\b|\bles trois quarts\b",
    re.IGNORECASE,
)
_PARTS = {"moitie": (1, 2), "tiers": (1, 3), "deux tiers": (2, 3), "quart": (1, 4), "trois quarts": (3, 4)}
_COMPARED = re.compile(
    r"\b(?P<way>supérieure?s?|inférieure?s?|plus importante?s?|plus élevée?s?|moins importante?s?|"
    r"plus faibles?|moins élevée?s?)\b"
    r"[^.]{0,50}?\bmoyennes?\b[^.;]{0,60}?\b(?:pour|dans|chez)\s+(?:les?\s+|la\s+)?(?P<name>[A-Z]{2,6})\s+"
    r"(?P<codes>[A-Z]\b(?:(?:,\s*|\s+et\s+)[A-Z]\b)*)"
)
_REFERENCE = re.compile(r"france|r[ée]gion|d[ée]partement|moyenne|national|ensemble|total|-", re.IGNORECASE)
_AT_MOST = re.compile(
    r"\bau plus tard\b|\bjusqu['’]à\b|\bau (?:maximum|plus)\b|\bmaximum de\b", re.IGNORECASE
)


def check(document: Document, tables: Sequence[Table], found: Findings) -> None:
    """Every comparison of two passages that print the same thing."""
    groups = sentences(document)
    _prose(groups, tables, found)
    _bounds(groups, tables, found)
    _ranges(groups, tables, found)
    _comparisons(document, tables, found)
    _fractions(document, tables, found)


def _prose(groups: Sequence[list[Sentence]], tables: Sequence[Table], found: Findings) -> None:
    """A figure of a sentence that is a cell of a table, where the sentence has the words of the row and of its place."""
    index: dict[tuple[float, str], list[tuple[Table, Row, int]]] = defaultdict(list)
    for table in tables:
        for row in table.rows:
            for filled in row.filled:
                index[filled.figure.value, retold.kind(filled.figure)].append((table, row, filled.column))
    for group in groups:
        said = words(" ".join(sentence.text for sentence in group))
        for sentence in group:
            for figure in sentence.figures:
                if figure.value < 10 and figure.unit == "" and float(figure.value).is_integer():
                    continue
                places = index.get((figure.value, retold.kind(figure)), [])
                near = words(sentence.text[max(0, figure.start - 70) : figure.end + 70])
                noun = retold.noun_of(sentence.text, figure)
                fitting = [place for place in places if retold.closeness(place, said) >= 0.5]
                if not fitting:
                    if not places:
                        retold.nearly_in_row(sentence, figure, tables, said, found)
                    continue
                # Of the cells that print it, the one whose row the words nearest to the figure name.
                scores = [
                    retold.closeness(place, near) + (noun in words(place[1].label)) for place in fitting
                ]
                best = fitting[scores.index(max(scores))]
                cell = best[1].cells[best[2]]
                if cell is None:  # the index holds filled cells only
                    continue
                reading = f"{figure.printed} ici ; {cell.figure.printed} dans le tableau, « {best[1].label} »"
                found.add(
                    Finding(
                        "F3", REPRODUCED, sentence.passage(figure), best[1].passage, reading, sentence.term(figure),
                        cell.figure.value, (cell.term,), "same", SURE, best[1].label[:120],
                    )
                )  # fmt: skip


def _bounds(groups: Sequence[list[Sentence]], tables: Sequence[Table], found: Findings) -> None:
    """« au plus tard dans les six mois (tableau 6) » against the largest cell of the column that the words name."""
    for group in groups:
        for sentence in group:
            called = _TABLE_CALL.search(sentence.text)
            table = next((one for one in tables if called and _is_called(one, called[1])), None)
            if table is None:
                continue
            for figure in sentence.figures:
                before = sentence.text[max(0, figure.start - 30) : figure.start]
                if not figure.unit or figure.unit == "%" or not _AT_MOST.search(before):
                    continue
                near = words(sentence.text[max(0, figure.start - 70) : figure.end + 50])
                column = max(range(table.width), key=lambda rank: len(words(table.heads[rank]) & near))
                rows = [
                    row
                    for row in table.rows
                    if row.aligned and row.cells[column] and figure.unit in row.texts[column]
                ]
                if len(rows) < 2 or len(words(table.heads[column]) & near) < 2:
                    continue
                top = max(rows, key=lambda row: _value_at(row, column))
                largest = _value_at(top, column)
                if largest < figure.value:
                    continue
                reading = (
                    f"« {before.strip()} {figure.printed} » ; jusqu'à {top.texts[column]} dans le tableau"
                )
                found.add(
                    Finding(
                        "K1", REPRODUCED if largest == figure.value else GAP, sentence.passage(figure), top.passage, reading,
                        sentence.term(figure), largest, (), "", SURE, table.heads[column][:120],
                    )
                )  # fmt: skip


def _ranges(groups: Sequence[list[Sentence]], tables: Sequence[Table], found: Findings) -> None:
    """« de 185 000 à 380 000 euros » against the smallest and the largest figures of the row that the paragraph names."""
    for group in groups:
        said = words(" ".join(sentence.text for sentence in group))
        for sentence in group:
            for low, high in zip(sentence.figures, sentence.figures[1:], strict=False):
                between = sentence.text[low.end : high.start]
                if (
                    not high.unit
                    or low.unit != high.unit
                    or not re.fullmatch(r"\s(?:à|et)\s(?:de )?", between)
                ):
                    continue
                best: tuple[float, Row, Figure] | None = None
                for table in tables:
                    for row in table.rows:
                        figures = [
                            cell.figure
                            for cell in row.filled
                            if retold.kind(cell.figure) == retold.kind(high)
                        ]
                        if len({one.value for one in figures}) < 3:
                            continue
                        least, most = min(figures, key=_of), max(figures, key=_of)
                        met = (least.value == low.value) + (most.value == high.value)
                        close = retold.closeness((table, row, 0), said)
                        if met and close >= 0.3 and (best is None or met + close > best[0]):
                            other = most if least.value == low.value else least
                            best = (met + close, row, other)
                if best is not None:
                    _add_range(sentence, low, high, best[1], best[2], found)


def _of(figure: Figure) -> float:
    return figure.value


def _add_range(
    sentence: Sentence, low: Figure, high: Figure, row: Row, other: Figure, found: Findings
) -> None:
    stated = (
        high if other.value >= high.value or low.value in {cell.figure.value for cell in row.filled} else low
    )
    equal = other.value == stated.value
    reading = f"de {low.printed} à {high.printed} ici ; {other.printed} dans le tableau, « {row.label} »"
    cells = tuple(
        cell.term
        for cell in row.filled
        if cell.figure in (other,) or cell.figure.value in (low.value, high.value)
    )
    kept = tuple(sentence.term(one) for one in (low, high) if one is not stated)
    found.add(
        Finding(
            "K1", REPRODUCED if equal else GAP, sentence.passage(stated), row.passage, reading, sentence.term(stated),
            other.value, (*cells, *kept), "", SURE if equal else HINT, row.label[:120],
        )
    )  # fmt: skip


def _value_at(row: Row, column: int) -> float:
    cell = row.cells[column]
    return cell.figure.value if cell else 0.0


def _is_called(table: Table, number: str) -> bool:
    return bool(re.match(rf"\W*tableau\s*(?:n\s*[°º]\s*)?{number}\b", table.caption, re.IGNORECASE))


def _comparisons(document: Document, tables: Sequence[Table], found: Findings) -> None:
    """« inférieur à la moyenne pour les CPTS B, C et D » against the row of the table that the paragraph sends to."""
    for group in sentences_of_text(document):
        text = " ".join(one.text for one in group)
        called = _TABLE_CALL.search(text)
        for sentence in group:
            for match in _COMPARED.finditer(sentence.text):
                codes = set(re.findall(r"[A-Z]", match["codes"]))
                row, table = _row_of(
                    sentence.text[: match.start()], tables, called[1] if called else "", match["name"]
                )
                if row is None or table is None:
                    continue
                above = bool(re.match(r"sup|plus (?!faible)", match["way"]))
                held = _beyond(row, table, match["name"], above=above)
                if held is None:
                    continue
                equal = held == codes
                figure = Figure(
                    match["codes"],
                    len(codes),
                    len(codes),
                    len(codes),
                    "",
                    match.start("codes"),
                    match.end("codes"),
                )
                reading = (
                    f"« {row.label} » : {french.listing(sorted(held))} {'au-dessus' if above else 'au-dessous'} de la référence, "
                    f"{french.listing(sorted(codes))} dans la phrase"
                )
                found.add(
                    Finding(
                        "K1", REPRODUCED if equal else GAP, sentence.passage(figure), row.passage, reading,
                        sentence.term(figure), float(len(held)), (), "", SURE, row.label[:120],
                    )
                )  # fmt: skip


def sentences_of_text(document: Document) -> list[list[Sentence]]:
    """Sentences of each paragraph, those without a figure too."""
    found = []
    for paragraph in document.paragraphs:
        pieces, begin = [], 0
        for match in re.finditer(r"(?<=[.!?])\s+(?=[A-ZÀÉ])", paragraph.text):
            pieces.append(Sentence(paragraph, begin, paragraph.text[begin : match.end()], (), ""))
            begin = match.end()
        pieces.append(Sentence(paragraph, begin, paragraph.text[begin:], (), ""))
        found.append(pieces)
    return found


def _row_of(said: str, tables: Sequence[Table], called: str, name: str) -> tuple[Row | None, Table | None]:
    mine = words(said)
    best: tuple[float, Row, Table] | None = None
    for table in tables:
        if sum(name in head for head in table.heads) < 2:
            continue
        if called and not re.match(rf"\W*tableau\s*(?:n\s*[°º]\s*)?{called}\b", table.caption, re.IGNORECASE):
            continue
        for row in table.rows:
            label = words(row.label)
            score = len(label & mine) / max(len(label), 1)
            if len(label) >= 2 and score >= 0.6 and (best is None or score > best[0]):
                best = (score, row, table)
    return (best[1], best[2]) if best else (None, None)


def _beyond(row: Row, table: Table, name: str, *, above: bool) -> set[str] | None:
    reference = next(
        (
            cell for cell in row.filled
            if name not in table.heads[cell.column] and _REFERENCE.search(table.heads[cell.column])
        ),
        None,
    )  # fmt: skip
    if reference is None:
        return None
    held = set()
    for cell in row.filled:
        code = re.match(rf"{name}\s?([A-Z])\b", table.heads[cell.column])
        if code:
            more = cell.figure.value > reference.figure.value
            if more == above and cell.figure.value != reference.figure.value:
                held.add(code[1])
    return held


def _fractions(document: Document, tables: Sequence[Table], found: Findings) -> None:
    """« la moitié des cas » of a row of yes and no of the table that the paragraph has just shown."""
    for paragraph in document.paragraphs:
        for match in _FRACTION.finditer(paragraph.text):
            line = paragraph.line_at(match.start())
            before = paragraph.text[max(0, match.start() - 160) : match.start()]
            row = _yes_no_row(document, before, line.number)
            if row is None:
                continue
            label, yes, asked, number = row
            name = re.sub(r"^(?:la|le|un|les)\s+", "", french.plain(match.group()))
            part, whole = _PARTS[name]
            negative = bool(re.search(r"n['’ ](?:est|a|ont|étaient)?|\bpas\b|\bsans\b", before[-80:]))
            count = asked - yes if negative else yes
            equal = count * whole == part * asked
            source = document.line(number)
            reading = f"« {label} » : {count} sur {asked}{' (non)' if negative else ''}, {match.group()} dans la phrase"
            found.add(
                Finding(
                    "K1", REPRODUCED if equal else GAP,
                    Passage(line.number, paragraph.text[max(0, match.start() - 120) :], line.page),
                    Passage(number, " · ".join(cell for cell in source.cells if cell), source.page), reading,
                    Term(line.number, match.start(), match.group(), part / whole), count / asked, (), "",
                    SURE if abs(count / asked - part / whole) < 0.25 else HINT, label[:120],
                )
            )  # fmt: skip


def _yes_no_row(document: Document, said: str, number: int) -> tuple[str, int, int, int] | None:
    mine = words(said)
    best: tuple[float, tuple[str, int, int, int]] | None = None
    for line in document.lines:
        if not line.cells or not number - 40 <= line.number < number:
            continue
        answers = [french.plain(cell.strip()) for cell in line.cells]
        yes, no = answers.count("oui"), answers.count("non")
        label = next(
            (cell for cell in reversed(line.cells[:3]) if cell and french.plain(cell) not in ("oui", "non")),
            "",
        )
        if yes + no < 3 or not label:
            continue
        score = len(words(label) & mine) / max(len(words(label)), 1)
        if score >= 0.3 and (best is None or score > best[0]):
            best = (score, (label, yes, yes + no, line.number))
    return best[1] if best else None
