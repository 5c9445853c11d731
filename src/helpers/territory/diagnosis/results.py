"""Long results of one territory and of what it is compared with, made once for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from helpers import catalog
from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.territory import communes, peers, population, references
from helpers.territory.diagnosis import care, national, official
from helpers.territory.places import Place

REFERENCES = (references.DEPARTMENT, references.REGION, references.FRANCE)


@dataclass(frozen=True)
class Diagnosis:
    """A territory with its results: `rows` long, at every level; `found` says which official files gave something."""

    place: Place
    keys: tuple[tuple[str, str], ...]
    against: tuple[str, str]
    rows: pd.DataFrame
    establishments: pd.DataFrame
    found: frozenset[str]
    threshold: float
    start: int = communes.YEARS[0]
    confidence: float = 0.95

    @property
    def name_fr(self) -> str:
        """Name of the territory."""
        return self.place.name_fr

    @cached_property
    def communes(self) -> pd.DataFrame:
        """Its communes, as `communes.perimeter` gives them."""
        return self.place.communes

    @cached_property
    def peers(self) -> pd.DataFrame:
        """Comparable EPCI, see `peers.near`."""
        return peers.near(self.place.codes)

    def value(self, code: str, key: tuple[str, str] | None = None) -> float:
        """One value of the territory, or of the pair (level, code) `key`; missing when there is none."""
        level, name = (references.TERRITORY, self.name_fr) if key is None else (key[0], named(key))
        row = self.told.get((code, level, name))
        return float("nan") if row is None else float(row["value"])

    @cached_property
    def told(self) -> dict[tuple[str, str, str], dict[str, Any]]:
        """First row of each code, level and territory: a page asks for them one by one."""
        found: dict[tuple[str, str, str], dict[str, Any]] = {}
        for row in self.rows.to_dict("records"):
            found.setdefault((str(row["code"]), str(row["level"]), str(row["territory"])), row)
        return found


def of(
    place: Place,
    study: Study,
    *,
    beside: Mapping[str, pd.DataFrame] | None = None,
    reference: str = references.DEPARTMENT,
    threshold: float = 2.5,
    start: int = communes.YEARS[0],
    confidence: float = 0.95,
) -> Diagnosis:
    """Everything that open data and the official files of `study` say of a territory.

    `beside` holds figures of départements by indicator (code, date, value), such as those of the barometer. Sentences compare
    with `reference`: the département or region where most people live, or France. `threshold` is that of the APL for
    generalists, `start` the first year of changes, `confidence` that of intervals. A territory that is its whole département
    is compared with its region. Raises UnknownName for a reference that is none, or a year without population.
    """
    if reference not in REFERENCES:
        raise UnknownName("Référence", reference, REFERENCES)
    if start not in communes.YEARS[:-1]:
        raise UnknownName("Première année", str(start), map(str, communes.YEARS[:-1]))
    place = replace(place, name_fr=place.name_fr or "Territoire")
    rows = place.communes
    keys = tuple(references.of(rows))
    brought, establishments, found = official.of(place, keys, study, threshold=threshold)
    departments, others = care.beside(keys, beside or {})
    parts = [
        population.profiles({place.name_fr: place.codes}, start=start), population.compared(keys, start=start), brought,
        departments,
    ]  # fmt: skip
    return Diagnosis(
        place, keys, _against(place, keys, reference),
        pd.concat([part for part in parts if len(part)], ignore_index=True), establishments, found | others, threshold,
        start, confidence,
    )  # fmt: skip


def _against(place: Place, keys: tuple[tuple[str, str], ...], reference: str) -> tuple[str, str]:
    """What sentences compare with: the level asked, or the next one for a territory that is all of it."""
    for level in REFERENCES[REFERENCES.index(reference) :]:
        key = next(pair for pair in keys if pair[0] == level)
        if not is_whole(place, key):
            return key
    return keys[-1]


def is_whole(place: Place, key: tuple[str, str]) -> bool:
    """Whether a territory is a whole département or region: it is not compared with itself."""
    return set(place.codes) == set(national.groups()[key[0]][key[1]][1])


def named(key: tuple[str, str]) -> str:
    """Name of a département, a region or France."""
    return _names()[key]


@catalog.remembered
def _names() -> dict[tuple[str, str], str]:
    table = references.table()
    return {(str(level), str(code)): str(name) for (level, code), name in table["name"].items()}


def unknown_people(diagnosis: Diagnosis) -> bool:
    """Whether the territory has no population at all (Mayotte, or communes that only were one)."""
    return bool(communes.population(diagnosis.communes)["value"].isna().all())
