"""Relations inside one sentence: a count, its base and its percentage; a total and its parts; a mean, a density, a change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading import equations, references, rows
from helpers.rereading.documents import Document, Line, Paragraph
from helpers.rereading.findings import HINT, SEEN_WITHIN, SURE, Finding, Findings, Passage, Term, from_word
from helpers.rereading.numbers import Figure, figures

_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÀÂÉÈÊÎÔ«\"“(])|\s*;\s+(?=[A-ZÀÉ])")
_MARK = "\u0001{}\u0002"
_F = "\u0001(\\d+)\u0002"
_GAP = "[^\u0001\u0002.;]"
_NOISE_WORDS = (
    r"(?:(?:un |le |les |des |nos |ces |l['’])?"
    r"(?:total|ensemble|effectif|échantillon)? ?(?:de |des |d['’])?(?:les |ces |nos )?)"
)
# A count, then its base, then its percentage: "35 sur 60 (58,3 %)", "35 des 60 répondants, soit 58,3 %", "35/60 (58,3 %)".
_COUNT_BASE_SHARE = re.compile(
    rf"{_F}{_GAP}{{0,45}}?(?:/|\bsur|\bdes|\bparmi|\bpour)\s*{_NOISE_WORDS}{_F}{_GAP}{{0,50}}?"
    rf"(?:\(|\[|,? ?soit|,? ?c['’]est-à-dire|:|=|,? ?représent\w+|,\s(?=\u0001)){_GAP}{{0,25}}?{_F}"
)
# The percentage first: "58,3 % (35/60)", "58,3 % (35 sur 60)", "58,3 % des répondants (n = 35 sur 60)".
_SHARE_COUNT_BASE = re.compile(
    rf"{_F}{_GAP}{{0,60}}?[(\[,]\s*(?:n\s*=\s*|soit )?{_F}{_GAP}{{0,30}}?(?:/|\bsur|\bdes|\bparmi)\s*{_NOISE_WORDS}{_F}"
)
# A count and its percentage, the base standing elsewhere: "35 (58,3 %)", "35 répondants, soit 58,3 %", "58,3 % (n = 35)".
_COUNT_SHARE = re.compile(rf"{_F}{_GAP}{{0,55}}?(?:\(|\[|,? soit ){_GAP}{{0,12}}?{_F}")
_SHARE_COUNT = re.compile(rf"{_F}{_GAP}{{0,60}}?[(\[]\s*(?:n\s*=\s*|soit\s)?{_F}{_GAP}{{0,25}}?[)\]]")
_BASE = re.compile(
    rf"(?:\b[Ss]ur|\b[Pp]armi|\b[Dd]es|\b[Nn] ?=|\béchantillon (?:de|compte|comprend)|\btotal de|\beffectif de)\s*"
    rf"(?:un |les |ces |nos |total |l['’]ensemble des |de )*{_F}"
)
_ANSWERED = re.compile(
    rf"{_F}\s(?:\w+\s){{0,3}}?(?:répond|réponse|particip|patient|personnes?|médecin|questionnaire|inclus|interne|dossier|cas\b|"
    r"professionnel|étudiant|infirmi|pharmacien|enquêté|structure|équipe|établissement)"
)
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
_CHANGE = re.compile(
    rf"\b(?:de|passant de|passé\w* de|passent de|passe de|passait de)\s+{_F}{_GAP}{{0,60}}?\sà\s+{_F}{_GAP}{{0,90}}?"
    rf"(?:soit|\(|hausse|augmentation|baisse|diminution|progression|réduction|recul){_GAP}{{0,50}}?{_F}",
    re.IGNORECASE,
)
NEAR = SEEN_WITHIN["B3"]
DURATIONS = ("an", "mois", "semaine", "jour", "heure", "minute")  # an age is no count
_POINTS = re.compile(r"\s*points?\b")


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


def check(document: Document, found: Findings) -> None:
    """Every relation inside the sentences of a document, and between an announced total and the list after it."""
    for group in sentences(document):
        bases: list[tuple[Sentence, Figure]] = []
        for sentence in group:
            used = _explicit_shares(sentence, found)
            bases = [*_bases(sentence), *bases][:6]
            _shares(sentence, bases, used, found)
            _changes(sentence, found)
            _totals(sentence, found)
            _means(sentence, found)
            _impossible(sentence, found)
    _lists(document, found)


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
            tuple(placed), equation, tier, _label(sentence, stated),
        )
    )  # fmt: skip
    return verdict


def _label(sentence: Sentence, figure: Figure) -> str:
    return " ".join(sentence.text[max(0, figure.start - 50) : figure.end + 50].split())


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
                    abs(100 * count.value / only[0][1].value / share.value - 1) < NEAR
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
                    if (miss < NEAR or dense) and (best is None or miss < best[0]):
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


def _impossible(sentence: Sentence, found: Findings) -> None:
    """A percentage of n people that no whole count gives (GRIM): "58,0 % des 60 répondants"."""
    for match in re.finditer(rf"{_F}\s(?:des|de nos|de ces|parmi les)\s{_F}(?!\s?%)", sentence.marked):
        share, base = sentence.figures[int(match[1])], sentence.figures[int(match[2])]
        if share.unit != "%" or not base.whole or base.unit or base.value < 5:
            continue
        one = rows.grim(share, base)
        if one is not None and one[1] == GAP:
            count = round(one[0] * base.value / 100)
            reading = f"{count} sur {base.printed} = {equations.said(one[0])} %, le plus proche d'un effectif entier"
            found.add(
                Finding(
                    "A4", GAP, sentence.passage(share), sentence.passage(base), reading, sentence.term(share), one[0],
                    (sentence.term(base),), "", SURE, _label(sentence, share),
                )
            )  # fmt: skip


def _lists(document: Document, found: Findings) -> None:
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
        pieces = [_whole(other) for other in items]
        parts = [
            (piece, piece.figures[0]) for piece in pieces if piece.figures and piece.figures[0].start < 8
        ]
        if len(parts) < 2 or len(parts) < len(items):
            continue
        parts = [(piece, figure) for piece, figure in parts if figure.whole and not figure.unit]
        head = _whole(paragraph)
        following = [_whole(other) for other in paragraphs[rank + 1 + len(items) : rank + 3 + len(items)]]
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
                            tuple(one.term(figure) for one, figure in parts), "total", SURE, _label(piece, total),
                        )
                    )  # fmt: skip


def _whole(paragraph: Paragraph) -> Sentence:
    numbers = tuple(figures(paragraph.text))
    return Sentence(paragraph, 0, paragraph.text, numbers, _marked(paragraph.text, numbers))
