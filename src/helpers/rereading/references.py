"""Numbers that only refer: ranks of items and headings, calls of sources, entries of a bibliography, pages."""

from __future__ import annotations

import re

from helpers.rereading.documents import Document
from helpers.rereading.numbers import Figure

MOST_SOURCES = 600
FEWEST_CALLS = 8  # sources called by number between brackets, before a text is said to call them so
IN_ORDER = 0.8  # share of the first calls that come in order, where they number a bibliography
_CALL = re.compile(r"\((\d{1,3}(?:\s*[,;–-]\s*\d{1,3})*)\)")
_RANK = re.compile(r"\s*[-–•]?\s*\d{1,3}\s?(?:[.):]|[–—-](?=\s))\s+(?=[A-ZÀ-Ý«\"“*\[L’'])")
_PAGE = re.compile(r"\W*\d{1,3}(?:\s?/\s?\d{1,3})?\W*")
_SOURCE = re.compile(
    r"https?://|\bdoi\b|\[en ligne\]|\ben ligne ?:|\[internet\]|\[?consulté le\b|"
    r"\b\d{1,4}\s?\(\w{1,6}\)\s?[,:]\s?\d+|;\s?\d{0,4}\s?\(\w{1,6}\)\s?:\s?\d+|\b(?:19|20)\d\d\s?;\s?\d+\s?[:(]",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\W*(?:[IVX\d]{1,4}\s?[.:)]\s*)?(?:références? )?(?:bibliograph\w+|références)\W*", re.IGNORECASE
)
_ENTRY = re.compile(r"\s*\[?\d{1,3}[.)\]]\s+\S")


def calls_sources(document: Document) -> bool:
    """Whether numbers alone between brackets call sources: many, first called in order from one of the first numbers."""
    first: list[int] = []
    for line in document.lines:
        for match in _CALL.finditer(line.text):
            for text in re.findall(r"\d+", match[1]):
                if int(text) not in first and 0 < int(text) <= MOST_SOURCES:
                    first.append(int(text))
    if len(first) < FEWEST_CALLS:
        return False
    top, ordered = 0, 0
    for number in first:
        ordered += top < number <= top + 4
        top = max(top, number) if number <= top + 4 else top
    return ordered / len(first) >= IN_ORDER


def calls_source(text: str, figure: Figure) -> bool:
    """Whether a whole number without unit stands with nothing but numbers between two brackets."""
    if figure.unit or not figure.printed.isdigit() or figure.value > MOST_SOURCES:
        return False
    before = re.search(r"\([\d\s,;–-]*$", text[max(0, figure.start - 30) : figure.start])
    return bool(before and re.match(r"[\d\s,;–-]*\)", text[figure.end : figure.end + 30]))


def rank_end(text: str) -> int:
    """Where the rank that begins an item or a heading ends ("1. Origine"), 0 where none does."""
    match = _RANK.match(text)
    return match.end() if match else 0


def page_alone(text: str) -> bool:
    """Whether a line is the number of its page."""
    return bool(_PAGE.fullmatch(text))


def bibliography(document: Document) -> frozenset[int]:
    """Numbers of the lines that describe a source: entries under the heading of the bibliography, lines with an address."""
    found: set[int] = set()
    under = False
    for line in document.lines:
        text = line.text
        if _HEAD.fullmatch(text.strip()) and line.number not in document.contents:
            under = True
        elif under and re.match(
            r"\W*(?:annexes?|table|résumé|serment|liste|glossaire)\b", text, re.IGNORECASE
        ):
            under = False
        if (_SOURCE.search(text) and len(text) < 600) or (under and _ENTRY.match(text)):
            found.add(line.number)
    return frozenset(found)
