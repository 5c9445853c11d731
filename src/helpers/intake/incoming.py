"""Rows from outside into the columns of a table of the model: matched, rewritten where there is no doubt, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import spellings
from helpers.errors import DataError
from helpers.intake import own_cells

SHOWN = 10  # faults told at once: the next ones are often the same


@dataclass(frozen=True)
class Incoming:
    """Cells read outside, as text: where from, the header, each row with its number there, and faults of the reading."""

    place: str
    header: Sequence[str]
    body: Sequence[tuple[int, Sequence[str]]]
    faults: Sequence[str] = ()
    lettered: bool = False  # whether columns also have a letter there, as in a workbook

    def column(self, position: int) -> str:
        """Name of a column as its reader sees it."""
        name = f"« {self.header[position]} »"
        return f"{name} ({_letter(position)})" if self.lettered else name


@dataclass(frozen=True)
class Accepted:
    """Rows in the columns of the model, as text with a decimal point, and what was rewritten, one sentence per column."""

    rows: pd.DataFrame
    rewritten: list[str]


def package_fields(table: str, package: catalog.Package) -> list[dict[str, Any]]:
    """Columns of the table in the package, else in the model. Raises UnknownName with the nearest names."""
    model = catalog.Package(catalog.MODEL_FOLDER)
    holder = package if package.describes(table) else model
    fields: list[dict[str, Any]] = holder.resource(table)["schema"]["fields"]
    return fields


def accept(
    given: Incoming,
    fields: Sequence[dict[str, Any]],
    *,
    renamed: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
) -> tuple[Accepted, list[str]]:
    """Rows of `given` in the columns `fields`, and their faults, each a French sentence with row and column.

    `renamed` gives, for a column of ours, the name it has in the file; `ignored` columns of the file are left out. Raises
    DataError, saying what was expected and what was found, for a column that is unknown, absent or given twice.
    """
    places = _places(given, fields, renamed or {}, ignored)
    # Decimals with a point until they are written in the package.
    plain = [{key: value for key, value in field.items() if key != "decimalChar"} for field in fields]
    columns: dict[str, list[str]] = {}
    faults: list[tuple[int, str]] = []
    notes = []
    for field in plain:
        position = places.get(field["name"])
        if position is None:
            continue
        cells, wrong, changed = _column(given, position, field)
        columns[field["name"]] = cells
        faults += wrong
        if changed:
            before, after = changed[0]
            many = french.plural(len(changed), "cellule réécrite", "cellules réécrites")
            notes.append(
                f"{given.place}, colonne {given.column(position)} : {many} (« {before} » → « {after} »)."
            )
    told = [*given.faults, *(words for _, words in sorted(faults, key=lambda item: item[0]))]
    return Accepted(pd.DataFrame(columns, dtype=object), notes), told


def refuse(faults: Sequence[str]) -> None:
    """Raise DataError with the faults, one a line, when there is any."""
    if not faults:
        return
    more = f"\n… et {french.plural(len(faults) - SHOWN, 'autre défaut')}." if len(faults) > SHOWN else ""
    head = french.plural(len(faults), "défaut")
    raise DataError(f"Rien n'a été écrit : {head}.\n" + "\n".join(faults[:SHOWN]) + more)


def _column(
    given: Incoming, position: int, field: dict[str, Any]
) -> tuple[list[str], list[tuple[int, str]], list[tuple[str, str]]]:
    """Cells of one column as the model wants them, with the faults and the changes."""
    cells, wrong, changed = [], [], []
    for line, row in given.body:
        text = row[position]
        proposed = spellings.rewritten(text, field)
        cell = text if proposed is None else proposed
        if words := own_cells.explain(cell, field):
            said = f"« {text} »" if text else "la cellule"
            wrong.append(
                (line, f"{given.place}, ligne {line}, colonne {given.column(position)} : {said} {words}.")
            )
        elif cell != text.strip(spellings.SPACES):
            changed.append((text, cell))
        cells.append(cell)
    return cells, wrong, changed


def _places(
    given: Incoming, fields: Sequence[dict[str, Any]], renamed: Mapping[str, str], ignored: Sequence[str]
) -> dict[str, int]:
    """Position in the file of each column of ours that it has."""
    names = [field["name"] for field in fields]
    shown = f"attendu : {french.listing(names)} ; trouvé : {french.listing(given.header)}"
    for ours, theirs in renamed.items():
        if ours not in names:
            raise DataError(f"Le tableau n'a pas de colonne « {ours} » ({shown}).")
        if theirs not in given.header:
            raise DataError(f"{given.place} n'a pas de colonne « {theirs} » ({shown}).")
    ours_of = {theirs: ours for ours, theirs in renamed.items()}
    found: dict[str, int] = {}
    for position, column in enumerate(given.header):
        if column in ignored or not (column or any(row[position].strip() for _, row in given.body)):
            continue
        if not column:
            raise DataError(
                f"{given.place} : la {french.ordinal(position + 1, feminine=True)} colonne n'a pas de nom alors qu'elle est "
                f"remplie : nommez-la, ou retirez-la ({shown})."
            )
        name = ours_of.get(column) or spellings.choice(
            column, [item for item in names if item not in renamed]
        )
        if name is None:
            remedy = (
                "Rendez-lui son nom, ou supprimez-la"
                if given.lettered
                else f'Rapprochez-la par « --column NOTRE_COLONNE="{column}" », ou retirez-la du fichier'
            )
            raise DataError(f"{given.place} : colonne {given.column(position)} inconnue ({shown}). {remedy}.")
        if name in found:
            raise DataError(f"{given.place} : la colonne « {name} » est donnée deux fois ({shown}).")
        found[name] = position
    absent = [
        field["name"]
        for field in fields
        if field.get("constraints", {}).get("required") and field["name"] not in found
    ]
    if absent:
        raise DataError(f"{given.place} : colonne obligatoire « {absent[0]} » absente ({shown}).")
    return found


def _letter(position: int) -> str:
    letters = ""
    number = position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
