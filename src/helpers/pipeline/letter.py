"""A letter to the author of a document: its page and the form of the answers, and its PDF of two A4 pages."""

from __future__ import annotations

import hashlib
from pathlib import Path

from helpers.documents.letter import REPLY, Letter, form
from helpers.files import written
from helpers.page import exports
from helpers.pipeline import page_template, pdf, store


def page(told: Letter) -> str:
    """HTML of the letter; the same ledger, the same bytes: the mark stands for the date."""
    text = page_template.written("letter.html.j2", letter=told, form=form_name(told), mark="")
    mark = hashlib.sha256(text.encode("utf-8")).hexdigest()[:12]
    return page_template.written("letter.html.j2", letter=told, form=form_name(told), mark=mark)


def form_name(told: Letter) -> str:
    """Name of the file of the answers."""
    return f"lettre_{told.key}_reponses.csv"


def write(told: Letter, place: Path, *, as_pdf: bool = False) -> list[Path]:
    """Write the letter, the form that its author fills, and the PDF when asked, in the folder `place`; returns their paths.

    Raises UsageError when that form was filled since, RunError when the folder cannot be written, or when the page cannot be
    printed (the HTML is then kept).
    """
    store.prepare(place)
    letter, answers = place / f"lettre_{told.key}.html", place / form_name(told)
    heads, rows = form(told)
    cells = [[str(exports.neutral(cell)) for cell in row] for row in rows]
    content = written.content(cells, heads, delimiter=written.DELIMITER, encoding=written.ENCODING)
    written.refuse_filled(answers, REPLY, [row[-1] for row in cells])
    store.write(letter, page(told))
    store.write(answers, content)
    return [letter, answers, *(pdf.print_reports([letter]) if as_pdf else [])]
