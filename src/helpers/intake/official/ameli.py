"""Professionals in private practice by territory (CNAM, data.ameli.fr, `demographie-effectifs-et-les-densites`).

Fourteen columns, semicolons (commas in some copies), byte-order mark. Rows of département 999 are totals of their region, those
of region 99 totals of the country; rows of all ages and of both sexes are totals too, and no sum may mix them with the
others. A cell NS (not significant), NC (not communicated) or empty is missing: it is never a zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from helpers.errors import DataError
from helpers.files.streams import Delimited, Layout, plain, some

TABLE = "official/professionals"
LAYOUT = Layout(
    title="effectifs et densités de la CNAM",
    columns={
        name: (name,)
        for name in (
            "annee", "profession_sante", "region", "libelle_region", "departement", "libelle_departement", "classe_age",
            "libelle_classe_age", "libelle_sexe", "effectif", "densite", "vision_generale_all",
            "vision_generale_prescriptions", "vision_profession_territoire",
        )
    },
    needed=frozenset(
        {
            "annee", "profession_sante", "region", "libelle_region", "departement", "libelle_departement", "classe_age",
            "libelle_classe_age", "libelle_sexe", "effectif", "densite",
        }
    ),
    file="demographie-effectifs-et-les-densites.csv",
    member=r".*effectifs.*densites.*\.csv",
    separators=";,",
)  # fmt: skip
SENTINELS = {"": "vide", "NS": "non_significatif", "NC": "non_communique"}
PUBLISHED = "publie"
ALL_AGES, ALL_SEXES = "tout_age", "tout sexe"
_KEY = ["profession", "level", "code", "year", "age", "sex"]


def load(
    path: Path | str, *, departments: Sequence[str] = (), years: Sequence[int] = (), detail: bool = False
) -> pd.DataFrame:
    """One row per profession, place, year, age class and sex: number of professionals and density (per 100 000 inhabitants).

    `level` is "departement", "region" or "france" (code "france"). Only the rows of all ages and both sexes are kept, those
    by age and sex too with `detail`. With `departments`, keeps them, their region and the country; `years` as they are.
    `count_status` and `density_status` say why a cell is missing. Density of midwives is per 100 000 women. Raises
    DataError for another layout, a cell that is no number, or a territory or year that cannot be read.
    """
    path = Path(path)
    source = Delimited(path, LAYOUT)
    start, kept = 0, []
    for batch in source.batches(sorted(LAYOUT.needed)):
        rows = batch.to_pandas().astype(object)
        rows.index = pd.RangeIndex(start, start + len(rows))
        start += len(rows)
        kept.append(_batch(source, rows, years, detail))
    table = pd.concat(kept, ignore_index=True)
    if departments:
        regions = set(table.loc[table["code"].isin(list(departments)), "region"])
        own = (table["level"] == "departement") & table["code"].isin(list(departments))
        around = (table["level"] == "region") & table["code"].isin(regions) | (table["level"] == "france")
        table = table[own | around] if own.any() else table[own]
    table = some(table.drop(columns="region"), departments, path)
    twice = table.duplicated(_KEY)
    if twice.any():
        said = ", ".join(str(item) for item in table.loc[twice, _KEY].iloc[0])
        raise DataError(f"{path.name} : deux lignes pour {said}. Téléchargez le fichier à nouveau.")
    return table


def _batch(source: Delimited, rows: pd.DataFrame, years: Sequence[int], detail: bool) -> pd.DataFrame:
    if not detail:
        rows = rows[_is(rows["classe_age"], ALL_AGES) & _is(rows["libelle_sexe"], ALL_SEXES)]
    # A year, or a date whose year is the one of the figures.
    readable = rows["annee"].str.fullmatch(r"20\d\d(-\d\d-\d\d([T ].*)?)?")
    source.expect(rows, "annee", readable, "n'est ni une année ni une date AAAA-MM-JJ")
    if years:
        rows = rows[rows["annee"].str[:4].isin([str(year) for year in years])]
    region, department = rows["region"].str.strip().str.zfill(2), rows["departement"].str.strip().str.zfill(2)
    source.expect(rows, "region", region.str.fullmatch(r"\d\d"), "n'est pas un code de région (99 : France)")
    good = department.str.fullmatch(r"0[1-9]|[1-8]\d|9[0-5]|2[AB]|9[78]\d|999")
    source.expect(rows, "departement", good, "n'est pas un code de département (999 : total)")
    source.expect(
        rows, "departement", (region != "99") | (department == "999"), "est dans la région 99 (France)"
    )
    level = pd.Series("departement", index=rows.index).where(department != "999", "region")
    level = level.where(region != "99", "france")
    names = rows["libelle_departement"].where(level == "departement", rows["libelle_region"])
    count = source.numbers(rows, "effectif", absent=list(SENTINELS), whole=True)
    return pd.DataFrame(
        {
            "profession": rows["profession_sante"].str.strip(),
            "level": level,
            "code": department.where(level == "departement", region).where(level != "france", "france"),
            "name_fr": names.where(level != "france", "France"),
            "year": rows["annee"].str[:4].astype("Int64"),
            "age": rows["classe_age"].str.strip(),
            "age_fr": rows["libelle_classe_age"].str.strip(),
            "sex": rows["libelle_sexe"].str.strip(),
            "count": count.astype("Int64"),
            "count_status": _status(rows["effectif"]),
            "density": source.numbers(rows, "densite", absent=list(SENTINELS)),
            "density_status": _status(rows["densite"]),
            "source": "CNAM, data.ameli.fr, effectifs et densités",
            "region": region,
        }
    )


def _is(cells: pd.Series[str], wanted: str) -> pd.Series[bool]:
    return cells.isin([cell for cell in cells.unique() if plain(cell) == wanted])


def _status(cells: pd.Series[str]) -> pd.Series[str]:
    return cells.str.strip().str.upper().map(SENTINELS).fillna(PUBLISHED)
