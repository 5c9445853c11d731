"""Priority districts (QPV) that a scheme names: an ASV works there, and the communes of the register hold other people too."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study

TABLE = "dts/districts"
WHOLE = "le registre compte les habitants de ses communes entières, non ceux de ses quartiers"
WHOLE_COMMUNES = (
    "les habitants donnés pour un ASV sont ceux de ses communes entières, non ceux de ses quartiers"
)


def of_package(study: Study) -> pd.DataFrame:
    """Priority districts of the schemes of the package (`dts/districts`); empty when it has none, and for the project."""
    return study.table(TABLE, optional=True)


def population(districts: pd.DataFrame) -> float:
    """Inhabitants of some districts together; missing as soon as one of them is not known. No district: missing."""
    return (
        float(districts["population"].astype("float64").sum(skipna=False)) if len(districts) else float("nan")
    )


def sentence(districts: pd.DataFrame, scheme: str, name: str) -> str:
    """What the population of an ASV is and is not, in one French sentence. Takes the table of the package and a scheme."""
    own = districts[districts["scheme"] == scheme]
    if own.empty:
        return f"« {name} » : {WHOLE} ; aucun quartier prioritaire n'est nommé (dts/districts)."
    people = population(own)
    told = (
        f"{french.number(people, 0)} habitants selon le paquet"
        if pd.notna(people)
        else "population non donnée pour tous"
    )
    return f"« {name} » : {WHOLE}, qui sont {french.number(len(own))} ({told})."


def sentences(register: pd.DataFrame, districts: pd.DataFrame | None) -> list[str]:
    """One sentence per ASV of a register of perimeters, in the order of the register; without districts, what it counts."""
    asv = register[register["kind"] == "asv"].drop_duplicates("scheme")
    if districts is None:
        return [f"« {name} » : {WHOLE}." for name in asv["name_fr"]]
    return [sentence(districts, str(row["scheme"]), str(row["name_fr"])) for row in asv.to_dict("records")]
