"""Long results of one territory and of what it is compared with, made once for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from helpers.catalog import Study
from helpers.errors import UnknownName
from helpers.territory import communes, peers, population, references
from helpers.territory.diagnosis import care, official
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
) -> Diagnosis:
    """Everything that open data and the official files of `study` say of a territory.

    `beside` holds figures of départements by indicator (code, date, value), such as those of the barometer. Sentences compare
    with `reference`: the département or region where most people live, or France. `threshold` is that of the APL for
    generalists. Raises UnknownName for a reference that is none.
    """
    if reference not in REFERENCES:
        raise UnknownName("Référence", reference, REFERENCES)
    place = Place(place.codes, place.name_fr or "Territoire", place.remarks)
    rows = place.communes
    keys = tuple(references.of(rows))
    brought, establishments, found = official.of(place, keys, study, threshold=threshold)
    departments, others = care.beside(keys, beside or {})
    parts = [
        population.profiles({place.name_fr: place.codes}), population.compared(keys), brought, departments,
    ]  # fmt: skip
    return Diagnosis(
        place, keys, next(key for key in keys if key[0] == reference),
        pd.concat([part for part in parts if len(part)], ignore_index=True), establishments, found | others, threshold,
    )  # fmt: skip


def named(key: tuple[str, str]) -> str:
    """Name of a département, a region or France."""
    return str(references.table().loc[key, "name"])


def unknown_people(diagnosis: Diagnosis) -> bool:
    """Whether the territory has no population at all (Mayotte, or communes that only were one)."""
    return bool(communes.population(diagnosis.communes)["value"].isna().all())
