"""Add rows to the tables of a user's package: all of them or none, and nothing already there is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, ObservatoireError
from helpers.files import locks, written
from helpers.files.grid import Grid
from helpers.intake import rules
from helpers.material import crosschecks

_LISTED = 5  # rows told one by one


def deposit(
    tables: Mapping[str, pd.DataFrame],
    folder: Path | str,
    *,
    replace: bool = False,
    renewed: Mapping[str, list[str]] | None = None,
    pruned: bool | None = None,
    beside: Mapping[str, bytes] | None = None,
) -> list[str]:
    """Add the rows of each table to the package in `folder`; returns one French sentence per table.

    Takes tables named as in the model (`material/segments`…), with columns of the model (absent ones stay empty). A row
    already there is skipped; one with a known key and another content is refused, or takes its place with `replace`. In a
    table whose schema says `rowsOf` (the answers of one respondent), the rows that share those columns count as one. Tables
    that the package does not have yet are added from the model. `renewed` names, for a table, the columns whose values are
    given anew: rows with the same values there as a given row go first, so that what was taken out of the outside file does
    not stay. The rows given may be all that there is: with `pruned`, those of the package that are not among them go, and the
    order is that of the rows given; with False they stay and are told. `beside` are other files to write at the same time, by
    their place in the package. One command at a time writes in a package, and all is in place or nothing, even when it is
    killed (`files.locks`, `files.written`). Raises DataError, before anything is written, for a package that does not extend
    the project's, an unknown column, a key given twice, a known key, or a row against the rules of the schema.
    """
    source = catalog.open_package(folder)
    if not source.extends:
        raise DataError(
            f"« {source.folder} » n'est pas le paquet d'une CPTS : créez-en un avec « cpts new DOSSIER »."
        )
    with locks.held(source.folder):
        return _deposited(tables, source, replace, renewed or {}, pruned, beside or {})


def _deposited(
    tables: Mapping[str, pd.DataFrame],
    source: catalog.Package,
    replace: bool,
    renewed: Mapping[str, list[str]],
    pruned: bool | None,
    beside: Mapping[str, bytes],
) -> list[str]:
    model = catalog.Package(catalog.MODEL_FOLDER)
    new = [model.resource(name) for name in tables if not source.describes(name)]
    known = source.descriptor.get("resources", [])
    draft = catalog.Package(source.folder, tuple(written.like(known, new)))
    sentences: list[str] = []
    faults: list[str] = []
    files: dict[str, bytes] = dict(beside)
    frames: dict[str, pd.DataFrame] = {}
    for name, rows in tables.items():
        table = draft.table(name)
        is_new = not source.describes(name)
        before = Grid(table.path, table.columns, []) if is_new else catalog.cells(name, source)
        table.expect(before)
        texts, told_of = _merged(table, before.frame(), rows, replace, renewed.get(name, []), pruned)
        numbered = list(enumerate(texts.to_numpy().tolist(), start=2))
        frames[name], told, _ = table.judge(Grid(table.path, table.columns, numbered))
        faults += catalog.told(told)
        sentences += told_of
        files[draft.path(name).relative_to(draft.folder).as_posix()] = table.file(texts)
    if not faults:
        asked = [*tables, *(_pointing(draft, tables) if pruned else ())]
        faults = rules.faults(draft, frames | _beside(draft, frames, asked), only=asked)
    if faults:
        more = f" ({len(faults) - 1} autres défauts)" if len(faults) > 1 else ""
        raise DataError(f"Rien n'a été écrit. {faults[0]}{more}")
    resources = draft.descriptor["resources"]
    if draft.added or any("hash" in item for item in resources if item["name"] in tables):
        resources = [
            {key: value for key, value in item.items() if key != "hash" or item["name"] not in tables}
            for item in resources
        ]
        descriptor = draft.descriptor | {"resources": resources}
        files[catalog.DESCRIPTOR] = written.described_as(descriptor)
    written.replace(draft.folder, files)
    return sentences


def _pointing(draft: catalog.Package, given: Mapping[str, pd.DataFrame]) -> list[str]:
    """Other tables of the package that point to a given one: a row that goes may be missed there."""
    return [
        name
        for name in draft.names()
        if name not in given and any(link.table in given for link in draft.table(name).links)
    ]


def _beside(
    draft: catalog.Package, given: Mapping[str, pd.DataFrame], asked: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """Sound tables of the package that those asked are read with: those they link to, and the coded material."""
    needed = {link.table for name in asked for link in draft.table(name).links} | set(asked)
    if any(name.startswith("material/") for name in given):
        needed |= set(crosschecks.TABLES)
    found = {}
    for name in sorted(needed - set(given)):
        if draft.describes(name):
            with contextlib.suppress(ObservatoireError):  # told by `cpts check`, for the table itself
                frame, faults, _ = catalog.judged(name, draft)
                if not faults:
                    found[name] = frame
    return found


def _merged(
    table: catalog.Table,
    before: pd.DataFrame,
    rows: pd.DataFrame,
    replace: bool,
    renewed: list[str],
    pruned: bool | None,
) -> tuple[pd.DataFrame, list[str]]:
    """Cells of the table with the rows given, and the sentences that say what was added and what is no longer given."""
    given = table.texts(rows)
    given = everything = given[~given.duplicated()]
    gone = 0
    absent = _absent(table, before, given) if pruned is not None else before.iloc[:0]
    if pruned:
        gone, before = len(absent), before.drop(index=absent.index)
    if renewed:
        same = before.set_index(renewed).index.isin(given.set_index(renewed).index)
        still = before.merge(given, how="left", indicator=True)["_merge"].eq("both").to_numpy()
        gone, before = int((same & ~still).sum()), before[~same | still]
    key, whole = list(table.key), list(table.rows_of)
    if key and not (twice := given[given.duplicated(key)]).empty:
        said = "une même clé" if table.guarded else f"la clé {_said(twice.iloc[0], key)}"
        raise DataError(f"{table.name} : {said} est donnée deux fois ({french.listing(key)}).")
    given = _changed_groups(given, before, whole) if whole else _changed_rows(given, before)
    skipped = len(rows) - len(given)
    key = whole or key
    replaced = 0
    if key:
        known = before.set_index(key).index.isin(given.set_index(key).index)
        if known.any() and not replace:
            row = before[known].iloc[0]
            said = f"la ligne {row.name} de {table.path}" if table.guarded else _said(row, key)
            raise DataError(
                f"{table.name} : {int(known.sum())} ligne(s) existent déjà avec un autre contenu, dont {said}. "
                "Rien n'a été écrit : ajoutez --replace pour les remplacer."
            )
        replaced = min(int(known.sum()), len(given))
        before = before[~known]
    told = [
        f"{table.name} : {len(given) - replaced} ligne(s) ajoutée(s), {replaced} remplacée(s), "
        f"{skipped} déjà présente(s){f', {gone} retirée(s)' if gone else ''}."
    ]
    if pruned is False and len(absent):
        told.append(_left(table, absent))
    return everything if pruned else pd.concat([before, given]), told


def _absent(table: catalog.Table, before: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Rows of the package of which no given row has the key (all the cells, in a table without key)."""
    key = list(table.key) or table.columns
    return before[~before.set_index(key).index.isin(given.set_index(key).index)]


def _left(table: catalog.Table, absent: pd.DataFrame) -> str:
    lines = [
        f"ligne {line}" + ("" if table.guarded or not table.key else f" ({_said(row, list(table.key))})")
        for line, row in absent.head(_LISTED).iterrows()
    ]
    more = f" et {len(absent) - _LISTED} autres" if len(absent) > _LISTED else ""
    many = french.plural(len(absent), "ligne")
    return (
        f"{table.name} : {many} du paquet que le classeur n'a plus, gardée(s) : {', '.join(lines)}{more}. "
        "Ajoutez --prune pour retirer ces lignes."
    )


def _changed_rows(given: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    joined = given.merge(before.drop_duplicates(), how="left", indicator=True)
    return joined[joined.pop("_merge") == "left_only"]


def _changed_groups(given: pd.DataFrame, before: pd.DataFrame, whole: list[str]) -> pd.DataFrame:
    """Rows given for groups that are not already there, all of them and no other."""
    known = {key: set(rows.itertuples(index=False, name=None)) for key, rows in before.groupby(whole)}
    changed = [
        rows
        for key, rows in given.groupby(whole, sort=False)
        if set(rows.itertuples(index=False, name=None)) != known.get(key)
    ]
    return pd.concat(changed) if changed else given.iloc[:0]


def _said(row: pd.Series[str], key: list[str]) -> str:
    return ", ".join(f"{name} = {row[name]}" for name in key)
