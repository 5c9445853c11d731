"""Recomputed figures of the AURA thesis (2022): funding scale, deployment in France and in the region, law, calendar."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells
from helpers.documents.verdicts import Possible
from helpers.errors import NotComputable

SIZES = (1, 2, 3, 4)
STATUSES = ("aci_signe", "projet_valide", "lettre_intention")
MISSIONS = (
    "acces_aux_soins",
    "coordination_parcours",
    "prevention",
    "crise_sanitaire",
    "qualite_pertinence",
    "accompagnement_professionnels",
)
# The fixed part of the crisis mission is printed as a plan, in its first year of writing.
FIXED_PART_OF = {"crise_sanitaire": "plan_premiere_redaction"}
EARLIER_FIGURES = "laine2021/figures"
SAME_SCALE = ("fabrique2022/aci_funding", "miller2022/aci_funding")
MONTHS_PER_YEAR = 12


def amount(mission: str, part: str, size: int, study: Study) -> float:
    """Amount of the scale of December 2021, in euros per year.

    Reads table II of the thesis; a cell that only arithmetic could restore there is read in the documents that print the
    same scale (Fabrique Territoires Santé, then Miller). Raises NotComputable when none of them prints it.
    """
    own = Cells("aura2022/aci_funding", study)
    try:
        return own.value(mission=mission, part=part, size=size)
    except NotComputable as unreadable:
        for name in SAME_SCALE:
            copy = Cells(name, study)
            if copy.count(mission=mission, part=part, size=size):
                return copy.value(mission=mission, part=part, size=size)
        raise unreadable


def funding(study: Study) -> Recomputed:
    """Table II: mission totals, annual total, exceptional aid, range of the running costs; ceiling before it."""
    result: dict[str, float | NotReproducible] = {}
    for mission, size in _readable_totals(study):
        result[f"aura2022.t2.{mission}.taille{size}"] = _mission_total(mission, size, study)
    for size in SIZES:
        running = amount("fonctionnement", "total", size, study)
        missions = sum(amount(mission, "total", size, study) for mission in MISSIONS)
        result[f"aura2022.t2.total.taille{size}"] = running + missions
    before = Cells("aura2022/aci_funding", study).by("size", mission="fonctionnement_avant_aci")
    # Neither table II nor its text says how the aid is set: Lainé prints the rate under negotiation in 2021.
    rate = Cells(EARLIER_FIGURES, study).value(figure_id="hausse_amorcage") / 100
    for size in SIZES:
        result[f"aura2022.t2.aide.taille{size}"] = rate * float(before[size])
    result["aura2022.t2.fonctionnement.min"] = float(before.min())
    result["aura2022.t2.fonctionnement.max"] = float(before.max())
    result["aura2022.t2.plafond_ancien"] = Cells(EARLIER_FIGURES, study).sum(
        figure_id=("total_max", "snp_max")
    )
    return result


def _readable_totals(study: Study) -> list[tuple[str, int]]:
    # A total that the optical reading lost is not a published figure here: there is nothing to check.
    printed = Cells("aura2022/aci_funding", study).rows(mission=MISSIONS, part="total")
    kept = printed[printed["repair"].fillna("") != "arithmetic"]
    return [(str(mission), int(size)) for mission, size in zip(kept["mission"], kept["size"], strict=True)]


def _mission_total(mission: str, size: int, study: Study) -> float | NotReproducible:
    try:
        fixed = amount(FIXED_PART_OF.get(mission, mission), "fixe", size, study)
        return fixed + amount(mission, "variable", size, study)
    except NotComputable:
        return NotReproducible(
            "Les parts fixe et variable sont illisibles ici ; Miller ne donne que le total de la mission, Fabrique ne donne pas "
            "cette mission, et le barème de 2019 de Lainé (7 500 € et 7 500 €) est d'avant l'avenant."
        )


def budgets_in_words(study: Study) -> Recomputed:
    """Budgets that interviewees cite, against table II at the size of their CPTS."""
    size = Cells("aura2022/interviewed_cpts", study, column="size").by("cpts").astype(int)
    largest = amount("total", "total", max(SIZES), study)
    return {
        "aura2022.t2.moitie": 1 - amount("total", "total", size["CPTS8"], study) / largest,
        "aura2022.t2.temoignage.parcours": amount("coordination_parcours", "fixe", size["CPTS6"], study),
        "aura2022.t2.temoignage.prevention": amount("prevention", "total", size["CPTS8"], study),
        "aura2022.t2.temoignage.snp": amount("acces_aux_soins", "total", size["CPTS2"], study),
    }


def national_deployment(study: Study) -> Recomputed:
    """Figure 1 and its paragraph: stages that should add up to the number of CPTS, population they should cover."""
    deployment = Cells("aura2022/deployment", study)

    def printed(figure_id: str) -> float:
        return deployment.value(figure_id=figure_id)

    return {
        "aura2022.f1.total": printed("texte_aci_signe") + printed("texte_en_projet"),
        "aura2022.f1.signataires": printed("figure_aci_signe"),
        "aura2022.f1.lettres": printed("figure_toutes")
        - printed("figure_projet_valide")
        - printed("figure_aci_signe")
        - Cells("miller2022/deployment", study).value(figure_id="fcpts_pre_projet"),
        "aura2022.f1.lettres@figure": printed("figure_toutes")
        - printed("figure_projet_valide")
        - printed("figure_aci_signe"),
        "aura2022.f1.usagers": printed("texte_toutes") * printed("texte_population_moyenne"),
    }


def regional_context(study: Study) -> Recomputed:
    """Figures of the region: shares that its printed population allows, parts that must not exceed their whole."""
    figures = Cells("aura2022/figures", study)
    population = figures.value(figure_id="population_aura")
    return {
        "aura2022.aura.trente_minutes": 100 * figures.value(figure_id="population_30_minutes") / population,
        "aura2022.aura.professionnels": figures.sum(figure_id=("medecins", "infirmiers")),
    }


def sets_of_sum(values: Sequence[int], number: int, total: int) -> int:
    """Number of groups of `number` of the values (each used once) that add up to `total`."""
    # Groups of each half of the list, by size, then the pairs that complete each other: four of 71 values are twice 60,000
    # groups instead of a million.
    middle = len(values) // 2
    first, second = (_groups(half, number) for half in (values[:middle], values[middle:]))
    found = 0
    for taken, reached in enumerate(first):
        others, missing = np.sort(second[number - taken]), total - reached
        found += int((np.searchsorted(others, missing, "right") - np.searchsorted(others, missing)).sum())
    return found


def _groups(values: Sequence[int], most: int) -> list[NDArray[np.int64]]:
    """Sums of the groups of 0, 1, 2… `most` of the values."""
    found = [np.zeros(1 if taken == 0 else 0, dtype=np.int64) for taken in range(most + 1)]
    for value in values:
        for taken in range(most, 0, -1):
            found[taken] = np.concatenate([found[taken], found[taken - 1] + value])
    return found


def regional_map(study: Study) -> Recomputed:
    """Figure 7: coverage by stage, number of CPTS and closure of the list of populations."""
    totals = Cells("aura2022/maturity_totals", study)
    covered = totals.by("status", measure="population")
    population = Cells("aura2022/figures", study).value(figure_id="population_aura")
    populations = Cells("aura2022/cpts_region", study).by("map_id")
    listed = float(populations.sum())
    printed, number = (
        totals.value(status="projet_valide", measure=measure) for measure in ("population", "nombre")
    )
    validated = sets_of_sum(populations.astype(int).tolist(), int(number), int(printed))
    return {
        **{f"aura2022.f7.couverture.{status}": 100 * covered[status] / population for status in STATUSES},
        "aura2022.f7.nombre": totals.sum(measure="nombre"),
        "aura2022.f7.population.aci_signe": listed - covered["projet_valide"] - covered["lettre_intention"],
        "aura2022.f7.population.projet_valide": Possible(
            printed,
            printed,
            f"L'étape de chaque CPTS était dans une couleur perdue ; {french.plural(validated, 'groupe')} de "
            f"{int(number)} CPTS de la liste {'donne' if validated == 1 else 'donnent'} exactement ce total.",
        )
        if validated
        else math.nan,
    }


def law_and_calendar(study: Study) -> Recomputed:
    """Articles of the law of 2016 by part, core missions and their longest delay (table I)."""
    first = Cells("aura2022/law_articles", study, column="first").by("part")
    last = Cells("aura2022/law_articles", study, column="last").by("part")
    calendar = Cells("aura2022/mission_calendar", study)
    longest = calendar.values(category="socle", delay="deploiement_complet").max()
    return {
        "aura2022.loi.articles": float((last - first + 1).sum()),
        "aura2022.t1.missions_socles": float(calendar.count(category="socle", delay="demarrage")),
        "aura2022.t1.delai_socles": float(longest) / MONTHS_PER_YEAR,
    }


TOPICS = {
    "t2": funding,
    "t2_temoignages": budgets_in_words,
    "f1": national_deployment,
    "aura": regional_context,
    "f7": regional_map,
    "loi_t1": law_and_calendar,
}
