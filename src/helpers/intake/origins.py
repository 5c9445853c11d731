"""Where the rows of a package come from: the workbook, its sheet and its row, so that `cpts check` names the cell to correct."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from helpers import catalog
from helpers.catalog import Fault
from helpers.errors import ObservatoireError
from helpers.files import sheets

FILE = ".classeur.json"


class Sheet(NamedTuple):
    """A sheet that was read: its name, its columns in order, and its row for each row of the table, cells as text."""

    name: str
    columns: Sequence[str]
    rows: Sequence[tuple[int, Sequence[str]]]


def noted(package: catalog.Package, workbook: str, given: Mapping[str, Sheet]) -> dict[str, bytes]:
    """File that says it, to write with the tables: what was noted of other tables stays."""
    tables = _read(package)
    for name, sheet in given.items():
        marks = {_mark(cells): line for line, cells in sheet.rows}
        tables[name] = {"file": workbook, "sheet": sheet.name, "columns": list(sheet.columns), "rows": marks}
    return {FILE: (json.dumps(tables, ensure_ascii=False, sort_keys=True) + "\n").encode()}


def placed(package: catalog.Package, faults: Iterable[Fault]) -> list[Fault]:
    """The faults of a package, each with the cell of its workbook where its row still is what was read there."""
    told = list(faults)
    known = _read(package) if told and package.extends else {}
    if not known:
        return told
    names = {package.table(name).path: name for name in known if package.describes(name)}
    rows: dict[str, dict[int, list[str]]] = {}
    found = []
    for fault in told:
        name = names.get(fault.file)
        if name is None or fault.row is None:
            found.append(fault)
            continue
        if name not in rows:
            rows[name] = _rows(package, name)
        about = known[name]
        line = about["rows"].get(_mark(rows[name].get(fault.row, [])))
        found.append(fault if line is None else dataclasses.replace(fault, origin=_said(about, fault, line)))
    return found


def _said(about: Mapping[str, Any], fault: Fault, line: int) -> str:
    column = fault.column.split(" »")[0].removeprefix("« ")
    columns = about["columns"]
    cell = f"cellule {sheets.letter(columns.index(column))}{line}" if column in columns else f"ligne {line}"
    return f"{about['file']}, feuille « {about['sheet']} », {cell}"


def _rows(package: catalog.Package, name: str) -> dict[int, list[str]]:
    try:
        return dict(catalog.cells(name, package).rows)
    except ObservatoireError:
        return {}


def _mark(cells: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:16]


def _read(package: catalog.Package) -> dict[str, Any]:
    try:
        found = json.loads(package.inside(FILE).read_bytes())
        sound = isinstance(found, dict) and all(
            isinstance(item, dict) and {"file", "sheet", "columns", "rows"} <= set(item)
            for item in found.values()
        )
    except (OSError, ValueError):
        return {}
    return found if sound else {}
