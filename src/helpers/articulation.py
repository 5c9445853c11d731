"""How CPTS articulate with the DTS (CLS, CLSM, ASV): compared attributes, means, coded testimonies."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from helpers import french
from helpers.errors import DataError

SCHEMES = ("asv", "cls", "clsm", "cpts")
ROLES_FR = {
    "cls": "Coordination de CLS",
    "cls_clsm": "Coordination de CLS et CLSM",
    "cpts": "Coordination de CPTS",
    "agent_collectivite": "Agent de collectivité",
    "responsable_sante": "Responsable santé",
    "non_attribue": "Rôle non indiqué",
}
VALENCES_FR = {"+": "levier", "-": "obstacle", "0": "neutre", "P": "proposition"}
PRESENCE_FR = {"present": "présent", "cite": "cité", "absent": "absent", "non_publie": "non publié"}
DEVICES_FR = {
    "asv": "Atelier santé ville (ASV)",
    "cls": "Contrat local de santé (CLS)",
    "clsm": "Conseil local de santé mentale (CLSM)",
    "dac": "Dispositif d'appui à la coordination (DAC)",
    "pta": "Plateforme territoriale d'appui (PTA)",
}
ACTORS_FR = {
    "hopital": "Hôpital",
    "collectivite": "Collectivité",
    "sas": "Service d'accès aux soins",
    "msp_esp": "MSP ou ESP",
    "cpts": "Autre CPTS",
    "assurance_maladie": "Assurance maladie",
    "social": "Secteur social",
    "medico_social": "Secteur médico-social",
    "elus": "Élus",
    "ars": "ARS",
    "prevention": "Acteur de prévention",
    "education_nationale": "Éducation nationale",
    "dispositif_medico_social": "Dispositif médico-social",
    "dispositif_specialise": "Dispositif spécialisé",
    "federation": "Fédération",
    "formation": "Formation",
}
ATTRIBUTES_FR = {
    "famille": "Famille",
    "demarrage": "Démarrage",
    "base_juridique": "Base juridique",
    "pilote": "Pilote",
    "echelle": "Échelle",
    "population": "Population",
    "financement_coordination": "Financement de la coordination",
    "cofinancement": "Cofinancement",
    "financement_actions": "Financement des actions",
    "place_elus": "Place des élus",
    "place_liberaux": "Place des libéraux",
    "missions": "Missions",
    "denombrement": "Dénombrement",
    "avenir": "Avenir",
}
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
    amounts = funding.set_index(["mission", "part", "size"])["value"].sort_index()
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
            f"Aucun témoignage codé par le codeur {coder} (codeurs : {sorted(map(int, codings['coder'].unique()))})."
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
    levels = codings["level"].astype("Int64").astype("string")
    relational = codings.assign(level=levels)[levels.isin(list(LEVELS_FR)).fillna(False)]
    table = pd.crosstab(relational["level"], relational["coder"]).reindex(list(LEVELS_FR), fill_value=0)
    return table.rename(index=LEVELS_FR).rename_axis(index="Degré", columns=None).reset_index()


def presence(table: pd.DataFrame, *, unit: str, scheme: str, present: str) -> pd.DataFrame:
    """Which schemes exist where: one row per unit, one column per scheme, 1 or 0, missing when the document does not say."""
    wide = table.pivot(index=unit, columns=scheme, values=present).astype("float64")
    return wide.rename_axis(columns=None).reset_index()


def presence_counts(table: pd.DataFrame) -> pd.DataFrame:
    """Number of CPTS by device and answer, one row per device (in French), one column per answer, zeros included."""
    counts = pd.crosstab(table["device"], table["status"].map(PRESENCE_FR))
    counts = counts.reindex(
        index=table["device"].drop_duplicates(), columns=list(PRESENCE_FR.values()), fill_value=0
    )
    return counts.rename(index=DEVICES_FR).rename_axis(columns=None).reset_index()


def units_with_link(edges: pd.DataFrame, *, unit: str, kind: str, minimum: int = 1) -> pd.Series[int]:
    """Number of units that have at least one link of each kind, largest first; kinds under `minimum` units are left out."""
    counts = edges.groupby(kind)[unit].nunique()
    kept = counts[counts >= minimum].sort_values(ascending=False, kind="stable")
    return kept.rename(index=lambda code: ACTORS_FR.get(code, code.replace("_", " ")))


def themes_by_role(testimonies: pd.DataFrame, *, minimum: int = 1) -> pd.DataFrame:
    """Number of testimonies by theme and role (in French), themes of at least `minimum` testimonies, most frequent first."""
    table = pd.crosstab(testimonies["theme_label_fr"], testimonies["role"].map(ROLES_FR))
    table["Ensemble"] = table.sum(axis=1)
    table = table[table["Ensemble"] >= minimum].sort_values("Ensemble", ascending=False, kind="stable")
    return table.rename_axis(columns=None).reset_index()


def in_french(counts: pd.DataFrame) -> pd.DataFrame:
    """Table of `count_testimonies` by role and valence with the French names of both."""
    named = counts.rename(columns=VALENCES_FR)
    return named.assign(role=named["role"].map(lambda code: ROLES_FR.get(code, code)))


def means_sentence(gaps: pd.DataFrame, *, size: int) -> str:
    """One French sentence on the smallest and largest ratio of `means_gap` for CPTS of one size."""
    own = gaps[gaps["size"] == size]
    low, high = own.loc[own["ratio"].idxmin()], own.loc[own["ratio"].idxmax()]
    return (
        f"Une CPTS de taille {size} peut recevoir de {french.number(low['ratio'], 1)} fois "
        f"({low['situation'].lower()}) à {french.number(high['ratio'], 1)} fois ({high['situation'].lower()}) "
        "le plafond de l'appui d'une ARS à la coordination d'un CLS."
    )
