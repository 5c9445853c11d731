"""Recomputed figures of the AURA thesis (2022), prose of the interviews: counts, sums, shares, durations."""

from __future__ import annotations

import math

from helpers.catalog import Study
from helpers.documents import delays
from helpers.documents.claims import Recomputed
from helpers.documents.delays import day, inquiry
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells
from helpers.errors import NotComputable

FACTS = "aura2022/facts"
CODED = "aura2022/coded_statements"
DAYS_PER_YEAR, MONTHS_PER_YEAR = 365.25, 12
# Year from which the delay of creation is that of the law of January 2016.
SINCE = 2017
# Lists that the text announces with a number and then enumerates: claim -> list.
ANNOUNCED_LISTS = {
    "bureau_cpts2": "bureau_cpts2",
    "ateliers_cpts2": "ateliers_diabete_cpts2",
    "trod_cpts5": "trod_angine_cpts5",
    "violences_cpts6": "violences_cpts6",
    "departements_cpts10": "departements_cpts10",
    "valences": "valences_vaccinales",
    "protocoles_pharmacien": "protocoles_avec_pharmacien",
    "propositions_uspo": "propositions_uspo",
    "criteres_projet": "criteres_projet",
    "entretiens": "entretiens_pharmaceutiques",
    "actions_ma_sante": "actions_ma_sante",
    "parties_grille": "parties_grille",
}
# Teams whose size is announced, then described person by person: claim -> CPTS, functions.
ANNOUNCED_TEAMS = {
    "coordinatrices_cpts3": ("CPTS3", ("coordination",)),
    "coordinatrices_cpts13": ("CPTS13", ("coordination",)),
}
# CPTS whose employees are announced, then described person by person (a person may work there without being employed).
EMPLOYERS = ("CPTS6", "CPTS9", "CPTS13")
# Positions on the access-to-care service that speak of slots left empty or little used.
VACANT_SLOTS = (
    "participe_peu_sollicite",
    "participe_creneaux_vides",
    "places_non_prises",
    "inutile_en_rural",
    "tres_critique",
    "retire",
)
# Professions that the text names as the usual founders.
USUAL_FOUNDERS = ("medecin", "pharmacien", "kinesitherapeute", "kinesitherapeute_et_pharmacien")
# Five days of the week are working days.
WORKING_DAYS = 5 / 7


def stated(cpts: str, indicator: str, study: Study, **key: str) -> float:
    """Number that the text gives for one CPTS, whether printed in digits or in words."""
    where = {"cpts": cpts, "indicator": indicator, **key}
    try:
        return Cells(FACTS, study).value(**where)
    except NotComputable:
        return Cells(FACTS, study, column="number_in_words").value(**where)


def cpts_with(study: Study, **key: object) -> set[str]:
    """CPTS that have at least one coded statement with the keys given."""
    return set(Cells(CODED, study).rows(**key)["cpts"])


def interviewed(study: Study) -> int:
    """Number of CPTS interviewed."""
    return Cells("aura2022/interviewed_cpts", study).count()


def announced_lists(study: Study) -> Recomputed:
    """Items really enumerated under each announced number."""
    items = Cells("aura2022/listed_items", study)
    return {
        f"aura2022.liste.{claim}": float(items.count(list_id=name)) for claim, name in ANNOUNCED_LISTS.items()
    }


def announced_teams(study: Study) -> Recomputed:
    """Persons really described under each announced team size."""
    staff = Cells("aura2022/staff", study)
    found = {
        f"aura2022.equipe.{claim}": float(staff.count(cpts=cpts, function=functions))
        for claim, (cpts, functions) in ANNOUNCED_TEAMS.items()
    }
    employed = {
        f"aura2022.equipe.salaries_{cpts.lower()}": float(staff.count(cpts=cpts, salaried=True))
        for cpts in EMPLOYERS
    }
    return found | employed


def announced_cpts(study: Study) -> Recomputed:
    """CPTS counted in the prose against the CPTS that the text names or codes."""
    coordinated = cpts_with(study, domain="exercice_coordonne")
    pharmacists = set(Cells("aura2022/interviewed_pharmacists", study).rows()["cpts"])
    stances = cpts_with(study, domain="position_sas")
    vacant = cpts_with(study, domain="position_sas", code=VACANT_SLOTS)
    founded = cpts_with(study, domain="fondateur")
    usual = cpts_with(study, domain="fondateur", code=USUAL_FOUNDERS)
    return {
        "aura2022.codage.exercice_coordonne": float(len(coordinated)),
        "aura2022.codage.pharmaciens": float(len(coordinated & pharmacists)),
        "aura2022.codage.reseau_fibre": float(len(cpts_with(study, domain="frein_reseau"))),
        "aura2022.codage.sites": float(Cells("aura2022/websites", study).count(kind="site_propre")),
        "aura2022.codage.sas_vacants": len(vacant) / len(stances),
        "aura2022.codage.fondateurs": len(usual) / len(founded),
        "aura2022.codage.penurie": len(cpts_with(study, domain="penurie")) / interviewed(study),
    }


def sums_and_shares(study: Study) -> Recomputed:
    """Figures of the testimonies that others of the same text give by a sum, a difference or a share."""
    staffed = ("professionnels_de_sante_mobilises", "secretaires_mobilises")
    missions = Cells("aura2022/mission_calendar", study).rows()["mission"].nunique()
    members = Cells("aura2022/interviewed_members", study)
    dispensed = Cells("aura2022/protocols", study, column="age_max")
    return {
        # "Une dizaine" and an open list ("etc."): their sum is the least that it can be, never the number itself.
        "aura2022.faits.acteurs_cpts2": Bounds(
            sum(stated("CPTS2", name, study) for name in staffed),
            math.inf,
            "Le propos nomme deux groupes puis laisse sa liste ouverte : leur somme est un minimum.",
        ),
        "aura2022.faits.groupes_cpts3": float(missions),
        "aura2022.faits.garde_cpts4": stated("CPTS4", "medecins_au_depart", study)
        - stated("CPTS4", "medecins_perdus", study),
        "aura2022.faits.centaine_cpts12": members.value(cpts="CPTS12", measure="adherents"),
        "aura2022.faits.parts_cpts12": 100 - stated("CPTS12", "part_professionnels_de_sante", study),
        "aura2022.faits.internes_cpts13": stated("CPTS13", "maitres_de_stage", study)
        / stated("CPTS13", "medecins_territoire", study),
        "aura2022.faits.medecins_cpts14": stated(
            "CPTS14", "medecins_territoire", study, domain="soins_non_programmes"
        ),
        "aura2022.faits.age_pollakiurie": dispensed.value(protocol_id="pollakiurie_dispensation"),
    }


def dates_and_durations(study: Study) -> Recomputed:
    """Durations and dates of the prose against the dates printed elsewhere.

    The day of each interview is not published: a duration "at the interview" stands between the first and the last day of
    the inquiry.
    """
    first, last = inquiry(study)
    observed = Cells("aura2022/timeline", study).rows(category="observation")["date"]
    within = observed.between(str(first), str(last))
    created = Cells("aura2022/interviewed_cpts", study, column="created_year").value(cpts="CPTS4")
    started = day(FACTS, "date", study, cpts="CPTS1", indicator="demarrage")
    signed = day("aura2022/timeline", "date", study, event_id="convention_pharmaceutique")
    return {
        "aura2022.dates.reunions_observees": float(within.sum()),
        "aura2022.dates.anciennete_cpts4": first.year - created,
        "aura2022.dates.service_cpts1": Bounds(
            (first - started).days / DAYS_PER_YEAR,
            (last - started).days / DAYS_PER_YEAR,
            "Le jour de l'entretien n'est pas publié : entre le premier et le dernier de l'enquête.",
        ),
        "aura2022.dates.delai_aci": delay_to_contract(study),
        "aura2022.faits.interventions_cpts1": Bounds(
            0.0,
            round(stated("CPTS1", "orientations_par_jour", study) * DAYS_PER_YEAR * WORKING_DAYS),
            "Le jour de l'entretien n'est pas publié : au plus dix orientations par jour ouvré de l'année entière.",
        ),
        "aura2022.dates.convention": float(signed.day),
    }


def delay_to_contract(study: Study) -> Bounds:
    """Mean number of years between the creation and the signature, over the signatories created since the law of 2016.

    The bounds of each are those of `delays.to_contract`.
    """
    table = delays.to_contract(study)
    chosen = table[(table["known"] != delays.UNSIGNED) & (table["created"] >= SINCE)]
    return Bounds(
        float(chosen["low"].mean()) / MONTHS_PER_YEAR,
        float(chosen["high"].mean()) / MONTHS_PER_YEAR,
        f"Moyenne sur {len(chosen)} signataires, dont {len(chosen[chosen['known'] == delays.DATED])} seulement ont une date de "
        "signature ; créations à l'année près.",
    )


TOPICS = {
    "lists": announced_lists,
    "teams": announced_teams,
    "counts": announced_cpts,
    "testimonies": sums_and_shares,
    "dates": dates_and_durations,
}
