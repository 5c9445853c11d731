"""Recomputations of Miller 2022: what tables 3, 4 and 5 say of the five CPTS, and the questionnaire that describes them."""

from __future__ import annotations

from helpers.catalog import Package
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells

LETTERS = ("A", "B", "C", "D", "E")
REGION = "ile_de_france"
OCCUPATIONS = (
    "csp_agriculteurs",
    "csp_artisans_commercants",
    "csp_cadres",
    "csp_intermediaires",
    "csp_employes",
    "csp_ouvriers",
)
DIMENSIONS = ("structure", "processus", "resultats")
INSTRUMENTS = ("premier", "guide", "final")


def densities(package: Package | None = None) -> Recomputed:
    """Inhabitants per square kilometre, and the extremes of the areas (table 3, lines 917 and 1177)."""
    territories = Cells("miller2022/territories", package)
    area = territories.by("cpts", indicator="etendue")
    density = territories.by("cpts", indicator="population") / area
    return {f"miller2022.t3.densite.{place.lower()}": density.loc[place] for place in (*LETTERS, REGION)} | {
        "miller2022.t3.densite_texte.e": density.loc["E"],
        "miller2022.t3.etendue_minimale": area.loc[list(LETTERS)].min(),
        "miller2022.t3.etendue_maximale": area.loc[list(LETTERS)].max(),
    }


def occupations(package: Package | None = None) -> Recomputed:
    """Sum of the six occupational shares, which should be 100 % (table 3)."""
    territories = Cells("miller2022/territories", package)
    return {
        f"miller2022.t3.emplois.{place.lower()}": territories.sum(cpts=place, indicator=OCCUPATIONS)
        for place in (*LETTERS, REGION)
    }


def associations(package: Package | None = None) -> Recomputed:
    """What the text says of table 4: consultants, year of creation, and facts that no table gives."""
    general = Cells("miller2022/general", package).table
    return {
        "miller2022.t4.sans_cabinet": float((~general["consultant"]).mean()),
        "miller2022.t4.creees_2019": float((general["created"].dt.year == 2019).mean()),
        "miller2022.t4.avancees": NotReproducible(
            "Le texte ne dit pas quelles CPTS ont répondu à cette partie."
        ),
        "miller2022.t4.actions_avant_aci": NotReproducible(
            "La frise qui montre ces actions n'est pas dans le texte."
        ),
    }


def against_region(package: Package | None = None) -> Recomputed:
    """Number of CPTS above or below the region, as the text reads table 5 (line 982)."""
    supply = Cells("miller2022/supply_epidemiology", package)

    def above(indicator: str) -> int:
        values = supply.by("cpts", indicator=indicator)
        return int((values.loc[list(LETTERS)] > values.loc[REGION]).sum())

    return {
        "miller2022.t5.file_active": above("mg_file_active"),
        "miller2022.t5.sans_medecin_traitant": above("part_sans_medecin_traitant"),
        "miller2022.t5.urgences": len(LETTERS) - above("passages_urgences"),
    }


def older_doctors(package: Package | None = None) -> Recomputed:
    """Nearest share of doctors over 60 that a whole number of them can give (table 5; Brown and Heathers 2017, GRIM test)."""
    supply = Cells("miller2022/supply_epidemiology", package)
    found: dict[str, float] = {}
    for group, short in (("mg", "mg"), ("specialistes", "specialistes")):
        number = supply.by("cpts", indicator=f"{group}_nombre")
        share = supply.by("cpts", indicator=f"{group}_part_60_plus")
        nearest = 100 * (number * share / 100).round() / number
        found |= {
            f"miller2022.t5.{short}_60_plus.{letter.lower()}": nearest.loc[letter] for letter in LETTERS
        }
    return found


def governance(package: Package | None = None) -> Recomputed:
    """Size of the smallest association against its board (tables 6 and 7)."""
    board = Cells("miller2022/bureau", package, column="members")
    return {"miller2022.t7.adherents.d": board.sum(cpts="D")}


def question_counts(package: Package | None = None) -> Recomputed:
    """Totals of table 8 by dimension and instrument, and the number of dimensions and sub-dimensions."""
    counts = Cells("miller2022/question_counts", package)
    dimensions = Cells("miller2022/dimensions", package).table["dimension"]
    found: dict[str, float] = {}
    for instrument in INSTRUMENTS:
        found[f"miller2022.t8.{instrument}.total"] = counts.sum(questionnaire=instrument)
        for dimension in DIMENSIONS:
            found[f"miller2022.t8.{instrument}.{dimension}"] = counts.sum(
                questionnaire=instrument, dimension=dimension
            )
    asked = counts.rows(questionnaire="final")
    found["miller2022.t8.dimensions"] = asked["dimension"].nunique()
    found["miller2022.t8.sous_dimensions"] = len(asked[asked["value"] > 0])
    found["miller2022.t2.parties"] = dimensions.nunique()
    return found


TOPICS = {
    "densities": densities,
    "occupations": occupations,
    "associations": associations,
    "against_region": against_region,
    "older_doctors": older_doctors,
    "governance": governance,
    "question_counts": question_counts,
}
