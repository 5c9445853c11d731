"""Pages of a PDF as numbered lines, behind a gate: below it, the reading is said uncertain and only sure checks are kept."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

from helpers import french
from helpers.errors import DataError
from helpers.files import limits
from helpers.rereading.documents import (
    CONTENTS,
    INSTALL,
    LARGEST_DOCUMENT,
    LONGEST_LINE,
    Line,
    clean,
    plain_lines,
)

MOST_PAGES = 2_000
MOST_TABLE_PAGES = (
    150  # pages where cells are looked for: those with a caption of a table; a page costs a third of a second
)
SPARSE_PAGE = 80  # characters; a page with fewer is a picture or blank
TEXT_PAGES, WORDY = (
    0.6,
    0.72,
)  # shares of pages with text, of words that are words, under which the reading is uncertain
UNCERTAIN = "lecture incertaine : passez le DOCX"
_CAPTION = re.compile(r"^\s*tableau\s*(?:n\s*[°º]\s*)?(?:\d{1,2}|[IVX]{1,5})\b", re.IGNORECASE | re.MULTILINE)
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}


def pdf_lines(path: Path) -> tuple[list[Line], str]:
    """Lines of a PDF with their pages, and the doubt on their reading (empty when none).

    Cells are looked for on the pages that print a caption of a table. Raises DataError when the file is damaged, locked or has no
    text at all, or when the libraries are missing.
    """
    try:
        import pypdfium2
    except ImportError:
        raise DataError(
            f"Relire un PDF demande des bibliothèques qui manquent ici (pypdfium2, pdfplumber) : installez-les par « {INSTALL} »."
        ) from None
    raw = limits.content(path, LARGEST_DOCUMENT)
    try:
        opened: Any = pypdfium2.PdfDocument(raw)
        if len(opened) > MOST_PAGES:
            raise DataError(
                f"{path.name} a plus de {french.number(MOST_PAGES)} pages : donnez un document à la fois."
            )
        texts = [_page_text(opened, rank) for rank in range(len(opened))]
    except pypdfium2.PdfiumError:
        raise DataError(
            f"{path.name} n'est pas un PDF entier, ou il est protégé : donnez le DOCX, ou un PDF sans mot de passe."
        ) from None
    if not any(text.strip() for text in texts):
        raise DataError(f"{path.name} ne contient que des images ; {UNCERTAIN}.")
    wanted = [rank for rank, text in enumerate(texts) if _CAPTION.search(text)][:MOST_TABLE_PAGES]
    cells = _cells(path, wanted) if wanted else {}
    return _numbered(texts, cells), _doubt(texts)


def _page_text(opened: Any, rank: int) -> str:
    page = opened[rank]
    text: str = page.get_textpage().get_text_bounded()
    page.close()
    # A hyphen at the end of a line is written U+0002 or U+FFFE by the library.
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\u0002", "-").replace("\ufffe", "-")


def _cells(path: Path, wanted: list[int]) -> dict[int, list[list[list[str]]]]:
    """Tables with rules of the pages wanted; a page that cannot be read so has none."""
    try:
        import pdfplumber
    except ImportError:
        raise DataError(f"Relire un PDF demande pdfplumber, qui manque ici : « {INSTALL} ».") from None
    found: dict[int, list[list[list[str]]]] = {}
    try:
        with pdfplumber.open(path, pages=[rank + 1 for rank in wanted]) as opened:
            for page in opened.pages:
                tables = page.extract_tables(_SETTINGS)
                if tables:
                    found[page.page_number - 1] = [
                        [[(cell or "") for cell in row] for row in table] for table in tables
                    ]
                page.close()
    except (
        Exception
    ):  # a damaged page has as many exceptions as a PDF has objects; its text is read all the same
        return found
    return found


def _numbered(texts: list[str], cells: dict[int, list[list[list[str]]]]) -> list[Line]:
    lines: list[Line] = []
    table = 0
    heads = _running_heads(texts)
    for rank, text in enumerate(texts):
        rows = _rows(cells.get(rank, []))
        drawn = [set(_tokens(" ".join(row))) for row in rows]
        kept = [raw for raw in text.split("\n") if clean(raw) not in heads]
        inserted = False
        for line in plain_lines("\n".join(kept)):
            if rows and _in_table(line.text, drawn):
                if not inserted:
                    table += 1
                    lines += [
                        _line(lines, rank, "\t".join(row), tuple(row), 10_000 + table, at)
                        for at, row in enumerate(rows)
                    ]
                    inserted = True
                continue
            moved = rank * 1000 + line.table if line.table else 0
            lines.append(
                Line(
                    len(lines) + 1, line.text, line.cells, moved, CONTENTS if line.level == CONTENTS else line.level, line.item,
                    rank + 1, line.loose,
                )
            )  # fmt: skip
    return lines


def _line(lines: list[Line], rank: int, text: str, cells: tuple[str, ...], table: int, at: int) -> Line:
    return Line(len(lines) + 1 + at, text[:LONGEST_LINE], cells, table, page=rank + 1)


def _rows(tables: list[list[list[str]]]) -> list[list[str]]:
    return [
        [" ".join(cell.split()) for cell in row]
        for table in tables
        for row in table
        if any(cell.strip() for cell in row)
    ]


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _in_table(text: str, drawn: list[set[str]]) -> bool:
    """Whether a line of the text is a row, or a piece of a row, that the cells have."""
    tokens = set(_tokens(text))
    return (
        bool(tokens)
        and any(tokens <= row for row in drawn)
        and (len(tokens) > 1 or any(token.isdigit() for token in tokens))
    )


def _running_heads(texts: list[str]) -> set[str]:
    """Lines that stand at the top or the foot of many pages, and page numbers alone."""
    edges: Counter[str] = Counter()
    for text in texts:
        lines = [clean(raw) for raw in text.split("\n") if raw.strip()]
        edges.update({*lines[:2], *lines[-2:]})
    often = max(4, len(texts) // 4)
    return {line for line, count in edges.items() if count >= often} | {
        str(rank) for rank in range(1, len(texts) + 20)
    }


def _doubt(texts: list[str]) -> str:
    """Why the reading of the pages is uncertain: pages without text, or words cut and glued."""
    with_text = sum(len(text.strip()) >= SPARSE_PAGE for text in texts) / len(texts)
    words = re.findall(r"[^\W\d_]+", " ".join(texts))
    usual = sum(
        1 < len(word) < 16 or word.lower() in ("à", "a", "y", "l", "d", "n", "s", "c", "j", "m", "t")
        for word in words
    )
    share = usual / len(words) if words else 0.0
    if with_text < TEXT_PAGES:
        return f"{UNCERTAIN} ({french.percent(100 * with_text, 0)} des pages ont du texte)"
    if share < WORDY:
        return f"{UNCERTAIN} ({french.percent(100 * share, 0)} des mots sont entiers)"
    return ""
