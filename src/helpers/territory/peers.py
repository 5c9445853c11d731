"""Territories that look like one: ten EPCI near it by people, density, growth, age and main commune, as examples only.

A near territory is neither a target nor a rank: no result of care is among what brings them near, and each comes with its
distance and the figures that made it. An EPCI that shares a commune with the territory is left out, since it would be compared
with itself. Nothing here is for CPTS that a document names by a letter or a code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from helpers import catalog
from helpers.errors import NotComputable
from helpers.territory import communes, population

# Beyond this mean gap, in robust standard deviations, nothing is alike any more.
FARTHEST = 1.0
COVARIATES = ("people", "density", "growth", "older", "main")
HEADS_FR = {
    "name": "EPCI",
    "departments": "Départements",
    "people": "Habitants 2023",
    "density": "Habitants par km²",
    "growth": "Évolution (% par an)",
    "older": "65 ans et plus (%)",
    "main": "Part de la commune principale (%)",
    "distance": "Distance",
}


def near(codes: Iterable[str], *, most: int = 10) -> pd.DataFrame:
    """The `most` EPCI nearest to a perimeter, the nearest first: code, name, departments, covariates, distance.

    The distance is the root mean square of the gaps of the five covariates, each in robust standard deviations (median and
    median absolute deviation of the 1 255 EPCI; people and density by their logarithm). None farther than 1 is given. Raises
    NotComputable when a covariate of the perimeter is unknown.
    """
    wanted = list(codes)
    own = _covariates({"": wanted}).iloc[0]
    if own[list(COVARIATES)].isna().any():
        raise NotComputable(
            "Territoires comparables : la population, l'évolution ou les âges de ce territoire manquent."
        )
    table = epci()
    scaled, spread = _every()
    known, mine = table.loc[scaled.index], _scaled(pd.DataFrame([own]))
    gaps = (scaled - mine.iloc[0]) / spread
    distances = np.sqrt((gaps**2).mean(axis=1))
    shared = communes.units().loc[wanted]
    cities = shared["commune"]
    overlapping = set(communes.units().loc[cities, "epci"].dropna())
    found = known.assign(distance=distances)[~known["code"].isin(overlapping)]
    found = found[found["distance"] <= FARTHEST].sort_values(["distance", "code"]).head(most)
    return found.reset_index(drop=True)[["code", "name", "departments", *COVARIATES, "distance"]]


@catalog.remembered
def _every() -> tuple[pd.DataFrame, pd.Series[float]]:
    """Covariates of each EPCI that has them all, as they are compared, and their robust standard deviations."""
    scaled = _scaled(epci().dropna(subset=list(COVARIATES)))
    return scaled, 1.4826 * (scaled - scaled.median()).abs().median()


def epci() -> pd.DataFrame:
    """Every EPCI with its covariates: code, name, departments, people, density, growth, older, main; empty where unknown."""
    return catalog.load("open/epci_covariates", catalog.DEFAULT_FOLDER)


def computed() -> pd.DataFrame:
    """The table of `epci`, made from the communes: what `tools/open_geography.py` stores, so that no page makes it again."""
    units = communes.units()
    whole = units[(units["kind"] == "commune") & units["epci"].notna()]
    table = _covariates(communes.by_epci())
    names = catalog.load("open/epci", catalog.DEFAULT_FOLDER).set_index("code")["name"]
    departments = whole.groupby("epci")["department"].agg(lambda rows: ", ".join(sorted(set(rows))))
    table = table.assign(code=table.index, name=names, departments=departments)
    return table.reset_index(drop=True)[["code", "name", "departments", *COVARIATES]]


def _covariates(territories: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    rows = population.profiles(territories, only=("population", "density", "growth", "over_65"))
    figures = rows.pivot(index="territory", columns="code", values="value")
    table = pd.DataFrame(
        {
            "people": figures["population"], "density": figures["density"], "growth": figures["growth"],
            "older": figures["over_65"],
        }
    )  # fmt: skip
    members = pd.DataFrame(
        [(name, code) for name, codes in territories.items() for code in codes], columns=["territory", "code"]
    )
    people = members["code"].map(communes.units()["population_2023"].astype("float64"))
    return table.assign(main=100 * people.groupby(members["territory"]).max() / table["people"])


def _scaled(table: pd.DataFrame) -> pd.DataFrame:
    columns = table[list(COVARIATES)].astype("float64")
    return columns.assign(people=np.log(columns["people"]), density=np.log(columns["density"]))
