"""Classes of size: they neither overlap nor leave a hole (family I)."""

from __future__ import annotations

import re

from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.documents import Document, Line
from helpers.rereading.findings import HINT, SURE, Findings
from helpers.rereading.numbering import gap

_CLASS = re.compile(
    r"^[\[(]?\s*(?:entre |de )?(?P<low>\d[\d \u00a0\u202f.]*)\s*(?:[-–à]|et)\s*"
    r"(?P<high>\d[\d \u00a0\u202f.]*)\s*(?:[a-zé€%. ]{0,20})\s*[\])]?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"^[\[(]?\s*(?:<|≤|moins de|inférieur à|jusqu['’]à)\s*(?:à\s*)?(?P<high>\d[\d \u00a0\u202f.]*)[^\d]*$",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"^[\[(]?\s*(?:(?P<sign>>|≥|plus de|supérieur à|au-delà de)\s*(?:à\s*)?(?P<a>\d[\d \u00a0\u202f.]*)|"
    r"(?P<b>\d[\d \u00a0\u202f.]*)\s*(?:et|ou) plus|(?P<c>\d[\d \u00a0\u202f.]*)\s*\+)"
    r"[^\d]*$",
    re.IGNORECASE,
)


def check(document: Document, found: Findings) -> None:
    """Classes of size that overlap or leave a hole, in a list of items or in the heads of a table."""
    group: list[tuple[Line, str]] = []
    for line in (*document.lines, Line(10**9, "fin")):
        texts = (
            [cell for cell in line.cells if cell]
            if line.cells
            else [re.sub(r"^\s*[-–•·o*]\s+", "", line.text)]
        )
        classes = [text.strip(" *\\") for text in texts if _bounds(text.strip(" *\\")) is not None]
        if line.cells and len(classes) >= 2:
            _one_scale([(line, text) for text in classes], found)
        if len(classes) == 1:
            group.append((line, classes[0]))
        elif line.text.strip():
            if len(group) >= 3:
                _one_scale(group, found)
            group = []


def _one_scale(group: list[tuple[Line, str]], found: Findings) -> None:
    before: tuple[float, float, Line, str] | None = None
    steps = []
    for line, text in group:
        bounds = _bounds(text)
        if bounds is None:
            return
        low, high = bounds
        if before is not None and low >= before[0]:
            steps.append((low - before[1], line, text, before))
        before = (low, high, line, text)
    _shared_bounds(steps, found)
    # Classes of whole numbers go on one after the other (1–5, 6–10): a shared bound is an overlap there.
    unit_steps = [step for step, *_ in steps if step == 1]
    for step, line, text, previous in steps:
        if len(unit_steps) >= 2 and step != 1 and abs(step) < 1000:
            how = "se recouvrent" if step <= 0 else "laissent un trou"
            gap("I1", line, previous[2], f"« {previous[3]} » puis « {text} » {how}", text, previous[1] + step, previous[1] + 1,
                 found, SURE, f"Classe {text}")  # fmt: skip


def _shared_bounds(
    steps: list[tuple[float, Line, str, tuple[float, float, Line, str]]], found: Findings
) -> None:
    """Classes that share their bounds ("de 40 à 80 000", "de 80 à 175 000", "> 175 000"): each begins where the last ends."""
    shared = [step for step, *_ in steps if step in (0, 1)]
    if len(shared) < 2 or len(shared) < len(steps) - 1:
        return
    for step, line, text, previous in steps:
        if step not in (0, 1) or previous[1] >= 1000:
            equal = step in (0, 1)
            how = "se suivent" if equal else "se recouvrent" if step < 0 else "laissent un trou"
            gap("I1", line, previous[2], f"« {previous[3]} » puis « {text} » {how}", text, previous[1] + step, previous[1],
                 found, SURE if equal else HINT, f"Classe {text}", REPRODUCED if equal else GAP)  # fmt: skip


def _bounds(text: str) -> tuple[float, float] | None:
    """Bounds of a class; a first class has its upper bound only."""
    under = _UNDER.match(text)
    return (0.0, _value(under["high"])) if under else _number(text)


def _number(text: str) -> tuple[float, float] | None:
    match = _CLASS.match(text)
    if match:
        low, high = _value(match["low"]), _value(match["high"])
        # "de 40 à 80 000 habitants": both are thousands.
        return (low * 1000 if 0 < low < 1000 <= high and high % 1000 == 0 else low), high
    over = _OVER.match(text)
    if over:
        strict = over["sign"] is not None and over["sign"] != "≥"
        low = _value(over["a"] or over["b"] or over["c"])
        return (low + 1 if strict else low), float("inf")
    return None


def _value(text: str) -> float:
    return float(re.sub(r"\D", "", text) or 0)
