"""Recomputations of Miller 2022: ACI funding, national deployment, and the figures of the introduction."""

from __future__ import annotations

import math

import pandas as pd

from helpers import aci
from helpers.catalog import Study
from helpers.documents import intervals
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

BEFORE_START = ("fonctionnement_avant_aci", "aide_exceptionnelle")


def funding_totals(study: Study) -> Recomputed:
    """Annual ceiling by size: sum of the structure and of the six missions (table 1)."""
    funding = Cells("miller2022/aci_funding", study)
    components = [
        mission for mission in funding.table["mission"].unique() if mission not in (*BEFORE_START, "total")
    ]
    return {
        f"miller2022.t1.total.taille{size}": funding.sum(mission=components, size=size) for size in aci.SIZES
    }


def exceptional_aid(study: Study) -> Recomputed:
    """One-off aid of sizes 2 to 4, if it is the same share of the running costs as in size 1 (table 1)."""
    funding = Cells("miller2022/aci_funding", study)
    running = funding.by("size", mission="fonctionnement_avant_aci")
    aid = funding.by("size", mission="aide_exceptionnelle")
    first, *others = aci.SIZES
    share = aid.loc[first] / running.loc[first]
    return {f"miller2022.t1.aide.taille{size}": share * running.loc[size] for size in others}


def amendments(study: Study) -> Recomputed:
    """What the two amendments changed: growth of the budget, deadline of the aid, missions before them."""
    ceiling = Cells("miller2022/aci_funding", study).value(mission="total", size=max(aci.SIZES))
    increase = Cells("miller2022/figures", study).value(figure_id="majoration")
    deadline = _date(study, "echeance_aide_tableau")
    return {
        "miller2022.avenants.croissance": 100 * increase / (ceiling - increase),
        "miller2022.avenants.echeance_aide": deadline.day,
    }


def national_envelope(study: Study) -> Recomputed:
    """Cost of the national target at the ceiling of size 3 (note 23), and its share of ambulatory care spending."""
    target = Cells("miller2022/deployment", study).value(figure_id="objectif")
    ceiling = Cells("miller2022/aci_funding", study).value(mission="total", size=3)
    spending = Cells("miller2022/figures", study).value(figure_id="soins_ville")
    envelope = target * ceiling
    return {
        "miller2022.enveloppe.montant": envelope,
        "miller2022.enveloppe.part_soins_ville": 100 * envelope / spending,
    }


def interview_amounts(study: Study) -> Recomputed:
    """Amounts that an interviewed physician gives for joining two territories (line 1187), against tables 1 and 3."""
    said = Cells("miller2022/stated_counts", study)
    speaker = Cells("miller2022/interviews", study).rows(interviewee="medecin_d")["cpts"].item()
    population = Cells("miller2022/territories", study).value(indicator="population", cpts=speaker)
    classes = aci.bounds(study)
    alone = aci.size_class(population, classes)
    joined = population + said.value(figure_id="verbatim_population_ajoutee")
    together = aci.size_class(said.value(figure_id="verbatim_population_reunie"), classes)
    return {
        "miller2022.verbatim.population_reunie": joined,
        "miller2022.verbatim.taille_reunie": together,
        "miller2022.verbatim.montant_separe": ceiling_2019(alone, study),
        "miller2022.verbatim.gain_reunion": _difference(
            ceiling_2019(together, study), ceiling_2019(alone, study)
        ),
    }


def ceiling_2019(size: int, study: Study) -> Bounds:
    """Ceiling of a size in the scale in force when the interviews were held, with the supplement that has two ends only."""
    before = Cells("navinel2020/aci_funding", study).value(mission="total", size=size)
    supplement = Cells("laine2021/figures", study)
    low, high = (supplement.value(figure_id=name) for name in ("snp_min", "snp_max"))
    return Bounds(
        before + (high if size == max(aci.SIZES) else low),
        before + high,
        "Barème de 2019, en vigueur lors de l'entretien : le supplément pour soins non programmés n'est imprimé que par ses deux "
        "bornes.",
    )


def _difference(larger: Bounds, smaller: Bounds) -> Bounds:
    return Bounds(larger.low - smaller.high, larger.high - smaller.low, larger.how)


def deployment(study: Study) -> Recomputed:
    """National counts and coverage (lines 649 to 783)."""
    counts = Cells("miller2022/deployment", study)
    stages = ("fcpts_aci_signes", "fcpts_negociation", "fcpts_projet", "fcpts_pre_projet")
    covered = counts.value(figure_id="dgos_population")
    mean = counts.value(figure_id="dgos_population_moyenne")
    since_law = _date(study, "rapport_igas") - _date(study, "loi_2016")
    return {
        "miller2022.deploiement.total": counts.sum(figure_id=stages),
        # The CPTS that the DGOS counted in June had signed: they are at most those of July.
        "miller2022.deploiement.population_moyenne": Bounds(
            intervals.ends(covered / counts.value(figure_id="fcpts_aci_signes"))[0],
            math.inf,
            "Le nombre de CPTS en fonctionnement en juin n'est pas imprimé : il ne dépasse pas les contrats signés de juillet.",
        ),
        "miller2022.deploiement.taille_moyenne": aci.size_class(mean, aci.bounds(study)),
        "miller2022.deploiement.annees_depuis_loi": since_law.days // 365.25,
    }


def introduction(study: Study) -> Recomputed:
    """Figures of the introduction: English networks, maisons de santé, training places, working hours."""
    figures = Cells("miller2022/figures", study)
    demography = Cells("miller2022/demography", study)
    networks = figures.value(figure_id="pcn_nombre")
    delay = _date(study, "soutenance") - _date(study, "msp_fin_2022")
    return {
        "miller2022.intro.pcn_investissement": figures.value(figure_id="pcn_investissement") / networks,
        "miller2022.intro.msp_date": delay.days,
        "miller2022.intro.numerus_maximum": demography.values(
            figure_id=("numerus_clausus_1972", "numerus_clausus_1993")
        ).max(),
        "miller2022.intro.heures": demography.values(figure_id=("heures_1992", "heures_2000")).max(),
    }


def _date(study: Study, event: str) -> pd.Timestamp:
    return pd.Timestamp(Cells("miller2022/timeline", study).rows(event_id=event)["date"].iloc[0])


TOPICS = {
    "funding_totals": funding_totals,
    "exceptional_aid": exceptional_aid,
    "amendments": amendments,
    "national_envelope": national_envelope,
    "interview_amounts": interview_amounts,
    "deployment": deployment,
    "introduction": introduction,
}
