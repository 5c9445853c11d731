"""Rows from outside into the columns of a table: matched, respelled where there is no doubt, judged by its schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, spellings
from helpers.errors import DataError
from helpers.files import written
from helpers.files.grid import Grid, careful
from helpers.intake import perimeters
from helpers.page import exports

BEFORE_TITLE = " · "  # between the name of a column and its title, as the heads of our workbooks show them
SHOWN = 10  # causes told at once: the next ones are often the same
_ROWS = 8  # rows listed in one cause


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
    notes: list[str] = []
    several: list[Fault] = []
    if table.name == perimeters.TABLE and perimeters.COLUMN in places:
        given, notes, several = perimeters.spelled_out(given, places[perimeters.COLUMN])
    heads = [given.head(places[name]) if name in places else f"« {name} »" for name in table.columns]
    rows = [
        (line, [cells[places[name]] if name in places else "" for name in table.columns])
        for line, cells in given.rows
    ]
    frame, faults, respelled = table.judge(Grid(given.name, table.columns, rows, heads), respell=True)
    faults = [*several, *faults]
    for name, changed in respelled.items():
        if changed:
            many = french.plural(len(changed), "cellule réécrite", "cellules réécrites")
            before, after = changed[0]
            example = (
                "" if table.guarded else f" (« {before} » → {f'« {after} »' if after else 'cellule vide'})"
            )
            notes.append(f"{given.name}, colonne {given.head(places[name])} : {many}{example}.")
    return Accepted(frame[list(places)], notes, sorted(faults, key=lambda fault: fault.row or 0))


def titled(field: catalog.Field) -> str:
    """Head of a column as our workbooks show it, and as a spreadsheet that saves one as CSV writes it."""
    return f"{field.name}{BEFORE_TITLE}{field.title}"


def refuse(faults: Sequence[Fault], beside: Path | None = None) -> None:
    """Raise DataError with the faults grouped by cause, one a line, when there is any.

    When there are more than `SHOWN` lines, or several rows in one, every fault is also in a table written in the folder of
    the file `beside` (« classeur-defauts.csv »), which a spreadsheet opens.
    """
    if not faults:
        return
    causes: dict[tuple[str, str, str], list[Fault]] = {}
    for fault in faults:
        causes.setdefault((fault.file, fault.column, fault.what), []).append(fault)
    lines = [_cause(group) for group in causes.values()]
    more = f"\n… et {french.plural(len(lines) - SHOWN, 'autre cause')}." if len(lines) > SHOWN else ""
    if beside is not None and (more or len(lines) < len(faults)):
        more += _listed(faults, beside.with_name(f"{beside.stem}-defauts.csv"))
    head = french.plural(len(faults), "défaut")
    raise DataError(f"Rien n'a été écrit : {head}.\n" + "\n".join(lines[:SHOWN]) + more)


def _cause(group: Sequence[Fault]) -> str:
    """One sentence for the faults of one column that have the same cause."""
    first = group[0]
    rows = [fault.row for fault in group if fault.row is not None]
    if len(rows) < 2:
        return str(first)
    remedies = {fault.safe if fault.guarded else fault.remedy for fault in group}
    listed = ", ".join(map(str, rows[:_ROWS])) + ("…" if len(rows) > _ROWS else "")
    texts = list(dict.fromkeys(fault.text for fault in group if fault.text and not fault.guarded))
    example = ""
    if first.column and texts:
        example = f" (« {texts[0]} »)" if len(texts) == 1 else f" (par exemple « {texts[0]} »)"
    column = f", colonne {first.column}" if first.column else ""
    remedy = f" : {remedies.pop()}" if len(remedies) == 1 and "" not in remedies else ""
    said = "la cellule " if first.column else ""
    return f"{first.file}{column} : {french.plural(len(rows), 'ligne')} ({listed}){example}, {said}{first.what}{remedy}."


def _listed(faults: Sequence[Fault], path: Path) -> str:
    rows = [
        (
            fault.file,
            "" if fault.row is None else str(fault.row),
            fault.column,
            "" if fault.guarded else str(exports.neutral(fault.text)),
            fault.what,
            fault.safe if fault.guarded else fault.remedy,
        )
        for fault in faults
    ]
    heads = ("Où", "Ligne", "Colonne", "Cellule", "Défaut", "Que faire")
    content = written.content(rows, heads, delimiter=written.DELIMITER, encoding=written.ENCODING)
    try:
        path.write_bytes(content)
    except OSError:
        return ""
    return f"\nTous les défauts, ligne par ligne : {path.name}, à côté du fichier."


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
    titles = {field.title: field.name for field in table.fields if field.name not in renamed}
    found: dict[str, int] = {}
    for position, column in enumerate(given.header):
        if column in ignored:
            continue
        name = (
            ours_of.get(column)
            or spellings.choice(column, [item for item in names if item not in renamed])
            # A sheet made from the dictionary has its French titles.
            or titles.get(spellings.choice(column, list(titles)) or "")
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
