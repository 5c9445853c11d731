"""Recomputed figures of the AURA thesis (2022) on its sample: sizes, years, counts of people, members, establishments."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from helpers.catalog import Study, once_per_study
from helpers.documents import intervals
from helpers.documents.claims import Recomputed
from helpers.documents.delays import inquiry
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

# The thesis lost the limit between sizes 2 and 3 with its figure 4; Lainé prints the same four classes.
SIZE_CLASSES = "laine2021/size_classes"
# A CPTS is recent from the year of the national agreement on.
RECENT = 2019
HOSPITALS = ("hopital", "clinique_privee")


def size_class(population: float, study: Study) -> int:
    """Size (1 to 4) of a CPTS that covers `population` inhabitants; a lower bound belongs to the class it opens."""
    return 1 + sum(bool(bound <= population) for bound in _lower_bounds(study))


@once_per_study
def _lower_bounds(study: Study) -> list[float]:
    return list(Cells(SIZE_CLASSES, study, column="lower").by("size", size=(2, 3, 4)))


def declared_size(population: float, study: Study) -> float | Bounds:
    """Size of a declared population: two bounds when what is declared leaves several sizes open ("> 42 000")."""
    low, high = (size_class(end, study) for end in intervals.ends(population))
    if low == high:
        return low
    return Bounds(low, high, "La population déclarée n'est qu'une borne ou un arrondi.")


def map_population(study: Study) -> pd.Series[float]:
    """Population on the regional map (figure 7) of each interviewed CPTS, by code."""
    region = Cells("aura2022/cpts_region", study)
    return region.by("cpts", cpts=list(region.table["cpts"].dropna()))


def sizes(study: Study) -> Recomputed:
    """Size that the regional map gives, then the size that the declared population gives, for each CPTS."""
    declared = Cells("aura2022/interviewed_populations", study).by("cpts", measure="population")
    mapped = map_population(study)
    return {
        **{f"aura2022.t3.taille.{_key(code)}": size_class(mapped[code], study) for code in declared.index},
        **{
            f"aura2022.t3.taille.{_key(code)}@declaree": declared_size(declared[code], study)
            for code in declared.index
        },
    }


def populations(study: Study) -> Recomputed:
    """Population of the regional map, to hold against each declared population."""
    mapped = map_population(study)
    return {
        **{f"aura2022.t5.population.{_key(code)}": float(mapped[code]) for code in mapped.index},
        "aura2022.annexe4.population": float(mapped["CPTS5"]),
    }


def creation_years(study: Study) -> Recomputed:
    """Number of CPTS whose code carries the year of creation printed in table III."""
    table = Cells("aura2022/interviewed_cpts", study).rows()
    _, last = inquiry(study)
    created = int(table.loc[table["cpts"] == "CPTS1", "created_year"].iloc[0])
    renewed = table["changed_year"].fillna(table["created_year"])
    return {
        "aura2022.t3.annees": float((table["created_year"] == table["sigle_year"]).sum()),
        "aura2022.synthese.majorite_recentes": float((renewed >= RECENT).mean()),
        "aura2022.dates.site_cpts1": Bounds(
            0.0,
            (last - dt.date(created, 1, 1)).days / 365.25,
            "Le site n'est pas daté : au plus l'âge de la CPTS à la fin de l'enquête.",
        ),
    }


def membership(study: Study) -> Recomputed:
    """Highest share of the professionals of a territory who belong to its CPTS, where both numbers are printed."""
    members = Cells("aura2022/interviewed_members", study)
    printed = members.rows().dropna(subset=["value"])
    exact = printed[~printed["qualifier"].isin(["min", "approx"])]
    pairs = exact[exact["measure"].isin(["adherents", "professionnels"])].pivot(
        index="cpts", columns="measure", values="value"
    )
    rates = 100 * pairs["adherents"] / pairs["professionnels"]
    return {"aura2022.t6.taux_adhesion": float(rates.max())}


def people(study: Study) -> Recomputed:
    """Counts of interviewees and of CPTS in tables III, IV and VI; length of the interviews."""
    interviewed = Cells("aura2022/interviewed_cpts", study)
    pharmacists = Cells("aura2022/interviewed_pharmacists", study)
    members = Cells("aura2022/interviewed_members", study)
    return {
        "aura2022.t3.coordinatrices": float(interviewed.count(profile="coordination")),
        "aura2022.t3.presidents": float(interviewed.count(profile="presidence")),
        "aura2022.t3.secretaires": float(interviewed.count(profile="secretariat")),
        "aura2022.t3.cpts": float(interviewed.count()),
        "aura2022.t6.cpts": float(members.table["cpts"].nunique()),
        "aura2022.t4.pharmaciens": float(pharmacists.count()),
        "aura2022.t4.pharmaciens@sigles": float(pharmacists.table["sigle_printed"].nunique()),
    }


def members_and_establishments(study: Study) -> Recomputed:
    """Members of CPTS5, hospitals of CPTS13, health centres of CPTS5, patients without a regular doctor of CPTS7."""
    members = Cells("aura2022/interviewed_members", study)
    places = Cells("aura2022/establishments", study)
    declared = Cells("aura2022/interviewed_populations", study)
    without_doctor = Cells("aura2022/figures", study).value(figure_id="patients_sans_mt_cpts7")
    return {
        "aura2022.t6.adherents.cpts5": members.sum(
            cpts="CPTS5", measure=("adherents_professionnels", "adherents_entites")
        ),
        "aura2022.t7.structures.cpts13": places.sum(cpts="CPTS13", kind=HOSPITALS, scope="territoire"),
        "aura2022.t7.msp.cpts5": places.value(cpts="CPTS5", kind="msp", scope="territoire"),
        "aura2022.t5.sans_medecin_traitant": (
            100 * without_doctor / declared.value(cpts="CPTS7", measure="population")
        ),
    }


def _key(code: str) -> str:
    return code.lower()


TOPICS = {
    "tailles": sizes,
    "populations": populations,
    "annees": creation_years,
    "adhesion": membership,
    "effectifs": people,
    "adherents_etablissements": members_and_establishments,
}
