"""Figures on the ACI that one document prints, recomputed from those of another: cells, bounds, delays, advances, ceilings."""

from __future__ import annotations

from collections.abc import Callable

from helpers import aci
from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.reproductions import across
from helpers.documents.reproductions.cells import Cells

UNCHANGED = ("coordination_parcours", "prevention")
PARTS = ("fixe", "variable")
DELAYS = {"demarrage": "demarrage", "deploiement_complet": "deploiement"}
# Cells of the thesis on Auvergne-Rhône-Alpes that are legible, hence able to check those of Fabrique 2022.
LEGIBLE = {
    ("acces_aux_soins", "fixe"): (1, 2),
    ("acces_aux_soins", "variable"): (1, 2, 3, 4),
    ("plan_premiere_redaction", "fixe"): (1, 3, 4),
    ("plan_mise_a_jour", "fixe"): (1, 2),
    ("crise_sanitaire", "variable"): (2, 4),
}


def functioning(study: Study) -> Recomputed:
    """Operating money by size: Miller 2022 from Fabrique 2022, Navinel 2020 from Lainé 2021."""
    fabrique, laine = Cells("fabrique2022/aci_funding", study), Cells("laine2021/aci_funding", study)
    after = {
        f"across.aci.miller2022.fonctionnement.taille{size}": fabrique.value(
            mission="fonctionnement", part="total", size=size
        )
        for size in aci.SIZES
    }
    before = {
        f"across.aci.navinel2020.fonctionnement.taille{size}": laine.value(
            source_table="annexe_7", mission="fonctionnement", part="total", size=size
        )
        for size in aci.SIZES
    }
    return after | before


def parts(study: Study) -> Recomputed:
    """Parts printed by Fabrique 2022: those that the amendments left alone from Lainé 2021, the others from the AURA thesis."""
    laine, aura = Cells("laine2021/aci_funding", study), Cells("aura2022/aci_funding", study)
    kept = {
        f"across.aci.fabrique2022.{mission}.{part}.taille{size}": laine.value(
            source_table="annexe_7", mission=mission, part=part, size=size
        )
        for mission in UNCHANGED
        for part in PARTS
        for size in aci.SIZES
    }
    changed = {
        f"across.aci.fabrique2022.{mission}.{part}.taille{size}": aura.value(
            mission=mission, part=part, size=size
        )
        for (mission, part), sizes in LEGIBLE.items()
        for size in sizes
    }
    return kept | changed


def ceilings_in_prose(study: Study) -> Recomputed:
    """Ceilings and bounds that the prose repeats, from the components of other documents."""
    navinel, miller = Cells("navinel2020/aci_funding", study), Cells("miller2022/aci_funding", study)
    laine = Cells("laine2021/aci_funding", study)
    low, high = (across.ceiling_2022(size, study) for size in (1, 4))
    before = navinel.by("size", mission="total", part="total")
    running = miller.by("size", mission="fonctionnement", part="total")
    access = {"source_table": "annexe_7", "mission": "acces_aux_soins", "size": 3}
    return {
        "across.aci.miller2022.prose.min": low,
        "across.aci.miller2022.prose.max": high,
        "across.aci.aura2022.plafond_taille4": high,
        "across.aci.laine2021.prose.min": float(before.min()),
        "across.aci.laine2021.prose.max": float(before.max()),
        "across.aci.laine2021.parcours_assure": navinel.value(mission="coordination_parcours", size=4) / 2,
        "across.aci.laine2021.acces_fixe_taille3": laine.value(part="total", **access)
        - laine.value(part="variable", **access),
        "across.aci.laine2021.acces_total_taille3": laine.sum(part=PARTS, **access),
        "across.aci.fabrique2022.fonctionnement.min": float(running.min()),
        "across.aci.fabrique2022.fonctionnement.max": float(running.max()),
        "across.aci.miller2022.budget_cpts_a": navinel.value(mission="total", part="total", size=2),
    }


def conditions(study: Study) -> Recomputed:
    """Conditions of money: size bounds, members, deadline and share of the aid, advances."""
    laine = Cells("laine2021/size_classes", study, column="upper").by("size", size=(1, 2, 3))
    navinel = Cells("navinel2020/size_classes", study, column="upper").by("size", size=(1, 2, 3))
    figures = Cells("aura2022/figures", study)
    rules = Cells("laine2021/payment_rules", study)
    aid = Cells("laine2021/figures", study).value(figure_id="hausse_amorcage") / 100
    first = Cells("aura2022/aci_funding", study).value(mission="fonctionnement_avant_aci", size=1)
    deadline = aci.dates(study).aid_in_table
    return {
        **{f"across.aci.navinel2020.borne.taille{size}": float(laine[size]) for size in (1, 2, 3)},
        **{f"across.aci.miller2022.borne.taille{size}": float(navinel[size]) for size in (1, 2, 3)},
        "across.aci.miller2022.seuil_majoration": Cells("aura2022/size_classes", study).value(
            size=4, bound="lower"
        ),
        "across.aci.miller2022.seuil_adherents": float(figures.value(figure_id="adherents_taille4")),
        "across.aci.miller2022.aide.taille1": aid * first,
        "across.aci.aura2022.echeance_aide": float(deadline.day),
        "across.aci.aura2022.avance_fonctionnement": rules.value(rule="fonctionnement_suivantes"),
        "across.aci.aura2022.avance_part_fixe": rules.value(rule="avance_fixe"),
    }


def calendar(study: Study) -> Recomputed:
    """Delays of the three first core missions in the AURA thesis (table I), from Lainé 2021 (table 6)."""
    laine = Cells("laine2021/calendar", study)
    missions = sorted(set(laine.table["mission"]))
    return {
        f"across.aci.aura2022.calendrier.{mission}.{ours}": laine.value(mission=mission, step=theirs)
        for mission in missions
        for ours, theirs in DELAYS.items()
    }


def envelope(study: Study) -> Recomputed:
    """National envelope of Miller 2022 if CPTS had the sizes of the 71 of Auvergne-Rhône-Alpes, each at its ceiling of 2022."""
    ceilings = Cells("miller2022/aci_funding", study).by("size", mission="total", part="total")
    counts = aci.region_by_size(study)
    mean = float((counts * ceilings.reindex(counts.index)).sum()) / int(counts.sum())
    target = Cells("miller2022/deployment", study).value(figure_id="objectif")
    spending = Cells("miller2022/figures", study).value(figure_id="soins_ville")
    return {
        "miller2022.enveloppe.montant@aura": target * mean,
        "miller2022.enveloppe.part_soins_ville@aura": 100 * target * mean / spending,
    }


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "fonctionnement": functioning,
    "parts": parts,
    "plafonds": ceilings_in_prose,
    "conditions": conditions,
    "calendrier": calendar,
    "enveloppe": envelope,
}
