"""A list of communes as people keep it: a text file, a CSV or a workbook, with codes, names or both."""

from __future__ import annotations

import re
import string
from pathlib import Path

from helpers import french
from helpers.errors import DataError
from helpers.files import grid, limits

_CODE = re.compile(r"\d{4,5}([.,]0+)?|2[abAB]\d{3}|\d{9}")
_CODES, _NAMES = re.compile(r"insee|codgeo|code|siren|^com$"), re.compile(r"commune|nom|libelle|libgeo|name")


def listed(path: Path | str) -> list[str]:
    """Items of `places.resolve`: a code with the name beside it where the file has both, else what it has.

    In a table, the column of codes is the one where most cells are written as one; a column of postcodes is never taken when
    another will do. Raises DataError for a file that cannot be read or that holds no commune.
    """
    path = Path(path)
    if path.suffix.lower() in ("", ".txt"):
        text = grid.decoded(limits.content(path, empty="écrivez un code ou un nom par ligne"))
        items = [item for part in re.split(r"[\r\n;,\t]", text) if (item := part.strip(_AROUND))]
        # A title over the list is no commune.
        items = items[1:] if len(items) > 1 and french.unaccented(items[0]).lower() in _TITLES else items
    else:
        items = _of_table(grid.read(path, hoped=("code", "commune", "nom")))
    if not items:
        raise DataError(
            f"{path.name} ne contient aucune commune : écrivez un code INSEE ou un nom par ligne."
        )
    return items


_AROUND = string.whitespace + "\u00a0\u202f-–—•·*"  # the mark of a list that a person typed
_TITLES = frozenset(("code", "codes", "commune", "communes", "insee", "code insee", "codes insee", "nom"))


def _of_table(table: grid.Grid) -> list[str]:
    rows = [cells for _, cells in table.rows]
    heads = [french.unaccented(name).lower() for name in table.header]
    if any(_CODE.fullmatch(name.strip()) for name in table.header):
        rows, heads = [table.header, *rows], [""] * len(heads)
    scores = []
    for column, head in enumerate(heads):
        cells = [row[column].strip() for row in rows]
        share = sum(bool(_CODE.fullmatch(cell)) for cell in cells) / max(len(cells), 1)
        scores.append(
            share + 0.1 * bool(_CODES.search(head)) - (0.6 if "postal" in head or head == "cp" else 0)
        )
    best = max(range(len(scores)), key=lambda column: scores[column])
    code = best if scores[best] > 0.5 or (scores[best] > 0 and len(heads) == 1) else None
    named = [
        column for column, head in enumerate(heads)
        if column != code and _NAMES.search(head) and not _CODE.fullmatch(rows[0][column].strip())
    ]  # fmt: skip
    name = named[0] if named else (0 if code is None else None)
    found = []
    for row in rows:
        parts = [row[column].strip() for column in (code, name) if column is not None]
        if item := " ".join(part for part in parts if part):
            found.append(item)
    return found
