"""Numbers of headings: in order, and the parts that the text sends to exist (families D2 and D5)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpers import french
from helpers.documents.verdicts import REPRODUCED
from helpers.rereading.documents import Document, Line
from helpers.rereading.findings import HINT, SURE, Findings
from helpers.rereading.numbering import ROMANS, gap, rank_of

_NUMBERED = re.compile(r"((?:\d{1,2}\.)*\d{1,2})\s*[.:)]?\s+(?=[A-ZÀÂÉÈÊ«\"*L'’])")
_ROMAN = re.compile(r"([IVX]{1,5}|\d{1,2})\s*[.)]\s+\S")
_SECTION_CALL = re.compile(
    r"\((?:cf\.?\s*|voir\s*|se référer à\s*)?(?:la\s+)?(?:partie|section|chapitre|point)?\s*"
    r"((?:[IVX]+\.)?(?:\d{1,2}\.)+\d{1,2})\.?\)",
    re.IGNORECASE,
)


def _whole(path: tuple[int, ...]) -> int:
    """One number for the number of a heading: 2.3.1 is 20301."""
    return sum(part * 100**power for power, part in enumerate(reversed(path)))


@dataclass(frozen=True)
class Heading:
    """One numbered heading."""

    path: tuple[int, ...]
    printed: str
    line: Line


def headings(document: Document) -> list[Heading]:
    """Headings numbered with two levels or more, and those of one level that begin such a chapter, of the body only."""
    found = []
    for line in document.lines:
        if line.cells or line.number in document.contents or len(line.text) > 220 or not line.text:
            continue
        match = _NUMBERED.match(line.text)
        if match is None or line.text.rstrip().endswith((";", ",")):
            continue
        path = tuple(int(part) for part in match[1].split("."))
        if 0 in path or max(path) > 30:
            continue
        # "2. Something" is also an item of a list or a question: only a heading of one level marked by style or alone counts.
        found.append(Heading(path, match[1], line))
    return found


def check(document: Document, found: Findings) -> None:
    """Every rule on headings, rubrics and the calls to parts."""
    _headings(document, found)
    _rubrics(document, found)
    _calls_of_parts(document, found)


def _headings(document: Document, found: Findings) -> None:
    """Numbers of headings of three levels and more, against the heading that they stand under."""
    deep = [one for one in headings(document) if len(one.path) >= 2]
    if len(deep) < 6:
        return
    before: Heading | None = None
    parent: Heading | None = None
    for one in deep:
        if len(one.path) == 2:
            parent = one
            before = one
            continue
        if parent is not None and len(one.path) == 3 and one.path[:2] != parent.path:
            previous = before or parent
            expected = (
                *parent.path,
                (previous.path[2] if previous.path[:2] == parent.path and len(previous.path) > 2 else 0) + 1,
            )
            shown = ".".join(map(str, expected))
            gap("D2", one.line, parent.line, f"le titre « {one.printed} » suit « {parent.printed} » (rang attendu : {shown})",
                 one.printed, _whole(one.path), _whole(expected), found, SURE, f"Titre {one.printed}")  # fmt: skip
        elif (
            before is not None
            and len(one.path) == 3
            and len(before.path) == 3
            and one.path[:2] == before.path[:2]
        ):
            step = one.path[2] - before.path[2]
            if step != 1:
                expected_rank = before.path[2] + 1
                tier = SURE if step == 2 else HINT
                gap("D2", one.line, before.line, f"le titre « {one.printed} » suit « {before.printed} »", one.printed,
                     one.path[2], expected_rank, found, tier, f"Titre {one.printed}")  # fmt: skip
        elif len(one.path) == 3 and before is parent and one.path[2] != 1 and parent is not None:
            gap("D2", one.line, parent.line, f"le premier titre sous « {parent.printed} » porte « {one.printed} »", one.printed,
                 one.path[2], 1, found, SURE if one.path[2] == 2 else HINT, f"Titre {one.printed}")  # fmt: skip
        before = one


def _rubrics(document: Document, found: Findings) -> None:
    """A short series of rubrics ("1. … 6. …") whose next number is written otherwise ("V.")."""
    series: list[tuple[str, Line]] = []
    for line in document.lines:
        text = line.text
        match = (
            _ROMAN.match(text)
            if len(text) < 80 and not line.cells and line.number not in document.contents
            else None
        )
        if match is None or text.rstrip().endswith((".", ";", "?")):
            continue
        series.append((match[1], line))
    for first in range(len(series) - 4):
        window = series[first : first + 7]
        ranks = [rank_of(text) for text, _ in window]
        digits = [text.isdigit() for text, _ in window]
        for end in range(4, len(window)):
            if all(digits[:end]) and ranks[:end] == list(range(1, end + 1)) and not digits[end]:
                text, line = window[end]
                if line.number - window[end - 1][1].number < 40 and ROMANS.get(text, 0) not in (1, end + 1):
                    gap("D2", line, window[end - 1][1], f"après la rubrique {end}, la rubrique porte « {text} »", text,
                         ROMANS.get(text, 0), end + 1, found, SURE, f"Rubrique {text}")  # fmt: skip


def _calls_of_parts(document: Document, found: Findings) -> None:
    """Parts that the text sends to: they exist, and a list of them names each once."""
    known = {one.printed: one for one in headings(document) if len(one.path) >= 2}
    if len(known) < 6:
        return
    for line in document.lines:
        if line.cells or line.number in document.contents:
            continue
        called: list[str] = []
        for match in _SECTION_CALL.finditer(line.text):
            text = match[1]
            bare = re.sub(r"^[IVX]+\.", "", text)
            if bare not in known:
                near = known.get(bare.rpartition(".")[0]) or next(iter(known.values()))
                reading = f"renvoi à « {text} » ; titre absent du texte lu"
                gap("D5", line, near.line, reading, text, 0, 1, found, SURE, f"Renvoi {text}")
            elif bare in called:
                following = [one for one in known if one.rpartition(".")[0] == bare.rpartition(".")[0]]
                reading = f"« {text} » est annoncé deux fois dans la même liste ; le texte porte {french.listing(following)}"
                gap(
                    "D5",
                    line,
                    known[bare].line,
                    reading,
                    text,
                    called.count(bare) + 1,
                    1,
                    found,
                    SURE,
                    f"Renvoi {text}",
                )
            else:
                gap("D5", line, known[bare].line, f"renvoi à « {text} », qui existe", text, 1, 1, found, SURE,
                     f"Renvoi {text}", REPRODUCED)  # fmt: skip
            called.append(bare)
