"""What the indicators of a package did over time: one line per series, by the method that its points allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.errors import NotComputable
from helpers.methods import comparison, measured, polarity, protection, trends
from helpers.monograph import benchmark, indicators, register
from helpers.page import display
from helpers.page.display import Shown

COLUMNS = (
    "indicator",
    "territory",
    "first",
    "last",
    "points",
    "move",
    "lower",
    "upper",
    "unit",
    "method",
    "verdict",
)
HEADS_FR = {
    "label": "Indicateur", "territory": "Territoire", "span": "Périodes", "move": "Évolution", "method": "Méthode",
    "verdict": "Ce que l'on peut dire",
}  # fmt: skip
LONG_ENOUGH = 5
NOT_JUDGED = ("", polarity.UNKNOWN)


def of_package(study: Study) -> pd.DataFrame:
    """Evolution of every indicator of a user's package: one row per indicator and territory with two periods or more.

    Five periods with their counts: the five-point rule; five without counts: the slope of the published values; fewer, with
    counts: the last period against the first. Anything else has its reason in `verdict`. The small counts are masked as on every
    page (`measured.protect`). Returns COLUMNS and `label`; empty for the project's own data. Raises NotComputable for an
    indicator without definition.
    """
    if not register.is_users(study):
        return pd.DataFrame(columns=[*COLUMNS, "label"])
    definitions = study.table("cpts/indicator_definitions", optional=True)
    values = study.table("cpts/indicators", optional=True)
    if values.empty:
        return pd.DataFrame(columns=[*COLUMNS, "label"])
    measured.defined(definitions, values)
    table = indicators.measures(definitions, measured.protect(values, study), masked=True)
    about = definitions.set_index("indicator")
    rows = []
    for (code, place), series in table.groupby(["indicator", "territory"], sort=False):
        points = series.dropna(subset=["value", "period_end"]).sort_values("period_end").to_dict("records")
        if len(points) < 2:
            continue
        way = benchmark.POLARITIES[str(about.loc[code, "direction"])]
        rows.append(
            {
                "indicator": code, "territory": place, "first": points[0]["period_end"], "last": points[-1]["period_end"],
                "points": len(points), "label": about.loc[code, "label_fr"],
            }
            | _judged(points, way)
        )  # fmt: skip
    return pd.DataFrame(rows, columns=[*COLUMNS, "label"])


def _judged(points: Sequence[Mapping[str, Any]], way: str) -> dict[str, Any]:
    """Move, its interval, method and verdict of one series."""
    kind = measured.STATISTICS.get(str(points[0]["kind"]))
    counted = kind is not None and all(
        pd.notna(row["numerator"]) and pd.notna(row["denominator"]) and row["denominator"] > 0
        for row in points
    )
    years = [row["period_end"].year + (row["period_end"].month - 12) / 12 for row in points]
    per = float(points[0]["per"])
    numbers = [[row[name] for row in points] for name in ("numerator", "denominator", "value")]
    try:
        if counted and len(points) < LONG_ENOUGH:
            sides = [(points[place]["numerator"], points[place]["denominator"]) for place in (0, -1)]
            row = comparison.difference(str(kind), *sides, polarity=way, per=per).iloc[0]
        elif counted:
            row = trends.recent_trend(years, *numbers[:2], kind=str(kind), polarity=way, per=per).iloc[0]
        else:
            # A yearly total and a level are judged alike: neither keeps what it had, as a stock does.
            row = trends.published_trend(
                years,
                numbers[2],
                polarity=way,
                unit="points" if points[0]["unit"] == "%" else str(points[0]["unit"]),
            ).iloc[0]
    except NotComputable as refusal:
        nothing = dict.fromkeys(("move", "lower", "upper"), float("nan"))
        return nothing | {"unit": "", "method": "—", "verdict": f"non calculable : {refusal}"}
    note = f" : {row['note']}" if row["verdict"] == polarity.UNKNOWN else ""
    return {
        "move": row["value"], "lower": row["lower"], "upper": row["upper"], "unit": row["unit"], "method": row["method"],
        "verdict": f"{row['verdict']}{note}",
    }  # fmt: skip


def sentence(found: pd.DataFrame) -> str:
    """How many series moved more than chance, which way, and how many chance alone would give; empty without a series."""
    judged = found[~found["verdict"].str.startswith(polarity.UNKNOWN)] if len(found) else found
    if judged.empty:
        return ""
    moved = judged[~judged["verdict"].str.startswith("pas d'évolution")]
    counts = moved["verdict"].value_counts(sort=False)
    told = french.listing(f"{number} {word}" for word, number in counts.items()) or "aucune"
    # The five-point rule alarms at 0.2 %, the others at 5 %: the larger risk is told.
    return (
        f"Votre paquet : {french.plural(len(judged), 'série jugée', 'séries jugées')} sur {len(found)} ; qui bougent plus que le "
        f"hasard : {told}. {comparison.false_alarms_sentence(len(judged))}"
    )


def shown(found: pd.DataFrame) -> Shown:
    """Table of the evolutions for readers; nothing without a series."""
    if found.empty:
        return display.Silent()
    table = found.assign(
        territory=[benchmark.territory_name(str(place)) for place in found["territory"]],
        span=[
            f"{first:%Y} à {last:%Y} ({points})"
            for first, last, points in found[["first", "last", "points"]].to_numpy()
        ],
        move=[_move(row) for row in found.to_dict("records")],
    )
    return display.table(
        table[list(HEADS_FR)], "Vos indicateurs : évolution et ce que l'on peut en dire", heads=HEADS_FR, open_rows=8,
        name="evolutions_du_paquet", source="votre paquet, cpts/indicators",
        note="entre crochets l'intervalle (99,8 % pour la règle des cinq points, 95 % sinon) ; sans cause dite ; "
        f"{protection.NOTE_FR}",
    )  # fmt: skip


def _move(row: Mapping[str, Any]) -> str:
    if pd.isna(row["move"]):
        return "—"
    low, high = (french.number(float(row[side]), 2) for side in ("lower", "upper"))
    return f"{french.signed(float(row['move']), 2)} {row['unit']} [{low} ; {high}]"
