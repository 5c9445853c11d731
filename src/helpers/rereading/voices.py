"""Codes of people and places: one description each, and "all" or "unanimously" against the codes cited (family H)."""

from __future__ import annotations

import re
from collections import defaultdict

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.documents import Document, Line
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term

_LONG_CODE = re.compile(r"\b[A-Z]{2,6}\d{1,3}(?:-[A-Z]{1,3}\d{0,4}|-\d{4}){2,}\b")
_NAMED = re.compile(
    r"\bCPTS\s+((?:(?!CPTS\d)[A-ZÀ-Ý][\wÀ-ÿ'’-]+|de|du|des|et|en|le|la|les|[ .])+?)\s*(?:—|–|-)\s"
)
_VOICE = re.compile(r"^\W{0,3}([A-Z]{1,4}\d{1,2})\s*:?\s*[«\"“]")
_ALL = re.compile(
    r"\bunanim\w+|\bà l['’]unanimité\b|\btous les (?:médecins|participants|enquêtés|interrogés|interviewés|entretiens)\b",
    re.IGNORECASE,
)


def check(document: Document, found: Findings) -> None:
    """Every rule on codes."""
    _described(document, found)
    _unanimous(document, found)
    _named_and_quoted(document, found)


def _described(document: Document, found: Findings) -> None:
    """A long code that stands beside two names."""
    named: dict[str, dict[str, tuple[Line, str]]] = defaultdict(dict)
    for line in document.lines:
        code, name = _LONG_CODE.search(line.text), _NAMED.search(line.text)
        if code and name and len(_LONG_CODE.findall(line.text)) == 1:
            named[code.group()].setdefault(french.plain(name[1]).strip(), (line, name[1].strip()))
    for told, names in named.items():
        if len(names) < 2:
            continue
        (first, here), (second, there) = list(names.values())[:2]
        found.add(
            Finding(
                "H1", GAP, Passage(second.number, second.text, second.page), Passage(first.number, first.text, first.page),
                f"le code {told} est à côté de « {there} » ici, de « {here} » là",
                Term(second.number, second.text.find(told), told, len(names)), 1.0, (), "", SURE, f"Code {told}",
            )
        )  # fmt: skip


def _unanimous(document: Document, found: Findings) -> None:
    """« Unanimement », then quotations: of how many of the people that the document quotes?"""
    voices = {match[1] for line in document.lines if not line.cells and (match := _VOICE.match(line.text))}
    series: dict[str, set[str]] = defaultdict(set)
    for voice in voices:
        series[voice.rstrip("0123456789")].add(voice)
    letters, everyone = max(series.items(), key=lambda item: len(item[1]), default=("", set()))
    if not 3 <= len(everyone) <= 40:
        return
    lines = [line for line in document.lines if line.text.strip()]
    for rank, line in enumerate(lines):
        match = _ALL.search(line.text)
        if match is None or _VOICE.match(line.text) or line.cells:
            continue
        cited: set[str] = set()
        last = line
        for after in lines[rank + 1 : rank + 30]:
            voice = _VOICE.match(after.text)
            if voice and voice[1].rstrip("0123456789") == letters:
                cited.add(voice[1])
                last = after
            elif cited or after.level:
                break
        if len(cited) < 2:
            continue
        whole = cited == everyone
        reading = f"« {match.group()} » ; {len(cited)} codes sur {len(everyone)} cités à la suite"
        found.add(
            Finding(
                "H3", REPRODUCED if whole else GAP, Passage(line.number, line.text, line.page),
                Passage(last.number, french.listing(sorted(cited)), last.page), reading,
                Term(line.number, match.start(), match.group(), len(everyone)), float(len(cited)), (), "",
                SURE if whole else HINT, match.group(),
            )
        )  # fmt: skip


def _named_and_quoted(document: Document, found: Findings) -> None:
    """« M2, M3 et M6 » in a sentence, then the quotations of these codes and of no other."""
    lines = [line for line in document.lines if line.text.strip() and not line.cells]
    letters = {match[1].rstrip("0123456789") for line in lines if (match := _VOICE.match(line.text))}
    if len(letters) != 1:
        return
    code = re.compile(rf"\b{letters.pop()}\d{{1,2}}\b")
    for rank, line in enumerate(lines):
        named = list(dict.fromkeys(code.findall(re.sub(r"«[^»]*»", "", line.text))))
        if not named or _VOICE.match(line.text):
            continue
        quoted: list[str] = []
        last = line
        for after in lines[rank + 1 : rank + 12]:
            voice = _VOICE.match(after.text)
            if voice is None:
                break
            quoted.append(voice[1])
            last = after
        if quoted and set(named) == set(quoted):
            reading = f"{french.listing(named)} : {french.plural(len(named), 'code nommé')}, cités à la suite"
            found.add(
                Finding(
                    "H3", REPRODUCED, Passage(line.number, line.text, line.page), Passage(last.number, last.text, last.page),
                    reading, Term(line.number, line.text.find(named[0]), named[0], len(named)), float(len(set(quoted))), (), "",
                    SURE, f"Codes nommés : {french.listing(named)}",
                )
            )  # fmt: skip
