"""Relations inside the sentences of a document (families A4, B1, B2 and B3)."""

from __future__ import annotations

from helpers.rereading import percentages, totals
from helpers.rereading.documents import Document
from helpers.rereading.findings import Findings
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import Sentence, sentences


def check(document: Document, found: Findings) -> None:
    """Every relation inside the sentences of a document, and between an announced total and the list after it."""
    for group in sentences(document):
        bases: list[tuple[Sentence, Figure]] = []
        for sentence in group:
            bases = percentages.check(sentence, bases, found)
            totals.check(sentence, found)
    totals.lists(document, found)
