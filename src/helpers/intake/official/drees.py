"""Local potential accessibility by commune (DREES, "accessibilité potentielle localisée", APL): the yearly workbooks.

One workbook per profession, one sheet per year ("APL 2023", "APL_2018"). Title and notes come first, the header line moves
from one edition to the next, a line of units follows it, and notes close the sheet. Columns are known by how they begin.
Mayotte is absent, Paris, Lyon and Marseille are given by arrondissement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers import french
from helpers.errors import DataError, NotComputable, UnknownName
from helpers.files import sheets
from helpers.files.streams import some, within
from helpers.intake.official.apl_sheet import PROFESSIONS, Reading
from helpers.methods.results import long

TABLE = "official/accessibility"
LARGEST = 1_000_000_000
APL_COLUMNS = ("apl", "apl_65", "apl_62", "apl_60")
SHEET = re.compile(r"APL[ _]?(20\d\d)")


def load(path: Path | str, *, years: Sequence[int] = (), departments: Sequence[str] = ()) -> pd.DataFrame:
    """One row per commune, profession and year: APL (all ages; 65, 62, 60 and under for generalists) and its populations.

    Takes the sheets of `years`, the latest one when none is given; keeps only `departments` when given. Generalists are in
    consultations per year and standardised inhabitant, the others in full-time equivalents per 100 000 standardised
    inhabitants (women for midwives). Raises UnknownName for a year without a sheet, DataError for another layout, naming
    sheet, line and column.
    """
    path = Path(path)
    found = _sheets(path)
    for year in (wanted := list(dict.fromkeys(years))):
        if year not in found:
            raise UnknownName("Année de l'APL", year, found)
    tables = [_sheet(path, found[year], year) for year in (wanted or [max(found)])]
    table = pd.concat(tables, ignore_index=True)
    return some(table[within(table["commune"], departments)], departments, path)


def by_territory(
    table: pd.DataFrame,
    territories: pd.Series[str],
    *,
    column: str | None = None,
    threshold: float | None = None,
) -> pd.DataFrame:
    """APL of each territory by the rule of the DREES, as long results, one period per year.

    Takes rows of `load` for one profession and the territory of each commune (indexed by commune code); `column` is
    "apl_65" for generalists, the series that the DREES publishes, and "apl" for the others, unless given. The mean is weighted
    by the standardised population; the people under `threshold` are counted with the total population, in number and in
    percent. Communes without a value are left out of both and counted in the note (Paris, Lyon and Marseille must be given
    by arrondissement). Raises NotComputable for several professions, no territory, or one without any value or, with
    `threshold`, without inhabitants. Method: DREES, notes of the workbook; Barlet et al. 2012, "L'accessibilité potentielle
    localisée".
    """
    professions = table["profession"].unique()
    if len(professions) != 1:
        raise NotComputable(
            f"L'APL s'agrège une profession à la fois (ici : {', '.join(map(str, professions))})."
        )
    profession = str(professions[0])
    column = column or ("apl_65" if profession == "generalistes" else "apl")
    if column not in APL_COLUMNS:
        raise UnknownName("Colonne de l'APL", column, APL_COLUMNS)
    if territories.empty:
        raise NotComputable("Aucune commune ne dit son territoire : l'APL ne s'agrège pas.")
    rows = []
    for period, year in table.groupby("year"):
        places = territories.to_frame("territory").join(year.set_index("commune"), how="left")
        for territory, group in places.groupby("territory"):
            known = group.dropna(subset=[column, "standardised_population"])
            if known.empty or not known["standardised_population"].sum() > 0:
                raise NotComputable(f"{territory} : aucune commune n'a d'APL en {period}.")
            absent = len(group) - len(known)
            note = f"{absent} commune(s) sans APL laissée(s) de côté" if absent else ""
            shared = {
                "indicator": f"APL, {profession}",
                "territory": str(territory),
                "period": str(period),
                "note": note,
            }
            weights = known["standardised_population"]
            total, weight = float((known[column] * weights).sum()), float(weights.sum())
            rows.append(
                long(
                    **shared, statistic="moyenne pondérée", value=total / weight, numerator=total, denominator=weight,
                    unit=PROFESSIONS[profession][1], method="moyenne pondérée par la population standardisée (DREES)",
                )
            )  # fmt: skip
            if threshold is not None:
                rows += _under(known, column, threshold, shared)
    return pd.concat(rows, ignore_index=True)


def _under(known: pd.DataFrame, column: str, threshold: float, shared: dict[str, str]) -> list[pd.DataFrame]:
    if known["population"].isna().any():
        raise NotComputable(
            f"{shared['territory']} : la population totale manque, le nombre d'habitants sous le seuil ne se calcule pas."
        )
    people = float(known["population"].sum())
    if not people > 0:
        raise NotComputable(
            f"{shared['territory']} : aucun habitant, la part sous le seuil ne se calcule pas."
        )
    under = float(known.loc[known[column] < threshold, "population"].sum())
    method = "population totale des communes sous le seuil (DREES)"
    name = f"sous {french.number(threshold)}"
    return [
        long(**shared, statistic=f"habitants {name}", value=under, numerator=under, denominator=people, unit="habitants",
             method=method),
        long(**shared, statistic=f"part des habitants {name}", value=100 * under / people, numerator=under,
             denominator=people, unit="%", method=method),
    ]  # fmt: skip


def _sheets(path: Path) -> dict[int, str]:
    book = sheets.workbook(path, largest=LARGEST)
    try:
        names = [str(name) for name in book.sheetnames]
    finally:
        book.close()
    found = {int(match.group(1)): name for name in names if (match := SHEET.fullmatch(name.strip()))}
    if not found:
        raise DataError(
            f"{path.name} : aucune feuille « APL année » (lu : {', '.join(names)}). Donnez le classeur tel que publié."
        )
    return found


def _sheet(path: Path, name: str, year: int) -> pd.DataFrame:
    book = sheets.workbook(path, largest=LARGEST)
    try:
        return Reading(f"{path.name}, feuille « {name} »").table(sheets.lines(book[name], path.name), year)
    finally:
        book.close()
