"""The people that a user's package counts, and which of its numbers no page shows: decided once for every report."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.methods import people, rates
from helpers.methods.people import Cell

# Numbers that a fact may write in letters at its beginning; "un" and "une" are articles as often.
_WORDS = ("deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix")
_DIGITS = re.compile(r"(?<![\d,.])\d{1,3}(?:[ .\u00a0\u202f]\d{3})+(?![\d])|(?<![\d,.])\d+(?:,\d+)?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{4}|\d{1,2}\s*h\s*\d{0,2}\b")
NOTE_FR = "masqué : de 1 à 10 personnes, ou ce qui les rendrait ; effectifs de personnes arrondis à 5 près avant calcul"
PROMISE_FR = (
    "Ce paquet est celui d'un utilisateur. Sont masqués, sauf si leur définition dit qu'ils ne comptent personne "
    "(counts_people) : les effectifs de 1 à 10, le reste d'une base, et ce qui rendrait un tel effectif par un total, une base "
    "commune, une période ou un territoire plus grand, ou la population imprimée. Les effectifs des indicateurs, des "
    "informations chiffrées et du journal sont arrondis à 5 près, et les parts, intervalles et téléchargements sont calculés sur "
    "ces arrondis ; une part donnée sans effectif l'est à une décimale. Ne sont pas protégés : une personne de plus ou de moins "
    "entre deux versions de la page, quand elle change un arrondi ; ce que disent des phrases ; des indicateurs qui se recoupent "
    "sans que base, période, unité ou somme le montre ; ce qu'un lecteur sait par ailleurs. La population et les adhérents "
    "(à partir de 11) sont donnés tels quels."
)


@dataclass(frozen=True)
class Protected:
    """Keys of what stays hidden: rows of `cpts/indicators`, facts, actions (own count) and CPTS (members)."""

    indicators: frozenset[tuple[Any, ...]]
    facts: frozenset[tuple[Any, ...]]
    actions: frozenset[tuple[Any, ...]]
    members: frozenset[tuple[Any, ...]]


def counts_people(row: Mapping[str, Any]) -> bool:
    """Whether an indicator or a fact counts people: it does, unless its column `counts_people` says no."""
    said = row.get("counts_people")
    return said is None or pd.isna(said) or bool(said)


def protect(study: Study) -> Protected:
    """What the pages of a user's package hide, over all its CPTS, periods and tables together: see `people.hidden`.

    Raises DataError as `catalog.load` does. An indicator without definition is left out: its report refuses it.
    """
    tables = {
        name: study.table(f"cpts/{name}", optional=True)
        for name in ("cpts", "indicator_definitions", "indicators", "facts", "actions")
    }
    return protected(**tables)


def protected(
    cpts: pd.DataFrame,
    indicator_definitions: pd.DataFrame,
    indicators: pd.DataFrame,
    facts: pd.DataFrame,
    actions: pd.DataFrame,
) -> Protected:
    """The same from the five tables of a package."""
    population = dict(zip(cpts["cpts"], map(_number, cpts["population"]), strict=True))
    listed: list[tuple[str, tuple[Any, ...], Cell]] = []
    listed += [("indicators", *row) for row in _indicators(indicators, indicator_definitions, population)]
    listed += [("facts", *row) for row in _facts(facts, population)]
    listed += [("actions", *row) for row in _actions(actions)]
    listed += [("members", *row) for row in _members(cpts)]
    found: dict[str, set[tuple[Any, ...]]] = {
        name: set() for name in ("indicators", "facts", "actions", "members")
    }
    for (table, key, _), secret in zip(listed, people.hidden([cell for *_, cell in listed]), strict=True):
        if secret:
            found[table].add(key)
    found["facts"] |= {_fact_key(row) for row in _records(facts) if counts_people(row) and _few(row)}
    return Protected(**{name: frozenset(keys) for name, keys in found.items()})


def row_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Key of a row of `cpts/indicators` in `Protected.indicators`."""
    return row["indicator"], row["territory"], str(row["period_start"]), str(row["period_end"])


def _indicators(
    values: pd.DataFrame, definitions: pd.DataFrame, population: Mapping[str, float]
) -> Iterator[tuple[tuple[Any, ...], Cell]]:
    about = {row["indicator"]: row for row in _records(definitions)}
    for row in _records(values):
        definition = about.get(row["indicator"])
        if definition is None or not counts_people(definition):
            continue
        kind, unit = str(definition["kind"]), str(definition["unit"])
        yield row_key(row), Cell(
            str(row["indicator"]), str(row["territory"]), row["period_start"], row["period_end"], unit, kind,
            _number(row["numerator"]), _number(row["denominator"]), _number(row["value"]),
            rates.base_of(kind, unit, definition["per"]), population.get(row["territory"], math.nan),
        )  # fmt: skip


def _facts(facts: pd.DataFrame, population: Mapping[str, float]) -> Iterator[tuple[tuple[Any, ...], Cell]]:
    for row in _records(facts):
        if not counts_people(row) or pd.isna(row["value"]):
            continue
        value, unit = french.parse_number(str(row["value"])), "" if pd.isna(row["unit"]) else str(row["unit"])
        if value is None:
            continue
        day, share = row["date"], unit.startswith("%")
        number = (math.nan, math.nan, float(value))
        yield _fact_key(row), Cell(
            f"fait {row['chapter']} {row['item']}", str(row["cpts"]), day, day, unit, "proportion" if share else "nombre",
            *number, 100 if share else 1, population.get(row["cpts"], math.nan), fact=True,
        )  # fmt: skip


def _actions(actions: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], Cell]]:
    for row in _records(actions):
        if pd.isna(row["own_count"]):
            continue
        unit = "" if pd.isna(row["own_unit"]) else str(row["own_unit"])
        yield (row["action"],), Cell(
            f"action {row['action']}", str(row["cpts"]), row["date_start"], row["date_end"], unit, "nombre",
            math.nan, math.nan, float(row["own_count"]), 1, fact=True,
        )  # fmt: skip


def _members(cpts: pd.DataFrame) -> Iterator[tuple[tuple[Any, ...], Cell]]:
    for row in _records(cpts):
        if pd.isna(row["members"]):
            continue
        day = row["members_date"]
        yield (row["cpts"],), Cell(
            "adhérents", str(row["cpts"]), day, day, "adhérents", "nombre", math.nan, math.nan, float(row["members"]), 1,
            fact=True,
        )  # fmt: skip


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table. Most packages have no fact and no action, and pandas takes a millisecond to say so."""
    return table.to_dict("records") if len(table) else []


def _fact_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["cpts"], row["chapter"], row["item"]


def _few(row: Mapping[str, Any]) -> bool:
    """Whether the words of a fact hold a number under the threshold: "4 patients", "deux patients"; days and hours are none."""
    if pd.isna(row["value"]):
        return False
    said = _DAY.sub(" ", str(row["value"]))
    first = said.split(maxsplit=1)[0].lower() if said.split() else ""
    share = not pd.isna(row["unit"]) and str(row["unit"]).startswith("%")
    found = (french.parse_number(number) for number in _DIGITS.findall(said))
    return first in _WORDS or (not share and any(n is not None and people.small(n) for n in found))


def coarse_text(value: str, unit: str) -> str:
    """A number of people written in a text cell, rounded as the others are; a share, a year or any other text as it is."""
    number = french.parse_number(value)
    if number is None or unit.startswith("%") or number % 1 or 1900 <= number <= 2100:
        return value
    return french.number(people.coarse(number))


def _number(cell: Any) -> float:
    return math.nan if pd.isna(cell) else float(cell)
