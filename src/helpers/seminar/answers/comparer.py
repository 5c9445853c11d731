"""Second session, two figures side by side: definitions, same scope, ratio of sums, structure, concentration, trend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from helpers.catalog import Study
from helpers.documents.reproductions.cells import Cells
from helpers.methods import describe, rates, trends
from helpers.seminar.answers import Answer, Computed

LETTERS = ("A", "B", "C", "D", "E")
REGION = "ile_de_france"
# Sizes of communes, in inhabitants of 2016: up to 499, 500 to 1,999, 2,000 and more.
_SIZES = (0, 500, 2000, np.inf)
_SMALL = (200, 499)


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


def _growth(study: Study) -> pd.DataFrame:
    """Communes with whether they grew from 2016 to 2023 and their size of 2016."""
    columns = ["department", "population_2016", "population_2023"]
    rows = study.table("open/communes")[columns].dropna()
    size = pd.cut(rows["population_2016"].astype(float), _SIZES, right=False, labels=False)
    grew = rows["population_2023"] > rows["population_2016"]
    return pd.DataFrame({"department": rows["department"], "size": size, "grew": grew.astype(float)})


def _grown(study: Study, department: str, *, weights: str = "own") -> float:
    rows = _growth(study)
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


def _changes(study: Study, *, lowest: bool = True) -> tuple[float, float]:
    """Mean change in percent of small communes from 2020 to 2021 and from 2022 to 2023; of the lowest tenth of the first."""
    rows = study.table("open/communes")
    years = (2020, 2021, 2022, 2023)
    people = [rows[f"population_{year}"].astype("float64") for year in years]
    small = people[0].between(*_SMALL)
    before, after = 100 * (people[1] / people[0] - 1)[small], 100 * (people[3] / people[2] - 1)[small]
    chosen = before <= before.quantile(0.1) if lowest else before.notna()
    return float(before[chosen].mean()), float(after[chosen].mean())


def _return(study: Study, *, lowest: bool = True) -> float:
    before, after = _changes(study, lowest=lowest)
    return after - before


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
        },
    ),
}
