"""Recomputations of Miller 2022: what tables 3, 4 and 5 say of the five CPTS, and the questionnaire that describes them."""

from __future__ import annotations

from helpers.catalog import Study
from helpers.documents import intervals
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells

LETTERS = ("A", "B", "C", "D", "E")
REGION = "ile_de_france"
DIMENSIONS = ("structure", "processus", "resultats")
# Instrument of table 8 -> name of its recount in the annexes.
INSTRUMENTS = {"premier": "first", "guide": "guide", "final": "final"}


def densities(study: Study) -> Recomputed:
    """Inhabitants per square kilometre, and the extremes of the areas (table 3, lines 917 and 1177)."""
    territories = Cells("miller2022/territories", study)
    area = territories.by("cpts", indicator="etendue")
    density = territories.by("cpts", indicator="population") / area
    return {f"miller2022.t3.densite.{place.lower()}": density.loc[place] for place in (*LETTERS, REGION)} | {
        "miller2022.t3.densite_texte.e": density.loc["E"],
        "miller2022.t3.etendue_minimale": intervals.least(area.loc[list(LETTERS)]),
        "miller2022.t3.etendue_maximale": intervals.greatest(area.loc[list(LETTERS)]),
    }


def associations(study: Study) -> Recomputed:
    """What the text says of table 4: consultants, year of creation, and facts that no table gives."""
    general = Cells("miller2022/general", study).table
    return {
        "miller2022.t4.sans_cabinet": float((~general["consultant"]).mean()),
        "miller2022.t4.creees_2019": float((general["created"].dt.year == 2019).mean()),
    }


def against_region(study: Study) -> Recomputed:
    """Number of CPTS above or below the region, as the text reads table 5 (line 982)."""
    supply = Cells("miller2022/supply_epidemiology", study)

    def above(indicator: str) -> int:
        values = supply.by("cpts", indicator=indicator)
        return int((values.loc[list(LETTERS)] > values.loc[REGION]).sum())

    return {
        "miller2022.t5.file_active": above("mg_file_active"),
        "miller2022.t5.sans_medecin_traitant": above("part_sans_medecin_traitant"),
        "miller2022.t5.urgences": len(LETTERS) - above("passages_urgences"),
    }


def governance(study: Study) -> Recomputed:
    """Size of the smallest association against its board (tables 6 and 7)."""
    board = Cells("miller2022/bureau", study, column="members")
    return {"miller2022.t7.adherents.d": board.sum(cpts="D")}


def question_counts(study: Study) -> Recomputed:
    """Totals of table 8 by dimension and instrument: another base of the counts that the text prints, beside the annexes."""
    counts = Cells("miller2022/question_counts", study)
    found: dict[str, float] = {}
    for instrument, recounted in INSTRUMENTS.items():
        found[f"miller2022.instrument.{recounted}.total@tableau_8"] = counts.sum(questionnaire=instrument)
        for dimension in DIMENSIONS:
            claim = f"miller2022.instrument.{recounted}.dimension.{dimension}@tableau_8"
            found[claim] = counts.sum(questionnaire=instrument, dimension=dimension)
    asked = counts.rows(questionnaire="final")
    found["miller2022.instrument.final.sous_dimensions@tableau_8"] = len(asked[asked["value"] > 0])
    return found


TOPICS = {
    "densities": densities,
    "associations": associations,
    "against_region": against_region,
    "governance": governance,
    "question_counts": question_counts,
}
