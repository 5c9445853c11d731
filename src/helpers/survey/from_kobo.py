"""Answers exported by KoboToolbox or ODK Central as CSV or XLSX, for the XLSForm that `writers.xlsform` makes.

Titles are paths (`ressources/Q13`, `ressources-Q13` in ODK); a multiple choice is one column of codes joined by spaces, or
one column of 0 and 1 per option (`ressources/Q13/3`), or both.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Unpack

from helpers.files import grid
from helpers.survey import columns
from helpers.survey.instrument import reading
from helpers.survey.instrument.model import Instrument
from helpers.survey.instrument.submissions import Report

_OWN = re.compile(
    r"(start|end|today|deviceid|_id|_uuid|_submission_time|_validation_status|_notes|_status|__version__|_version_|_tags|_index"
    r"|_attachments|_xform_id_string|formhub/uuid|meta[/-](instanceID|instanceName|rootUuid|deprecatedID)|instanceID|instanceName"
    r"|KEY|SubmissionDate|SubmitterID|AttachmentsPresent|AttachmentsExpected|Status|ReviewState|DeviceID|Edits|FormVersion"
    r"|generated_note_\w+|notice_\d+)",
    re.IGNORECASE,
)
# What a reviewer wrote beside a record, in KoboToolbox and in ODK Central.
_MARKS = {
    "_validation_status": columns.Mark(
        ("validation_status_not_approved", "not approved", "non approuvé"),
        doubtful=("validation_status_on_hold", "on hold", "en attente"),
    ),
    "reviewstate": columns.Mark(("rejected",), doubtful=("hasissues",)),
}
_KEYS = ("_uuid", "key", "meta/instanceid", "meta-instanceid", "instanceid")
_PARTS = re.compile(r"[/:-]|\.(?=Q|\d)")


def read(path: Path | str, instrument: Instrument, **options: Unpack[columns.Options]) -> Report:
    """Answers of a Kobo or ODK export, as rows of `survey/answers` with what is wrong by row and question.

    The same record (`_uuid`) twice is a fault. Raises DataError for a file that cannot be read or that has no question of the
    questionnaire.
    """
    sheet = grid.read(path)
    layout = columns.Layout(
        tool="KoboToolbox ou ODK",
        place=partial(place, instrument),
        own=_OWN,
        bare=lambda title: _PARTS.split(title)[-1],
        marks=_MARKS,
    )
    found = columns.collect(sheet, instrument, layout, options)
    found.faults += _doubles(sheet)
    return found


def place(instrument: Instrument, title: str) -> columns.Place | None:
    """Place of a path such as "ressources/Q13/3", "Q5_autre" or "gouvernance/Q17_1"; None when it names no question."""
    parts = _PARTS.split(title)
    for index, part in enumerate(parts):
        name, _, under = part.partition("_")
        question = instrument.by_code.get(name.upper())
        if question is None:
            continue
        rest = under or "/".join(parts[index + 1 :])
        found = columns.in_part(question, rest) if rest else columns.Place(question)
        # The group of the fields bears the name of the question too ("Q17_champs/Q17_1").
        if found is not None:
            return found
    return None


def _doubles(sheet: grid.Grid) -> list[str]:
    column = next((index for index, title in enumerate(sheet.header) if title.lower() in _KEYS), None)
    if column is None:
        return []
    seen: dict[str, int] = {}
    faults = []
    for number, cells in sheet.rows:
        mark = reading.plain(cells[column])
        if mark and mark in seen:
            faults.append(
                f"Ligne {number} : c'est le même envoi ({sheet.header[column]}) que la ligne {seen[mark]}."
            )
        seen.setdefault(mark, number)
    return faults
