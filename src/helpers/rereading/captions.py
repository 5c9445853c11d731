"""Captions of tables, figures and annexes, and notes: in order, each once, and what the text calls exists (D1, D3)."""

from __future__ import annotations

import re
from collections import defaultdict

from helpers import french
from helpers.documents.verdicts import REPRODUCED
from helpers.rereading.documents import Document, Line, caption
from helpers.rereading.findings import HINT, SURE, Findings
from helpers.rereading.numbering import gap, rank_of

_CALL = re.compile(
    r"\b(tableau|figure|graphique|annexe)s?(?:\s*n\s*[°ºo]\s*|\s+)(\d{1,2}|[IVXL]{1,5})\b", re.IGNORECASE
)
_LISTS = re.compile(
    r"\s*(?:<u>)?(?:table|liste) des (?:figures|tableaux|illustrations|annexes)|^(?:tableaux|figures|annexes)$",
    re.IGNORECASE,
)
_SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_PLAIN = str.maketrans(_SUPERSCRIPT, "0123456789")
_NOTE = re.compile(rf"([{_SUPERSCRIPT}]+)\s*\S")
_NOTE_CALL = re.compile(
    rf"(?<=[^\W_])(?<![\dk ]m)([{_SUPERSCRIPT}]{{1,3}})(?![{_SUPERSCRIPT}])|(?<=[»)\]”])([{_SUPERSCRIPT}]{{1,3}})"
)


def check(document: Document, found: Findings) -> None:
    """Every rule on captions, the calls to them, and notes."""
    _captions(document, found)
    _notes(document, found)


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
            or not rank_of(match["number"])
        ):
            continue
        if not (match["mark"] == "." and match["kind"].lower() == "annexe"):
            series[french.plain(match["kind"])].append((rank_of(match["number"]), line))
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
                gap("D1", line, last, f"« {name} » est appelée ; sa légende est absente du texte lu", _called(line, kind, rank),
                     rank, top, found, SURE, f"Appel de {name}")  # fmt: skip
            elif rank in known:
                where = next(item for number, item in series[kind] if number == rank)
                gap("D1", line, where, f"« {name} » est appelée et a sa légende", _called(line, kind, rank), rank, rank,
                     found, SURE, f"Appel de {name}", REPRODUCED)  # fmt: skip


def _called(line: Line, kind: str, rank: int) -> str:
    for match in _CALL.finditer(line.text):
        if french.plain(match[1]) == kind and rank_of(match[2]) == rank:
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
            found[french.plain(match[1])].setdefault(rank_of(match[2]), line)
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
        gap("D1", first[1], first[1], f"la première légende « {kind} » du texte lu porte le numéro {first[0]}", str(first[0]),
             first[0], 1, found, SURE, f"Première légende « {kind} »")  # fmt: skip
    before = first[0] - 1
    for rank, line in captions:
        if rank == 1 and seen and before >= 3:
            seen = {}
        elif rank in seen:
            gap("D1", line, seen[rank], f"le numéro {rank} est porté par deux légendes « {kind} »", str(rank), rank, before + 1,
                 found, SURE, f"Légendes « {kind} {rank} »")  # fmt: skip
        elif rank > before + 1 and seen:
            gap("D1", line, captions[max(0, captions.index((rank, line)) - 1)][1],
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
        gap("D1", line, other, f"« Annexe {rank} » n'est appelée nulle part dans le texte lu", str(rank), rank,
             len(called), found, tier, f"Appel de l'annexe {rank}")  # fmt: skip
    for rank, line in called.items():
        if rank in seen:
            gap("D1", line, seen[rank], f"« Annexe {rank} » est appelée et existe", str(rank), rank, rank, found, SURE,
                 f"Appel de l'annexe {rank}", REPRODUCED)  # fmt: skip


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
            gap("D3", line, near, reading, printed, rank, len(texts), found, SURE, f"Note {rank}")
