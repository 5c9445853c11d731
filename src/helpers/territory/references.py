"""What a territory is compared with: départements, regions and France, each by its level and code together.

All eighteen region codes are département codes too (84 is Auvergne-Rhône-Alpes and Vaucluse): the pair is the key. Totals are
those of `open/departments`, which count every commune; Mayotte, without yearly population, is left out of France.
"""

from __future__ import annotations

import pandas as pd

from helpers import catalog
from helpers.territory import communes

DEPARTMENT, REGION, FRANCE = "departement", "region", "france"
TERRITORY = "territoire"
LEVELS_FR = {
    TERRITORY: "Territoire",
    DEPARTMENT: "Département",
    REGION: "Région",
    FRANCE: "France (hors Mayotte)",
}
MAYOTTE = "976"


@catalog.remembered
def table() -> pd.DataFrame:
    """Figures of every département, region and France: index (level, code), column `name`, then populations, ages, km2."""
    departments = catalog.load("open/departments", catalog.DEFAULT_FOLDER).set_index("code", drop=False)
    departments["km2"] = _areas()
    figures = [column for column in departments if column.startswith(("population_", "age_", "km2"))]
    departments = departments.astype(dict.fromkeys(figures, "float64"))
    regions = departments.groupby("region")
    region = regions[figures].agg(lambda column: column.sum(skipna=False))
    whole = departments.drop(index=MAYOTTE)[figures].sum(skipna=False)
    parts = {
        DEPARTMENT: departments[["name", *figures]],
        REGION: region.assign(name=regions["region_name"].first())[["name", *figures]],
        FRANCE: pd.DataFrame([{"name": LEVELS_FR[FRANCE], **whole}], index=["FR"]),
    }
    return pd.concat(parts, names=["level", "code"])


def of(place: pd.DataFrame) -> list[tuple[str, str]]:
    """Pairs (level, code) that a perimeter is compared with: its départements and regions, the most peopled first, France."""
    people = place.assign(people=place["population_2023"].astype("float64").fillna(0.0))
    found: list[tuple[str, str]] = []
    for level, column in ((DEPARTMENT, "department"), (REGION, "region")):
        sums = people.groupby(column)["people"].sum().sort_values(ascending=False, kind="stable")
        found += [(level, str(code)) for code in sums.index]
    return [*found, (FRANCE, "FR")]


def _areas() -> pd.Series[float]:
    """Area of each département, split communes by the area of their whole."""
    units = communes.units()
    whole = units[units["kind"] == "commune"]
    sums = whole.groupby("department")["km2"].sum()
    for group in communes.splits().to_dict("records"):
        pieces = whole.loc[list(group["members"])]
        if pieces["km2"].isna().any():
            sums[pieces["department"].iloc[0]] += group["km2"] - pieces["km2"].sum()
    return sums
