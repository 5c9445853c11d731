"""Indicators of one CPTS: definitions, values with their interval, small counts masked.

A value without numerator and denominator is shown without interval, and says so. What it is compared with is in `benchmark`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from helpers import catalog
from helpers.errors import NotComputable
from helpers.methods import disclosure, rates
from helpers.monograph import published, register

STATISTICS = {"proportion": "proportion", "taux": "rate"}
MASKED_FR = "masqué (moins de 11 personnes, ou protège un tel effectif)"
NO_INTERVAL_FR = "sans intervalle : numérateur ou dénominateur non donnés"
NO_INTERVAL_BASE_FR = "sans intervalle : dénominateur nul, rien ne se calcule"
NO_INTERVAL_KIND_FR = "sans intervalle : ni proportion ni taux"


def load(cpts: str, package: catalog.Package | str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Definitions and values of the indicators of one CPTS and of their benchmarks, from the user or from the documents.

    Raises UnknownName when the package does not have the CPTS.
    """
    row = register.chosen(cpts, package)
    code = str(row["cpts"])
    if row["origin"] not in register.USERS:
        return published.indicators(code, package)
    definitions = catalog.load("cpts/indicator_definitions", package, optional=True)
    values = catalog.load("cpts/indicators", package, optional=True)
    mine = values[values["territory"] == code]["indicator"].unique()
    kept = definitions[definitions["indicator"].isin(mine)]
    territories = [code, *kept["benchmark"].dropna()]
    return kept.reset_index(drop=True), values[
        values["indicator"].isin(mine) & values["territory"].isin(territories)
    ].reset_index(drop=True)


def measures(
    definitions: pd.DataFrame, values: pd.DataFrame, *, confidence: float = 0.95, masked: bool = False
) -> pd.DataFrame:
    """Each value with its interval: one row per indicator, territory and period, in order of period.

    Takes the tables of `load`. Returns the columns of `values` plus `label_fr`, `unit`, `kind`, `per`, `value` (in `unit`),
    `lower`, `upper`, `method`, `state` ("publié" or "masqué") and `refusal` (why there is no interval). With `masked`, small
    counts and what would give them back are missing (`disclosure.tells_few`); the true counts stay nowhere in the result. Raises
    NotComputable for counts that cannot be (numerator above the denominator).
    """
    about = definitions.set_index("indicator")
    order = {code: rank for rank, code in enumerate(definitions["indicator"])}
    rows = [
        _measured(value, about.loc[value["indicator"]], confidence, masked)
        | {"order": order[value["indicator"]]}
        for value in values.to_dict("records")
        if value["indicator"] in order
    ]
    table = pd.DataFrame(rows)
    if table.empty:
        return table
    # The CPTS comes before its benchmark, as in the table: the territories keep their order of appearance.
    first = {code: rank for rank, code in enumerate(values["territory"].drop_duplicates())}
    table = table.assign(rank=table["territory"].map(first)).sort_values(
        ["order", "rank", "period_end"], kind="stable"
    )
    return table.drop(columns=["order", "rank"]).reset_index(drop=True)


def _measured(
    value: Mapping[str, Any], about: pd.Series[Any], confidence: float, masked: bool
) -> dict[str, Any]:
    unit = str(about["unit"])
    per = rates.base_of(str(about["kind"]), unit, about["per"])
    row = dict(value) | {
        "label_fr": about["label_fr"],
        "unit": unit,
        "kind": about["kind"],
        "per": per,
    }
    row |= {
        "lower": float("nan"),
        "upper": float("nan"),
        "method": "",
        "state": disclosure.PUBLISHED,
        "refusal": "",
    }
    top, base = value["numerator"], value["denominator"]
    few = disclosure.tells_few(
        str(about["kind"]), unit, numerator=top, denominator=base, value=value["value"], per=per
    )
    if masked and few:
        blank = {
            "numerator": float("nan"),
            "value": float("nan"),
            "state": disclosure.MASKED,
            "refusal": MASKED_FR,
        }
        # The denominator may be the small count, or the total that would give it back.
        return row | blank | {"denominator": float("nan")}
    if about["kind"] not in STATISTICS:
        return row | {"refusal": NO_INTERVAL_KIND_FR}
    if pd.isna(top) or pd.isna(base):
        return row | {"refusal": NO_INTERVAL_FR}
    if float(base) == 0:
        # One empty territory does not take the other indicators from the report.
        return row | {"denominator": float("nan"), "refusal": NO_INTERVAL_BASE_FR}
    method = rates.proportion if about["kind"] == "proportion" else rates.rate
    found = method(
        float(top),
        float(base),
        per=per,
        confidence=confidence,
        indicator=str(about["label_fr"]),
        territory=str(value["territory"]),
    ).iloc[0]
    return row | {name: found[name] for name in ("value", "lower", "upper", "method")}


def check(definitions: pd.DataFrame, values: pd.DataFrame) -> None:
    """Raise NotComputable when an indicator that a CPTS gives has no definition: it could be neither named nor compared."""
    absent = sorted(set(values["indicator"]) - set(definitions["indicator"]))
    if absent:
        raise NotComputable(
            f"Indicateur « {absent[0]} » sans définition : ajoutez sa ligne au tableau cpts/indicator_definitions."
        )
