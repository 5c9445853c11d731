"""Add rows to the tables of a user's package: all of them or none, and nothing already there is lost."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog
from helpers.errors import DataError
from helpers.files import written
from helpers.intake import check


def deposit(
    tables: Mapping[str, pd.DataFrame],
    folder: Path | str,
    *,
    replace: bool = False,
    renewed: Mapping[str, list[str]] | None = None,
) -> list[str]:
    """Add the rows of each table to the package in `folder`; returns one French sentence per table.

    Takes tables named as in the model (`material/segments`…), with columns of the model (absent ones stay empty). A row
    already there is skipped; one with a known key and another content is refused, or takes its place with `replace`. In a
    table whose schema says `rowsOf` (the answers of one respondent), the rows that share those columns count as one. Tables
    that the package does not have yet are added from the model. `renewed` names, for a table, the columns whose values are
    given anew: rows with the same values there as a given row go first, so that what was taken out of the outside file does
    not stay. Raises DataError, before anything is written, for a package that does not extend the project's, an unknown
    column, a key given twice, a known key, or a row against the rules of the schema.
    """
    source = catalog.open_package(folder)
    if not source.extends:
        raise DataError(
            f"« {source.folder} » n'est pas le paquet d'une CPTS : créez-en un avec « cpts new DOSSIER »."
        )
    with tempfile.TemporaryDirectory(dir=source.folder, prefix=".depot-") as place:
        draft = _copy(source, Path(place), list(tables))
        sentences = [
            _add(name, rows, draft, replace, (renewed or {}).get(name, [])) for name, rows in tables.items()
        ]
        faults = [fault for name in tables for fault in check.check_table(name, draft)]
        if any(name.startswith("material/") for name in tables):
            faults += check.check_across(draft)
        if faults:
            more = f" ({len(faults) - 1} autres défauts)" if len(faults) > 1 else ""
            raise DataError(f"Rien n'a été écrit. {faults[0]}{more}")
        for path in [*(draft.resource(name)["path"] for name in tables), "datapackage.json"]:
            (source.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (draft.folder / path).replace(source.folder / path)
    return sentences


def _copy(source: catalog.Package, place: Path, names: list[str]) -> catalog.Package:
    """Copy of the package in which every table of `names` exists, empty when it is new."""
    model = catalog.Package(catalog.MODEL_FOLDER)
    descriptor = json.loads(json.dumps(source.descriptor))
    added = written.like(
        descriptor["resources"], [model.resource(n) for n in names if not source.describes(n)]
    )
    descriptor["resources"] += added
    for resource in descriptor["resources"]:
        resource.pop("hash", None) if resource["name"] in names else None
        path = place / resource["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        if resource in added:
            written.write_header(resource, path)
        elif source.path(resource["name"]).exists():
            shutil.copyfile(source.path(resource["name"]), path)
    text = json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"
    (place / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    return catalog.Package(place)


def _add(name: str, rows: pd.DataFrame, draft: catalog.Package, replace: bool, renewed: list[str]) -> str:
    resource = draft.resource(name)
    fields = [field["name"] for field in resource["schema"]["fields"]]
    unknown = [column for column in rows if column not in fields]
    if unknown:
        raise DataError(f"{name} n'a pas de colonne « {unknown[0]} » (colonnes : {', '.join(fields)}).")
    # A required table of the model may still be empty here: it is being filled.
    before = catalog.cells(name, draft, may_be_empty=True)
    given = written.with_decimals(as_text(rows), resource).reindex(columns=fields, fill_value="")
    given = given[~given.duplicated()]
    gone = 0
    if renewed:
        same = before.set_index(renewed).index.isin(given.set_index(renewed).index)
        still = before[fields].merge(given, how="left", indicator=True)["_merge"].eq("both").to_numpy()
        gone, before = int((same & ~still).sum()), before[~same | still]
    declared = resource["schema"].get("primaryKey", [])
    key = [declared] if isinstance(declared, str) else list(declared)
    if key:
        twice = given[given.duplicated(key)]
        if not twice.empty:
            raise DataError(f"{name} : la clé {_said(twice.iloc[0], key)} est donnée deux fois.")
    whole = list(resource["schema"].get("rowsOf", []))
    given = _changed_groups(given, before[fields], whole) if whole else _changed_rows(given, before[fields])
    skipped = len(rows) - len(given)
    key = whole or key
    replaced = 0
    if key:
        known = before.set_index(key).index.isin(given.set_index(key).index)
        if known.any() and not replace:
            raise DataError(
                f"{name} : {int(known.sum())} ligne(s) existent déjà avec un autre contenu, dont "
                f"{_said(before[known].iloc[0], key)}. Rien n'a été écrit : ajoutez --replace pour les remplacer."
            )
        replaced = min(int(known.sum()), len(given))
        before = before[~known]
    written.write(pd.concat([before, given]), resource, draft.path(name))
    return (
        f"{name} : {len(given) - replaced} ligne(s) ajoutée(s), {replaced} remplacée(s), "
        f"{skipped} déjà présente(s){f', {gone} retirée(s)' if gone else ''}."
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


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Cells as the CSV files of a package hold them: dates as AAAA-MM-JJ, whole numbers without a point, nothing when missing."""
    return pd.DataFrame({column: rows[column].map(_cell) for column in rows}, dtype=object)


def _cell(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _said(row: pd.Series[str], key: list[str]) -> str:
    return ", ".join(f"{column} = {row[column]}" for column in key)
