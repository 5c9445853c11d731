"""French names of what the data hold: titles of columns, labels of codes, names of documents.

They are data: `title` and `categories` of a field in `datapackage.json`, rows of `data/documents.csv`. Nothing here knows a
code; a new code or a new document is named there, once, and every table, workbook and report says it so.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from helpers import catalog
from helpers.errors import UnknownName


def title(table: str, field: str) -> str:
    """Head of the column `field` of `table`. Raises UnknownName with the nearest names when either does not exist."""
    return str(_field(table, field)["title"])


def titles(table: str) -> dict[str, str]:
    """Heads of all columns of `table`, by name of the field and in their order. Raises UnknownName."""
    return {name: str(field["title"]) for name, field in _table(table).items()}


def head(field: str) -> str:
    """Head of a column known by the name of its field only, as most tables title it; empty when no table has that field."""
    return _heads().get(field, "")


def codes(table: str, field: str) -> dict[str, str]:
    """Label of each code of the column, by code (as text) and in the order of the schema; empty for a column without codes.

    Raises UnknownName when the table or the field does not exist.
    """
    return {str(item["value"]): str(item["label"]) for item in _field(table, field).get("categories", [])}


def tables(field: str) -> list[str]:
    """Tables that have a column `field`, in the order of the catalogue."""
    return [name for name, fields in _tables().items() if field in fields]


def across(field: str, tables: Iterable[str]) -> dict[str, str]:
    """Label of each code of a field that several tables share, in the order of the tables; the first one names it.

    Raises UnknownName as `codes`.
    """
    found: dict[str, str] = {}
    for table in tables:
        found = {**found, **{code: name for code, name in codes(table, field).items() if code not in found}}
    return found


def label(table: str, field: str, code: object) -> str:
    """Label of one code. Raises UnknownName (table, field, or code, with the nearest codes)."""
    known = codes(table, field)
    if str(code) not in known:
        raise UnknownName("Code", str(code), known)
    return known[str(code)]


def document(key: str) -> str:
    """Short name of a document ("miller2022" is "Miller 2022"). Raises UnknownName with the nearest keys."""
    known = documents()
    if key not in known:
        raise UnknownName("Document", key, known)
    return known[key]


@lru_cache(maxsize=1)
def digest() -> str:
    """Hash of every name given here: what a report says depends on it, whatever tables it reads."""
    said = {
        table: {name: (field["title"], field.get("categories")) for name, field in fields.items()}
        for table, fields in _tables().items()
    }
    named = json.dumps([said, catalog.digest("documents", catalog.DEFAULT_FOLDER)], sort_keys=True)
    return hashlib.sha256(named.encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _documents() -> dict[str, str]:
    # As text: a command that only names documents starts without pandas. What reports depend on has `digest`.
    grid = catalog.cells("documents", catalog.DEFAULT_FOLDER)
    rows = [dict(zip(grid.header, cells, strict=True)) for _, cells in grid.rows]
    try:
        return {row["key"]: row["short_name"] for row in sorted(rows, key=lambda row: int(row["rank"]))}
    except (KeyError, ValueError):
        catalog.load("documents", catalog.DEFAULT_FOLDER)  # says what is wrong
        raise


def documents() -> dict[str, str]:
    """Short name of each document by key, in the order of the reports (`rank` of the table `documents`)."""
    return dict(_documents())


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, dict[str, Any]]]:
    # A table of the project that the model has too (cpts/cpts) is titled by the project; the codes are those of both.
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for folder in (catalog.DEFAULT_FOLDER, catalog.MODEL_FOLDER):
        for resource in catalog.Package(folder).descriptor["resources"]:
            fields = found.setdefault(resource["name"], {})
            for field in resource["schema"]["fields"]:
                known = fields.get(field["name"])
                if known is None:
                    fields[field["name"]] = field
                elif "categories" in field:
                    named = known.get("categories", [])
                    values = {item["value"] for item in named}
                    added = [item for item in field["categories"] if item["value"] not in values]
                    fields[field["name"]] = {**known, "categories": [*named, *added]}
    return found


@lru_cache(maxsize=1)
def _heads() -> dict[str, str]:
    counted: dict[str, Counter[str]] = {}
    for fields in _tables().values():
        for name, field in fields.items():
            counted.setdefault(name, Counter())[str(field["title"])] += 1
    return {name: titles.most_common(1)[0][0] for name, titles in counted.items()}


def _table(table: str) -> dict[str, dict[str, Any]]:
    tables = _tables()
    if table not in tables:
        raise UnknownName("Tableau", table, tables)
    return tables[table]


def _field(table: str, field: str) -> dict[str, Any]:
    fields = _table(table)
    if field not in fields:
        raise UnknownName("Colonne", field, fields)
    return fields[field]
