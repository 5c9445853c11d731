"""From the bytes of a table to numbered rows: the only way in for CSV files and sheets of workbooks.

`exact` reads a file as the description of its table says, and refuses any other writing; `read` takes what another program or
a person saved. The large official files have their own way, by batches: see `helpers.files.streams`.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import io
import itertools
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from helpers import french
from helpers.errors import DataError
from helpers.files import limits, sheets

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 200_000
MOST_CELLS = 20_000_000  # short rows are completed: a wide header over many short rows would fill the memory
_MARKS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale"}
_TEXTS = ("", ".csv", ".tsv", ".txt", ".tab")
_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
_NEEDED = "il faut une ligne d'en-tête et au moins une ligne de réponses ou de données"
_SAVE = "enregistrez-le en « CSV UTF-8 », ou passez par « cpts import csv »"
_TITLE = 40  # longest text without a space that is taken for the title of a column
_END = "\0"  # a row of our own after the last one: an open quote swallows it
_SMALL = set("àâäéèêëîïôöùûüÿçœæ’‘“”«»–—…•°€\u00a0")
_CAPITALS = set("ÀÂÄÉÈÊËÎÏÔÖÙÛÜÇŒÆ")
_NUMBER = re.compile(r"[-+]?\d")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Grid:
    """Header and rows of a table as text, each row with the number that a spreadsheet shows beside it.

    `name` is that of the file or of the sheet in a sentence; `heads` are the columns as their reader sees them, when the
    header was translated.
    """

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    heads: Sequence[str] = ()

    def head(self, position: int) -> str:
        """Name of a column in a sentence."""
        return self.heads[position] if self.heads else f"« {self.header[position]} »"

    def filled(self, column: int) -> bool:
        """Whether any row says something in that column."""
        return any(cells[column].strip() for _, cells in self.rows)

    def frame(self) -> pd.DataFrame:
        """The same cells as a table whose index is the number of each row in the file."""
        import pandas as pd

        index = pd.Index([number for number, _ in self.rows], dtype="int64")
        return pd.DataFrame([cells for _, cells in self.rows], columns=self.header, index=index, dtype=str)


def careful(title: str, position: int) -> str:
    """Name of a column in a sentence about a table that may hold words of persons: its title, or only its letter.

    A file whose first row was lost has answers or passages there; a word without a space is taken for a title.
    """
    known = len(title) <= _TITLE and not re.search(r"\s", title.strip())
    return f"« {title} »" if known and title else sheets.letter(position)


def exact(content: bytes | Path, name: str = "", *, delimiter: str = ",", encoding: str = "utf-8") -> Grid:
    """Header and rows of a CSV file in UTF-8 with that separator; lines without any character say nothing and are left out.

    `name` is that of the file in a sentence. The encoding `utf-8-sig`, that of a package made for a spreadsheet, allows a
    byte-order mark. Raises DataError, in one sentence with the remedy, for a file that is absent or empty, is a workbook,
    is not UTF-8, has a mark that was not announced, another separator, an open quote, an empty line above its header, a
    column without a name or given twice, or a row that is not as long as the header.
    """
    if isinstance(content, Path):
        path, name = content, name or content.name
        try:
            content = path.read_bytes()
        except OSError:
            raise DataError(f"Fichier absent ou illisible : « {path} ».") from None
    text = _utf8(content, name, encoding)
    rows = _separated(text, name, delimiter)
    if not any(cell.strip() for _, cells in rows for cell in cells):
        raise DataError(
            f"{name} : fichier vide. Remettez sa ligne d'en-tête, puis au moins une ligne de données."
        )
    first, header = rows[0]
    if first > 1:
        raise DataError(f"{name}, ligne 1 : ligne vide au-dessus de l'en-tête. Supprimez-la.")
    for position, column in enumerate(header, start=1):
        if not column.strip():
            place = french.ordinal(position, feminine=True)
            raise DataError(f"{name}, ligne 1 : la {place} colonne n'a pas de nom : supprimez-la.")
        if header.index(column) < position - 1:
            raise DataError(
                f"{name}, ligne 1 : la colonne {careful(column, position - 1)} figure deux fois : supprimez l'une des deux."
            )
    for line, cells in rows[1:]:
        if len(cells) != len(header):
            more = "de trop" if len(cells) > len(header) else "de moins"
            gap = french.plural(abs(len(cells) - len(header)), "cellule")
            raise DataError(
                f"{name}, ligne {line} : {gap} {more} que l'en-tête. Un texte qui contient un « {delimiter} » doit être entre "
                "guillemets."
            )
    return Grid(name, header, rows[1:])


def _utf8(content: bytes, name: str, encoding: str) -> str:
    if content.startswith(b"PK"):
        raise DataError(f"{name} : c'est un classeur, pas un CSV : {_SAVE.replace('csv', 'workbook')}.")
    if content.startswith(_UTF16):
        raise DataError(f"{name} : le fichier est en UTF-16 (« Texte Unicode » d'Excel) : {_SAVE}.")
    if encoding == "utf-8-sig":
        content = content.removeprefix(codecs.BOM_UTF8)
    if content.startswith(codecs.BOM_UTF8):
        raise DataError(
            f"{name} : le fichier commence par une marque d'ordre des octets (BOM), que sa description n'annonce pas : "
            'écrivez "encoding": "utf-8-sig" dans datapackage.json, ou enregistrez-le en UTF-8 sans BOM.'
        )
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DataError(
            f"{name}, ligne {line} : le fichier n'est pas en UTF-8 (Excel l'a écrit en latin-1) : {_SAVE}."
        ) from None


def _separated(text: str, name: str, mark: str) -> list[tuple[int, list[str]]]:
    if "\r" in text and "\n" not in text:
        raise DataError(f"{name} : les fins de ligne sont celles d'un ancien Macintosh : {_SAVE}.")
    first = text.split("\n", 1)[0]
    counts = {other: first.count(other) for other in _MARKS if other != mark}
    other = max(counts, key=lambda key: counts[key])
    if mark not in first and counts[other]:
        raise DataError(
            f"{name}, ligne 1 : le séparateur est devenu « {_MARKS[other]} » au lieu de « {_MARKS.get(mark, mark)} » : {_SAVE}."
        )
    csv.field_size_limit(limits.LARGEST_TEXT)
    found: list[tuple[int, list[str]]] = []
    try:
        for line, cells in enumerate(csv.reader(io.StringIO(text), delimiter=mark, strict=True), start=1):
            if cells:
                found.append((line, cells))
    except csv.Error:
        last = found[-1][0] if found else 0
        raise DataError(
            f"{name}, ligne {last + 1} : un guillemet est ouvert et n'est pas fermé, ou suivi d'autre chose que « {mark} ». "
            "Doublez les guillemets à l'intérieur d'un texte."
        ) from None
    return found


def read(
    path: Path | str,
    sheet: str | None = None,
    *,
    even: bool = False,
    hoped: Sequence[str] = (),
    no_workbook: str = "",
    remark: str = "",
) -> Grid:
    """Header and rows of a CSV (comma, semicolon, tab or bar; UTF-8, UTF-16, Windows or old Macintosh) or XLSX file.

    `sheet` names the sheet to take in a workbook; without it or when it is absent, the first one; with `no_workbook`, a
    workbook is refused with that remedy. Empty rows and columns are left out, short rows completed; with `even`, the rows of
    a CSV must be as long as its header; rows above the header that begin with `remark` are passed over. The columns `hoped` for
    help to tell the separator. Raises DataError for a file that
    is absent, empty, damaged, too large, of another kind, with two columns of the same name, a quote left open, or a cell
    under no title.
    """
    path = Path(path)
    packed = zipfile.is_zipfile(path)
    content = limits.content(path, limits.LARGEST_FILE if packed else None, empty=_NEEDED)
    if content.startswith((b"PK", sheets.OLD)):
        sheets.refuse_other(content, path.name)
        if no_workbook:
            raise DataError(f"{path.name} est un classeur : {no_workbook}.")
        if not packed:
            raise DataError(
                f"{path.name} n'est pas un classeur XLSX lisible (ce n'est pas une archive entière) : enregistrez-le de nouveau."
            )
        return _squared(path.name, sheets.texts(path, sheet), even=False)
    if path.suffix.lower() in _WORKBOOKS:
        raise DataError(
            f"{path.name} n'est pas un classeur malgré son nom, mais du texte : renommez-le en .csv, ou enregistrez-le de "
            "nouveau en XLSX."
        )
    if path.suffix.lower() not in _TEXTS:
        raise DataError(f"{path.name} : seuls les tableaux .csv et .xlsx se lisent ici.")
    text = decoded(content)
    if "\0" in text:
        raise DataError(f"{path.name} n'est pas un tableau de texte : exportez-le en CSV UTF-8 ou en XLSX.")
    return _squared(path.name, _delimited(text, path.name, hoped, remark), even=even, remark=remark)


def _squared(name: str, rows: Iterable[list[str]], *, even: bool, remark: str = "") -> Grid:
    """The rows under their titles; reads no further than the first fault."""
    filled = ((number, cells) for number, cells in enumerate(rows, start=1) if any(map(str.strip, cells)))
    numbered = itertools.dropwhile(lambda row: remark and row[1][0].startswith(remark), filled)
    _, first = next(numbered, (0, []))
    header = [cell.strip() for cell in first]
    while header and not header[-1]:
        header.pop()  # a separator at the end of each line
    named = [index for index, cell in enumerate(header) if cell]
    titles = [header[index] for index in named]
    twice = sorted(title for title, times in Counter(titles).items() if times > 1)
    if twice:
        said = careful(twice[0], header.index(twice[0]))
        raise DataError(f"{name} : la colonne {said} figure deux fois dans l'en-tête.")
    body: list[tuple[int, list[str]]] = []
    for number, cells in numbered:
        beyond = any(cell.strip() for cell in cells[len(header) :])
        if (beyond or (even and len(cells) < len(header))) and not body:
            refuse_title(header, cells, name, number)
        if even and (beyond or len(cells) < len(header)):
            raise DataError(
                f"{name}, ligne {number} : {len(cells)} cellules au lieu de {len(header)}. "
                "Vérifiez les guillemets et les séparateurs."
            )
        for index, cell in enumerate(cells):
            if cell.strip() and (index >= len(header) or not header[index]):
                place = french.ordinal(index + 1, feminine=True)
                raise DataError(
                    f"{name}, ligne {number} : la {place} cellule n'est sous aucun titre de colonne ; donnez-lui un titre, ou "
                    "vérifiez les guillemets et les séparateurs."
                )
        body.append((number, [cells[index] if index < len(cells) else "" for index in named]))
        if len(body) > MOST_ROWS or len(body) * len(named) > MOST_CELLS:
            raise DataError(f"{name} a plus de {MOST_ROWS} lignes ou de {MOST_CELLS} cellules : refusé.")
    if not body:
        raise DataError(f"{name} n'a pas de ligne de données sous son en-tête : {_NEEDED}.")
    return Grid(name, titles, body)


def refuse_title(first: Sequence[str], cells: Sequence[str], name: str, number: int) -> None:
    """Raise DataError when the first row is a title over the table, whose columns are named by `cells`, in row `number`.

    The first row says then one thing, and the next one looks like the titles of columns: several, none a number.
    """
    following = [cell.strip() for cell in cells if cell.strip()]
    named = [cell for cell in first if cell]
    if (
        len(named) == 1
        and len(set(following)) == len(following) > 1
        and not any(map(_NUMBER.match, following))
    ):
        raise DataError(
            f"{name} : sa première ligne est un titre et non l'en-tête, qui est à la ligne {number} ; supprimez ce qui est "
            "au-dessus."
        )


def decoded(content: bytes) -> str:
    """Text of a file that a person or a spreadsheet saved: UTF-8, UTF-16 with its mark, Windows or old Macintosh."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    readings = [content.decode(name, errors="replace") for name in ("cp1252", "mac_roman")]
    with contextlib.suppress(UnicodeDecodeError):
        text = content.decode("utf-8-sig")
        # An apostrophe and a capital of old Macintosh are, together, one letter of another script inside a word.
        if not re.search(r"[A-Za-z][\u0180-\u07ff]|[\u0180-\u07ff][A-Za-z]", text):
            return text
        readings.insert(0, text)
    # Every byte means something in each: what reads as French tells Excel for Windows from Excel for Mac.
    return max(readings, key=_french)


def _french(text: str) -> int:
    """How many accented letters and marks stand where French has them, less those that stand elsewhere."""
    found = (match.groups() for match in re.finditer(r"([a-z\u00df-\u00ff]?)([^\x00-\x7f])", text))
    return sum(1 if mark in _SMALL or (mark in _CAPITALS and not before) else -1 for before, mark in found)


def _delimited(text: str, name: str, hoped: Sequence[str], remark: str = "") -> Iterator[list[str]]:
    csv.field_size_limit(limits.LARGEST_TEXT)
    # Excel neither shows nor counts the line that says the separator.
    announced = re.match(rf"[\r\n]*sep=([{''.join(_MARKS)}])[\r\n]+", text, re.IGNORECASE)
    if announced:
        text, mark = text[announced.end() :], announced[1]
    else:
        lines = text[:100_000].splitlines(keepends=True)
        said = itertools.dropwhile(lambda line: not line.strip() or _is_remark(line, remark), lines)
        mark = _separator("".join(said), hoped)
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


def _is_remark(line: str, remark: str) -> bool:
    return bool(remark) and line.lstrip('"').startswith(remark)


def _separator(start: str, hoped: Sequence[str]) -> str:
    """The mark that gives the most columns hoped for, then the most columns; under a title alone, on the row below."""

    def found(mark: str) -> tuple[int, int]:
        rows = csv.reader(io.StringIO(start, newline=""), delimiter=mark)
        cells = next((cells for cells in itertools.islice(rows, 4) if len(cells) > 1), [])
        return len({cell.strip() for cell in cells} & set(hoped)), len(cells)

    first = {mark: next(csv.reader(io.StringIO(start, newline=""), delimiter=mark), []) for mark in _MARKS}
    known = [mark for mark, cells in first.items() if len(cells) > 1] or list(_MARKS)
    return max((mark for mark in ",;\t|" if mark in known), key=found)
