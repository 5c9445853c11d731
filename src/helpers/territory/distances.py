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


def measured(
    establishments: pd.DataFrame, territories: Mapping[str, tuple[str, tuple[str, ...]]], *, level: str, period: str
) -> pd.DataFrame:  # fmt: skip
    """Long rows of the distances of each territory (code -> name, communes), by the rows of `open/diagnosis_indicators`.

    `establishments` (`category`, `commune`) must hold those of the whole country: the nearest is often over the boundary. Two
    rules: the distance under which half of the people live, in km, and the share of people beyond the kilometres of the
    denominator. A service of which the country has none is unknown, and has no row.
    """
    if not territories:
        return pd.DataFrame()
    people = pd.DataFrame(
        [(name, code) for name, codes in territories.values() for code in codes],
        columns=["territory", "code"],
    )
    people["population"] = (
        communes.units()["population_2023"].astype("float64").reindex(people["code"]).to_numpy()
    )
    parts = [pd.DataFrame()]
    for services, rules in population.distances().groupby("numerator", sort=False):
        away = _away(establishments, str(services).split("+"), people["code"])
        if away is None:
            continue
        for name, rows in people.assign(away=away).groupby("territory", sort=False):
            told = [_of(item, rows) for item in rules.to_dict("records")]
            parts.append(_long(rules.to_dict("records"), str(name), told, level=level, period=period))
    return pd.concat([part for part in parts if len(part)] or parts, ignore_index=True)


def _of(item: Mapping[str, Any], rows: pd.DataFrame) -> tuple[float, float, float, float]:
    """Value, numerator, denominator and percent of people covered of one indicator of one territory."""
    total = float(rows["population"].sum())
    known = rows.dropna(subset=["away", "population"]).sort_values("away")
    people = float(known["population"].sum())
    covered = 100.0 if len(known) == len(rows) else 100 * people / total if total > 0 else 0.0
    if not people > 0 or covered < population.LEAST_COVERED:
        return float("nan"), float("nan"), float("nan"), covered
    if item["rule"] == "beyond":
        far = float(known.loc[known["away"] > float(item["denominator"]), "population"].sum())
        return float(item["per"]) * far / people, far, people, covered
    middle = int(np.searchsorted(known["population"].cumsum().to_numpy(), people / 2))
    return float(known["away"].iloc[middle]), float("nan"), people, covered


def _long(
    items: Sequence[Mapping[str, Any]], name: str, told: Sequence[tuple[float, float, float, float]], *, level: str, period: str
) -> pd.DataFrame:  # fmt: skip
    values, above, below, covered = zip(*told, strict=True)
    return long(
        indicator=[item["label_fr"] for item in items], territory=name, period=period, statistic="valeur", value=list(values),
        numerator=list(above), denominator=list(below), unit=[item["unit"] for item in items],
        method="distance à vol d'oiseau à la commune équipée", code=[item["indicator"] for item in items],
        theme=[item["theme"] for item in items], level=level, covered=list(covered), source="finess",
        note=[population.note(value, share) for value, share in zip(values, covered, strict=True)],
    )  # fmt: skip


def _away(
    establishments: pd.DataFrame, services: Sequence[str], codes: pd.Series[str]
) -> NDArray[np.float64] | None:
    """Kilometres from each commune to the nearest one that has one of the services; None when the country has none."""
    from scipy.spatial import cKDTree

    rows = access.in_todays_communes(establishments[establishments["category"].isin(services)])
    units = communes.units()
    having = set(rows["commune"].dropna())
    # A whole city has what its arrondissements have.
    having |= set(units["commune"].reindex(sorted(having)).dropna())
    places = _points().reindex(sorted(having)).dropna()
    if places.empty:
        return None
    own = _points().reindex(codes).to_numpy()
    away = np.full(len(own), np.nan)
    placed = ~np.isnan(own).any(axis=1)
    chord, _ = cKDTree(places.to_numpy()).query(own[placed])
    away[placed] = 2 * _EARTH * np.arcsin(np.clip(chord / 2, 0, 1))
    return away


@catalog.remembered
def _points() -> pd.DataFrame:
    """The middle of each commune on a sphere of radius one."""
    table = catalog.load("open/geography", catalog.DEFAULT_FOLDER).set_index("code")
    east, north = (np.radians(table[name].astype("float64").to_numpy()) for name in ("longitude", "latitude"))
    return pd.DataFrame(
        {"x": np.cos(north) * np.cos(east), "y": np.cos(north) * np.sin(east), "z": np.sin(north)},
        index=table.index,
    )
