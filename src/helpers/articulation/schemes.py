"""Which schemes (CLS, CLSM, ASV, CPTS) exist where, and how they compare attribute by attribute."""

from __future__ import annotations

import pandas as pd

SCHEMES = ("asv", "cls", "clsm", "cpts")
PRESENCE_FR = {"present": "présent", "cite": "cité", "absent": "absent", "non_publie": "non publié"}
DEVICES_FR = {
    "asv": "Atelier santé ville (ASV)",
    "cls": "Contrat local de santé (CLS)",
    "clsm": "Conseil local de santé mentale (CLSM)",
    "dac": "Dispositif d'appui à la coordination (DAC)",
    "pta": "Plateforme territoriale d'appui (PTA)",
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


def attributes(scheme_attributes: pd.DataFrame, labels: str = "label_fr") -> pd.DataFrame:
    """Attributes of the schemes side by side: one row per attribute, one column per scheme, in the order of the table.

    Takes the long table `scheme`, `attribute`, `labels`. Several values of one attribute are joined; a missing pair is NA.
    """
    joined = scheme_attributes.groupby(["attribute", "scheme"], sort=False)[labels].agg(" ; ".join)
    wide = joined.unstack("scheme").reindex(scheme_attributes["attribute"].drop_duplicates())
    return wide[[scheme for scheme in SCHEMES if scheme in wide]].rename_axis(columns=None).reset_index()


def presence(table: pd.DataFrame, *, unit: str, scheme: str, present: str) -> pd.DataFrame:
    """Which schemes exist where: one row per unit, one column per scheme, 1 or 0, missing when the document does not say."""
    wide = table.pivot(index=unit, columns=scheme, values=present).astype("float64")
    return wide.rename_axis(columns=None).reset_index()
