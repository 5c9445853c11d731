"""Figures that a computation holds: nearly every change of one of their digits alone would show as a difference.

A check holds a figure less than it seems: the rounding of its terms lets the last digit move, and a relation is looked for only
where most of its columns agree. What the report says to be held is what stands that test, change by change.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from helpers.documents.verdicts import GAP
from helpers.rereading import equations
from helpers.rereading.findings import FIRM, SEEN_WITHIN, Finding, Term
from helpers.rereading.numbers import Figure

SHARE = 0.9  # of the changes of one digit that must show
NUMBER_WORDS = range(2, 17)
# Checks of one family on one row (or one column) before one of them may fail and the others still find the relation.
COMPANY = {"A1": 3, "A2": 3, "A3": 4}


def places(confirmed: Sequence[Finding], in_tables: frozenset[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Places (line, rank or offset) of the figures that the checks hold together."""
    company = Counter(map(_relation, confirmed))
    checks: dict[tuple[int, int], list[tuple[Finding, int]]] = defaultdict(list)
    for one in confirmed:
        firm = one.family in FIRM or (one.family == "F3" and one.places <= in_tables)
        if not firm or company[_relation(one)] < COMPANY.get(one.family, 1):
            continue
        for rank, term in enumerate((one.stated, *one.terms)):
            checks[term.line, term.place].append((one, rank))
    return frozenset(place for place, found in checks.items() if _share(found) >= SHARE)


def _relation(one: Finding) -> tuple[str, str, frozenset[int]]:
    """What the checks of one relation share: its family and the rows (or the columns) that it stands in."""
    lines = frozenset(term.line for term in (one.stated, *one.terms))
    return one.family, one.equation, lines if len(lines) > 1 else frozenset((-one.stated.place,))


def _share(found: Sequence[tuple[Finding, int]]) -> float:
    """Share of the changes of one digit of a figure that at least one check shows."""
    first, rank = found[0]
    figure = (first.stated, *first.terms)[rank].figure
    if figure is None:
        return 0.0
    changes = list(_changes(figure))
    return sum(any(_shows(one, at, change) for one, at in found) for change in changes) / max(len(changes), 1)


def _changes(figure: Figure) -> Iterator[Figure]:
    """The figure with one digit changed, or its number word."""
    digits = re.sub(r"\D", "", figure.printed)
    number = int(digits) if digits else 0
    if not number:
        values = (
            [figure.value + step for step in range(1, 10)] if digits else [float(one) for one in NUMBER_WORDS]
        )
    else:
        values = [
            figure.value / number * (number + (digit - int(old)) * 10 ** (len(digits) - 1 - rank))
            for rank, old in enumerate(digits)
            for digit in range(10)
            if digit != int(old) and (rank or digit)
        ]
    for value in values:
        if value != figure.value:
            moved = value - figure.value
            yield replace(figure, value=value, low=figure.low + moved, high=figure.high + moved)


def _shows(one: Finding, rank: int, changed: Figure) -> bool:
    """Whether a check would show the change of one of its figures."""
    if not one.equation:
        return True
    terms: list[Term] = [one.stated, *one.terms]
    figures = [term.figure for term in terms]
    figures[rank] = changed
    known = [figure for figure in figures if figure is not None]
    if len(known) < len(figures):
        return False
    stated, others = known[0], known[1:]
    value = equations.computed(one.equation, others)
    if value is None:
        return False
    if one.equation == "same":
        return equations.printed_again(stated, others[0]) == GAP
    if one.equation == "complement":
        return not equations.whole(known)
    dense = {"habitants", "km²"} <= {term.unit for term in terms}
    within = None if dense else SEEN_WITHIN.get(one.family)
    near = within is None or not stated.value or abs(value / stated.value - 1) < within
    return near and equations.agreement(stated, value) == GAP
