"""A number announced and what is counted after it: items of a list, rows of a table, figures of the document (family C)."""

from __future__ import annotations

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Sequence

from helpers import french
from helpers.documents.verdicts import GAP, REPRODUCED
from helpers.rereading.documents import Document, Line, Paragraph, caption
from helpers.rereading.findings import HINT, SURE, Finding, Findings, Passage, Term
from helpers.rereading.numbers import Figure, figures
from helpers.rereading.sentences import Sentence, sentences

MOST_ANNOUNCED = 30
_DETERMINERS = "les|des|la|le|l['’]|un|une|d['’]|du|leur|son|sa"
_CLOSING = re.compile(
    r"(\d{1,3})\s+(tableaux?|figures?|graphiques?|illustrations?|annexes?|pages?)\b", re.IGNORECASE
)
# Words of a list that announce more than its items: the number is not that of the items.
_OPEN = re.compile(
    r"\b(?:notamment|par exemple|exemples?|entre autres|etc|en particulier|tels? que|dont)\b|\.\.\.|…",
    re.IGNORECASE,
)
_CODE = re.compile(r"^\W{0,3}([A-Z]{2,8})\s?(\d{1,3})(?=\b|[-.])")


def check(document: Document, found: Findings) -> None:
    """Every announced number whose items can be counted."""
    _lists(document, found)
    _inline(document, found)
    _codes(document, found)
    _units(document, found)
    _closing(document, found)


def _add(
    family: str,
    stated: Sentence,
    figure: Figure,
    counted: int,
    other: Passage,
    reading: str,
    found: Findings,
    tier: str = SURE,
) -> None:
    verdict = REPRODUCED if counted == figure.value else GAP
    found.add(
        Finding(
            family, verdict, stated.passage(figure), other, reading, stated.term(figure), float(counted), (), "", tier,
            " ".join(stated.text.split())[:100],
        )
    )  # fmt: skip


def _beside(texts: Iterable[str]) -> str:
    """Items or captions counted, each cut at a word and said to be cut."""
    return " / ".join(textwrap.shorten(text, 60, placeholder=" …") for text in texts)


def _lists(document: Document, found: Findings) -> None:
    """« trois étapes : » and the items that follow."""
    paragraphs = document.paragraphs
    for rank, paragraph in enumerate(paragraphs):
        if not re.search(r":\s*$", paragraph.text):
            continue
        items = _items(paragraphs[rank + 1 : rank + 80])
        if len(items) < 2:
            continue
        sentence = _last_sentence(paragraph)
        announced = [
            one for one in sentence.figures if one.whole and not one.unit and 2 <= one.value <= MOST_ANNOUNCED
        ]
        if not announced or _OPEN.search(sentence.text[announced[-1].start :]):
            continue
        shown = Passage(items[0].lines[0].number, _beside(one.text for one in items), items[0].lines[0].page)
        equal = [one for one in announced if one.value == len(items)]
        if equal:
            _add("C1", sentence, equal[-1], len(items), shown, f"{len(items)} éléments énumérés", found)
        elif len(announced) == 1:
            left = len(sentence.text) - announced[0].end
            near, near_end = abs(announced[0].value - len(items)) <= 2, left < 70
            # Much more or much less than the items: the number is theirs where the list follows it at once.
            if not near and left > 40:
                continue
            reading = f"{announced[0].printed} annoncés, {len(items)} éléments énumérés"
            _add(
                "C1",
                sentence,
                announced[0],
                len(items),
                shown,
                reading,
                found,
                SURE if near and near_end and _even(items) else HINT,
            )


def _items(paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """Items of one list: those with the bullet of the first; others are lists inside it."""
    found: list[Paragraph] = []
    first = paragraphs[0].text[:1] if paragraphs else ""
    for other in paragraphs:
        if not other.lines[0].item:
            break
        same = other.text[:1] == first or (first.isdigit() and other.text[:1].isdigit())
        if same:
            found.append(other)
    return found


def _even(items: list[Paragraph]) -> bool:
    """Whether the items end as one list does: none of the first ends a sentence that goes on after the list."""
    return all(len(one.text) < 400 for one in items)


def _last_sentence(paragraph: Paragraph) -> Sentence:
    begin = max((match.end() for match in re.finditer(r"[.!?]\s+(?=[A-ZÀÉ])", paragraph.text)), default=0)
    text = paragraph.text[begin:]
    return Sentence(paragraph, begin, text, tuple(figures(text)), text)


def _inline(document: Document, found: Findings) -> None:
    """« Trois types … : les …, les … et les … » in one sentence."""
    for group in sentences(document):
        for sentence in group:
            _in_brackets(sentence, found)
            head, colon, tail = sentence.text.partition(" : ")
            if not colon:
                head, colon, tail = sentence.text.partition(": ")
            announced = [
                one for one in sentence.figures
                if one.end <= len(head) and one.whole and not one.unit and 2 <= one.value <= 12
            ]  # fmt: skip
            if not colon or not announced or _OPEN.search(sentence.text) or len(tail) > 900:
                continue
            stop = re.search(r"\.(?:\s|$)", tail)
            listed = tail[: stop.start()] if stop else tail
            listed = re.sub(r"\([^()]*\)", "", listed)
            count, sure = _enumerated(listed)
            if count < 2:
                continue
            figure = announced[-1]
            line = sentence.line(figure)
            shown = Passage(line.number, listed.strip(), line.page)
            if count == figure.value:
                _add("C1", sentence, figure, count, shown, f"{count} éléments énumérés", found)
            elif sure and len(announced) == 1 and figure.start < 60:
                reading = f"{figure.printed} annoncés, {count} éléments énumérés"
                _add("C1", sentence, figure, count, shown, reading, found)


def _in_brackets(sentence: Sentence, found: Findings) -> None:
    """« trois parties (la CPTS, la CPAM et l'ARS) »: the bracket lists what the number counts."""
    for match in re.finditer(r"\(([^()]{8,250})\)", sentence.text):
        figure = next(
            (
                one
                for one in reversed(sentence.figures)
                if one.end <= match.start() and match.start() - one.end < 60
            ),
            None,
        )
        if (
            figure is None
            or not figure.whole
            or figure.unit
            or not 2 <= figure.value <= 12
            or figures(match[1])
        ):
            continue
        count = _enumerated(match[1])[0] or len(re.split(r",|\bet\b|;", match[1]))
        if count == figure.value and not _OPEN.search(match[1]):
            line = sentence.line(figure)
            _add(
                "C1",
                sentence,
                figure,
                count,
                Passage(line.number, match[1], line.page),
                f"{count} éléments entre parenthèses",
                found,
            )


def _units(document: Document, found: Findings) -> None:
    """« six médecins », « les cinq CPTS »: as many as the heads or the rows of a table name, or the codes of a list."""
    counted: dict[str, dict[int, Passage]] = defaultdict(dict)
    groups: dict[int, list[Line]] = defaultdict(list)
    for line in document.lines:
        if line.table:
            groups[line.table].append(line)
    for lines in groups.values():
        for line in lines[:3]:
            heads = [match for cell in line.cells if (match := _UNIT_HEAD.match(cell))]
            _count_units([(match[1], match[2]) for match in heads], line, counted)
        firsts = [
            (match, line) for line in lines if line.cells and (match := _UNIT_HEAD.match(line.cells[0]))
        ]
        if firsts:
            _count_units([(match[1], match[2]) for match, _ in firsts], firsts[0][1], counted)
    for name, runs in _series(document).items():
        full = max(runs, key=len)
        if len(full) >= 3:
            shown = Passage(full[0][0].number, f"{full[0][0].text} … {full[-1][0].text}", full[0][0].page)
            counted[french.plain(name)].setdefault(len({number for _, number in full}), shown)
    if not counted:
        return
    for group in sentences(document):
        for sentence in group:
            for figure in sentence.figures:
                if not figure.whole or figure.unit or figure.value < 3:
                    continue
                noun = re.match(r"\s+(?:autres\s+)?([\wÀ-ÿ]+)(?:\s+([\wÀ-ÿ]+))?", sentence.text[figure.end :])
                names = [french.plain(word).rstrip("s") for word in (noun.groups() if noun else ()) if word]
                for name in names:
                    shown_at = counted.get(name, {}).get(int(figure.value)) or counted.get(
                        name + "s", {}
                    ).get(int(figure.value))
                    if shown_at is not None:
                        reading = f"{int(figure.value)} « {name} » dans la liste ou le tableau"
                        _add("C2", sentence, figure, int(figure.value), shown_at, reading, found)
                        break


_UNIT_HEAD = re.compile(r"\W{0,3}([A-ZÀ-Ý][\wÀ-ÿ]{2,20})\s?(?:n\s?[°º]\s?)?(\d{1,2}|[A-K])\b")


def _count_units(
    named: Sequence[tuple[str, str]], line: Line, counted: dict[str, dict[int, Passage]]
) -> None:
    by_name: dict[str, set[str]] = defaultdict(set)
    for name, code in named:
        by_name[french.plain(name).rstrip("s") if not name.isupper() else french.plain(name)].add(code)
    for name, codes in by_name.items():
        if len(codes) >= 3:
            counted[name].setdefault(
                len(codes), Passage(line.number, " · ".join(cell for cell in line.cells if cell), line.page)
            )


def _enumerated(text: str) -> tuple[int, bool]:
    """Number of items of an enumeration, and whether they are sure to be its items: parted by ; or all begun alike."""
    if text.count(";") >= 1:
        return len([part for part in text.split(";") if part.strip()]), False
    parts = [
        part.strip()
        for part in re.split(r",|\bainsi que\b|\bet\b(?= (?:les|la|le|l['’]|des|une?)\b)", text)
        if part.strip()
    ]
    if len(parts) < 2:
        return 0, False
    begun = [re.match(rf"(?:et )?({_DETERMINERS})\b", part, re.IGNORECASE) for part in parts]
    alike = {one[1].lower() for one in begun if one}
    last = re.split(r"\s(?:et|ou)\s", parts[-1])
    if all(begun) and len(alike) == 1 and len(parts) >= 3:
        return len(parts), True
    return len(parts) + (len(last) == 2), False


def _codes(document: Document, found: Findings) -> None:
    """Codes of one series (CPTS1 … CPTS16) that begin the rows of two lists: one list lacks some."""
    for name, groups in _series(document).items():
        _compare_series(document, name, groups, found)


def _series(document: Document) -> dict[str, list[list[tuple[Line, int]]]]:
    """Runs of lines that begin with the codes of one series, in order."""
    runs: dict[str, list[list[tuple[Line, int]]]] = defaultdict(list)
    last: dict[str, int] = {}
    for line in document.lines:
        match = _CODE.match(line.cells[0] if line.cells else line.text)
        if match is None or line.number in document.contents:
            continue
        name, number = match[1], int(match[2])
        groups = runs[name]
        if not groups or line.number - last[name] > 3 or number <= groups[-1][-1][1]:
            groups.append([])
        groups[-1].append((line, number))
        last[name] = line.number
    return runs


def _compare_series(
    document: Document, name: str, groups: list[list[tuple[Line, int]]], found: Findings
) -> None:
    full = max(groups, key=len)
    if len(full) < 6:
        return
    whole = {number for _, number in full}
    for group in groups:
        numbers = {number for _, number in group}
        if group is full or len(numbers) < 0.7 * len(whole) or not numbers < whole:
            continue
        # A code in the middle of a line is in the list all the same.
        said = " ".join(document.line(at).text for at in range(group[0][0].number, group[-1][0].number + 1))
        if any(re.search(rf"\b{name}{number}\b", said) for number in whole - numbers):
            continue
        above = _announces(document, group[0][0])
        missing = ", ".join(f"{name}{number}" for number in sorted(whole - numbers))
        line = group[0][0]
        found.add(
            Finding(
                "C2", GAP, Passage(line.number, f"{above} {line.text} …".strip(), line.page),
                Passage(full[0][0].number, f"{full[0][0].text} … {full[-1][0].text}", full[0][0].page),
                f"{len(numbers)} lignes ici, {len(whole)} dans l'autre liste ; {missing} absent du texte lu",
                Term(line.number, 0, str(len(numbers)), float(len(numbers))), float(len(whole)), (), "", SURE,
                f"Codes {name} listés",
            )
        )  # fmt: skip


def _announces(document: Document, line: Line) -> str:
    above = [one for one in document.lines if line.number - 10 <= one.number < line.number and caption(one)]
    return above[-1].text if above else ""


def _closing(document: Document, found: Findings) -> None:
    """« 3 tableaux, 3 figures » in the notice of the document, against its captions."""
    captions: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in document.lines:
        match = caption(line)
        if match and line.number not in document.contents:
            captions[french.plain(match["kind"])].setdefault(match["number"], line)
    for paragraph in document.paragraphs:
        notices = list(_CLOSING.finditer(paragraph.text))
        if (
            len(notices) < 2
            or len(paragraph.text) > 200
            or not re.search(r"\bpages?\b", paragraph.text, re.IGNORECASE)
        ):
            continue
        sentence = Sentence(paragraph, 0, paragraph.text, (), paragraph.text)
        for match in notices:
            kind = french.plain(match[2]).rstrip("sx").removesuffix("eau") + (
                "eau" if "tabl" in match[2].lower() else ""
            )
            known = captions.get(kind, {})
            if kind == "page" or not known:
                continue
            value = float(match[1])
            figure = Figure(match[1], value, value, value, "", match.start(1), match.end(1), 1.0)
            first = min(known.values(), key=lambda one: one.number)
            shown = Passage(first.number, _beside(one.text for one in known.values()), first.page)
            # A figure may be without a caption in the text read: fewer captions is a hint, more is not.
            counted = len(known)
            tier = SURE if counted > value or all(item.isdigit() for item in known) else HINT
            _add(
                "C3",
                sentence,
                figure,
                counted,
                shown,
                f"{french.plural(counted, 'légende')} « {kind} » dans le texte lu",
                found,
                tier,
            )
