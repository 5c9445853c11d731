"""Percentages said in a sentence, with the count and the base that they are made of (families A4 and B2)."""

from __future__ import annotations

import re

from helpers.documents.verdicts import GAP
from helpers.rereading import equations, shares
from helpers.rereading.findings import HINT, SEEN_WITHIN, SURE, Finding, Findings
from helpers.rereading.numbers import Figure
from helpers.rereading.sentences import FIGURE, WORDS, Sentence, add, label

_NOISE_WORDS = (
    r"(?:(?:un |le |les |des |nos |ces |l['’])?"
    r"(?:total|ensemble|effectif|échantillon)? ?(?:de |des |d['’])?(?:les |ces |nos )?)"
)
# A count, then its base, then its percentage: "35 sur 60 (58,3 %)", "35 des 60 répondants, soit 58,3 %", "35/60 (58,3 %)".
_COUNT_BASE_SHARE = re.compile(
    rf"{FIGURE}{WORDS}{{0,45}}?(?:/|\bsur|\bdes|\bparmi|\bpour)\s*{_NOISE_WORDS}{FIGURE}{WORDS}{{0,50}}?"
    rf"(?:\(|\[|,? ?soit|,? ?c['’]est-à-dire|:|=|,? ?représent\w+|,\s(?=\u0001)){WORDS}{{0,25}}?{FIGURE}"
)
# The percentage first: "58,3 % (35/60)", "58,3 % (35 sur 60)", "58,3 % des répondants (n = 35 sur 60)".
_SHARE_COUNT_BASE = re.compile(
    rf"{FIGURE}{WORDS}{{0,60}}?[(\[,]\s*(?:n\s*=\s*|soit )?{FIGURE}"
    rf"{WORDS}{{0,30}}?(?:/|\bsur|\bdes|\bparmi)\s*{_NOISE_WORDS}{FIGURE}"
)
# A count and its percentage, the base standing elsewhere: "35 (58,3 %)", "35 répondants, soit 58,3 %", "58,3 % (n = 35)".
_COUNT_SHARE = re.compile(rf"{FIGURE}{WORDS}{{0,55}}?(?:\(|\[|,? soit ){WORDS}{{0,12}}?{FIGURE}")
_SHARE_COUNT = re.compile(
    rf"{FIGURE}{WORDS}{{0,60}}?[(\[]\s*(?:n\s*=\s*|soit\s)?{FIGURE}{WORDS}{{0,25}}?[)\]]"
)
_BASE = re.compile(
    rf"(?:\b[Ss]ur|\b[Pp]armi|\b[Dd]es|\b[Nn] ?=|\béchantillon (?:de|compte|comprend)|\btotal de|\beffectif de)\s*"
    rf"(?:un |les |ces |nos |total |l['’]ensemble des |de )*{FIGURE}"
)
_ANSWERED = re.compile(
    rf"{FIGURE}\s(?:\w+\s){{0,3}}?(?:répond|réponse|particip|patient|personnes?|médecin|questionnaire|inclus|interne|dossier|cas\b|"
    r"professionnel|étudiant|infirmi|pharmacien|enquêté|structure|équipe|établissement)"
)
_CHANGE = re.compile(
    rf"\b(?:de|passant de|passé\w* de|passent de|passe de|passait de)\s+{FIGURE}{WORDS}{{0,60}}?\sà\s+{FIGURE}{WORDS}{{0,90}}?"
    rf"(?:soit|\(|hausse|augmentation|baisse|diminution|progression|réduction|recul){WORDS}{{0,50}}?{FIGURE}",
    re.IGNORECASE,
)
DURATIONS = ("an", "mois", "semaine", "jour", "heure", "minute")  # an age is no count
_POINTS = re.compile(r"\s*points?\b")


def check(
    sentence: Sentence, bases: list[tuple[Sentence, Figure]], found: Findings
) -> list[tuple[Sentence, Figure]]:
    """Every relation between the percentages of a sentence; `bases` stand before it, those that the next may have are given."""
    used = _explicit_shares(sentence, found)
    bases = [*_bases(sentence), *bases][:6]
    _shares(sentence, bases, used, found)
    _changes(sentence, found)
    _impossible(sentence, found)
    return bases


def _explicit_shares(sentence: Sentence, found: Findings) -> set[int]:
    """Count, base and percentage printed together; gives the ranks of the figures that they use."""
    used: set[int] = set()
    for pattern, order in ((_COUNT_BASE_SHARE, (0, 1, 2)), (_SHARE_COUNT_BASE, (1, 2, 0))):
        for match in pattern.finditer(sentence.marked):
            ranks = [int(match[group + 1]) for group in order]
            count, base, share = (sentence.figures[rank] for rank in ranks)
            if (
                share.unit != "%"
                or not (count.whole and base.whole)
                or count.unit != base.unit
                or count.unit in DURATIONS
                or used & set(ranks)
            ):
                continue
            if not base.value > 0 or count.value > base.value * 1.5 or base.value < 3:
                continue
            used |= set(ranks)
            add("B2", "share", share, [count, base], sentence, found)
    return used


def _bases(sentence: Sentence) -> list[tuple[Sentence, Figure]]:
    found = []
    for pattern in (_BASE, _ANSWERED):
        for match in pattern.finditer(sentence.marked):
            figure = sentence.figures[int(match[1])]
            if figure.whole and figure.value >= 5 and not figure.unit and (sentence, figure) not in found:
                found.append((sentence, figure))
    return found


def _shares(
    sentence: Sentence, bases: list[tuple[Sentence, Figure]], used: set[int], found: Findings
) -> None:
    """Counts with their percentages whose base stands before them, in the sentence or just before."""
    pairs = []
    for pattern, order in ((_COUNT_SHARE, (0, 1)), (_SHARE_COUNT, (1, 0))):
        for match in pattern.finditer(sentence.marked):
            ranks = [int(match[group + 1]) for group in order]
            count, share = (sentence.figures[rank] for rank in ranks)
            if share.unit == "%" and count.whole and count.unit != "%" and not used & set(ranks):
                used |= set(ranks)
                pairs.append((count, share))
    for count, share in pairs:
        fitting = [
            (owner, base) for owner, base in bases
            if base is not count and base.value >= count.value and (owner is not sentence or base.start != count.start)
        ]  # fmt: skip
        agreed = [
            item for item in fitting
            if (value := equations.computed("share", [count, item[1]])) is not None
            and equations.agreement(share, value) != GAP
        ]  # fmt: skip
        if agreed:
            owner, base = agreed[0]
            add("B2", "share", share, [count, base], sentence, found, base=owner)
        else:
            here = [item for item in fitting if item[0] is sentence and item[1].start < count.start]
            only = here if here else fitting
            if len(only) == 1 and only[0][1].value > count.value:
                near = (
                    abs(100 * count.value / only[0][1].value / share.value - 1) < SEEN_WITHIN["B3"]
                    if share.value
                    else False
                )
                tier = SURE if here or near else HINT
                add("B2", "share", share, [count, only[0][1]], sentence, found, base=only[0][0], tier=tier)


def _changes(sentence: Sentence, found: Findings) -> None:
    for match in _CHANGE.finditer(sentence.marked):
        first, last, share = (sentence.figures[int(match[group])] for group in (1, 2, 3))
        if (
            share.unit != "%"
            or first.unit not in ("", last.unit)
            or not first.value
            or _POINTS.match(sentence.text, share.end)
        ):
            continue
        if "%" in (first.unit, last.unit):
            continue
        add("B3", "change", share, [first, last], sentence, found)


def _impossible(sentence: Sentence, found: Findings) -> None:
    """A percentage of n people that no whole count gives (GRIM): "58,0 % des 60 répondants"."""
    for match in re.finditer(
        rf"{FIGURE}\s(?:des|de nos|de ces|parmi les)\s{FIGURE}(?!\s?%)", sentence.marked
    ):
        share, base = sentence.figures[int(match[1])], sentence.figures[int(match[2])]
        if share.unit != "%" or not base.whole or base.unit or base.value < 5:
            continue
        one = shares.grim(share, base)
        if one is not None and one[1] == GAP:
            count = round(one[0] * base.value / 100)
            reading = f"{count} sur {base.printed} = {equations.said(one[0])} %, le plus proche d'un effectif entier"
            found.add(
                Finding(
                    "A4", GAP, sentence.passage(share), sentence.passage(base), reading, sentence.term(share), one[0],
                    (sentence.term(base),), "", SURE, label(sentence, share),
                )
            )  # fmt: skip
