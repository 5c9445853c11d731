"""The two passages of a check as a reader sees them: cut around the figures that it reads, which are marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from helpers import french
from helpers.catalog.names import without_names
from helpers.rereading.documents import Document
from helpers.rereading.findings import LONGEST_PASSAGE, Finding, Passage, Term

SAME = "même passage"
_BEFORE = 90  # characters kept before the first figure read


def where(passage: Passage, document: Document) -> str:
    """Page when the format has pages, and line or paragraph."""
    page = f"p. {passage.page}, " if passage.page else ""
    return f"{page}{document.unit} {passage.line}"


def first(document: Document, one: Finding, names: Sequence[str] = (), *, marked: bool = False) -> str:
    """Passage of the figure that the document states, as text, or as HTML with its figures `marked`; `names` are masked."""
    return _shown(document, one.first, (one.stated, *(one.terms if _together(one) else ())), names, marked)


def second(document: Document, one: Finding, names: Sequence[str] = (), *, marked: bool = False) -> str:
    """The other passage; when both are the same, the figures that are read there, said to be so."""
    if not _together(one):
        return _shown(document, one.second, one.terms, names, marked)
    read = list(dict.fromkeys(without_names(term.printed.strip(), names) for term in one.terms))
    quoted = french.listing([f"« {text} »" for text in read]) if read else one.reading
    said = f"{SAME} : {without_names(quoted, names)}"
    return escape(said) if marked else said


def _together(one: Finding) -> bool:
    """Whether both passages are one sentence or one row."""
    return one.first.line == one.second.line and (
        " ".join(one.first.text.split()) in " ".join(one.second.text.split()) or one.equation != ""
    )


def _shown(
    document: Document, passage: Passage, terms: Sequence[Term], names: Sequence[str], marked: bool
) -> str:
    pieces = _row(document, passage, terms) or _prose(passage, terms)
    masked = [(without_names(text, names), strong) for text, strong in pieces]
    # A name may stand on both sides of a figure.
    if without_names("".join(text for text, _ in masked), names) != "".join(text for text, _ in masked):
        masked = [(without_names("".join(text for text, _ in pieces), names), False)]
    if not marked:
        return "".join(text for text, _ in masked)
    return "".join(f"<strong>{escape(text)}</strong>" if strong else escape(text) for text, strong in masked)


def _row(document: Document, passage: Passage, terms: Sequence[Term]) -> list[tuple[str, bool]]:
    """Cells of a row, those that the check reads marked; nothing for a passage that is no row."""
    cells = document.line(passage.line).cells
    here = [term for term in terms if term.line == passage.line]
    # A date in the middle of a cell stands at an offset, not at a rank: it is found as in a sentence.
    ranked = all(term.place < len(cells) and term.printed in cells[term.place] for term in here)
    if not cells or not ranked or sum(map(len, cells)) > 2 * LONGEST_PASSAGE:
        return []
    read = {term.place for term in here}
    pieces: list[tuple[str, bool]] = []
    for place, cell in enumerate(cells):
        if cell.strip():
            pieces += [(" · ", False)] if pieces else []
            pieces.append((" ".join(cell.split()), place in read))
    return pieces


def _prose(passage: Passage, terms: Sequence[Term]) -> list[tuple[str, bool]]:
    """Text around the figures read, no longer than a reader needs, cut between words."""
    text = " ".join(passage.text.split()).lstrip(".,;:)» ")
    printed = {" ".join(term.printed.split()) for term in terms} - {""}
    wanted = "|".join(re.escape(one) for one in sorted(printed, key=len, reverse=True))
    spans = [match.span() for match in re.finditer(rf"(?<![\d,.])(?:{wanted})(?!\w)", text)] if wanted else []
    begin, end = 0, len(text)
    if len(text) > LONGEST_PASSAGE:
        if spans and spans[0][0] > _BEFORE:
            begin = text.find(" ", spans[0][0] - _BEFORE) + 1
        last = text.rfind(" ", begin, begin + LONGEST_PASSAGE)
        end = last if begin + LONGEST_PASSAGE < len(text) and last > begin else len(text)
        end = min(end, begin + 2 * LONGEST_PASSAGE)
    pieces, at = [("… ", False)] if begin or text[:1].islower() else [], begin
    for start, stop in spans:
        if at <= start and stop <= end:
            pieces += [(text[at:start], False), (text[start:stop], True)]
            at = stop
    return [*pieces, (text[at:end], False), (" …" if end < len(text) else "", False)]


__all__ = ["SAME", "first", "second", "where"]
