"""Sentences of a document with their figures, and the check of one figure against others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from helpers.rereading import equations, references
from helpers.rereading.documents import Document, Line, Paragraph
from helpers.rereading.findings import SURE, Finding, Findings, Passage, Term, from_word
from helpers.rereading.numbers import Figure, figures

_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀÂÉÈÊÎÔ«\"“(])|\s*;\s+(?=[A-ZÀÉ])")
_MARK = "\u0001{}\u0002"
FIGURE, WORDS = "\u0001(\\d+)\u0002", "[^\u0001\u0002.;]"  # of a pattern on the marked text


@dataclass(frozen=True)
class Sentence:
    """One sentence: its figures, and its text where figure k is written as a mark."""

    paragraph: Paragraph
    start: int
    text: str
    figures: tuple[Figure, ...]
    marked: str

    def line(self, figure: Figure) -> Line:
        """Line of a figure."""
        return self.paragraph.line_at(self.start + figure.start)

    def term(self, figure: Figure) -> Term:
        """A figure as a term: its place is its offset in its own line."""
        line = self.line(figure)
        begin = self.paragraph.starts[self.paragraph.lines.index(line)]
        return Term(
            line.number, self.start + figure.start - begin, figure.printed, figure.value, figure.unit, figure
        )

    def passage(self, figure: Figure) -> Passage:
        """The sentence around a figure."""
        line = self.line(figure)
        return Passage(line.number, from_word(self.text, figure.start - 110), line.page)


@lru_cache(maxsize=1)
def sentences(document: Document) -> tuple[list[Sentence], ...]:
    """Sentences of each paragraph that has figures; numbers that only refer (ranks, sources, pages) are none."""
    calls, sources, groups = references.calls_sources(document), references.bibliography(document), []
    for paragraph in document.paragraphs:
        found, start, rank = [], 0, references.rank_end(paragraph.text)
        for piece in _pieces(paragraph.text):
            numbers = tuple(
                one for one in figures(piece)
                if not (calls and references.calls_source(piece, one))
                and start + one.start >= rank
                and (line := paragraph.line_at(start + one.start)).number not in sources
                and not references.page_alone(line.text)
            )  # fmt: skip
            found.append(Sentence(paragraph, start, piece, numbers, _marked(piece, numbers)))
            start += len(piece)
        if any(sentence.figures for sentence in found):
            groups.append(found)
    return tuple(groups)


def _pieces(text: str) -> Iterator[str]:
    begin = 0
    for match in _END.finditer(text):
        yield text[begin : match.end()]
        begin = match.end()
    yield text[begin:]


def _marked(text: str, numbers: Sequence[Figure]) -> str:
    parts, begin = [], 0
    for rank, figure in enumerate(numbers):
        parts += [text[begin : figure.start], _MARK.format(rank)]
        begin = figure.end
    return "".join((*parts, text[begin:]))


def add(
    family: str,
    equation: str,
    stated: Figure,
    terms: Sequence[Figure],
    sentence: Sentence,
    found: Findings,
    *,
    tier: str = SURE,
    base: Sentence | None = None,
) -> str | None:
    """Add the check of one figure of a sentence against others (the last in another sentence, `base`); give its verdict."""
    value = equations.computed(equation, terms)
    if value is None:
        return None
    verdict = equations.agreement(stated, value)
    other = base or sentence
    placed = [
        (other if base and rank == len(terms) - 1 else sentence).term(term) for rank, term in enumerate(terms)
    ]
    found.add(
        Finding(
            {"share": "B2", "total": "B1"}.get(equation, "B3"), verdict, sentence.passage(stated),
            other.passage(terms[-1]), equations.in_words(equation, terms, value), sentence.term(stated), float(value),
            tuple(placed), equation, tier, label(sentence, stated),
        )
    )  # fmt: skip
    return verdict


def label(sentence: Sentence, figure: Figure) -> str:
    """The words around a figure."""
    return " ".join(sentence.text[max(0, figure.start - 50) : figure.end + 50].split())


def whole(paragraph: Paragraph) -> Sentence:
    """A paragraph as one sentence, with all its figures."""
    numbers = tuple(figures(paragraph.text))
    return Sentence(paragraph, 0, paragraph.text, numbers, _marked(paragraph.text, numbers))
