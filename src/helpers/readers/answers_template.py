"""Answers typed in our own template (CSV or XLSX): one row per respondent, one column per question, codes in the cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path

from helpers.instrument.model import Instrument
from helpers.instrument.submissions import Report
from helpers.readers import columns, kobo, sheets

SHEET = "Réponses"


def read(
    path: Path | str,
    instrument: Instrument,
    *,
    defaults: Mapping[str, str] | None = None,
    ignore: Iterable[str] = (),
) -> Report:
    """Answers of the template that `writers.answers_template` makes, as rows of `survey/answers` with what is wrong.

    Several answers to a multiple choice are codes parted by spaces, commas or semicolons. Raises DataError for a file that
    cannot be read or that has no question of the questionnaire.
    """
    layout = columns.Layout(
        tool="le modèle de saisie",
        place=partial(kobo.place, instrument),
        own=re.compile(r"(remarque|note)", re.IGNORECASE),
        bare=str,
        partial=lambda _own: False,
    )
    return columns.collect(sheets.read(path, SHEET), instrument, layout, defaults=defaults, ignore=ignore)
