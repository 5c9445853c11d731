"""The tables of the catalogue told in the terminal: which exist, and what each column holds."""

from __future__ import annotations

from collections.abc import Sequence

from helpers import catalog
from helpers.catalog import labels
from helpers.errors import UnknownName


def tables(packages: Sequence[catalog.Package], beginning: str = "") -> list[str]:
    """One line per table that the packages reach, name and title; those whose name begins so when `beginning` is given.

    Raises UnknownName when no table does.
    """
    known = _reached(packages)
    chosen = [name for name in sorted(known) if name.startswith(beginning)]
    if not chosen:
        raise UnknownName("Tableau", beginning, known)
    return [f"{name} : {known[name].title}" for name in chosen]


def table(packages: Sequence[catalog.Package], name: str) -> list[str]:
    """Lines that tell the table `name`: what a row is, its file, then each column with its unit and its codes.

    Raises UnknownName.
    """
    known = _reached(packages)
    if name not in known:
        raise UnknownName("Tableau", name, known)
    described = known[name]
    lines = [
        f"{name} : {described.title}",
        described.description,
        f"Fichier : {described.path} ; clé : {', '.join(described.key) or 'aucune'}",
    ]
    for field in described.fields:
        lines += _column(name, field)
    return lines


def _reached(packages: Sequence[catalog.Package]) -> dict[str, catalog.Table]:
    # The first package that has a table describes it.
    found: dict[str, catalog.Table] = {}
    for package in packages:
        for resource in package.reachable():
            found.setdefault(resource["name"], package.holder(resource["name"]).table(resource["name"]))
    return found


def _column(table: str, field: catalog.Field) -> list[str]:
    unit = f", {field.unit}" if field.unit else ""
    needed = ", obligatoire" if field.required else ""
    title = field.title or labels.title(table, field.name)
    head = f"  {field.name} : {title} ({field.kind()}{unit}{needed}). {field.description}"
    if field.labels:
        return [head, *(f"      {code} = {label}" for code, label in field.labels.items())]
    allowed = field.allowed()
    return [head, *([f"      permis : {allowed}"] if allowed else [])]
