"""Time from the creation of a CPTS to its contract, where dates are known by a year, a day, a month of the year, or unknown."""

from __future__ import annotations

import calendar
import datetime as dt

import pandas as pd

from helpers.catalog import Study
from helpers.documents.reproductions.cells import Cells
from helpers.errors import NotComputable

DAYS_PER_MONTH = 365.25 / 12
TIMELINE = "aura2022/timeline"
DATED, UNDATED, UNSIGNED = "datée", "non datée", "pas encore signé"


def day(table: str, column: str, study: Study, **key: object) -> dt.date:
    """Date in the one row of `table` with the keys given. Raises NotComputable when there is none, or several."""
    found = Cells(table, study).rows(**key)[column].dropna()
    if len(found) != 1:
        raise NotComputable(f"{table} : {len(found)} dates au lieu d'une.")
    return dt.date.fromisoformat(str(found.iloc[0])[:10])


def inquiry(study: Study) -> tuple[dt.date, dt.date]:
    """First and last day of the interviews of the AURA thesis."""
    first, last = (day(TIMELINE, column, study, category="enquete") for column in ("date", "date_end"))
    return first, last


def to_contract(study: Study) -> pd.DataFrame:
    """Bounds of the time from the creation to the national contract, one row per CPTS interviewed.

    Columns: `cpts`, `created` (year), `signed_low` and `signed_high` (first and last day on which it may have been signed),
    `known` ("datée", "non datée", "pas encore signé"), `low` and `high` (months; `high` is infinite when nothing is signed),
    `lines`. A signature without a date stands between the first contract of the country (or the creation) and the end of the
    inquiry; a CPTS without a contract had none at the end of the inquiry.
    """
    created = study.table("aura2022/interviewed_cpts").set_index("cpts")
    earliest = day(TIMELINE, "date", study, event_id="premiere_signature_en_france")
    last = inquiry(study)[1]
    rows = []
    for row in study.table("aura2022/signature_dates").to_dict("records"):
        year = int(created.loc[row["cpts"], "created_year"])
        starts = dt.date(year, 1, 1), dt.date(year, 12, 31)
        signed = row["status"] == "signe"
        if not signed:
            ends, known = (last, last), UNSIGNED
        elif pd.isna(row["date"]):
            ends, known = (max(earliest, starts[0]), last), UNDATED
        else:
            ends, known = _span(pd.Timestamp(row["date"]).date(), str(row["date_precision"])), DATED
        rows.append(
            {
                "cpts": row["cpts"],
                "created": year,
                "signed_low": ends[0],
                "signed_high": ends[1],
                "known": known,
                "low": max(0, (ends[0] - starts[1]).days) / DAYS_PER_MONTH,
                "high": (ends[1] - starts[0]).days / DAYS_PER_MONTH if signed else float("inf"),
                "lines": f"{created.loc[row['cpts'], 'line']}, {row['line']}",
            }
        )
    return pd.DataFrame(rows)


def _span(date: dt.date, precision: str) -> tuple[dt.date, dt.date]:
    if precision == "year":
        return dt.date(date.year, 1, 1), dt.date(date.year, 12, 31)
    if precision == "month":
        return date.replace(day=1), date.replace(day=calendar.monthrange(date.year, date.month)[1])
    return date, date
