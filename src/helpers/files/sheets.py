"""Sheets of XLSX workbooks, read within limits and as streams: values row by row, whatever the file declares."""

from __future__ import annotations

import datetime as dt
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from helpers.errors import DataError
from helpers.files import limits

LARGEST_WORKBOOK = 100_000_000  # bytes of a workbook that a person fills or a program exports, once unpacked
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_LAST_ROW = 1_048_576  # of a sheet of Excel
OLD = b"\xd0\xcf\x11\xe0"
# The first member of the archive, unpacked, as the norm asks.
_OPEN_DOCUMENT, _HEAD = b"mimetypeapplication/vnd.oasis.opendocument", 200
# What openpyxl raises on a damaged workbook, or on one whose XML has entities (ParseError is a SyntaxError).
_DAMAGED = (
    LookupError, ValueError, TypeError, AttributeError, OSError, EOFError, SyntaxError, zipfile.BadZipFile,
    zlib.error, struct.error, RuntimeError, OverflowError,
)  # fmt: skip


def letter(position: int) -> str:
    """Letter of a column, counted from 0: A, B… Z, AA."""
    letters, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def texts(path: Path, sheet: str | None) -> Iterator[list[str]]:
    """Rows of the sheet of that name, else of the first one, as text. Raises DataError as `workbook` and `lines` do."""
    book = workbook(path)
    try:
        if not book.worksheets:
            raise DataError(f"{path.name} n'a pas de feuille de cellules : enregistrez-le de nouveau.")
        chosen = next((item for item in book.worksheets if item.title == sheet), book.worksheets[0])
        for row in lines(chosen, path.name):
            yield [text(value) for value in row]
    finally:
        book.close()


def workbook(path: Path, *, largest: int = LARGEST_WORKBOOK, formulas: bool = False) -> Any:
    """Workbook of openpyxl, to be closed, whose sheets `lines` reads; each unpacks to `largest` bytes with the others.

    With `formulas`, cells hold their formula instead of its last value.
    Raises DataError for a file that is absent, damaged, encrypted, too large, or no workbook.
    """
    # A quarter of a second that a CSV file does not pay.
    from openpyxl import load_workbook

    archive = limits.archive(path, largest=largest, refuse=refuse_other)
    try:
        # openpyxl warns in English of what other programs leave out, such as the default style.
        with warnings.catch_warnings(action="ignore"):
            return load_workbook(archive.fp, read_only=True, data_only=not formulas)
    except _DAMAGED:
        raise _unreadable(path.name) from None


def has_formulas(path: Path) -> bool:
    """Whether a cell of a workbook may hold a formula: an element `f` in a part of it. Raises DataError as `workbook` does."""
    with limits.archive(path, largest=LARGEST_WORKBOOK) as archive:
        try:
            contents = (archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
            # A part in UTF-16 is not looked into: it may hold one.
            return any(b"\0" in content or _FORMULA.search(content) for content in contents)
        except _DAMAGED:
            raise _unreadable(path.name) from None


def lines(sheet: Any, name: str, *, values: bool = True) -> Iterator[tuple[Any, ...]]:
    """Values (or cells) of the rows of a sheet of `workbook`, from its first row. Raises DataError when it is damaged."""
    # Some programs declare wrong dimensions, and hostile ones huge: the rows themselves say where the sheet ends.
    sheet.reset_dimensions()
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=values), start=1):
            if number > _LAST_ROW:
                raise ValueError
            yield row
    except _DAMAGED:
        raise _unreadable(name) from None


def _unreadable(name: str) -> DataError:
    return DataError(
        f"{name} n'est pas un classeur XLSX lisible : enregistrez-le en « Classeur Excel (.xlsx) » depuis un tableur, ou "
        "téléchargez-le de nouveau."
    )


def refuse_other(content: bytes, name: str) -> None:
    """Raise DataError for a workbook that is not of XLSX: another format, or locked by a password."""
    if content.startswith(OLD):
        # A password puts a workbook of today in the box of the old ones.
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise DataError(f"{name} est protégé par un mot de passe : enregistrez-le sans.")
        raise DataError(f"{name} est un classeur d'un ancien format : enregistrez-le en XLSX ou en CSV.")
    if _OPEN_DOCUMENT in content[:_HEAD]:
        raise DataError(
            f"{name} est un classeur OpenDocument (LibreOffice) : enregistrez-le en « Excel 2007-365 (.xlsx) » ou en CSV."
        )
    if not content.startswith(b"PK"):
        raise _unreadable(name)


def text(value: Any) -> str:
    """Value of a cell as it is typed in a CSV file: dates year first, numbers with a point, 1 and 0 for true and false."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d}" if value.time() == dt.time() else f"{value:%Y-%m-%d %H:%M:%S}"
    return str(value)
