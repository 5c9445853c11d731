"""Indicators that the thesis cites: national, negotiated, imposed, contested, refused, and what few of them reached."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels, once_per_study
from helpers.documents.quantities import quantity
from helpers.practices import DOCUMENT, number

INDICATORS, VALUES = f"{DOCUMENT}/indicators", f"{DOCUMENT}/indicator_values"
# From what the country sets to what a CPTS refuses.
LEVELS = (
    "national",
    "national_2016",
    "regional_2016",
    "local_negocie",
    "local",
    "impose",
    "conteste",
    "refuse",
    "souhait",
    "outil",
    "modele",
)
# In the order of the national agreement, then what is not one of its missions.
MISSIONS = (
    "acces_aux_soins",
    "coordination_parcours",
    "prevention",
    "qualite_pertinence",
    "accompagnement_professionnels",
    "fonctionnement",
    "pilotage",
)
DISPUTED = ("impose", "conteste", "refuse")
LIST_HEADS_FR = {
    "mission": "Mission",
    "label_fr": "Indicateur",
    "level": "Qui le fixe, ou ce qu'il en est",
    "scope": "CPTS",
    "direction": "Sens attendu",
    "line": "Ligne",
    "note": "Note",
}
VALUE_HEADS_FR = {
    "cpts": "CPTS",
    "label_fr": "Indicateur",
    "reference": "Référence",
    "cible": "Cible",
    "atteint": "Atteint",
    "attained": "Part de la cible atteinte",
    "lines": "Lignes",
}


@once_per_study
def listed(study: Study) -> pd.DataFrame:
    """Indicators cited, one row each, by mission of the agreement then from the national to the refused."""
    table = study.table(INDICATORS)
    places = list(zip(table["mission"].map(MISSIONS.index), table["level"].map(LEVELS.index), strict=True))
    table = table.assign(place=places).sort_values("place", kind="stable")
    return pd.DataFrame(
        {
            "mission": table["mission"].map(labels.codes(INDICATORS, "mission")),
            "label_fr": table["label_fr"],
            "level": table["level"].map(labels.codes(INDICATORS, "level")),
            "scope": table["scope"].map(_scope),
            "direction": table["direction"].map(labels.codes(INDICATORS, "direction")).fillna("—"),
            "line": table["line"].astype(str),
            "note": table["note"].fillna("—"),
        }
    ).reset_index(drop=True)


def disputed(study: Study) -> pd.DataFrame:
    """The imposed, contested and refused ones only."""
    named = labels.codes(INDICATORS, "level")
    table = listed(study)
    return table[table["level"].isin([named[code] for code in DISPUTED])].reset_index(drop=True)


@once_per_study
def values(study: Study) -> pd.DataFrame:
    """Indicators with at least one printed value, one row per indicator and CPTS: reference, target, reached, with their dates.

    Two values that two parties oppose stand in the same cell, each with its party. Part attained is (reached / target), only
    where both are exact.
    """
    facts = study.table(f"{DOCUMENT}/facts").drop(columns=["cpts", "line"])
    table = study.table(VALUES).merge(facts, on="fact_id", how="left", validate="one_to_one")
    names = study.table(INDICATORS).set_index("indicator_id")["label_fr"]
    rows = []
    for (indicator, cpts), found in table.groupby(["indicator_id", "cpts"], sort=False):
        said = {
            moment: " ; ".join(_value(row) for row in found[found["moment"] == moment].to_dict("records"))
            or "—"
            for moment in ("reference", "cible", "atteint")
        }
        numbers = found.drop_duplicates("moment").set_index("moment")["value"]
        both = {"cible", "atteint"} <= set(numbers.index)
        share = 100 * float(numbers["atteint"]) / float(numbers["cible"]) if both else float("nan")
        rows.append(
            {
                "cpts": number(str(cpts)),
                "label_fr": names[indicator],
                **said,
                "attained": french.percent(share, 0) if both else "—",
                "lines": ", ".join(map(str, sorted(found["line"]))),
            }
        )
    return pd.DataFrame(rows)


def sentence(study: Study) -> str:
    """How many indicators, how many are disputed, and how many can be followed from reference to target."""
    table, told = study.table(INDICATORS), values(study)
    whole = told[told["attained"] != "—"]
    first = whole.iloc[0]
    return (
        f"Sur {len(table)} indicateurs cités, {int(table['level'].isin(DISPUTED).sum())} sont imposés, contestés ou refusés par "
        f"une CPTS, {len(told)} ont au moins une valeur imprimée et {len(whole)} seul une référence, une cible et un atteint : "
        f"{first['label_fr'].lower()} de la CPTS{first['cpts']} ({first['attained']} de la cible)."
    )


def _value(row: dict[str, object]) -> str:
    said = quantity(row) or str(row["printed"])
    unit = str(row["unit"])
    said = french.agreed(said, unit)
    date = row["date"]
    when = "" if pd.isna(date) else french.date(date.date(), str(row["date_precision"]))  # type: ignore[attr-defined]
    party = "" if pd.isna(row["party"]) else str(labels.label(VALUES, "party", row["party"]))
    aside = ", ".join(filter(None, (when, party)))
    return f"{said} ({aside})" if aside else said


def _scope(scope: str) -> str:
    if not scope.startswith("CPTS"):
        return {"toutes": "toutes", "instances": "instances", "projet_de_sante": "modèle de projet"}[scope]
    return ", ".join(str(number(one)) for one in scope.split("; "))
