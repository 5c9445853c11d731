"""DOCX and ODT as numbered paragraphs and rows of tables; styles tell headings and lists.

Notes and text boxes stand alone after the paragraph or the table that holds them. Headers, footers and comments are not read.
"""

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
# The same drawing for older programs: read, it would be there twice.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = ("footnote", "endnote")
_DOCX_ASIDES = (f"{_W}txbxContent", _FALLBACK)
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ODT_ASIDES = (f"{_TEXT}note-body", "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}text-box")
_MOST_REPEATED = 200  # a repeated empty cell of an ODT fills the sheet to its edge
_DOCX_SIGNS = {f"{_W}tab": " ", f"{_W}noBreakHyphen": "-", f"{_W}br": "\n", f"{_W}cr": "\n"}


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

    def aside(self, texts: list[str]) -> None:
        """Notes or text boxes, apart from the paragraphs around them."""
        for text in texts:
            self.found.append(Line(len(self.found) + 1, ""))
            self.paragraph(text, 0, in_list=False, contents=False)
        if texts:
            self.found.append(Line(len(self.found) + 1, ""))

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
        notes = _docx_notes(path)
        for block in opened.element.body:
            _docx_block(block, styles, notes, lines, in_contents=False)
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


def _docx_notes(path: Path) -> dict[tuple[str, str], str]:
    """Text of each footnote and endnote by kind and identifier."""
    archive, found = limits.archive(path), {}
    for kind in _NOTES:
        member = f"word/{kind}s.xml"
        if member in archive.namelist():
            root = limits.xml(limits.member(archive, member, path.name, named=False), path.name)
            for note in root.iter(f"{_W}{kind}"):
                text = " ".join(_docx_text(part) for part in note.iter(f"{_W}p")).strip()
                found[kind, note.get(f"{_W}id", "")] = text
    return found


def _docx_block(
    block: Any, styles: dict[str, str], notes: dict[tuple[str, str], str], lines: _Lines, *, in_contents: bool
) -> None:
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
            _docx_block(child, styles, notes, lines, in_contents=inside)
    if tag != f"{_W}sdt":
        lines.aside(_docx_asides(block, notes))


def _docx_asides(block: Any, notes: dict[tuple[str, str], str]) -> list[str]:
    """Text boxes and notes of a block, in its order."""
    found: list[str] = []
    for child in block:
        if child.tag == f"{_W}txbxContent":
            found += [_docx_text(paragraph) for paragraph in child.iter(f"{_W}p")]
        elif child.tag in {f"{_W}{kind}Reference": kind for kind in _NOTES}:
            kind = "footnote" if child.tag == f"{_W}footnoteReference" else "endnote"
            found.append(notes.get((kind, child.get(f"{_W}id", "")), ""))
        elif child.tag != _FALLBACK:
            found += _docx_asides(child, notes)
    return [text for text in found if text.strip()]


def _within(block: Any, wanted: str, left_out: tuple[str, ...]) -> Iterator[Any]:
    """Nodes of one tag in a block, but for those in its text boxes and notes."""
    for child in block:
        if child.tag == wanted:
            yield child
        elif child.tag not in left_out:
            yield from _within(child, wanted, left_out)


def _docx_cells(row: Any) -> list[str]:
    cells: list[str] = []
    for cell in row.findall(f"{_W}tc"):
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        cells.append(" ".join(_docx_text(part) for part in _within(cell, f"{_W}p", _DOCX_ASIDES)).strip())
        width = span.get(f"{_W}val") if span is not None else "1"
        cells += [""] * (min(int(width), _MOST_REPEATED) - 1 if str(width).isdigit() else 0)
    return cells


def _docx_text(node: Any) -> str:
    """Text of a paragraph, without the boxes that it anchors."""
    if node.tag in _DOCX_ASIDES:
        return ""
    if node.tag == f"{_W}t":
        return node.text or ""
    if node.tag in _DOCX_SIGNS:
        return _DOCX_SIGNS[node.tag]
    return "".join(map(_docx_text, node))


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
        lines.aside(_odt_asides(block))
    elif block.tag == f"{_TABLE}table":
        lines.table += 1
        for row in block.iter(f"{_TABLE}table-row"):
            lines.row(_odt_cells(row))
        lines.aside(_odt_asides(block))
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
        cells += [
            " ".join("".join(_odt_text(part)) for part in _within(cell, f"{_TEXT}p", _ODT_ASIDES)).strip()
        ] * max(times, 1)
    return cells


def _odt_asides(block: Element) -> list[str]:
    """Text boxes and notes of a block, in its order."""
    asides = (node for node in block.iter() if node.tag in _ODT_ASIDES)
    texts = ("".join(_odt_text(part)) for node in asides for part in node.iter(f"{_TEXT}p"))
    return [text for text in texts if text.strip()]


def _odt_text(node: Element) -> Iterator[str]:
    if node.tag == f"{_TEXT}note" or node.tag in _ODT_ASIDES:
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
