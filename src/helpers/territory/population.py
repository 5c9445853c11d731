"""Figures of many territories at once: communes added up, split ones told together, people without a value counted.

Rules of every indicator: a ratio is a ratio of sums; a missing commune leaves both sums and is told as the share of people it
has; a count with a missing commune has no value, since a part is not the whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import catalog, french
from helpers.methods import results
from helpers.territory import communes, references

DISTANCES = ("median_distance", "beyond")  # rules of `distances.measured`
LEAST_COVERED = 90.0  # percent of the people of a territory under which its ratio is not told
_TERM = re.compile(r"([+-]?)([^+-]+)")
INDICATORS, SOURCES = "open/diagnosis_indicators", "open/diagnosis_sources"


@catalog.remembered
def indicators() -> pd.DataFrame:
    """The indicators of the diagnosis, one row each: what is divided by what, and the source of both."""
    return catalog.load(INDICATORS, catalog.DEFAULT_FOLDER)


def of_source(*sources: str) -> list[dict[str, Any]]:
    """Rows of `indicators` of these sources; of those that the project holds itself when none is named."""
    items, held = _items()
    return [item for item in items if item["source"] in (sources or held)]


@catalog.remembered
def _items() -> tuple[list[dict[str, Any]], frozenset[str]]:
    """Rows of `indicators`, and the sources that the project holds itself."""
    sources = catalog.load(SOURCES, catalog.DEFAULT_FOLDER)
    items: list[dict[str, Any]] = indicators().to_dict("records")
    return items, frozenset(sources.loc[sources["brought_by"] == "ici", "source"])


def distances() -> pd.DataFrame:
    """The indicators that are distances to a structure."""
    table = indicators()
    return table[table["rule"].isin(DISTANCES)]


def columns(item: Mapping[str, Any]) -> list[str]:
    """Columns that an indicator adds and divides."""
    both = [part for part in (item["numerator"], item["denominator"]) if isinstance(part, str)]
    return [name for part in both for _, name in _TERM.findall(part)]


def profiles(
    territories: Mapping[str, Iterable[str]], *, start: int = communes.YEARS[0], only: Collection[str] = ()
) -> pd.DataFrame:
    """Every indicator of each territory (name -> codes of its communes) that the tables of the project give: see `measured`.

    Changes are told since `start`; `only` names the indicators wanted (empty: all).
    """
    items = [item for item in _since(start) if not only or item["indicator"] in only]
    return measured(items, territories, _known(), wholes=communes.splits())


def _since(start: int) -> list[dict[str, Any]]:
    """Indicators that the project holds, those of change from the year `start` on."""
    last = communes.YEARS[-1]
    return [
        item | {"denominator": f"population_{start}", "period": f"{start}-{last}"}
        if item["rule"] == "annual_change"
        else item
        for item in of_source()
    ]


@catalog.remembered
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
    numbers = rows[list(figures)].astype("float64")
    by, names = pd.factorize(rows["territory"])
    dated = ({**item, "period": (periods or {}).get(item["period"], item["period"])} for item in items)
    return _together([_indicator(item, numbers, by, names, level) for item in dated])


def compared(keys: Iterable[tuple[str, str]], *, start: int = communes.YEARS[0]) -> pd.DataFrame:
    """The same indicators of départements, regions and France, by pairs (level, code): same columns as `profiles`."""
    wanted = list(keys)
    table = references.table().loc[wanted]
    levels, names = (
        table.index.get_level_values("level").to_numpy(dtype=object),
        table["name"].to_numpy(dtype=object),
    )
    return _together(
        [
            _columns(
                item, names, *(_added(table, item[side]) for side in ("numerator", "denominator")),
                level=levels, covered=np.full(len(names), 100.0),
            )
            for item in _since(start)
        ]
    )  # fmt: skip


def series(
    place: pd.DataFrame, name: str, keys: Iterable[tuple[str, str]], *, start: int = communes.YEARS[0]
) -> pd.DataFrame:
    """Population of a perimeter and of its references by year, with its index (100 in the year `start`): long rows.

    Columns: territory, level, year, population, index.
    """
    own = communes.population(place).set_index("period")["value"]
    years = [year for year in communes.YEARS if year >= start]
    rows = [(name, references.TERRITORY, year, own[str(year)]) for year in years]
    for level, code in keys:
        figures = references.table().loc[(level, code)]
        rows += [(str(figures["name"]), level, year, float(figures[f"population_{year}"])) for year in years]
    table = pd.DataFrame(rows, columns=["territory", "level", "year", "population"])
    first = table.groupby("territory")["population"].transform("first")
    return table.assign(index=100 * table["population"] / first)


def by_commune(place: pd.DataFrame, *, start: int = communes.YEARS[0]) -> pd.DataFrame:
    """Each commune of a perimeter: code, name, population, growth (% a year since `start`), density, share of 65 and over.

    Empty where its figure is unknown.
    """
    figures = {
        column: place[column].astype("float64").to_numpy()
        for column in (
            f"population_{start}",
            "population_2023",
            "km2",
            "age_65_plus_2021",
            "population_iris_2021",
        )
    }
    # A commune nobody lives in has neither growth nor share.
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = figures["population_2023"] / figures[f"population_{start}"]
        growth = 100 * (ratio ** (1 / (communes.YEARS[-1] - start)) - 1)
        older = 100 * figures["age_65_plus_2021"] / figures["population_iris_2021"]
    table = place[["code", "name"]].assign(
        population=place["population_2023"].astype("Int64"), growth=np.where(np.isfinite(growth), growth, np.nan),
        density=figures["population_2023"] / figures["km2"], older=np.where(np.isfinite(older), older, np.nan),
    )  # fmt: skip
    return table.sort_values("population", ascending=False, kind="stable", ignore_index=True)


def _figures(members: pd.DataFrame, figures: pd.DataFrame, wholes: pd.DataFrame) -> pd.DataFrame:
    """Figures of each commune of each territory, groups of split communes that a territory holds whole told as one row."""
    rows = members.join(figures, on="code")
    present = set(rows["code"])
    for group in wholes.to_dict("records"):
        if not group["members"] <= present:
            continue
        pieces = rows["code"].isin(group["members"])
        counts = rows[pieces].groupby("territory")["code"].nunique()
        whole = counts.index[counts == len(group["members"])]
        if len(whole):
            told = {column: group[column] for column in figures if column in group}
            added = pd.DataFrame({"territory": whole, "code": group["code"]}).assign(**told)
            rows = pd.concat([rows[~(pieces & rows["territory"].isin(whole))], added], ignore_index=True)
    return rows


def _added(rows: pd.DataFrame, terms: object) -> NDArray[np.float64]:
    """Sum of columns joined by plus or minus signs; missing where one is; missing everywhere when none is named."""
    total = np.full(len(rows), 0.0 if isinstance(terms, str) else np.nan)
    for sign, name in _TERM.findall(terms) if isinstance(terms, str) else []:
        total = total + rows[name].to_numpy("float64", na_value=np.nan) * (-1 if sign == "-" else 1)
    return total


def _indicator(
    item: Mapping[str, Any], numbers: pd.DataFrame, by: NDArray[np.intp], names: pd.Index[str], level: str
) -> dict[str, NDArray[Any]]:
    """One indicator of each territory: `by` gives the rank, in `names`, of the territory of each row of `numbers`."""
    count = item["rule"] == "count"
    top, bottom = (_added(numbers, item[side]) for side in ("numerator", "denominator"))
    known = ~np.isnan(top) if count else ~(np.isnan(top) | np.isnan(bottom))
    people = np.nan_to_num(numbers["population_2023"].to_numpy())

    def summed(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(by, weights=np.where(known, values, 0.0), minlength=len(names)).astype(np.float64)

    sums = [summed(top), summed(bottom)]
    total = np.bincount(by, weights=people, minlength=len(names))
    having = summed(np.ones(len(by)))
    every = having == np.bincount(by, minlength=len(names))
    with np.errstate(divide="ignore", invalid="ignore"):
        covered = np.where(every, 100.0, np.where(total > 0, 100 * summed(people) / total, 0.0))
    enough = every if count else (having > 0) & (covered >= LEAST_COVERED)
    if pd.notna(item.get("least")):
        # Few events: neither a rate nor a count to be shown, unless there is none at all.
        enough = enough & ((sums[0] >= item["least"]) | (sums[0] == 0))
    first, second = (np.where(enough, part, np.nan) for part in sums)
    levels = np.full(len(names), level, dtype=object)
    return _columns(item, np.asarray(names, dtype=object), first, second, level=levels, covered=covered)


def _columns(
    item: Mapping[str, Any], territories: NDArray[Any], above: NDArray[np.float64], below: NDArray[np.float64], *,
    level: NDArray[Any], covered: NDArray[np.float64],
) -> dict[str, NDArray[Any]]:  # fmt: skip
    """Columns of the long rows of one indicator."""
    per = float(item["per"])
    with np.errstate(divide="ignore", invalid="ignore"):
        if item["rule"] == "count":
            values = above * per
        elif item["rule"] == "annual_change":
            first, last = map(int, str(item["period"]).split("-"))
            values = per * ((above / below) ** (1 / (last - first)) - 1)
        else:
            values = per * above / below
    values = np.where(np.isfinite(values), values, np.nan)
    notes = [note(value, share, item.get("least")) for value, share in zip(values, covered, strict=True)]
    said = {
        "indicator": item["label_fr"], "period": item["period"], "statistic": "valeur", "unit": item["unit"],
        "method": "somme" if item["rule"] == "count" else "rapport de sommes", "code": item["indicator"],
        "theme": item["theme"], "source": item["source"],
    }  # fmt: skip
    same = {name: np.full(len(values), str(text), dtype=object) for name, text in said.items()}
    return same | {
        "territory": territories, "value": values, "numerator": above, "denominator": below, "level": level,
        "covered": covered, "note": np.array(notes, dtype=object),
    }  # fmt: skip


def _together(parts: Sequence[Mapping[str, NDArray[Any]]]) -> pd.DataFrame:
    """Long rows of several indicators, made at once."""
    return results.long(**{name: np.concatenate([part[name] for part in parts]) for name in parts[0]})


def note(value: float, covered: float, least: Any = None) -> str:
    """Why a value is not given, or of which part of the people it is; empty for a value of all of them."""
    if np.isnan(value) and covered >= LEAST_COVERED and pd.notna(least):
        return f"non donné : moins de {least}"
    if np.isnan(value):
        return f"non donné : {french.percent(covered, 0)} des habitants couverts"
    return "" if covered >= 100 else f"sur {french.percent(covered)} des habitants"
