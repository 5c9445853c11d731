"""What official files say of care in a territory, each at the level where it stops, never higher as if it were its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.errors import NotComputable
from helpers.methods.results import long
from helpers.territory import access, communes, references, store
from helpers.territory.places import Place

THEME = "acces"
# Indicators of the barometer that a diagnosis reads, with the code of their source, their name and their unit.
BAROMETER = {
    "IND-311": ("barometre_msp", "Maisons de santé pluriprofessionnelles", "pour 100 000 habitants"),
    "IND-312": ("barometre_ald", "Patients en ALD ayant un médecin traitant", "%"),
    "IND-589": ("barometre_cpts", "Habitants couverts par une CPTS", "%"),
}
ALL_AGES, ALL_SEXES = "tout_age", "tout sexe"  # totals of the tables of the Cnam
TABLES = ("official/accessibility", "official/establishments", "official/professionals")
MEASURES = ("commune", "profession", "year", "apl", "apl_65", "standardised_population", "population")
STORED = dict(
    zip(TABLES, ("apl", "finess", "ameli"), strict=True)
)  # source of the national store for each table


def of_access(
    table: pd.DataFrame, place: Place, keys: Iterable[tuple[str, str]], *, threshold: float
) -> pd.DataFrame:
    """APL of the last year of each profession, for the territory and each reference whose communes the table has."""
    units = communes.units()
    whole = units[units["kind"] == "commune"]
    parts = []
    for profession, rows in table.groupby("profession"):
        last = rows[rows["year"] == rows["year"].max()]
        limit = threshold if profession == "generalistes" else None
        asked: list[tuple[str, str, Iterable[str]]] = [(references.TERRITORY, place.name_fr, place.codes)]
        for level, code in keys:
            column = {"departement": "department", "region": "region"}.get(level)
            inside = whole if column is None else whole[whole[column] == code]
            asked.append((level, str(references.table().loc[(level, code), "name"]), inside["code"]))
        for level, name, codes in asked:
            try:
                found = access.by_territory(last, pd.Series(name, index=list(codes)), threshold=limit)
            except NotComputable:
                # A package often holds the communes of its own territory alone: then there is no reference.
                continue
            kinds = found["statistic"].map(
                lambda text: "under" if "part" in text else "mean" if "moy" in text else ""
            )
            found = found[kinds != ""].assign(code=[f"apl_{profession}_{kind}" for kind in kinds if kind])
            parts.append(found.assign(theme=THEME, level=level, source="apl"))
    if not parts:
        return pd.DataFrame()
    told = pd.concat(parts, ignore_index=True)
    people = told["statistic"].str.startswith("part")
    professions = labels.codes(TABLES[0], "profession")
    limit_fr = f"Habitants sous {french.number(threshold)} consultations"
    names = [
        limit_fr if under else f"Accès aux {professions[text.removeprefix('APL, ')]} (APL)"
        for under, text in zip(people, told["indicator"], strict=True)
    ]
    return told.assign(indicator=names)


def official(
    place: Place, keys: Iterable[tuple[str, str]], study: Study, *, threshold: float
) -> tuple[pd.DataFrame, pd.DataFrame, frozenset[str]]:
    """Long rows of the official tables, the establishments in the territory, and the sources that gave some.

    A table of the package comes first; where it is empty, the national store that `cpts get` has written.
    """
    keys = list(keys)
    tables = {name: study.table(name, optional=True) for name in TABLES}
    for name, table in tables.items():
        if table.empty:
            narrow = name == TABLES[0]
            tables[name] = store.of_communes(
                None, STORED[name], last=narrow, columns=MEASURES if narrow else None
            )
    parts, found = [], set()
    if len(apl := tables["official/accessibility"]):
        parts.append(of_access(apl, place, keys, threshold=threshold))
        found.add("apl")
    structures = pd.DataFrame()
    if len(finess := tables["official/establishments"]):
        structures = inside(finess, place)
        parts.append(counted(finess, structures, place))
        found.add("finess")
    if len(ameli := tables["official/professionals"]):
        parts.append(densities(ameli, keys))
        found.add("ameli")
    filled = [part for part in parts if len(part)]
    return (pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()), structures, frozenset(found)


def inside(establishments: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Establishments of the territory, with the name of their commune today."""
    rows = access.in_todays_communes(establishments)
    units = communes.units()
    asked = set(place.codes) | set(access.opened(pd.Series("x", index=list(place.codes))).index)
    rows = rows[rows["commune"].isin(asked)]
    return rows.assign(commune_fr=rows["commune"].map(units["name"])).sort_values(
        ["category_fr", "commune_fr", "name_fr"], ignore_index=True
    )


def counted(establishments: pd.DataFrame, structures: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Number of structures of each category that the file has anywhere: a category it does not have is unknown, not zero."""
    categories = establishments.drop_duplicates("category").sort_values("category")
    counts = structures.groupby("category").size()
    return published(
        [
            (f"finess_{row['category']}", str(row["category_fr"]), float(counts.get(row["category"], 0)), place.name_fr)
            for row in categories.to_dict("records")
        ],
        level=references.TERRITORY, unit="établissements", period=_day(establishments["extracted"]), source="finess",
    )  # fmt: skip


def densities(professionals: pd.DataFrame, keys: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Density of liberal professionals of the last year, of départements, regions and France only."""
    last = professionals[professionals["year"] == professionals["year"].max()]
    # Rows by age and by sex stand beside their totals: one of them is not the density of all.
    last = last[(last["age"] == ALL_AGES) & (last["sex"] == ALL_SEXES)]
    parts = [pd.DataFrame()]
    for level, code in keys:
        rows = last[(last["level"] == level) & ((last["code"] == code) | (level == references.FRANCE))]
        name = str(references.table().loc[(level, code), "name"])
        items = [
            (f"ameli_{row['profession']}", f"{row['profession']}, densité", float(row["density"]), name)
            for row in rows.dropna(subset=["density"]).drop_duplicates("profession").to_dict("records")
        ]
        parts.append(
            published(items, level=level, unit="pour 100 000 habitants", period=str(last["year"].max()), source="ameli")
        )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def beside(
    keys: Iterable[tuple[str, str]], tables: Mapping[str, pd.DataFrame]
) -> tuple[pd.DataFrame, frozenset[str]]:
    """Last figure of each département of the territory, from tables (code, date, value) by indicator of BAROMETER."""
    parts, found = [], set()
    for indicator, table in tables.items():
        if table.empty:
            continue
        source, label, unit = BAROMETER[indicator]
        found.add(source)
        for level, code in keys:
            rows = table[table["code"] == code].dropna(subset=["value"]).sort_values("date")
            if level != references.DEPARTMENT or rows.empty:
                continue
            value, date = float(rows["value"].iloc[-1]), rows["date"].iloc[-1]
            figures = references.table().loc[(level, code)]
            if indicator == "IND-311":
                value *= 100_000 / float(figures["population_2023"])
            item = (source, label, value, str(figures["name"]))
            parts.append(
                published([item], level=level, unit=unit, period=french.date(date, "month"), source=source)
            )
    return (pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()), frozenset(found)


def published(
    items: list[tuple[str, str, float, str]], *, level: str, unit: str, period: str, source: str
) -> pd.DataFrame:
    """Long rows of values read as they are: code, name, value, territory of each."""
    if not items:
        return pd.DataFrame()
    codes, labels, values, names = zip(*items, strict=True)
    return long(
        indicator=list(labels), territory=list(names), value=list(values), code=list(codes), level=level, unit=unit,
        period=period, source=source, statistic="valeur", method="valeur publiée", theme=THEME, covered=100.0,
    )  # fmt: skip


def _day(dates: pd.Series[pd.Timestamp]) -> str:
    last = dates.dropna().max() if len(dates.dropna()) else None
    return french.date(last) if last is not None else ""
