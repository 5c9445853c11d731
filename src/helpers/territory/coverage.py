"""Coverage of the departments by a national scheme: distribution, inequality over time, catch-up and saturation.

The unit is a territory and the value a percentage of its inhabitants, as published: a count of places, without sampling
error, rounded to whole percents. What holds for territories is not said of their inhabitants (ecological limit).
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import catalog, french
from helpers.errors import DataError, NotComputable
from helpers.methods import comparison, inequality
from helpers.territory.communes import YEARS

LEVELS = ("département", "région")
QUANTILES = {"premier décile": 0.1, "médiane": 0.5, "dernier décile": 0.9}
SATURATED = 95.0
MAYOTTE = "976"
DISTRIBUTION_FR = {
    "date": "Date",
    "n": "Territoires",
    "minimum": "Minimum (%)",
    "premier décile": "Premier décile (%)",
    "médiane": "Médiane (%)",
    "dernier décile": "Dernier décile (%)",
    "maximum": "Maximum (%)",
    "mean": "Moyenne pondérée (%)",
}
INEQUALITY_FR = {
    "date": "Date",
    "interdecile": "Écart entre déciles extrêmes (points)",
    "deviation": "Écart-type pondéré (points)",
    "gini_covered": "Gini de la part couverte",
    "gini_uncovered": "Gini de la part non couverte",
    "corrected": "Indice corrigé (Erreygers), le même des deux côtés",
    "uncovered": "Habitants non couverts",
}
SATURATION_FR = {
    "date": "Date",
    "n": "Territoires",
    "full": "À 100 %",
    "saturated": "À 95 % et plus",
    "population_part": "Part de la population dans ces territoires (%)",
}
CATCH_UP_FR = {
    "group": "Groupe (1 : les moins couverts au départ)",
    "n": "Territoires",
    "first": "Couverture initiale moyenne (%)",
    "last": "Couverture finale moyenne (%)",
    "gain": "Gain moyen (points)",
    "closed": "Part de l'écart à 100 % comblée (%)",
}
NATIONAL_FR = {
    "date": "Date",
    "recomputed": "Moyenne des départements, pondérée (%)",
    "published": "Valeur nationale publiée (%)",
    "gap": "Écart (points)",
}
FALLS_FR = {
    "name": "Territoire",
    "date": "Date",
    "before": "Valeur précédente (%)",
    "value": "Valeur (%)",
    "change": "Variation (points)",
}


def panel(values: pd.DataFrame, *, level: str = "département") -> pd.DataFrame:
    """Values of the departments with their name and population: code, name, region_name, date, value, population.

    Takes rows `code, date, value` of departments (a reader gives them). The population is the legal one of the year of the
    date, or the last known; that of Mayotte is its census of 2017. With `level` "région", the mean of the departments
    weighted by population. A row without value is left out: nobody said zero. Empty in, empty out. Raises DataError for an
    unknown level or department.
    """
    if level not in LEVELS:
        raise DataError(f"Niveau « {level} » inconnu : {' ou '.join(LEVELS)}.")
    departments = catalog.load("open/departments", catalog.DEFAULT_FOLDER).set_index("code")
    values = values[values["value"].notna()]
    strange = sorted(set(values["code"]) - set(departments.index))
    if strange:
        raise DataError(f"Département « {strange[0]} » inconnu.")
    table = pd.DataFrame(
        {"code": values["code"], "date": values["date"], "value": values["value"].astype(float)}
    )
    table["name"] = table["code"].map(departments["name"])
    table["region_name"] = table["code"].map(departments["region_name"])
    table["population"] = _populations(table, departments)
    if level == "région":
        table = _means(table, ["region_name", "date"])
        table = table.assign(code=table["region_name"], name=table["region_name"])
    columns = ["code", "name", "region_name", "date", "value", "population"]
    return table[columns].sort_values(["code", "date"], ignore_index=True)


def _populations(table: pd.DataFrame, departments: pd.DataFrame) -> list[float]:
    communes = catalog.load("open/communes", catalog.DEFAULT_FOLDER)
    mayotte = float(communes["population_2017_mayotte"].sum())
    known = list(YEARS)
    found = []
    for code, date in zip(table["code"], table["date"], strict=True):
        year = max((item for item in known if item <= date.year), default=min(known))
        found.append(mayotte if code == MAYOTTE else float(departments.loc[code, f"population_{year}"]))
    return found


def _means(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    weighted = table.assign(people=table["value"] * table["population"])
    sums = weighted.groupby(keys, as_index=False)[["people", "population"]].sum()
    return sums.assign(value=sums["people"] / sums["population"])


def distribution(table: pd.DataFrame) -> pd.DataFrame:
    """One row per date: number of territories, minimum, deciles, median, maximum (unweighted), mean weighted by population.

    Empty in, empty out.
    """
    _needs(table, 1)
    rows = []
    for date, group in table.groupby("date"):
        values = group["value"]
        row = {"date": date, "n": len(values), "minimum": values.min()}
        row |= {name: values.quantile(share) for name, share in QUANTILES.items()}
        mean = float(np.average(values, weights=group["population"]))
        rows.append({**row, "maximum": values.max(), "mean": mean})
    return pd.DataFrame(rows, columns=["date", "n", "minimum", *QUANTILES, "maximum", "mean"])


def latest(table: pd.DataFrame) -> pd.DataFrame:
    """Last value of each place of a panel, one row per place, in the order of their codes. Empty in, empty out."""
    return table.sort_values(["code", "date"]).groupby("code", as_index=False).last()


def distribution_series(table: pd.DataFrame) -> pd.DataFrame:
    """The distribution as series to draw: date, value, série (minimum, deciles, median)."""
    wide = distribution(table)
    names = [*reversed(QUANTILES), "minimum"]
    return wide.melt(id_vars="date", value_vars=names, var_name="série", value_name="value")


def inequality_over_time(table: pd.DataFrame) -> pd.DataFrame:
    """One row per date: gap between extreme deciles, weighted standard deviation, two Gini indices, people not covered.

    Near the ceiling, the Gini index of the covered share falls while that of the uncovered share may rise: both are given,
    because "more equal" depends on the side one looks from; `corrected` for both bounds is the same from either. Missing
    Gini when nobody is left uncovered. Empty in, empty out. Raises NotComputable for a single territory at some date.
    """
    _needs(table, 2)
    rows = []
    for date, group in table.groupby("date"):
        values, weights = group["value"].to_numpy(), group["population"].to_numpy()
        mean = np.average(values, weights=weights)
        left = 100 - values
        rows.append(
            {
                "date": date,
                "interdecile": float(np.quantile(values, 0.9) - np.quantile(values, 0.1)),
                "deviation": float(np.sqrt(np.average((values - mean) ** 2, weights=weights))),
                "gini_covered": _gini(values),
                "gini_uncovered": _gini(left),
                "corrected": _corrected(values),
                "uncovered": float((weights * left / 100).sum()),
            }
        )
    return pd.DataFrame(
        rows,
        columns=[
            "date",
            "interdecile",
            "deviation",
            "gini_covered",
            "gini_uncovered",
            "corrected",
            "uncovered",
        ],
    )


def _gini(values: np.ndarray) -> float:
    return float(inequality.gini(values)["value"].iloc[0]) if values.sum() > 0 else float("nan")


def _corrected(values: np.ndarray) -> float:
    """Concentration index of shares of 0 to 100 % over the places in their own order, corrected for both bounds (Erreygers)."""
    if len(values) < 3 or values.max() == 0:
        return float("nan")
    found = inequality.bounded_concentration_index(np.sort(values), np.ones(len(values)), bounds=(0, 100))
    return float(found["value"].iloc[0])


def saturation(table: pd.DataFrame, *, threshold: float = SATURATED) -> pd.DataFrame:
    """One row per date: territories at 100 %, at `threshold` or more, and the part of the population that lives there.

    Empty in, empty out.
    """
    rows = []
    for date, group in table.groupby("date"):
        high = group["value"] >= threshold
        part = 100 * group.loc[high, "population"].sum() / group["population"].sum()
        full = int((group["value"] >= 100).sum())
        rows.append(
            {
                "date": date,
                "n": len(group),
                "full": full,
                "saturated": int(high.sum()),
                "population_part": float(part),
            }
        )
    return pd.DataFrame(rows, columns=["date", "n", "full", "saturated", "population_part"])


def catch_up(table: pd.DataFrame, *, groups: int = 4) -> pd.DataFrame:
    """Progress between the first and last dates by group of initial level: gain in points and part of the gap to 100 closed.

    Territories with both dates only, groups of equal number by rank of the first value, unweighted means. The gain in points
    is larger where there was room: the part of the gap closed is what tells catch-up from a ceiling; missing where the
    group was full at the start. No row for a single date: there is nothing to catch up yet. Raises NotComputable for fewer
    territories than groups.
    """
    wide = table.pivot(index="code", columns="date", values="value")
    if wide.shape[1] < 2:
        return pd.DataFrame(columns=["group", "n", "first", "last", "gain", "closed"])
    first, last = wide.iloc[:, 0], wide.iloc[:, -1]
    kept = first.notna() & last.notna()
    first, last = first[kept], last[kept]
    ranks = comparison.quantile_groups(first.to_numpy(), groups, indicator="Couverture initiale")
    frame = pd.DataFrame(
        {"group": ranks["group"].to_numpy(), "first": first.to_numpy(), "last": last.to_numpy()}
    )
    means = frame.groupby("group", as_index=False).agg(
        n=("first", "size"), first=("first", "mean"), last=("last", "mean")
    )
    room = (100 - means["first"]).where(means["first"] < 100)
    gain = means["last"] - means["first"]
    return means.assign(gain=gain, closed=100 * gain / room)


def no_catch_up(table: pd.DataFrame) -> str:
    """Sentence of a report whose dates leave no catch-up to measure; empty when the table is: its absence is told already."""
    return "Une seule date retenue : aucun rattrapage à mesurer." if len(table) else ""


def falls(table: pd.DataFrame) -> pd.DataFrame:
    """Territories whose value is lower than at the date before: name, date, before, value, change. A covered place that is
    no longer covered means a perimeter or a count revised as often as a scheme that closed."""
    ordered = table.sort_values(["code", "date"])
    before = ordered.groupby("code")["value"].shift()
    down = ordered.assign(before=before, change=ordered["value"] - before)
    return down.loc[down["change"] < 0, list(FALLS_FR)].reset_index(drop=True)


def by_region(table: pd.DataFrame) -> pd.DataFrame:
    """Mean of each region weighted by population: one row per region, one column per date ("12/2022")."""
    means = _means(table, ["region_name", "date"])
    wide = means.pivot(index="region_name", columns="date", values="value")
    wide.columns = [f"{date:%m/%Y}" for date in wide.columns]
    return wide.rename_axis("Région").reset_index()


def against_published(table: pd.DataFrame, national: pd.DataFrame) -> pd.DataFrame:
    """Mean of the departments weighted by population against the published national value, at the dates that both have."""
    means = _means(table, ["date"]).rename(columns={"value": "recomputed"})
    published = national[["date", "value"]].rename(columns={"value": "published"})
    joined = means[["date", "recomputed"]].merge(published, on="date")
    return joined.assign(gap=joined["recomputed"] - joined["published"])


def reference_value(table: pd.DataFrame, reference: str) -> float:
    """Value of the last date that serves as reference: weighted mean ("france") or median of the territories ("médiane").

    Missing for an empty table. Raises DataError for another name.
    """
    names = {"france": "mean", "médiane": "médiane"}
    if reference not in names:
        raise DataError(f"Référence « {reference} » inconnue : {' ou '.join(names)}.")
    known = distribution(table)[names[reference]]
    return float(known.iloc[-1]) if len(known) else float("nan")


def in_months(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with its dates as months in words ("mai 2024"): the source dates the month only."""
    return table.assign(date=[french.date(date, "month") for date in table["date"]])


def sentence(table: pd.DataFrame) -> str:
    """French sentence: mean and gap between extreme deciles at both ends, territories without value at some date.

    Empty for an empty table.
    """
    if table.empty:
        return ""
    spread, means = inequality_over_time(table), distribution(table)
    ends = [french.date(means["date"].iloc[row], "month") for row in (0, -1)]
    mean = [french.percent(means["mean"].iloc[row]) for row in (0, -1)]
    gap = [french.number(spread["interdecile"].iloc[row], 0) for row in (0, -1)]
    told = (
        f"De {ends[0]} à {ends[1]}, la moyenne pondérée passe de {mean[0]} à {mean[1]} et l'écart entre les déciles "
        f"extrêmes de {gap[0]} à {gap[1]} points."
    )
    wide = table.pivot(index="name", columns="date", values="value")
    absent = sorted(wide.index[wide.isna().any(axis=1)])
    return told + (f" Sans valeur à l'une des dates : {', '.join(absent)}." if absent else "")


def distribution_caption(table: pd.DataFrame, level: str) -> str:
    """Title of the picture of `distribution_series`: median and first decile at both ends; `level` is one of LEVELS.

    Empty for an empty table.
    """
    if table.empty:
        return ""
    found = distribution(table)
    first, last = found.iloc[0], found.iloc[-1]
    told = []
    for name, who in (
        ("médiane", f"la médiane des {french.pluralised(level)}"),
        ("premier décile", "le premier décile"),
    ):
        start, end = (french.percent(float(row[name]), 0) for row in (first, last))
        told.append(f"{who} passe de {start} à {end}" if len(found) > 1 else f"{who} est à {end}")
    return french.listing(told)


def catch_up_caption(groups: pd.DataFrame) -> str:
    """Title of the picture of `catch_up`: the ends of the group that began the lowest, and of the one that began the highest."""
    if groups.empty:
        return ""
    told = [
        f"{who} passe de {french.percent(float(row['first']))} à {french.percent(float(row['last']))}"
        for who, row in (("le groupe parti du plus bas", groups.iloc[0]), ("du plus haut", groups.iloc[-1]))
    ]
    return ", celui parti ".join(told)


def _needs(table: pd.DataFrame, territories: int) -> None:
    if len(table) and table.groupby("date").size().min() < territories:
        raise NotComputable(f"Il faut au moins {territories} territoire(s) à chaque date.")
