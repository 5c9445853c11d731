"""Errors that a hand makes when it copies a table: which cells may take them, and what they would then print."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study

KINDS = ("chiffres_inverses", "chiffre_faux", "ligne_recopiee", "annee_melee", "mauvaise_base", "total_faux")
NAMES = {
    "chiffres_inverses": "deux chiffres inversés",
    "chiffre_faux": "un chiffre faux",
    "ligne_recopiee": "la ligne voisine recopiée",
    "annee_melee": "le montant d'une autre année",
    "mauvaise_base": "un pourcentage sur une autre base",
    "total_faux": "un total qui oublie une ligne",
}
_RATIO = 4
_NUMBER = re.compile(r"\d[\d .,\u00a0\u202f]*\d|\d")
_EARLIER = ("miller2022/aci_funding", "navinel2020/aci_funding")
_DOCTORS = {"mg": "specialistes", "specialistes": "mg"}


@dataclass(frozen=True)
class Slip:
    """One cell that would print something else: its table, key and row (from 0), before, after, and the value then read."""

    table: str
    key: str
    row: int
    kind: str
    before: str
    after: str
    value: float

    def applied(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The table with this slip in it."""
        changed = frame.copy()
        place = changed.index[self.row]
        changed.loc[place, "printed"] = self.after
        changed.loc[place, "value"] = self.value
        return changed


class Sheet:
    """The rows of one table that may take a slip: their cells were not repaired, carry no note and print their value."""

    def __init__(self, name: str, study: Study) -> None:
        frame = study.table(name).reset_index(drop=True)
        self.name = name
        self.rows = [
            {str(column): value for column, value in row.items()} for row in frame.to_dict("records")
        ]
        self.keys = study.package.table(name).key or tuple(frame.columns[:1])
        self.clean = [position for position, row in enumerate(self.rows) if _clean(row)]
        self.special = {
            (kind, position): after
            for position in self.clean
            for kind, after in _others(name, self.rows, self.rows[position], study)
        }

    def slip(self, position: int, kind: str, after: str) -> Slip | None:
        """The slip of a cell, or None when nobody would believe it: same unit, within a factor of four."""
        row, value = self.rows[position], french.first_number(after)
        if value is None or not _plausible(row, after, value):
            return None
        key = ";".join(f"{column}={row[column]}" for column in self.keys)
        return Slip(self.name, key, position, kind, str(row["printed"]), after, value)


def drawn(sheets: Sequence[Sheet], chance: random.Random, kinds: tuple[str, ...] = KINDS) -> Slip | None:
    """A slip of one of these kinds on a cell drawn by `chance`, or None when the draw gives nothing plausible."""
    kind = chance.choice(sorted(kinds))
    special = [(sheet, *place) for sheet in sheets for place in sheet.special if place[0] == kind]
    if special:
        sheet, _, position = chance.choice(special)
        return sheet.slip(position, kind, sheet.special[kind, position])
    sheet = chance.choice([sheet for sheet in sheets if sheet.clean])
    position = chance.choice(sheet.clean)
    after = dict(_copied(sheet.rows, position, chance)).get(kind)
    return None if after is None else sheet.slip(position, kind, after)


def _clean(row: dict[str, Any]) -> bool:
    if any(pd.notna(row.get(column)) for column in ("repair", "note", "scale", "qualifier")):
        return False
    if pd.isna(row["value"]) or pd.isna(row["printed"]):
        return False
    return french.first_number(str(row["printed"])) == float(row["value"]) and float(row["value"]) > 0


def _plausible(row: dict[str, Any], after: str, value: float) -> bool:
    before = float(row["value"])
    return after != row["printed"] and value != before and 1 / _RATIO <= value / before <= _RATIO


def _copied(rows: list[dict[str, Any]], position: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    row = rows[position]
    printed = str(row["printed"])
    digits = _significant(printed)
    pairs = [(a, b) for a, b in itertools.pairwise(digits) if printed[a] != printed[b]]
    if pairs:
        first, second = chance.choice(pairs)
        swapped = list(printed)
        swapped[first], swapped[second] = swapped[second], swapped[first]
        if swapped[digits[0]] != "0":
            yield "chiffres_inverses", "".join(swapped)
    if digits:
        place = chance.choice(digits)
        other = chance.choice([digit for digit in "123456789" if digit != printed[place]])
        yield "chiffre_faux", f"{printed[:place]}{other}{printed[place + 1 :]}"
    if position and _alike(rows[position - 1], row):
        yield "ligne_recopiee", str(rows[position - 1]["printed"])


def _others(
    name: str, rows: list[dict[str, Any]], row: dict[str, Any], study: Study
) -> Iterator[tuple[str, str]]:
    if name == _EARLIER[0]:
        for earlier in study.table(_EARLIER[1]).to_dict("records"):
            if all(earlier[column] == row[column] for column in ("mission", "part", "size")):
                yield "annee_melee", str(earlier["printed"])
    group, part, _ = str(row.get("indicator", "")).partition("_part_60_plus")
    if part and group in _DOCTORS and "cpts" in row:
        counts = {other["indicator"]: float(other["value"]) for other in rows if other["cpts"] == row["cpts"]}
        own, both = counts.get(f"{group}_nombre"), sum(counts.get(f"{one}_nombre", 0) for one in _DOCTORS)
        if own:
            yield "mauvaise_base", _reprinted(str(row["printed"]), float(row["value"]) * own / both)
    total = next((column for column, value in row.items() if value == "total" and column != "part"), None)
    if total:
        same = [other for other in rows if other[total] != "total" and _same_but(other, row, total)]
        for other in same[:1]:
            yield "total_faux", _reprinted(str(row["printed"]), float(row["value"]) - float(other["value"]))


def _same_but(other: dict[str, Any], row: dict[str, Any], column: str) -> bool:
    free = {column, "printed", "value", "line", "note", "repair"}
    return pd.notna(other["value"]) and all(
        other[name] == row[name] or (pd.isna(other[name]) and pd.isna(row[name]))
        for name in row
        if name not in free
    )


def _alike(other: dict[str, Any], row: dict[str, Any]) -> bool:
    units = [one.get("unit") for one in (other, row)]
    same = units[0] == units[1] or all(pd.isna(unit) for unit in units)
    kept = all(other.get(name, "") == row.get(name, "") for name in ("indicator", "definition", "measure"))
    return bool(same) and kept and _clean(other)


def _significant(printed: str) -> list[int]:
    """Places of the digits of the number, the zeros at its end apart."""
    found = _NUMBER.search(printed)
    if found is None:
        return []
    places = [place for place in range(*found.span()) if printed[place].isdigit()]
    while len(places) > 1 and printed[places[-1]] == "0":
        places.pop()
    return places


def _reprinted(printed: str, value: float) -> str:
    """The printed text with another number in it, with as many decimals."""
    found = _NUMBER.search(printed)
    if found is None:
        return printed
    decimals = len(found[0].partition(",")[2])
    number = french.number(round(value, decimals), decimals).replace("\u202f", " ").replace("\u00a0", " ")
    return f"{printed[: found.start()]}{number}{printed[found.end() :]}"
