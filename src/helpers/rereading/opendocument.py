"""ODT as numbered paragraphs and rows of tables, read with the XML reader of the project (odfpy has not moved since 2020).

Notes and text boxes stand alone after the paragraph or the table that holds them. Headers, footers, comments, equations and
deleted text are not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from helpers.errors import DataError
from helpers.files import limits
from helpers.rereading.documents import Line
from helpers.rereading.office import MOST_REPEATED, RAISED, Lines, main_part, within

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_ASIDES = (f"{_TEXT}note-body", "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}text-box")
# What a reader of the page does not see: comments, and text that a tracked change took away.
_UNSEEN = (f"{_OFFICE}annotation", f"{_TEXT}tracked-changes")


def read(path: Path) -> list[Line]:
    """Paragraphs and rows of an ODT."""
    root = limits.xml(main_part(path, "content.xml"), path.name)
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise DataError(
            f"{path.name} n'est pas un texte ODT : ouvrez-le dans LibreOffice et enregistrez-le à nouveau."
        )
    _raise(root)
    lines = Lines(path.name)
    try:
        for block in body:
            _block(block, lines, in_list=False, contents=False)
    except RecursionError:
        raise DataError(
            f"{path.name} emboîte ses blocs trop profondément : enregistrez-le à nouveau."
        ) from None
    return lines.found


def _raise(root: Element) -> None:
    """Write the raised figures of an ODT as such: glued to a number, a call of note would be one more digit of it."""
    styles = root.iter(f"{_STYLE}style")
    raised = {
        style.get(f"{_STYLE}name")
        for style in styles
        if any(
            (part.get(f"{_STYLE}text-position") or "").startswith("super")
            for part in style.iter(f"{_STYLE}text-properties")
        )
    }
    for span in root.iter(f"{_TEXT}span"):
        if span.get(f"{_TEXT}style-name") in raised:
            span.text = (span.text or "").translate(RAISED)


def _block(block: Element, lines: Lines, *, in_list: bool, contents: bool) -> None:
    if block.tag in (f"{_TEXT}p", f"{_TEXT}h"):
        level = block.get(f"{_TEXT}outline-level", "1") if block.tag == f"{_TEXT}h" else "0"
        lines.paragraph(
            "".join(_text(block)),
            int(level) if level.isdigit() else 1,
            in_list=in_list,
            contents=contents,
        )
        lines.aside(_asides(block))
    elif block.tag == f"{_TABLE}table":
        rows = [_cells(row) for row in within(block, f"{_TABLE}table-row", _ASIDES)]
        if all(len(row) == 1 for row in rows):  # a frame around paragraphs
            for cell in within(block, f"{_TABLE}table-cell", _ASIDES):
                _block(cell, lines, in_list=in_list, contents=contents)
            return
        lines.table += 1
        for cells in rows:
            lines.row(cells)
        lines.aside(_asides(block))
    elif block.tag not in _UNSEEN:
        inside = contents or block.tag in (
            f"{_TEXT}table-of-content",
            f"{_TEXT}illustration-index",
            f"{_TEXT}table-index",
        )
        for child in block:
            _block(child, lines, in_list=in_list or block.tag == f"{_TEXT}list", contents=inside)


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        repeated = cell.get(f"{_TABLE}number-columns-repeated", "1")
        times = min(int(repeated), MOST_REPEATED) if repeated.isdigit() else 1
        cells += [
            " ".join("".join(_text(part)) for part in within(cell, f"{_TEXT}p", _ASIDES)).strip()
        ] * max(times, 1)
    return cells


def _asides(block: Element) -> list[str]:
    """Text boxes and notes of a block, in its order."""
    asides = (node for node in block.iter() if node.tag in _ASIDES)
    texts = ("".join(_text(part)) for node in asides for part in node.iter(f"{_TEXT}p"))
    return [text for text in texts if text.strip()]


def _text(node: Element) -> Iterator[str]:
    if node.tag == f"{_TEXT}note" or node.tag in (*_ASIDES, *_UNSEEN):
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
            yield from _text(child)
        yield child.tail or ""
