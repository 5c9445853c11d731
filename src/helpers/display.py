"""HTML pieces of a report: tables that a screen reader can read, figures with their text, CSV beside them."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from helpers import french


@dataclass
class Shown:
    """Something that a notebook displays: ready HTML, with its data for the pipeline and the tests."""

    html: str
    data: pd.DataFrame = field(default_factory=pd.DataFrame)

    def _repr_mimebundle_(self, **_: object) -> dict[str, Any]:
        return {"text/html": self.html}


def cell(value: object, decimals: int | None = None) -> str:
    """One value in French: numbers with a decimal comma, booleans as oui/non, dates in words, missing said in words."""
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return french.MISSING
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, pd.Timestamp):
        return french.date(value.date())
    if hasattr(value, "item"):
        return cell(value.item(), decimals)
    if isinstance(value, int):
        return french.number(value)
    if isinstance(value, float):
        return french.number(value, decimals)
    return str(value)


def csv_link(data: pd.DataFrame, name: str) -> str:
    """Link that saves `data` as a CSV file; the file is inside the page, so that it works without a server."""
    content = base64.b64encode(data.to_csv(index=False, lineterminator="\n").encode()).decode()
    return (
        f'<a class="csv" download="{escape(name)}.csv" href="data:text/csv;charset=utf-8;base64,{content}">'
        f"Données (CSV)<span class='sr'> : {escape(name)}</span></a>"
    )


def table(
    data: pd.DataFrame,
    caption: str,
    *,
    heads: Mapping[str, str] | None = None,
    decimals: int | Mapping[str, int] | None = None,
    source: str = "",
    note: str = "",
    name: str = "",
    raw: Sequence[str] = (),
) -> Shown:
    """Table of `data` for readers: caption, scopes, French numbers on the right, source and note, CSV link.

    The first column names the row. `heads` gives the French head (with its unit) of each column; `decimals` fixes the
    digits, for all columns or by column; columns in `raw` hold ready HTML.
    """
    titles = dict(heads or {})
    numeric = {column for column in data.columns[1:] if _is_numeric(data[column])}
    head = "".join(
        f'<th scope="col"{" class=num" if column in numeric else ""}>{escape(titles.get(str(column), str(column)))}</th>'
        for column in data.columns
    )
    body = []
    for values in data.itertuples(index=False, name=None):
        cells = []
        for position, (column, value) in enumerate(zip(data.columns, values, strict=True)):
            digits = decimals.get(column) if isinstance(decimals, Mapping) else decimals
            text = str(value) if column in raw else escape(cell(value, digits))
            if text == french.MISSING:
                text = f'<span class="missing">{text}</span>'
            kind = ' class="num"' if column in numeric else ""
            cells.append(f'<th scope="row">{text}</th>' if position == 0 else f"<td{kind}>{text}</td>")
        body.append(f"<tr>{''.join(cells)}</tr>")
    file_name = name or _slug(caption)
    html = region(
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>",
        caption,
    )
    exported = data.drop(columns=[column for column in raw if column in data])
    return Shown(html + footer(source, note, csv_link(exported, file_name)), data)


def region(html: str, label: str) -> str:
    """Wide content in a named region of its own that scrolls and takes the keyboard focus."""
    return f'<div class="table-region" role="region" tabindex="0" aria-label="{escape(label, quote=True)}">{html}</div>'


def footer(source: str, note: str, link: str = "") -> str:
    """Source, note and CSV link under a table or a figure."""
    parts = [f"Note : {escape(note)}" if note else "", f"Source : {escape(source)}" if source else "", link]
    return f'<p class="source">{" · ".join(part for part in parts if part)}</p>'


def text(sentence: str) -> Shown:
    """One sentence whose numbers were computed, shown as a paragraph."""
    return Shown(f"<p>{escape(sentence)}</p>")


def _is_numeric(column: pd.Series[Any]) -> bool:
    if pd.api.types.is_bool_dtype(column):
        return False
    if pd.api.types.is_numeric_dtype(column):
        return True
    # Numbers as printed are text; a column that is mostly such numbers is read from the right.
    printed = column.dropna().astype(str)
    return len(printed) > 0 and printed.map(lambda cell: french.parse_number(cell) is not None).mean() > 0.5


def _slug(text_fr: str) -> str:
    kept = "".join(letter if letter.isalnum() else " " for letter in text_fr.lower())
    return "_".join(kept.split())[:60]
