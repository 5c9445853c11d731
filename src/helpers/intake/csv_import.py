"""`cpts import csv`: a CSV file of anyone's, in French or English writing, into one table of a user's package."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers import catalog
from helpers.errors import DataError
from helpers.intake import incoming
from helpers.intake.deposit import deposit
from helpers.intake.incoming import Incoming

_MARKS = (";", ",", "\t")


def import_csv(
    file: Path | str,
    table: str,
    folder: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
    replace: bool = False,
) -> list[str]:
    """Add the rows of a CSV file to a table of the package in `folder`; returns what was done, in French sentences.

    Semicolons, commas or tabs; UTF-8 with or without its mark, UTF-16 with its mark, else latin-1; dates and decimals in
    French are rewritten and counted. `columns` gives, for a column of ours, its name in the file. Raises DataError, with
    nothing written, for a file or a column that cannot be understood, or a row against the rules (row, column, value).
    """
    package = catalog.open_package(folder)
    fields = incoming.package_fields(table, package)
    given = read(Path(file), [field["name"] for field in fields])
    accepted, faults = incoming.accept(given, fields, renamed=columns, ignored=ignored)
    incoming.refuse(faults)
    return [*accepted.rewritten, *deposit({table: accepted.rows}, folder, replace=replace)]


def read(path: Path, names: Sequence[str] = ()) -> Incoming:
    """Cells of a CSV file; `names` of the columns hoped for help to tell the separator. Raises DataError."""
    text = _decoded(path)
    if "\n" not in text:
        text = text.replace("\r", "\n")  # line ends of an old Macintosh
    if not text.strip():
        raise DataError(f"{path.name} est vide : il doit avoir une ligne d'en-tête et des lignes de données.")
    try:
        rows = {
            mark: list(csv.reader(io.StringIO(text), delimiter=mark, strict=True))
            for mark in _marks(text, names)
        }
    except csv.Error:
        raise DataError(
            f"{path.name} : un guillemet est ouvert et n'est pas fermé, ou suivi d'autre chose que le séparateur."
        ) from None
    found = next(iter(rows.values()))
    lines = [
        (line, cells) for line, cells in enumerate(found, start=1) if any(cell.strip() for cell in cells)
    ]
    header = [cell.strip() for cell in lines[0][1]]
    while header and not header[-1]:
        header.pop()  # a separator at the end of each line
    body = []
    for line, cells in lines[1:]:
        extra = [cell for cell in cells[len(header) :] if cell.strip()]
        if len(cells) < len(header) or extra:
            raise DataError(
                f"{path.name}, ligne {line} : {len(cells)} cellules au lieu de {len(header)}. "
                "Vérifiez les guillemets et les séparateurs."
            )
        body.append((line, cells[: len(header)]))
    if not body:
        raise DataError(f"{path.name} n'a que sa ligne d'en-tête : il n'y a rien à importer.")
    return Incoming(path.name, header, body)


def _marks(text: str, names: Sequence[str]) -> list[str]:
    """The separator of the file: the one that gives the most known columns, then the most columns."""
    first = next(line for line in text.splitlines() if line.strip())

    def found(mark: str) -> tuple[int, int]:
        cells = [cell.strip().strip('"') for cell in first.split(mark)]
        return len(set(cells) & set(names)), len(cells)

    return [max(_MARKS, key=found)]


def _decoded(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    if content.startswith(b"PK"):
        raise DataError(f"{path.name} est un classeur : employez « cpts import workbook ».")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
