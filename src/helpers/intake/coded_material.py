"""Coded material read from a file of another program enters a package."""

from __future__ import annotations

from pathlib import Path

from helpers import catalog
from helpers.errors import DataError
from helpers.intake.deposit import deposit
from helpers.material.imported import SEGMENTS, Imported


def deposit_material(imported: Imported, folder: Path, *, replace: bool = False) -> list[str]:
    """Add the tables to the package; returns a French sentence per table, then the notes.

    Raises as `deposit` does, and DataError for a file that holds nothing to add (a project just created, say).

    Tables guessed from the segments are written only into a package that has none of its own. With `replace`, the segments of
    a source by a coder are those of the file: what the file no longer has goes.
    """
    if not any(map(len, imported.tables.values())):
        raise DataError(
            "Rien à importer : ce projet n'a ni code, ni source avec un texte, ni passage codé. Vérifiez que c'est bien le "
            f"projet codé que le logiciel a exporté. {' '.join(imported.notes)}".rstrip()
        )
    tables = {
        name: table
        for name, table in imported.tables.items()
        if len(table) and not (name in imported.guessed and len(catalog.load(name, folder, optional=True)))
    }
    renewed = {SEGMENTS: ["source", "coder"]} if replace else None
    return [*deposit(tables, folder, replace=replace, renewed=renewed), *imported.notes]
