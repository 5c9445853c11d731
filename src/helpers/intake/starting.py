"""`cpts new`: a package to fill, whole or not at all, empty or begun with the communes of a territory."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import aci, catalog, french
from helpers.catalog import Study
from helpers.errors import UsageError, reason
from helpers.files import grid, locks, written
from helpers.intake import dictionary, workbook
from helpers.territory.places import Place

EXAMPLE = "exemple"
WORKBOOK = "classeur.xlsx"
_DRAFT = ".cpts-new-"


# The day of the limits of the communes, when no one said since when the perimeter holds.
SINCE = dt.date(2025, 1, 1)


def new(
    folder: Path | str,
    *,
    example: bool = False,
    with_workbook: bool = False,
    place: Place | None = None,
    since: dt.date = SINCE,
) -> list[str]:
    """Write a package to fill in `folder`, with a filled fictitious one in its folder `exemple`; returns what was written.

    With `example`, `folder` itself is the fictitious package. With `with_workbook`, each package also comes as one XLSX
    workbook. With `place`, the package has one CPTS, its population and its perimeter from the day `since`, to be confirmed:
    its code is made of the name of the folder. Raises UsageError, with nothing written, when the folder is a file or holds
    something.
    """
    target = Path(folder)
    begun = {} if place is None else begin(place, target.resolve().name, since=since)
    try:
        _sweep(target)
        filled = target.is_file() or (target.is_dir() and any(target.iterdir()))
        if not filled:
            _place(target, example=example, with_workbook=with_workbook, begun=begun)
    except OSError as error:
        raise UsageError(
            f"« {target} » ne peut pas être écrit ({reason(error)}) : rien n'a été écrit. Choisissez un autre dossier."
        ) from None
    if filled:
        raise UsageError(
            f"« {target} » existe déjà et n'est pas vide : choisissez un autre nom, rien n'a été écrit."
        )
    return sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())


def begin(place: Place, folder: str, *, since: dt.date = SINCE) -> dict[str, pd.DataFrame]:
    """Rows of `cpts/cpts` and `cpts/perimeters` for a territory: status and first day are for the user to confirm."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "-", french.unaccented(folder)).strip("-")[:40] or "ma-cpts"
    rows = place.communes
    people = rows["population_2023"].astype("float64")
    main = people.fillna(0).groupby(rows["department"]).sum().idxmax()
    known = bool(people.notna().all()) and people.sum() > 0
    cpts = pd.DataFrame(
        {
            "cpts": [plain], "name_fr": [place.name_fr or folder], "department": [str(main)],
            "population": pd.array([int(people.sum()) if known else pd.NA], dtype="Int64"),
            "population_date": pd.to_datetime([dt.date(2023, 1, 1) if known else None]),
            "size": pd.array([_size(float(people.sum())) if known else pd.NA], dtype="Int64"),
            "source": ["INSEE, populations légales 2023, somme des communes"],
            "note": ["Écrit par « cpts new » : complétez le nom, le statut et les dates."],
        }
    )  # fmt: skip
    perimeter = pd.DataFrame({"commune": rows["code"]}).assign(
        scheme=plain, kind="cpts", name_fr=place.name_fr or folder, valid_from=pd.Timestamp(since), status="projet",
        source="communes données à « cpts new »", note="Premier jour et statut à confirmer.",
    )  # fmt: skip
    return {"cpts/cpts": cpts, "cpts/perimeters": perimeter}


def _size(population: float) -> int:
    return aci.size_class(population, aci.bounds(Study("")))


def _sweep(place: Path) -> None:
    for folder in (place, place.parent):
        for left in folder.glob(f"{_DRAFT}*-*") if folder.is_dir() else ():
            owner = left.name.removeprefix(_DRAFT).split("-")[0]
            if owner.isdigit() and not locks.alive(int(owner)):
                shutil.rmtree(left, ignore_errors=True)


def _place(place: Path, *, example: bool, with_workbook: bool, begun: dict[str, pd.DataFrame]) -> None:
    """Write the packages aside, then put them in `place`, which is absent or empty."""
    there = place.is_dir()
    if not there:
        place.parent.mkdir(parents=True, exist_ok=True)
    # Its name says the process: what a killed one left is swept by the next.
    draft_name = f"{_DRAFT}{os.getpid()}-"
    with tempfile.TemporaryDirectory(dir=place if there else place.parent, prefix=draft_name) as temporary:
        draft = Path(temporary) / place.resolve().name
        _write(draft, example=example, with_workbook=with_workbook, begun=begun)
        if not example:
            _write(draft / EXAMPLE, example=True, with_workbook=with_workbook, begun={})
        if not there:
            draft.replace(place)
            return
        # The folder itself stays: someone may be standing in it (`cpts new .`).
        for item in draft.iterdir():
            item.replace(place / item.name)


def _write(folder: Path, *, example: bool, with_workbook: bool, begun: dict[str, pd.DataFrame]) -> None:
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
        path.write_bytes(table.file(table.texts(begun.get(name, _rows(model.table(name), example=example)))))
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
