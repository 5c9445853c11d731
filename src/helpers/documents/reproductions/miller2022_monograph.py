"""Recomputations of Miller 2022: the monograph of CPTS A (annex 1)."""

from __future__ import annotations

from collections.abc import Iterable

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells

# States of a project that does not exist yet.
TO_COME = ("souhaite", "prevu")


def households(study: Study) -> Recomputed:
    """Main residences among dwellings, and the growth of the population (lines 1826 and 1828)."""
    context = Cells("miller2022/monograph_context", study).by("indicator", geography="territoire")
    return {
        "miller2022.mono.residences_principales": 100 * context.loc["menages"] / context.loc["logements"],
    }


def against_region(study: Study) -> Recomputed:
    """Number of indicators above or below the region, as the sentences of the monograph announce them."""
    context = Cells("miller2022/monograph_context", study)
    screening = Cells("miller2022/monograph_screening", study)
    here, region = (screening.by("screening", geography=place) for place in ("territoire", "region"))

    def above(indicators: Iterable[str]) -> int:
        names = list(indicators)
        local, regional = (
            context.by("indicator", geography=place, indicator=names).loc[names]
            for place in ("territoire", "region")
        )
        return int((local > regional).sum())

    older, younger = ("part_65_79", "part_80_plus"), ("part_moins_17", "part_18_39")
    return {
        "miller2022.mono.depistages": int((here < region).sum()),
        "miller2022.mono.ages_inferieurs": len(older) - above(older),
        "miller2022.mono.ages_superieurs": above(younger),
        "miller2022.mono.familles": above(("familles_3_enfants", "familles_4_enfants")),
        "miller2022.mono.morbidite_recours": above(("part_ald", "passages_urgences")),
    }


def professionals(study: Study) -> Recomputed:
    """Ages of the doctors (figure 2 of the monograph) and the sentences drawn from them."""
    people = Cells("miller2022/monograph_professionals", study)
    supply = Cells("miller2022/supply_epidemiology", study)

    def share(profession: str) -> float:
        return (
            100
            * people.value(profession=profession, age="plus_60")
            / people.value(profession=profession, age="total")
        )

    return {
        "miller2022.mono.mg_60_plus": share("medecin_generaliste"),
        "miller2022.mono.specialistes_60_plus": share("specialiste_hors_mg"),
        "miller2022.mono.specialistes_total": supply.value(cpts="A", indicator="specialistes_nombre"),
        "miller2022.mono.mg_65_plus": people.value(profession="medecin_generaliste", age="plus_60"),
        "miller2022.mono.mep_65_plus": people.value(profession="medecin_mep", age="plus_60"),
        "miller2022.mono.specialistes_65_plus": people.value(profession="specialiste_hors_mg", age="plus_60"),
    }


def active_files(study: Study) -> Recomputed:
    """Doctors' and nurses' active files against the region and the département (line 1899)."""
    files = Cells("miller2022/monograph_active_file", study)
    named = ("medecin_generaliste", "infirmier")
    local, region, departement = (
        files.by("profession", geography=place, profession=named)
        for place in ("territoire", "region", "departement")
    )
    return {
        "miller2022.mono.files_region": int((local > region).sum()),
        "miller2022.mono.files_departement": int((local < departement).sum()),
    }


def association(study: Study) -> Recomputed:
    """Board of the association, recounted from the functions (line 1931), and the kinds of members (line 1941)."""
    board = Cells("miller2022/monograph_board", study)
    kinds = Cells("miller2022/monograph_member_types", study)
    projects = Cells("miller2022/monograph_projects", study).table.set_index("project")
    # The first project and those that repeat it, as long as they are still to come.
    directory = projects[(projects.index == "J01") | (projects["repeats"] == "J01")]
    return {
        "miller2022.mono.bureau_medecins": board.count(profession="medecin_generaliste"),
        "miller2022.mono.bureau_infirmiers": board.count(profession="infirmier"),
        "miller2022.mono.types_membres": kinds.count(),
        "miller2022.mono.annuaire": float(directory["state"].isin(TO_COME).sum()),
    }


TOPICS = {
    "households": households,
    "against_region": against_region,
    "professionals": professionals,
    "active_files": active_files,
    "association": association,
}
