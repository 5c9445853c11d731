"""A template to type answers in, when they were given on paper: CSV, or a workbook with its codes and drop-down lists."""

from __future__ import annotations

import csv
import io

from helpers import french
from helpers.page import exports
from helpers.survey.instrument import identity, notice
from helpers.survey.instrument.model import Instrument, Question

ANSWERS, CODES, NOTICE = "Réponses", "Codes", "À lire"
REMARK = "#"
ROWS_PREPARED = 200


def header(instrument: Instrument) -> list[str]:
    """Titles of the columns: identity, then each question (its fields as Q17_1…), with its "other" text as Q5_autre."""
    titles = [item.name for item in identity.ITEMS]
    for question in instrument:
        if question.fields:
            titles += [f"{question.code}_{option.code}" for option in question.fields]
        else:
            titles.append(question.code)
        if question.other is not None:
            titles.append(f"{question.code}_autre")
    return titles


def as_csv(instrument: Instrument) -> bytes:
    """The template as CSV with semicolons, which a French spreadsheet opens in columns: UTF-8 with a byte-order mark.

    The notice stands above the header, each line after REMARK, which the reader of the template skips.
    """
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    rows.writerows([f"{REMARK} {line}"] for line in notice.paragraph(instrument).split("\n"))
    rows.writerow(header(instrument))
    return buffer.getvalue().encode("utf-8-sig")


def codes(instrument: Instrument) -> list[list[str]]:
    """Rows of the sheet of codes, header first: column, question, when it is asked, how to answer, code, meaning."""
    rows = [["Colonne", "Question", "Se pose si", "Comment répondre", "Code", "Réponse"]]
    for role in identity.ROLES:
        rows.append(["role", identity.ITEMS[2].wording_fr, "", "un code", role.code, role.label_fr])
    for question in instrument:
        about = [question.wording_fr, instrument.asked_if(question), _how(question)]
        if question.fields:
            rows += [
                [f"{question.code}_{option.code}", *about, "", option.label_fr] for option in question.fields
            ]
        elif not question.closed:
            rows.append([question.code, *about, "", ""])
        else:
            rows += [[question.code, *about, option.code, option.label_fr] for option in question.options]
    return [[french.typography(cell) for cell in row] for row in rows]


def workbook(instrument: Instrument) -> bytes:
    """The template as XLSX: the notice, a sheet of cells of text to fill, with lists for single choices, and the codes."""
    # A quarter of a second that nobody else pays.
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    book.properties.title, book.properties.creator = "Modèle de saisie des réponses", "Observatoire des CPTS"
    sheet = book.active
    sheet.title = ANSWERS
    titles = header(instrument)
    sheet.append(titles)
    sheet.freeze_panes = "E2"
    lists = {question.code: [option.code for option in question.options] for question in _single(instrument)}
    lists["role"] = [role.code for role in identity.ROLES]
    for index, title in enumerate(titles, start=1):
        letter = get_column_letter(index)
        sheet.cell(1, index).font = Font(bold=True)
        sheet.column_dimensions[letter].width = max(10, len(title) + 2)
        for row in range(2, ROWS_PREPARED + 2):
            # Text, so that "1 3" stays as typed and a code keeps its zeros.
            sheet.cell(row, index).number_format = "@"
        if title in lists:
            rule = DataValidation(type="list", formula1=f'"{",".join(lists[title])}"', allow_blank=True)
            rule.error, rule.errorTitle = "Choisissez un code de la feuille « Codes ».", "Code inconnu"
            rule.add(f"{letter}2:{letter}{ROWS_PREPARED + 1}")
            sheet.add_data_validation(rule)
    help_sheet = book.create_sheet(CODES)
    for row_cells in codes(instrument):
        help_sheet.append(row_cells)
    for letter, width in zip("ABCDEF", (10, 70, 40, 34, 14, 50), strict=True):
        help_sheet.column_dimensions[letter].width = width
    about = book.create_sheet(NOTICE, 0)
    for head, said in notice.notice(instrument):
        about.append([head, french.typography(said)])
    for column, width in (("A", 24), ("B", 110)):
        about.column_dimensions[column].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return exports.without_time(buffer.getvalue())


def _single(instrument: Instrument) -> list[Question]:
    return [question for question in instrument if question.closed and not question.multiple]


def _how(question: Question) -> str:
    return {
        "choix_unique": "un code",
        "oui_non": "un code",
        "choix_multiple": "un ou plusieurs codes, séparés par une espace",
        "nombre": "un nombre entier",
        "date": "un mois, AAAA-MM",
        "texte": "un texte",
    }[question.answer_type]
