"""The whole rereading of one document: what was read, every check, and the figures that no check holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from helpers.catalog.names import read_list
from helpers.documents.verdicts import GAP, REPRODUCED, ROUNDED
from helpers.rereading import (
    calendar,
    captions,
    classes,
    counts,
    documents,
    headings,
    held,
    prose,
    repeated,
    restated,
    retold,
    rows,
    sentences,
    voices,
)
from helpers.rereading.documents import Document
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage
from helpers.rereading.tables import Table, tables

NAMES = "noms.txt"


@dataclass(frozen=True)
class Reading:
    """A document, its checks in the order of its lines, every figure that it prints (line, place) outside contents."""

    document: Document
    findings: tuple[Finding, ...]
    figures: frozenset[tuple[int, int]]
    in_tables: frozenset[tuple[int, int]]

    @property
    def gaps(self) -> list[Finding]:
        """Checks of the sure families that do not agree."""
        return [one for one in self.findings if one.verdict == GAP and one.tier == SURE]

    @property
    def hints(self) -> list[Finding]:
        """Checks that do not agree, of families or places that are less sure."""
        return [one for one in self.findings if one.verdict == GAP and one.tier != SURE]

    @property
    def confirmed(self) -> list[Finding]:
        """Checks that agree, by the digit or by one unit of the last."""
        return [one for one in self.findings if one.verdict in (REPRODUCED, ROUNDED)]

    @cached_property
    def held(self) -> frozenset[tuple[int, int]]:
        """Places of the figures that a computation holds: nearly every change of a digit of one alone would show."""
        return held.places(self.confirmed, self.in_tables) & self.figures

    @property
    def told_again(self) -> frozenset[tuple[int, int]]:
        """Places of the figures that agree with another passage, a count or a list, without a computation that holds them."""
        places: set[tuple[int, int]] = set()
        for one in self.confirmed:
            places |= one.places
        return (frozenset(places) & self.figures) - self.held

    @property
    def apart(self) -> frozenset[tuple[int, int]]:
        """Places of the figures that a sure check states, or tells again, and that do not agree with the other passage."""
        places = {
            (term.line, term.place)
            for one in self.gaps
            for term in (one.stated, *(one.terms if one.equation == "same" else ()))
        }
        return (frozenset(places) & self.figures) - self.held - self.told_again

    @property
    def beside(self) -> frozenset[tuple[int, int]]:
        """Places of the terms of these checks that nothing else holds: what was computed from them is apart."""
        places = {place for one in self.gaps for place in one.places}
        return (frozenset(places) & self.figures) - self.held - self.told_again - self.apart

    @property
    def unchecked(self) -> frozenset[tuple[int, int]]:
        """Places of the figures that no sure check reads; a hint checks nothing."""
        return self.figures - self.held - self.told_again - self.apart - self.beside

    @property
    def not_checked(self) -> int:
        """Number of figures that no sure check reads."""
        return len(self.unchecked)


def reread(path: Path) -> Reading:
    """Rereading of a file; raises what `documents.read` raises."""
    return of(documents.read(path))


def of(document: Document) -> Reading:
    """Rereading of a document already read. Where the reading is uncertain, hints are left out."""
    found = Findings()
    grids = tables(document)
    for table in grids:
        rows.check(table, found)
    prose.check(document, found)
    counts.check(document, found)
    captions.check(document, found)
    headings.check(document, found)
    classes.check(document, found)
    calendar.check(document, found)
    voices.check(document, found)
    repeated.check(grids, found)
    restated.check(document, grids, found)
    retold.check(sentences.sentences(document), found)
    # The pages of a PDF have no styles: a heading that is not seen makes those around it look out of order.
    paged = any(line.page for line in document.lines)
    found.rows = [
        replace(one, tier=HINT) if paged and one.family == "D2" and one.verdict == GAP else one
        for one in found.rows
    ]
    kept = [
        replace(one, first=_whole_row(document, one.first), second=_whole_row(document, one.second))
        for one in _without_doubles(found.rows)
        if one.tier == SURE or not document.doubt
    ]
    kept.sort(key=lambda one: (one.first.line, one.stated.place, one.family))
    in_tables = _cells(grids)
    return Reading(document, tuple(kept), in_tables | _in_prose(document), in_tables)


def _whole_row(document: Document, passage: Passage) -> Passage:
    """A passage in a table as its whole row: a check between columns knows its cell only."""
    cells = document.line(passage.line).cells
    return replace(passage, text=" · ".join(cell for cell in cells if cell)) if cells else passage


def _without_doubles(findings: list[Finding]) -> list[Finding]:
    """One difference for one figure: what another check of the same figure confirms is no difference, only a hint."""
    confirmed = {
        (one.stated.line, one.stated.place) for one in findings if one.verdict == REPRODUCED and one.equation
    }
    computed = {
        (one.stated.line, one.stated.place)
        for one in findings
        if one.verdict == REPRODUCED and one.equation not in ("", "same")
    }
    kept, seen = [], set()
    for one in findings:
        place = (one.stated.line, one.stated.place)
        if one.verdict == GAP and one.family in ("A1", "B1", "B2", "B3") and place in confirmed:
            if place in computed:
                continue
            one = replace(one, tier=HINT)
        if one.verdict == GAP and (one.family, *place) in seen:
            continue
        if one.verdict == GAP:
            seen.add((one.family, *place))
        kept.append(one)
    return kept


def _cells(grids: list[Table]) -> frozenset[tuple[int, int]]:
    places = set()
    for table in grids:
        for column in range(table.width):
            cells = [
                cell
                for row in table.rows
                if column < len(row.cells) and (cell := row.cells[column]) is not None
            ]
            # A column of years tells dates: it counts nothing, as a year in a sentence.
            if not all(re.fullmatch(r"(?:19|20)\d\d", cell.figure.printed) for cell in cells):
                places |= {(cell.line, cell.place) for cell in cells}
    return frozenset(places)


def _in_prose(document: Document) -> frozenset[tuple[int, int]]:
    places = set()
    for group in sentences.sentences(document):
        for sentence in group:
            for figure in sentence.figures:
                term = sentence.term(figure)
                places.add((term.line, term.place))
    return frozenset(places)


def names_beside(file: str) -> tuple[str, ...]:
    """Names of the list `noms.txt` that stands beside the file: they are masked wherever the rereading shows a text."""
    return read_list(Path(file).parent / NAMES) if file else ()
