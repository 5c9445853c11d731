"""CPTS whose territory is that of a commune, an arrondissement or an EPCI: found by name, held by population.

A name alone proves nothing, and neither does a number. A match needs both, and is refused when two territories fit.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError
from helpers.territory import communes as territories
from helpers.territory import population

# Words that say what a territory is or link its name, and so tell no territory from another.
_EMPTY = frozenset(
    ("CC", "CA", "CU", "METROPOLE", "AGGLO", "AGGLOMERATION", "COMMUNAUTE", "ARRONDISSEMENT", "PAYS", "GRAND",
     "DE", "DU", "DES", "D", "LA", "LE", "LES", "L", "ET", "EN", "SUR")
)  # fmt: skip
HEADS_FR = {
    "name": "CPTS",
    "published": "Population publiée",
    "territory": "Territoire",
    "kind": "Nature",
    "population": "Population INSEE 2019",
    "gap": "Écart (%)",
    "growth": "Croissance (% par an)",
    "older": "65 ans et plus (%)",
    "ageing": "Indice de vieillissement",
}


def words(name: str) -> frozenset[str]:
    """Words of a name that tell it from another: capitals without accents, ordinals as numbers, SAINT for ST."""
    plain = french.unaccented(name).upper()
    plain = re.sub(r"\b(\d+)(?:ER|E|EME)\b", r"\1", plain)
    found = ("SAINT" if word == "ST" else word for word in re.findall(r"[A-Z0-9]+", plain))
    return frozenset(word for word in found if word not in _EMPTY)


def candidates(region: str) -> pd.DataFrame:
    """Communes, municipal arrondissements and EPCI of a region: code, name, kind, population of 2019."""
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    inside = communes[communes["region"] == region]
    if inside.empty:
        raise DataError(f"Région « {region} » inconnue.")
    districts = catalog.load("open/arrondissements", catalog.DEFAULT_FOLDER)
    whole = communes[communes["epci"].isin(inside["epci"].dropna())]
    names = catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    totals = whole.groupby("epci")["population_2019"].agg(lambda column: column.sum(skipna=False))
    epci = pd.DataFrame(
        {"code": totals.index, "name": totals.index.map(names), "population": totals.to_numpy()}
    )
    parts = [
        inside.assign(kind="commune").rename(columns={"population_2019": "population"}),
        districts[districts["region"] == region]
        .assign(kind="arrondissement")
        .rename(columns={"population_2019": "population"}),
        epci.assign(kind="EPCI"),
    ]
    columns = ["code", "name", "kind", "population"]
    return pd.concat([part[columns] for part in parts], ignore_index=True).dropna(subset=["population"])


def match(
    names: pd.Series[str], published: pd.Series[float], region: str, *, tolerance: float = 5.0
) -> pd.DataFrame:
    """CPTS matched with one territory: name, published, code, territory, kind, population, gap (percent of the published).

    A territory fits when the words of one name are all in the other and its population of 2019 (in force in 2022) is within
    `tolerance` percent of the published one. Two that fit make the CPTS ambiguous: left out. Order of `names`.
    """
    places = candidates(region)
    populations = places["population"].to_numpy(dtype=float)
    rows = []
    for name, people in zip(names, published, strict=True):
        gap = 100 * (populations / float(people) - 1)
        # Few territories have the population: only their names are read.
        near = np.flatnonzero(np.abs(gap) <= tolerance)
        found = [
            place for place, known in zip(near, places["name"].iloc[near], strict=True) if _alike(name, known)
        ]
        if len(found) == 1:
            row = places.iloc[found[0]]
            rows.append(
                {
                    "name": name, "published": float(people), "code": row["code"], "territory": row["name"],
                    "kind": row["kind"], "population": int(row["population"]), "gap": float(gap[found[0]]),
                }
            )  # fmt: skip
    columns = ["name", "published", "code", "territory", "kind", "population", "gap"]
    return pd.DataFrame(rows, columns=columns)


def _alike(name: str, other: str) -> bool:
    first, second = words(name), words(other)
    return bool(first and second) and (first <= second or second <= first)


def profiles(matches: pd.DataFrame) -> pd.DataFrame:
    """Matches with the growth 2016-2023, the share of people of 65 or more and the ageing index of their territory.

    Growth and ages are those of the territory of today, not of the CPTS as it was when its population was published; missing
    where the population of a commune is.
    """
    places = {code: territories.perimeter([code])["code"] for code in matches["code"]}
    rows = population.profiles(places, only=("growth", "over_65", "ageing"))
    known = rows.set_index(["territory", "code"])["value"]
    told = {
        column: [float(known[code, indicator]) for code in matches["code"]]
        for column, indicator in (("growth", "growth"), ("older", "over_65"), ("ageing", "ageing"))
    }
    return matches.assign(**told)


def regional_share(region: str) -> float:
    """Share of people of 65 or more in the whole region in 2021, in percent, as a reference."""
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    inside = communes[(communes["region"] == region) & communes["population_iris_2021"].notna()]
    return 100 * float(inside["age_65_plus_2021"].sum()) / float(inside["population_iris_2021"].sum())


def sentence(matches: pd.DataFrame, total: int) -> str:
    """One French sentence: how many CPTS are matched, and the largest gap between both populations."""
    largest = float(matches["gap"].abs().max())
    return (
        f"{len(matches)} CPTS sur {total} portent le nom d'un seul territoire dont la population est à moins du seuil ; "
        f"le plus grand écart retenu est de {french.percent(largest)}. Les autres ne sont pas décrites ici."
    )
