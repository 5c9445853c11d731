"""One row of an indicator, measured: its value and interval, or why there is none, in the words that every report prints.

The only place where the counts of a row become a value; a row that cannot be measured says so and stops nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.methods import basis, disclosure, people, protection, rates

STATISTICS = {"proportion": "proportion", "taux": "rate"}
MASKED_FR = disclosure.MASKED
ABSENT_FR = "valeur non publiée"
NO_INTERVAL_FR = "sans intervalle : numérateur ou dénominateur non donnés"
NO_INTERVAL_BASE_FR = "sans intervalle : dénominateur nul, rien ne se calcule"
NO_INTERVAL_KIND_FR = "sans intervalle : ni proportion ni taux"
PUBLISHED_FR = "intervalle publié (95 %)"
LIMITS_HIDDEN_FR = "sans intervalle : celui de la source rendrait un effectif de personnes (counts_people)"
NOT_COUNTS_FR = "non calculable : numérateur ou dénominateur négatif"
ABOVE_FR = "non calculable : le numérateur dépasse le dénominateur"
REFUSED_FR = "non calculable : le numérateur ou le dénominateur n'est pas un effectif"
_NUMBERS = ("value", "lower", "upper", "numerator", "denominator")


def measure(
    row: Mapping[str, Any], definition: Mapping[str, Any], *, confidence: float = 0.95, masked: bool
) -> dict[str, Any]:
    """Measure of one row of `cpts/indicators` by its line of `cpts/indicator_definitions`; never raises for what a row holds.

    Returns `value`, `lower`, `upper` (in the unit, per `per`), `numerator`, `denominator`, `per`, `method`, `state` ("publié" or
    "masqué") and `refusal` (French: why there is no value or no interval, empty when both are there). Proportions have a Wilson
    interval, rates a Byar one. Counts win over a value typed beside them; a mean is their quotient, a number is its value, else
    its numerator. With `masked`, which a user's package asks for, an indicator that counts people is missing where `hides` says
    so or where the row is marked `hidden` (`protect`), and the true counts stay nowhere in the result: the others are rounded
    (`people.coarse`) before anything is computed, and a value without counts is cut to the digits that are shown. A definition
    marked `census` (True: everybody was counted, once) has no interval: see `basis`. A value without counts has the limits that
    its source publishes, unless they would give a count of people back.
    """
    kind = str(definition["kind"])
    per = rates.base_of(kind, str(definition["unit"]), definition["per"])
    typed, top, base = (_number(row[name]) for name in ("value", "numerator", "denominator"))
    blank = dict.fromkeys(_NUMBERS, float("nan")) | {"per": per, "method": "", "state": disclosure.PUBLISHED}
    if masked and protection.counts_people(definition):
        if row.get("hidden") or hides(row, definition):
            return blank | {"state": disclosure.MASKED, "refusal": MASKED_FR}
        top, base, typed = _coarse(kind, top, base, typed)
    given = blank | {"value": typed, "numerator": top, "denominator": base}
    if top < 0 or base < 0:
        return blank | {"refusal": NOT_COUNTS_FR}
    if kind == "nombre":
        return _told(given | {"value": top if pd.isna(typed) else typed}, NO_INTERVAL_KIND_FR)
    if pd.isna(top) or pd.isna(base):
        limits = {side: _number(row.get(side)) for side in ("lower", "upper")}
        if pd.notna(typed) and not any(map(pd.isna, limits.values())):
            if masked and protection.counts_people(definition):
                return given | {"refusal": LIMITS_HIDDEN_FR}
            return given | limits | {"method": PUBLISHED_FR, "refusal": ""}
        return _told(given, NO_INTERVAL_FR if kind in STATISTICS else NO_INTERVAL_KIND_FR)
    if base == 0:
        # One empty territory does not take the other indicators from the report; a typed value is still the user's.
        return given | {"denominator": float("nan"), "refusal": NO_INTERVAL_BASE_FR}
    if kind not in STATISTICS:
        return given | {"value": top / base, "refusal": NO_INTERVAL_KIND_FR}
    if kind == "proportion" and top > base:
        return blank | {"refusal": ABOVE_FR}
    method = rates.proportion if kind == "proportion" else rates.rate
    try:
        found = method(top, base, per=per, confidence=confidence).iloc[0]
    except NotComputable:
        return blank | {"refusal": REFUSED_FR}
    if definition.get("census") is True:
        return given | {"value": found["value"], "refusal": basis.NOTES_FR[basis.CENSUS]}
    return given | {name: found[name] for name in ("value", "lower", "upper", "method")} | {"refusal": ""}


def defined(definitions: pd.DataFrame, values: pd.DataFrame) -> None:
    """Raise NotComputable when an indicator of `values` has no definition: it could be neither named nor measured.

    Takes `cpts/indicator_definitions` and `cpts/indicators`, in the one sentence that every report prints.
    """
    absent = sorted(set(values["indicator"]) - set(definitions["indicator"]))
    if absent:
        raise NotComputable(
            f"Indicateur « {absent[0]} » sans définition : ajoutez sa ligne au tableau cpts/indicator_definitions."
        )


def hides(row: Mapping[str, Any], definition: Mapping[str, Any]) -> bool:
    """Whether the row alone must be masked: it shows a count of people under 11, or gives one back (`disclosure.tells_few`)."""
    kind, unit = str(definition["kind"]), str(definition["unit"])
    return protection.counts_people(definition) and disclosure.tells_few(
        kind, numerator=row["numerator"], denominator=row["denominator"], value=row["value"],
        per=rates.base_of(kind, unit, definition["per"]),
    )  # fmt: skip


def protect(values: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The rows of `cpts/indicators` of a user's package with a column `hidden`, decided over the whole package."""
    secret = protection.protect(study).indicators
    return values.assign(hidden=[protection.row_key(row) in secret for row in values.to_dict("records")])


def digits(value: float) -> int:
    """Decimals shown for a value: none from 1 000, else one."""
    return 0 if abs(value) >= 1000 else 1


def _coarse(kind: str, top: float, base: float, typed: float) -> tuple[float, float, float]:
    """Counts and value of a row as a page may compute with them."""
    if kind == "moyenne":
        if base == 0:
            return top, base, typed
        # What is added up is no count of people: the mean is kept, to the digits that are shown, without its sum.
        mean = typed if pd.isna(top) or pd.isna(base) or base <= 0 else top / base
        return float("nan"), people.coarse(base), french.rounded(mean, digits(mean))
    if kind == "nombre":
        return people.coarse(top), people.coarse(base), people.coarse(typed)
    return people.coarse(top), people.coarse(base), french.rounded(typed, digits(typed))


def _told(found: dict[str, Any], without_interval: str) -> dict[str, Any]:
    return found | {"refusal": ABSENT_FR if pd.isna(found["value"]) else without_interval}


def _number(cell: Any) -> float:
    return float("nan") if pd.isna(cell) else float(cell)
