"""Care structures counted by territory at regular dates: what opens from one to the next, for the inhabitants.

A stock (structures open at a date) is no count of independent events: successive values carry most of the same structures.
Its net openings are what a method may judge.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers import catalog, french
from helpers.errors import NotComputable
from helpers.methods import results, trends
from helpers.territory.communes import YEARS

MAYOTTE = "976"
FEWEST = 6
TREND_FR = {
    "territory": "Région",
    "value": "Ouvertures nettes par an (pour 100 000 hab.)",
    "lower": "Borne basse",
    "upper": "Borne haute",
    "numerator": "Structures à la dernière date",
    "note": "Note",
}


def years(dates: pd.Series[pd.Timestamp]) -> np.ndarray:
    """Dates as decimal years, by month: June 2017 is 2017.42."""
    return np.asarray(dates.dt.year + (dates.dt.month - 1) / 12, dtype=float)


def populations(codes: list[str], when: np.ndarray) -> pd.DataFrame:
    """Population of departments at decimal years, one row per department and one column per moment.

    Legal populations are those of 1 January; between two of them the line is straight, after the last it is level.
    """
    table = catalog.load("open/departments", catalog.DEFAULT_FOLDER).set_index("code").loc[codes]
    columns = [f"population_{year}" for year in YEARS]
    known = [float(year) for year in YEARS]
    rows = [np.interp(when, known, table.loc[code, columns].to_numpy(dtype=float)) for code in codes]
    return pd.DataFrame(rows, index=codes, columns=when)


def panel(values: pd.DataFrame) -> pd.DataFrame:
    """Structures and population by region and date, from rows `code, date, value` of departments.

    Mayotte has no yearly population and is left out. A date where a department of the region is missing is left out for that
    region. Empty in, empty out. Columns: territory, date, count, population.
    """
    departments = catalog.load("open/departments", catalog.DEFAULT_FOLDER).set_index("code")
    kept = values[values["code"] != MAYOTTE]
    if kept.empty:
        return pd.DataFrame({"territory": [], "date": [], "count": [], "population": []})
    codes = sorted(kept["code"].unique())
    moments = pd.Series(sorted(kept["date"].unique()))
    people = populations(codes, years(moments))
    people.columns = moments
    long = people.stack().rename("population").rename_axis(["code", "date"]).reset_index()
    joined = long.merge(kept[["code", "date", "value"]], on=["code", "date"], how="left")
    joined["territory"] = joined["code"].map(departments["region_name"])
    sums = joined.groupby(["territory", "date"], as_index=False).agg(
        count=("value", lambda column: column.sum(skipna=False)), population=("population", "sum")
    )
    return sums.dropna(subset=["count"]).reset_index(drop=True)


def density(table: pd.DataFrame, *, per: float = 100_000) -> pd.DataFrame:
    """Structures for `per` inhabitants at each date of a panel: adds the column `value`."""
    return table.assign(value=per * table["count"] / table["population"])


def openings_note(confidence: float) -> str:
    """What the bars of `openings_by_territory` are, and what it leaves out."""
    return (
        f"trait : intervalle à {french.percent(100 * confidence, 0)} (Student, élargi pour la dépendance des dates) ; "
        "Mayotte sans population annuelle : laissée de côté"
    )


def openings_by_territory(table: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Net openings a year for 100,000 inhabitants, one row of long results per territory.

    Takes `territory`, `date`, `count` (structures open) and `population`. Mean of the openings between successive dates over
    the mean population, with an interval of Student widened for the dependence that so few dates may hide. `numerator` and
    `denominator` are those of the last date. Empty in, empty out. Raises NotComputable for fewer than six dates or a
    territory without any structure, naming it.
    """
    level = float(results.levels_of(confidence)[0])
    if table.empty:
        return pd.DataFrame(columns=list(results.LONG_COLUMNS))
    rows = []
    for territory, group in table.groupby("territory", sort=True):
        if len(group) < FEWEST:
            raise NotComputable(f"{territory} : {len(group)} dates, il en faut au moins {FEWEST}.")
        if group["count"].sum() <= 0:
            raise NotComputable(f"{territory} : aucune structure, le rythme des ouvertures n'est pas défini.")
        when, people = years(group["date"]), group["population"].to_numpy(dtype=float)
        pace = 100_000 * np.diff(group["count"].to_numpy(dtype=float)) / np.diff(when) / people.mean()
        wider, rho = trends.widening(np.ones((len(pace), 1)), pace - pace.mean())
        half = float(wider[0]) * stats.t.ppf(0.5 + level / 2, len(pace) - 1) * stats.sem(pace)
        rows.append(
            results.long(
                indicator="Structures par habitant", territory=str(territory), period=f"{int(when[0])}-{int(when[-1])}",
                statistic="ouvertures nettes", value=float(pace.mean()), lower=float(pace.mean() - half),
                upper=float(pace.mean() + half), numerator=float(group["count"].iloc[-1]), denominator=float(people[-1]),
                method="moyenne des ouvertures nettes, Student", confidence=level, unit="pour 100 000 habitants et par an",
                note=f"autocorrélation supposée {french.number(rho, 2)}",
            )
        )  # fmt: skip
    return pd.concat(rows, ignore_index=True)


def national(series: str) -> pd.DataFrame:
    """One national series of `open/national` with its rank: date, value, rank (0, 1, 2 … in half-years or years)."""
    table = catalog.load("open/national", catalog.DEFAULT_FOLDER)
    kept = table[table["series"] == series].sort_values("date", ignore_index=True)
    if kept.empty:
        raise NotComputable(f"Aucune série nationale « {series} ».")
    return kept.assign(rank=range(len(kept)))


def openings(series: pd.DataFrame) -> pd.DataFrame:
    """Net openings between two successive dates of a national series: its rows from the second on, with the column `plus`."""
    return series.assign(plus=series["value"].diff()).dropna(subset=["plus"])


def openings_sentence(flow: pd.DataFrame, chart: pd.DataFrame) -> str:
    """Net openings per half-year: least, most, mean, and whether any leaves the limits of the control chart `chart`."""
    values, outside = flow["plus"], _outside(chart)
    said = (
        "aucun semestre ne sort des limites de la carte de contrôle : rien ne montre que le rythme ait changé"
        if outside == 0
        else f"{french.plural(outside, 'semestre')} hors des limites de la carte de contrôle"
    )
    return (
        f"De {in_words(f'{flow.date.iloc[0]:%Y-%m}')} à {in_words(f'{flow.date.iloc[-1]:%Y-%m}')}, les maisons de santé gagnent "
        f"de {french.number(float(values.min()))} à {french.number(float(values.max()))} structures nettes par semestre "
        f"({french.number(float(values.mean()), 0)} en moyenne) ; {said}."
    )


def openings_caption(chart: pd.DataFrame) -> str:
    """Title of the control chart of the openings: how many half-years leave its limits."""
    outside = _outside(chart)
    said = french.plural(outside, "semestre") if outside else "aucun semestre"
    return f"Ouvertures nettes de maisons de santé : {said} hors des limites"


def _outside(chart: pd.DataFrame) -> int:
    return int(((chart["value"] < chart["lower"]) | (chart["value"] > chart["upper"])).sum())


def two_scales(series: pd.DataFrame) -> pd.DataFrame:
    """The same stock on both scales, first half of its dates then second: `half`, `openings` a period, `percent` of the stock.

    `percent` is the mean growth per period (geometric). A stock that gains as many each time slows down on that scale alone.
    Raises NotComputable for fewer than six dates.
    """
    if len(series) < FEWEST:
        raise NotComputable(f"{french.plural(len(series), 'date')}, il en faut au moins {FEWEST}.")
    values, middle = series["value"].to_numpy(dtype=float), (len(series) - 1) // 2
    rows = [
        {
            "half": half,
            "openings": (values[last] - values[first]) / (last - first),
            "percent": 100 * ((values[last] / values[first]) ** (1 / (last - first)) - 1),
        }
        for half, first, last in (("première moitié", 0, middle), ("seconde moitié", middle, len(series) - 1))
    ]
    return pd.DataFrame(rows)


def two_scales_sentence(series: pd.DataFrame) -> str:
    """What each scale says of the same stock, and which one a flow answers to."""
    first, second = two_scales(series).to_dict("records")
    pace = [french.number(row["openings"], 0) for row in (first, second)]
    share = [french.number(row["percent"], 1) for row in (first, second)]
    moved = (
        "restent"
        if pace[0] == pace[1]
        else "montent"
        if second["openings"] > first["openings"]
        else "baissent"
    )
    way = [moved, "monte" if second["percent"] > first["percent"] else "baisse"]
    return (
        "Deux échelles, deux lectures du même stock : de la première à la seconde moitié des dates, les ouvertures nettes "
        f"{way[0]} de {pace[0]} à {pace[1]} par semestre, et leur part du stock {way[1]} de {share[0]} à {share[1]} %. Une "
        "part du stock baisse d'elle-même quand on en ouvre autant chaque fois : le test porte sur les ouvertures."
    )


def covered_sentence() -> str:
    """First and last national part of the population that lives in the territory of a CPTS, as the barometer publishes it."""
    table = national("cpts_couverture")
    first, last = table.iloc[0], table.iloc[-1]
    return (
        f"La part de la population qui habite un territoire de CPTS passe de {french.percent(float(first['value']))} en "
        f"{in_words(f'{first.date:%Y-%m}')} à {french.percent(float(last['value']))} en {in_words(f'{last.date:%Y-%m}')}, "
        "selon le seul baromètre : près du plafond, elle ne dit plus grand-chose."
    )


def rank(series: pd.DataFrame, month: str) -> int:
    """Rank of a month ("2020-06") in a national series. Raises NotComputable, naming the months, when it is not there."""
    months = series["date"].dt.strftime("%Y-%m")
    if month not in set(months):
        raise NotComputable(f"« {month} » n'est pas une date de la série : {', '.join(months)}.")
    return int(series.loc[months == month, "rank"].iloc[0])


def control_limits(chart: pd.DataFrame) -> tuple[float, float]:
    """Lower and upper limit of a control chart, in the unit of its values."""
    return float(chart["lower"].iloc[-1]), float(chart["upper"].iloc[-1])


def in_words(month: str) -> str:
    """A month written "2020-06" as readers see it: "juin 2020"."""
    return french.date(pd.Timestamp(f"{month}-01").date(), "month")
