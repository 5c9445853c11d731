"""Figures of the documents held against the official data that the package holds: INSEE populations, maisons de santé."""

from __future__ import annotations

from collections.abc import Callable, Collection

import pandas as pd

from helpers.catalog import Study
from helpers.documents.claims import Recomputed
from helpers.documents.intervals import Bounds
from helpers.documents.reproductions.cells import Cells

AURA, BRITTANY, ILE_DE_FRANCE = "84", "53", "11"
ILLE_ET_VILAINE = "35"
OVERSEAS = ("971", "972", "973", "974", "976")
# Former region of Auvergne: Allier, Cantal, Haute-Loire, Puy-de-Dôme.
AUVERGNE = ("03", "15", "43", "63")
LESS_COVERED = "aura2022.synthese.auvergne_sous_dotee"
ORLEANS_METROPOLE = "244500468"
# Redon Agglomération: the communes of its CPTS are not printed, and its name is that of one EPCI.
REDON_AGGLOMERATION = "243500741"
# Communes of the metropolis of Orléans that the thesis names as outside the CPTS (note 1, line 793).
OUTSIDE_CPTSO = ("45034", "45043", "45089", "45100", "45194", "45197")


def inhabitants(year: int, study: Study, **where: Collection[str]) -> float:
    """Legal population of some départements (`code`, `region`), or of the whole country, at 1 January of `year`."""
    departments = study.table("open/departments")
    for column, wanted in where.items():
        departments = departments[departments[column].isin(list(wanted))]
    return float(departments[f"population_{year}"].sum())


def national(study: Study) -> Recomputed:
    """Share of the population covered in June 2022; maisons de santé at the two dates of the Miller thesis."""
    covered = Cells("miller2022/deployment", study).value(figure_id="dgos_population")
    return {
        "miller2022.deploiement.part_population": 100 * covered / inhabitants(2020, study),
        "miller2022.intro.msp_ouvertes": _houses("2022-12-01", study),
        "miller2022.intro.msp_juin_2021": _houses("2021-06-01", study),
    }


def _houses(date: str, study: Study) -> float:
    series = study.table("open/national")
    found = series[(series["series"] == "msp") & (series["date"] == pd.Timestamp(date))]
    return float(found["value"].iloc[0])


def targets_of_2021(study: Study) -> Recomputed:
    """Targets of Brittany and Ille-et-Vilaine, if they follow population as line 386 of Lainé 2021 says."""
    target = Cells("laine2021/deployment", study).value(figure_id="objectif_2021_france")
    brittany = inhabitants(2018, study, region=[BRITTANY])
    regional = target * brittany / inhabitants(2018, study)
    own = Cells("laine2021/deployment", study).value(figure_id="objectif_2021_bretagne")
    return {
        "laine2021.deploiement.objectif_bretagne": float(round(regional)),
        "laine2021.deploiement.objectif_departement": float(
            round(own * inhabitants(2018, study, code=[ILLE_ET_VILAINE]) / brittany)
        ),
    }


def auvergne_rhone_alpes(study: Study) -> Recomputed:
    """Population of the region, its share of the metropolitan one, and what the thesis says of its Auvergne part."""
    figures = Cells("aura2022/figures", study)
    region = inhabitants(2019, study, region=[AURA])
    overseas = inhabitants(2019, study, code=OVERSEAS)
    auvergne = inhabitants(2018, study, code=AUVERGNE)
    far = figures.value(figure_id="population_30_minutes")
    return {
        "aura2022.aura.population": region,
        "aura2022.aura.part_metropole": 100 * region / (inhabitants(2019, study) - overseas),
        "aura2022.aura.trente_minutes@auvergne": 100 * far / auvergne,
        LESS_COVERED: _covered(study),
        "aura2022.synthese.auvergne_agee": _aged(AUVERGNE, study) / _aged_elsewhere(study),
    }


def _covered(study: Study) -> float:
    """Share of the people of Auvergne who live in a CPTS or a project of the map, over that of the rest of the region."""
    listed = Cells("aura2022/cpts_region", study)
    named = Cells("coding/passages", study).rows(claim_id=LESS_COVERED, role="selection")["label_fr"]
    inside = float(listed.values(name_printed=list(named)).sum())
    everyone = float(listed.values().sum())
    auvergne = inhabitants(2018, study, code=AUVERGNE)
    others = inhabitants(2018, study, region=[AURA]) - auvergne
    return (inside / auvergne) / ((everyone - inside) / others)


def _aged(codes: Collection[str], study: Study) -> float:
    communes = study.table("open/communes")
    here = communes[communes["department"].isin(list(codes))]
    return 100 * float(here["age_65_plus_2021"].sum()) / float(here["population_iris_2021"].sum())


def _aged_elsewhere(study: Study) -> float:
    departments = study.table("open/departments")
    others = set(departments.loc[departments["region"] == AURA, "code"]) - set(AUVERGNE)
    return _aged(others, study)


def other_regions(study: Study) -> Recomputed:
    """Population of Île-de-France (2017, between two known years), the territory of the CPTS of Orléans, and that of Redon."""
    communes = study.table("open/communes")
    metropolis = communes[communes["epci"] == ORLEANS_METROPOLE]
    inside = metropolis[metropolis["code"].isin(measured(study))]
    redon = communes[communes["epci"] == REDON_AGGLOMERATION]
    areas = study.table("open/geography").set_index("code")["km2"]
    km2 = float(areas.reindex(inside["code"]).sum(skipna=False))
    before, after = (inhabitants(year, study, region=[ILE_DE_FRANCE]) for year in (2016, 2018))
    return {
        "miller2022.t3.population_region": Bounds(
            min(before, after),
            max(before, after),
            "Populations légales de 2016 et de 2018, celle de 2017 n'est pas dans le paquet.",
        ),
        "laine2021.redon.departements": float(redon["department"].nunique()),
        "laine2021.redon.regions": float(redon["region"].nunique()),
        "navinel2020.demographie.departements": float(len(study.table("open/departments"))),
        "navinel2020.territoire.communes_metropole": float(len(metropolis)),
        "navinel2020.territoire.population": _span(
            inside["population_2016"].sum(), inside["population_2018"].sum()
        ),
        "navinel2020.territoire.superficie": km2,
        "navinel2020.territoire.densite_2016": float(inside["population_2016"].sum()) / km2,
    }


def measured(study: Study) -> frozenset[str]:
    """Communes of the territory of the CPTS of Orléans, the only ones whose areas are added up."""
    communes = study.table("open/communes")
    metropolis = communes.loc[communes["epci"] == ORLEANS_METROPOLE, "code"].astype(str)
    return frozenset(metropolis) - frozenset(OUTSIDE_CPTSO)


def _span(first: float, second: float) -> Bounds:
    low, high = sorted((float(first), float(second)))
    return Bounds(
        low, high, "Populations de 2016 et de 2018 des communes que le texte laisse dans le territoire."
    )


TOPICS: dict[str, Callable[[Study], Recomputed]] = {
    "national": national,
    "targets_of_2021": targets_of_2021,
    "auvergne_rhone_alpes": auvergne_rhone_alpes,
    "other_regions": other_regions,
}
