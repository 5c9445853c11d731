"""Lainé 2021, contract: missions, size classes, calendar, negotiated indicators and levers (tables 1, 2, 6, 7 and 8)."""

from __future__ import annotations

from helpers import french
from helpers.catalog import Study
from helpers.documents.claims import NotReproducible, Recomputed
from helpers.documents.reproductions.cells import Cells

NATIONAL = ("sans_mt", "sans_mt_ald", "sans_mt_c2s", "sans_mt_plus_70")


def missions(study: Study) -> Recomputed:
    """Number of missions announced in the prose against the list of axes and the rows of annex 7."""
    axes, funding = Cells("laine2021/missions", study), Cells("laine2021/aci_funding", study)
    funded = funding.rows(source_table="annexe_7", part="fixe")["mission"].nunique()
    return {
        "laine2021.missions.axes": axes.count(),
        "laine2021.missions.obligatoires": axes.count(status="socle"),
        "laine2021.missions.axes_imposes": axes.count(status="socle"),
        "laine2021.missions.enveloppes": funded,
    }


def size_classes(study: Study) -> Recomputed:
    """Number of sizes, and of those inside the band of population that the prose names."""
    sizes, figures = Cells("laine2021/size_classes", study), Cells("laine2021/figures", study)
    bounds = sizes.rows()
    low, high = figures.value(figure_id="bande_tailles_min"), figures.value(figure_id="bande_tailles_max")
    inside = (bounds["lower"] >= low) & (bounds["upper"] <= high)
    return {
        "laine2021.t1.tailles": sizes.count(),
        "laine2021.t1.tailles_de_la_bande": int(inside.fillna(False).sum()),
        "laine2021.f1.annee": figures.value(figure_id="annee_tailles"),
    }


def calendar(study: Study) -> Recomputed:
    """Longest delays of table 6, for the two delays of the prose."""
    delays = Cells("laine2021/calendar", study)
    return {
        "laine2021.t6.demarrage": float(delays.values(step="demarrage").max()),
        "laine2021.t6.deploiement": float(delays.values(step="deploiement").max()),
    }


def points(study: Study) -> Recomputed:
    """Points of table 7 by level, and the euros they stand for."""
    attributes, values = Cells("laine2021/indicators", study), Cells("laine2021/indicator_values", study)
    share = Cells("laine2021/figures", study).value(figure_id="variable_par_volet")

    def of(**key: str) -> float:
        chosen = set(attributes.rows(**key)["indicator"])
        return values.sum(measure="points", indicator=chosen)

    total = values.sum(measure="points")
    return {
        "laine2021.t7.indicateurs_resultat": attributes.count(block="resultats"),
        "laine2021.t7.indicateurs_nationaux": attributes.count(level="national"),
        "laine2021.t7.points_nationaux": of(level="national"),
        "laine2021.t7.points_moyens": of(block="moyens"),
        "laine2021.t7.part_nationaux": of(level="national") / total,
        "laine2021.t7.part_moyens": of(block="moyens") / total,
        "laine2021.t7.euros_resultats": of(block="resultats") / total * share,
        "laine2021.t7.euros_moyens": of(block="moyens") / total * share,
        "laine2021.t7.euros_nationaux": of(level="national") / total * share,
    }


def targets(study: Study) -> Recomputed:
    """First-year targets of the national indicators: the reference lowered by the share of the prose."""
    values, figures = Cells("laine2021/indicator_values", study), Cells("laine2021/figures", study)
    kept = 1 - figures.value(figure_id="baisse_annee_1") / 100
    references = values.by("indicator", measure="reference", indicator=NATIONAL)
    objectives = values.by("indicator", measure="objectif_an_1", indicator=NATIONAL)
    lowered = 1 - float(objectives.sum()) / float(references.sum())
    return {
        **{f"laine2021.t7.objectif.{name}": float(references[name]) * kept for name in NATIONAL},
        "laine2021.t7.baisse_prose": 100 * lowered,
        "laine2021.t7.baisse_entete": 1000 * lowered,
    }


def efforts(study: Study) -> Recomputed:
    """Mean effort by doctor of each result indicator: the counts of patients and doctors are not printed."""
    values = Cells("laine2021/indicator_values", study)
    found: dict[str, float | NotReproducible] = {}
    for name in NATIONAL:
        lowered = values.value(indicator=name, measure="reference") - values.value(
            indicator=name, measure="objectif_an_1"
        )
        effort = values.value(indicator=name, measure="effort_par_medecin")
        concerned = french.number(round(100 * float(effort) / float(lowered)), 0)
        found[f"laine2021.t7.effort.{name}"] = NotReproducible(
            f"Le nombre de patients concernés n'est pas publié : l'effort imprimé en suppose environ {concerned} par médecin."
        )
    reference = values.value(indicator="patientele_par_medecin", measure="reference")
    effort = values.value(indicator="patientele_par_medecin", measure="effort_par_medecin")
    found["laine2021.t7.effort.patientele_par_medecin"] = NotReproducible(
        "La cible de cet indicateur régional n'est pas imprimée : l'effort reste "
        f"{french.percent(100 * float(effort) / float(reference))} des patients par médecin de départ."
    )
    return found


def levers(study: Study) -> Recomputed:
    """Kinds of levers in table 2, and its levers that table 8 does not take up."""
    table = Cells("laine2021/action_levers", study)
    first = table.rows(source_table=2, institution="assurance_maladie")
    second = table.rows(source_table=8, institution="assurance_maladie")
    kept = set(zip(second["lever_type"], second["lever"], strict=True))
    return {
        "laine2021.t2.types": first["lever_type"].nunique(),
        "laine2021.t8.leviers_absents": sum(
            pair not in kept for pair in zip(first["lever_type"], first["lever"], strict=True)
        ),
    }


TOPICS = {
    "missions": missions,
    "tailles": size_classes,
    "calendrier": calendar,
    "points": points,
    "objectifs": targets,
    "efforts": efforts,
    "leviers": levers,
}
