"""One figure told twice in the text, or in the text and in a table, where one of the two was changed (family F3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.findings import HINT, SURE, Finding, Findings
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import Sentence
from helpers.rereading.tables import Cell, Row, Table, words

_COUNTED = re.compile(r"\s+(?:d['’]|de |des )?([A-Za-zÀ-ÿ]{3,})")
MOST_FIGURES = 6  # of a sentence; a line with more is a row of a table that lost its rules
TOLD = 4  # words that two sentences share around one figure told twice
WINDOW = 90  # characters around a figure that say what it is
CLOSE = 4  # words in a row, on both sides of two figures, that are the same
NEAREST = 3  # words looked at on each side
ALIKE = 0.5  # share of the words of a row that stand next to a figure


@dataclass(frozen=True)
class Mention:
    """One figure of a sentence: the words around it, and those next to it on each side, the nearest first."""

    sentence: Sentence
    figure: Figure
    around: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]


def check(groups: Sequence[list[Sentence]], found: Findings) -> None:
    """Every figure of a sentence that another paragraph tells too, in the same words."""
    told: dict[tuple[str, str], list[Mention]] = defaultdict(list)
    for group in groups:
        for sentence in group:
            if len(sentence.figures) > MOST_FIGURES:
                continue
            for figure in sentence.figures:
                noun = noun_of(sentence.text, figure)
                if noun:
                    told[figure.unit, noun].append(_mention(sentence, figure))
    for (_, noun), mentions in told.items():
        pairs: set[frozenset[int]] = set()
        for rank, one in enumerate(mentions):
            twins = [other for other in mentions if _twins(one, other)]
            earlier = next((other for other in mentions[:rank] if _twins(one, other)), None)
            if earlier is not None and (one.figure.value >= 3 or one.figure.unit):
                _add(
                    one,
                    earlier,
                    REPRODUCED,
                    f"« {_with_noun(one)} » dans les deux passages",
                    noun,
                    found,
                )
            if not twins:
                other = _nearly(one, mentions[:rank], mentions[rank + 1 :])
                pair = frozenset((id(one), id(other)))
                if other is not None and pair not in pairs:
                    pairs.add(pair)
                    reading = f"« {_with_noun(one)} » ici, « {_with_noun(other)} » là, pour les mêmes mots"
                    _add(one, other, GAP, reading, noun, found)


def _mention(sentence: Sentence, figure: Figure) -> Mention:
    text = sentence.text
    around = words(text[max(0, figure.start - WINDOW) : figure.end + WINDOW])
    before = _tokens(text[max(0, figure.start - WINDOW) : figure.start])[::-1][:NEAREST]
    return Mention(
        sentence,
        figure,
        frozenset(around),
        tuple(before),
        tuple(_tokens(text[figure.end : figure.end + WINDOW])[:NEAREST]),
    )


def _tokens(text: str) -> list[str]:
    return re.findall(r"[a-z]+|\d+", french.plain(text))


def _twins(one: Mention, other: Mention) -> bool:
    return (
        one.figure.value == other.figure.value
        and one.sentence.paragraph is not other.sentence.paragraph
        and len(one.around & other.around) >= TOLD
    )


def _run(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """Number of words in a row, from the nearest, that are the same."""
    for rank, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return rank
    return min(len(one), len(other))


def _nearly(one: Mention, earlier: Sequence[Mention], later: Sequence[Mention]) -> Mention | None:
    """Another figure that differs, with the same words around it: a hint."""
    best: tuple[int, Mention] | None = None
    for other in (*earlier, *later):
        if other.sentence.paragraph is one.sentence.paragraph or other.figure.value == one.figure.value:
            continue
        shared = len(one.around & other.around)
        after, before = _run(one.after, other.after), _run(one.before, other.before)
        close = after + before
        # A value that the document tells twice or more with this noun is the one that the third should have.
        settled = sum(other.figure.value == another.figure.value for another in (*earlier, *later)) >= 2
        enough = (
            (one_digit(one.figure, other.figure) and shared > TOLD)
            or (close >= CLOSE and after >= 1 and shared >= TOLD)
            or (after >= 2 and shared > TOLD + 1)
            or (after == NEAREST and shared >= TOLD)
            or (settled and shared >= TOLD and (after >= 2 or one_digit(one.figure, other.figure)))
        )
        if enough and (best is None or shared + close > best[0]):
            best = (shared + close, other)
    return best[1] if best else None


def _add(one: Mention, other: Mention, verdict: str, reading: str, noun: str, found: Findings) -> None:
    found.add(
        Finding(
            "F3", verdict, one.sentence.passage(one.figure), other.sentence.passage(other.figure), reading,
            one.sentence.term(one.figure), other.figure.value, (other.sentence.term(other.figure),), "same",
            HINT if verdict == GAP else SURE, f"{one.figure.printed} {noun}",
        )
    )  # fmt: skip


def one_digit(figure: Figure, other: Figure) -> bool:
    """Whether two figures of two digits or more are written with the same digits, one aside (17,3 and 17,30 are the same)."""
    mine, theirs = (_digits(one) for one in (figure, other))
    # The same digits in other thousands are another figure ("2,4 milliards" and 28).
    if not 0.05 * abs(other.value) < abs(figure.value) < 20 * abs(other.value):
        return False
    return len(mine) == len(theirs) > 1 and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


def _digits(figure: Figure) -> str:
    printed = re.sub(r"(,\d*?)0+(?!\d)", r"\1", figure.printed)
    return re.sub(r"\D", "", printed)


def nearly_in_row(
    sentence: Sentence, figure: Figure, tables: Sequence[Table], said: set[str], found: Findings
) -> None:
    """A figure that one digit parts from a cell of the row that its sentence names: a hint."""
    near = words(sentence.text[max(0, figure.start - 110) : figure.end + 70])
    best: tuple[float, Row, Cell] | None = None
    for table in tables:
        for row in table.rows:
            label = words(row.label)
            if not label or len(label & near) / len(label) < ALIKE or (len(label) < 2 and not figure.unit):
                continue
            for cell in row.filled:
                if kind(cell.figure) != kind(figure) or not one_digit(figure, cell.figure):
                    continue
                score = closeness((table, row, cell.column), near | said)
                if best is None or score > best[0]:
                    best = (score, row, cell)
    if best is None:
        return
    _, row, nearest = best
    reading = f"{figure.printed} ici ; {nearest.figure.printed} dans le tableau, « {row.label} »"
    found.add(
        Finding(
            "F3", GAP, sentence.passage(figure), row.passage, reading, sentence.term(figure), nearest.figure.value,
            (nearest.term,), "same", HINT, row.label[:120],
        )
    )  # fmt: skip


def noun_of(text: str, figure: Figure) -> str:
    """What a figure counts: its unit, or the word after it."""
    if figure.unit and figure.unit != "%":
        return figure.unit
    match = _COUNTED.match(text, figure.end)
    return french.plain(match[1]).rstrip("s") if match else ""


def _with_noun(one: Mention) -> str:
    """A figure with what it counts, as printed."""
    figure = one.figure
    match = None if figure.unit and figure.unit != "%" else _COUNTED.match(one.sentence.text, figure.end)
    return figure.printed + match.group() if match else figure.printed


def kind(figure: Figure) -> str:
    """Unit that two passages must share: a duration is never the figure of a cell without one."""
    return "" if figure.unit in ("habitants", "km²") else figure.unit


def closeness(place: tuple[Table, Row, int], said: set[str]) -> float:
    """Share of the words of a row that a paragraph has, its group and the head of the column helping."""
    table, row, column = place
    label = words(row.label)
    full = label | words(row.group) if len(label) < 2 else label
    head = words(table.heads[column]) if column < len(table.heads) else set()
    if not full:
        return 0.0
    return len(full & said) / len(full) + 0.05 * len(head & said)
