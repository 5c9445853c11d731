"""What each type of CPTS works with, among the sixteen that the AURA thesis heard.

The links are those that a document cites; one that is not cited is not an absent link, so nothing here speaks of absence.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from helpers import aci
from helpers.articulation import links
from helpers.catalog import labels
from helpers.catalog.study import Study
from helpers.errors import DataError

SIZES_FR = {size: f"Taille {size}" for size in aci.SIZES}


def maturity() -> dict[str, str]:
    """French name of each stage of a CPTS that the thesis prints, by code."""
    return labels.codes("aura2022/interviewed_cpts", "maturity")


def interviewed(study: Study) -> pd.DataFrame:
    """The CPTS heard by the AURA thesis, one row each, with the stage that its table III or its text gives.

    Table III leaves the stage of one CPTS blank; the text dates the signature of its agreement.
    """
    table = study.table("aura2022/interviewed_cpts")
    statuses = (
        study.table("aura2022/signature_dates").set_index("cpts")["status"].replace({"signe": "aci_signe"})
    )
    return table.assign(maturity=table["maturity"].fillna(table["cpts"].map(statuses)))


def named(code: str) -> str:
    """French name of a kind of actor; the code itself, in words, when it has none."""
    return labels.codes("aura2022/edges", "actor_type").get(code, code.replace("_", " "))


def working(edges: pd.DataFrame) -> pd.DataFrame:
    """Links at work: one planned, wished or refused, or an opinion without a link, is cited, but nobody works by it."""
    return links.done(edges)


def count_statuses(edges: pd.DataFrame) -> pd.DataFrame:
    """Number of links by status, in the order of the schema."""
    counts = edges["status"].value_counts()
    return pd.DataFrame(
        {
            "status": list(labels.codes("aura2022/edges", "status").values()),
            "links": [int(counts.get(code, 0)) for code in labels.codes("aura2022/edges", "status")],
        }
    )


def natural(codes: list[str]) -> list[str]:
    """Codes in the order of their number: CPTS2 before CPTS10."""
    return sorted(codes, key=lambda code: (len(code), code))


def by_type(
    edges: pd.DataFrame,
    units: pd.DataFrame,
    *,
    attribute: str,
    names: Mapping[object, str] | None = None,
    minimum: int = 3,
) -> pd.DataFrame:
    """What each type of CPTS works with: one row per kind of actor, one column per value of `attribute`, cells "3 sur 8".

    Takes the links and one row per CPTS (`cpts`, `attribute`). Counts of CPTS that cite at least one link over CPTS of the
    type, never a percentage: the types have few CPTS. Kinds under `minimum` CPTS in all are left out. Raises DataError for a
    link of a CPTS that has no row.
    """
    types = units.set_index("cpts")[attribute].convert_dtypes().astype("string").fillna("")
    strange = natural(list(set(edges["cpts"]) - set(types.index)))
    if strange:
        raise DataError(f"La CPTS « {strange[0]} » a des liens mais pas de ligne dans le tableau des CPTS.")
    sizes = types.value_counts()
    order = [value for value in (map(str, names) if names else sorted(sizes.index)) if value in sizes.index]
    cited = edges.drop_duplicates(["cpts", "actor_type"])
    counts = pd.crosstab(cited["actor_type"], cited["cpts"].map(types))
    counts = counts[counts.sum(axis=1) >= minimum].reindex(columns=order, fill_value=0)
    counts = counts.loc[counts.sum(axis=1).sort_values(ascending=False, kind="stable").index]
    told = {str(key): text for key, text in (names or {}).items()}
    table = pd.DataFrame(
        {
            told.get(value, value): [f"{count} sur {sizes[value]}" for count in counts[value]]
            for value in order
        }
    )
    table.insert(0, "actor", [named(code) for code in counts.index])
    return table
