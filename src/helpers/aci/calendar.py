"""Calendar of the ACI: dates of the agreement, deadlines of the missions, points of their indicators."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from helpers import catalog
from helpers.aci.scale import MISSIONS_FR, SCALES
from helpers.errors import DataError

MONTHS_IN_YEAR = 12
STEPS_FR = {"demarrage": "Démarrage au plus tard", "deploiement": "Déploiement complet au plus tard"}
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


def dates(package: catalog.Package | str | None = None) -> Dates:
    """Days of the agreement: signature, second amendment, and the two deadlines printed for the exceptional aid."""
    days = catalog.load("miller2022/timeline", package).set_index("event_id")["date"]
    return Dates(
        agreement=days["aci_signature"],
        second_amendment=days["avenant_2"],
        aid_in_prose=days["echeance_aide_texte"],
        aid_in_table=days["echeance_aide_tableau"],
    )


def deadlines(year: int, package: catalog.Package | str | None = None) -> pd.DataFrame:
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
    table = catalog.load(name, package)
    table["step"] = table[column].map(steps)
    wide = table.pivot(index="mission", columns="step", values="value")[list(STEPS_FR)].astype("float64")
    wide["line"] = table.groupby("mission")["line"].min()
    wide["document"] = name.partition("/")[0]
    order = [mission for mission in MISSIONS_FR if mission in wide.index]
    return wide.loc[order].rename_axis(columns=None).reset_index()


def scheduled(signed: pd.Timestamp, year: int, package: catalog.Package | str | None = None) -> pd.DataFrame:
    """Deadlines as dates for a contract signed on a day: one row per mission and step (`mission`, `step`, `date`, French).

    A mission without a deadline has a row with a missing date.
    """
    table = deadlines(year, package)
    rows = []
    for _, mission in table.iterrows():
        rows.append({"mission": MISSIONS_FR[mission["mission"]], "step": "Signature", "date": signed})
        for step, title in STEPS_FR.items():
            months = mission[step]
            date = pd.NaT if pd.isna(months) else signed + pd.DateOffset(months=int(months))
            rows.append({"mission": MISSIONS_FR[mission["mission"]], "step": title, "date": date})
    return pd.DataFrame(rows)


def scale_year(document: str) -> int:
    """Year of the agreement whose scale a document prints. Raises DataError when it prints none."""
    if document not in SCALES:
        raise DataError(
            f"Le document « {document} » n'imprime pas de barème ACI (connus : {', '.join(SCALES)})."
        )
    return SCALES[document]
