"""Recomputed figures of Navinel (2020): funding, territory, map, sample, agreements and parts of the thesis."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells

KEY = "navinel2020"
SIZES = (1, 2, 3, 4)
TOTAL = "total"
IN_MSP = "coordonne"
LAST_QUARTER = 0.75
# Criteria that line 940 lists: age, sex, place, practice, seniority, union, membership.
CRITERIA = ("age_min", "sex", "location_kind", "practice", "year_installed", "union_member", "cpts_member")


def funding(study: Study) -> Recomputed:
    """ACI of 2019: total by size as the sum of its components, and whether it grows in proportion to population."""
    amounts = Cells(f"{KEY}/aci_funding", study)
    components = set(amounts.table["mission"]) - {TOTAL}
    found: dict[str, float | NotReproducible] = {
        f"{KEY}.aci.total.taille{size}": amounts.sum(mission=components, size=size) for size in SIZES
    }
    bounds = Cells(f"{KEY}/size_classes", study, column="upper").table.set_index("size")["upper"].dropna()
    first, last = int(bounds.index.min()), int(bounds.index.max())
    money = amounts.value(mission=TOTAL, size=last) / amounts.value(mission=TOTAL, size=first)
    found[f"{KEY}.aci.proportionnel"] = math.log(money) / math.log(bounds[last] / bounds[first])
    return found


def missions(study: Study) -> Recomputed:
    """Core and optional missions, actions, against their lists and the table of amounts."""
    listed = Cells(f"{KEY}/missions", study)
    return {
        f"{KEY}.missions.socles": listed.count(kind="socle"),
        f"{KEY}.missions.optionnelles.liste": listed.count(kind="optionnelle"),
        f"{KEY}.missions.optionnelles.liste@tableau": listed.count(marked_optional=1),
        f"{KEY}.missions.actions": Cells(f"{KEY}/missions_actions", study).table["action"].nunique(),
    }


def announced_lists(study: Study) -> Recomputed:
    """Counts announced in words against the items then enumerated."""
    items = Cells(f"{KEY}/enumerations", study)
    lists = {
        "aci.parties": "parties_financement",
        "territoire.communes_exclues": "communes_hors_cpts",
        "territoire.zip": "zones_intervention_prioritaire",
        "territoire.msp": "msp_en_fonctionnement",
        "territoire.esp": "projets_esp",
        "adhesion.conditions": "conditions_adhesion",
        "contexte.dispositifs": "dispositifs_loi_2016",
        "methode.chercheurs": "chercheurs_triangulation",
        "carte.specialites": "specialites_des_poles",
    }
    return {f"{KEY}.{claim}": items.count(list_id=name) for claim, name in lists.items()}


def territory(study: Study) -> Recomputed:
    """Density, membership and ranks of the territory."""
    record = Cells(f"{KEY}/territory_record", study)
    ranks = Cells(f"{KEY}/department_ranks", study)
    home = ranks.value(department="loiret")
    return {
        f"{KEY}.territoire.densite": record.value(attribute="population")
        / record.value(attribute="superficie"),
        f"{KEY}.demographie.limitrophes": int(
            (ranks.values(neighbour=1) > LAST_QUARTER * ranks.table["out_of"].max()).sum()
        ),
        # Ranks run from the highest density: a larger rank is a scarcer supply.
        f"{KEY}.demographie.loiret_region": 1 + int((ranks.values(region_cvl=1) > home).sum()),
    }


def partitions(total: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """Ways to share `total` specialties among poles, the most visited pole first."""
    if total == 0:
        yield ()
        return
    for head in range(min(total, largest or total), 0, -1):
        for tail in partitions(total - head, head):
            yield (head, *tail)


def attraction_map(study: Study) -> Recomputed:
    """Shares that each class of the map can hold with the specialties studied, and the ties that can occur."""
    count = Cells(f"{KEY}/enumerations", study).count(list_id="specialites_des_poles")
    heads = range(1, count + 1)
    shares = {
        "pleine": [head for head in heads if head == count],
        "premier": [head for head in heads if head == count - 1],
        "deuxieme": [head for head in heads if count / 2 < head < count - 1],
        "hachures": [head for head in heads if head <= count / 2],
    }
    percent = {name: [100 * head / count for head in possible] for name, possible in shares.items()}
    ties = [shared.count(shared[0]) for shared in partitions(count) if shared[0] > 1]
    return {
        f"{KEY}.carte.pleine": percent["pleine"][0],
        f"{KEY}.carte.premier.min": min(percent["premier"]),
        f"{KEY}.carte.premier.max": max(percent["premier"]),
        f"{KEY}.carte.deuxieme.min": min(percent["deuxieme"]),
        f"{KEY}.carte.deuxieme.max": max(percent["deuxieme"]),
        f"{KEY}.carte.hachures": max(percent["hachures"]),
        f"{KEY}.carte.egalite": max(ties),
    }


def _month(date: pd.Timestamp) -> int:
    return int(100 * date.year + date.month)


def interviews(study: Study) -> Recomputed:
    """Number, length, place and period of the interviews."""
    held = Cells(f"{KEY}/interviews", study, column="duration")
    months = held.table["date"].map(_month)
    events = Cells(f"{KEY}/timeline", study).table.set_index("event_id")["date"]
    signed = _month(events["aci_cptso"])
    research = events["soutenance"] - held.table["date"].min()
    return {
        f"{KEY}.entretiens.medecins": Cells(f"{KEY}/interviewees", study).count(),
        f"{KEY}.entretiens.nombre": held.count(),
        f"{KEY}.entretiens.duree_min": held.values().min(),
        f"{KEY}.entretiens.duree_max": held.values().max(),
        f"{KEY}.entretiens.debut": int(months.min()),
        f"{KEY}.entretiens.fin": int(months.max()),
        f"{KEY}.entretiens.avant_aci": int((months < signed).sum()),
        f"{KEY}.entretiens.lieu": held.count(place_kind=("cabinet_prive", "msp")) / held.count(),
        f"{KEY}.recherche.duree": research.days / 365.25,
    }


def variation(study: Study) -> Recomputed:
    """Criteria of the maximum-variation sample that take two values at least among the interviewees."""
    sample = Cells(f"{KEY}/interviewees", study).table
    return {f"{KEY}.methode.variation": int((sample[list(CRITERIA)].nunique() > 1).sum())}


def profiles(study: Study) -> Recomputed:
    """Statements on the practice or the age of named interviewees, against the table of participants."""
    sample = Cells(f"{KEY}/interviewees", study)
    named = Cells(f"{KEY}/statement_interviewees", study)
    verbatims = Cells(f"{KEY}/verbatims", study)

    def of(statement: str) -> set[str]:
        return set(named.rows(statement=statement)["interviewee"])

    oldest = sample.table["age_max"].max()
    msp = set(sample.rows(practice=IN_MSP)["interviewee"])
    return {
        f"{KEY}.entretiens.l7_msp": len(of("l7_nommes") & msp),
        f"{KEY}.entretiens.d2a_msp": len(of("d2a_nommes") & msp),
        f"{KEY}.entretiens.d2b_msp": len(set(verbatims.rows(author_code="d2b")["speaker"]) & msp),
        f"{KEY}.entretiens.d6_age": sample.count(interviewee=of("d6_nommes"), age_max=oldest),
    }


def agreements(study: Study) -> Recomputed:
    """Year of the national agreement and parties to the local contracts, where the text gives them twice."""
    items = Cells(f"{KEY}/enumerations", study)
    events = Cells(f"{KEY}/timeline", study).table.set_index("event_id")["date"]
    contract = ("signataires_aci_territoire", "signataires_aci_financements", "signataires_aci_limites")
    return {
        f"{KEY}.accords.annee_aci": events["aci_national"].year,
        f"{KEY}.accords.contrat_territorial": items.count(
            list_id="signataires_contrat_territorial_reference"
        ),
        f"{KEY}.accords.tripartite": items.count(list_id="signataires_aci_financements"),
        f"{KEY}.accords.tripartite@ensemble": items.rows(list_id=contract)["item"].nunique(),
    }


def document(study: Study) -> Recomputed:
    """Tables, images, pages, references and themes announced, against what the thesis holds."""
    parts = Cells(f"{KEY}/document_parts", study)
    kinds = {
        "tableaux": "tableau",
        "figures": "figure",
        "graphiques": "graphique",
        "illustrations": "illustration",
    }
    themes = Cells(f"{KEY}/brakes", study).table["theme"].drop_duplicates()
    return {
        **{f"{KEY}.document.{claim}": parts.count(kind=kind) for claim, kind in kinds.items()},
        f"{KEY}.document.pages": Cells(f"{KEY}/figures", study).value(figure_id="derniere_page_sommaire"),
        f"{KEY}.document.references": Cells(f"{KEY}/reference_calls", study).table["reference"].nunique(),
        **{f"{KEY}.document.themes_{letter}": int(themes.str.startswith(letter).sum()) for letter in "abcd"},
    }


TOPICS = {
    "financement": funding,
    "missions": missions,
    "listes": announced_lists,
    "territoire": territory,
    "carte": attraction_map,
    "entretiens": interviews,
    "variation": variation,
    "profils": profiles,
    "accords": agreements,
    "document": document,
}
