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
    known = _describing(packages)
    chosen = [name for name in sorted(known) if name.startswith(beginning)]
    if not chosen:
        raise UnknownName("Tableau", beginning, known)
    return [f"{name} : {known[name].table(name).title}" for name in chosen]


def table(packages: Sequence[catalog.Package], name: str) -> list[str]:
    """Lines that tell the table `name`: what a row is, its file, then each column with its unit and its codes.

    Raises UnknownName.
    """
    known = _describing(packages)
    if name not in known:
        raise UnknownName("Tableau", name, known)
    described = known[name].table(name)
    lines = [
        f"{name} : {described.title}",
        described.description,
        f"Fichier : {described.path} ; clé : {', '.join(described.key) or 'aucune'}",
    ]
    for field in described.fields:
        lines += _column(name, field)
    return lines


def _describing(packages: Sequence[catalog.Package]) -> dict[str, catalog.Package]:
    """Package that describes each table that the packages reach: the first that has it, else the project that it extends."""
    found: dict[str, catalog.Package] = {}
    for package in packages:
        reached = (package, catalog.Package(catalog.DEFAULT_FOLDER)) if package.extends else (package,)
        for holder in reached:
            for name in holder.names():
                found.setdefault(name, holder)
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
