"""Official text files: encoding, separator and header line found, columns known by any of their names, cells in batches.

An official file changes a little from one edition to the next. What is known to change is accepted (byte-order mark, lines
before the header, a separator after the last cell, other names of a column); anything else is refused in one sentence that
says the file, the line, the column, what was expected and what was found. No sentence quotes a whole line of a file.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from helpers import french
from helpers.errors import DataError
from helpers.files import limits

ENCODINGS = ("utf-8", "cp1252", "latin-1")
SEARCHED_LINES = 30  # a header stands within the first lines
LARGEST_NUMBER = 1e15  # far above any count; beyond, a number loses its last digits
_SAMPLE = 1 << 20
_BLOCK = 16 << 20  # bytes parsed at a time: what bounds the memory of a large file


@dataclass(frozen=True)
class Layout:
    """What a file looks like: `columns` gives for each column of ours the names that editions gave it, the usual one first.

    `needed` are the columns without which the file is refused; every other known column may be absent. `file` is
    its usual name and `member` the regular expression of that name inside an archive.
    """

    title: str
    columns: Mapping[str, Sequence[str]]
    needed: frozenset[str]
    file: str
    member: str
    separators: str = ";,\t|"
    quoted: bool = True

    @cached_property
    def names(self) -> dict[str, str]:
        """Column of ours for each known name, the name without accents, capitals or double spaces."""
        return {plain(name): column for column, names in self.columns.items() for name in names}


@dataclass
class Delimited:
    """A file of a layout whose header was found: `positions` of its columns, `line` of its header (first line: 1)."""

    path: Path
    layout: Layout
    encoding: str = field(init=False)
    separator: str = field(init=False)
    line: int = field(init=False)
    positions: dict[str, int] = field(init=False)
    width: int = field(init=False)
    names: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """Find encoding, separator and header. Raises DataError when the file is empty or of another layout."""
        with limits.opened(self.path, self.layout.member, self.layout.file) as stream:
            sample = stream.read(_SAMPLE)
        if not sample.strip():
            raise DataError(f"{self.path.name} est vide : téléchargez le fichier à nouveau.")
        if b"\0" in sample:
            raise DataError(
                f"{self.path.name} n'est pas un fichier texte en UTF-8 ou en latin-1. Donnez le fichier tel que publié."
            )
        self.encoding = encoding(sample)
        text = sample.decode(self.encoding, errors="ignore").removeprefix("\ufeff")
        lines = text.replace("\r\n", "\n").split("\n")[: SEARCHED_LINES + 2]
        self.separator, index = self._header(lines)
        self.line = index + 1
        self.names = self._cells(lines[index])
        following = next((line for line in lines[index + 1 :] if line.strip()), None)
        if following is None:
            raise DataError(
                f"{self.path.name} n'a aucune ligne de données après son en-tête : téléchargez-le à nouveau."
            )
        self.width = len(self.names)
        while self.names and not self.names[-1].strip():
            self.names.pop()
        # The separator after the last cell may stand in the header, in the rows, or in both.
        found = self._cells(following)
        if len(self.names) <= len(found) <= len(self.names) + 1 and not any(found[len(self.names) :]):
            self.width = len(found)
        self.positions = match(self.names, self.layout, f"{self.path.name}, ligne {self.line}")

    def batches(self, columns: Sequence[str], *, dictionaries: bool = False) -> Iterator[pa.RecordBatch]:
        """Rows a few megabytes at a time, the `columns` that the file has, as text; nothing else is kept of a row.

        With `dictionaries`, each column holds its distinct texts once per batch. Raises DataError for a row with another
        number of cells, an unreadable character or an unclosed quote, naming its line.
        """
        names = [f"c{position}" for position in range(self.width)]
        wanted = {column: names[self.positions[column]] for column in columns if column in self.positions}
        kind = pa.dictionary(pa.int32(), pa.string()) if dictionaries else pa.string()
        # Arrow does the conversion from other encodings; only UTF-8 is read as it is.
        with limits.opened(self.path, self.layout.member, self.layout.file) as stream:
            try:
                reader = pacsv.open_csv(
                    stream,
                    pacsv.ReadOptions(
                        column_names=names, skip_rows=self.line, block_size=_BLOCK, encoding=self.encoding
                    ),
                    pacsv.ParseOptions(
                        delimiter=self.separator, quote_char='"' if self.layout.quoted else False
                    ),
                    pacsv.ConvertOptions(
                        include_columns=list(wanted.values()),
                        column_types=dict.fromkeys(wanted.values(), kind),
                        strings_can_be_null=False,
                    ),
                )
                for batch in reader:
                    yield pa.RecordBatch.from_arrays(batch.columns, names=list(wanted))
            except (pa.ArrowInvalid, UnicodeDecodeError):
                failed = True
            else:
                failed = False
        if failed:
            self._explain()

    def read(self, columns: Sequence[str]) -> pd.DataFrame:
        """The `columns` that the file has, as text, one row per line. Raises DataError as `batches` does."""
        batches = list(self.batches(columns))
        if not batches:
            return pd.DataFrame({column: [] for column in columns if column in self.positions}, dtype=object)
        rows: pd.DataFrame = pa.Table.from_batches(batches).to_pandas()
        return rows.astype(object)

    def numbers(
        self, rows: pd.DataFrame, column: str, *, absent: Sequence[str] = ("",), whole: bool = False
    ) -> pd.Series[float]:
        """Numbers of a column with a point or a comma, spaces allowed between thousands; `absent` texts are missing.

        Raises DataError naming the line, the column and the cell for what is no positive number (with `whole`, no whole one).
        """
        text = rows[column].str.replace(r"[\s\u00a0\u202f]", "", regex=True)
        missing = text.str.upper().isin(list(absent))
        parsed = pd.to_numeric(text.str.replace(",", ".", regex=False).where(~missing), errors="coerce")
        self.expect(rows, column, missing | parsed.between(0, LARGEST_NUMBER), "n'est pas un nombre positif")
        if whole:
            self.expect(rows, column, missing | (parsed % 1 == 0), "n'est pas un nombre entier")
        return parsed

    def expect(self, rows: pd.DataFrame, column: str, good: pd.Series[bool], rule: str) -> None:
        """Raise DataError on the first row that is not good, with its line, its column, its cell and the rule."""
        if not good.all():
            row = int((~good).to_numpy().argmax())
            self.refuse(int(rows.index[row]), column, f"« {rows[column].iloc[row]} » {rule}")

    def refuse(self, row: int, column: str, fault: str) -> NoReturn:
        """Raise DataError about a cell; `row` counts the rows of the file from 0."""
        name = self.names[self.positions[column]]
        raise DataError(
            f"{self.path.name}, ligne {self._line(row)}, colonne « {name} » : {fault}. "
            "Rien n'a été gardé : corrigez la cellule ou téléchargez le fichier à nouveau."
        )

    def _header(self, lines: list[str]) -> tuple[str, int]:
        best, place = 0, (";", 0)
        for separator in self.layout.separators:
            for index, line in enumerate(lines[:SEARCHED_LINES]):
                found = {plain(cell) for cell in split(line, separator, self.layout.quoted)}
                known = len(found & self.layout.names.keys())
                if known > best:
                    best, place = known, (separator, index)
        if 2 * best < len(self.layout.needed):
            expected = ", ".join(names[0] for names in self.layout.columns.values())
            # Without its header, the first line of a nominative file is a person.
            header_like = self.layout.quoted and not re.search(r"\d{5}|@", lines[0])
            start = lines[0][:60] if header_like else "une ligne de données"
            raise DataError(
                f"{self.path.name}, ligne 1 : ce n'est pas l'en-tête des {self.layout.title} "
                f"(attendu : {expected} ; lu : {start}). Donnez le fichier tel que publié."
            )
        return place

    def _cells(self, line: str) -> list[str]:
        return split(line, self.separator, self.layout.quoted)

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of every row that Arrow counts: it skips empty lines."""
        with limits.opened(self.path, self.layout.member, self.layout.file) as stream:
            text = io.TextIOWrapper(stream, encoding=self.encoding, errors="replace", newline="\n")
            for number, line in enumerate(text, start=1):
                if number > self.line and line.strip("\r\n"):
                    yield number, self._cells(line.rstrip("\r\n"))

    def _line(self, row: int) -> int:
        return next((number for index, (number, _) in enumerate(self._rows()) if index == row), self.line)

    def _explain(self) -> NoReturn:
        for number, cells in self._rows():
            if len(cells) != self.width:
                raise DataError(
                    f"{self.path.name}, ligne {number} : {len(cells)} cellules au lieu de {self.width}. "
                    "Rien n'a été gardé : téléchargez le fichier à nouveau."
                )
            if any("\ufffd" in cell for cell in cells):
                raise DataError(
                    f"{self.path.name}, ligne {number} : un caractère n'est pas en {self.encoding.upper()} comme le début. "
                    "Enregistrez le fichier en UTF-8."
                )
        raise DataError(
            f"{self.path.name} : guillemets ou caractères illisibles. Téléchargez le fichier à nouveau."
        )


def match(names: Sequence[str], layout: Layout, place: str) -> dict[str, int]:
    """Position of each known column. Raises DataError for a name that is unknown, given twice or needed and absent."""
    positions: dict[str, int] = {}
    expected = ", ".join(known[0] for known in layout.columns.values())
    for position, name in enumerate(names):
        column = layout.names.get(plain(name))
        if column is None:
            raise DataError(
                f"{place}, colonne {position + 1} : « {name.strip()} » n'est pas une colonne connue des {layout.title} "
                f"(attendu : {expected}). Vérifiez l'édition du fichier."
            )
        if column in positions:
            raise DataError(
                f"{place} : la colonne « {name.strip()} » figure deux fois (colonnes {positions[column] + 1} et "
                f"{position + 1}). Gardez-en une."
            )
        positions[column] = position
    absent = [
        known[0] for column, known in layout.columns.items() if column in layout.needed - positions.keys()
    ]
    if absent:
        read = ", ".join(name.strip() for name in names)
        raise DataError(
            f"{place} : colonne « {absent[0]} » absente des {layout.title} (lu : {read}). Vérifiez l'édition du fichier."
        )
    return positions


def plain(name: str) -> str:
    """Name of a column without accents, capitals, typographic apostrophes or double spaces: "Région " is "region"."""
    return re.sub(r"\s+", " ", french.plain(name.replace("\ufeff", ""))).strip()


def encoding(sample: bytes) -> str:
    """First of UTF-8, cp1252 and latin-1 that reads the sample, which may end in the middle of a character."""
    for name in ENCODINGS:
        try:
            codecs.getincrementaldecoder(name)().decode(sample, final=False)
        except UnicodeDecodeError:
            continue
        return name
    return ENCODINGS[-1]


def date_of(name: str) -> str | None:
    """Date written in the name of a file ("…_202605120300.txt", "…-20260512-0337.csv") as AAAA-MM-JJ, None when there is none."""
    for found in re.finditer(r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)(\d{4})?(?!\d)", name):
        day = "-".join(found.groups()[:3])
        if not pd.isna(pd.to_datetime(day, format="%Y-%m-%d", errors="coerce")):
            return day
    return None


def within(codes: pd.Series[Any], departments: Sequence[str]) -> pd.Series[bool]:
    """Which commune codes are of these départements; all of them when none is given."""
    if not departments:
        return pd.Series(True, index=codes.index)
    return department(codes).isin(list(departments))


def department(codes: pd.Series[Any]) -> pd.Series[Any]:
    """Département of commune codes: two characters, three overseas."""
    return codes.str[:2].where(~codes.str[:2].isin(["97", "98"]), codes.str[:3])


def some(rows: pd.DataFrame, departments: Sequence[str], path: Path) -> pd.DataFrame:
    """The rows themselves. Raises DataError when none is left, naming the départements asked for."""
    if rows.empty:
        asked = f" pour le département {', '.join(departments)}" if departments else ""
        raise DataError(
            f"{path.name} : aucune ligne à garder{asked}. Vérifiez le fichier et le code demandé."
        )
    return rows.reset_index(drop=True)


def split(line: str, separator: str, quoted: bool = True) -> list[str]:
    """Cells of one line."""
    if not quoted:
        return line.split(separator)
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:  # a file that is no text
        return [line]
