"""CSV files that a French spreadsheet opens right: semicolons, decimal commas, and the mark that says UTF-8.

The description of a table says how its file is written (Table Schema and CSV Dialect): `encoding` is `utf-8-sig`,
`dialect.delimiter` is `;` and each column of numbers has `decimalChar` `,`. A file saved again without the mark stays
readable.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

ENCODING = "utf-8-sig"
DELIMITER, DECIMAL = ";", ","


def described(resource: dict[str, Any]) -> dict[str, Any]:
    """The same table, described as a file for a French spreadsheet."""
    found = copy.deepcopy(resource) | {"encoding": ENCODING, "dialect": {"delimiter": DELIMITER}}
    for field in found["schema"]["fields"]:
        if field["type"] == "number":
            field["decimalChar"] = DECIMAL
    return found


def like(known: Sequence[dict[str, Any]], added: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Descriptions `added`, made for a spreadsheet when the tables `known` are."""
    ours = any(resource.get("encoding") == ENCODING for resource in known)
    return [described(resource) if ours else resource for resource in added]


def with_decimals(cells: pd.DataFrame, resource: dict[str, Any]) -> pd.DataFrame:
    """Cells of text with a decimal point, written with the decimal mark of each column."""
    marks = {
        field["name"]: field["decimalChar"]
        for field in resource["schema"]["fields"]
        if "decimalChar" in field and field["name"] in cells
    }
    return cells.assign(
        **{name: cells[name].str.replace(".", mark, regex=False) for name, mark in marks.items()}
    )


def write(cells: pd.DataFrame, resource: dict[str, Any], path: Path) -> None:
    """Write cells of text to `path` as the description of the table says."""
    cells.to_csv(
        path,
        index=False,
        sep=resource.get("dialect", {}).get("delimiter", ","),
        encoding=resource.get("encoding", "utf-8"),
        lineterminator="\n",
    )


def write_header(resource: dict[str, Any], path: Path) -> None:
    """Write the file of a table that has no row yet."""
    write(pd.DataFrame(columns=[field["name"] for field in resource["schema"]["fields"]]), resource, path)
