"""Rows from outside into the columns of a table: matched, respelled where there is no doubt, judged by its schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, spellings
from helpers.errors import DataError
from helpers.files import written
from helpers.files.grid import Grid, careful

BEFORE_TITLE = " · "  # between the name of a column and its title, as the heads of our workbooks show them
SHOWN = 10  # faults told at once: the next ones are often the same


class Accepted(NamedTuple):
    """Rows in the columns of the table, what was respelled (one sentence per column), and faults in the order of the rows."""

    rows: pd.DataFrame
    respelled: list[str]
    faults: list[Fault]


def table_of(name: str, package: catalog.Package) -> catalog.Table:
    """The table of the package, else that of the model in the writing of the package. Raises UnknownName."""
    if package.describes(name):
        return package.table(name)
    model = catalog.Package(catalog.MODEL_FOLDER).resource(name)
    (described,) = written.like(package.descriptor.get("resources", []), [model])
    return catalog.Table.of(described)


def accept(
    given: Grid,
    table: catalog.Table,
    *,
    renamed: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
    remedy: str = "Rendez-lui son nom, ou supprimez-la",
) -> Accepted:
    """Rows of `given` in the columns of `table`, with what was respelled and the faults of cells.

    `renamed` gives, for a column of ours, the name it has in the file; `ignored` columns of the file are left out. Raises
    DataError, saying what was expected and what was found, for a column that is unknown (`remedy` says what to do), absent
    or given twice.
    """
    places = _places(given, table, renamed or {}, ignored, remedy)
    heads = [given.head(places[name]) if name in places else f"« {name} »" for name in table.columns]
    rows = [
        (line, [cells[places[name]] if name in places else "" for name in table.columns])
        for line, cells in given.rows
    ]
    frame, faults, respelled = table.judge(Grid(given.name, table.columns, rows, heads), respell=True)
    notes = []
    for name, changed in respelled.items():
        if changed:
            many = french.plural(len(changed), "cellule réécrite", "cellules réécrites")
            example = "" if table.guarded else " (« {} » → « {} »)".format(*changed[0])
            notes.append(f"{given.name}, colonne {given.head(places[name])} : {many}{example}.")
    return Accepted(frame[list(places)], notes, sorted(faults, key=lambda fault: fault.row or 0))


def titled(field: catalog.Field) -> str:
    """Head of a column as our workbooks show it, and as a spreadsheet that saves one as CSV writes it."""
    return f"{field.name}{BEFORE_TITLE}{field.title}"


def refuse(faults: Sequence[Fault]) -> None:
    """Raise DataError with the faults, one a line, when there is any."""
    if not faults:
        return
    more = f"\n… et {french.plural(len(faults) - SHOWN, 'autre défaut')}." if len(faults) > SHOWN else ""
    head = french.plural(len(faults), "défaut")
    raise DataError(f"Rien n'a été écrit : {head}.\n" + "\n".join(map(str, faults[:SHOWN])) + more)


def _places(
    given: Grid, table: catalog.Table, renamed: Mapping[str, str], ignored: Sequence[str], remedy: str
) -> dict[str, int]:
    """Position in the file of each column of ours that it has, in the order of the table."""
    names = table.columns
    # The first row of a file that lost its header has words in the place of titles.
    said_as = [careful(title, rank) if table.guarded else title for rank, title in enumerate(given.header)]
    shown = f"attendu : {french.listing(names)} ; trouvé : {french.listing(said_as)}"
    for ours, theirs in renamed.items():
        if ours not in names:
            raise DataError(f"Le tableau n'a pas de colonne « {ours} » ({shown}).")
        if theirs not in given.header:
            raise DataError(f"{given.name} n'a pas de colonne « {theirs} » ({shown}).")
    ours_of = {titled(field): field.name for field in table.fields if field.name not in renamed}
    ours_of |= {theirs: ours for ours, theirs in renamed.items()}
    found: dict[str, int] = {}
    for position, column in enumerate(given.header):
        if column in ignored:
            continue
        name = ours_of.get(column) or spellings.choice(
            column, [item for item in names if item not in renamed]
        )
        if name is None:
            head = careful(column, position) if table.guarded else given.head(position)
            said = remedy.format(column=column if column in head else "SON TITRE")
            raise DataError(f"{given.name} : colonne {head} inconnue ({shown}). {said}.")
        if name in found:
            raise DataError(f"{given.name} : la colonne « {name} » est donnée deux fois ({shown}).")
        found[name] = position
    absent = [field.name for field in table.fields if field.required and field.name not in found]
    if absent:
        raise DataError(f"{given.name} : colonne obligatoire « {absent[0]} » absente ({shown}).")
    return {name: found[name] for name in names if name in found}
