"""A user's package as one XLSX workbook: a sheet per table, drop-down lists, dates as dates and codes as text."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from helpers import catalog
from helpers.files import sheets
from helpers.intake import incoming
from helpers.page import exports

README = "LISEZMOI"
BY_IMPORT = "official/"  # tables of official files: nobody types them, and they are long
LAST_ROW = 20_000  # drop-down lists reach that far; a longer table goes through CSV
_LIST_LIMIT = 255  # characters that a spreadsheet allows in the list of a validation
_FORMATS = {"string": "@", "date": "yyyy-mm-dd", "integer": "0", "number": "General"}
_EPOCH = dt.datetime(1980, 1, 1)
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_REQUIRED = PatternFill("solid", fgColor="F8CBAD")
_TEXT = """\
Une feuille par tableau ; la première ligne porte les noms des colonnes et ne se change pas.
Chaque nom de colonne est suivi de son titre français. Passez la souris dessus : contenu et sens des codes s'affichent.
Les colonnes au fond orangé sont obligatoires.
Des listes déroulantes donnent les valeurs permises. Une cellule vide veut dire « on ne sait pas » : n'écrivez ni 0 ni « ND ».
Les codes (communes, départements) sont du texte : le zéro de tête reste. Les dates sont de vraies dates.
Les personnes sont des codes, jamais des noms.
Pour rapporter ce classeur dans un paquet : cpts import workbook CLASSEUR --into DOSSIER
Pour vérifier ensuite : cpts check DOSSIER"""


def typed_tables(package: catalog.Package) -> list[catalog.Table]:
    """Tables that a person fills, in the order of the package."""
    return [package.table(name) for name in package.names() if not name.startswith(BY_IMPORT)]


def sheet_name(table: str) -> str:
    """French name of the sheet of a table: what the model says (`sheet`), 31 letters at most and no slash."""
    return str(catalog.Package(catalog.MODEL_FOLDER).resource(table)["sheet"])


def sheets_read() -> dict[str, str]:
    """Table of each sheet that is read: by its French name, and by the name of the table as older workbooks have it."""
    tables = [table.name for table in typed_tables(catalog.Package(catalog.MODEL_FOLDER))]
    return {sheet_name(table): table for table in tables} | {
        table.replace("/", "."): table for table in tables
    }


def write(package: catalog.Package, path: Path) -> None:
    """Write the tables of `package` that a person fills as one workbook with drop-down lists.

    Takes a package without fault (`cpts check`). Raises DataError when a table cannot be read.
    """
    book = Workbook()
    # A workbook does not say when it was made, so that the same package gives the same content.
    book.properties.created = book.properties.modified = _EPOCH
    first = book.active
    first.title = README
    first.append([package.descriptor["title"]])
    first["A1"].font = Font(bold=True, size=14)
    for line in _TEXT.splitlines():
        first.append([line])
    first.append([])
    for table in typed_tables(package):
        first.append([sheet_name(table.name), table.title, table.description])
        _fill(book.create_sheet(sheet_name(table.name)), package, table)
    for letter, width in (("A", 28), ("B", 60), ("C", 90)):
        first.column_dimensions[letter].width = width
    book.save(path)


def _fill(sheet: Worksheet, package: catalog.Package, table: catalog.Table) -> None:
    # As cells: the words of interviewees too, which no table gives.
    frame = catalog.cells(table.name, package).frame()
    for position, field in enumerate(table.fields, start=1):
        letter = sheets.letter(position - 1)
        _head(sheet, position, field)
        sheet.column_dimensions[letter].number_format = _FORMATS.get(field.type, "@")
        sheet.column_dimensions[letter].width = max(
            40 if field.name.endswith("_fr") else 18, len(incoming.titled(field)) + 2
        )
        for row, text in enumerate(frame[field.name], start=2):
            if text:
                _put(sheet, row, position, text, field)
        if rule := _validation(field, table, package):
            rule.add(f"{letter}2:{letter}{LAST_ROW}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"


def _head(sheet: Worksheet, position: int, field: catalog.Field) -> None:
    cell = sheet.cell(1, position, field.name)
    cell.font = Font(bold=True)
    cell.fill = _REQUIRED if field.required else _HEAD
    cell.alignment = Alignment(wrap_text=False)
    # Shown after the name and no part of the cell: whatever reads the sheet finds the name of the column.
    cell.number_format = f'@"{incoming.BEFORE_TITLE}{field.title}"'
    help_fr = f"{field.title}\n{field.description}\n{field.words(labelled=True)}"
    height = max(140, 20 * (len(help_fr) // 45 + 3))
    cell.comment = Comment(help_fr, "observatoire", height=height, width=320)


def _put(sheet: Worksheet, row: int, position: int, text: str, field: catalog.Field) -> None:
    cell = sheet.cell(row, position)
    if field.type == "string":
        cell.value = exports.writable(text)
        # Text that looks like a formula stays text.
        cell.data_type = "s"
    else:
        value = field.read(text)
        cell.value = int(value) if isinstance(value, float) and value.is_integer() else value
    cell.number_format = _FORMATS.get(field.type, "@")


def _validation(
    field: catalog.Field, table: catalog.Table, package: catalog.Package
) -> DataValidation | None:
    found = _list_of(field, table, package)
    if found:
        rule = DataValidation(type="list", formula1=found, allow_blank=True)
    elif field.type == "date":
        rule = DataValidation(
            type="date", operator="greaterThan", formula1="DATE(1900,1,1)", allow_blank=True
        )
    elif field.type in ("integer", "number"):
        low, high = (
            str(given if bound is None else bound)
            for bound, given in ((field.minimum, -1_000_000_000), (field.maximum, 1_000_000_000))
        )
        kind = "whole" if field.type == "integer" else "decimal"
        rule = DataValidation(type=kind, operator="between", formula1=low, formula2=high, allow_blank=True)
    else:
        return None
    rule.errorTitle, rule.error = "Valeur refusée", f"{field.name} : {field.words()}"[:220]
    rule.showErrorMessage = True
    return rule


def _list_of(field: catalog.Field, table: catalog.Table, package: catalog.Package) -> str:
    """Formula of the drop-down list: the values allowed, or the column that this one points to."""
    if field.codes:
        text = ",".join(field.codes)
        return f'"{text}"' if len(text) <= _LIST_LIMIT else ""
    for link in table.links:
        if link.columns == (field.name,):
            letter = sheets.letter(package.table(link.table).columns.index(link.others[0]))
            return f"'{sheet_name(link.table)}'!${letter}$2:${letter}${LAST_ROW}"
    return ""
