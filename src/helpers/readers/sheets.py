"""Tables written by other programs, as text: CSV with any usual separator and encoding, first sheet of an XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd

from helpers.errors import DataError
from helpers.readers import archives

MOST_ROWS = 200_000


def read(path: Path) -> pd.DataFrame:
    """Cells of the table as text, heads as in the file; the index counts rows as the file does (the head is row 1).

    A CSV may use commas, semicolons or tabs, in UTF-8 (with or without a byte-order mark) or in the encoding of Windows.
    Raises DataError for a file that is absent, damaged, empty, too large, of another kind, or with uneven rows.
    """
    ending = path.suffix.lower()
    if ending == ".xlsx":
        rows = _workbook(path)
    elif ending in (".csv", ".tsv", ".txt"):
        rows = _delimited(path)
    else:
        raise DataError(f"{path.name} : seuls les tableaux .csv et .xlsx se lisent ici.")
    numbered = [
        (number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)
    ]
    if len(numbered) < 2:
        raise DataError(f"{path.name} n'a pas de ligne de données sous son en-tête.")
    if len(numbered) > MOST_ROWS:
        raise DataError(f"{path.name} a plus de {MOST_ROWS} lignes : refusé.")
    heads = [cell.strip() for cell in numbered[0][1]]
    twice = sorted({head for head in heads if head and heads.count(head) > 1})
    if twice:
        raise DataError(f"{path.name} : la colonne « {twice[0]} » figure deux fois dans l'en-tête.")
    for number, row in numbered[1:]:
        if len(row) != len(heads):
            raise DataError(
                f"{path.name}, ligne {number} : {len(row)} cellules au lieu de {len(heads)}. "
                "Vérifiez les guillemets et les séparateurs."
            )
    index = [number for number, _ in numbered[1:]]
    return pd.DataFrame([row for _, row in numbered[1:]], columns=heads, index=index, dtype=str)


def _delimited(path: Path) -> list[list[str]]:
    raw = archives.content(path)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\0" in text:
        raise DataError(f"{path.name} n'est pas un tableau de texte : exportez-le en CSV UTF-8.")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    csv.field_size_limit(archives.LARGEST_TEXT)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DataError(f"{path.name} n'est pas un CSV lisible ({error}).") from None


def _workbook(path: Path) -> list[list[str]]:
    archive = archives.opened(path)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        for item in archive.namelist():
            archives.member(archive, item, path.name)
        book = load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            [_cell(value) for value in row]
            for row in sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2)
        ]
        book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, IndexError, ValueError, SyntaxError, OSError):
        raise DataError(f"{path.name} n'est pas un classeur XLSX lisible : refaites l'export.") from None
    # A sheet may have empty cells after its last head.
    width = max((index + 1 for index, cell in enumerate(rows[0]) if cell), default=0) if rows else 0
    return [row[:width] + [""] * (width - len(row)) for row in rows]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    # A date cell comes with a time of midnight.
    return re.sub(r" 00:00:00$", "", str(value))
