"""Numbers that a document gives to its parts: read, and set beside the place that they answer to."""

from __future__ import annotations

from helpers.documents.verdicts import GAP
from helpers.rereading.documents import Line
from helpers.rereading.findings import SURE, Finding, Findings, Passage, Term, from_word

ROMANS = {
    roman: rank
    for rank, roman in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"), 1
    )
}


def rank_of(text: str) -> int:
    """Value of a number in digits or in Roman letters; 0 when it is neither."""
    return int(text) if text.isdigit() else ROMANS.get(text.upper(), 0)


def gap(
    family: str,
    line: Line,
    other: Line,
    reading: str,
    printed: str,
    value: float,
    computed: float,
    found: Findings,
    tier: str = SURE,
    label: str = "",
    verdict: str = GAP,
) -> None:
    """Add the finding that the number `printed` of `line` does not follow from `other`, or with REPRODUCED that it does."""
    place = next(
        (rank for rank, cell in enumerate(line.cells) if printed in cell), max(line.text.find(printed), 0)
    )
    found.add(
        Finding(
            family, verdict, Passage(line.number, _around(line.text, printed), line.page),
            Passage(other.number, _around(other.text, printed), other.page), reading,
            Term(line.number, place, printed, value), computed, (), "", tier, label or printed,
        )
    )  # fmt: skip


def _around(text: str, printed: str) -> str:
    at = max(text.find(printed), 0)
    return text if len(text) < 200 else ("… " if at > 90 else "") + from_word(text, at - 90)
