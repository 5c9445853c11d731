"""Indicators of one CPTS: definitions, values with their interval, small counts masked.

A value without numerator and denominator is shown without interval, and says so. What it is compared with is in `benchmark`.
"""

from __future__ import annotations

import pandas as pd

from helpers.catalog import Study
from helpers.methods import measured
from helpers.monograph import published, register


def load(cpts: str, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Definitions and values of the indicators of one CPTS and of their benchmarks, from the user or from the documents.

    Those of the user have a column `hidden`: see `measured.protect`. Raises UnknownName when the package does not have the CPTS.
    """
    row = register.chosen(cpts, study)
    code = str(row["cpts"])
    if row["origin"] not in register.USERS:
        return published.indicators(code, study)
    definitions = study.table("cpts/indicator_definitions", optional=True)
    values = study.table("cpts/indicators", optional=True)
    mine = values[values["territory"] == code]["indicator"].unique()
    kept = definitions[definitions["indicator"].isin(mine)]
    territories = [code, *kept["benchmark"].dropna()]
    chosen = values[values["indicator"].isin(mine) & values["territory"].isin(territories)]
    return kept.reset_index(drop=True), measured.protect(chosen.reset_index(drop=True), study)


def measures(
    definitions: pd.DataFrame, values: pd.DataFrame, *, confidence: float = 0.95, masked: bool = False
) -> pd.DataFrame:
    """Each value with its interval: one row per indicator, territory and period, in order of period.

    Takes the tables of `load`. Returns the columns of `values` plus `label_fr`, `unit`, `kind`, `per`, `value` (in `unit`),
    `lower`, `upper`, `method`, `state` and `refusal`: see `measured.measure`, which knows `masked` as well.
    """
    about = definitions.set_index("indicator")
    order = {code: rank for rank, code in enumerate(definitions["indicator"])}
    rows = [
        value
        | {name: about.loc[value["indicator"], name] for name in ("label_fr", "unit", "kind", "mission")}
        | {"census": bool(about["census"].get(value["indicator"]) is True) if "census" in about else False}
        | measured.measure(
            value, about.loc[value["indicator"]].to_dict(), confidence=confidence, masked=masked
        )
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
