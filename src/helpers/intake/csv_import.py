"""`cpts import csv`: a CSV file of anyone's, in French or English writing, into one table of a user's package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers import catalog
from helpers.files import grid
from helpers.intake import incoming
from helpers.intake.deposit import deposit

_WORKBOOK = "employez « cpts import workbook » si « cpts new --workbook » l'a fait, sinon enregistrez sa feuille en « CSV UTF-8 »"


def import_csv(
    file: Path | str,
    table: str,
    folder: Path | str,
    *,
    columns: Mapping[str, str] | None = None,
    ignored: Sequence[str] = (),
    replace: bool = False,
) -> list[str]:
    """Add the rows of a CSV file to a table of the package in `folder`; returns what was done, in French sentences.

    Semicolons, commas or tabs; UTF-8 with or without its mark, UTF-16 with its mark, else latin-1; dates and decimals are
    put in the writing of the package and counted. `columns` gives, for a column of ours, its name in the file. Raises
    DataError, with nothing written, for a file or a column that cannot be understood, or a row against the rules.
    """
    wanted = incoming.table_of(table, catalog.open_package(folder))
    given = grid.read(file, even=True, hoped=wanted.columns, no_workbook=_WORKBOOK)
    accepted = incoming.accept(
        given,
        wanted,
        renamed=columns,
        ignored=ignored,
        remedy='Rapprochez-la par « --column NOTRE_COLONNE="{column}" », ou retirez-la du fichier',
    )
    incoming.refuse(accepted.faults, Path(file))
    return [*accepted.respelled, *deposit({table: accepted.rows}, folder, replace=replace)]
