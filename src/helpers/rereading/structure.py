"""Numbers of captions, headings and classes: in order, each once, and those that the text calls exist (families D and I)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.documents import Document, Line, caption
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term, from_word

_CALL = re.compile(
    r"\b(tableau|figure|graphique|annexe)s?(?:\s*n\s*[°ºo]\s*|\s+)(\d{1,2}|[IVXL]{1,5})\b", re.IGNORECASE
)
_LISTS = re.compile(
    r"\s*(?:<u>)?(?:table|liste) des (?:figures|tableaux|illustrations|annexes)|^(?:tableaux|figures|annexes)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"((?:\d{1,2}\.)*\d{1,2})\s*[.:)]?\s+(?=[A-ZÀÂÉÈÊ«\"*L'’])")
_ROMAN = re.compile(r"([IVX]{1,5}|\d{1,2})\s*[.)]\s+\S")
_SECTION_CALL = re.compile(
    r"\((?:cf\.?\s*|voir\s*|se référer à\s*)?(?:la\s+)?(?:partie|section|chapitre|point)?\s*"
    r"((?:[IVX]+\.)?(?:\d{1,2}\.)+\d{1,2})\.?\)",
    re.IGNORECASE,
)
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
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_SUPERSCRIPT, "0123456789")
_NOTE = re.compile(rf"([{_SUPERSCRIPT}]+)\s*\S")
_NOTE_CALL = re.compile(
    rf"(?<=[^\W_])(?<![\dk ]m)([{_SUPERSCRIPT}]{{1,3}})(?![{_SUPERSCRIPT}])|(?<=[»)\]”])([{_SUPERSCRIPT}]{{1,3}})"
)
_ROMANS = {
    roman: rank
    for rank, roman in enumerate(
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"), 1
    )
}


def check(document: Document, found: Findings) -> None:
    """Every rule on the numbers of captions, headings, calls and classes."""
    _captions(document, found)
    _headings(document, found)
    _rubrics(document, found)
    _calls_of_parts(document, found)
    _notes(document, found)
    _classes(document, found)


def _rank(text: str) -> int:
    return int(text) if text.isdigit() else _ROMANS.get(text.upper(), 0)


def _whole(path: tuple[int, ...]) -> int:
    """One number for the number of a heading: 2.3.1 is 20301."""
    return sum(part * 100**power for power, part in enumerate(reversed(path)))


def _gap(
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


def _captions(document: Document, found: Findings) -> None:
    """Captions: each number once, from 1, without a hole; what the text calls has a caption, an annex is called."""
    lists = _list_zones(document)
    series: dict[str, list[tuple[int, Line]]] = defaultdict(list)
    for line in document.lines:
        match = caption(line)
        if (
            match is None
            or line.number in document.contents
            or line.number in lists
            or not _rank(match["number"])
        ):
            continue
        if not (match["mark"] == "." and match["kind"].lower() == "annexe"):
            series[french.plain(match["kind"])].append((_rank(match["number"]), line))
    calls = _calls(document, series, lists)
    for kind, captions in series.items():
        if kind == "annexe":
            _annexes(document, captions, calls, found)
        elif len(captions) >= 2:
            _order(kind, captions, set(calls.get(kind, {})), _annexed(document), found)
    for kind, called in calls.items():
        if kind == "annexe":
            continue
        # A document bound inside another restarts its numbers: its calls and captions answer each other.
        known = {rank for rank, _ in series.get(kind, [])}
        top = max(known, default=0)
        for rank, line in called.items():
            name = f"{kind} {rank}"
            if known and len(known) >= 3 and rank == top + 1 and min(known) == 1:
                last = series[kind][-1][1]
                _gap("D1", line, last, f"« {name} » est appelée ; sa légende est absente du texte lu", _called(line, kind, rank),
                     rank, top, found, SURE, f"Appel de {name}")  # fmt: skip
            elif rank in known:
                where = next(item for number, item in series[kind] if number == rank)
                _gap("D1", line, where, f"« {name} » est appelée et a sa légende", _called(line, kind, rank), rank, rank,
                     found, SURE, f"Appel de {name}", REPRODUCED)  # fmt: skip


def _called(line: Line, kind: str, rank: int) -> str:
    for match in _CALL.finditer(line.text):
        if french.plain(match[1]) == kind and _rank(match[2]) == rank:
            return match.group()
    return str(rank)


def _list_zones(document: Document) -> frozenset[int]:
    """Lines of lists of figures and tables: captions stand there a second time."""
    zones: set[int] = set()
    until = 0
    for line in document.lines:
        if _LISTS.match(line.text.strip()) and not caption(line):
            until = line.number + 12
        match = caption(line)
        if line.number <= until and match:
            until = line.number + 6
            zones.add(line.number)
    return frozenset(zones)


def _calls(
    document: Document, series: dict[str, list[tuple[int, Line]]], lists: frozenset[int]
) -> dict[str, dict[int, Line]]:
    captions = {line.number for items in series.values() for _, line in items}
    found: dict[str, dict[int, Line]] = defaultdict(dict)
    for line in document.lines:
        if line.number in captions or line.number in document.contents or line.number in lists or line.cells:
            continue
        for match in _CALL.finditer(line.text):
            if match.start() == 0 and caption(line):
                continue
            found[french.plain(match[1])].setdefault(_rank(match[2]), line)
        # "(Annexe" at the end of a line and its number on the next.
    for before, after in zip(document.lines, document.lines[1:], strict=False):
        if re.search(r"\(annexe\s*$", before.text, re.IGNORECASE) and (
            number := re.match(r"\s*(\d{1,2})\b", after.text)
        ):
            found["annexe"].setdefault(int(number[1]), before)
    return found


def _annexed(document: Document) -> int:
    """Line where the annexes begin: a document bound there has numbers of its own."""
    heads = (
        line.number
        for line in document.lines
        if re.fullmatch(r"\W*annexes?\W*", line.text.strip(), re.IGNORECASE)
    )
    return next((number for number in heads if number > len(document.lines) / 3), 10**9)


def _order(
    kind: str, captions: list[tuple[int, Line]], called: set[int], annexed: int, found: Findings
) -> None:
    """One series of captions; after `annexed` it may restart."""
    seen: dict[int, Line] = {}
    captions = [item for item in captions if item[1].number < annexed] or captions
    first = captions[0]
    # A caption that the text calls and the reading has not is a doubt on the reading, not on the document.
    if first[0] != 1 and not any(rank < first[0] for rank in called):
        _gap("D1", first[1], first[1], f"la première légende « {kind} » du texte lu porte le numéro {first[0]}", str(first[0]),
             first[0], 1, found, SURE, f"Première légende « {kind} »")  # fmt: skip
    before = first[0] - 1
    for rank, line in captions:
        if rank == 1 and seen and before >= 3:
            seen = {}
        elif rank in seen:
            _gap("D1", line, seen[rank], f"le numéro {rank} est porté par deux légendes « {kind} »", str(rank), rank, before + 1,
                 found, SURE, f"Légendes « {kind} {rank} »")  # fmt: skip
        elif rank > before + 1 and seen:
            _gap("D1", line, captions[max(0, captions.index((rank, line)) - 1)][1],
                 f"après « {kind} {before} », le texte lu porte « {kind} {rank} »", str(rank), rank, before + 1,
                 found, HINT, f"Suite des légendes « {kind} »")  # fmt: skip
        seen.setdefault(rank, line)
        before = rank


def _annexes(
    document: Document, captions: list[tuple[int, Line]], calls: dict[str, dict[int, Line]], found: Findings
) -> None:
    """An annex that the text never calls, where it calls others."""
    called = calls.get("annexe", {})
    seen: dict[int, Line] = {}
    for rank, line in captions:
        seen.setdefault(rank, line)
    if not called or len(called) < 1 or len(seen) < 2:
        return
    missing = [(rank, line) for rank, line in seen.items() if rank not in called]
    for rank, line in missing:
        other = next(iter(called.values()))
        tier = SURE if len(missing) <= max(1, len(called)) else HINT
        _gap("D1", line, other, f"« Annexe {rank} » n'est appelée nulle part dans le texte lu", str(rank), rank,
             len(called), found, tier, f"Appel de l'annexe {rank}")  # fmt: skip
    for rank, line in called.items():
        if rank in seen:
            _gap("D1", line, seen[rank], f"« Annexe {rank} » est appelée et existe", str(rank), rank, rank, found, SURE,
                 f"Appel de l'annexe {rank}", REPRODUCED)  # fmt: skip


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
            _gap("D2", one.line, parent.line, f"le titre « {one.printed} » suit « {parent.printed} » (rang attendu : {shown})",
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
                _gap("D2", one.line, before.line, f"le titre « {one.printed} » suit « {before.printed} »", one.printed,
                     one.path[2], expected_rank, found, tier, f"Titre {one.printed}")  # fmt: skip
        elif len(one.path) == 3 and before is parent and one.path[2] != 1 and parent is not None:
            _gap("D2", one.line, parent.line, f"le premier titre sous « {parent.printed} » porte « {one.printed} »", one.printed,
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
        ranks = [_rank(text) for text, _ in window]
        digits = [text.isdigit() for text, _ in window]
        for end in range(4, len(window)):
            if all(digits[:end]) and ranks[:end] == list(range(1, end + 1)) and not digits[end]:
                text, line = window[end]
                if line.number - window[end - 1][1].number < 40 and _ROMANS.get(text, 0) not in (1, end + 1):
                    _gap("D2", line, window[end - 1][1], f"après la rubrique {end}, la rubrique porte « {text} »", text,
                         _ROMANS.get(text, 0), end + 1, found, SURE, f"Rubrique {text}")  # fmt: skip


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
                _gap("D5", line, near.line, reading, text, 0, 1, found, SURE, f"Renvoi {text}")
            elif bare in called:
                following = [one for one in known if one.rpartition(".")[0] == bare.rpartition(".")[0]]
                reading = f"« {text} » est annoncé deux fois dans la même liste ; le texte porte {french.listing(following)}"
                _gap(
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
                _gap("D5", line, known[bare].line, f"renvoi à « {text} », qui existe", text, 1, 1, found, SURE,
                     f"Renvoi {text}", REPRODUCED)  # fmt: skip
            called.append(bare)


def _notes(document: Document, found: Findings) -> None:
    """Notes of the foot of pages, numbered in superscript: one that is called between others has its text."""
    texts: dict[int, Line] = {}
    calls: dict[int, tuple[Line, str]] = {}
    for line in document.lines:
        begun = _NOTE.match(line.text)
        if begun:
            texts.setdefault(int(begun[1].translate(_PLAIN)), line)
        for match in _NOTE_CALL.finditer(line.text):
            calls.setdefault(int((match[1] or match[2]).translate(_PLAIN)), (line, match[1] or match[2]))
    if len(texts) < 5:
        return
    for rank, (line, printed) in calls.items():
        if 0 < rank < max(texts) and rank not in texts:
            near = texts[max((one for one in texts if one < rank), default=min(texts))]
            reading = f"la note {rank} est appelée ; son texte est absent du texte lu"
            _gap("D3", line, near, reading, printed, rank, len(texts), found, SURE, f"Note {rank}")


def _classes(document: Document, found: Findings) -> None:
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
            _gap("I1", line, previous[2], f"« {previous[3]} » puis « {text} » {how}", text, previous[1] + step, previous[1] + 1,
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
            _gap("I1", line, previous[2], f"« {previous[3]} » puis « {text} » {how}", text, previous[1] + step, previous[1],
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


__all__ = ["Heading", "check", "headings"]
