"""Dated events of the thesis: laws and agreements of the country, steps of each CPTS."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.practices import DOCUMENT, number

TIMELINE = f"{DOCUMENT}/timeline"
# What founds a CPTS, against what it then does.
FOUNDING = ("creation", "projet_valide", "signature_aci", "financement")
EVENT_HEADS_FR = {
    "date": "Date",
    "label_fr": "Événement",
    "category": "Nature",
    "scope": "Portée",
    "line": "Ligne",
    "note": "Note",
}


def events(study: Study) -> pd.DataFrame:
    """Every dated event, one row each, in order of date: columns of EVENT_HEADS_FR, dates as precise as they are known."""
    table = study.table(TIMELINE).sort_values(["date", "line"], kind="stable")
    scopes, categories = labels.codes(TIMELINE, "scope"), labels.codes(TIMELINE, "category")
    return pd.DataFrame(
        {
            "date": [_dated(row) for row in table.to_dict("records")],
            "label_fr": table["label_fr"],
            "category": table["category"].map(categories),
            "scope": table["scope"].map(scopes),
            "line": table["line"].astype(str),
            "note": table["note"].fillna("—"),
        }
    ).reset_index(drop=True)


def steps(study: Study) -> pd.DataFrame:
    """Dated events of the CPTS for the figure, one row each, by CPTS: `name`, `stage` (founding or action), `date`."""
    table = study.table(TIMELINE)
    own = table[table["scope"].str.startswith("CPTS")]
    rank = own["scope"].map(number)
    own = own.assign(rank=rank).sort_values(["rank", "date"], kind="stable")
    founding = own["category"].isin(FOUNDING)
    return pd.DataFrame(
        {
            "name": own["scope"],
            "stage": founding.map({True: "création, financement, accord", False: "action ou réunion"}),
            "date": pd.to_datetime(own["date"]),
        }
    ).reset_index(drop=True)


def caption(table: pd.DataFrame) -> str:
    """Title of the picture of `steps`: how many dated steps, of how many CPTS, from which year to which."""
    years = table["date"].dt.year
    return f"{len(table)} étapes datées de {table['name'].nunique()} CPTS, de {years.min()} à {years.max()}"


def sentence(study: Study) -> str:
    """How many events are dated, of how many CPTS, and how precisely."""
    table = study.table(TIMELINE)
    own = table[table["scope"].str.startswith("CPTS")]
    days = int((own["date_precision"] == "day").sum())
    return (
        f"La thèse date {french.plural(len(table), 'événement')} : {len(table) - len(own)} sont de la loi, des accords ou de "
        f"l'enquête, {len(own)} d'une CPTS ({own['scope'].nunique()} CPTS sur seize), dont {days} au jour près."
    )


def _dated(row: dict[str, object]) -> str:
    said = french.date(pd.Timestamp(str(row["date"])).date(), str(row["date_precision"]))
    if pd.isna(row["date_end"]):
        return said
    return f"{said} à {french.date(pd.Timestamp(str(row['date_end'])).date(), str(row['date_precision']))}"
