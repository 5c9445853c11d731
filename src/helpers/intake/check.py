"""Check a data package: each table by its schema, then the rules of printed cells and those across tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.catalog import Fault, Table, labels, names
from helpers.errors import DataError, ObservatoireError
from helpers.files import locks, written
from helpers.files.grid import Grid
from helpers.intake import origins, rules
from helpers.material import crosschecks
from helpers.territory import places


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
    people = catalog.read_names(source) if source.extends else ()
    named = [
        fault
        for name, frame in sound.items()
        for field in source.table(name).fields
        # `crosschecks` tells of the sources.
        if people
        and _named(source.table(name), field)
        and (name, field.name) != (crosschecks.SOURCES, "source")
        for fault in catalog.named_codes(source.table(name), frame, people, field.name)
    ]
    return faults + catalog.told(origins.placed(source, named)) + rules.faults(source, sound)


def _named(table: Table, field: catalog.Field) -> bool:
    return field.type == "string" and not field.codes and catalog.is_code(table, field)


def to_read_again(package: catalog.Package | Path | str) -> list[str]:
    """What the list `noms.txt` of a user's package cannot guard, and the cells to read again: file, column, rows, no word.

    Empty when the package is the project's, or holds no material nor answers. Tables that cannot be read are left to `check`.
    """
    source = catalog.open_package(package)
    if not source.extends:
        return []
    people = catalog.read_names(source)
    found, texts = [], 0
    for name in source.names():
        table = source.table(name)
        if not people and not table.guarded:
            continue
        try:
            frame = catalog.judged(name, source, optional=True).frame
        except ObservatoireError:
            continue
        for field in table.fields:
            if field.type != "string" or field.codes:
                continue
            texts += int(frame[field.name].count()) if table.guarded else 0
            if not people:
                continue
            column = frame[field.name].dropna()
            doubtful = {text for text in column.unique() if names.doubtful(text, people)}
            rows = [f"{line}" for line in column.index[column.isin(doubtful)]]
            if rows:
                more = f" et {len(rows) - _ROWS} autres" if len(rows) > _ROWS else ""
                said = f"{table.path}, colonne « {field.name} », {'ligne' if len(rows) == 1 else 'lignes'}"
                found.append(
                    f"À relire : {said} {', '.join(rows[:_ROWS])}{more} (une forme d'un nom de {_LIST} peut y rester)."
                )
    found += [*_homonyms(source), *_two_stages(source)]
    if not texts:
        return found
    return [*found, _UNGUARDED if people else _NO_LIST]


def _homonyms(source: catalog.Package) -> Iterator[str]:
    """Communes of the perimeters whose code is also a postcode of other ones, one sentence per scheme."""
    if not source.describes(_PERIMETERS):
        return
    try:
        rows = catalog.judged(_PERIMETERS, source, optional=True).frame
    except ObservatoireError:
        return
    for scheme, listed in rows.groupby("scheme", sort=False):
        doubts = [doubt for code in listed["commune"].unique() if (doubt := places.homonym(str(code)))]
        if doubts:
            more = f" ; et {len(doubts) - 3} autres" if len(doubts) > 3 else ""
            yield (
                f"À relire : {source.table(_PERIMETERS).path}, « {scheme} », codes lus comme codes INSEE et non comme codes "
                f"postaux : {' ; '.join(doubts[:3])}{more}."
            )


def _two_stages(source: catalog.Package) -> Iterator[str]:
    """CPTS whose last perimeter is at another stage than its own row: pages that read the one would deny the others."""
    if not (source.describes(_PERIMETERS) and source.describes(_CPTS)):
        return
    try:
        rows, own = (catalog.judged(name, source, optional=True).frame for name in (_PERIMETERS, _CPTS))
    except ObservatoireError:
        return
    last = (
        rows[rows["kind"] == "cpts"]
        .sort_values("valid_from", kind="stable")
        .groupby("scheme")["status"]
        .last()
    )
    for row in own.dropna(subset=["status"]).to_dict("records"):
        stage = last.get(row["cpts"])
        if stage in _SAME_STAGE.values() and stage != _SAME_STAGE[row["status"]]:
            said, there = (labels.codes(name, "status") for name in (_CPTS, _PERIMETERS))
            yield (
                f"À relire : « {row['cpts']} », état « {said[row['status']]} » dans {source.table(_CPTS).path} et "
                f"« {there[stage]} » dans {source.table(_PERIMETERS).path} : mettez le même, ou les pages se contrediront."
            )


_PERIMETERS, _CPTS = "cpts/perimeters", "cpts/cpts"
# The stage of a CPTS, and the state of its perimeter that says the same.
_SAME_STAGE = {"lettre_intention": "projet", "projet_valide": "valide", "aci_signe": "signe"}
_ROWS = 12
_LIST = catalog.NAMES_FILE
_NO_LIST = (
    f"Aucune liste {_LIST} : rien ne retire les noms de personnes des textes de ce paquet. Écrivez-la (un nom par ligne), ou "
    "relisez tous les textes avant de diffuser une page."
)
_UNGUARDED = (
    f"La liste {_LIST} ne garde pas : les noms qu'elle n'a pas, les surnoms et diminutifs, un nom écrit avec une faute ou en "
    "minuscules, des initiales sans points, et ce qui désigne quelqu'un sans le nommer (fonction, lieu, âge). Relisez les "
    "textes avant de diffuser une page."
)


def check_table(name: str, package: catalog.Package | Path | str | None = None) -> list[str]:
    """Faults of one table, without its links to others; the first that prevents reading it ends the list."""
    return _examined(name, catalog.open_package(package))[1]


def _examined(name: str, source: catalog.Package) -> tuple[pd.DataFrame | None, list[str]]:
    table = source.table(name)
    try:
        content = source.content(name)
        frame, faults, _ = catalog.judged_content(name, source, content)
    except ObservatoireError as error:
        return None, [str(error)]
    if not faults and "printed" in frame and name != "claims":
        faults = list(_printed_faults(table, frame))
    return frame, [*catalog.told(origins.placed(source, faults)), *_changed(name, source, content)]


def rewrite(package: catalog.Package, texts: Mapping[str, pd.DataFrame]) -> None:
    """Write tables from their cells as text, and their checksums with them: all or nothing, and nothing unsound.

    Raises DataError, with nothing written, for a row against the rules of the schema or a disk that refuses.
    """
    descriptor = json.loads(json.dumps(package.descriptor))
    resources = {resource["name"]: resource for resource in descriptor["resources"]}
    files = {}
    for name, rows in texts.items():
        table = package.table(name)
        numbered = list(enumerate(rows.to_numpy().tolist(), start=2))
        _, faults, _ = table.judge(Grid(table.path, table.columns, numbered))
        if faults:
            raise DataError(f"Rien n'a été écrit. {faults[0]}")
        files[table.path] = content = table.file(rows)
        resources[name]["hash"] = _digest(table.path, content)
    with locks.held(package.folder):
        written.replace(package.folder, {**files, catalog.DESCRIPTOR: written.described_as(descriptor)})


def seal(package: catalog.Package | Path | str | None = None) -> int:
    """Record the checksum of every table after a wanted correction; returns the number of tables whose checksum changed."""
    source = catalog.open_package(package)
    with locks.held(source.folder):
        descriptor = json.loads(json.dumps(source.descriptor))
        changed = 0
        for resource in descriptor["resources"]:
            digest = _digest(resource["path"], source.content(resource["name"]))
            changed += resource.get("hash") != digest
            resource["hash"] = digest
        written.replace(source.folder, {catalog.DESCRIPTOR: written.described_as(descriptor)})
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
