"""`cpts import workbook`: the workbook of a package, filled, back into its tables."""

from __future__ import annotations

import datetime as dt
from itertools import zip_longest
from pathlib import Path
from typing import Any

from helpers import catalog, french
from helpers.catalog import Fault, spellings
from helpers.errors import DataError
from helpers.files import sheets
from helpers.files.grid import Grid, refuse_title
from helpers.intake import incoming, origins
from helpers.intake.deposit import deposit
from helpers.intake.workbook import README, sheet_name, sheets_read


def import_workbook(
    file: Path | str, folder: Path | str, *, replace: bool = False, prune: bool = False
) -> list[str]:
    """Add the rows of every sheet to the tables of the package in `folder`; returns what was done, in French sentences.

    A sheet has the French name of its table, or that of the table (`cpts.facts`); an absent or empty one asks nothing. With
    `replace`, rows of the package that a filled sheet no longer has are told; with `prune` (which replaces too), they go, and
    the tables of the filled sheets are those of the workbook. Notes in the package which row comes from which cell.
    Raises DataError, with nothing written, for a file that is no XLSX workbook, an unknown sheet or column, or cells
    against the rules: each is told by sheet, row and column.
    """
    package = catalog.open_package(folder)
    path = Path(file)
    tables = sheets_read()
    values = sheets.workbook(path)
    # A second reading, as long as the first, tells formulas from values.
    formulas = sheets.workbook(path, formulas=True) if sheets.has_formulas(path) else None
    try:
        rows, notes, faults, read = {}, [], [], {}
        seen: dict[str, str] = {}
        for sheet in (item.title for item in values.worksheets):
            if sheet == README:
                continue
            title = spellings.choice(sheet, list(tables))
            if title is None:
                if _is_blank(values[sheet], path.name):
                    continue
                known = french.listing(sheet_name(table) for table in dict.fromkeys(tables.values()))
                raise DataError(
                    f"{path.name} : feuille « {sheet} » inconnue (feuilles attendues : {known}). "
                    "Renommez-la ou supprimez-la."
                )
            twin = next((other for other, table in seen.items() if table == tables[title]), None)
            if twin is not None:
                raise DataError(
                    f"{path.name} : les feuilles « {twin} » et « {sheet} » sont du même tableau. Réunissez-les en une."
                )
            seen[sheet] = tables[title]
            wanted = incoming.table_of(tables[title], package)
            given, told = _given(values[sheet], formulas and formulas[sheet], wanted, path.name)
            if not given.rows:
                notes += _kept(wanted, package) if prune else []
                continue
            accepted = incoming.accept(given, wanted)
            faults += [*told, *accepted.faults]
            notes += accepted.respelled
            rows[wanted.name] = accepted.rows
            cells = wanted.texts(accepted.rows)
            lines = [int(line) for line in cells.index]
            read[wanted.name] = origins.Sheet(
                sheet, given.header, list(zip(lines, cells.to_numpy().tolist(), strict=True))
            )
    finally:
        values.close()
        if formulas is not None:
            formulas.close()
    incoming.refuse(faults, path)
    if not rows:
        raise DataError(f"{path.name} : aucune feuille n'a de ligne remplie, il n'y a rien à importer.")
    done = deposit(
        rows,
        folder,
        replace=replace or prune,
        pruned=prune if prune or replace else None,
        beside=origins.noted(package, path.name, read),
    )
    return [*notes, *done]


def _is_blank(sheet: Any, name: str) -> bool:
    return all(value is None for row in sheets.lines(sheet, name) for value in row)


def _kept(table: catalog.Table, package: catalog.Package) -> list[str]:
    """What is said of an empty sheet whose table has rows: they stay, for they may have come by another way."""
    count = len(catalog.cells(table.name, package).rows) if package.describes(table.name) else 0
    if not count:
        return []
    many = french.plural(count, "ligne")
    return [
        f"{table.name} : la feuille est vide, {many} du paquet restent (videz {table.path} pour les retirer)."
    ]


def _given(sheet: Any, formulas: Any, table: catalog.Table, name: str) -> tuple[Grid, list[Fault]]:
    """Cells of a sheet as text, with what a spreadsheet put in the place of a value; `formulas` is None without any."""
    place = f"feuille « {sheet.title} »"
    names = {incoming.titled(field): field.name for field in table.fields}
    header: list[str] = []
    headed = 1
    body: list[tuple[int, list[str]]] = []
    faults: list[Fault] = []
    rows = sheets.lines(sheet, name, values=False)
    pairs = (
        ((cells, cells) for cells in rows)
        if formulas is None
        else zip_longest(rows, sheets.lines(formulas, name, values=False), fillvalue=())
    )
    for line, (cells, written) in enumerate(pairs, start=1):
        if all(cell.value is None for cell in written):
            continue
        if not header:
            header, headed = [sheets.text(cell.value).strip() for cell in cells], line
            while header and not header[-1]:
                header.pop()
            header = [names.get(column, column) for column in header]
            continue
        if not body and not faults:
            refuse_title(header, [sheets.text(cell.value) for cell in cells], place, line)
        texts = []
        for position, (cell, source) in enumerate(zip(cells, written, strict=False)):
            column = header[position] if position < len(header) else ""
            if not column and position < len(header) and source.value is not None:
                raise DataError(
                    f"{place}, ligne {headed} : la colonne {sheets.letter(position)} n'a pas de titre et a des valeurs (des "
                    "cellules fusionnées, souvent) : rendez-lui son titre, ou videz-la."
                )
            field = table.field(column) if column in table.columns else None
            if fault := _fault(cell, source, field, column):
                head = f"« {column} » ({sheets.letter(position)})" if column else sheets.letter(position)
                faults.append(Fault(place, line, head, *fault, guarded=table.guarded, safe=fault[2]))
            texts.append("" if fault else _text(cell.value, field))
        body.append((line, [*texts, *[""] * len(header)][: len(header)]))
    # A column without a title is empty by now.
    named = [position for position, column in enumerate(header) if column]
    heads = [f"« {header[position]} » ({sheets.letter(position)})" for position in named]
    titles = [header[position] for position in named]
    return Grid(place, titles, [(line, [cells[at] for at in named]) for line, cells in body], heads), faults


def _fault(cell: Any, source: Any, field: catalog.Field | None, column: str) -> tuple[str, str, str] | None:
    """Text, what is wrong and what to do."""
    if not column and source.value is not None:
        return str(source.value), "est hors des colonnes du tableau", "effacez-le"
    if source.data_type == "f" and cell.value is None:
        remedy = "ouvrez le classeur dans un tableur et enregistrez-le"
        return "", "contient une formule qui n'a pas de valeur enregistrée", remedy
    if cell.data_type == "e":
        return str(cell.value), "est une erreur de calcul", "corrigez la formule ou videz la cellule"
    if (field is None or field.type == "string") and isinstance(cell.value, dt.date | dt.time):
        shown = cell.value.strftime("%d/%m/%Y") if isinstance(cell.value, dt.date) else str(cell.value)
        return shown, "a pris la forme d'une date", "mettez la cellule au format Texte, puis retapez-la"
    return None


def _text(value: Any, field: catalog.Field | None) -> str:
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    if isinstance(value, dt.datetime) and value.time() != dt.time():
        return value.isoformat(" ")
    # A spreadsheet holds numbers, not their writing: nothing is respelled by giving them the mark of the column.
    return field.write(value) if field is not None and isinstance(value, float) else sheets.text(value)
