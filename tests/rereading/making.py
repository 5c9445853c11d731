"""Small documents of our own words, in each format."""

from __future__ import annotations

import zipfile
from pathlib import Path

from helpers.rereading import reading
from helpers.rereading.documents import Document, plain_lines
from tests.conftest import ROOT

EXAMPLE = ROOT / "data" / "examples" / "memoire_exemple.txt"


def reread(text):
    return reading.of(Document("essai", tuple(plain_lines(text))))


def seen(text):
    """Family, verdict and printed figure of every check of a text."""
    return {(one.family, one.verdict, one.stated.printed) for one in reread(text).findings}


def docx(path: Path, text: str, *, headings=()):
    """A DOCX with the lines of a text: rows in tables, headings by style."""
    import docx as library

    made = library.Document()
    table = []
    for line in (*text.split("\n"), ""):
        if "\t" in line:
            table.append(line.split("\t"))
            continue
        if table:
            grid = made.add_table(len(table), max(map(len, table)))
            for row, cells in zip(grid.rows, table, strict=True):
                for cell, said in zip(row.cells, cells, strict=False):
                    cell.text = said
            table = []
        if line:
            made.add_paragraph(line, style="Heading 1" if line in headings else None)
    made.save(str(path))
    return path


def odt(path: Path, paragraphs, rows=()):
    """An ODT with paragraphs, then one table."""
    space = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    )
    said = "".join(f"<text:p>{text}</text:p>" for text in paragraphs)
    cells = "".join(
        "<table:table-row>"
        + "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row)
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {space}><office:body><office:text>{said}"
        f"<table:table>{cells}</table:table></office:text></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", content)
    return path
