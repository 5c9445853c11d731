"""Cells of a file that somebody saved from a survey tool or a spreadsheet: CSV of any dialect, or XLSX."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpers.errors import DataError

_MARKS = ",;\t|"


@dataclass(frozen=True)
class Sheet:
    """Header and rows of a file, as text; each row comes with its number in the file (the header is row 1)."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def filled(self, column: int) -> bool:
        """Whether any row says something in that column."""
        return any(cells[column].strip() for _, cells in self.rows)


def read(path: Path | str, sheet: str | None = None) -> Sheet:
    """Header and rows of a CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows) or XLSX file.

    `sheet` names the sheet to take in a workbook; without it or when it is absent, the first one. Empty rows and columns are
    left out, short rows completed. Raises DataError for a file that is absent, empty, of another kind, with two columns of
    the same name, or with a row longer than its header.
    """
    path = Path(path)
    try:
        content = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    if content.startswith(b"PK"):
        table = _workbook(content, path.name, sheet)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(f"{path.name} est un classeur d'un ancien format : enregistrez-le en XLSX ou en CSV.")
    else:
        table = _delimited(_decoded(content))
    numbered = [(number, cells) for number, cells in enumerate(table, start=1) if any(cells)]
    if len(numbered) < 2:
        raise DataError(f"{path.name} : il faut une ligne d'en-tête et au moins une ligne de réponses.")
    return _squared(path.name, numbered)


def _squared(name: str, numbered: list[tuple[int, list[str]]]) -> Sheet:
    header = [cell.strip() for cell in numbered[0][1]]
    named = [index for index, cell in enumerate(header) if cell]
    kept: list[tuple[int, list[str]]] = []
    for number, cells in numbered[1:]:
        outside = [cell for index, cell in enumerate(cells) if cell.strip() and index not in set(named)]
        if outside:
            raise DataError(
                f"{name}, ligne {number} : « {outside[0]} » n'est sous aucun titre de colonne ; "
                "vérifiez les guillemets et les séparateurs."
            )
        kept.append((number, [cells[index] if index < len(cells) else "" for index in named]))
    titles = [header[index] for index in named]
    twice = sorted({title for title in titles if titles.count(title) > 1})
    if twice:
        raise DataError(f"{name} : la colonne « {twice[0]} » figure deux fois dans l'en-tête.")
    return Sheet(name, titles, kept)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def _delimited(text: str) -> list[list[str]]:
    first = text.lstrip("\r\n")[:100_000]
    if first.lower().startswith("sep="):
        text = text.lstrip("\r\n").partition("\n")[2]
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=first[4]))
    counts = {
        mark: len(next(csv.reader(io.StringIO(first, newline=""), delimiter=mark), [])) for mark in _MARKS
    }
    best = max(_MARKS, key=lambda mark: counts[mark])
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=best))


def _workbook(content: bytes, name: str, sheet: str | None) -> list[list[str]]:
    # A quarter of a second that a CSV file does not pay.
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        raise DataError(f"{name} n'est pas un classeur XLSX lisible : enregistrez-le de nouveau.") from None
    chosen = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
    table = [_texts(row) for row in chosen.iter_rows(values_only=True)]
    book.close()
    return table


def _texts(row: Sequence[Any]) -> list[str]:
    return [_text(value) for value in row]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
