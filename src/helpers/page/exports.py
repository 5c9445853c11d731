"""Files that a reader takes away from a page: CSV and XLSX held in the page itself, without anything that could run.

A cell of text that a spreadsheet would take for a formula is kept as text (OWASP, "CSV injection"): a quote mark before it in
CSV, the type "text" in XLSX. Numbers stay numbers, negative ones too; a missing value is an empty cell.
"""

from __future__ import annotations

import base64
import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from helpers import french
from helpers.files import sheets, written

if TYPE_CHECKING:
    import pandas as pd

REPLACEMENT = "\ufffd"
CSV_TYPE = "text/csv;charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Lone surrogates cannot be encoded; control characters other than tab and line ends are refused by XML.
_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_EXCEL_LIMIT = 32_767
# Parts of a workbook that differ from one table to another, what stands there in the one that openpyxl wrote, and its styles.
_SHEET, _PROPERTIES = "xl/worksheets/sheet1.xml", "docProps/core.xml"
_ROWS, _TITLE = re.compile(b"<cols>.*</sheetData>"), "············"
_DATED, _QUOTED = "dated", "quoted"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # first date that a ZIP archive can hold


def writable(text: str) -> str:
    """Text that UTF-8 and XML can hold: lone surrogates and control characters become U+FFFD."""
    return _UNWRITABLE.sub(REPLACEMENT, text)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula; a negative French number is none."""
    start = text.lstrip(" \n\u00a0\u202f")
    negative = start.startswith("-") and french.parse_number(text) is not None
    return start.startswith(_FORMULA_STARTS) and not negative


def meaningful(value: object) -> object:
    """`value` with the twelve digits that mean something: the next ones change with the processor and with the library."""
    return float(f"{value:.12g}") if isinstance(value, float) and math.isfinite(value) else value


def neutral(value: object) -> object:
    """`value` as a CSV cell that never runs: text starting as a formula gets a quote mark, the rest is unchanged."""
    return _neutral_text(value) if isinstance(value, str) else value


@lru_cache(maxsize=8192)
def _neutral_text(value: str) -> str:
    # The cells of a long table say the same few things.
    text = writable(value)
    return f"'{text}" if is_formula(text) else text


def csv(data: pd.DataFrame, heads: Mapping[str, str] | None = None) -> bytes:
    """`data` as UTF-8 CSV with commas, line feeds and a header row; `heads` renames the columns for readers."""
    columns = [
        [
            _neutral_text(value) if type(value) is str else _csv_value(value)
            for value in data.iloc[:, index].tolist()
        ]
        for index in range(data.shape[1])
    ]
    titles = [str(neutral(title)) for title in _titles(data, heads)]
    # pandas writes the same in three times as long.
    rows = zip(*columns, strict=True) if columns else [()] * len(data)
    return written.content(rows, titles, delimiter=",", encoding="utf-8")


def _csv_value(value: object) -> object:
    if isinstance(value, float):
        return "" if value != value else meaningful(value)
    if isinstance(value, str):
        return neutral(value)
    if _is_missing(value):
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, dt.date) else meaningful(value)


def xlsx(data: pd.DataFrame, title: str, heads: Mapping[str, str] | None = None) -> bytes:
    """`data` as one sheet of an XLSX workbook whose bytes depend on nothing but its arguments.

    Numbers and dates keep their type; a text longer than a cell of Excel may hold ends with "[…]".
    """
    titles = _titles(data, heads)
    widths = [38 if index == 0 else min(40, max(12, len(head) + 2)) for index, head in enumerate(titles)]
    letters = [sheets.letter(index) for index in range(len(titles))]
    styles: dict[str, int] = {}
    rows = []
    for number, values in enumerate([titles, *data.itertuples(index=False, name=None)], start=1):
        cells = [
            _cell(f"{letter}{number}", _excel_value(value), styles)
            for letter, value in zip(letters, values, strict=True)
        ]
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    columns = "".join(
        f'<col width="{width}" customWidth="1" min="{index}" max="{index}"/>'
        for index, width in enumerate(widths, start=1)
    )
    parts = dict(_workbook(tuple(styles)))
    table = f"<cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>".encode(
        "ascii", "xmlcharrefreplace"
    )
    parts[_SHEET] = _ROWS.sub(lambda _: table, parts[_SHEET])
    parts[_PROPERTIES] = parts[_PROPERTIES].replace(f">{_TITLE}".encode(), _in_xml(writable(title)).encode())
    return _archive(parts)


def _cell(place: str, content: object, styles: dict[str, int]) -> str:
    """A cell as openpyxl writes it; `styles` numbers the styles in the order in which cells ask for them."""
    if content is None:
        return ""
    if isinstance(content, str):
        said, formula = _text_cell(content)
        # What a spreadsheet takes for a formula is said to be a text: shown and never computed.
        style = f' s="{styles.setdefault(_QUOTED, len(styles) + 1)}"' if formula else ""
        return f'<c r="{place}"{style} t="inlineStr">{said}</c>'
    from openpyxl.compat import safe_string
    from openpyxl.utils.datetime import to_excel

    if isinstance(content, dt.date):
        dated = styles.setdefault(_DATED, len(styles) + 1)
        return f'<c r="{place}" s="{dated}" t="n"><v>{safe_string(to_excel(content))}</v></c>'
    return f'<c r="{place}" t="{"b" if isinstance(content, bool) else "n"}"><v>{safe_string(content)}</v></c>'


@lru_cache(maxsize=8192)
def _text_cell(content: str) -> tuple[str, bool]:
    """A text as a cell holds it, and whether a spreadsheet could take it for a formula."""
    return f"<is><t{_in_xml(content)}</t></is>" if content else "", is_formula(content)


def _in_xml(text: str) -> str:
    """End of the tag before a text, then the text."""
    space = ' xml:space="preserve"' if text != text.strip() else ""
    return f"{space}>{escape(text, quote=False).replace(chr(13), '&#13;')}"


@lru_cache(maxsize=8)
def _workbook(styles: tuple[str, ...]) -> dict[str, bytes]:
    """Parts of a workbook of one sheet as openpyxl writes them, with these styles, to be given its columns, rows and title."""
    # A quarter of a second that a page without tables does not pay.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = _TITLE, "Observatoire des CPTS"
    sheet = book.create_sheet("Tableau")
    sheet.freeze_panes = "B2"
    sheet.column_dimensions["A"].width = 38
    row = []
    for style in styles:
        cell = WriteOnlyCell(sheet, value=dt.date(2000, 1, 1) if style == _DATED else _QUOTED)
        cell.quotePrefix = style == _QUOTED
        row.append(cell)
    sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return _timeless_parts(buffer.getvalue())


def link(content: bytes, media_type: str, file_name: str, label: str) -> str:
    """Link that saves `content` under `file_name`; the file is inside the page, so that it works without a server."""
    data = base64.b64encode(content).decode()
    kind = file_name.rpartition(".")[2]
    return (
        f'<a class="{escape(kind, quote=True)}" download="{escape(writable(file_name), quote=True)}" '
        f'href="data:{media_type};base64,{data}">{escape(label)}'
        f"<span class='sr'> : {escape(writable(file_name))}</span></a>"
    )


def file_name(text_fr: str) -> str:
    """Name of a file from a caption: letters and digits joined by "_", 60 at most."""
    kept = "".join(letter if letter.isalnum() else " " for letter in text_fr.lower())
    return "_".join(kept.split())[:60] or "tableau"


def _titles(data: pd.DataFrame, heads: Mapping[str, str] | None) -> list[str]:
    return [str((heads or {}).get(str(column), column)) for column in data.columns]


def _is_missing(value: object) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or value is pd.NaT or value != value


def _excel_value(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, str):
        text = writable(value)
        if len(text) > _EXCEL_LIMIT:
            text = text[: _EXCEL_LIMIT - len(french.TRUNCATED)] + french.TRUNCATED
        return text
    if _is_missing(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime().date()
    number = value.item() if hasattr(value, "item") else value
    return meaningful(number) if isinstance(number, (int, float)) else str(number)


def without_time(content: bytes) -> bytes:
    """Workbook without the hour of the run, which openpyxl writes in the archive and in its properties."""
    return _archive(_timeless_parts(content))


def _timeless_parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    now = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    return parts | {_PROPERTIES: re.sub(now, b"1980-01-01T00:00:00Z", parts[_PROPERTIES])}


def _archive(parts: Mapping[str, bytes]) -> bytes:
    fixed = io.BytesIO()
    with zipfile.ZipFile(fixed, "w") as target:
        for name, part in parts.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(info, part)
    return fixed.getvalue()
