"""Schema rules checked on whole columns: what `cpts check` says of Parquet tables, too long for a check cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from helpers import catalog

SHOWN = 5  # faults told per rule; a column that is wrong throughout is one fault, not thirty thousand


def faults(name: str, package: catalog.Package) -> Iterator[str]:
    """Faults of the table `name` against its schema, each a French sentence: table, row, column, value, rule.

    Checks required, unique, minimum, maximum, pattern, enum, the primary key and the foreign keys; at most five sentences
    per rule. Rows count from 1. Raises DataError when the table cannot be read.
    """
    schema = package.resource(name)["schema"]
    table = catalog.load(name, package)
    for field in schema["fields"]:
        column = table[field["name"]]
        for rule, wrong in _broken(column, field):
            yield from _told(name, field["name"], column, wrong, rule)
    keys = list(schema.get("primaryKey", []))
    if keys:
        repeated = table.duplicated(keys) | table[keys].isna().any(axis=1)
        yield from _told(name, keys[0], table[keys[0]], repeated, "répète ou laisse vide la clé de la ligne")
    for key in schema.get("foreignKeys", []):
        column = key["fields"][0]
        other = catalog.load(key["reference"]["resource"] or name, package)[key["reference"]["fields"][0]]
        absent = table[column].notna() & ~table[column].isin(other)
        yield from _told(name, column, table[column], absent, "renvoie à une valeur absente du tableau lié")


def _broken(column: pd.Series[Any], field: dict[str, Any]) -> Iterator[tuple[str, pd.Series[Any]]]:
    rules = field.get("constraints", {})
    filled = column.notna()
    if rules.get("required"):
        yield "est vide, alors que la colonne est obligatoire", ~filled
    if rules.get("unique"):
        yield "figure deux fois dans une colonne sans doublon", filled & column.duplicated()
    if "minimum" in rules:
        yield f"est sous le minimum ({rules['minimum']})", filled & (column < rules["minimum"]).fillna(False)
    if "maximum" in rules:
        yield f"dépasse le maximum ({rules['maximum']})", filled & (column > rules["maximum"]).fillna(False)
    if "pattern" in rules:
        matching = column.astype("string").str.fullmatch(rules["pattern"]).fillna(False)
        yield f"n'a pas la forme « {rules['pattern']} »", filled & ~matching
    if "enum" in rules:
        yield (
            f"n'est pas l'une de : {', '.join(map(str, rules['enum']))}",
            filled & ~column.isin(rules["enum"]),
        )


def _told(name: str, label: str, column: pd.Series[Any], wrong: pd.Series[Any], rule: str) -> Iterator[str]:
    rows = wrong.to_numpy(dtype=bool, na_value=False).nonzero()[0]
    for row in rows[:SHOWN]:
        value = column.iloc[row]
        shown = "" if pd.isna(value) else value
        more = f" ({len(rows)} lignes en tout)" if len(rows) > SHOWN and row == rows[0] else ""
        yield f"{name}, ligne {row + 1}, colonne « {label} » : « {shown} » {rule}{more}."
