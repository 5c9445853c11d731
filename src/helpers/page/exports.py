"""Files that a reader takes away from a page: CSV and XLSX held in the page itself, without anything that could run.

A cell of text that a spreadsheet would take for a formula is kept as text (OWASP, "CSV injection"): a quote mark before it in
CSV, the type "text" in XLSX. Numbers stay numbers, negative ones too; a missing value is an empty cell.
"""

from __future__ import annotations

import base64
import io
import math
import re
import zipfile
from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from helpers import french
from helpers.files import sheets

if TYPE_CHECKING:
    import pandas as pd

REPLACEMENT = "\ufffd"
CSV_TYPE = "text/csv;charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Lone surrogates cannot be encoded; control characters other than tab and line ends are refused by XML.
_UNWRITABLE = re.compile("[\ud800-\udfff\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_EXCEL_LIMIT = 32_767
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
    if not isinstance(value, str):
        return value
    text = writable(value)
    return f"'{text}" if is_formula(text) else text


def csv(data: pd.DataFrame, heads: Mapping[str, str] | None = None) -> bytes:
    """`data` as UTF-8 CSV with commas, line feeds and a header row; `heads` renames the columns for readers."""
    import pandas as pd

    columns = [
        [meaningful(neutral(value)) for value in data.iloc[:, index].tolist()]
        for index in range(data.shape[1])
    ]
    safe = pd.DataFrame(dict(enumerate(columns)), index=data.index, dtype=object)
    safe.columns = pd.Index([str(neutral(title)) for title in _titles(data, heads)])
    text: str = safe.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
    return text.encode()


def xlsx(data: pd.DataFrame, title: str, heads: Mapping[str, str] | None = None) -> bytes:
    """`data` as one sheet of an XLSX workbook whose bytes depend on nothing but its arguments.

    Numbers and dates keep their type; a text longer than a cell of Excel may hold ends with "[…]".
    """
    # A quarter of a second that a page without tables does not pay.
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    book.properties.title, book.properties.creator = writable(title), "Observatoire des CPTS"
    sheet = book.create_sheet("Tableau")
    sheet.freeze_panes = "B2"
    titles = _titles(data, heads)
    for index, head in enumerate(titles):
        sheet.column_dimensions[sheets.letter(index)].width = (
            38 if index == 0 else min(40, max(12, len(head) + 2))
        )
    for values in [titles, *data.itertuples(index=False, name=None)]:
        row: list[object] = []
        for value in values:
            content = _excel_value(value)
            if isinstance(content, str):
                text_cell = WriteOnlyCell(sheet, value=content)
                # openpyxl takes "=…" for a formula: said to be text, it is shown and never computed.
                text_cell.data_type = "s"
                text_cell.quotePrefix = is_formula(content)
                row.append(text_cell)
            else:
                row.append(content)
        sheet.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return without_time(buffer.getvalue())


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


def _excel_value(value: Any) -> Any:
    import pandas as pd

    if isinstance(value, str):
        text = writable(value)
        if len(text) > _EXCEL_LIMIT:
            text = text[: _EXCEL_LIMIT - len(french.TRUNCATED)] + french.TRUNCATED
        return text
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime().date()
    number = value.item() if hasattr(value, "item") else value
    return meaningful(number) if isinstance(number, (int, float)) else str(number)


def without_time(content: bytes) -> bytes:
    """Workbook without the hour of the run, which openpyxl writes in the archive and in its properties."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(fixed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", b"1980-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
            target.writestr(info, part)
    return fixed.getvalue()
