"""Local potential accessibility by commune (DREES, "accessibilité potentielle localisée", APL): the yearly workbooks.

One workbook per profession, one sheet per year ("APL 2023", "APL_2018"). Title and notes come first, the header line moves
from one edition to the next, a line of units follows it, and notes close the sheet. Columns are known by how they begin.
Mayotte is absent, Paris, Lyon and Marseille are given by arrondissement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.errors import DataError, UnknownName
from helpers.files import sheets
from helpers.files.streams import some, within
from helpers.intake.official.apl_sheet import Reading
from helpers.territory.access import TABLE

__all__ = ["TABLE", "load", "years"]
LARGEST = 1_000_000_000
SHEET = re.compile(r"APL[ _]?(20\d\d)")


def load(path: Path | str, *, years: Sequence[int] = (), departments: Sequence[str] = ()) -> pd.DataFrame:
    """One row per commune, profession and year: APL (all ages; 65, 62, 60 and under for generalists) and its populations.

    Takes the sheets of `years`, the latest one when none is given; keeps only `departments` when given. Generalists are in
    consultations per year and standardised inhabitant, the others in full-time equivalents per 100 000 standardised
    inhabitants (women for midwives). Raises UnknownName for a year without a sheet, DataError for another layout, naming
    sheet, line and column.
    """
    path = Path(path)
    found = _sheets(path)
    for year in (wanted := list(dict.fromkeys(years))):
        if year not in found:
            raise UnknownName("Année de l'APL", year, found)
    tables = [_sheet(path, found[year], year) for year in (wanted or [max(found)])]
    table = pd.concat(tables, ignore_index=True)
    return some(table[within(table["commune"], departments)], departments, path)


def years(path: Path) -> list[int]:
    """Years that the workbook has a sheet for, the earliest first. Raises DataError when it has none."""
    return sorted(_sheets(path))


def _sheets(path: Path) -> dict[int, str]:
    book = sheets.workbook(path, largest=LARGEST)
    try:
        names = [str(name) for name in book.sheetnames]
    finally:
        book.close()
    found = {int(match.group(1)): name for name in names if (match := SHEET.fullmatch(name.strip()))}
    if not found:
        raise DataError(
            f"{path.name} : aucune feuille « APL année » (lu : {', '.join(names)}). Donnez le classeur tel que publié."
        )
    return found


def _sheet(path: Path, name: str, year: int) -> pd.DataFrame:
    book = sheets.workbook(path, largest=LARGEST)
    try:
        return Reading(f"{path.name}, feuille « {name} »").table(sheets.lines(book[name], path.name), year)
    finally:
        book.close()
