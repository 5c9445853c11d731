"""A text written again as a thesis has it: DOCX, ODT, and a page that a browser prints to PDF.

One paragraph for a sentence that goes over several lines of the text, headings and lists by their styles, tables as tables, notes
as footnotes, figures cut between two runs, no-break spaces, soft hyphens, page breaks inside a paragraph, a comment and a
deleted figure that nobody must read.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from helpers.rereading.documents import Document, Line, Paragraph

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_ODF = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "manifest")
)
_NOTE = re.compile(r"([⁰¹²³⁴-⁹]+)\s+(?=\S)")
_BULLET = re.compile(r"\s*[-–•·»▪>○●*+]\s+(?=\S)")
_NARROW, _WIDE, _SOFT = "\u202f", "\u00a0", "\u00ad"
_BREAK = "\x0c"  # a page break in the middle of a paragraph
_STRANGE = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


@dataclass(frozen=True)
class Block:
    """A heading (`level`), a line of contents (-1), an item of a list, a paragraph, or the rows of a table."""

    text: str = ""
    level: int = 0
    item: bool = False
    rows: tuple[tuple[str, ...], ...] = ()


def blocks(document: Document) -> list[Block]:
    """Blocks of a text, in its order."""
    found: list[Block] = []
    rows: list[tuple[str, ...]] = []
    starts = {paragraph.lines[0].number: paragraph for paragraph in document.paragraphs}
    inside = {line.number for paragraph in document.paragraphs for line in paragraph.lines[1:]}
    table = 0
    for line in document.lines:
        if rows and (line.table != table or line.loose):
            found.append(Block(rows=tuple(rows)))
            rows = []
        if line.table and not line.loose:
            rows.append(line.cells)
            table = line.table
        elif line.text.strip() and line.number not in inside:
            found.append(_block(line, starts.get(line.number), line.number in document.contents))
    return [*found, Block(rows=tuple(rows))] if rows else found


def _block(line: Line, paragraph: Paragraph | None, in_contents: bool) -> Block:
    text = _typeset(paragraph.text if paragraph else line.text.strip(), line.number)
    if in_contents:
        return Block(text, level=-1)
    depth = min(1 + line.text.split(" ")[0].rstrip(".").count("."), 6) if line.level else 0
    bullet = None if line.level else _BULLET.match(text)
    return Block(text[bullet.end() :] if bullet else text, level=depth, item=bullet is not None)


def _typeset(text: str, number: int) -> str:
    """The text with the spaces, the hyphens and now and then the page break that a word processor writes."""
    text = re.sub(r"(?<=\d) (?=\d{3}(?!\d))", _NARROW, _STRANGE.sub("", text))
    text = re.sub(r" (?=[%€;:?!»])", _WIDE, text)
    if number % 3 == 0:
        text = re.sub(r"\b([a-zàâéèêîôûç]{5})([a-zàâéèêîôûç]{5,})", rf"\1{_SOFT}\2", text)
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    if number % 7 == 0 and len(spaces) > 20:
        at = spaces[len(spaces) // 2]
        text = f"{text[: at + 1]}{_BREAK}{text[at + 1 :]}"
    return text


def _with_notes(given: list[Block]) -> list[tuple[Block, dict[str, str]]]:
    """Blocks that are no note, each with the texts of the notes that it calls; a note that nothing calls stays a block."""
    kept: list[tuple[Block, dict[str, str]]] = []
    for block in given:
        match = _NOTE.match(block.text)
        caller = match and next(
            (notes for one, notes in reversed(kept[-12:]) if match[1] in one.text and match[1] not in notes),
            None,
        )
        if match and caller is not None:
            caller[match[1]] = block.text[match.end() :].replace(_BREAK, "")
        else:
            kept.append((block, {}))
    return kept


def _pieces(text: str, notes: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Kind and text of the runs of a paragraph: "run", "note" or "break"; a run ends inside a figure, as editing leaves it."""
    calls = "|".join(re.escape(mark) for mark in sorted(notes, key=len, reverse=True))
    for piece in re.split(f"({_BREAK}{'|' + calls if calls else ''})", text):
        if piece in notes:
            yield "note", notes[piece]
        elif piece == _BREAK:
            yield "break", ""
        elif piece:
            cut = re.search(r"\d(?=\d)", piece)
            yield from (
                ("run", part) for part in ((piece[: cut.end()], piece[cut.end() :]) if cut else (piece,))
            )


def docx(document: Document, path: Path) -> Path:
    """The DOCX of a document."""
    import docx as library

    made = library.Document()
    made.save(str(path))
    body, notes = "", ""
    for block, called in _with_notes(blocks(document)):
        if block.rows:
            body += f"<w:tbl>{''.join(map(_docx_row, block.rows))}</w:tbl>"
            continue
        style = "TOC1" if block.level < 0 else f"Heading{block.level}" if block.level else ""
        style = "ListBullet" if block.item else style
        runs = ""
        for kind, said in _pieces(block.text, called):
            if kind == "note":
                number = notes.count("<w:footnote ") + 2
                notes += f'<w:footnote w:id="{number}"><w:p>{_docx_run(said)}</w:p></w:footnote>'
                runs += f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
            else:
                runs += '<w:r><w:br w:type="page"/></w:r>' if kind == "break" else _docx_run(said)
        style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        body += f'<w:p>{style}<w:del w:id="1"><w:r><w:delText>99 %</w:delText></w:r></w:del>{runs}</w:p>'
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    main = members["word/document.xml"].decode()
    members["word/document.xml"] = re.sub("(<w:body>)", lambda found: found[1] + body, main).encode()
    members["word/footnotes.xml"] = f"<w:footnotes {_W}>{notes}</w:footnotes>".encode()
    return _zipped(path, members)


def _docx_run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{html.escape(text)}</w:t></w:r>'


def _docx_row(cells: tuple[str, ...]) -> str:
    said = (f"<w:tc><w:p>{_docx_run(_typeset(cell, 1))}</w:p></w:tc>" for cell in cells)
    return f"<w:tr>{''.join(said)}</w:tr>"


def odt(document: Document, path: Path) -> Path:
    """The ODT of a document."""
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Sur les 60, 35 (99 %) sont venus.</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes>"
    )
    for block, called in _with_notes(blocks(document)):
        if block.rows:
            body += f"<table:table>{''.join(map(_odt_row, block.rows))}</table:table>"
            continue
        said = "<office:annotation><text:p>99 %</text:p></office:annotation>"
        for kind, text in _pieces(block.text, called):
            if kind == "note":
                inner = f"<text:note-body><text:p>{html.escape(text)}</text:p></text:note-body>"
                said += f"<text:note><text:note-citation>1</text:note-citation>{inner}</text:note>"
            else:
                said += (
                    "<text:soft-page-break/>"
                    if kind == "break"
                    else f"<text:span>{html.escape(text)}</text:span>"
                )
        paragraph = f"<text:p>{said}</text:p>"
        if block.level > 0:
            paragraph = f'<text:h text:outline-level="{block.level}">{said}</text:h>'
        elif block.level < 0:
            paragraph = f"<text:table-of-content><text:index-body>{paragraph}</text:index-body></text:table-of-content>"
        elif block.item:
            paragraph = f"<text:list><text:list-item>{paragraph}</text:list-item></text:list>"
        body += paragraph
    content = (
        f"<?xml version='1.0' encoding='UTF-8'?><office:document-content {_ODF}><office:body><office:text>{body}"
        "</office:text></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    return _zipped(path, {"mimetype": kind.encode(), "content.xml": content.encode()})


def _odt_row(cells: tuple[str, ...]) -> str:
    said = (
        f"<table:table-cell><text:p>{html.escape(_typeset(cell, 1))}</text:p></table:table-cell>"
        for cell in cells
    )
    return f"<table:table-row>{''.join(said)}</table:table-row>"


def page(document: Document, path: Path, *, ruled: bool = True) -> Path:
    """The HTML of a document, for a browser to print; its tables have rules when `ruled`."""
    body = ""
    for block, called in _with_notes(blocks(document)):
        if block.rows:
            rows = ("".join(f"<td>{html.escape(cell)}</td>" for cell in row) for row in block.rows)
            body += f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"
            continue
        text = html.escape(block.text.replace(_BREAK, ""))
        tag = f"h{block.level}" if block.level > 0 else "li" if block.item else "p"
        body += f"<{tag}>{text}</{tag}>" + "".join(
            f"<p class=note>{mark} {html.escape(note)}</p>" for mark, note in called.items()
        )
    rule = "td{border:1px solid}" if ruled else ""
    path.write_text(
        f"<!doctype html><meta charset=utf-8><style>body{{font:11pt/1.4 serif;text-align:justify}}td{{padding:2px 8px}}"
        f"{rule}table{{border-collapse:collapse}}.note{{font-size:8pt}}</style>{body}",
        encoding="utf-8",
    )
    return path


def _zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path
