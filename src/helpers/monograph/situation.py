"""Of which day a page tells: that of the inquiry for a documented CPTS, the last thing observed for a user's own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.errors import UsageError
from helpers.monograph import chapters, register


@dataclass(frozen=True)
class Situation:
    """The day of a page (missing when nothing gives one) and how a reader is told of it."""

    day: pd.Timestamp
    said_fr: str


def of(cpts: str, study: Study, *, known: pd.DataFrame, day: str = "") -> Situation:
    """Situation of one CPTS (the first one when empty) whose facts are `known`, or on the `day` asked (AAAA-MM-JJ).

    A documented CPTS is described at the end of the inquiry of its document, or on the date of the map that names it: never at
    the last date that the text mentions, which may be a plan or a memory. A user's own is described on the last day of what was
    observed: information, periods, missions, start of an action; an end may be planned. Raises UsageError for a day that is
    none, UnknownName for an unknown CPTS.
    """
    fiche = register.chosen(cpts, study)
    if day:
        try:
            asked = dt.date.fromisoformat(day)
        except ValueError:
            raise UsageError(f"Paramètre « date » : « {day} » n'est pas une date AAAA-MM-JJ.") from None
        return Situation(pd.Timestamp(asked), f"situation au {french.date(asked)}")
    if fiche["origin"] in register.USERS:
        return _observed(fiche, known, study)
    return _on_the_map(fiche) if fiche["origin"] == "carte" else _inquiry(str(fiche["document"]), study)


def _inquiry(document: str, study: Study) -> Situation:
    row = study.table("documents").set_index("key").loc[document]
    start, end = (french.date(row[side].date(), "month") for side in ("inquiry_start", "inquiry_end"))
    where = f"{labels.document(document)}, l. {row['inquiry_line']}"
    return Situation(pd.Timestamp(row["inquiry_end"]), f"enquête de {start} à {end} ({where})")


def _on_the_map(fiche: pd.Series[Any]) -> Situation:
    day = pd.Timestamp(fiche["population_date"])
    where = f"{labels.document(str(fiche['document']))}, l. {fiche['line']}"
    return Situation(day, f"carte de {french.date(day.date(), 'month')} ({where})")


def _observed(fiche: pd.Series[Any], known: pd.DataFrame, study: Study) -> Situation:
    code = fiche["cpts"]
    values, log, missions = (
        study.table(f"cpts/{name}", optional=True) for name in ("indicators", "actions", "missions")
    )
    own = missions[missions["cpts"] == code]
    # The day of a legal population is that of a census, on which nobody saw the CPTS.
    seen = (known["status"] == chapters.KNOWN) & (known["item"] != "fiche_population")
    days = [
        known.loc[seen, "date"],
        values.loc[values["territory"] == code, "period_end"],
        log.loc[log["cpts"] == code, "date_start"],
        pd.to_datetime(own["year"].astype("string") + "-12-31"),
        pd.Series([fiche[name] for name in ("project_date", "aci_date", "members_date")]),
    ]
    dates = [pd.Timestamp(date) for part in days for date in part.dropna()]
    if not dates:
        return Situation(pd.NaT, "aucune observation datée")
    return Situation(max(dates), f"situation au {french.date(max(dates).date())}")
