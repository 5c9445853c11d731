"""Which CPTS a report may be about: those of the user's package, or those that the documents make known."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers import catalog
from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.methods import protection

# What a report says of the way a CPTS is known; a user's own CPTS has no such column.
ORIGINS_FR = {
    "etudiee": "CPTS étudiée par la thèse Miller 2022 et désignée par une lettre ; son nom et ses communes ne sont pas cherchés",
    "interrogee": "CPTS interrogée par la thèse AURA 2022, qui imprime son nom à côté de son code d'entretien",
    "carte": "CPTS de la carte régionale de la thèse AURA 2022, qui n'imprime que son nom et sa population ; non interrogée",
    "paquet": "CPTS de votre paquet de données",
    "vide": "votre paquet ne décrit encore aucune CPTS : remplissez une ligne du tableau cpts/cpts, puis relancez",
}
USERS = ("paquet", "vide")


def known(study: Study) -> pd.DataFrame:
    """Every CPTS of the package, one row each, with `origin` (etudiee, interrogee, carte or paquet); may be empty."""
    table = study.table("cpts/cpts", optional=True)
    return table if "origin" in table else table.assign(origin="paquet")


def chosen(cpts: str, study: Study) -> pd.Series[object]:
    """Row of the CPTS asked for, of the first one when nothing is asked.

    A user's small number of members is masked (see `masked`). A package that describes no CPTS yet gives a row where all is
    missing (origin "vide"), so that its reports say what there is to fill. Raises UnknownName with the nearest codes.
    """
    table = known(study)
    if table.empty and not cpts:
        row = {"cpts": "", "name_fr": "CPTS à décrire", "origin": "vide"}
        return pd.concat([table, pd.DataFrame([row]).astype("string[python]")], ignore_index=True).iloc[0]
    code = cpts or str(table["cpts"].iloc[0])
    found = table[table["cpts"] == code]
    if found.empty:
        raise UnknownName("CPTS", code, table["cpts"])
    row = found.iloc[0]
    return masked(row, protection.protect(study)) if is_users(study) else row


def is_users(study: Study) -> bool:
    """Whether the tables are a user's: their small counts are then masked, and their facts are their own."""
    return study.package.folder.resolve() != catalog.DEFAULT_FOLDER.resolve()


def masked(row: pd.Series[Any], secret: protection.Protected) -> pd.Series[Any]:
    """Row of a user's CPTS without its number of members when it is a small count: `members_masked` then says so."""
    if (row["cpts"],) not in secret.members:
        return row
    return pd.concat(
        [row.drop("members"), pd.Series({"members": pd.NA, "members_masked": True}, dtype=object)]
    )
