"""Quantities that a document prints twice, and the words in which it reads its own tables: annex 1 and tables of Miller 2022."""

from __future__ import annotations

from collections.abc import Callable

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells

# Claim -> table and indicator of the body of the thesis, whose figure the annex prints again.
TERRITORIES, SUPPLY = "miller2022/territories", "miller2022/supply_epidemiology"
AGAIN = {
    "densite": (TERRITORIES, "densite"),
    "chomage": (TERRITORIES, "taux_chomage"),
    "plus_80": (TERRITORIES, "part_80_plus"),
    "moins_17": (TERRITORIES, "part_moins_17"),
    "ald": (SUPPLY, "part_ald"),
    "sans_mt": (SUPPLY, "part_sans_medecin_traitant"),
    "urgences": (SUPPLY, "passages_urgences"),
    "vaccination": (SUPPLY, "vaccination_grippe"),
}
ONLY_HERE = {
    "population": (TERRITORIES, "population"),
    "etendue": (TERRITORIES, "etendue"),
    "specialistes_60": (SUPPLY, "specialistes_part_60_plus"),
}
OCCUPATIONS = ("csp_artisans_commercants", "csp_cadres", "csp_intermediaires", "csp_employes", "csp_ouvriers")
LETTERS = ("A", "B", "C", "D", "E")
REGION = "ile_de_france"


def printed_twice(study: Study) -> Recomputed:
    """Figures of the monograph of CPTS A (annex 1), from the tables 3 and 5 that print them too."""
    here = {
        f"miller2022.deux_fois.a.{claim}": Cells(table, study).value(cpts="A", indicator=indicator)
        for claim, (table, indicator) in (AGAIN | ONLY_HERE).items()
    }
    region = {
        f"miller2022.deux_fois.region.{claim}": Cells(table, study).value(cpts=REGION, indicator=indicator)
        for claim, (table, indicator) in AGAIN.items()
    }
    jobs = {
        f"miller2022.deux_fois.a.{name}": Cells(TERRITORIES, study).value(cpts="A", indicator=name)
        for name in OCCUPATIONS
    }
    return here | region | jobs


def read_from_tables(study: Study) -> Recomputed:
    """What the prose says of tables 3, 6, 7 and 8, of the interviewees and of the date of the association."""
    unemployment = Cells(TERRITORIES, study).by("cpts", indicator="taux_chomage")
    subscriptions = Cells("miller2022/resources", study).rows(item="cotisation")["status"]
    boards = Cells("miller2022/bureau", study).table.groupby("cpts")["profession"].nunique()
    created = Cells("miller2022/general", study).rows(cpts="A")["created"].iloc[0]
    unasked = Cells("miller2022/question_counts", study).rows(questionnaire="guide", value=0)
    return {
        "miller2022.t3.chomage": int((unemployment.loc[list(LETTERS)] > unemployment.loc[REGION]).sum()),
        "miller2022.t7.cotisation": float((subscriptions == "oui").mean()),
        "miller2022.t6.bureaux_pluriprofessionnels": float((boards > 1).mean()),
        "miller2022.guide.sous_dimensions_sans_question": len(unasked),
        "miller2022.mono.association": int(100 * created.year + created.month),
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "printed_twice": printed_twice,
    "read_from_tables": read_from_tables,
}
