"""Lainé 2021, funding: tables 3 to 5, annex 7 and the amounts of the prose."""

from __future__ import annotations

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

MISSIONS = (
    "acces_aux_soins",
    "coordination_parcours",
    "prevention",
    "qualite_pertinence",
    "accompagnement_professionnels",
)
SIZES = (1, 2, 3, 4)
FUNDING = "laine2021/aci_funding"


def annex_total(funding: Cells, size: int) -> float:
    """Running costs and the five missions of annex 7, by size."""
    return funding.sum(
        source_table="annexe_7", mission=("fonctionnement", *MISSIONS), part="total", size=size
    )


def annex_totals(study: Study) -> Recomputed:
    """Totals printed at the foot of annex 7: running costs plus the five mission totals."""
    funding = Cells(FUNDING, study)
    return {f"laine2021.a7.total.taille{size}": annex_total(funding, size) for size in SIZES}


def annex_missions(study: Study) -> Recomputed:
    """Total of each mission in annex 7: fixed part plus variable part."""
    funding = Cells(FUNDING, study)
    return {
        f"laine2021.a7.{mission}.taille{size}": funding.sum(
            source_table="annexe_7", mission=mission, part=("fixe", "variable"), size=size
        )
        for mission in MISSIONS
        for size in SIZES
    }


def table_5_from_annex(study: Study) -> Recomputed:
    """Totals of table 5 from the components of annex 7, which the same text gives as their detail."""
    funding = Cells(FUNDING, study)
    return {f"laine2021.t5.annexe_7.taille{size}": annex_total(funding, size) for size in SIZES}


def prose_amounts(study: Study) -> Recomputed:
    """Bounds, ceilings and halves announced in the prose."""
    funding, figures = Cells(FUNDING, study), Cells("laine2021/figures", study)
    totals = funding.values(source_table="tableau_5")
    supplement = figures.value(figure_id="snp_max")
    table_4 = {"source_table": "tableau_4", "mission": "coordination_parcours"}
    largest = max(SIZES)
    variable = funding.value(source_table="annexe_7", mission="acces_aux_soins", part="variable", size=3)
    components = Cells("laine2021/enumerations", study).count(list_id="volets_acces")
    return {
        "laine2021.prose.total_min": float(totals.min()),
        "laine2021.prose.total_max": float(totals.max()),
        "laine2021.prose.total_avec_snp": float(totals.max()) + supplement,
        "laine2021.prose.total_avec_snp@annexe_7": max(annex_total(funding, size) for size in SIZES)
        + supplement,
        "laine2021.prose.parcours_taille_4": funding.sum(part=("fixe", "variable"), size=largest, **table_4),
        "laine2021.prose.parts_egales": funding.sum(part="fixe", **table_4)
        / funding.sum(part=("fixe", "variable"), **table_4),
        "laine2021.prose.moitie_evaluee": funding.sum(
            source_table="annexe_7", mission=MISSIONS, part="variable"
        )
        / funding.sum(source_table="annexe_7", mission=MISSIONS, part="total"),
        "laine2021.prose.variable_par_volet": variable / components,
        "laine2021.prose.parcours_sans_taille": _over_sizes(funding.values(part="fixe", **table_4)),
        "laine2021.prose.fonctionnement_annuel": funding.value(
            source_table="annexe_7", mission="fonctionnement", part="total", size=1
        )
        * Cells("laine2021/payment_rules", study).value(rule="fonctionnement_suivantes")
        / 100,
    }


def _over_sizes(amounts: pd.Series[float]) -> Bounds:
    return Bounds(
        float(amounts.min()),
        float(amounts.max()),
        "Le montant dépend de la taille, que la phrase ne dit pas.",
    )


TOPICS = {
    "annexe_7_totaux": annex_totals,
    "annexe_7_missions": annex_missions,
    "tableau_5_annexe_7": table_5_from_annex,
    "montants": prose_amounts,
}
