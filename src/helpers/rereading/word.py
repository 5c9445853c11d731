"""DOCX as numbered paragraphs and rows of tables; styles tell headings and lists.

Notes and text boxes stand alone after the paragraph or the table that holds them. Headers, footers, comments, equations and
deleted text are not read.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import Any

from helpers.errors import DataError
from helpers.files import limits
from helpers.rereading.documents import INSTALL, Line
from helpers.rereading.office import MOST_REPEATED, RAISED, Lines, main_part, within

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# The same drawing for older programs: read, it would be there twice.
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADING_STYLE = re.compile(r"(?:heading|titre)\s*(\d)", re.IGNORECASE)
_NOTES = ("footnote", "endnote")
_UNSEEN = (_FALLBACK, f"{_W}moveFrom", f"{_W}del")
_ASIDES = (f"{_W}txbxContent", *_UNSEEN)
_SIGNS = {f"{_W}tab": " ", f"{_W}noBreakHyphen": "-", f"{_W}br": "\n", f"{_W}cr": "\n"}


def read(path: Path) -> list[Line]:
    """Paragraphs and rows of a DOCX. Raises DataError when it is damaged, not a DOCX, or when python-docx is missing."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
    except ImportError:
        raise DataError(
            f"Relire un DOCX demande des bibliothèques qui manquent ici (python-docx) : installez-les par « {INSTALL} »."
        ) from None
    main_part(path, "word/document.xml")
    try:
        opened: Any = docx.Document(str(path))
        lines = Lines(path.name)
        styles = {style.style_id: _style_name(style) for style in opened.styles}
        notes = _notes(path)
        for block in opened.element.body:
            _block(block, styles, notes, lines, in_contents=False)
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


def _style_name(style: Any) -> str:
    """Name of a style, or of the style of headings that it is made from."""
    known, seen = style, 0
    while known is not None and seen < 10:
        if _HEADING_STYLE.match(known.name or ""):
            return str(known.name)
        known, seen = getattr(known, "base_style", None), seen + 1
    return style.name or ""


def _notes(path: Path) -> dict[tuple[str, str], str]:
    """Text of each footnote and endnote by kind and identifier."""
    archive, found = limits.archive(path), {}
    for kind in _NOTES:
        member = f"word/{kind}s.xml"
        if member in archive.namelist():
            root = limits.xml(limits.member(archive, member, path.name, named=False), path.name)
            for note in root.iter(f"{_W}{kind}"):
                text = " ".join(_text(part) for part in note.iter(f"{_W}p")).strip()
                found[kind, note.get(f"{_W}id", "")] = text
    return found


def _block(
    block: Any, styles: dict[str, str], notes: dict[tuple[str, str], str], lines: Lines, *, in_contents: bool
) -> None:
    tag = str(block.tag)
    if tag == f"{_W}p":
        style = block.find(f"{_W}pPr/{_W}pStyle")
        name = styles.get(style.get(f"{_W}val"), style.get(f"{_W}val")) if style is not None else ""
        match = _HEADING_STYLE.match(name or "")
        listed = block.find(f"{_W}pPr/{_W}numPr") is not None or (name or "").lower().startswith("list")
        contents = in_contents or (name or "").lower().startswith(("toc", "table of figures", "table des"))
        lines.paragraph(
            _text(block), int(match[1]) if match else 0, in_list=listed and not match, contents=contents
        )
    elif tag == f"{_W}tbl":
        rows = list(within(block, f"{_W}tr", _ASIDES))
        cells = [list(within(row, f"{_W}tc", _ASIDES)) for row in rows]
        if all(len(row) == 1 for row in cells):  # a frame around paragraphs
            for child in (child for (cell,) in cells for child in cell):
                _block(child, styles, notes, lines, in_contents=in_contents)
            return
        lines.table += 1
        for row in cells:
            lines.row(_cells(row))
    elif tag == f"{_W}sdt":
        part = block.find(f"{_W}sdtPr/{_W}docPartObj/{_W}docPartGallery")
        inside = in_contents or (part is not None and "Contents" in (part.get(f"{_W}val") or ""))
        content = block.find(f"{_W}sdtContent")
        for child in content if content is not None else ():
            _block(child, styles, notes, lines, in_contents=inside)
    if tag != f"{_W}sdt":
        lines.aside(_asides(block, notes))


def _asides(block: Any, notes: dict[tuple[str, str], str]) -> list[str]:
    """Text boxes and notes of a block, in its order."""
    found: list[str] = []
    for child in block:
        if child.tag == f"{_W}txbxContent":
            found += [_text(paragraph) for paragraph in child.iter(f"{_W}p")]
        elif child.tag in {f"{_W}{kind}Reference": kind for kind in _NOTES}:
            kind = "footnote" if child.tag == f"{_W}footnoteReference" else "endnote"
            found.append(notes.get((kind, child.get(f"{_W}id", "")), ""))
        elif child.tag not in _UNSEEN:
            found += _asides(child, notes)
    return [text for text in found if text.strip()]


def _cells(row: list[Any]) -> list[str]:
    cells: list[str] = []
    for cell in row:
        span = cell.find(f"{_W}tcPr/{_W}gridSpan")
        cells.append(" ".join(_text(part) for part in within(cell, f"{_W}p", _ASIDES)).strip())
        width = span.get(f"{_W}val") if span is not None else "1"
        cells += [""] * (min(int(width), MOST_REPEATED) - 1 if str(width).isdigit() else 0)
    return cells


def _text(node: Any) -> str:
    """Text of a paragraph, without the boxes that it anchors."""
    if node.tag in _ASIDES:
        return ""
    if node.tag == f"{_W}t":
        return node.text or ""
    raised = node.find(f"{_W}rPr/{_W}vertAlign") if node.tag == f"{_W}r" else None
    if raised is not None and raised.get(f"{_W}val") == "superscript":
        # A raised figure calls a note or is a power: glued to a number, it would be one more digit of it.
        return "".join(map(_text, node)).translate(RAISED)
    if node.tag in _SIGNS:
        # A page or a column ends anywhere in a sentence; a line ends where its author ended it.
        return " " if node.get(f"{_W}type") in ("page", "column") else _SIGNS[node.tag]
    return "".join(map(_text, node))
