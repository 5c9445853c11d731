"""Pairs of a CPTS and another scheme: those that links name, then those that only share ground in the register.

The pairs are those of the package when it is a user's, those of the documents for the project: Orléans and Redon.
"""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.articulation import faults, links, overlaps, perimeters, schemes
from helpers.catalog import Study, once_per_study
from helpers.errors import UnknownName

SEPARATOR = "+"
PRINTED_PERIMETERS = "navinel2020/perimeters"
COLUMNS = ("paire", "cpts", "cpts_name", "scheme", "scheme_name", "kind", "links")
# A package may name no scheme at all: the sheet is then about its first CPTS, and asks for the rest.
NO_SCHEME, NO_SCHEME_FR = "", "dispositif à nommer"
NO_CPTS, NO_CPTS_FR = "cpts", "votre CPTS"


def is_users(study: Study) -> bool:
    """Whether the tables are a user's, and not what the documents print."""
    return study.package.extends


def all_links(study: Study) -> pd.DataFrame:
    """Links between a named CPTS and a named scheme: of the package, or of the documents for the project."""
    found = links.of_package(study) if is_users(study) else links.of_documents(study)
    return found.dropna(subset=["cpts", "scheme"]).reset_index(drop=True)


def all_schemes(study: Study) -> pd.DataFrame:
    """Schemes of the package, or those that the documents name for the project: see `schemes.COLUMNS`."""
    return schemes.of_package(study) if is_users(study) else schemes.of_documents(study)


@once_per_study
def register(study: Study) -> pd.DataFrame:
    """Sound rows of the register of perimeters: of the package, or the one that a document prints for the project."""
    table = (
        study.table(perimeters.TABLE, optional=True) if is_users(study) else study.table(PRINTED_PERIMETERS)
    )
    return faults.sound(table)


def known(study: Study, *, at: dt.date | str = perimeters.GEOGRAPHY) -> pd.DataFrame:
    """Every pair, with COLUMNS: CLS, CLSM and ASV first, most links first, then the pairs that only share a commune at a day.

    A package without any pair gives its first CPTS with no scheme, so that its sheet says what to fill.
    """
    told = all_links(study)
    linked = told.groupby(["cpts", "scheme"], sort=False).agg(
        cpts_name=("cpts_name", "first"), scheme_name=("scheme_name", "first"), kind=("kind", "first"),
        links=("link", "size"),
    )  # fmt: skip
    linked = linked.assign(other=~linked["kind"].isin(perimeters.DTS))
    linked = linked.sort_values(["other", "links"], ascending=[True, False], kind="stable").reset_index()
    ground = _on_the_same_ground(study, at)
    pairs = pd.concat([linked, ground], ignore_index=True).drop_duplicates(["cpts", "scheme"])
    if pairs.empty:
        pairs = pd.DataFrame([_alone(study)])
    pairs["paire"] = pairs["cpts"].astype(str) + SEPARATOR + pairs["scheme"].astype(str)
    return pairs[list(COLUMNS)].reset_index(drop=True)


def _alone(study: Study) -> dict[str, object]:
    """The first CPTS of the package, or the one that it has yet to name, with no scheme."""
    own = study.table("cpts/cpts", optional=True)
    code, name = (NO_CPTS, NO_CPTS_FR) if own.empty else (own["cpts"].iloc[0], own["name_fr"].iloc[0])
    return {
        "cpts": code, "cpts_name": name, "scheme": NO_SCHEME, "scheme_name": NO_SCHEME_FR, "kind": "autre", "links": 0,
    }  # fmt: skip


def _on_the_same_ground(study: Study, at: dt.date | str) -> pd.DataFrame:
    table = register(study)
    met = overlaps.pairs(table, at=at) if len(table) else pd.DataFrame(columns=["communes_both"])
    met = met[met["communes_both"] > 0].rename(
        columns={"first": "cpts", "first_name": "cpts_name", "second": "scheme", "second_name": "scheme_name",
                 "second_kind": "kind"}
    )  # fmt: skip
    return met.reindex(columns=["cpts", "scheme", "cpts_name", "scheme_name", "kind"]).assign(links=0)


def chosen(code: str, study: Study) -> pd.Series:
    """The pair of a code (`cpts+scheme`), the first one for an empty code. Raises UnknownName with the nearest codes."""
    pairs = known(study)
    if not code:
        return pairs.iloc[0]
    found = pairs[pairs["paire"] == code]
    if found.empty:
        raise UnknownName("Paire (CPTS+dispositif)", code, pairs["paire"])
    return found.iloc[0]
