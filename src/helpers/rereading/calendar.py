"""Dates of one document against each other: one event on two days, a past after the document, a period and its table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.documents import Document, Line
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term
from helpers.rereading.numbers import MONTHS

_NAMES = "|".join(MONTHS) + "|fevrier|aout|aolt|decembre"
_DAY = re.compile(rf"\b(\d{{1,2}})(?:er)?\s+({_NAMES})\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_MONTH = re.compile(rf"\b({_NAMES})\s+((?:19|20)\d\d)\b", re.IGNORECASE)
_SLASHED = re.compile(r"\b(\d{1,2})/(\d{1,2})/((?:19|20)\d\d)\b")
_PERIOD = re.compile(
    rf"\b(?:entre|de|du)\s+(?:le\s+)?(?:\d{{1,2}}(?:er)?\s+)?({_NAMES})(?:\s+((?:19|20)\d\d))?\s+(?:et|à|au)\s+(?:le\s+)?"
    rf"(?:\d{{1,2}}(?:er)?\s+)?({_NAMES})\s+((?:19|20)\d\d)",
    re.IGNORECASE,
)
_COLLECTED = re.compile(
    r"\b(?:entretiens?|étude|enquête|recueil|questionnaires?|réalisée?s?|inclusions?|observations?)\b",
    re.IGNORECASE,
)
_DEFENDED = re.compile(r"\b(?:soutenue?|présentée?)\b[^\n]{0,60}", re.IGNORECASE)
_END_OF_YEAR = re.compile(r"\b(?:à la )?fin (?:de l['’]année |d['’]année |)((?:19|20)\d\d)\b", re.IGNORECASE)
_PAST = re.compile(r"\b(?:étaient|était|avaient|avait|ont été|a été|comptait|comptaient)\b")
_REFERENCE = re.compile(
    r"^\s*(?:[¹²³⁴⁵⁶⁷⁸⁹⁰]+|\[?\d+[\].])\s|\bdisponible\b|\bconsulté|\bn\s*[°º]|\bdécret|\barrêté|\bloi\b|\bordonnance",
    re.IGNORECASE,
)
# Words that two mentions of one event share without being the event.
_COMMON = frozenset(
    ("avant", "apres", "depuis", "jusqu", "dans", "pour", "avec", "entre", "leur", "leurs", "cette", "cela", "celui", "celle",
     "sont", "etre", "avoir", "fait", "plus", "dont", "mais", "elle", "elles", "nous", "vous", "date", "mois", "annee", "jour",
     "jours")
)  # fmt: skip
_UNTIL = re.compile(r"\b(?:avant le|jusqu['’]au|au plus tard le)\s*$", re.IGNORECASE)
WINDOW = 90  # characters around a date that say what happened


@dataclass(frozen=True)
class Dated:
    """One day that a line prints, and the words that say what happened."""

    day: int
    month: int
    year: int
    printed: str
    line: Line
    start: int
    around: frozenset[str]
    until: bool


def check(document: Document, found: Findings) -> None:
    """Every comparison of dates."""
    _two_days(document, found)
    _after_the_document(document, found)
    _period(document, found)


def _month(name: str) -> int:
    low = french.plain(name).replace("aolt", "aout")
    return [french.plain(month) for month in MONTHS].index(low) + 1


def days(document: Document) -> Iterator[Dated]:
    """Days printed in the lines of a document."""
    for position, line in enumerate(document.lines):
        if line.number in document.contents:
            continue
        text = line.text if not line.cells else " ".join(line.cells)
        for match in _DAY.finditer(text):
            near = (
                document.lines[max(0, position - 3) : position]
                if match.start() < WINDOW and not line.cells
                else ()
            )
            before = " ".join(one.text for one in near if not one.cells)[-WINDOW:]
            context = f"{before} {text[max(0, match.start() - WINDOW) : match.end() + 50]}"
            yield Dated(
                int(match[1]), _month(match[2]), int(match[3]), match.group(), line, match.start(),
                frozenset(_stems(context)), bool(_UNTIL.search(text[: match.start()])),
            )  # fmt: skip


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"[a-z]{4,}", french.plain(text)) if word not in _COMMON}


def _two_days(document: Document, found: Findings) -> None:
    """One month of one year, two days, the same event: the words around both share most of what tells it."""
    known: dict[tuple[int, int], list[Dated]] = {}
    for one in days(document):
        if not _REFERENCE.search(one.line.text[max(0, one.start - 60) : one.start]):
            known.setdefault((one.month, one.year), []).append(one)
    months = {french.plain(month)[:6] for month in MONTHS}
    for same in known.values():
        for rank, one in enumerate(same):
            for other in same[:rank]:
                shared = (one.around & other.around) - months
                if one.line.number == other.line.number:
                    continue
                if one.day == other.day:
                    if len(shared) >= 2:
                        found.add(_one_day(one, other))
                    continue
                deadline = (
                    one.until
                    and other.until
                    and abs(one.line.number - other.line.number) < 60
                    and bool(shared)
                )
                enough = len(shared) >= 3 or deadline
                signed = any(
                    stem.startswith(("signe", "adher", "publi", "creee", "promul", "adopt", "entre"))
                    for stem in shared
                )
                if not enough:
                    continue
                words = sorted(shared, key=lambda stem: (-len(stem), stem))[:3]
                reading = f"« {one.printed} » ici, « {other.printed} » là, pour des mots communs ({_spelled(words, one)})"
                later, earlier = (one, other)
                found.add(
                    Finding(
                        "E2", GAP, _shown(later), _shown(earlier), reading,
                        Term(later.line.number, later.start, later.printed, later.day), float(earlier.day),
                        (Term(earlier.line.number, earlier.start, earlier.printed, earlier.day),), "same",
                        SURE if signed or deadline else HINT, later.printed,
                    )
                )  # fmt: skip


def _spelled(stems: list[str], one: Dated) -> str:
    """The words of a line that begin with the stems, as they are written; the stems that stand in other lines as they are."""
    written = {
        word[:6]: said for said in re.findall(r"[^\W\d_]{4,}", one.line.text) if (word := french.plain(said))
    }
    return french.listing([written.get(stem, stem) for stem in stems])


def _one_day(one: Dated, other: Dated) -> Finding:
    return Finding(
        "E2", REPRODUCED, _shown(one), _shown(other), f"« {one.printed} » dans les deux passages",
        Term(one.line.number, one.start, one.printed, one.day), float(other.day),
        (Term(other.line.number, other.start, other.printed, other.day),), "same", SURE, one.printed,
    )  # fmt: skip


def _shown(one: Dated) -> Passage:
    text = one.line.text if not one.line.cells else " · ".join(one.line.cells)
    return Passage(one.line.number, text[max(0, one.start - 130) :], one.line.page)


def _document_date(document: Document) -> tuple[int, int, Line] | None:
    """Year and month when the document was defended, from its first pages."""
    for line in document.lines[:200]:
        match = _DEFENDED.search(line.text)
        if match:
            slashed, day = _SLASHED.search(match.group()), _DAY.search(match.group())
            if slashed:
                return int(slashed[3]), int(slashed[2]), line
            if day:
                return int(day[3]), _month(day[2]), line
    return None


def _after_the_document(document: Document, found: Findings) -> None:
    dated = _document_date(document)
    if dated is None:
        return
    year, month, source = dated
    for line in document.lines:
        if line.cells or line.number in document.contents:
            continue
        for match in _END_OF_YEAR.finditer(line.text):
            told = line.text[match.end() : match.end() + 120]
            if int(match[1]) >= year and (int(match[1]), 12) > (year, month) and _PAST.search(told):
                reading = (
                    f"un passé daté « {match.group()} », dans un document de {french.number(month)}/{year}"
                )
                found.add(
                    Finding(
                        "E3", GAP, Passage(line.number, line.text[max(0, match.start() - 60) :], line.page),
                        Passage(source.number, source.text, source.page), reading,
                        Term(line.number, match.start(), match.group(), int(match[1]) * 100 + 12),
                        float(year * 100 + month), (), "", SURE, match.group(),
                    )
                )  # fmt: skip


def _written(months: int) -> float:
    """A month as the ledger writes it: 201906."""
    return float(months // 12 * 100 + months % 12 + 1)


def _period(document: Document, found: Findings) -> None:
    """« entre juin 2019 et avril 2020 » against the last and first dates of a table of dates."""
    dated: dict[int, list[tuple[int, Line]]] = {}
    for line in document.lines:
        if line.table:
            for cell in line.cells:
                match = re.fullmatch(
                    rf"(?:\d{{1,2}}(?:er)?\s+)?({_NAMES})\s+((?:19|20)\d\d)", cell.strip(), re.IGNORECASE
                )
                if match:
                    dated.setdefault(line.table, []).append((int(match[2]) * 12 + _month(match[1]) - 1, line))
    collected = [rows for rows in dated.values() if len(rows) >= 3]
    if not collected:
        return
    rows = max(collected, key=len)
    first, last = min(rows, key=lambda row: row[0]), max(rows, key=lambda row: row[0])
    for paragraph in document.paragraphs:
        for match in _PERIOD.finditer(paragraph.text):
            if not _COLLECTED.search(paragraph.text[max(0, match.start() - 200) : match.end() + 60]):
                continue
            line = paragraph.line_at(match.start())
            begin = int(match[2] or match[4]) * 12 + _month(match[1]) - 1
            end = int(match[4]) * 12 + _month(match[3]) - 1
            if abs(begin - first[0]) > 6 or abs(end - last[0]) > 6:
                continue
            for stated, bound, row, name in (
                (begin, first[0], first[1], "première"),
                (end, last[0], last[1], "dernière"),
            ):
                said = f"{MONTHS[bound % 12]} {bound // 12}"
                shown = f"{MONTHS[stated % 12]} {stated // 12}"
                found.add(
                    Finding(
                        "E4", REPRODUCED if stated == bound else GAP,
                        Passage(line.number, paragraph.text[max(0, match.start() - 80) :], line.page),
                        Passage(row.number, " · ".join(row.cells), row.page),
                        f"« {shown} » ici ; {name} date du tableau : {said}",
                        Term(line.number, match.start(), shown, _written(stated)), _written(bound), (), "", SURE, match.group(),
                    )
                )  # fmt: skip
