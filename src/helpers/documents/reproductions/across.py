"""Figures printed in one document, recomputed from the figures of the others: funding, missions, deployment."""

from __future__ import annotations

from collections.abc import Callable

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions.cells import Cells

SIZES = (1, 2, 3, 4)
CORE = ("acces_aux_soins", "coordination_parcours", "prevention", "crise_sanitaire")
OPTIONAL = ("qualite_pertinence", "accompagnement_professionnels")
MISSIONS_2019 = ("acces_aux_soins", "coordination_parcours", "prevention", *OPTIONAL)
# Rows of a funding table that are not missions.
ENVELOPES = {"fonctionnement", "fonctionnement_avant_aci", "aide_exceptionnelle", "total"}
UNSIGNED_STAGES = ("fcpts_negociation", "fcpts_projet", "fcpts_pre_projet")
# In Aura 2022 the two parts of this mission were repaired with its total, which they can therefore not check.
UNREADABLE = {("qualite_pertinence", 1)}


def _fixed_row(mission: str) -> str:
    """Row that holds the fixed part: for a health crisis it pays for writing the plan."""
    return "plan_premiere_redaction" if mission == "crise_sanitaire" else mission


def _mission_total(funding: Cells, mission: str, size: int) -> float:
    """Fixed part + variable part of a mission, in a table of 2022."""
    fixed = funding.value(mission=_fixed_row(mission), part="fixe", size=size)
    return fixed + funding.value(mission=mission, part="variable", size=size)


def _missions(funding: Cells) -> set[str]:
    """Missions that a funding table pays for (writing or updating a plan belongs to the crisis mission)."""
    named = set(funding.rows()["mission"]) - ENVELOPES
    return {mission for mission in named if not mission.startswith("plan_")}


def _total_2019(navinel: Cells, size: int) -> float:
    """Ceiling of 2019: functioning and five missions, from the components of Navinel 2020."""
    return navinel.sum(mission=("fonctionnement", *MISSIONS_2019), part="total", size=size)


def core_missions_2022(study: Study) -> Recomputed:
    """Totals of Miller 2022 (table 1) for the core missions, from the parts of Fabrique 2022 (annex 2)."""
    fabrique = Cells("fabrique2022/aci_funding", study)
    return {
        f"across.aci.miller2022.{mission}.taille{size}": _mission_total(fabrique, mission, size)
        for mission in CORE
        for size in SIZES
    }


def optional_missions_2022(study: Study) -> Recomputed:
    """Totals of Miller 2022 (table 1) for the optional missions, from the parts of Aura 2022 (table II)."""
    aura = Cells("aura2022/aci_funding", study)
    return {
        f"across.aci.miller2022.{mission}.taille{size}": _mission_total(aura, mission, size)
        for mission in OPTIONAL
        for size in SIZES
        if (mission, size) not in UNREADABLE
    }


def missions_2019(study: Study) -> Recomputed:
    """Totals of Navinel 2020 by mission, from the parts of Lainé 2021 (annex 7)."""
    laine = Cells("laine2021/aci_funding", study)
    return {
        f"across.aci.navinel2020.{mission}.taille{size}": laine.sum(
            source_table="annexe_7", mission=mission, part=("fixe", "variable"), size=size
        )
        for mission in MISSIONS_2019
        for size in SIZES
    }


def ceiling_2022(size: int, study: Study) -> float:
    """Ceiling of 2022: running costs and core missions of Fabrique 2022, optional missions of Navinel 2020."""
    core = Cells("fabrique2022/aci_funding", study).sum(
        mission=("fonctionnement", *CORE), part="total", size=size
    )
    return core + Cells("navinel2020/aci_funding", study).sum(mission=OPTIONAL, part="total", size=size)


def ceilings(study: Study) -> Recomputed:
    """Annual ceilings: Lainé 2021 (table 5) from Navinel 2020; Miller 2022 from Fabrique 2022 and Navinel 2020."""
    navinel = Cells("navinel2020/aci_funding", study)
    first = {f"laine2021.t5.annexe_7.taille{size}@navinel": _total_2019(navinel, size) for size in SIZES}
    return first | {f"miller2022.t1.total.taille{size}@fabrique": ceiling_2022(size, study) for size in SIZES}


def increases(study: Study) -> Recomputed:
    """Increases between the scales of 2019 and 2022 that a document prints.

    The scale of 2019 leaves out the supplement for unscheduled care, which Lainé 2021 prints apart as a range: its lower
    bound goes with size 1, its upper bound with size 4, and sizes 2 and 3 have no printed amount.
    """
    navinel = Cells("navinel2020/aci_funding", study)
    aura = Cells("aura2022/aci_funding", study)
    miller = Cells("miller2022/aci_funding", study)
    laine = Cells("laine2021/figures", study)
    before = {size: _total_2019(navinel, size) for size in SIZES}
    after = {size: aura.value(mission="total", part="total", size=size) for size in SIZES}
    with_supplement = {
        1: before[1] + laine.value(figure_id="snp_min"),
        4: before[4] + laine.value(figure_id="snp_max"),
    }
    exceptional = miller.sum(mission="aide_exceptionnelle", part="total")
    return {
        "across.aci.miller2022.majoration": after[4] - with_supplement[4],
        "miller2022.avenants.croissance@taille1": 100 * (after[1] / with_supplement[1] - 1),
        "miller2022.avenants.croissance@taille4": 100 * (after[4] / with_supplement[4] - 1),
        "across.aci.laine2021.amorcage": 100
        * exceptional
        / miller.sum(mission="fonctionnement", part="total"),
    }


def supplement(study: Study) -> Recomputed:
    """Amounts of Lainé 2021 on unscheduled care and on a health crisis, from the scales of the others.

    Lainé prints that missions are paid in two equal parts in 2019: the fixed part of access to care was half its total.
    """
    navinel = Cells("navinel2020/aci_funding", study)
    fabrique = Cells("fabrique2022/aci_funding", study)
    miller = Cells("miller2022/aci_funding", study)

    def added_to_fixed_part(size: int) -> float:
        now = fabrique.value(mission="acces_aux_soins", part="fixe", size=size)
        return now - navinel.value(mission="acces_aux_soins", part="total", size=size) / 2

    crisis = miller.value(mission="crise_sanitaire", part="total", size=SIZES[-1])
    plan = fabrique.value(mission="plan_premiere_redaction", part="fixe", size=SIZES[-1])
    return {
        "across.aci.laine2021.snp.min": added_to_fixed_part(SIZES[0]),
        "across.aci.laine2021.snp.max": added_to_fixed_part(SIZES[-1]),
        "across.aci.laine2021.crise": crisis - plan,
    }


def missions(study: Study) -> Recomputed:
    """Number of missions announced in prose, from the funding tables of the others."""
    in_2019 = _missions(Cells("navinel2020/aci_funding", study))
    core_2022 = _missions(Cells("fabrique2022/aci_funding", study))
    in_2022 = _missions(Cells("miller2022/aci_funding", study))
    return {
        "across.missions.laine2021.cinq": float(len(in_2019)),
        "across.missions.laine2021.sixieme": float(len(in_2022)),
        "across.missions.aura2022.trois_socles": float(len(in_2019 & core_2022)),
        "across.missions.aura2022.deux_options": float(len(in_2022 - core_2022)),
    }


def deployment(study: Study) -> Recomputed:
    """National counts of CPTS of one document, from the stages or the dates of another."""
    miller = Cells("miller2022/deployment", study)
    aura = Cells("aura2022/deployment", study)
    return {
        "miller2022.deploiement.total@aura": aura.sum(figure_id=("texte_aci_signe", "texte_en_projet")),
        "across.deploiement.aura2022.projets": miller.sum(figure_id=UNSIGNED_STAGES),
    }


def population(study: Study) -> Recomputed:
    """Inhabitants covered: means, national population deduced from Miller 2022, place of one region."""
    miller = Cells("miller2022/deployment", study)
    aura = Cells("aura2022/deployment", study)
    country = miller.value(figure_id="dgos_population") / (
        miller.value(figure_id="dgos_part_population") / 100
    )
    mean = aura.value(figure_id="texte_population_moyenne")
    region = Cells("aura2022/figures", study).value(figure_id="population_aura")
    covered = Cells("aura2022/maturity_totals", study).value(status="aci_signe", measure="population")
    share = 100 * covered / region
    return {
        "aura2022.f1.usagers@miller": aura.value(figure_id="texte_toutes")
        * miller.value(figure_id="dgos_population_moyenne"),
        "across.population.aura2022.totalite": 100 * aura.value(figure_id="objectif_2022") * mean / country,
        "aura2022.aura.part_metropole@miller": 100 * region / country,
        "across.population.miller2022.sous_quatre_regions": share,
        "across.population.miller2022.moins_couverte": share,
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "core_missions_2022": core_missions_2022,
    "optional_missions_2022": optional_missions_2022,
    "missions_2019": missions_2019,
    "ceilings": ceilings,
    "increases": increases,
    "supplement": supplement,
    "missions": missions,
    "deployment": deployment,
    "population": population,
}
