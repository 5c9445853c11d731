"""`cpts import workbook`: the workbook of a package, filled, back into its tables."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from helpers import catalog, french
from helpers.errors import DataError
from helpers.intake import incoming
from helpers.intake.deposit import deposit
from helpers.intake.incoming import Incoming
from helpers.intake.workbook import README, sheet_name, typed_tables


def import_workbook(file: Path | str, folder: Path | str, *, replace: bool = False) -> list[str]:
    """Add the rows of every sheet to the tables of the package in `folder`; returns what was done, in French sentences.

    A sheet is named after its table (`cpts.facts` for `cpts/facts`); a sheet that is absent or has no row asks nothing.
    Raises DataError, with nothing written, for a file that is no XLSX workbook, an unknown sheet or column, or cells
    against the rules: each is told by sheet, row and column.
    """
    package = catalog.open_package(folder)
    path = Path(file)
    model = catalog.Package(catalog.MODEL_FOLDER)
    tables = {sheet_name(item["name"]): item["name"] for item in typed_tables(model)}
    values, formulas = _opened(path, data_only=True), _opened(path, data_only=False)
    unknown = [name for name in values.sheetnames if name not in tables and name != README]
    if unknown:
        raise DataError(
            f"{path.name} : feuille « {unknown[0]} » inconnue (feuilles attendues : {french.listing(tables)}). "
            "Renommez-la ou supprimez-la."
        )
    rows, notes, faults = {}, [], []
    for sheet in values.sheetnames:
        if sheet == README:
            continue
        fields = incoming.package_fields(tables[sheet], package)
        given = _given(values[sheet], formulas[sheet], fields)
        if given is None:
            continue
        accepted, told = incoming.accept(given, fields)
        faults += told
        notes += accepted.rewritten
        rows[tables[sheet]] = accepted.rows
    incoming.refuse(faults)
    if not rows:
        raise DataError(f"{path.name} : aucune feuille n'a de ligne remplie, il n'y a rien à importer.")
    return [*notes, *deposit(rows, folder, replace=replace)]


def _opened(path: Path, *, data_only: bool) -> Any:
    try:
        return load_workbook(path, data_only=data_only)
    except FileNotFoundError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    # openpyxl stumbles over a damaged workbook in any of these ways.
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        AttributeError,
        TypeError,
    ):
        raise DataError(
            f"{path.name} n'est pas un classeur XLSX lisible : enregistrez-le en « Classeur Excel (.xlsx) » depuis un tableur."
        ) from None


def _given(sheet: Worksheet, formulas: Worksheet, fields: Sequence[dict[str, Any]]) -> Incoming | None:
    """Cells of a sheet as text, or None when it has no filled row."""
    place = f"feuille « {sheet.title} »"
    header = ["" if cell.value is None else str(cell.value).strip() for cell in sheet[1]]
    while header and not header[-1]:
        header.pop()
    kinds = {field["name"]: field["type"] for field in fields}
    body: list[tuple[int, list[str]]] = []
    faults = []
    for cells, written in zip(sheet.iter_rows(min_row=2), formulas.iter_rows(min_row=2), strict=True):
        if all(cell.value is None for cell in written):
            continue
        texts = []
        for cell, source in zip(cells, written, strict=True):
            name = header[cell.column - 1] if cell.column <= len(header) else ""
            if fault := _fault(cell, source, kinds.get(name, "string"), name):
                faults.append(
                    f"{place}, ligne {cell.row}, colonne « {name} » ({cell.column_letter}) : {fault}."
                )
            texts.append("" if fault else _text(cell.value))
        body.append((cells[0].row, texts + [""] * (len(header) - len(texts))))
    return Incoming(place, header, body, faults, lettered=True) if body else None


def _fault(cell: Cell, source: Cell, kind: str, name: str) -> str:
    if not name and source.value is not None:
        return f"« {source.value} » est hors des colonnes du tableau : effacez-le"
    if source.data_type == "f" and cell.value is None:
        return (
            "la formule n'a pas de valeur enregistrée : ouvrez le classeur dans un tableur et enregistrez-le"
        )
    if cell.data_type == "e":
        return f"« {cell.value} » est une erreur de calcul : corrigez la formule ou videz la cellule"
    if kind == "string" and isinstance(cell.value, dt.date | dt.time):
        shown = cell.value.strftime("%d/%m/%Y") if isinstance(cell.value, dt.date) else str(cell.value)
        return f"« {shown} » a été pris pour une date : mettez la cellule au format Texte, puis retapez-la"
    return ""


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    if isinstance(value, bool):
        return "VRAI" if value else "FAUX"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
