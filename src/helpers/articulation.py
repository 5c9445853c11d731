"""How CPTS articulate with the DTS (CLS, CLSM, ASV): compared attributes, means, coded testimonies."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers.errors import DataError

SCHEMES = ("asv", "cls", "clsm", "cpts")
ROLES_FR = {
    "cls": "Coordination de CLS",
    "cls_clsm": "Coordination de CLS et CLSM",
    "cpts": "Coordination de CPTS",
    "agent": "Agent de collectivité",
    "responsable_sante": "Responsable santé",
    "non_attribue": "Rôle non indiqué",
}
VALENCES_FR = {"+": "levier", "-": "obstacle", "0": "neutre", "P": "proposition"}
LEVELS_FR = {
    "0": "0 · aucune, ou contournement",
    "1": "1 · information",
    "2": "2 · ressource, mise en lien",
    "3": "3 · appui de méthode",
    "4": "4 · action commune",
    "5": "5 · moyens ou gouvernance partagés",
}


def attributes(scheme_attributes: pd.DataFrame, labels: str = "label_fr") -> pd.DataFrame:
    """Attributes of the schemes side by side: one row per attribute, one column per scheme, in the order of the table.

    Takes the long table `scheme`, `attribute`, `labels`. Several values of one attribute are joined; a missing pair is NA.
    """
    joined = scheme_attributes.groupby(["attribute", "scheme"], sort=False)[labels].agg(" ; ".join)
    wide = joined.unstack("scheme").reindex(scheme_attributes["attribute"].drop_duplicates())
    return wide[[scheme for scheme in SCHEMES if scheme in wide]].rename_axis(columns=None).reset_index()


def means_gap(ceilings: pd.DataFrame, cls_ceiling: float) -> pd.DataFrame:
    """ACI amounts against the ceiling of the support that an ARS gives to the coordination of one CLS.

    Takes `ceilings` in euros per year, one row per size and one column per situation, and `cls_ceiling` in euros. Returns one
    row per size and situation: `size`, `situation`, `amount`, `ratio` (ACI / CLS). Raises DataError for a ceiling not positive.
    """
    if not cls_ceiling > 0:
        raise DataError("Le plafond du CLS doit être un montant positif.")
    long = ceilings.rename_axis(index="size", columns="situation").stack().rename("amount").reset_index()
    long["ratio"] = long["amount"] / cls_ceiling
    return long


def aci_situations(funding: pd.DataFrame) -> pd.DataFrame:
    """What a CPTS can receive in a year, by size, from a printed scale with the four core missions.

    Columns: operating money alone; core missions at full rate in the first year of the crisis plan without a crisis; in a
    following year (plan updated), without a crisis; ceiling of the first year with a crisis. Euros per year.
    """
    amounts = funding.set_index(["mission", "part", "size"])["value"]
    operating = amounts.xs(("fonctionnement", "total"))
    core = sum(
        (
            amounts.xs((mission, "total"))
            for mission in ("acces_aux_soins", "coordination_parcours", "prevention")
        ),
        start=operating,
    )
    plan, update = amounts.xs(("plan_premiere_redaction", "fixe")), amounts.xs(("plan_mise_a_jour", "fixe"))
    return pd.DataFrame(
        {
            "Fonctionnement seul": operating,
            "Missions socles, année suivante (plan mis à jour)": core + update,
            "Missions socles, première année du plan": core + plan,
            "Première année du plan, avec une crise sanitaire": core
            + plan
            + amounts.xs(("crise_sanitaire", "variable")),
        }
    ).rename_axis("size")


def count_testimonies(
    codings: pd.DataFrame, *, rows: str, columns: str, coder: int = 1, order: Sequence[str] | None = None
) -> pd.DataFrame:
    """Number of testimonies by two codes for one coder, with totals; a code left empty is counted as "sans objet".

    Takes one row per testimony and coder. Raises DataError when the coder is unknown or coded a testimony twice.
    """
    own = codings[codings["coder"] == coder]
    if own.empty:
        raise DataError(
            f"Aucun témoignage codé par le codeur {coder} (codeurs : {sorted(codings['coder'].unique())})."
        )
    if own["testimony"].duplicated().any():
        raise DataError(f"Le codeur {coder} a codé deux fois le même témoignage.")
    table = pd.crosstab(own[rows].fillna("sans objet"), own[columns].fillna("sans objet"))
    if order is not None:
        table = table.reindex(columns=[*order, *[code for code in table if code not in order]], fill_value=0)
    table["Ensemble"] = table.sum(axis=1)
    table = table.sort_values("Ensemble", ascending=False, kind="stable")
    table.loc["Ensemble"] = table.sum()
    return table.rename_axis(columns=None).reset_index()


def level_distribution(codings: pd.DataFrame) -> pd.DataFrame:
    """Number of testimonies at each level of articulation (0 to 5), one column per coder.

    Testimonies without a relation between CPTS and DTS (no level) are left out.
    """
    relational = codings[codings["level"].isin(LEVELS_FR)]
    table = pd.crosstab(relational["level"], relational["coder"]).reindex(list(LEVELS_FR), fill_value=0)
    return table.rename(index=LEVELS_FR).rename_axis(index="Degré", columns=None).reset_index()


def presence(table: pd.DataFrame, *, unit: str, scheme: str, present: str) -> pd.DataFrame:
    """Which schemes exist where: one row per unit, one column per scheme, 1 or 0, missing when the document does not say."""
    wide = table.pivot(index=unit, columns=scheme, values=present).astype("float64")
    return wide.rename_axis(columns=None).reset_index()
