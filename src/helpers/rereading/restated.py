"""What is printed twice: a row in two tables, a row told in prose as a list, a fraction or a value (families F3 and K1)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import equations
from helpers.rereading.documents import Document
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import Sentence, sentences
from helpers.rereading.tables import Row, Table, words

_TABLE_CALL = re.compile(r"\btableau\s*(?:n\s*[°º]\s*)?(\d{1,2}|[IVX]{1,5})\b", re.IGNORECASE)
_COUNTED = re.compile(r"\s+(?:d['’]|de |des )?([A-Za-zÀ-ÿ]{3,})")
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
MOST_FIGURES = 6  # of a sentence; a line with more is a row of a table that lost its rules
TOLD = 4  # words that two sentences share around one figure told twice
SAME_LABEL = 0.8  # share of words that two labels of one row have in common


def check(document: Document, tables: Sequence[Table], found: Findings) -> None:
    """Every comparison of two passages that print the same thing."""
    _rows_twice(tables, found)
    groups = list(sentences(document))
    _prose(groups, tables, found)
    _told_twice(groups, found)
    _bounds(groups, tables, found)
    _comparisons(document, tables, found)
    _fractions(document, tables, found)


def _heads(table: Table) -> list[str]:
    return [french.plain(re.sub(r"[^\w]", "", _short(head))) for head in table.heads]


def _short(head: str) -> str:
    """What tells a column: « communauté de taille 1 » and « CPTS Taille 1 » are both taille 1."""
    match = re.search(r"taille\s*(\d)", head, re.IGNORECASE)
    return f"taille{match[1]}" if match else head


def _rows_twice(tables: Sequence[Table], found: Findings) -> None:
    """One label, the same columns, in two tables; the label stands once in each."""
    for rank, table in enumerate(tables):
        heads = _heads(table)
        if len(set(heads)) < max(2, len(heads)) or not all(heads):
            continue
        for other in tables[:rank]:
            other_heads = _heads(other)
            shared = [
                (heads.index(head), other_heads.index(head)) for head in heads if other_heads.count(head) == 1
            ]
            if len(shared) < 2:
                continue
            for row in table.rows:
                for twin in other.rows:
                    if _same_row(row, table, twin, other):
                        _compare(row, twin, shared, found)


def _names(row: Row, table: Table) -> list[set[str]]:
    """What a row is called: its label, or the group above it when no other row of the table has the same."""
    named = []
    for text in dict.fromkeys((row.label, row.group)):
        mine = words(text)
        if len(mine) >= 2 and sum(mine in (words(one.label), words(one.group)) for one in table.rows) == 1:
            named.append(mine)
    return named


def _same_row(row: Row, table: Table, twin: Row, other: Table) -> bool:
    if not row.aligned or not twin.aligned:
        return False
    return any(
        len(mine & theirs) / len(mine | theirs) >= SAME_LABEL
        for mine in _names(row, table) for theirs in _names(twin, other)
    )  # fmt: skip


def _compare(row: Row, twin: Row, shared: list[tuple[int, int]], found: Findings) -> None:
    for mine, theirs in shared:
        cell, other = row.cells[mine], twin.cells[theirs]
        if cell is None or other is None or cell.figure.unit != other.figure.unit:
            continue
        # The earlier passage is the one that a reader meets first: it is compared with the later.
        verdict = equations.agreement(other.figure, cell.figure.interval)
        reading = f"« {row.label} » : {other.figure.printed} ici, {cell.figure.printed} dans l'autre tableau"
        found.add(
            Finding(
                "F3", verdict, twin.passage, row.passage, reading, other.term, cell.figure.value, (cell.term,), "same", SURE,
                f"{row.label}, colonne {theirs + 1}"[:120],
            )
        )  # fmt: skip


def _prose(groups: list[list[Sentence]], tables: Sequence[Table], found: Findings) -> None:
    """A figure of a sentence that is a cell of a table, where the sentence has the words of the row and of its place."""
    index: dict[tuple[float, str], list[tuple[Table, Row, int]]] = defaultdict(list)
    for table in tables:
        for row in table.rows:
            for filled in row.filled:
                index[filled.figure.value, _kind(filled.figure)].append((table, row, filled.column))
    for group in groups:
        said = words(" ".join(sentence.text for sentence in group))
        for sentence in group:
            for figure in sentence.figures:
                if figure.value < 10 and figure.unit == "" and float(figure.value).is_integer():
                    continue
                places = index.get((figure.value, _kind(figure)), [])
                near = words(sentence.text[max(0, figure.start - 70) : figure.end + 70])
                noun = _noun(sentence.text, figure)
                fitting = [place for place in places if _closeness(place, said) >= 0.5]
                if not fitting:
                    if not places:
                        _nearly_in_row(sentence, figure, tables, said, found)
                    continue
                # Of the cells that print it, the one whose row the words nearest to the figure name.
                scores = [_closeness(place, near) + (noun in words(place[1].label)) for place in fitting]
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


def _told_twice(groups: list[list[Sentence]], found: Findings) -> None:
    """One figure with its noun in two paragraphs whose words say the same thing."""
    index: dict[tuple[float, str, str], list[tuple[Sentence, Figure, set[str]]]] = defaultdict(list)
    spelled: dict[tuple[str, str], list[tuple[Sentence, Figure, set[str]]]] = defaultdict(list)
    for group in groups:
        for sentence in group:
            if len(sentence.figures) > MOST_FIGURES:
                continue
            for figure in sentence.figures:
                noun = _noun(sentence.text, figure)
                if not noun or (figure.value < 3 and not figure.unit):
                    continue
                around = words(sentence.text[max(0, figure.start - 90) : figure.end + 90])
                key = (figure.value, figure.unit, noun)
                twin = next(
                    (
                        (other, one) for other, one, said in index[key]
                        if other.paragraph is not sentence.paragraph and len(said & around) >= TOLD
                    ),
                    None,
                )  # fmt: skip
                index[key].append((sentence, figure, around))
                if twin is None:
                    _nearly_told(sentence, figure, noun, around, spelled[figure.unit, noun], found)
                spelled[figure.unit, noun].append((sentence, figure, around))
                if twin is not None:
                    other, one = twin
                    reading = f"« {_with_noun(sentence.text, figure)} » dans les deux passages"
                    found.add(
                        Finding(
                            "F3", REPRODUCED, sentence.passage(figure), other.passage(one), reading, sentence.term(figure),
                            one.value, (other.term(one),), "same", SURE, f"{figure.printed} {noun}",
                        )
                    )  # fmt: skip


def _nearly_told(
    sentence: Sentence,
    figure: Figure,
    noun: str,
    around: set[str],
    told: list[tuple[Sentence, Figure, set[str]]],
    found: Findings,
) -> None:
    """The same words around two figures that one digit parts: a hint."""
    for other, one, said in told:
        if other.paragraph is sentence.paragraph or len(said & around) <= TOLD or not one_digit(figure, one):
            continue
        found.add(
            Finding(
                "F3", GAP, sentence.passage(figure), other.passage(one),
                f"« {_with_noun(sentence.text, figure)} » ici, « {_with_noun(other.text, one)} » là, pour les mêmes mots",
                sentence.term(figure), one.value, (other.term(one),), "same", HINT, f"{figure.printed} {noun}",
            )
        )  # fmt: skip
        return


def one_digit(figure: Figure, other: Figure) -> bool:
    """Whether two figures of two digits or more are written with the same digits, one aside."""
    mine, theirs = (re.sub(r"\D", "", one.printed) for one in (figure, other))
    return len(mine) == len(theirs) > 1 and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


def _nearly_in_row(
    sentence: Sentence, figure: Figure, tables: Sequence[Table], said: set[str], found: Findings
) -> None:
    """A figure that one digit parts from a cell of the row that its sentence names: a hint."""
    near = words(sentence.text[max(0, figure.start - 70) : figure.end + 70])
    for table in tables:
        for row in table.rows:
            label = words(row.label)
            if len(label) < 2 or len(label & near) / len(label) < 0.6 or not label <= said:
                continue
            for cell in row.filled:
                if cell.figure.unit == figure.unit and one_digit(figure, cell.figure):
                    reading = f"{figure.printed} ici ; {cell.figure.printed} dans le tableau, « {row.label} »"
                    found.add(
                        Finding(
                            "F3", GAP, sentence.passage(figure), row.passage, reading, sentence.term(figure), cell.figure.value,
                            (cell.term,), "same", HINT, row.label[:120],
                        )
                    )  # fmt: skip
                    return


def _noun(text: str, figure: Figure) -> str:
    """What a figure counts: its unit, or the word after it."""
    if figure.unit and figure.unit != "%":
        return figure.unit
    match = _COUNTED.match(text, figure.end)
    return french.plain(match[1]).rstrip("s") if match else ""


def _with_noun(text: str, figure: Figure) -> str:
    """A figure with what it counts, as printed."""
    match = None if figure.unit and figure.unit != "%" else _COUNTED.match(text, figure.end)
    return figure.printed + match.group() if match else figure.printed


def _kind(figure: Figure) -> str:
    """Unit that two passages must share: a duration is never the figure of a cell without one."""
    return "" if figure.unit in ("habitants", "km²") else figure.unit


def _closeness(place: tuple[Table, Row, int], said: set[str]) -> float:
    """Share of the words of a row that a paragraph has, its group and the head of the column helping."""
    table, row, column = place
    label = words(row.label)
    full = label | words(row.group) if len(label) < 2 else label
    head = words(table.heads[column]) if column < len(table.heads) else set()
    if not full:
        return 0.0
    return len(full & said) / len(full) + 0.05 * len(head & said)


def _bounds(groups: list[list[Sentence]], tables: Sequence[Table], found: Findings) -> None:
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
                reading = f"« {before.split(' ', 1)[-1].strip()} {figure.printed} » ; jusqu'à {top.texts[column]} dans le tableau"
                found.add(
                    Finding(
                        "K1", REPRODUCED if largest == figure.value else GAP, sentence.passage(figure), top.passage, reading,
                        sentence.term(figure), largest, (), "", SURE, table.heads[column][:120],
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
