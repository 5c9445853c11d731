"""The "dossier complet" of INSEE: about 1 900 columns of the census and of civil registration by commune, in one file.

The columns to read are the rows of `open/dossier_columns`: each has a pattern whose two digits are the year ("P22_POP80P"). An
edition holds several censuses side by side; the latest one is read, and it must be the same for every column of the census.
The file is read a few megabytes at a time; no other column is converted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import catalog
from helpers.errors import DataError
from helpers.files import limits
from helpers.files.streams import Delimited, Layout, encoding, plain, some, split, within
from helpers.intake.official.insee import COMMUNE

COLUMNS = "open/dossier_columns"
CODE = "CODGEO"
FILE, MEMBER = "dossier_complet.csv", r"dossier_complet.*\.csv"
SECRET = ("", "S", "ND", "NS", "N/A")
VITAL = ("births", "deaths")
_SAMPLE = 1 << 20
_SEARCHED = 5


def columns() -> pd.DataFrame:
    """Columns read of the file, indexed by our name: pattern, title, unit, and whether the file is refused without it."""
    return catalog.load(COLUMNS, catalog.DEFAULT_FOLDER).set_index("column")


def load(path: Path | str, *, departments: Sequence[str] = ()) -> pd.DataFrame:
    """One row per commune (and arrondissement of Paris, Lyon, Marseille): `commune`, `year` of the census, then the columns.

    Counts are those of the census, weighted, with decimals; a cell under secrecy or empty is missing, and so is a whole column
    that this edition does not have. `vital_year` is the year of births and deaths. Keeps only `departments` when given.
    Raises DataError for another layout, censuses mixed, or a cell that is no number, naming file, line and column.
    """
    path = Path(path)
    layout, found, years = _layout(path)
    source = Delimited(path, layout)
    rows = source.read(["commune", *found])
    rows["commune"] = rows["commune"].str.strip()
    source.expect(
        rows, "commune", rows["commune"].str.fullmatch(COMMUNE), "n'est pas un code de commune (5 caractères)"
    )
    source.expect(rows, "commune", ~rows["commune"].duplicated(), "est une commune déjà lue plus haut")
    census = max(years[name] for name in found if name in years and name not in VITAL)
    vital = [years[name] for name in VITAL if name in found]
    numbers = {
        name: source.numbers(rows, name, absent=SECRET) if name in found else float("nan")
        for name in columns().index
    }
    table = pd.DataFrame({"commune": rows["commune"], "year": census, **numbers}).assign(
        vital_year=pd.array([max(vital) if vital else pd.NA] * len(rows), dtype="Int64"),
        source=f"INSEE, dossier complet, recensement {census}",
    )
    return some(table[within(table["commune"], departments)], departments, path)


def absent(table: pd.DataFrame) -> list[str]:
    """Titles of the columns that this edition does not have."""
    known = columns()
    return [str(known.loc[name, "title_fr"]) for name in known.index if table[name].isna().all()]


def _layout(path: Path) -> tuple[Layout, list[str], dict[str, int]]:
    """Layout with every name of the header, the columns of ours found in it, and the year of each."""
    names = _header(path)
    found: dict[str, str] = {}
    years: dict[str, int] = {}
    known = columns()
    for column, row in known.iterrows():
        matches = [(name, match) for name in names if (match := re.fullmatch(str(row["pattern"]), name))]
        if matches:
            name, match = max(matches, key=lambda pair: pair[1].groups())
            found[str(column)] = name
            if match.groups():
                years[str(column)] = 2000 + int(match.group(1))
        elif row["needed"]:
            expected = str(row["pattern"]).replace(r"(\d\d)", "22")
            raise DataError(
                f"{path.name}, ligne 1 : colonne « {expected} » (ou d'une autre année) absente du dossier complet : "
                f"{row['title_fr']}. Vérifiez l'édition du fichier."
            )
    census = {name: year for name, year in years.items() if name not in VITAL}
    latest = max(census.values())
    # An older census alone has a column that is no longer made: it is not that of the latest.
    found = {name: header for name, header in found.items() if census.get(name, latest) == latest}
    lost = [name for name in census if name not in found and known.loc[name, "needed"]]
    if lost:
        raise DataError(
            f"{path.name}, ligne 1 : recensements mêlés (« {known.loc[lost[0], 'title_fr']} » de {census[lost[0]]}, le reste "
            f"de {latest}). Donnez le fichier tel que publié."
        )
    taken = set(found.values()) | {CODE}
    others = {f"other_{rank}": (name,) for rank, name in enumerate(names) if name not in taken}
    layout = Layout(
        title="dossier complet de l'INSEE",
        columns={"commune": (CODE,)} | {name: (header,) for name, header in found.items()} | others,
        needed=frozenset({"commune", *found}),
        file=FILE,
        member=MEMBER,
        separators=";,\t",
    )
    return layout, list(found), years


def _header(path: Path) -> list[str]:
    with limits.opened(path, MEMBER, FILE) as stream:
        sample = stream.read(_SAMPLE)
    if not sample.strip():
        raise DataError(f"{path.name} est vide : téléchargez le fichier à nouveau.")
    lines = sample.decode(encoding(sample), errors="ignore").removeprefix("\ufeff").splitlines()[:_SEARCHED]
    for line in lines:
        for separator in ";,\t":
            names = [name.strip() for name in split(line, separator)]
            if CODE in names and len(names) > 1:
                same = pd.Series([plain(name) for name in names if name]).duplicated()
                twice = [name for name in names if name][int(same.to_numpy().argmax())] if same.any() else ""
                if twice:
                    raise DataError(
                        f"{path.name}, ligne 1 : la colonne « {twice} » figure deux fois. Donnez le fichier tel que publié."
                    )
                return [name for name in names if name]
    raise DataError(
        f"{path.name}, ligne 1 : ce n'est pas l'en-tête du dossier complet de l'INSEE (attendu : {CODE}, P22_POP…). "
        "Donnez le fichier tel que publié."
    )
