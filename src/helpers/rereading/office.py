"""DOCX and ODT as numbered paragraphs and rows of tables; styles tell headings and lists."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from helpers.errors import DataError
from helpers.files import limits
from helpers.rereading.documents import (
    CONTENTS,
    INSTALL,
    LARGEST_DOCUMENT,
    LONGEST_LINE,
    Line,
    amounts,
    clean,
    heading_level,
    item,
)

MOST_CELLS = 300_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_MOST_REPEATED = 200  # a repeated empty cell of an ODT fills the sheet to its edge


class _Lines:
    """Lines in the making: one number for each paragraph and each row."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[Line] = []
        self.table = 0
        self.cells = 0
        # Paragraphs that a table without rules still spans after its last row.
        self.in_loose = 0

    def paragraph(self, text: str, level: int, *, in_list: bool, contents: bool) -> None:
        """One paragraph; a line break inside it begins another."""
        for part in text.split("\n"):
            said = clean(part)[:LONGEST_LINE]
            if in_list and said and not item(said):
                said = f"- {said}"
            loose = () if contents else amounts(said)
            if loose:
                self.table += not self.in_loose
                self.in_loose = 6
                self.found.append(Line(len(self.found) + 1, said, loose, self.table, loose=True))
                continue
            self.in_loose = max(0, self.in_loose - 1)
            rank = CONTENTS if contents else level or heading_level(said)
            self.found.append(Line(len(self.found) + 1, said, level=rank, item=item(said)))

    def row(self, cells: list[str]) -> None:
        """One row of the current table."""
        self.cells += len(cells)
        if self.cells > MOST_CELLS:
            raise DataError(
                f"{self.name} a des tableaux de plus de {MOST_CELLS} cellules : donnez le document, pas ses données."
            )
        texts = tuple(clean(cell)[:LONGEST_LINE] for cell in cells)
        self.found.append(Line(len(self.found) + 1, "\t".join(texts), texts, self.table))


def docx_lines(path: Path) -> list[Line]:
    """Paragraphs and rows of a DOCX. Raises DataError when it is damaged, not a DOCX, or when python-docx is missing."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise DataError(
            f"Relire un DOCX demande des bibliothèques qui manquent ici (python-docx) : installez-les par « {INSTALL} »."
        ) from None
    _checked(path, "word/document.xml")
    try:
        opened: Any = docx.Document(str(path))
        lines = _Lines(path.name)
        styles = {style.style_id: style.name or "" for style in opened.styles}
        for block in opened.element.body:
            _docx_block(block, styles, lines, in_contents=False)
    except DataError:
        raise
    except (
        OpcError,
        SyntaxError,  # what lxml says of XML that is not whole
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        zipfile.BadZipFile,
        RecursionError,
        TypeError,
    ):
        raise DataError(
            f"{path.name} n'est pas un DOCX entier : ouvrez-le dans Word ou LibreOffice et enregistrez-le à nouveau."
        ) from None
    return lines.found


def _checked(path: Path, member: str) -> bytes:
    """The main part of an archive, within limits."""
    if path.exists() and path.stat().st_size > LARGEST_DOCUMENT:
        raise DataError(
            f"{path.name} est trop gros pour un document ({path.stat().st_size // 1_000_000} Mo) : ôtez ses images."
        )
    archive = limits.archive(path)
    if member not in archive.namelist():
        raise DataError(
            f"{path.name} n'est pas un document de ce format : ouvrez-le et enregistrez-le à nouveau."
        )
    raw = limits.member(archive, member, path.name, named=False)
    limits.xml(raw, path.name)
    return raw


def _docx_block(block: Any, styles: dict[str, str], lines: _Lines, *, in_contents: bool) -> None:
    tag = str(block.tag)
    if tag == f"{_W}p":
        style = block.find(f"{_W}pPr/{_W}pStyle")
        name = styles.get(style.get(f"{_W}val"), style.get(f"{_W}val")) if style is not None else ""
        match = re.match(r"(?:heading|titre)\s*(\d)", name or "", re.IGNORECASE)
        listed = block.find(f"{_W}pPr/{_W}numPr") is not None or (name or "").lower().startswith("list")
        contents = in_contents or (name or "").lower().startswith(("toc", "table of figures", "table des"))
        lines.paragraph(
            _docx_text(block), int(match[1]) if match else 0, in_list=listed and not match, contents=contents
        )
    elif tag == f"{_W}tbl":
        lines.table += 1
        for row in block.iter(f"{_W}tr"):
            lines.row(_docx_cells(row))
    elif tag == f"{_W}sdt":
        part = block.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
        inside = in_contents or (part is not None and "Contents" in (part.get(f"{_W}val") or ""))
        content = block.find(f"{_W}sdtContent")
        for child in content if content is not None else ():
            _docx_block(child, styles, lines, in_contents=inside)


def _docx_cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row.findall(f"{_W}tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        cells.append(" ".join(_docx_text(part) for part in cell.iter(f"{_W}p")).strip())
        width = span.get(f"{_W}val") if span is not None else "1"
        cells += [""] * (min(int(width), _MOST_REPEATED) - 1 if str(width).isdigit() else 0)
    return cells


def _docx_text(paragraph: Any) -> str:
    parts = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            parts.append(node.text or "")
        elif node.tag in (f"{_W}tab", f"{_W}noBreakHyphen"):
            parts.append(" " if node.tag == f"{_W}tab" else "-")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
    return "".join(parts)


def odt_lines(path: Path) -> list[Line]:
    """Paragraphs and rows of an ODT, read with the XML reader of the project (odfpy has not moved since 2020)."""
    root = limits.xml(_checked(path, "content.xml"), path.name)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise DataError(
            f"{path.name} n'est pas un texte ODT : ouvrez-le dans LibreOffice et enregistrez-le à nouveau."
        )
    lines = _Lines(path.name)
    try:
        for block in body:
            _odt_block(block, lines, in_list=False, contents=False)
    except RecursionError:
        raise DataError(
            f"{path.name} emboîte ses blocs trop profondément : enregistrez-le à nouveau."
        ) from None
    return lines.found


def _odt_block(block: Element, lines: _Lines, *, in_list: bool, contents: bool) -> None:
    if block.tag in (f"{_TEXT}p", f"{_TEXT}h"):
        level = block.get(f"{_TEXT}outline-level", "1") if block.tag == f"{_TEXT}h" else "0"
        lines.paragraph(
            "".join(_odt_text(block)),
            int(level) if level.isdigit() else 1,
            in_list=in_list,
            contents=contents,
        )
    elif block.tag == f"{_TABLE}table":
        lines.table += 1
        for row in block.iter(f"{_TABLE}table-row"):
            lines.row(_odt_cells(row))
    else:
        inside = contents or block.tag in (
            f"{_TEXT}table-of-content",
            f"{_TEXT}illustration-index",
            f"{_TEXT}table-index",
        )
        for child in block:
            _odt_block(child, lines, in_list=in_list or block.tag == f"{_TEXT}list", contents=inside)


def _odt_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        times = min(int(repeated), _MOST_REPEATED) if repeated.isdigit() else 1
        cells += [" ".join("".join(_odt_text(part)) for part in cell.iter(f"{_TEXT}p")).strip()] * max(
            times, 1
        )
    return cells


def _odt_text(node: Element) -> Iterator[str]:
    if node.tag == f"{_TEXT}note":
        return
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            yield " " * (min(int(count), 20) if count.isdigit() else 1)
        elif child.tag == f"{_TEXT}tab":
            yield " "
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        else:
            yield from _odt_text(child)
        yield child.tail or ""
