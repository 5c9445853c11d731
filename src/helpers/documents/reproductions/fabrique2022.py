"""Recomputed figures of Fabrique Territoires Santé (2022): funding, deployment, survey, testimonies."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.catalog import Package
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells

SIZES = (1, 2, 3, 4)
MISSIONS = ("acces_aux_soins", "coordination_parcours", "prevention", "crise_sanitaire")
# The health-crisis mission has no fixed row of its own: its fixed part pays for writing the plan.
FIXED_ROW = {mission: mission for mission in MISSIONS} | {"crise_sanitaire": "plan_premiere_redaction"}
STAGES = ("aci_signe", "projet_valide", "lettre_intention")
FIELDWORK = ("questionnaire", "ateliers")


def year_month(day: pd.Timestamp) -> float:
    """Year and month side by side, so that two months can be compared: March 2022 gives 202203."""
    return float(day.year * 100 + day.month)


def mission_totals(package: Package | None = None) -> Recomputed:
    """Total of each mission by size: fixed part + variable part (annex 2)."""
    funding = Cells("fabrique2022/aci_funding", package)
    return {
        f"fabrique2022.aci.{mission}.taille{size}": (
            funding.value(mission=FIXED_ROW[mission], part="fixe", size=size)
            + funding.value(mission=mission, part="variable", size=size)
        )
        for mission in MISSIONS
        for size in SIZES
    }


def funding_rules(package: Package | None = None) -> Recomputed:
    """What the prose says of the table: bounds, growth with size, two parts per mission, gap with a CLS."""
    funding = Cells("fabrique2022/aci_funding", package)
    running = funding.values(mission="fonctionnement", part="total")
    by_size = funding.rows().sort_values("size").groupby(["mission", "part"])["value"]
    growing = by_size.apply(lambda amounts: bool((amounts.diff().dropna() > 0).all()))
    two_parts = [
        mission
        for mission in MISSIONS
        if funding.count(mission=FIXED_ROW[mission], part="fixe")
        and funding.count(mission=mission, part="variable")
    ]
    contract_cls = Cells("fabrique2022/figures", package).value(figure_id="coordination_cls")
    return {
        "fabrique2022.aci.fonctionnement.min": float(running.min()),
        "fabrique2022.aci.fonctionnement.max": float(running.max()),
        "fabrique2022.aci.croissance": float(growing.sum()),
        "fabrique2022.aci.deux_parts": float(len(two_parts)),
        "fabrique2022.moyens.ecart_cls": float(running.min()) / contract_cls,
        "fabrique2022.moyens.etp": NotReproducible(
            "Ni la population ni le montant par habitant de cette CPTS ne sont imprimés."
        ),
    }


def deployment(package: Package | None = None) -> Recomputed:
    """CPTS at the three stages of the atlas, to be compared with the national target."""
    counts = Cells("fabrique2022/deployment", package)
    return {"fabrique2022.deploiement.loin_objectif": counts.sum(definition=STAGES)}


def method(package: Package | None = None) -> Recomputed:
    """Period and counts of the survey, from its operations."""
    survey = Cells("fabrique2022/survey_method", package, column="count")
    operations = survey.rows(item=FIELDWORK)
    schemes = Cells("fabrique2022/scheme_attributes", package)
    return {
        "fabrique2022.methode.debut": year_month(operations["date"].min()),
        "fabrique2022.methode.fin": year_month(operations["date_end"].max()),
        "fabrique2022.methode.entretiens": survey.value(item="entretiens_note"),
        "fabrique2022.methode.dynamiques": float(schemes.count(attribute="famille", code="dts")),
        "fabrique2022.methode.participants": NotReproducible(
            "Le nombre de personnes présentes à chaque atelier n'est pas imprimé."
        ),
        "fabrique2022.methode.retours": NotReproducible(
            "Aucun décompte des réponses au questionnaire n'est imprimé."
        ),
    }


def voices(package: Package | None = None) -> Recomputed:
    """Who is quoted, from the function printed after each testimony."""
    testimonies = Cells("fabrique2022/testimonies", package)
    schemes = Cells("fabrique2022/scheme_attributes", package)
    family = schemes.rows(attribute="famille").set_index("scheme")["code"]
    heard = [set(str(role).split("_")) & set(family.index) for role in testimonies.rows()["role"]]
    attributed = testimonies.rows()["role"] != "non_attribue"
    other = [not named and is_attributed for named, is_attributed in zip(heard, attributed, strict=True)]
    territorial = {scheme for named in heard for scheme in named if family[scheme] == "dts"}
    return {
        "fabrique2022.methode.voix_dts": float(len(territorial)),
        "fabrique2022.methode.autres_fonctions": float(sum(other)),
        "fabrique2022.temoignages.expertise": float(testimonies.count(section="expertise_coordinations")),
    }


def construction(package: Package | None = None) -> Recomputed:
    """Steps of a CPTS and parties to each signature."""
    steps = Cells("fabrique2022/cpts_steps", package)
    return {
        "fabrique2022.construction.etapes": float(steps.rows()["step"].nunique()),
        "fabrique2022.construction.tripartite": float(steps.rows(code="projet")["party"].nunique()),
        "fabrique2022.construction.contrat": float(steps.rows(code="aci")["party"].nunique()),
    }


def notes_and_dates(package: Package | None = None) -> Recomputed:
    """Footnotes that have a text, and dates that another line of the document checks."""
    footnotes = Cells("fabrique2022/footnotes", package)
    posted = Cells("fabrique2022/timeline", package).rows(event_id="manifeste_fichier")["date"]
    return {
        "fabrique2022.notes.texte": float(footnotes.rows()["text_line"].notna().sum()),
        "fabrique2022.chronologie.manifeste": year_month(posted.iloc[0]),
        "fabrique2022.chronologie.asv": NotReproducible("L'année des premiers ASV n'est pas imprimée."),
    }


def city_policy(package: Package | None = None) -> Recomputed:
    """Figures on priority neighbourhoods whose inputs are in the reports cited, not in the document."""
    del package
    return {
        "fabrique2022.qpv.habitants": NotReproducible("La population de chaque quartier n'est pas imprimée."),
        "fabrique2022.qpv.surpoids": NotReproducible("Ni effectif ni taux de surpoids ne sont imprimés."),
        "fabrique2022.qpv.doublement": NotReproducible(
            "Les nombres de centres et de maisons de santé ne sont pas imprimés ; la note est sans texte."
        ),
        "fabrique2022.ville.orientations": NotReproducible("Une seule orientation est nommée."),
        "fabrique2022.ville.rang_sante": NotReproducible("La liste des priorités n'est pas imprimée."),
    }


TOPICS: dict[str, Callable[[Package | None], Recomputed]] = {
    "mission_totals": mission_totals,
    "funding_rules": funding_rules,
    "deployment": deployment,
    "method": method,
    "voices": voices,
    "construction": construction,
    "notes_and_dates": notes_and_dates,
    "city_policy": city_policy,
}
