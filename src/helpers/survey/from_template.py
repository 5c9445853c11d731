"""Answers typed in our own template (CSV or XLSX): one row per respondent, one column per question, codes in the cells."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import Unpack

from helpers.files import grid
from helpers.survey import columns, from_kobo, to_template
from helpers.survey.instrument.model import Instrument
from helpers.survey.instrument.submissions import Report


def read(path: Path | str, instrument: Instrument, **options: Unpack[columns.Options]) -> Report:
    """Answers of the template that `writers.answers_template` makes, as rows of `survey/answers` with what is wrong.

    Several answers to a multiple choice are codes parted by spaces, commas or semicolons. Raises DataError for a file that
    cannot be read or that has no question of the questionnaire.
    """
    layout = columns.Layout(
        tool="le modèle de saisie",
        place=partial(from_kobo.place, instrument),
        own=re.compile(r"(remarque|note)", re.IGNORECASE),
    )
    return columns.collect(
        grid.read(path, to_template.ANSWERS, remark=to_template.REMARK), instrument, layout, options
    )
