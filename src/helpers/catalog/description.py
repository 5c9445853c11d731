"""The tables of the catalogue told in the terminal: which exist, and what each column holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpers import catalog
from helpers.catalog import labels, words
from helpers.errors import UnknownName


def tables(packages: Sequence[catalog.Package], beginning: str = "") -> list[str]:
    """One line per table that the packages reach, name and title; those whose name begins so when `beginning` is given.

    Raises UnknownName when no table does.
    """
    known = _reached(packages)
    chosen = [name for name in sorted(known) if name.startswith(beginning)]
    if not chosen:
        raise UnknownName("Tableau", beginning, known)
    return [f"{name} : {known[name]['title']}" for name in chosen]


def table(packages: Sequence[catalog.Package], name: str) -> list[str]:
    """Lines that tell the table `name`: what a row is, its file, then each column with its unit and its codes.

    Raises UnknownName.
    """
    known = _reached(packages)
    if name not in known:
        raise UnknownName("Tableau", name, known)
    resource = known[name]
    schema = resource["schema"]
    key = ", ".join(words.key(schema)) or "aucune"
    lines = [
        f"{name} : {resource['title']}",
        resource["description"],
        f"Fichier : {resource['path']} ; clé : {key}",
    ]
    for field in schema["fields"]:
        lines += _column(name, field)
    return lines


def _reached(packages: Sequence[catalog.Package]) -> dict[str, dict[str, Any]]:
    # The first package that has a table describes it.
    found: dict[str, dict[str, Any]] = {}
    for package in packages:
        for resource in package.reachable():
            found.setdefault(str(resource["name"]), resource)
    return found


def _column(table_name: str, field: dict[str, Any]) -> list[str]:
    unit = f", {field['unit']}" if field.get("unit") else ""
    needed = ", obligatoire" if field.get("constraints", {}).get("required") else ""
    title = field.get("title") or labels.title(table_name, field["name"])
    head = f"  {field['name']} : {title} ({words.kind(field)}{unit}{needed}). {field['description']}"
    codes = field.get("categories")
    if codes:
        return [head, *(f"      {item['value']} = {item['label']}" for item in codes)]
    allowed = words.allowed(field)
    return [head, *([f"      permis : {allowed}"] if allowed else [])]
