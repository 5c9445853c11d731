"""Figures of many territories at once: communes added up, split ones told together, people without a value counted.

Rules of every indicator: a ratio is a ratio of sums; a missing commune leaves both sums and is told as the share of people it
has; a count with a missing commune has no value, since a part is not the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from helpers import catalog, french
from helpers.methods import results
from helpers.territory import communes, references

LEAST_COVERED = 90.0  # percent of the people of a territory under which its ratio is not told
_TERM = re.compile(r"([+-]?)([^+-]+)")
INDICATORS, SOURCES = "open/diagnosis_indicators", "open/diagnosis_sources"


@lru_cache(maxsize=1)
def indicators() -> pd.DataFrame:
    """The indicators of the diagnosis, one row each: what is divided by what, and the source of both."""
    return catalog.load(INDICATORS, catalog.DEFAULT_FOLDER)


def of_source(*sources: str) -> list[dict[str, Any]]:
    """Rows of `indicators` of these sources; of those that the project holds itself when none is named."""
    table = indicators()
    held = catalog.load(SOURCES, catalog.DEFAULT_FOLDER).query("brought_by == 'ici'")["source"]
    chosen: list[dict[str, Any]] = table[table["source"].isin(sources or held)].to_dict("records")
    return chosen


def columns(item: Mapping[str, Any]) -> list[str]:
    """Columns that an indicator adds and divides."""
    both = [part for part in (item["numerator"], item["denominator"]) if isinstance(part, str)]
    return [name for part in both for _, name in _TERM.findall(part)]


def profiles(territories: Mapping[str, Iterable[str]]) -> pd.DataFrame:
    """Every indicator of each territory (name -> codes of its communes) that the tables of the project give: see `measured`."""
    return measured(of_source(), territories, _known(), wholes=communes.splits())


@lru_cache(maxsize=1)
def _known() -> pd.DataFrame:
    """Figures of each commune and arrondissement."""
    known = communes.units()
    return known[
        [name for name in known if name.startswith(("population_2", "population_iris", "age_", "km2"))]
    ]


def measured(
    items: Sequence[Mapping[str, Any]],
    territories: Mapping[str, Iterable[str]],
    figures: pd.DataFrame,
    *,
    wholes: pd.DataFrame,
    level: str = references.TERRITORY,
    periods: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Indicators of each territory (name -> codes of its communes), long: the columns of `results.long`, then others.

    `items` are rows of `indicators`, `figures` their columns and `population_2023` by commune, `wholes` those of the communes
    that have split, for a territory that holds all the pieces; `periods` gives the years that only a file says. Added columns:
    `code` of the indicator, `theme`, `level`, `covered` (percent of the people of 2023 whose commune has a value) and
    `source`. A value that a missing commune forbids is missing, with the reason in `note`.
    """
    members = pd.DataFrame(
        [(name, code) for name, codes in territories.items() for code in codes], columns=["territory", "code"]
    )
    rows = _figures(members, figures, wholes)
    people = rows["population_2023"].astype("float64").fillna(0.0)
    totals = people.groupby(rows["territory"]).sum()
    return pd.concat(
        [
            _indicator({**item, "period": (periods or {}).get(item["period"], item["period"])}, rows, people, totals, level)
            for item in items
        ],
        ignore_index=True,
    )  # fmt: skip


def compared(keys: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """The same indicators of départements, regions and France, by pairs (level, code): same columns as `profiles`."""
    wanted = list(keys)
    table = references.table().loc[wanted]
    rows = table.reset_index().assign(territory=table["name"].to_numpy())
    found = []
    for item in of_source():
        top, bottom = _added(rows, item["numerator"]), _added(rows, item["denominator"])
        found.append(
            _long(item, rows["territory"], top, bottom, level=rows["level"].to_numpy(), covered=100.0)
        )
    return pd.concat(found, ignore_index=True)


def series(place: pd.DataFrame, name: str, keys: Iterable[tuple[str, str]]) -> pd.DataFrame:
    """Population of a perimeter and of its references by year, with its index (100 in the first year known): long rows.

    Columns: territory, level, year, population, index.
    """
    own = communes.population(place).set_index("period")["value"]
    rows = [(name, references.TERRITORY, year, own[str(year)]) for year in communes.YEARS]
    for level, code in keys:
        figures = references.table().loc[(level, code)]
        rows += [
            (str(figures["name"]), level, year, float(figures[f"population_{year}"]))
            for year in communes.YEARS
        ]
    table = pd.DataFrame(rows, columns=["territory", "level", "year", "population"])
    first = table.groupby("territory")["population"].transform("first")
    return table.assign(index=100 * table["population"] / first)


def by_commune(place: pd.DataFrame) -> pd.DataFrame:
    """Each commune of a perimeter: code, name, population, growth (% a year since 2016), density, share of 65 and over.

    Empty where its figure is unknown.
    """
    figures = {
        column: place[column].astype("float64").to_numpy()
        for column in (
            "population_2016",
            "population_2023",
            "km2",
            "age_65_plus_2021",
            "population_iris_2021",
        )
    }
    # A commune nobody lives in has neither growth nor share.
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = 100 * ((figures["population_2023"] / figures["population_2016"]) ** (1 / 7) - 1)
        older = 100 * figures["age_65_plus_2021"] / figures["population_iris_2021"]
    table = place[["code", "name"]].assign(
        population=place["population_2023"].astype("Int64"), growth=np.where(np.isfinite(growth), growth, np.nan),
        density=figures["population_2023"] / figures["km2"], older=np.where(np.isfinite(older), older, np.nan),
    )  # fmt: skip
    return table.sort_values("population", ascending=False, kind="stable", ignore_index=True)


def _figures(members: pd.DataFrame, figures: pd.DataFrame, wholes: pd.DataFrame) -> pd.DataFrame:
    """Figures of each commune of each territory, groups of split communes that a territory holds whole told as one row."""
    rows = members.join(figures, on="code")
    for group in wholes.to_dict("records"):
        pieces = rows["code"].isin(group["members"])
        counts = rows[pieces].groupby("territory")["code"].nunique()
        whole = counts.index[counts == len(group["members"])]
        if len(whole):
            told = {column: group[column] for column in figures if column in group}
            added = pd.DataFrame({"territory": whole, "code": group["code"]}).assign(**told)
            rows = pd.concat([rows[~(pieces & rows["territory"].isin(whole))], added], ignore_index=True)
    return rows


def _added(rows: pd.DataFrame, terms: object) -> pd.Series[float]:
    """Sum of columns joined by plus or minus signs; missing where one is; missing everywhere when none is named."""
    total = pd.Series(0.0 if isinstance(terms, str) else np.nan, index=rows.index, dtype="float64")
    for sign, name in _TERM.findall(terms) if isinstance(terms, str) else []:
        total = total + rows[name].astype("float64") * (-1 if sign == "-" else 1)
    return total


def _indicator(
    item: Mapping[str, Any],
    rows: pd.DataFrame,
    people: pd.Series[float],
    totals: pd.Series[float],
    level: str,
) -> pd.DataFrame:
    count = item["rule"] == "count"
    top, bottom = _added(rows, item["numerator"]), _added(rows, item["denominator"])
    known = top.notna() if count else top.notna() & bottom.notna()
    by = rows["territory"]
    sums = [part.where(known).groupby(by, sort=False).sum() for part in (top, bottom)]
    inside = people.where(known, 0.0).groupby(by, sort=False).sum()
    total = totals.reindex(inside.index)
    every = known.groupby(by, sort=False).all()
    some = known.groupby(by, sort=False).any()
    covered = np.where(every, 100.0, np.where(total > 0, 100 * inside / total.where(total > 0), 0.0))
    enough = every if count else some & (covered >= LEAST_COVERED)
    if pd.notna(item.get("least")):
        # Few events: neither a rate nor a count to be shown, unless there is none at all.
        enough = enough & ((sums[0] >= item["least"]) | (sums[0] == 0))
    first, second = (part.where(enough) for part in sums)
    return _long(item, pd.Series(inside.index), first, second, level=level, covered=covered)


def _long(
    item: Mapping[str, Any], territories: pd.Series[str], top: pd.Series[float], bottom: pd.Series[float],
    *, level: object, covered: object,
) -> pd.DataFrame:  # fmt: skip
    per = float(str(item["per"]))
    above, below = top.to_numpy(dtype=float), bottom.to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        if item["rule"] == "count":
            values = above * per
        elif item["rule"] == "annual_change":
            first, last = map(int, str(item["period"]).split("-"))
            values = per * ((above / below) ** (1 / (last - first)) - 1)
        else:
            values = per * above / below
    values = np.where(np.isfinite(values), values, np.nan)
    shares = np.broadcast_to(np.asarray(covered, dtype=float), values.shape)
    notes = [_note(value, share, item.get("least")) for value, share in zip(values, shares, strict=True)]
    return results.long(
        indicator=str(item["label_fr"]), territory=territories.to_numpy(dtype=object), period=str(item["period"]),
        statistic="valeur", value=values, numerator=above, denominator=below, unit=str(item["unit"]),
        method="rapport de sommes" if item["rule"] != "count" else "somme", note=np.array(notes, dtype=object),
        code=str(item["indicator"]), theme=str(item["theme"]), level=level, covered=shares, source=str(item["source"]),
    )  # fmt: skip


def _note(value: float, covered: float, least: Any) -> str:
    if np.isnan(value) and covered >= LEAST_COVERED and pd.notna(least):
        return f"non donné : moins de {least}"
    if np.isnan(value):
        return f"non donné : {french.percent(covered, 0)} des habitants couverts"
    return "" if covered >= 100 else f"sur {french.percent(covered)} des habitants"
