"""One document as numbered lines: where a sentence, a heading and a row of a table stand, whatever the format."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from helpers import french
from helpers.errors import DataError, UsageError
from helpers.files import grid, limits

LARGEST_DOCUMENT = 100_000_000  # bytes; the heaviest thesis with its pictures
MOST_LINES = 200_000
LONGEST_LINE = 6_000  # characters; a paragraph is shorter, and a pattern takes the square of it
LONGEST_ROW = 400  # characters of a row that lost its rules
CONTENTS = -1  # level of a line of a table of contents
MOST_CONTENTS = 90  # lines under its heading
CONTENTS_GAP = 4  # lines between two of them that are theirs too
INSTALL = "python -m pip install 'observatoire-cpts[relire]'"
_MARKUP = re.compile(r"</?(?:u|i|b|sup|sub|em|strong)>|\*\*|__")
# Signs that no reader sees: a soft hyphen would cut a word, and a label would not be found again.
_UNSEEN = re.compile("[\ufeff\u00ad\u200b\u2060\x00]")
_BULLET = re.compile(r"\s*(?:[-–•·»▪>○●*+]|\d{1,2}[.)]|[a-z]\))\s+(?=\S)")
_CLOSED = re.compile(r"[.!?:;»)]\s*$")
_CONTENTS = re.compile(r"(?:\.{3,}|…{2,})[.\s]*\d{1,3}\s*$|\S\.{2,}\s*\d{1,3}\s*$")
_PAGED = re.compile(r"[^\t|]*[^\W\d][^\t]*\t\s*\d{1,3}\s*$|\|.*[^\W\d].*\|\s*\d{1,3}\s*\|\s*$")
_LEADER = re.compile(r"\.{4,}|…{2,}|\t")
_CONTENTS_HEAD = re.compile(r"\W*(?:sommaire|table des matières)\W*", re.IGNORECASE)
_ENDS_WITH_PAGE = re.compile(r"[^\W\d].*\d{1,3}\s*$")
_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u202f]?\d{3})*(?:,\d+)?\s?[€£%]|\d+(?:,\d+)?\s?[€£%]")
_LOOSE = re.compile(
    r"(?P<label>.*?)(?P<amounts>(?:[\s|_]*(?:\d[\d \u00a0\u202f]*(?:,\d+)?\s?[€£%])){3,})[\s|_.]*"
)
_HEADING = re.compile(r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\s*[.:)]?|[IVX]{1,5}\s*[.:)]|[A-H]\s*[.)])\s+\S")
_CAPTION = re.compile(
    r"(?P<kind>tableau|figure|graphique|illustration|annexe|encadré)\s*(?:n\s*[°ºo]\s*)?(?P<number>\d{1,3}|[IVXL]{1,6})\b"
    r"\s*(?P<mark>[:.–—-]|$)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Line:
    """One line of a text, one paragraph or one row of a table; `table` numbers the table (0:
    none), `level` the heading (-1: contents).

    `loose` is a row whose cells were told by their units alone: its table lost its rules. `opens` is the beginning of a
    paragraph in a format that has paragraphs: a sentence does not go on in it as it does on the next line of a text.
    """

    number: int
    text: str
    cells: tuple[str, ...] = ()
    table: int = 0
    level: int = 0
    item: bool = False
    page: int = 0
    loose: bool = False
    opens: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Lines that one sentence may cross, joined; `starts` are their offsets."""

    text: str
    lines: tuple[Line, ...]
    starts: tuple[int, ...]

    def line_at(self, offset: int) -> Line:
        """Line of one character."""
        return next(
            line
            for line, start in zip(reversed(self.lines), reversed(self.starts), strict=True)
            if start <= offset
        )


@dataclass(frozen=True)
class Document:
    """A document that was read. `unit` names what its lines are ("l." or "§"); `doubt` says why the reading is uncertain."""

    name: str
    lines: tuple[Line, ...]
    unit: str = "l."
    doubt: str = ""

    @cached_property
    def contents(self) -> frozenset[int]:
        """Numbers of the lines of tables of contents: their figures are page numbers."""
        found = sorted(
            {*(line.number for line in self.lines if _is_contents(line)), *_under_contents(self.lines)}
        )
        # A title on two lines, or one whose dots were lost, stands between two others.
        between = (
            number
            for one, other in itertools.pairwise(found)
            if other - one <= CONTENTS_GAP
            for number in range(one, other)
        )
        return frozenset((*found, *between))

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """Prose, hard line ends undone; headings, captions, items and rows stand alone or are left out (rows)."""
        found: list[list[Line]] = []
        gap = 0
        for line in self.lines:
            if not line.text.strip():
                gap += 1
                continue
            alone = (
                bool(line.cells or line.level or line.item or caption(line)) or line.number in self.contents
            )
            before = found[-1][-1] if found else None
            joined = (
                before is not None and not alone and not _stands_alone(before) and before.number not in self.contents
                and _goes_on(before, line, gap or int(line.opens))
            )  # fmt: skip
            if joined:
                found[-1].append(line)
            elif not line.cells and line.number not in self.contents:
                found.append([line])
            gap = 0
            if line.cells and found:
                gap = 9
        return tuple(_joined(lines) for lines in found)

    def line(self, number: int) -> Line:
        """Line of that number."""
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[int, Line]:
        return {line.number: line for line in self.lines}


def caption(line: Line) -> re.Match[str] | None:
    """Kind, number and mark of the caption that a line begins with, or None."""
    if line.cells:
        return None
    found = _CAPTION.match(line.text.strip())
    return found if found and (found["mark"] or found.end() == len(line.text.strip())) else None


def _is_contents(line: Line) -> bool:
    text = line.text.strip()
    return line.level < 0 or (bool(_CONTENTS.search(text)) and not line.cells and len(text) < 300)


def _under_contents(lines: tuple[Line, ...]) -> Iterator[int]:
    """Numbers of the lines under the heading of the contents, up to the last that ends with the number of a page."""
    head = next(
        (rank for rank, line in enumerate(lines) if _CONTENTS_HEAD.fullmatch(line.text.strip())), None
    )
    if head is None:
        return
    last, pages = head, 0
    for rank in range(head + 1, min(len(lines), head + MOST_CONTENTS)):
        if len(lines[rank].text) > 220:
            break
        if _ENDS_WITH_PAGE.search(lines[rank].text):
            last, pages = rank, pages + 1
    if pages >= 4:
        yield from (line.number for line in lines[head + 1 : last + 1])


def _stands_alone(line: Line) -> bool:
    return bool(line.cells or line.level or caption(line))


def _goes_on(before: Line, line: Line, gap: int) -> bool:
    """Whether a sentence may go from one line to the next."""
    text = line.text.strip()
    small = text[:1].islower() or text[:1] in "(«"
    if gap == 0:
        return len(before.text) > 40 or small
    return gap == 1 and small and not _CLOSED.search(before.text) and len(before.text) > 40


def _joined(lines: list[Line]) -> Paragraph:
    starts, text = [], ""
    for line in lines:
        if text:
            text += " "
        starts.append(len(text))
        text += line.text.strip()
    return Paragraph(text, tuple(lines), tuple(starts))


def read(path: Path) -> Document:
    """Document of a text (.txt, .md), DOCX, ODT or PDF file.

    Raises UsageError for another format, DataError when the file is absent, too large, damaged or not what its name says, or when
    a library of the extra is missing.
    """
    formats = {".txt": _text, ".md": _text, ".docx": _docx, ".odt": _odt, ".pdf": _pdf}
    reader = formats.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"« {path.name} » n'est ni un texte (.txt), ni un DOCX, ni un ODT, ni un PDF : enregistrez-le dans un de ces formats."
        )
    lines, doubt = reader(path)
    if not any(line.text.strip() for line in lines):
        raise DataError(f"{path.name} ne contient aucun texte lisible : donnez le fichier d'origine (DOCX).")
    if len(lines) > MOST_LINES:
        raise DataError(
            f"{path.name} a plus de {french.number(MOST_LINES)} lignes : donnez un document à la fois."
        )
    return Document(path.name, tuple(lines), "l." if reader in (_text, _pdf) else "§", doubt)


def plain_lines(text: str) -> list[Line]:
    """Lines of a text: tabs or bars make the cells of a row, a number or a sharp begins a heading."""
    found: list[Line] = []
    table, in_table = 0, False
    last_loose, found_loose = -9, False
    raws = [raw.rstrip("\r")[:LONGEST_LINE] for raw in text.split("\n")]
    paged = _paged(raws)
    for number, raw in enumerate(raws, 1):
        if number in paged:
            in_table = False
            found.append(Line(number, clean(raw), level=CONTENTS))
            continue
        cells = _cells(raw)
        loose = () if cells else amounts(raw)
        if loose and number - last_loose < 6 and found_loose:
            in_table = True
        if loose:
            last_loose, found_loose = number, True
        elif cells:
            found_loose = False
        cells = cells or loose
        if cells:
            table += not in_table
        in_table = bool(cells)
        if cells == ("",):  # the rule under the heads of a table in Markdown
            found.append(Line(number, "", (), 0))
            continue
        sharp = re.match(r"(#{1,6})\s+", raw)
        said = clean(raw[sharp.end() :] if sharp else raw)
        level = len(sharp[1]) if sharp else 0
        found.append(
            Line(
                number,
                said,
                cells,
                table if cells else 0,
                level or (0 if cells else heading_level(said)),
                item(said),
                loose=bool(loose),
            )
        )
    return found


def _paged(raws: list[str]) -> set[int]:
    """Numbers of the lines that end with a tab and a page number which never goes back: a table of contents."""
    found: set[int] = set()
    run: list[tuple[int, int]] = []
    for number, raw in enumerate((*raws, "end"), 1):
        if not raw.strip() and run and number - run[-1][0] < 3:
            continue
        match = _PAGED.fullmatch(raw.rstrip())
        page = int(raw.replace("|", " ").split()[-1]) if match else -1
        if match and (not run or page >= run[-1][1]):
            run.append((number, page))
            continue
        # Bars alone make a table: dots that lead to the page tell its contents.
        led = any(_LEADER.search(raws[line - 1]) for line, _ in run)
        if len(run) >= 4 and led and run[-1][1] > run[0][1] + 1:
            found |= {line for line, _ in run}
        run = [(number, page)] if match else []
    return found


def clean(text: str) -> str:
    """Text without marks of bold, italics or underline, nor signs that are not seen."""
    return _MARKUP.sub("", _UNSEEN.sub("", text)).strip()


def item(text: str) -> bool:
    """Whether a line is an item of a list."""
    return bool(_BULLET.match(text))


def heading_level(text: str) -> int:
    """1 for a line that is written as a numbered heading, else 0."""
    short = len(text) < 200 and not text.rstrip().endswith((".", ";", ",")) and bool(_HEADING.match(text))
    return int(short and not _CONTENTS.search(text))


def _cells(raw: str) -> tuple[str, ...]:
    if raw.startswith("|") and raw.rstrip().endswith("|") and raw.count("|") > 2:
        cells = tuple(clean(cell) for cell in raw.strip().strip("|").split("|"))
        return ("",) if all(re.fullmatch(r":?-*:?", cell) for cell in cells) and any(cells) else cells
    if "\t" in raw and not _CONTENTS.search(raw.strip()):
        return tuple(clean(cell) for cell in raw.split("\t"))
    return ()


def amounts(raw: str) -> tuple[str, ...]:
    """Label and amounts of a line that ends with at least three amounts or percentages: a row that lost its rules."""
    match = (
        _LOOSE.fullmatch(raw.strip())
        if len(raw) < LONGEST_ROW and len(re.findall("[€£%]", raw)) >= 3
        else None
    )
    if match is None:
        return ()
    found = [re.sub("£", "€", amount).strip() for amount in _AMOUNT.findall(match["amounts"])]
    return (clean(match["label"]), *found) if len(found) >= 3 else ()


def _text(path: Path) -> tuple[list[Line], str]:
    # Word offers Windows-1252 first when it saves a text.
    text = grid.decoded(limits.content(path))
    if "\0" in text:
        raise DataError(f"{path.name} n'est pas un texte : donnez le DOCX, l'ODT ou le PDF d'origine.")
    return plain_lines(text), ""


def _docx(path: Path) -> tuple[list[Line], str]:
    from helpers.rereading import word

    return word.read(path), ""


def _odt(path: Path) -> tuple[list[Line], str]:
    from helpers.rereading import opendocument

    return opendocument.read(path), ""


def _pdf(path: Path) -> tuple[list[Line], str]:
    from helpers.rereading import pages

    return pages.pdf_lines(path)
