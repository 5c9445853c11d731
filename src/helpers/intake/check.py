"""Check a data package: schema rules through frictionless, then the rules of printed cells. One sentence per fault.

Parquet tables, which may have many rows and which frictionless cannot read here, are checked column by column.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.errors import ObservatoireError
from helpers.intake import column_rules, own_cells, rules
from helpers.material import crosschecks

_RULES = {
    "type-error": "n'a pas le type attendu ({detail})",
    "constraint-error": "ne respecte pas la règle de la colonne ({detail})",
    "unique-error": "figure deux fois dans une colonne sans doublon",
    "primary-key": "répète la clé d'une autre ligne ({detail})",
    "foreign-key": "renvoie à une valeur absente du tableau lié ({detail})",
}


def check(package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults of every table of the package, each a French sentence: table, row, column, value, rule. Empty when all is well.

    Raises DataError when the package itself cannot be read.
    """
    source = catalog.open_package(package)
    found = {name: check_table(name, source) for name in source.names()}
    faults = [fault for told in found.values() for fault in told]
    if source.extends:
        faults += rules.faults(source, [name for name, told in found.items() if not told])
    return faults + check_across(source)


def check_across(package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults between the tables of coded material: see `crosschecks.faults`. Tables that cannot be read are told elsewhere."""
    try:
        return crosschecks.faults(package)
    except ObservatoireError:
        return []


def check_table(name: str, package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults of one table; the first that prevents reading it ends the list."""
    source = catalog.open_package(package)
    # A package that a person fills has its faults explained; frictionless then only confirms that none is left.
    if source.extends and (explained := own_cells.faults(name, source)):
        return explained
    try:
        faults = list(_schema_faults(name, source))
        table = catalog.load(name, source)
    except ObservatoireError as error:
        return [f"{name} : {error}"]
    if "printed" in table and name != "claims":
        faults += _printed_faults(name, table)
    return faults + _changed(name, source)


def seal(package: catalog.Package | Path | str | None = None) -> int:
    """Record the checksum of every table after a wanted correction; returns the number of tables whose checksum changed."""
    source = catalog.open_package(package)
    descriptor = json.loads(json.dumps(source.descriptor))
    changed = 0
    for resource in descriptor["resources"]:
        digest = _digest(source.folder / resource["path"])
        changed += resource.get("hash") != digest
        resource["hash"] = digest
    path = source.folder / "datapackage.json"
    temporary = path.with_suffix(".json.tmp")
    temporary.write_text(
        json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n"
    )
    temporary.replace(path)
    return changed


def _digest(path: Path) -> str:
    # Line ends are those of git, whatever the machine writes in its working copy; a Parquet file has none.
    content = path.read_bytes()
    text = content if path.suffix == ".parquet" else content.replace(b"\r\n", b"\n")
    return "sha256:" + hashlib.sha256(text).hexdigest()


def _changed(name: str, source: catalog.Package) -> list[str]:
    expected = source.resource(name).get("hash")
    if expected is None or expected == _digest(source.path(name)):
        return []
    return [
        f"{name} : le fichier a changé depuis son dernier contrôle (empreinte différente). Si la correction est voulue, "
        "lancez « cpts check --seal »."
    ]


def _schema_faults(name: str, source: catalog.Package) -> Iterator[str]:
    if source.path(name).suffix == ".parquet":
        yield from column_rules.faults(name, source)
        return
    # frictionless is slow to import and only this module needs it.
    from frictionless import Package, system

    resource = source.resource(name)
    catalog.cells(name, source)
    if source.extends:
        # `own_cells` has told of the links; a linked table that cannot be read is told once, for itself.
        resources = [_filled(_plain(resource))]
    else:
        needed = {name, *_referenced(resource)}
        resources = [_plain(source.resource(other)) for other in source.names() if other in needed]
    with system.use_context(trusted=True):
        package = Package({"resources": resources}, basepath=str(source.folder))
        report = package.get_resource(name).validate()
    for error in (error for task in report.tasks for error in task.errors):
        yield f"{name}{_place(error)} {_rule(error)}."


def _referenced(resource: dict[str, Any]) -> set[str]:
    return {
        key["reference"]["resource"]
        for key in resource["schema"].get("foreignKeys", [])
        if key["reference"]["resource"]
    }


def _plain(resource: dict[str, Any]) -> dict[str, Any]:
    # The checksum is ours to explain; frictionless would say it in bytes and English.
    return {key: value for key, value in resource.items() if key not in ("hash", "bytes")}


def _filled(resource: dict[str, Any]) -> dict[str, Any]:
    """A table of a user's package on its own: without its links, and with blank lines allowed, which every reader skips."""
    schema = {key: value for key, value in resource["schema"].items() if key != "foreignKeys"}
    return {**resource, "schema": schema, "dialect": {**resource.get("dialect", {}), "skipBlankRows": True}}


def _place(error: Any) -> str:
    place = f", ligne {error.row_number}" if getattr(error, "row_number", None) else ""
    field = getattr(error, "field_name", None) or getattr(error, "label", None)
    place += f", colonne « {field} »" if field else ""
    cell = getattr(error, "cell", None)
    return f"{place} : « {cell} »" if cell is not None else f"{place} :"


def _rule(error: Any) -> str:
    rule = _RULES.get(error.type)
    return rule.format(detail=error.note) if rule else f"{error.title.lower()} ({error.note})"


def _printed_faults(name: str, table: pd.DataFrame) -> list[str]:
    faults = []
    for position, row in enumerate(table.to_dict("records"), start=2):
        if pd.notna(row.get("repair")):
            if pd.isna(row.get("note")):
                faults.append(
                    f"{name}, ligne {position} : une cellule réparée doit dire comment dans « note »."
                )
            continue
        if "value" in row and (fault := _printed_fault(row)):
            faults.append(f"{name}, ligne {position}, colonne « value » : {fault}")
        for column in ("lower", "upper"):
            if pd.notna(row.get(column)) and not _is_printed(float(row[column]), _printed(row)):
                faults.append(
                    f"{name}, ligne {position}, colonne « {column} » : « {row[column]:g} » n'est pas dans la valeur imprimée "
                    f"« {row['printed']} ». Corrigez l'une des deux."
                )
    return faults


def _is_printed(bound: float, printed: str) -> bool:
    # "40-80 000" writes its thousands once for both bounds.
    return any(bound in (shown, 1000 * shown) for shown in french.numbers(printed))


def _printed(row: Mapping[Any, Any]) -> str:
    return "" if pd.isna(row["printed"]) else str(row["printed"])


def _printed_fault(row: Mapping[Any, Any]) -> str | None:
    printed = _printed(row)
    value = row["value"]
    scale = row.get("scale")
    if scale is not None and pd.notna(scale):
        shown = french.first_number(printed)
        read = None if shown is None else shown * float(scale)
    else:
        read = french.parse_number(printed)
    remedy = "Corrigez l'une des deux, ou dites la réparation dans « repair » et « note »."
    if read is None and pd.notna(value):
        return f"« {value} » est rempli mais « {printed} » n'est pas un nombre à la française (virgule décimale). {remedy}"
    if read is not None and pd.isna(value):
        return f"vide alors que « {printed} » est un nombre. {remedy}"
    if read is not None and abs(read - float(value)) > 1e-9 * max(1.0, abs(read)):
        return f"« {value} » ne correspond pas à la valeur imprimée « {printed} ». {remedy}"
    return None
