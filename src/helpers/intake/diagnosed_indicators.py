"""Indicators of a diagnosis that a coordinator chooses for the follow-up of a CPTS: `cpts diagnose --into DOSSIER`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import DataError, UnknownName, UsageError
from helpers.intake import deposit
from helpers.territory import diagnosis, population, references
from helpers.territory.diagnosis import telling
from helpers.territory.places import Place

PREFIX = "diagnostic_"
_YEAR = re.compile(r"\d{4}")
_KINDS = {"count": "nombre", "ratio_of_sums": "taux"}


def cpts_of(folder: Path, code: str) -> str:
    """Code of the CPTS of a package that receives the indicators: the one asked for, else the only one.

    Raises DataError for a package without a CPTS or, when none is asked for, with several; UnknownName for another code.
    """
    known = Study(folder).table("cpts/cpts", optional=True)
    codes = [] if known.empty else known["cpts"].tolist()
    if code and code not in codes:
        raise UnknownName("CPTS", code, codes)
    if not code and len(codes) != 1:
        what = (
            f"a {len(codes)} CPTS : choisissez par --cpts"
            if codes
            else "n'a pas de CPTS : remplissez cpts/cpts"
        )
        raise DataError(f"Le paquet « {folder} » {what}.")
    return code or str(codes[0])


def into(
    place: Place, folder: Path, cpts: str, indicators: Sequence[str], *, reference: str = references.DEPARTMENT
) -> list[str]:  # fmt: skip
    """Write indicators of a territory as those of a CPTS, with those of the reference as benchmark; one sentence per table.

    Rows are marked by their code (PREFIX) and their source: written again, they replace themselves and nothing else. Raises
    UsageError without an indicator, UnknownName for one that the diagnosis has not, DataError for one without a value here.
    """
    found = diagnosis.of(place, Study(folder), reference=reference)
    own = found.rows[found.rows["level"] == references.TERRITORY].set_index("code")
    if not indicators:
        raise UsageError(f"Choisissez des indicateurs par --indicators, parmi : {', '.join(own.index)}.")
    names = telling.sources_of(found).set_index("source")[["publisher", "title_fr"]].agg(", ".join, axis=1)
    items = population.indicators().set_index("indicator")
    level, code = found.against
    benchmark = level if level == references.FRANCE else f"{level}-{code}"
    beside = found.rows[
        (found.rows["level"] == level) & (found.rows["territory"] == diagnosis.named(found.against))
    ]
    beside = beside.set_index("code")
    definitions, values = [], []
    for name in indicators:
        if name not in own.index:
            raise UnknownName("Indicateur", name, own.index)
        row = own.loc[name]
        if pd.isna(row["value"]):
            raise DataError(f"« {name} » n'a pas de valeur sur ce territoire ({row['note']}) : retirez-le.")
        item = items.loc[name] if name in items.index else None
        definitions.append(_definition(row, name, item, benchmark, names[row["source"]]))
        values += [
            _value(told, name, territory, names[row["source"]])
            for territory, told in (
                (cpts, row),
                *((benchmark, line) for _, line in beside[beside.index == name].iterrows()),
            )
            if pd.notna(told["value"])
        ]
    tables = {"cpts/indicator_definitions": definitions, "cpts/indicators": values}
    return deposit.deposit({name: pd.DataFrame(rows) for name, rows in tables.items()}, folder, replace=True)


def _definition(
    row: pd.Series[Any], name: str, item: pd.Series[Any] | None, benchmark: str, source: str
) -> dict[str, Any]:
    unit = str(row["unit"])
    kind = (
        "proportion" if unit == "%" else _KINDS.get(str(item["rule"]) if item is not None else "", "moyenne")
    )
    return {
        "indicator": PREFIX + name, "label_fr": row["indicator"],
        "definition_fr": str(row["method"]) if item is None else str(item["definition_fr"]),
        "kind": "nombre" if unit == "établissements" else kind, "unit": unit,
        "per": None if item is None or kind in ("nombre", "moyenne") else float(item["per"]), "direction": "neutre",
        "benchmark": benchmark, "source": f"{source} (cpts diagnose)", "counts_people": False,
    }  # fmt: skip


def _value(row: pd.Series[Any], name: str, territory: str, source: str) -> dict[str, Any]:
    # A day of extraction stands for its year: a later file of the same year takes its place.
    years = _YEAR.findall(str(row["period"]))
    covered = float(row["covered"])
    return {
        "indicator": PREFIX + name, "territory": territory, "value": round(float(row["value"]), 4),
        "period_start": pd.Timestamp(f"{years[0]}-01-01"), "period_end": pd.Timestamp(f"{years[-1]}-12-31"),
        "source": f"{source} (cpts diagnose)",
        "note": "" if covered >= 100 else f"{french.percent(covered, 0)} des habitants couverts",
    }  # fmt: skip
