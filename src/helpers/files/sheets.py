"""Cells of a table that another program or a person saved: CSV of any dialect, or a sheet of an XLSX workbook."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from helpers.errors import DataError
from helpers.files import limits

MOST_ROWS = 200_000
MOST_CELLS = 20_000_000  # short rows are completed: a wide header over many short rows would fill the memory
LARGEST_WORKBOOK = 100_000_000  # bytes of a workbook of answers or segments, once unpacked
_LAST_ROW = 1_048_576  # of a sheet of Excel
_MARKS = ",;\t|"
_TEXTS = ("", ".csv", ".tsv", ".txt", ".tab")
_NEEDED = "il faut une ligne d'en-tête et au moins une ligne de réponses ou de données"
_END = "\0"  # a row of our own after the last one: an open quote swallows it
# What openpyxl raises on a damaged workbook, or on one whose XML has entities (ParseError is a SyntaxError).
_DAMAGED = (
    LookupError, ValueError, TypeError, AttributeError, OSError, EOFError, SyntaxError, zipfile.BadZipFile,
    zlib.error, struct.error, RuntimeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """Header and rows of a file, as text; each row comes with its number in the file (the header is row 1)."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def filled(self, column: int) -> bool:
        """Whether any row says something in that column."""
        return any(cells[column].strip() for _, cells in self.rows)

    def frame(self) -> pd.DataFrame:
        """The same cells as a table whose index is the number of each row in the file."""
        index = [number for number, _ in self.rows]
        return pd.DataFrame([cells for _, cells in self.rows], columns=self.header, index=index, dtype=str)


def read(path: Path | str, sheet: str | None = None, *, even: bool = False) -> Sheet:
    """Header and rows of a CSV (comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows) or XLSX file.

    `sheet` names the sheet to take in a workbook; without it or when it is absent, the first one. Empty rows and columns are
    left out, short rows completed; with `even`, the rows of a CSV must be as long as its header. Raises DataError for a file
    that is absent, empty, damaged, too large, of another kind, with two columns of the same name, a quote left open, or a
    cell under no title.
    """
    path = Path(path)
    packed = zipfile.is_zipfile(path)
    content = limits.content(path, limits.LARGEST_FILE if packed else None, empty=_NEEDED)
    if content.startswith(b"PK"):
        if not packed:
            raise DataError(
                f"{path.name} n'est pas un classeur XLSX lisible (ce n'est pas une archive entière) : enregistrez-le de nouveau."
            )
        return _squared(path.name, _of_workbook(path, sheet), even=False)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise DataError(f"{path.name} est un classeur d'un ancien format : enregistrez-le en XLSX ou en CSV.")
    if path.suffix.lower() not in _TEXTS:
        raise DataError(f"{path.name} : seuls les tableaux .csv et .xlsx se lisent ici.")
    text = _decoded(content)
    if "\0" in text:
        raise DataError(f"{path.name} n'est pas un tableau de texte : exportez-le en CSV UTF-8 ou en XLSX.")
    return _squared(path.name, _delimited(text, path.name), even=even)


def _squared(name: str, rows: Iterable[list[str]], *, even: bool) -> Sheet:
    """The rows under their titles; reads no further than the first fault."""
    numbered = ((number, cells) for number, cells in enumerate(rows, start=1) if any(map(str.strip, cells)))
    _, first = next(numbered, (0, []))
    header = [cell.strip() for cell in first]
    named = [index for index, cell in enumerate(header) if cell]
    titles = [header[index] for index in named]
    twice = sorted(title for title, times in Counter(titles).items() if times > 1)
    if twice:
        raise DataError(f"{name} : la colonne « {twice[0]} » figure deux fois dans l'en-tête.")
    kept: list[tuple[int, list[str]]] = []
    for number, cells in numbered:
        if even and len(cells) != len(header):
            raise DataError(
                f"{name}, ligne {number} : {len(cells)} cellules au lieu de {len(header)}. "
                "Vérifiez les guillemets et les séparateurs."
            )
        for index, cell in enumerate(cells):
            if cell.strip() and (index >= len(header) or not header[index]):
                raise DataError(
                    f"{name}, ligne {number} : « {cell[:60]} » n'est sous aucun titre de colonne ; donnez-lui un titre, ou "
                    "vérifiez les guillemets et les séparateurs."
                )
        kept.append((number, [cells[index] if index < len(cells) else "" for index in named]))
        if len(kept) > MOST_ROWS or len(kept) * len(named) > MOST_CELLS:
            raise DataError(f"{name} a plus de {MOST_ROWS} lignes ou de {MOST_CELLS} cellules : refusé.")
    if not kept:
        raise DataError(f"{name} n'a pas de ligne de données sous son en-tête : {_NEEDED}.")
    return Sheet(name, titles, kept)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        with contextlib.suppress(UnicodeDecodeError):
            return content.decode(encoding)
    return content.decode("latin-1")


def _delimited(text: str, name: str) -> Iterator[list[str]]:
    csv.field_size_limit(limits.LARGEST_TEXT)
    # Excel neither shows nor counts the line that says the separator.
    announced = re.match(rf"[\r\n]*sep=([{_MARKS}])[\r\n]+", text, re.IGNORECASE)
    if announced:
        text, mark = text[announced.end() :], announced[1]
    else:
        mark = _separator(re.sub(r"\A( *[\r\n]+)+", "", text[:100_000]))
    row: list[str] = []
    number = 0
    try:
        for number, following in enumerate(
            csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=mark)
        ):
            if number:
                yield row
            row = following
    except csv.Error as error:
        raise DataError(f"{name} n'est pas un CSV lisible ({error}).") from None
    if row != [_END]:
        yield row
        raise DataError(
            f"{name}, ligne {number + 1} : un guillemet ouvert n'est pas fermé, et tout ce qui suit passe pour un seul texte. "
            "Fermez-le, ou doublez-le s'il fait partie du texte."
        )


def _separator(first: str) -> str:
    def cells(mark: str) -> int:
        return len(next(csv.reader(io.StringIO(first, newline=""), delimiter=mark), []))

    return max(_MARKS, key=cells)


def _of_workbook(path: Path, sheet: str | None) -> Iterator[list[str]]:
    book = workbook(path, largest=LARGEST_WORKBOOK)
    try:
        if not book.worksheets:
            raise DataError(f"{path.name} n'a pas de feuille de cellules : enregistrez-le de nouveau.")
        chosen = next((item for item in book.worksheets if item.title == sheet), book.worksheets[0])
        for row in lines(chosen, path.name):
            yield [_text(value) for value in row]
    finally:
        book.close()


def workbook(path: Path, *, largest: int) -> Any:
    """Workbook of openpyxl, to be closed, whose sheets `lines` reads; each unpacks to `largest` bytes with the others.

    Raises DataError for a file that is absent, damaged, encrypted, too large, or no workbook.
    """
    # A quarter of a second that a CSV file does not pay.
    from openpyxl import load_workbook

    archive = limits.archive(path, largest=largest)
    try:
        # openpyxl warns in English of what other programs leave out, such as the default style.
        with warnings.catch_warnings(action="ignore"):
            return load_workbook(archive.fp, read_only=True, data_only=True)
    except _DAMAGED:
        raise _unreadable(path.name) from None


def lines(sheet: Any, name: str) -> Iterator[tuple[Any, ...]]:
    """Values of the rows of a sheet of `workbook`, from its first row. Raises DataError when it is damaged."""
    # Some programs declare wrong dimensions, and hostile ones huge: the rows themselves say where the sheet ends.
    sheet.reset_dimensions()
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            if number > _LAST_ROW:
                raise ValueError
            yield row
    except _DAMAGED:
        raise _unreadable(name) from None


def _unreadable(name: str) -> DataError:
    return DataError(
        f"{name} n'est pas un classeur XLSX lisible : téléchargez-le ou enregistrez-le de nouveau."
    )


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
