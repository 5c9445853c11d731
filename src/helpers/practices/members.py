"""Members and staff of the sixteen CPTS: membership rate with its bounds, funnel, employees, coordinators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.documents.quantities import ends, in_a_cell
from helpers.methods import comparison
from helpers.practices import DOCUMENT, interviewed, number

RATE_HEADS_FR = {
    "cpts": "CPTS",
    "members": "Adhérents (numérateur)",
    "professionals": "Professionnels du territoire (dénominateur)",
    "rate": "Adhérents pour 100 professionnels",
    "own": "dont adhérents professionnels de santé",
    "own_rate": "Professionnels adhérents (%)",
    "line": "Ligne",
}
STAFF_HEADS_FR = {
    "cpts": "CPTS",
    "salaried": "Salariés décrits",
    "coordinators": "Coordination : métier d'origine",
    "others": "Autres fonctions",
    "time": "Temps imprimé",
    "line": "Ligne",
}
_OWN = ("adherents_professionnels", "adherents_liberaux")
LEVELS = (0.95, 0.998)


def rates(study: Study) -> pd.DataFrame:
    """Members per 100 professionals of the territory, one row per CPTS: exact where both numbers are, bounds elsewhere.

    Columns of RATE_HEADS_FR, then the long ones: `numerator`, `denominator`, `lower`, `upper` (of the rate) and `exact`. Members
    also are establishments: the rate is no proportion, except where professional members are printed apart.
    """
    table = study.table(f"{DOCUMENT}/interviewed_members")
    cells: dict[tuple[str, str], dict[str, Any]] = {
        (str(row["cpts"]), str(row["measure"])): {str(key): value for key, value in row.items()}
        for row in table.to_dict("records")
    }
    rows = []
    for cpts in interviewed(study):
        members, base = (cells.get((cpts, name), {}) for name in ("adherents", "professionnels"))
        own: Mapping[str, Any] = next((cells[cpts, name] for name in _OWN if (cpts, name) in cells), {})
        low, high = _ratio(ends(members), ends(base))
        own_low, own_high = _ratio(ends(own), ends(base))
        rows.append(
            {
                "cpts": number(cpts),
                "members": in_a_cell(members) or "non imprimé",
                "professionals": in_a_cell(base) or "non imprimé",
                "rate": _said(low, high),
                "own": in_a_cell(own) or "—",
                "own_rate": _said(own_low, own_high),
                "line": str(members.get("line", "—")),
                "numerator": ends(members)[0],
                "denominator": ends(base)[0],
                "lower": low,
                "upper": high,
                "exact": low == high and {members.get("qualifier"), base.get("qualifier")} == {"exact"},
            }
        )
    return pd.DataFrame(rows).sort_values(
        ["exact", "lower"], ascending=[False, False], kind="stable", ignore_index=True
    )


def for_readers(study: Study) -> pd.DataFrame:
    """The columns of `rates` that a reader sees, RATE_HEADS_FR."""
    return rates(study)[list(RATE_HEADS_FR)]


def funnel(study: Study) -> tuple[pd.DataFrame, float]:
    """Rates of the CPTS where both numbers are exact, with the limits that chance would leave around the whole, and the whole.

    Limits of a proportion (Spiegelhalter 2005): they describe what the size of a territory alone can do, not a sample.
    """
    exact = rates(study)
    exact = exact[exact["exact"]].copy()
    whole = french.rounded(100 * float(exact["numerator"].sum()) / float(exact["denominator"].sum()), 1)
    limits = comparison.funnel_limits("proportion", whole, exact["denominator"], per=100, confidence=LEVELS)
    for name, level in zip(("inner", "outer"), LEVELS, strict=True):
        at = limits[limits["confidence"].round(4) == level]
        exact[f"{name}_low"], exact[f"{name}_high"] = at["lower"].to_numpy(), at["upper"].to_numpy()
    exact["name"] = exact["cpts"].map("CPTS{}".format)
    exact["value"] = exact["lower"]
    return exact, whole


def funnel_caption(points: pd.DataFrame) -> str:
    """Title of the funnel that says what it shows, from the points of `funnel`."""
    outside = int(((points["value"] < points["outer_low"]) | (points["value"] > points["outer_high"])).sum())
    return f"Adhésion : {outside} CPTS sur {len(points)} s'écartent de l'ensemble plus que leur taille ne l'explique"


def sentence(study: Study) -> str:
    """Lowest, median and highest rate where both numbers are exact, and how many CPTS give only bounds or nothing."""
    table = rates(study)
    exact = table[table["exact"]]
    first, last = exact.iloc[0], exact.iloc[-1]
    bounded = int((~table["exact"] & table["lower"].notna()).sum())
    return (
        f"De {french.number(float(last['lower']), 1)} adhérents pour 100 professionnels (CPTS{last['cpts']}, "
        f"{last['members']} sur {last['professionals']}) à {french.number(float(first['lower']), 1)} (CPTS{first['cpts']}, "
        f"{first['members']} sur {first['professionals']}), médiane {french.number(float(exact['lower'].median()), 1)}, dans les "
        f"{len(exact)} CPTS qui impriment les deux nombres ; {bounded} n'en donnent que des bornes, "
        f"{len(table) - len(exact) - bounded} aucun des deux ou un seul."
    )


def staff(study: Study) -> pd.DataFrame:
    """Staff described by each CPTS, one row each: employees, coordinators by profession, other functions, printed time."""
    table = study.table(f"{DOCUMENT}/staff")
    name = f"{DOCUMENT}/staff"
    functions, profiles, times = (
        labels.codes(name, column) for column in ("function", "profile", "working_time")
    )
    rows = []
    for cpts in interviewed(study):
        own = table[table["cpts"] == cpts]
        leading = own[own["function"] == "coordination"]
        others = own[own["function"] != "coordination"]
        known = own.dropna(subset=["working_time"])
        rows.append(
            {
                "cpts": number(cpts),
                "salaried": french.number(int(own["salaried"].sum())) if len(own) else "non dit",
                "coordinators": french.listing(leading["profile"].map(profiles)) or "—",
                "others": french.listing(others["function"].map(functions)) or "—",
                "time": " ; ".join(
                    f"{functions[row.function]} : {times[row.working_time]}" for row in known.itertuples()
                )
                or "non imprimé",
                "line": ", ".join(map(str, own["line"].drop_duplicates())) or "—",
            }
        )
    return pd.DataFrame(rows)


def staff_sentence(study: Study) -> str:
    """How many CPTS describe staff, how many persons are employed, and where coordinators come from."""
    table = study.table(f"{DOCUMENT}/staff")
    leading = table[table["function"] == "coordination"]
    told = leading[leading["profile"] != "non_decrit"]
    health = told["profile"].isin(
        ("kinesitherapeute_cadre_de_sante", "kinesitherapeute", "infirmiere", "ergotherapeute")
    )
    return (
        f"{table['cpts'].nunique()} CPTS sur {len(interviewed(study))} décrivent {len(table)} personnes, dont "
        f"{int(table['salaried'].sum())} salariées ; sur {len(told)} personnes qui coordonnent et dont le métier est dit, "
        f"{int(health.sum())} sont des soignantes."
    )


def _ratio(top: tuple[float, float], bottom: tuple[float, float]) -> tuple[float, float]:
    if any(pd.isna(end) for end in (*top, *bottom)):
        return float("nan"), float("nan")
    return 100 * top[0] / bottom[1], 100 * top[1] / bottom[0]


def _said(low: float, high: float) -> str:
    if pd.isna(low):
        return "—"
    if high == float("inf"):
        return f"> {french.number(low, 1)}"
    if low == high:
        return french.number(low, 1)
    return f"{french.number(low, 1)} à {french.number(high, 1)}"
