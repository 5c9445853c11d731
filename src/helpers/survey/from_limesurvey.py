"""Answers exported by LimeSurvey (CSV or XLSX): titles as codes, as texts or as both; answers as codes or in full.

Layout: LimeSurvey manual, "Exporting results"; a multiple choice has one column per box (`Q5[SQ001]`, or `Q5_SQ001` for
statistical tools) and `Q5[other]` for the free answer, a list has `-oth-` and `Q26[other]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Unpack

from helpers.files import grid
from helpers.survey import columns
from helpers.survey.instrument import reading
from helpers.survey.instrument.model import Instrument
from helpers.survey.instrument.submissions import Report

# In French, in English and as codes.
_OWN = re.compile(
    r"(id|id de la réponse|response id|submitdate|date de soumission|date submitted|lastpage|dernière page|last page"
    r"|startlanguage|langue de départ|langue de début|start language|seed|tête de série|startdate|date de lancement|date started"
    r"|datestamp|date de la dernière action|date last action|refurl|url de référence|referrer url|token|code d'accès|access code"
    r"|code d'invitation|jeton|interviewtime|temps total|total time|groupTime\d*|(Q\w+|cpts|vague|role|repondant)Time"
    r"|(group|question) time ?:.*|temps (du groupe|de la question|pour (le groupe|la question)) ?:.*|quota_exit|quota de sortie)",
    re.IGNORECASE,
)
_SUBMITTED = ("submitdate", "date de soumission", "date submitted")
_PAGES = ("lastpage", "dernière page", "last page")
_TOKENS = ("token", "code d'accès", "access code", "code d'invitation", "jeton")
_QUOTAS = ("quota_exit", "quota de sortie")
_CODED = re.compile(r"(?P<code>[a-z]\w*)\.(?: |$)")
_BY_CODE = re.compile(
    r"(?P<code>Q\d+)(?:\[(?P<part>[^\]]+)\]|_(?P<under>\w+))?(?:\. .*)?", re.IGNORECASE | re.DOTALL
)
_BY_TEXT = re.compile(r"(?P<text>.*?)(?: ?\[(?P<part>[^\[\]]+)\])?", re.DOTALL)


def read(path: Path | str, instrument: Instrument, **options: Unpack[columns.Options]) -> Report:
    """Answers of a LimeSurvey export, as rows of `survey/answers` with what is wrong by row and question.

    A token stands for a missing respondent code. A row without a date of submission is a partial answer. Raises DataError
    for a file that cannot be read or that has no question of the questionnaire.
    """
    sheet = grid.read(path)
    titles = {reading.plain(_bare(title)) for title in sheet.header}
    layout = columns.Layout(
        tool="LimeSurvey",
        place=partial(_place, instrument, _texts(instrument)),
        own=_OWN,
        bare=_bare,
        partial=_unfinished(sheet),
        text_ticks=True,
        token=next((name for name in _TOKENS if name in titles), ""),
        # Whatever it holds but nothing and zero: a quota closed the survey before its end.
        marks={name: columns.Mark(but=("", "0", "n", "n/a", "non", "no")) for name in _QUOTAS},
    )
    return columns.collect(sheet, instrument, layout, options)


def _bare(title: str) -> str:
    # "submitdate. Date de soumission", in an export with codes and texts.
    coded = _CODED.match(title)
    return coded["code"] if coded else title


def _unfinished(sheet: grid.Grid) -> Callable[[Mapping[str, str]], bool]:
    """How to tell a partial answer: no date of submission, or else a last page before that of the others."""
    titles = {reading.plain(_bare(title)): index for index, title in enumerate(sheet.header)}
    submitted = next((name for name in _SUBMITTED if name in titles), None)
    if submitted is not None:
        return lambda own: reading.plain(own.get(submitted, "")) in ("", "n/a")
    page = next((name for name in _PAGES if name in titles), None)
    if page is None:
        return lambda own: False
    last = max(_page(cells[titles[page]]) for _, cells in sheet.rows)
    return lambda own: _page(own.get(page, "")) < last


def _page(text: str) -> int:
    return int(reading.count(text) or -1)


def _texts(instrument: Instrument) -> dict[str, str]:
    return {reading.plain(item.wording_fr): item.code for item in instrument}


def _place(instrument: Instrument, texts: Mapping[str, str], title: str) -> columns.Place | None:
    by_code = _BY_CODE.fullmatch(title)
    if by_code:
        code, part = by_code["code"].upper(), by_code["part"] or by_code["under"]
    else:
        by_text = _BY_TEXT.fullmatch(title)
        code = texts.get(reading.plain(by_text["text"]), "") if by_text else ""
        part = by_text["part"] if by_text else None
    question = instrument.by_code.get(code)
    if question is None:
        return None
    place = columns.in_part(question, part) if part else columns.Place(question)
    # The column of the free answer bears its label when the questionnaire gives it one, and always holds a text.
    is_other = place is not None and place.option is not None and place.option.kind == "autre"
    return columns.Place(question, is_other=True) if is_other else place
