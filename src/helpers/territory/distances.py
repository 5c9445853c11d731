"""How far people live from a structure: in a straight line, from their commune to the nearest one that has it.

A structure counts for its commune, as in the « commune équipée » of INSEE: who lives in that commune is at 0 km. No road is
known here, and no coordinate of an establishment is used: overseas and badly placed ones count like the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from helpers import catalog
from helpers.methods.results import long
from helpers.territory import access, communes, population

_EARTH = 6371.0088  # mean radius in km


def nearest(establishments: pd.DataFrame) -> pd.DataFrame:
    """Kilometres from each commune of the country, by code, to the nearest one that has a service: one column per service.

    `establishments` (`category`, `commune`) must hold those of the whole country: the nearest is often over the boundary. A
    service (`numerator` of an indicator, categories joined by "+") of which the country has none has no column.
    """
    from scipy.spatial import cKDTree

    rows = access.in_todays_communes(establishments)
    cities = communes.units()["commune"]
    points = _points()
    placed = points.notna().all(axis=1).to_numpy()
    found: dict[str, NDArray[np.float64]] = {}
    for services in population.distances()["numerator"].unique():
        having = set(rows.loc[rows["category"].isin(str(services).split("+")), "commune"].dropna())
        # A whole city has what its arrondissements have.
        having |= set(cities.reindex(sorted(having)).dropna())
        places = points.reindex(sorted(having)).dropna()
        if len(places):
            chord, _ = cKDTree(places.to_numpy()).query(points.to_numpy()[placed])
            away = np.full(len(points), np.nan)
            away[placed] = 2 * _EARTH * np.arcsin(np.clip(chord / 2, 0, 1))
            found[str(services)] = away
    return pd.DataFrame(found, index=points.index)


def measured(
    away: pd.DataFrame, territories: Mapping[str, tuple[str, tuple[str, ...]]], *, level: str, period: str
) -> pd.DataFrame:  # fmt: skip
    """Long rows of the distances of each territory (code -> name, communes), by the rows of `open/diagnosis_indicators`.

    `away` is what `nearest` gives. Two rules: the distance under which half of the people live, in km, and the share of people
    beyond the kilometres of the denominator. A service of which the country has none is unknown, and has no row.
    """
    if not territories:
        return pd.DataFrame()
    names = [name for name, _ in territories.values()]
    codes = [code for _, members in territories.values() for code in members]
    ends = np.cumsum([len(members) for _, members in territories.values()])[:-1]
    people = np.split(
        communes.units()["population_2023"].reindex(codes).to_numpy("float64", na_value=np.nan), ends
    )
    kilometres = away.reindex(codes)
    parts = [pd.DataFrame()]
    for services, rules in population.distances().groupby("numerator", sort=False):
        if services not in kilometres:
            continue
        items = rules.to_dict("records")
        far = np.split(kilometres[services].to_numpy(), ends)
        told = [_of(items, *pair) for pair in zip(people, far, strict=True)]
        parts.append(_long(items, names, [row for rows in told for row in rows], level=level, period=period))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _of(
    items: Sequence[Mapping[str, Any]], people: NDArray[np.float64], away: NDArray[np.float64]
) -> list[tuple[float, float, float, float]]:
    """Value, numerator, denominator and percent of people covered of each indicator of one service in one territory."""
    known = ~(np.isnan(people) | np.isnan(away))
    order = np.argsort(away[known], kind="stable")
    people, away, everybody = people[known][order], away[known][order], float(np.nansum(people))
    total = float(people.sum())
    covered = 100.0 if known.all() else 100 * total / everybody if everybody > 0 else 0.0
    if not total > 0 or covered < population.LEAST_COVERED:
        return [(float("nan"), float("nan"), float("nan"), covered)] * len(items)
    told = []
    for item in items:
        if item["rule"] == "beyond":
            far = float(people[away > float(item["denominator"])].sum())
            told.append((float(item["per"]) * far / total, far, total, covered))
        else:
            middle = int(np.searchsorted(np.cumsum(people), total / 2))
            told.append((float(away[middle]), float("nan"), total, covered))
    return told


def _long(
    items: Sequence[Mapping[str, Any]], names: Sequence[str], told: Sequence[tuple[float, float, float, float]], *, level: str,
    period: str,
) -> pd.DataFrame:  # fmt: skip
    values, above, below, covered = zip(*told, strict=True)
    return long(
        indicator=[item["label_fr"] for item in items] * len(names),
        territory=np.repeat(np.array(names, dtype=object), len(items)), period=period, statistic="valeur", value=list(values),
        numerator=list(above), denominator=list(below), unit=[item["unit"] for item in items] * len(names),
        method="distance à vol d'oiseau à la commune équipée", code=[item["indicator"] for item in items] * len(names),
        theme=[item["theme"] for item in items] * len(names), level=level, covered=list(covered), source="finess",
        note=[population.note(value, share) for value, share in zip(values, covered, strict=True)],
    )  # fmt: skip


@catalog.remembered
def _points() -> pd.DataFrame:
    """The middle of each commune on a sphere of radius one."""
    table = catalog.load("open/geography", catalog.DEFAULT_FOLDER).set_index("code")
    east, north = (np.radians(table[name].astype("float64").to_numpy()) for name in ("longitude", "latitude"))
    return pd.DataFrame(
        {"x": np.cos(north) * np.cos(east), "y": np.cos(north) * np.sin(east), "z": np.sin(north)},
        index=table.index,
    )
