"""Second session, two figures side by side: definitions, same scope, ratio of sums, structure, concentration, trend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.catalog import Study
from helpers.documents.reproductions.cells import Cells
from helpers.methods import describe, rates, trends
from helpers.seminar.answers import Answer, Computed
from helpers.territory import population

LETTERS = ("A", "B", "C", "D", "E")
REGION = "ile_de_france"
# Sizes of communes, in inhabitants of 2016: up to 499, 500 to 1,999, 2,000 and more.
_SIZES = (0, 500, 2000, np.inf)
_SMALL = (200, 499)
_REDON, _DEPARTMENTS, _OLDER = "243500741", ("35", "44", "56"), "age_65_plus_2021"


def _deployment(figure: str) -> Computed:
    return lambda study: float(Cells("miller2022/deployment", study).value(figure_id=figure))


_covered, _mean_size = _deployment("dgos_population"), _deployment("dgos_population_moyenne")
_signed, _every_step = _deployment("fcpts_aci_signes"), _deployment("fcpts_total")


def _definitions_apart(study: Study) -> float:
    """Points between two rates of coverage whose definitions differ: what must not be subtracted."""
    national = study.table("open/national")
    first = national[national["series"] == "cpts_couverture"].sort_values("date")["value"].iloc[0]
    return float(first) - _deployment("dgos_part_population")(study)


def _amounts(study: Study, document: str) -> pd.DataFrame:
    """Amounts in euros of each mission (rows) and size (columns) that a document prints, its totals apart."""
    table = study.table(f"{document}/aci_funding")
    whole = table[table["part"] == "total"].pivot(index="mission", columns="size", values="value")
    return whole.astype("float64")


def _rise(study: Study, *, mean: bool = False, backwards: bool = False) -> float:
    """Rise in percent of the ceiling, all sizes together, on the missions that both years have."""
    before, after = _amounts(study, "navinel2020"), _amounts(study, "miller2022")
    common = [mission for mission in before.index if mission in after.index and mission != "total"]
    first, second = before.loc[common].sum(), after.loc[common].sum()
    if mean:
        return float((100 * (second / first - 1)).mean())
    return float(100 * (second.sum() - first.sum()) / (second if backwards else first).sum())


def _rise_of_totals(study: Study) -> float:
    before, after = (_amounts(study, name).loc["total"].sum() for name in ("navinel2020", "miller2022"))
    return float(100 * (after / before - 1))


def _doctors(study: Study) -> pd.DataFrame:
    """Doctors and inhabitants, one row per CPTS and one for the region."""
    people = Cells("miller2022/territories", study).by("cpts", indicator="population").astype(float)
    doctors = Cells("miller2022/supply_epidemiology", study).by("cpts", indicator="mg_nombre").astype(float)
    return pd.DataFrame({"doctors": doctors, "people": people})


def _per_10000(study: Study, places: tuple[str, ...]) -> float:
    rows = _doctors(study).loc[list(places)]
    return float(rates.per(rows["doctors"].sum(), rows["people"].sum(), base=10_000))


def _mean_of_rates(study: Study) -> float:
    rows = _doctors(study).loc[list(LETTERS)]
    return float((10_000 * rows["doctors"] / rows["people"]).mean())


def _older(study: Study, table: str) -> pd.DataFrame:
    columns = ["age_65_plus_2021", "population_iris_2021"]
    rows = study.table(table)[columns].dropna().astype("float64")
    return rows[rows["population_iris_2021"] > 0].set_axis(["older", "people"], axis=1)


def _share_65(study: Study, statistic: str = "", table: str = "open/departments") -> float:
    rows = _older(study, table)
    if not statistic:
        return float(100 * rows["older"].sum() / rows["people"].sum())
    return float((100 * rows["older"] / rows["people"]).agg(statistic))


def _growth(study: Study, *, overseas: bool) -> pd.DataFrame:
    """Communes with whether they grew from 2016 to 2023 and their size of 2016."""
    columns = ["department", "population_2016", "population_2023"]
    rows = study.table("open/communes")[columns].dropna()
    # Mayotte has no population of 2016: "France" would be France without it. Metropolitan France is whole (34 734 communes).
    rows = rows if overseas else rows[rows["department"].str.len() == 2]
    size = pd.cut(rows["population_2016"].astype(float), _SIZES, right=False, labels=False)
    grew = rows["population_2023"] > rows["population_2016"]
    return pd.DataFrame({"department": rows["department"], "size": size, "grew": grew.astype(float)})


def _grown(study: Study, department: str, *, weights: str = "own", overseas: bool = False) -> float:
    rows = _growth(study, overseas=overseas)
    own = rows[rows["department"] == department]
    if weights == "own":
        return float(100 * own["grew"].mean())
    shares = own.groupby("size")["grew"].mean()
    if weights == "none":
        return float(100 * shares.mean())
    common = rows["size"].value_counts(normalize=True).reindex(shares.index)
    return float(100 * (shares * common).sum() / common.sum())


def _cpts_sizes(study: Study) -> pd.Series[Any]:
    return study.table("aura2022/cpts_region")["value"].dropna().astype("float64")


def _houses(study: Study) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Years and numbers of health houses, twice a year."""
    national = study.table("open/national")
    rows = national[national["series"] == "msp"].sort_values("date")
    return (rows["date"].dt.year + (rows["date"].dt.month - 1) / 12).to_numpy(), rows["value"].to_numpy()


def _sen(study: Study, per_year: float = 1.0) -> float:
    years, houses = _houses(study)
    return float(trends.sen_slope(years, houses).iloc[0]["value"]) * per_year


def _first_to_last(study: Study) -> float:
    years, houses = _houses(study)
    return float((houses[-1] - houses[0]) / (years[-1] - years[0]))


def _least_squares(study: Study) -> float:
    years, houses = _houses(study)
    return float(np.polyfit(years.astype(float), houses.astype(float), 1)[0])


def _changes(study: Study, *, lowest: bool = True, sized: int = 2019) -> tuple[float, float]:
    """Mean change in percent of small communes from 2020 to 2021 and from 2022 to 2023; of the lowest tenth of the first.

    The size is that of 2019: a choice by that of 2020, the base of the first change, would itself return to the mean.
    """
    rows = study.table("open/communes")
    years = (2020, 2021, 2022, 2023)
    people = [rows[f"population_{year}"].astype("float64") for year in years]
    small = rows[f"population_{sized}"].astype("float64").between(*_SMALL)
    before, after = 100 * (people[1] / people[0] - 1)[small], 100 * (people[3] / people[2] - 1)[small]
    chosen = before <= before.quantile(0.1) if lowest else before.notna()
    return float(before[chosen].mean()), float(after[chosen].mean())


def _return(study: Study, *, lowest: bool = True, sized: int = 2019) -> float:
    before, after = _changes(study, lowest=lowest, sized=sized)
    return after - before


def _redon(study: Study) -> pd.DataFrame:
    communes = study.table("open/communes")
    return communes[communes["epci"] == _REDON]


def _profile(study: Study, indicator: str) -> float:
    told = population.profiles({_REDON: _redon(study)["code"].tolist()}).set_index("code")
    return float(told.loc[indicator, "value"])


def _older_in(study: Study, departments: tuple[str, ...]) -> float:
    rows = (
        study.table("open/departments").set_index("code").loc[list(departments)].astype({_OLDER: "float64"})
    )
    return float(100 * rows[_OLDER].sum() / rows["population_iris_2021"].sum())


ANSWERS = {
    "base_couverture": Answer(
        lambda study: round(_covered(study) / _mean_size(study)),
        {
            "signees": _signed,
            "toutes_etapes": _every_step,
            "points": _definitions_apart,
            "par_signataire": lambda study: _covered(study) / _signed(study),
        },
    ),
    "hausse_aci": Answer(
        _rise,
        {
            "champ": _rise_of_totals,
            "moyenne_des_tailles": lambda study: _rise(study, mean=True),
            "base_finale": lambda study: _rise(study, backwards=True),
            "rapport": lambda study: 100 + _rise(study),
        },
    ),
    "mg_10000": Answer(
        lambda study: _per_10000(study, LETTERS),
        {
            "moyenne_des_taux": _mean_of_rates,
            "region_comprise": lambda study: _per_10000(study, (*LETTERS, REGION)),
            "region_seule": lambda study: _per_10000(study, (REGION,)),
            "pour_100000": lambda study: 10 * _per_10000(study, LETTERS),
        },
    ),
    "part_65_france": Answer(
        _share_65,
        {
            "moyenne_departements": lambda study: _share_65(study, "mean"),
            "mediane_departements": lambda study: _share_65(study, "median"),
            "moyenne_communes": lambda study: _share_65(study, "mean", "open/communes"),
        },
    ),
    "simpson_91_64": Answer(
        lambda study: _grown(study, "91", weights="all"),
        {
            "taux_brut": lambda study: _grown(study, "91"),
            "moyenne_des_classes": lambda study: _grown(study, "91", weights="none"),
            "autre_departement": lambda study: _grown(study, "64", weights="all"),
            "autre_brut": lambda study: _grown(study, "64"),
            "outre_mer": lambda study: _grown(study, "91", weights="all", overseas=True),
        },
    ),
    "gini_71": Answer(
        lambda study: describe.gini(_cpts_sizes(study)),
        {
            "corrige": lambda study: (
                describe.gini(_cpts_sizes(study)) * len(_cpts_sizes(study)) / (len(_cpts_sizes(study)) - 1)
            ),
            "aire": lambda study: describe.gini(_cpts_sizes(study)) / 2,
            "complement": lambda study: 1 - describe.gini(_cpts_sizes(study)),
            "variation": lambda study: float(_cpts_sizes(study).std() / _cpts_sizes(study).mean()),
        },
    ),
    "tendance": Answer(
        _sen,
        {
            "par_semestre": lambda study: _sen(study, 0.5),
            "deux_points": _first_to_last,
            "moindres_carres": _least_squares,
        },
    ),
    "retour_moyenne": Answer(
        _return,
        {
            "a_l_envers": lambda study: -_return(study),
            "apres_seul": lambda study: _changes(study)[1],
            "avant_seul": lambda study: _changes(study)[0],
            "toutes": lambda study: _return(study, lowest=False),
            "taille_2020": lambda study: _return(study, sized=2020),
        },
    ),
    "redon_65": Answer(
        lambda study: _profile(study, "over_65"),
        {
            "un_departement": lambda study: _older_in(study, _DEPARTMENTS[:1]),
            "trois_departements": lambda study: _older_in(study, _DEPARTMENTS),
            "moyenne_communes": lambda study: float(
                (100 * _redon(study)[_OLDER] / _redon(study)["population_iris_2021"]).mean()
            ),
            "autre_annee": lambda study: float(
                100 * _redon(study)[_OLDER].sum() / _redon(study)["population_2023"].sum()
            ),
            "vieillissement": lambda study: _profile(study, "ageing"),
        },
    ),
}
