"""What official files say of care and needs in a territory, each at the level where it stops, never as if it were finer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers import french
from helpers.catalog import labels
from helpers.methods.results import long
from helpers.territory import access, communes, distances, population, references, todays
from helpers.territory.places import Place

THEME = "acces"
# Indicators of the barometer that a diagnosis reads, with the code of their source, their name and their unit.
BAROMETER = {
    "IND-311": ("barometre_msp", "Maisons de santé pluriprofessionnelles", "pour 100 000 habitants"),
    "IND-312": ("barometre_ald", "Patients en ALD ayant un médecin traitant", "%"),
    "IND-589": ("barometre_cpts", "Habitants couverts par une CPTS", "%"),
}
ALL_AGES, ALL_SEXES = "tout_age", "tout sexe"  # totals of the tables of the Cnam
BY_TERRITORY = "official/territory_activities"
# Territories of one level by code: the name of each and its communes of today.
Territories = Mapping[str, tuple[str, tuple[str, ...]]]


def measured(
    source: str, table: pd.DataFrame, territories: Territories, *, level: str, threshold: float
) -> pd.DataFrame:
    """Long rows that a table of a source (a key of SOURCES) gives for territories of one level; empty when it gives none."""
    if table.empty or not territories:
        return pd.DataFrame()
    return SOURCES[source](table, territories, level, threshold)


def of_access(table: pd.DataFrame, territories: Territories, level: str, threshold: float) -> pd.DataFrame:
    """APL of the last year of each profession, of each territory whose people the table covers."""
    names = pd.Series(_by_commune(territories), dtype="str")
    parts = [pd.DataFrame()]
    for profession, rows in table.groupby("profession"):
        last = rows[rows["year"] == rows["year"].max()]
        limit = threshold if profession == "generalistes" else None
        # A package often holds the communes of its own territory alone: then there is no reference.
        found = access.by_territory(last, names, threshold=limit, partial=True)
        if found.empty:
            continue
        kinds = found["statistic"].map(
            lambda text: "under" if "part" in text else "mean" if "moy" in text else ""
        )
        found = found[kinds != ""].assign(code=[f"apl_{profession}_{kind}" for kind in kinds if kind])
        parts.append(found.assign(theme=THEME, level=level, source="apl"))
    told = pd.concat(parts, ignore_index=True)
    if told.empty:
        return told
    people = told["statistic"].str.startswith("part")
    professions = labels.codes("official/accessibility", "profession")
    limit_fr = f"Habitants sous {french.number(threshold)} consultations"
    names_fr = [
        limit_fr if under else f"Accès aux {professions[text.removeprefix('APL, ')]} (APL)"
        for under, text in zip(people, told["indicator"], strict=True)
    ]
    return told.assign(indicator=names_fr)


def inside(establishments: pd.DataFrame, place: Place) -> pd.DataFrame:
    """Establishments of the territory, with the name of their commune today."""
    rows = access.in_todays_communes(establishments)
    units = communes.units()
    rows = rows[rows["commune"].isin(_by_commune({"": ("", place.codes)}).keys())]
    return rows.assign(commune_fr=rows["commune"].map(units["name"])).sort_values(
        ["category_fr", "commune_fr", "name_fr"], ignore_index=True
    )


def counted(
    establishments: pd.DataFrame, territories: Territories, level: str, threshold: float
) -> pd.DataFrame:
    """Number of structures of each category that the file has anywhere: a category it does not have is unknown, not zero."""
    rows = access.in_todays_communes(establishments)
    labels_fr = establishments.drop_duplicates("category").set_index("category")["category_fr"].sort_index()
    names = [name for name, _ in territories.values()]
    found = pd.crosstab(rows["commune"].map(_by_commune(territories)), rows["category"])
    counts = found.reindex(index=names, columns=labels_fr.index, fill_value=0).astype("float64")
    return published(
        [
            (f"finess_{category}", str(label), number, name)
            for category, label in labels_fr.items()
            for name, number in zip(names, counts[category].tolist(), strict=True)
        ],
        level=level, unit="établissements", period=_day(establishments["extracted"]), source="finess",
    )  # fmt: skip


@dataclass(frozen=True)
class Nearest:
    """Distances of every commune to the nearest structures of the whole country (`distances.nearest`), and their day."""

    away: pd.DataFrame
    day: str

    @classmethod
    def of(cls, country: pd.DataFrame) -> Nearest:
        """From the category, commune and day of every establishment of the country."""
        return cls(distances.nearest(country), _day(country["extracted"]))

    def measured(self, territories: Territories, level: str) -> pd.DataFrame:
        """Long rows of the distances of territories of one level."""
        return distances.measured(self.away, territories, level=level, period=self.day)


def densities(
    professionals: pd.DataFrame, territories: Territories, level: str, threshold: float
) -> pd.DataFrame:
    """Density of liberal professionals of the last year, of départements, regions and France only."""
    last = professionals[professionals["year"] == professionals["year"].max()]
    # Rows by age and by sex stand beside their totals: one of them is not the density of all.
    last = last[(last["age"] == ALL_AGES) & (last["sex"] == ALL_SEXES)]
    last = last[last["level"] == level].dropna(subset=["density"])
    items = [
        (f"ameli_{row['profession']}", f"{row['profession']}, densité", float(row["density"]), name)
        for code, (name, _) in territories.items()
        for row in last[(last["code"] == code) | (level == references.FRANCE)]
        .drop_duplicates("profession")
        .to_dict("records")
    ]
    return published(
        items, level=level, unit="pour 100 000 habitants", period=str(last["year"].max()), source="ameli"
    )


def census(table: pd.DataFrame, territories: Territories, level: str, threshold: float) -> pd.DataFrame:
    """Ages, families, work and civil registration of the dossier complet, added up over the communes of each territory."""
    return _added("insee-dossier", todays.dossier(table), territories, level)


def practice(table: pd.DataFrame, territories: Territories, level: str, threshold: float) -> pd.DataFrame:
    """Professionals of the RPPS for 100 000 inhabitants, each shared between the communes where they practise."""
    if "share" not in table:
        return pd.DataFrame()
    return _added("rpps", todays.practice(table), territories, level)


def persons(table: pd.DataFrame, scheme: str, name: str) -> pd.DataFrame:
    """Distinct persons in practice in the territory, which `cpts import rpps --territory` counted for its scheme."""
    if table.empty or not scheme:
        return pd.DataFrame()
    last = table[(table["scheme"] == scheme) & (table["extracted"] == table["extracted"].max())]
    counts = last.set_index("profession")["persons"]
    items = [
        (
            f"{item['indicator']}_personnes",
            f"{item['label_fr']}, personnes distinctes",
            float(counts[code]),
            name,
        )
        for item in population.of_source("rpps")
        if (code := item["numerator"].removeprefix("persons_").replace("_", "-")) in counts.index
    ]
    return published(
        items, level=references.TERRITORY, unit="personnes", period=_day(last["extracted"]), source="rpps"
    )


def _added(
    source: str, figures: tuple[pd.DataFrame, pd.DataFrame, dict[str, str]], territories: Territories, level: str
) -> pd.DataFrame:  # fmt: skip
    items = population.of_source(source)
    known, wholes, periods = figures
    columns = {name for item in items for name in population.columns(item)} | {todays.PEOPLE}
    rows = population.measured(
        items, dict(territories.values()), known.reindex(columns=sorted(columns)), wholes=wholes, level=level, periods=periods,
    )  # fmt: skip
    # An edition without a column, or a territory without its people: nothing is said of it.
    return rows[rows["value"].notna() | (rows["covered"] > 0)]


def _by_commune(territories: Territories) -> dict[str, str]:
    """Name of the territory of each commune, and of each arrondissement of a whole city."""
    names = {code: name for name, codes in territories.values() for code in codes}
    return names | access.districts_of(names)


SOURCES: Mapping[str, Callable[[pd.DataFrame, Territories, str, float], pd.DataFrame]] = {
    "apl": of_access,
    "finess": counted,
    "ameli": densities,
    "insee-dossier": census,
    "rpps": practice,
}


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
