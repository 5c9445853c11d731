"""Totals said in a sentence or before a list, densities, means and products (families B1 and B3)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import equations
from helpers.rereading.documents import Document
from helpers.rereading.findings import HINT, SEEN_WITHIN, SURE, Finding, Findings
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import Sentence, add, label, whole

_PARTS = re.compile(
    r"\bdont\b|\bréparti\w*|\bse répartissent|\bse décompos\w+|\bcomposée?s? de|\bcomprenant|\bregroupant|\bsoit\b|\s:\s|\(",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\bréparti\w*|\bse répartissent|\bse décompos\w+|\bcomposée?s? de|\bsoit\b", re.IGNORECASE
)
_TOTAL = re.compile(
    r"(?:\bau total\b|\bun total de\b|\bsoit (?:au total|un total de|en tout)\b|\ben tout\b|:\s*(?:au total )?ces\b)",
    re.IGNORECASE,
)
_MEAN = re.compile(
    r"\ben moyenne\b|\bune moyenne de\b|\bdensité\b|\bpar (?:mois|an|personne|habitant|médecin|structure)\b|\bchacun",
    re.IGNORECASE,
)
_SO = re.compile(
    r"\bsoit\b|\bce qui (?:fait|représente|correspond|équivaut)|\bc['’]est-à-dire\b|\bpuisqu|\bcouvr",
    re.IGNORECASE,
)


def check(sentence: Sentence, found: Findings) -> None:
    """Every total, mean and product of a sentence."""
    _totals(sentence, found)
    _means(sentence, found)


def _totals(sentence: Sentence, found: Findings) -> None:
    """A total and its parts, in either order: "31 questions, dont 20 …, 9 … et 2 …" ; "12 … et 18 …, soit un total de 30"."""
    numbers = sentence.figures
    if len(numbers) < 3 or len(numbers) > 14:
        return
    for match in _TOTAL.finditer(sentence.text):
        total = next((one for one in numbers if match.end() <= one.start <= match.end() + 12), None)
        if total is None:
            continue
        before = [one for one in numbers if one.end <= match.start() and _same_kind(one, total)]
        for size in range(len(before), 1, -1):
            if _verdict("total", total, before[-size:]) == REPRODUCED:
                add("B1", "total", total, before[-size:], sentence, found)
                break
        else:
            soit = match.group().lower().startswith("soit")
            if soit and len(before) >= 2 and _near(total, before):
                add("B1", "total", total, before, sentence, found)
    for match in _PARTS.finditer(sentence.text):
        total = next(
            (one for one in reversed(numbers) if one.end <= match.start() and match.start() - one.end < 70),
            None,
        )
        if total is None or not total.whole or total.value < 3:
            continue
        stop = (
            re.compile(r"[.:;)]").search(sentence.text, match.end()) if match.group().strip() == "(" else None
        )
        end = stop.start() if stop else len(sentence.text)
        after = [one for one in numbers if match.end() <= one.start < end and _same_kind(one, total)]
        if re.search(r"\b(?:ou|à)\s*$", sentence.text[: after[1].start] if len(after) > 1 else ""):
            continue
        for size in range(len(after), 1, -1):
            if _verdict("total", total, after[:size]) == REPRODUCED:
                add("B1", "total", total, after[:size], sentence, found)
                break
        else:
            listed = len(after) >= 2 and re.search(r"\bet\b", sentence.text[after[-2].end : after[-1].start])
            same_place = listed and after[-1].end - after[0].start < 160
            exhaustive = bool(_WHOLE.search(match.group())) or (
                match.group().lower() == "dont" and len(after) >= 3
            )
            if same_place and exhaustive and _near(total, after):
                tier = SURE if _WHOLE.search(match.group()) or _repeats(sentence, after) else HINT
                add("B1", "total", total, after, sentence, found, tier=tier)


def _repeats(sentence: Sentence, parts: Sequence[Figure]) -> bool:
    """Whether the parts are followed by the same words ("20 dans la partie …, 9 dans la partie …"): a list meant to be whole."""
    heads = {" ".join(sentence.text[part.end :].split()[:3]).lower() for part in parts}
    tails = {
        " ".join(re.sub(r"^\W*questions?", "", sentence.text[part.end :]).split()[:2]).lower()
        for part in parts
    }
    return len(heads) == 1 or len(tails) == 1


def _same_kind(one: Figure, total: Figure) -> bool:
    return one.whole and one.unit in ("", total.unit) and total.unit != "%"


def _near(total: Figure, parts: Sequence[Figure]) -> bool:
    value = sum(part.value for part in parts)
    return abs(value / total.value - 1) < SEEN_WITHIN["B1"]


def _verdict(equation: str, stated: Figure, terms: Sequence[Figure]) -> str | None:
    value = equations.computed(equation, terms)
    return None if value is None else equations.agreement(stated, value)


def _means(sentence: Sentence, found: Findings) -> None:
    """A density, a mean or a product that words announce, among the figures of its sentence."""
    numbers = [one for one in sentence.figures if one.unit != "%" and one.value >= 2]
    if not 3 <= len(numbers) <= 8 or not (_MEAN.search(sentence.text) and _SO.search(sentence.text)):
        return
    best: tuple[float, str, Figure, list[Figure], str] | None = None
    for stated in numbers:
        others = [one for one in numbers if one is not stated]
        for one in others:
            for two in others:
                if one is two:
                    continue
                for equation in ("quotient", "product") if one.start < two.start else ("quotient",):
                    if not _meant(sentence, equation, stated, one, two):
                        continue
                    value = equations.computed(equation, [one, two])
                    if value is None or not value:
                        continue
                    verdict = equations.agreement(stated, value)
                    miss = 0.0 if verdict == REPRODUCED else abs(value / stated.value - 1) + 1e-6
                    dense = {one.unit, two.unit} == {"habitants", "km²"} and equation == "quotient"
                    if (miss < SEEN_WITHIN["B3"] or dense) and (best is None or miss < best[0]):
                        best = (miss, equation, stated, [one, two], verdict)
    if best is not None:
        add("B3", best[1], best[2], best[3], sentence, found)


def _meant(sentence: Sentence, equation: str, stated: Figure, one: Figure, two: Figure) -> bool:
    """Whether the words around a figure say that it is that mean, density or product."""
    around = sentence.text[max(0, stated.start - 45) : stated.start]
    after = sentence.text[stated.end : stated.end + 30]
    if equation == "product":
        # "733 projets couvriront 60 millions d'usagers, puisqu'en moyenne une CPTS couvre 81 000": the mean is one of the terms.
        mean_before = sentence.text[max(0, two.start - 45) : two.start]
        return (
            bool(_MEAN.search(mean_before))
            and stated.value > max(one.value, two.value)
            and min(one.value, two.value) > 10
        )
    density = "densité" in around.lower() or re.match(r"\s*(?:par|/)\s*k", after)
    if density:
        return two.unit == "km²" and one.unit != "km²"
    mean = re.search(r"\ben moyenne\b|\bmoyenne de\b|\bsoit\b", around, re.IGNORECASE)
    return (
        bool(mean)
        and one.value > two.value
        and stated.value >= 2
        and (one.start < stated.start and two.start < stated.start)
    )


def lists(document: Document, found: Findings) -> None:
    """A total announced above a list whose items begin with a figure."""
    paragraphs = document.paragraphs
    for rank, paragraph in enumerate(paragraphs):
        if not re.search(r"(?::|\bdont\s*:?)\s*$", paragraph.text):
            continue
        items = []
        for other in paragraphs[rank + 1 : rank + 25]:
            if not other.lines[0].item:
                break
            items.append(other)
        pieces = [whole(other) for other in items]
        parts = [
            (piece, piece.figures[0]) for piece in pieces if piece.figures and piece.figures[0].start < 8
        ]
        if len(parts) < 2 or len(parts) < len(items):
            continue
        parts = [(piece, figure) for piece, figure in parts if figure.whole and not figure.unit]
        head = whole(paragraph)
        following = [whole(other) for other in paragraphs[rank + 1 + len(items) : rank + 3 + len(items)]]
        for piece in (head, *following):
            for total in piece.figures:
                value = sum(figure.value for _, figure in parts)
                if not total.whole or len(parts) < 2 or total.unit == "%":
                    continue
                above = piece is head and re.search(r"\bdont\b", paragraph.text) and value > total.value
                said = piece.text[max(0, total.start - 40) : total.start]
                called = len(parts) == len(items) and _TOTAL.search(said)
                if value == total.value or (above and total.value > 3) or called:
                    verdict = REPRODUCED if value == total.value else GAP
                    found.add(
                        Finding(
                            "B1", verdict, piece.passage(total), parts[0][0].passage(parts[0][1]),
                            equations.in_words("total", [figure for _, figure in parts], value), piece.term(total), value,
                            tuple(one.term(figure) for one, figure in parts), "total", SURE, label(piece, total),
                        )
                    )  # fmt: skip
