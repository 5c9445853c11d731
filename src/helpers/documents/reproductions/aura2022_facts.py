"""Recomputed figures of the AURA thesis (2022), prose of the interviews: counts, sums, shares, durations."""

from __future__ import annotations

import datetime as dt

from helpers.catalog import Package
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells
from helpers.errors import NotComputable

FACTS = "aura2022/facts"
CODED = "aura2022/coded_statements"
DAYS_PER_YEAR = 365.25
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
    "salaries_cpts6": ("CPTS6", ("coordination", "charge_de_missions")),
    "salaries_cpts9": ("CPTS9", ("coordination", "coordination_parcours")),
    "coordinatrices_cpts3": ("CPTS3", ("coordination",)),
    "coordinatrices_cpts13": ("CPTS13", ("coordination",)),
}
# Positions on the access-to-care service that speak of slots left empty or little used.
VACANT_SLOTS = (
    "participe_peu_sollicite",
    "participe_creneaux_vides",
    "places_non_prises",
    "inutile_en_rural",
    "tres_critique",
    "retire",
)
TELECONSULTATION_IN_USE = ("cabine_teleconsultation", "valises_telemedecine")
# Professions that the text names as the usual founders.
USUAL_FOUNDERS = ("medecin", "pharmacien", "kinesitherapeute", "kinesitherapeute_et_pharmacien")
UNPUBLISHED = {
    "codage.reseaux_sociaux": "Les CPTS des réseaux sociaux ne sont pas nommées, hors deux pages LinkedIn.",
    "dates.delai_aci": "Première réunion et signature ne sont datées que pour une CPTS (CPTS8).",
    "faits.generalistes_cpts1": "Le nombre de généralistes du territoire de la CPTS1 n'est pas publié.",
    "faits.interventions_cpts1": "La date de l'entretien n'est pas publiée, ni donc les jours écoulés.",
    "faits.inter_cpts": "La liste régionale ne donne pas le département de chaque CPTS.",
    "faits.pharmacies_msp": "Le nombre de pharmacies membres d'une maison de santé n'est pas publié.",
}


def stated(cpts: str, indicator: str, package: Package | None = None, **key: str) -> float:
    """Number that the text gives for one CPTS, whether printed in digits or in words."""
    where = {"cpts": cpts, "indicator": indicator, **key}
    try:
        return Cells(FACTS, package).value(**where)
    except NotComputable:
        return Cells(FACTS, package, column="number_in_words").value(**where)


def cpts_with(package: Package | None = None, **key: object) -> set[str]:
    """CPTS that have at least one coded statement with the keys given."""
    return set(Cells(CODED, package).rows(**key)["cpts"])


def interviewed(package: Package | None = None) -> int:
    """Number of CPTS interviewed."""
    return Cells("aura2022/interviewed_cpts", package).count()


def day(table: str, column: str, package: Package | None = None, **key: object) -> dt.date:
    """Date in the one row of `table` with the keys given."""
    found = Cells(table, package).rows(**key)[column].dropna()
    if len(found) != 1:
        raise NotComputable(f"{table} : {len(found)} dates au lieu d'une.")
    return dt.date.fromisoformat(str(found.iloc[0])[:10])


def inquiry(package: Package | None = None) -> tuple[dt.date, dt.date]:
    """First and last day of the interviews."""
    first, last = (
        day("aura2022/timeline", column, package, category="enquete") for column in ("date", "date_end")
    )
    return first, last


def announced_lists(package: Package | None = None) -> Recomputed:
    """Items really enumerated under each announced number."""
    items = Cells("aura2022/listed_items", package)
    return {
        f"aura2022.liste.{claim}": float(items.count(list_id=name)) for claim, name in ANNOUNCED_LISTS.items()
    }


def announced_teams(package: Package | None = None) -> Recomputed:
    """Persons really described under each announced team size."""
    staff = Cells("aura2022/staff", package)
    return {
        f"aura2022.equipe.{claim}": float(staff.count(cpts=cpts, function=functions))
        for claim, (cpts, functions) in ANNOUNCED_TEAMS.items()
    }


def announced_cpts(package: Package | None = None) -> Recomputed:
    """CPTS counted in the prose against the CPTS that the text names or codes."""
    coordinated = cpts_with(package, domain="exercice_coordonne")
    pharmacists = set(Cells("aura2022/interviewed_pharmacists", package).rows()["cpts"])
    stances = cpts_with(package, domain="position_sas")
    vacant = cpts_with(package, domain="position_sas", code=VACANT_SLOTS)
    founded = cpts_with(package, domain="fondateur")
    usual = cpts_with(package, domain="fondateur", code=USUAL_FOUNDERS)
    teleconsulting = cpts_with(package, code=TELECONSULTATION_IN_USE, status="utilise")
    return {
        "aura2022.codage.exercice_coordonne": float(len(coordinated)),
        "aura2022.codage.pharmaciens": float(len(coordinated & pharmacists)),
        "aura2022.codage.reseau_fibre": float(len(cpts_with(package, domain="frein_reseau"))),
        "aura2022.codage.sites": float(Cells("aura2022/websites", package).count(kind="site_propre")),
        "aura2022.codage.monsisra": float(len(cpts_with(package, code="monsisra", status="utilise"))),
        "aura2022.codage.teleconsultation": float(interviewed(package) - len(teleconsulting)),
        "aura2022.codage.sas_vacants": len(vacant) / len(stances),
        "aura2022.codage.fondateurs": len(usual) / len(founded),
        "aura2022.codage.penurie": len(cpts_with(package, domain="penurie")) / interviewed(package),
    }


def sums_and_shares(package: Package | None = None) -> Recomputed:
    """Figures of the testimonies that others of the same text give by a sum, a difference or a share."""
    staffed = ("professionnels_de_sante_mobilises", "secretaires_mobilises")
    professions = ("dentistes", "infirmieres", "pharmaciens", "kinesitherapeutes", "medecins")
    missions = Cells("aura2022/mission_calendar", package).rows()["mission"].nunique()
    members = Cells("aura2022/interviewed_members", package)
    dispensed = Cells("aura2022/protocols", package, column="age_max")
    return {
        "aura2022.faits.acteurs_cpts2": sum(stated("CPTS2", name, package) for name in staffed),
        "aura2022.faits.groupes_cpts3": float(missions),
        "aura2022.faits.garde_cpts4": stated("CPTS4", "medecins_au_depart", package)
        - stated("CPTS4", "medecins_perdus", package),
        "aura2022.faits.adherents_cpts12": sum(stated("CPTS12", name, package) for name in professions),
        "aura2022.faits.centaine_cpts12": members.value(cpts="CPTS12", measure="adherents"),
        "aura2022.faits.parts_cpts12": 100 - stated("CPTS12", "part_professionnels_de_sante", package),
        "aura2022.faits.internes_cpts13": stated("CPTS13", "maitres_de_stage", package)
        / stated("CPTS13", "medecins_territoire", package),
        "aura2022.faits.medecins_cpts14": stated(
            "CPTS14", "medecins_territoire", package, domain="soins_non_programmes"
        ),
        "aura2022.faits.age_pollakiurie": dispensed.value(protocol_id="pollakiurie_dispensation"),
    }


def dates_and_durations(package: Package | None = None) -> Recomputed:
    """Durations and dates of the prose against the dates printed elsewhere.

    The day of each interview is not published: a duration "at the interview" is counted at the start of the
    inquiry, its earliest possible value.
    """
    first, last = inquiry(package)
    observed = Cells("aura2022/timeline", package).rows(category="observation")["date"]
    within = observed.between(str(first), str(last))
    created = Cells("aura2022/interviewed_cpts", package, column="created_year").value(cpts="CPTS4")
    started = day(FACTS, "date", package, cpts="CPTS1", indicator="demarrage")
    signed = day("aura2022/timeline", "date", package, event_id="convention_pharmaceutique")
    return {
        "aura2022.dates.reunions_observees": float(within.sum()),
        "aura2022.dates.anciennete_cpts4": first.year - created,
        "aura2022.dates.service_cpts1": (first - started).days / DAYS_PER_YEAR,
        "aura2022.dates.convention": float(signed.day),
    }


def unpublished(package: Package | None = None) -> Recomputed:
    """Figures of the prose whose inputs no document publishes."""
    return {f"aura2022.{claim}": NotReproducible(reason) for claim, reason in UNPUBLISHED.items()}


TOPICS = {
    "lists": announced_lists,
    "teams": announced_teams,
    "counts": announced_cpts,
    "testimonies": sums_and_shares,
    "dates": dates_and_durations,
    "unpublished": unpublished,
}
