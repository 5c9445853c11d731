"""Calendar of the ACI: dates of the agreement, deadlines of the missions, points of their indicators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from helpers import french
from helpers.aci.scale import SCALES, missions
from helpers.catalog import Study, labels
from helpers.errors import DataError, NotComputable

MONTHS_IN_YEAR = 12
POINTS_FR = {
    "label": "Indicateur",
    "block": "Bloc",
    "level": "Niveau",
    "points": "Points",
    "share": "Part des points (%)",
    "amount": "Montant, taille 3 (€)",
    "line": "Ligne",
}
# Where each agreement prints its calendar, and how its steps are named there.
_CALENDARS = {
    2019: ("laine2021/calendar", "step", {"demarrage": "demarrage", "deploiement": "deploiement"}),
    2022: (
        "aura2022/mission_calendar",
        "delay",
        {"demarrage": "demarrage", "deploiement_complet": "deploiement"},
    ),
}


@dataclass(frozen=True)
class Dates:
    """Days that change what a CPTS receives, each with the document and the line that print it."""

    agreement: pd.Timestamp
    second_amendment: pd.Timestamp
    aid_in_prose: pd.Timestamp
    aid_in_table: pd.Timestamp


def dates(study: Study) -> Dates:
    """Days of the agreement: signature, second amendment, and the two deadlines printed for the exceptional aid."""
    days = study.table("miller2022/timeline").set_index("event_id")["date"]
    return Dates(
        agreement=days["aci_signature"],
        second_amendment=days["avenant_2"],
        aid_in_prose=days["echeance_aide_texte"],
        aid_in_table=days["echeance_aide_tableau"],
    )


def deadlines(year: int, study: Study) -> pd.DataFrame:
    """Longest delays between the signature and the start, then the full deployment, of each mission.

    `year` is that of the agreement (2019 or 2022). Returns one row per mission, in the order of the scale: `mission`,
    `demarrage`, `deploiement` (months; missing where the document asks for none), `document`, `line`. Raises DataError for
    another agreement.
    """
    if year not in _CALENDARS:
        raise DataError(
            f"Aucun calendrier pour l'accord de {year} (connus : {', '.join(map(str, _CALENDARS))})."
        )
    name, column, steps = _CALENDARS[year]
    table = study.table(name)
    table["step"] = table[column].map(steps)
    wide = table.pivot(index="mission", columns="step", values="value")[
        list(labels.codes("laine2021/calendar", "step"))
    ].astype("float64")
    wide["line"] = table.groupby("mission")["line"].min()
    wide["document"] = name.partition("/")[0]
    order = [mission for mission in missions() if mission in wide.index]
    return wide.loc[order].rename_axis(columns=None).reset_index()


def signature(given: object, days: Dates) -> pd.Timestamp | None:
    """Day of signature from a date or a text AAAA-MM-JJ; None when nothing is given.

    Raises NotComputable for a text that is no date, and for a day before the agreement itself.
    """
    if given is None or given is pd.NaT or given == "":
        return None
    try:
        signed = pd.Timestamp(dt.date.fromisoformat(given.strip()) if isinstance(given, str) else given)
    except (ValueError, TypeError):
        raise NotComputable(
            f"Date de signature « {given} » illisible : écrivez AAAA-MM-JJ, par exemple 2022-06-01."
        ) from None
    if signed < days.agreement:
        raise NotComputable(
            f"Date de signature {french.date(signed.date())} : l'accord n'existe que depuis le "
            f"{french.date(days.agreement.date())}."
        )
    return signed


def scheduled(signed_on: object, year: int, study: Study) -> pd.DataFrame:
    """Deadlines as dates for a contract signed on a day: one row per mission and step (`mission`, `step`, `date`, French).

    `signed_on` is a date or a text AAAA-MM-JJ; without one nothing is due on any day and there is no row. A mission without a
    deadline has no row but its signature's. Raises NotComputable for a text that is no date.
    """
    signed = signature(signed_on, dates(study))
    table = deadlines(year, study)
    rows: list[dict[str, object]] = []
    if signed is None:
        return pd.DataFrame(rows, columns=["mission", "step", "date"])
    for _, mission in table.iterrows():
        rows.append({"mission": missions()[mission["mission"]], "step": "Signature", "date": signed})
        for step, title in labels.codes("laine2021/calendar", "step").items():
            if not pd.isna(mission[step]):
                due = signed + pd.DateOffset(months=int(mission[step]))
                rows.append({"mission": missions()[mission["mission"]], "step": title, "date": due})
    return pd.DataFrame(rows)


def scale_year(document: str) -> int:
    """Year of the agreement whose scale a document prints. Raises DataError when it prints none."""
    if document not in SCALES:
        raise DataError(
            f"Le document « {document} » n'imprime pas de barème ACI (connus : {', '.join(SCALES)})."
        )
    return SCALES[document]


def points(study: Study) -> pd.DataFrame:
    """Points of the indicators of one contract, the only one whose points a document prints (Lainé 2021, table 7).

    Returns one row per indicator: `label` (French), `block`, `level`, `points`, `share` (%, of all points), `amount` (euros of
    the contract of size 3 that the table comes from: points times the variable part of one side of the mission), `line`.
    """
    indicators = study.table("laine2021/indicators")
    values = study.table("laine2021/indicator_values")
    figures = study.table("laine2021/figures").set_index("figure_id")
    given = values[values["measure"] == "points"].set_index("indicator")["value"]
    table = indicators.sort_values("rank", kind="stable").reset_index(drop=True)
    table["points"] = table["indicator"].map(given)
    table["share"] = 100 * table["points"] / table["points"].sum()
    table["amount"] = table["share"] / 100 * float(figures.loc["variable_par_volet", "value"])
    return table.rename(columns={"label_fr": "label"})[
        ["label", "block", "level", "points", "share", "amount", "line"]
    ]
