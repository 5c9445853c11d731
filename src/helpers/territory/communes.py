"""Territories made of communes: the perimeter of a CPTS, its population, growth, density, ages, and overlap with others.

A perimeter is a list of codes: communes (five characters), municipal arrondissements of Paris, Lyon and Marseille, or EPCI
(nine digits), in the limits of 1 January 2025. Populations are those of the tables `open/communes` and
`open/arrondissements`: a past figure is told in today's limits, and is missing rather than guessed where it cannot be.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, NotComputable
from helpers.methods import results

YEARS = (2016, 2018, 2019, 2020, 2021, 2022, 2023)
AGES_FR = {
    "age_0_19_2021": "moins de 20 ans",
    "age_20_64_2021": "20 à 64 ans",
    "age_65_plus_2021": "65 ans et plus",
}
HEADS_FR = {
    "indicator": "Indicateur",
    "period": "Période",
    "value": "Valeur",
    "unit": "Unité",
    "method": "Méthode",
    "note": "Note",
}
COLLECTIVITIES = frozenset(("975", "977", "978", "984", "986", "987", "988", "989"))
_CODE = re.compile(r"(\d{2}|2A|2B)\d{3}")
_SIREN = re.compile(r"\d{9}")


@catalog.remembered
def units() -> pd.DataFrame:
    """Communes and municipal arrondissements of 1 January 2025 by code, with all that is known of them, km² included."""
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    districts = catalog.load("open/arrondissements", catalog.DEFAULT_FOLDER).assign(
        boundary="inchangée", epci=pd.NA
    )
    whole = communes.assign(commune=communes["code"], kind="commune")
    both = pd.concat([whole, districts.assign(kind="arrondissement")]).set_index("code", drop=False)
    areas = catalog.load("open/geography", catalog.DEFAULT_FOLDER).set_index("code")["km2"]
    return both.assign(km2=areas.reindex(both.index))


@catalog.remembered
def splits() -> pd.DataFrame:
    """Groups of communes that were one, by code of the one that the others left: codes of all, and figures of the whole."""
    table = catalog.load("open/split_communes", catalog.DEFAULT_FOLDER).set_index("code", drop=False)
    return table.assign(members=[frozenset(codes.split()) for codes in table["communes"]])


def together(place: pd.DataFrame) -> pd.DataFrame:
    """The rows of a perimeter, each group of split communes that it holds whole told as one row with the group's figures."""
    groups, here = splits(), set(place["code"])
    held = [members <= here for members in groups["members"]]
    for group in groups[held].to_dict("records") if any(held) else ():
        pieces = place["code"].isin(group["members"])
        if pieces.sum() == len(group["members"]):
            first = place[pieces].iloc[[0]].assign(**{
                name: group[name] for name in group if name not in ("members", "communes") and name in place
            })  # fmt: skip
            place = pd.concat([place[~pieces], first], ignore_index=True)
    return place


def perimeter(codes: Iterable[str]) -> pd.DataFrame:
    """Communes and arrondissements of a perimeter, one row each, by code, with their populations and ages.

    Takes codes of communes, arrondissements or EPCI, in any order. Raises DataError for an empty list, a code that is not
    written as one, a commune given twice (by itself and through its EPCI, or as a whole and by arrondissement) or merged
    into another (which one is said), or a code that never was in the tables.
    """
    asked = [str(code).strip() for code in codes]
    if not asked:
        raise DataError("Un périmètre a au moins une commune ou un EPCI.")
    origin: dict[str, str] = {}
    for code in asked:
        for member in _members(code):
            if member in origin:
                both = (
                    "deux fois" if origin[member] == code else f"par « {origin[member]} » et par « {code} »"
                )
                raise DataError(f"La commune « {member} » est comptée {both} : retirez l'un des deux.")
            origin[member] = code
    found = units().loc[sorted(origin)]
    doubled = found.loc[found["kind"] == "arrondissement", "commune"]
    for whole in doubled[doubled.isin(found.index)]:
        raise DataError(
            f"La commune « {whole} » est donnée entière et par arrondissement : gardez l'un ou l'autre."
        )
    return found.reset_index(drop=True)


def of_epci(siren: str) -> list[str]:
    """Codes of the communes of an EPCI of 2025; none when no EPCI has this SIREN."""
    return list(by_epci().get(siren, ()))


@catalog.remembered
def by_epci() -> dict[str, tuple[str, ...]]:
    """Codes of the communes of each EPCI of 2025, by SIREN."""
    return {str(siren): tuple(codes) for siren, codes in units().groupby("epci").groups.items()}


def _members(code: str) -> list[str]:
    known = units()
    if _SIREN.fullmatch(code):
        inside = of_epci(code)
        if not inside:
            raise DataError(
                f"« {code} » n'est le SIREN d'aucun EPCI à fiscalité propre au 1er janvier 2025 : vérifiez-le, ou écrivez "
                "les codes de ses communes."
            )
        return inside
    if not _CODE.fullmatch(code):
        raise DataError(
            f"« {code} » n'est ni un code de commune (cinq caractères, zéro initial compris : « 01004 ») ni un SIREN d'EPCI."
        )
    if code in known.index:
        return [code]
    if code in former().index:
        row = former().loc[code]
        raise DataError(
            f"« {code} » n'est plus une commune : son territoire est dans « {row['commune_name']} » ({row['commune']}). "
            "Écrivez ce code."
        )
    raise DataError(f"« {code} » {unknown(code)}.")


@catalog.remembered
def former() -> pd.DataFrame:
    """Codes that are no longer communes, by code, with the commune of today that holds their ground."""
    return catalog.load("open/former_communes", catalog.DEFAULT_FOLDER).set_index("code")


@catalog.remembered
def of_any_time() -> frozenset[str]:
    """Codes of `units` and of `former`: a perimeter keeps the code of its own time."""
    return frozenset(units().index) | frozenset(former().index)


@catalog.remembered
def served() -> dict[str, tuple[str, ...]]:
    """Codes of the communes that each postcode serves."""
    table = catalog.load("open/postcodes", catalog.DEFAULT_FOLDER)
    found: dict[str, list[str]] = {}
    for postcode, commune in zip(table["postcode"], table["commune"], strict=True):
        found.setdefault(postcode, []).append(commune)
    return {postcode: tuple(rows) for postcode, rows in sorted(found.items())}


def unknown(code: str) -> str:
    """What is wrong with a code of five characters that is no commune, to follow it in a sentence, and what to write.

    Codes whose digits look alike are other places: none is ever suggested.
    """
    if code in served():
        names = [f"{units().loc[item, 'name']} ({item})" for item in served()[code]]
        return f"est un code postal, non un code INSEE : écrivez {french.listing(names, last='ou')}"
    if code[:3] in COLLECTIVITIES:
        return (
            "est une commune d'une collectivité d'outre-mer, hors des statistiques lues ici : retirez-la, ou écrivez des "
            "communes des départements"
        )
    return (
        "n'est le code INSEE d'aucune commune, actuelle ou ancienne, ni un code postal : écrivez le nom de la commune, ou "
        "cherchez son code sur insee.fr"
    )


def population(place: pd.DataFrame, *, territory: str = "") -> pd.DataFrame:
    """Municipal population of a perimeter, one row of long results per year of the table (2016, 2018 to 2023).

    Missing, with the reason in `note`, when one of its communes has no value that year. Takes the output of `perimeter`.
    """
    place = together(place)
    columns = [place[f"population_{year}"] for year in YEARS]
    absent = [place.loc[column.isna(), "name"].tolist() for column in columns]
    totals = [
        float("nan") if names else float(column.sum()) for names, column in zip(absent, columns, strict=True)
    ]
    return results.long(
        indicator="Population municipale", territory=territory, period=list(map(str, YEARS)), statistic="valeur",
        value=totals, unit="habitants", method="somme des populations légales", note=list(map(_absent, absent)),
    )  # fmt: skip


def _absent(names: Sequence[str]) -> str:
    if not names:
        return ""
    listed = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
    return f"sans valeur pour {french.plural(len(names), 'commune')} : {listed}"


def growth(place: pd.DataFrame, *, first: int = 2016, last: int = 2023, territory: str = "") -> pd.DataFrame:
    """Mean annual change of the population between two years, in percent: 100 ((last / first)^(1 / years) - 1).

    No interval: legal populations are counts. Numerator and denominator are both populations. Raises NotComputable for a
    year without value, or years that are not in order.
    """
    if last <= first:
        raise NotComputable(f"L'évolution va d'une année à une année plus tardive ({first}, {last}).")
    values = population(place).set_index("period")
    for year in (first, last):
        if str(year) not in values.index:
            raise NotComputable(
                f"Pas de population en {year} : années connues, {', '.join(map(str, YEARS))}."
            )
        if pd.isna(values.loc[str(year), "value"]):
            raise NotComputable(f"Population de {year} inconnue, {values.loc[str(year), 'note']}.")
    start, end = (float(values.loc[str(year), "value"]) for year in (first, last))
    change = 100 * ((end / start) ** (1 / (last - first)) - 1)
    return _row(
        "Évolution annuelle moyenne de la population", territory, f"{first}-{last}", change, "% par an",
        "taux annuel moyen (géométrique)", numerator=end, denominator=start,
    )  # fmt: skip


def area(place: pd.DataFrame) -> float:
    """Area of a perimeter in km² (IGN, `open/geography`). Raises NotComputable when a commune has none."""
    place = together(place)
    absent = place.loc[place["km2"].isna(), "name"].tolist()
    if absent:
        raise NotComputable(f"Superficie : {_absent(absent)}.")
    return float(place["km2"].sum())


def density(
    place: pd.DataFrame, *, area_km2: float | None = None, year: int = 2023, territory: str = ""
) -> pd.DataFrame:
    """Inhabitants per km² of the area given, or else of `area`.

    Raises NotComputable for an area that is not positive or a year without population.
    """
    area_km2 = area(place) if area_km2 is None else area_km2
    if not area_km2 > 0:
        raise NotComputable("La superficie doit être un nombre positif de km².")
    values = population(place).set_index("period")
    total = float(values.loc[str(year), "value"]) if str(year) in values.index else float("nan")
    if pd.isna(total):
        raise NotComputable(f"Population de {year} inconnue : la densité n'est pas calculée.")
    return _row(
        "Densité", territory, str(year), total / area_km2, "habitants par km²", "population / superficie",
        numerator=total, denominator=area_km2,
    )  # fmt: skip


def age_structure(place: pd.DataFrame, *, territory: str = "") -> pd.DataFrame:
    """Shares of the three age groups in 2021 (percent) and ageing index (people of 65 or more for 100 under 20).

    No interval: the census publishes no standard error by IRIS. Raises NotComputable when a commune has no age groups.
    """
    place = together(place)
    absent = place.loc[place["population_iris_2021"].isna(), "name"].tolist()
    if absent:
        raise NotComputable(f"Âges de 2021 : {_absent(absent)}.")
    total = float(place["population_iris_2021"].sum())
    counts = {column: float(place[column].sum()) for column in AGES_FR}
    rows = [
        results.long(
            indicator=[f"Part des {label}" for label in AGES_FR.values()], territory=territory, period="2021",
            statistic="valeur", value=[100 * count / total for count in counts.values()], unit="%",
            method="recensement, somme des IRIS", numerator=list(counts.values()), denominator=total,
        )
    ]  # fmt: skip
    old, young = counts["age_65_plus_2021"], counts["age_0_19_2021"]
    if young > 0:
        rows.append(
            _row(
                "Indice de vieillissement", territory, "2021", 100 * old / young,
                "65 ans et plus pour 100 moins de 20 ans", "recensement, somme des IRIS", numerator=old, denominator=young,
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def overlap(first: pd.DataFrame, second: pd.DataFrame, *, year: int = 2023) -> pd.DataFrame:
    """What two perimeters share: one row per perimeter with its share of people in common (percent) at the year given.

    Takes two outputs of `perimeter`. `numerator` is the population of the shared communes, `denominator` that of the
    perimeter; `note` counts the communes. A whole city and its arrondissements are compared by arrondissement. Raises
    NotComputable when a population is unknown.
    """
    sides = _same_grain(first, second)
    shared = set(sides[0]["code"]) & set(sides[1]["code"])
    rows = []
    for name, side in zip(("premier périmètre", "second périmètre"), sides, strict=True):
        column = f"population_{year}"
        if column not in side or side[column].isna().any():
            raise NotComputable(f"Population de {year} inconnue pour une commune du {name}.")
        inside = side["code"].isin(shared)
        common, whole = float(side.loc[inside, column].sum()), float(side[column].sum())
        note = f"{french.plural(int(inside.sum()), 'commune partagée', 'communes partagées')} sur {len(side)}"
        rows.append(
            _row(
                "Part de la population commune", name, str(year), 100 * common / whole, "%", "communes partagées",
                numerator=common, denominator=whole, note=note,
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def _same_grain(first: pd.DataFrame, second: pd.DataFrame) -> list[pd.DataFrame]:
    known = units()
    districts = known[known["kind"] == "arrondissement"]
    split = {
        city
        for place in (first, second)
        for city in place.loc[place["kind"] == "arrondissement", "commune"].unique()
    }
    sides = []
    for place in (first, second):
        whole = place["code"].isin(split)
        parts = districts[districts["commune"].isin(place.loc[whole, "code"])]
        sides.append(pd.concat([place[~whole], parts], ignore_index=True))
    return sides


def describe(codes: Iterable[str], *, territory: str = "", area_km2: float | None = None) -> pd.DataFrame:
    """Population by year, growth, age structure and density: the long results of one perimeter together.

    A result that a method refuses is left out and said in a row of its own, without value. Raises as `perimeter`.
    """
    place = perimeter(codes)
    parts = [population(place, territory=territory)]
    for name, method in (("Évolution annuelle moyenne de la population", growth), ("Âges", age_structure)):
        try:
            parts.append(method(place, territory=territory))
        except NotComputable as error:
            parts.append(_row(name, territory, "", float("nan"), "", "", note=str(error)))
    try:
        parts.append(density(place, area_km2=area_km2, territory=territory))
    except NotComputable as error:
        parts.append(_row("Densité", territory, "", float("nan"), "", "", note=str(error)))
    return pd.concat(parts, ignore_index=True)


def _row(
    indicator: str, territory: str, period: str, value: float, unit: str, method: str, **more: Any
) -> pd.DataFrame:
    return results.long(
        indicator=indicator, territory=territory, period=period, statistic="valeur", value=value, unit=unit,
        method=method, **more,
    )  # fmt: skip
