"""Indicators that the documents publish for a CPTS and its region, in the shape of a user's cpts/indicators."""

from __future__ import annotations

import math

import pandas as pd

from helpers.catalog import Study, labels
from helpers.monograph import miller

REGION = "ile_de_france"
REGION_FR = "Île-de-France"
DEFINITION_COLUMNS = (
    "indicator", "label_fr", "definition_fr", "kind", "unit", "per", "direction", "mission", "benchmark", "contested_fr",
    "source", "census",
)  # fmt: skip
VALUE_COLUMNS = (
    "indicator", "territory", "period_start", "period_end", "numerator", "denominator", "value", "source", "note",
)  # fmt: skip
# Shares of a counted population that the same table gives: the count can be found again from the printed share.
_COUNTED = {"mg_part_60_plus": "mg_nombre", "specialistes_part_60_plus": "specialistes_nombre"}
# Professionals for so many inhabitants, from two printed numbers.
_DENSITIES = {
    "mg_densite": ("mg_nombre", "Densité de généralistes libéraux"),
    "specialistes_densite": ("specialistes_nombre", "Densité de spécialistes libéraux"),
}
_PER_INHABITANTS = 10_000.0
# Missions of the agreement that an indicator of the documents follows; the others describe the territory.
_MISSIONS = {
    "part_sans_medecin_traitant": "acces_aux_soins",
    "passages_urgences": "acces_aux_soins",
    "vaccination_grippe": "prevention",
}
_SHARES = (
    "part_80_plus",
    "part_moins_17",
    "taux_chomage",
    "part_sans_medecin_traitant",
    "part_ald",
    "vaccination_grippe",
)


def indicators(cpts: str, study: Study) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Definitions and values of the indicators printed for one letter of the Miller thesis and for its region.

    Columns are those of the user's tables; numerator and denominator are filled where the thesis prints both, or where only one
    whole count gives the printed share (`counted_share`). Both tables are empty for a CPTS without printed indicator.
    """
    context = study.table(f"{miller.DOCUMENT}/context_indicators").set_index("indicator")
    cells = pd.concat(
        [study.table(f"{miller.DOCUMENT}/{name}") for name in ("territories", "supply_epidemiology")]
    )
    cells = cells[cells["cpts"].isin([cpts, REGION])].set_index(["cpts", "indicator"])
    definitions: list[dict[str, object]] = []
    values: list[dict[str, object]] = []
    if cpts not in cells.index.get_level_values("cpts"):
        return pd.DataFrame(columns=list(DEFINITION_COLUMNS)), pd.DataFrame(columns=list(VALUE_COLUMNS))
    for code in (*_SHARES, *_COUNTED, "passages_urgences", "mg_file_active"):
        about = context.loc[code]
        definitions.append(_definition(code, about))
        for territory in (cpts, REGION):
            cell = cells.loc[(territory, code)]
            base = _COUNTED.get(code)
            size = cells.loc[(territory, base), "value"] if base else float("nan")
            values.append(_value(code, territory, cell, str(about["period"]), float(size)))
    for code, (counted, label) in _DENSITIES.items():
        definitions.append(
            {
                "indicator": code,
                "label_fr": label,
                "kind": "taux",
                "unit": "pour 10 000 habitants",
                "per": _PER_INHABITANTS,
            }
            | {
                "definition_fr": "effectif imprimé rapporté à la population imprimée ; calcul de l'observatoire"
            }
            | {"direction": "neutre", "benchmark": REGION, "census": True}
        )
        for territory in (cpts, REGION):
            cell, people = cells.loc[(territory, counted)], cells.loc[(territory, "population")]
            row = _value(code, territory, cell, str(context.loc[counted, "period"]), float("nan"))
            row |= {"numerator": cell["value"], "denominator": people["value"], "value": float("nan")}
            row["source"] = f"Miller 2022, l. {cell['line']} et {people['line']}"
            row["note"] = (
                f"effectif de {context.loc[counted, 'period']}, population de {context.loc['population', 'period']}"
            )
            values.append(row)
    if cpts == "A":
        _screening(definitions, values, study)
    return pd.DataFrame(definitions, columns=list(DEFINITION_COLUMNS)), pd.DataFrame(
        values, columns=list(VALUE_COLUMNS)
    )


def counted_share(percent: float, size: float) -> float:
    """The only whole count whose share of `size` is printed as `percent`, to one decimal; missing when none or several is.

    A share printed to the unit is read as one printed to the tenth with a zero, which can only refuse more.
    """
    if math.isnan(percent) or math.isnan(size) or size <= 0:
        return float("nan")
    near = range(max(0, int(percent * size / 100) - 2), min(int(size), int(percent * size / 100) + 3) + 1)
    # Half a tenth, and a little for the binary writing of decimals.
    fitting = [count for count in near if abs(100 * count / size - percent) <= 0.05 + 1e-9]
    return float(fitting[0]) if len(fitting) == 1 else float("nan")


def _definition(code: str, about: pd.Series[object]) -> dict[str, object]:
    kind = {"%": "proportion", "pour 100": "taux"}.get(str(about["unit"]), "moyenne")
    among = about["denominator_fr"]
    return {
        "indicator": code,
        "label_fr": about["label_fr"],
        "definition_fr": "dénominateur non précisé" if pd.isna(among) else f"parmi : {among}",
        "kind": kind,
        "unit": about["unit"],
        "per": float("nan") if kind == "moyenne" else 100.0,
        "direction": "neutre" if pd.isna(about["direction"]) else about["direction"],
        "mission": _MISSIONS.get(code, pd.NA),
        "benchmark": REGION,
        "source": about["source"],
        # Every doctor of the territory is counted: nothing was drawn, and chance has no part in what is seen.
        "census": code in _COUNTED,
    }


def _value(code: str, territory: str, cell: pd.Series[object], period: str, size: float) -> dict[str, object]:
    year = pd.NaT if period == "non précisée" else pd.Timestamp(int(period), 1, 1)
    printed = float(cell["value"]) if pd.notna(cell["value"]) else float("nan")
    count = counted_share(printed, size)
    return {
        "indicator": code,
        "territory": territory,
        "period_start": year,
        "period_end": year if pd.isna(year) else year + pd.offsets.YearEnd(0),
        "numerator": count,
        "denominator": size if not math.isnan(count) else float("nan"),
        "value": printed if math.isnan(count) else float("nan"),
        "source": f"Miller 2022, l. {cell['line']}",
        "note": ""
        if math.isnan(count)
        else "effectif retrouvé : le seul nombre entier qui donne la part imprimée",
    }


def _screening(
    definitions: list[dict[str, object]],
    values: list[dict[str, object]],
    study: Study,
) -> None:
    """Screening shares of the monograph of CPTS A, with those of its region."""
    table = study.table(f"{miller.DOCUMENT}/monograph_screening")
    for code, own in table.groupby("screening", sort=False):
        definitions.append(
            {
                "indicator": f"depistage_{code}",
                "label_fr": labels.codes("miller2022/monograph_screening", "screening")[str(code)],
                "kind": "proportion",
                "unit": "%",
            }
            | {
                "definition_fr": "dénominateur non précisé",
                "per": 100.0,
                "direction": "hausse",
                "mission": "prevention",
                "benchmark": REGION,
            }
        )
        for _, cell in own.iterrows():
            territory = "A" if cell["geography"] == "territoire" else REGION
            values.append(_value(f"depistage_{code}", territory, cell, "non précisée", float("nan")))
