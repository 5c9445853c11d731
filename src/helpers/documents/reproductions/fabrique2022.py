"""Recomputed figures of Fabrique Territoires Santé (2022): funding, deployment, survey, testimonies."""

from __future__ import annotations

import math
from collections.abc import Callable

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

SIZES = (1, 2, 3, 4)
MISSIONS = ("acces_aux_soins", "coordination_parcours", "prevention", "crise_sanitaire")
# The health-crisis mission has no fixed row of its own: its fixed part pays for writing the plan.
FIXED_ROW = {mission: mission for mission in MISSIONS} | {"crise_sanitaire": "plan_premiere_redaction"}
FIELDWORK = ("questionnaire", "ateliers")


def year_month(day: pd.Timestamp) -> float:
    """Year and month side by side, so that two months can be compared: March 2022 gives 202203."""
    return float(day.year * 100 + day.month)


def mission_totals(study: Study) -> Recomputed:
    """Total of each mission by size: fixed part + variable part (annex 2)."""
    funding = Cells("fabrique2022/aci_funding", study)
    return {
        f"fabrique2022.aci.{mission}.taille{size}": (
            funding.value(mission=FIXED_ROW[mission], part="fixe", size=size)
            + funding.value(mission=mission, part="variable", size=size)
        )
        for mission in MISSIONS
        for size in SIZES
    }


def funding_rules(study: Study) -> Recomputed:
    """What the prose says of the table: bounds, growth with size, two parts per mission, gap with a CLS."""
    funding = Cells("fabrique2022/aci_funding", study)
    running = funding.values(mission="fonctionnement", part="total")
    by_size = funding.rows().sort_values("size").groupby(["mission", "part"])["value"]
    growing = by_size.apply(lambda amounts: bool((amounts.diff().dropna() > 0).all()))
    two_parts = [
        mission
        for mission in MISSIONS
        if funding.count(mission=FIXED_ROW[mission], part="fixe")
        and funding.count(mission=mission, part="variable")
    ]
    return {
        "fabrique2022.aci.fonctionnement.min": float(running.min()),
        "fabrique2022.aci.fonctionnement.max": float(running.max()),
        "fabrique2022.aci.croissance": float(growing.sum()),
        "fabrique2022.aci.deux_parts": float(len(two_parts)),
    }


def method(study: Study) -> Recomputed:
    """Period and counts of the survey, from its operations."""
    survey = Cells("fabrique2022/survey_method", study, column="count")
    sent = survey.rows(item="questionnaire").iloc[0]
    operations = survey.rows(item=FIELDWORK)
    schemes = Cells("fabrique2022/scheme_attributes", study)
    return {
        # The questionnaire is dated by its quarter: the first month of the survey stands between its ends.
        "fabrique2022.methode.debut": Bounds(
            year_month(sent["date"]),
            year_month(sent["date_end"]),
            "Le questionnaire est daté du dernier trimestre, son mois d'envoi n'est pas imprimé.",
        ),
        "fabrique2022.methode.fin": year_month(operations["date_end"].max()),
        "fabrique2022.methode.entretiens": survey.value(item="entretiens_note"),
        "fabrique2022.methode.dynamiques": float(schemes.count(attribute="famille", code="dts")),
        "fabrique2022.methode.participants": Bounds(
            survey.value(item="entretiens_note") + survey.value(item="ateliers"),
            math.inf,
            "Six entretiens et trois ateliers ; le nombre de présents aux ateliers n'est pas imprimé.",
        ),
    }


def voices(study: Study) -> Recomputed:
    """Who is quoted, from the function printed after each testimony."""
    testimonies = Cells("fabrique2022/testimonies", study)
    schemes = Cells("fabrique2022/scheme_attributes", study)
    family = schemes.rows(attribute="famille").set_index("scheme")["code"]
    heard = [set(str(role).split("_")) & set(family.index) for role in testimonies.rows()["role"]]
    territorial = {scheme for named in heard for scheme in named if family[scheme] == "dts"}
    return {
        "fabrique2022.methode.voix_dts": float(len(territorial)),
        "fabrique2022.temoignages.expertise": float(testimonies.count(section="expertise_coordinations")),
    }


def construction(study: Study) -> Recomputed:
    """Steps of a CPTS and parties to each signature."""
    steps = Cells("fabrique2022/cpts_steps", study)
    return {
        "fabrique2022.construction.etapes": float(steps.rows()["step"].nunique()),
        "fabrique2022.construction.tripartite": float(steps.rows(code="projet")["party"].nunique()),
        "fabrique2022.construction.contrat": float(steps.rows(code="aci")["party"].nunique()),
    }


def notes_and_dates(study: Study) -> Recomputed:
    """Footnotes that have a text, and dates that another line of the document checks."""
    footnotes = Cells("fabrique2022/footnotes", study)
    posted = Cells("fabrique2022/timeline", study).rows(event_id="manifeste_fichier")["date"]
    lost = Cells("documents/lost_figures", study)
    return {
        # The foot of the page announces two pages; what the table of lost figures holds of the annex is the second one.
        "fabrique2022.annexes.pages_annexe_2": 2.0 - lost.count(document="fabrique2022", item="annexe_2"),
        "fabrique2022.notes.texte": float(footnotes.rows()["text_line"].notna().sum()),
        "fabrique2022.chronologie.manifeste": year_month(posted.iloc[0]),
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "mission_totals": mission_totals,
    "funding_rules": funding_rules,
    "method": method,
    "voices": voices,
    "construction": construction,
    "notes_and_dates": notes_and_dates,
}
