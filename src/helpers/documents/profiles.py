"""What a CPTS looks like: the descriptive tables of the documents put side by side."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import aci, french
from helpers.catalog import Study, labels
from helpers.errors import DataError


def answers(field: str) -> dict[str, str]:
    """French name of each code of `field` ("item", "status") in the answers of the five CPTS on governance and resources."""
    return labels.across(field, ("miller2022/governance", "miller2022/resources"))


def stacked(*tables: pd.DataFrame, unit: str | None = None) -> pd.DataFrame:
    """Long tables one under the other, on the columns they share; only the rows in `unit` when it is given."""
    shared = [column for column in tables[0].columns if all(column in table for table in tables)]
    joined = pd.concat([table[shared] for table in tables], ignore_index=True)
    return joined if unit is None else joined[joined["unit"] == unit].reset_index(drop=True)


def recomputed_density(territories: pd.DataFrame) -> pd.DataFrame:
    """Published and recomputed density: one row per territory, inhabitants per km², and the gap in percent of the published.

    Takes the long table of territories with the indicators `population`, `etendue` (km²) and `densite`.
    """
    indicators = territories[territories["indicator"].isin(["population", "etendue", "densite"])]
    values = indicators.pivot(index="cpts", columns="indicator", values="value")
    values = values.reindex(territories["cpts"].drop_duplicates())[["population", "etendue", "densite"]]
    values["recomputed"] = values["population"] / values["etendue"]
    values["gap_percent"] = 100 * (values["recomputed"] / values["densite"] - 1)
    return values.rename_axis(columns=None).reset_index()


def per_inhabitants(
    supply: pd.DataFrame, territories: pd.DataFrame, *, indicators: Sequence[str], base: float = 10_000
) -> pd.DataFrame:
    """Numbers of the supply table for `base` inhabitants of the territory: one row per indicator and territory.

    Raises DataError when a territory has no population.
    """
    population = territories[territories["indicator"] == "population"].set_index("cpts")["value"]
    chosen = supply[supply["indicator"].isin(list(indicators))].copy()
    absent = [cpts for cpts in chosen["cpts"].unique() if cpts not in population.index]
    if absent:
        raise DataError(f"Aucune population pour « {absent[0]} » : la densité n'est pas calculable.")
    chosen["numerator"] = chosen["value"]
    chosen["denominator"] = chosen["cpts"].map(population)
    chosen["value"] = base * chosen["numerator"] / chosen["denominator"]
    return chosen[["indicator", "cpts", "value", "numerator", "denominator"]].reset_index(drop=True)


def interviewed(study: Study) -> pd.DataFrame:
    """The 16 CPTS interviewed in Auvergne-Rhône-Alpes: one row per CPTS.

    Columns: declared size, size given by the population of the regional map, both populations (inhabitants), their gap in
    percent of the map, members and professionals; a range of the document has no single value and is missing.
    """
    sizes = study.table("aura2022/interviewed_cpts")[["cpts", "size"]].set_index("cpts")
    populations = study.table("aura2022/interviewed_populations")
    members = study.table("aura2022/interviewed_members")
    mapped = study.table("aura2022/cpts_region").dropna(subset=["cpts"]).set_index("cpts")["value"]
    table = sizes.assign(
        size_from_map=aci.size_classes(mapped, aci.bounds(study)),
        declared=_measure(populations, "population"),
        map=mapped,
        gap_percent=lambda row: 100 * (row["declared"] / row["map"] - 1),
        members=_measure(members, "adherents"),
        professionals=_measure(members, "professionnels"),
    )
    return table.reset_index()


def _measure(table: pd.DataFrame, measure: str) -> pd.Series[float]:
    return table[table["measure"] == measure].set_index("cpts")["value"].astype("float64")


def side_caption(gaps: pd.DataFrame) -> str:
    """Title of the map of the gaps to the region: indicators where all the CPTS known stand on the same side of it.

    Takes one row per indicator (first column), a column per CPTS, gaps in points; a missing gap does not count.
    """
    matrix = gaps.set_index(gaps.columns[0])
    same = ((matrix > 0) | matrix.isna()).all(axis=1) | ((matrix < 0) | matrix.isna()).all(axis=1)
    if not same.any():
        return f"Aucun des {len(matrix)} indicateurs ne place toutes les CPTS du même côté de l'Île-de-France"
    verb = "place" if same.sum() == 1 else "placent"
    said = f"{french.plural(int(same.sum()), 'indicateur')} sur {len(matrix)}"
    return f"{said} {verb} toutes les CPTS du même côté de l'Île-de-France"


def declared_caption(rows: pd.DataFrame) -> str:
    """Title of the picture of declared against mapped populations: how many declare more than the map."""
    more = int((rows["declared"] > rows["map"]).sum())
    verb = "déclare" if more < 2 else "déclarent"
    return f"{more} CPTS sur {len(rows)} {verb} plus d'habitants que la carte régionale"
