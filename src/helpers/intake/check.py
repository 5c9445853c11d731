"""Check a data package: each table by its schema, then the rules of printed cells and those across tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, Table
from helpers.errors import ObservatoireError
from helpers.files import written
from helpers.intake import rules


def check(package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults of every table of the package, each a French sentence: file, row, column, cell, what is wrong, what to do.

    Empty when all is well. Each file is opened once. Raises DataError when the package itself cannot be read.
    """
    source = catalog.open_package(package)
    sound, faults = {}, []
    for name in source.names():
        frame, told = _examined(name, source)
        faults += told
        if frame is not None and not told:
            sound[name] = frame
    return faults + rules.faults(source, sound)


def check_table(name: str, package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults of one table, without its links to others; the first that prevents reading it ends the list."""
    return _examined(name, catalog.open_package(package))[1]


def _examined(name: str, source: catalog.Package) -> tuple[pd.DataFrame | None, list[str]]:
    table = source.table(name)
    try:
        content = source.content(name)
        frame, faults, _ = catalog.judge(table, content)
    except ObservatoireError as error:
        return None, [str(error)]
    if not faults and "printed" in frame and name != "claims":
        faults = list(_printed_faults(table, frame))
    return frame, [*catalog.told(faults), *_changed(name, source, content)]


def seal(package: catalog.Package | Path | str | None = None) -> int:
    """Record the checksum of every table after a wanted correction; returns the number of tables whose checksum changed."""
    source = catalog.open_package(package)
    descriptor = json.loads(json.dumps(source.descriptor))
    changed = 0
    for resource in descriptor["resources"]:
        digest = _digest(resource["path"], source.content(resource["name"]))
        changed += resource.get("hash") != digest
        resource["hash"] = digest
    written.replace({source.folder / catalog.DESCRIPTOR: written.described_as(descriptor)})
    return changed


def _digest(place: str, content: bytes) -> str:
    # Line ends are those of git, whatever the machine writes in its working copy; a Parquet file has none.
    text = content if place.endswith(".parquet") else content.replace(b"\r\n", b"\n")
    return "sha256:" + hashlib.sha256(text).hexdigest()


def _changed(name: str, source: catalog.Package, content: bytes) -> list[str]:
    resource = source.resource(name)
    expected = resource.get("hash")
    if expected is None or expected == _digest(resource["path"], content):
        return []
    return [
        f"{name} : le fichier a changé depuis son dernier contrôle (empreinte différente). Si la correction est voulue, "
        "lancez « cpts check --seal »."
    ]


def _printed_faults(table: Table, frame: pd.DataFrame) -> Iterator[Fault]:
    for line, row in zip(frame.index, frame.to_dict("records"), strict=True):
        if pd.notna(row.get("repair")):
            if pd.isna(row.get("note")):
                yield table.fault(
                    line, "note", "", "est vide : une cellule réparée doit dire comment dans « note »"
                )
            continue
        if "value" in row and (said := _printed_fault(row)):
            yield table.fault(line, "value", row["value"], *said)
        for column in ("lower", "upper"):
            if pd.notna(row.get(column)) and not _is_printed(float(row[column]), _printed(row)):
                words = f"n'est pas dans la valeur imprimée « {row['printed']} »"
                yield table.fault(line, column, row[column], words, "corrigez l'une des deux")


def _is_printed(bound: float, printed: str) -> bool:
    # "40-80 000" writes its thousands once for both bounds.
    return any(bound in (shown, 1000 * shown) for shown in french.numbers(printed))


def _printed(row: Mapping[Any, Any]) -> str:
    return "" if pd.isna(row["printed"]) else str(row["printed"])


def _printed_fault(row: Mapping[Any, Any]) -> tuple[str, str] | None:
    printed = _printed(row)
    value = row["value"]
    scale = row.get("scale")
    if scale is not None and pd.notna(scale):
        shown = french.first_number(printed)
        read = None if shown is None else shown * float(scale)
    else:
        read = french.parse_number(printed)
    remedy = "corrigez l'une des deux, ou dites la réparation dans « repair » et « note »"
    if read is None and pd.notna(value):
        return f"est rempli mais « {printed} » n'est pas un nombre à la française (virgule décimale)", remedy
    if read is not None and pd.isna(value):
        return f"est vide alors que « {printed} » est un nombre", remedy
    if read is not None and abs(read - float(value)) > 1e-9 * max(1.0, abs(read)):
        return f"ne correspond pas à la valeur imprimée « {printed} »", remedy
    return None
