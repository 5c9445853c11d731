"""Size classes of the ACI (the national agreement that funds the CPTS) and its funding scale."""

from __future__ import annotations

import pandas as pd

from helpers import catalog
from helpers.errors import DataError, NotComputable

SIZES = (1, 2, 3, 4)
# Where each document prints the whole scale, and the year of the scale.
SCALES = {"navinel2020": 2019, "laine2021": 2019, "miller2022": 2022, "aura2022": 2022, "fabrique2022": 2022}

MISSIONS_FR = {
    "fonctionnement": "Fonctionnement",
    "acces_aux_soins": "Accès aux soins",
    "coordination_parcours": "Parcours",
    "prevention": "Prévention",
    "crise_sanitaire": "Crise sanitaire",
    "qualite_pertinence": "Qualité et pertinence",
    "accompagnement_professionnels": "Accompagnement des professionnels",
    "total": "Total",
}
COMPARE_FR = {
    "mission": "Mission",
    "size": "Taille",
    "first": "2019 (€)",
    "second": "2022 (€)",
    "gap": "Différence (€)",
    "percent": "Différence (%)",
}


def bounds(package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Size classes: columns `size`, `lower`, `upper` (inhabitants; the upper bound of the last class is missing)."""
    return catalog.load("miller2022/size_classes", package)[["size", "lower", "upper"]]


def size_class(population: float, classes: pd.DataFrame) -> int:
    """Size class of a population: 1 to 4.

    The documents print bounds that belong to two classes or to none; ours is said here: a class contains its lower bound and
    not its upper one. Raises NotComputable for a population that is missing or not positive.
    """
    if not population > 0:
        raise NotComputable("Taille non définie : la population doit être un nombre positif.")
    return int(classes.loc[classes["lower"].fillna(0) <= population, "size"].max())


def size_classes(populations: pd.Series[float], classes: pd.DataFrame) -> pd.Series[int]:
    """Size class of each population; missing where the population is."""
    return populations.map(
        lambda value: pd.NA if pd.isna(value) else size_class(float(value), classes)
    ).astype("Int64")


def funding(document: str, package: catalog.Package | str | None = None) -> pd.DataFrame:
    """ACI amounts printed by one document: mission, part, size, value (euros per year), line.

    Raises DataError when the document prints no scale.
    """
    if document not in SCALES:
        raise DataError(
            f"Le document « {document} » n'imprime pas de barème ACI (connus : {', '.join(SCALES)})."
        )
    table = catalog.load(f"{document}/aci_funding", package)
    kept = [column for column in ("mission", "part", "size", "printed", "value", "line") if column in table]
    return table[kept].assign(document=document, scale_year=SCALES[document])


def per_inhabitant_at_bounds(ceilings: pd.Series[float], classes: pd.DataFrame) -> pd.DataFrame:
    """Ceiling per inhabitant on both sides of each size bound.

    Takes the ceiling in euros indexed by size (1 to 4). Returns one row per bound: `bound` (inhabitants), `below` and `above`
    (euros per inhabitant with the scale of the class under and over the bound), `step` (euros gained when it is crossed).
    """
    rows = []
    for size in SIZES[:-1]:
        bound = float(classes.loc[classes["size"] == size, "upper"].iloc[0])
        low, high = float(ceilings.loc[size]), float(ceilings.loc[size + 1])
        rows.append({"bound": bound, "below": low / bound, "above": high / bound, "step": high - low})
    return pd.DataFrame(rows)


def compare(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Total amounts of two scales side by side: one row per mission and size, in the order of the second scale.

    Takes two outputs of `funding`. Returns `mission`, `size`, `first`, `second` (euros per year), `gap` and `percent` (of the
    first); a mission absent from a scale has a missing amount there, never zero.
    """
    totals = [
        table[(table["part"] == "total")]
        .drop_duplicates(["mission", "size"])
        .set_index(["mission", "size"])["value"]
        for table in (first, second)
    ]
    order = [*totals[1].index, *(key for key in totals[0].index if key not in totals[1].index)]
    joined = pd.DataFrame({"first": totals[0], "second": totals[1]}).reindex(order)
    joined = joined[joined.index.get_level_values("mission").isin(MISSIONS_FR)]
    joined["gap"] = joined["second"] - joined["first"]
    joined["percent"] = 100 * joined["gap"] / joined["first"]
    return joined.rename_axis(["mission", "size"]).reset_index()


def missions_in(table: pd.DataFrame) -> list[str]:
    """Missions of a table in the order of the scale."""
    return [mission for mission in MISSIONS_FR if mission in set(table["mission"])]
