"""`cpts new`: a package to fill, whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import catalog
from helpers.errors import UsageError, reason
from helpers.files import grid, written
from helpers.intake import dictionary, workbook

EXAMPLE = "exemple"
WORKBOOK = "classeur.xlsx"


def new(folder: Path | str, *, example: bool = False, with_workbook: bool = False) -> list[str]:
    """Write a package to fill in `folder`, with a filled fictitious one in its folder `exemple`; returns what was written.

    With `example`, `folder` itself is the fictitious package. With `with_workbook`, each package also comes as one XLSX
    workbook. Raises UsageError, with nothing written, when the folder is a file or holds something.
    """
    place = Path(folder)
    try:
        filled = place.is_file() or (place.is_dir() and any(place.iterdir()))
        if not filled:
            _place(place, example=example, with_workbook=with_workbook)
    except OSError as error:
        raise UsageError(
            f"« {place} » ne peut pas être écrit ({reason(error)}) : rien n'a été écrit. Choisissez un autre dossier."
        ) from None
    if filled:
        raise UsageError(
            f"« {place} » existe déjà et n'est pas vide : choisissez un autre nom, rien n'a été écrit."
        )
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())


def _place(place: Path, *, example: bool, with_workbook: bool) -> None:
    """Write the packages aside, then put them in `place`, which is absent or empty."""
    there = place.is_dir()
    if not there:
        place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place if there else place.parent, prefix=".cpts-new-") as temporary:
        draft = Path(temporary) / place.resolve().name
        _write(draft, example=example, with_workbook=with_workbook)
        if not example:
            _write(draft / EXAMPLE, example=True, with_workbook=with_workbook)
        if not there:
            draft.replace(place)
            return
        # The folder itself stays: someone may be standing in it (`cpts new .`).
        for item in draft.iterdir():
            item.replace(place / item.name)


def _write(folder: Path, *, example: bool, with_workbook: bool) -> None:
    model = catalog.Package(catalog.MODEL_FOLDER)
    descriptor: dict[str, Any] = model.descriptor | {
        "resources": [written.described(item) for item in model.descriptor["resources"]]
    }
    if example:
        descriptor |= {
            "name": "exemple-fictif",
            "title": "CPTS fictives (exemple fictif)",
            "description": "Exemple fictif : rien n'y est réel.",
            # Nothing in it is anyone's: its invented extracts may be shown.
            "diffusable": True,
        }
    folder.mkdir(parents=True)
    (folder / catalog.DESCRIPTOR).write_bytes(written.described_as(descriptor))
    package = catalog.Package(folder)
    for name in package.names():
        table = package.table(name)
        path = package.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(table.file(table.texts(_rows(model.table(name), example=example))))
    for name, content in (
        ("DICTIONNAIRE.md", dictionary.dictionary(package)),
        ("LISEZMOI.md", dictionary.first_steps(package, example=example)),
    ):
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    if with_workbook:
        workbook.write(package, folder / WORKBOOK)


def _rows(table: catalog.Table, *, example: bool) -> pd.DataFrame:
    path = catalog.MODEL_FOLDER / EXAMPLE / table.path
    # Tables that only an import fills have no fictitious rows.
    return table.judge(grid.exact(path)).frame if example and path.exists() else table.empty()
