"""The cells of `answered` side by side: tables by dimension, states, several CPTS."""

from __future__ import annotations

import datetime as dt
import re

import pandas as pd

from helpers import french
from helpers.errors import UnknownName
from helpers.survey.instrument import Instrument, dimensions
from helpers.survey.steering.answered import ABSENT, CONDITIONAL, DERIVED, DIRECT, DIVERGENT, PARTIAL, SILENT

# From the fullest to the emptiest, for the legend of figures.
STATES = (DIRECT, DIVERGENT, DERIVED, PARTIAL, CONDITIONAL, SILENT, ABSENT)
MARKS = dict(zip(STATES, "●◐◆◔–○?", strict=True))
ANSWERED = (DIRECT, DIVERGENT, DERIVED)
# A neighbouring or incomplete notion says something, and answers nothing.
HINTED = (PARTIAL,)
_MONTH = re.compile(r"\b\d{4}-(?:0[1-9]|1[0-2])\b(?!-)")


def descriptive(cells: pd.DataFrame, instrument: Instrument, dimension: str) -> pd.DataFrame:
    """Answers of one dimension: a row per question known of a CPTS at least, a column per CPTS (and wave when it has several).

    Cells without an answer say their state; `unknown_sentence` tells the questions left out. Raises UnknownName for a dimension
    that the instrument does not have.
    """
    if dimension not in dimensions():
        raise UnknownName("Dimension", dimension, dimensions())
    unknown = _unknown(cells, instrument)
    heads = [item for item in instrument if item.dimension == dimension and item.code not in unknown]
    said = cells["answer_fr"].fillna(cells["state"].astype("string")).map(in_words)
    wide = _wide(cells.assign(said=said), "said").reindex([question.code for question in heads])
    wide.insert(0, "question", [f"{question.code} · {question.label_fr}" for question in heads])
    return wide.reset_index(drop=True)


def unknown_sentence(cells: pd.DataFrame, instrument: Instrument) -> str:
    """The questions whose answer is known of no CPTS, in French; empty when each has one."""
    unknown = _unknown(cells, instrument)
    if not unknown:
        return ""
    lead = french.plural(len(unknown), "question n'a", "questions n'ont")
    codes = ", ".join(unknown)
    return f"{lead} de réponse connue pour aucune CPTS et n'entrent pas dans ces tableaux : {codes}."


def state_matrix(cells: pd.DataFrame, instrument: Instrument) -> pd.DataFrame:
    """State of every answer: a row per question, a column per CPTS (and wave), for `figures.presence` with STATES."""
    wide = _wide(cells, "state").reindex([question.code for question in instrument])
    wide.insert(0, "question", [f"{question.code} · {question.label_fr}" for question in instrument])
    return wide.reset_index(drop=True)


def states_in(cells: pd.DataFrame) -> list[str]:
    """States that the cells have, from the fullest to the emptiest, for the legend of a figure."""
    return [state for state in STATES if (cells["state"] == state).any()]


def completeness(cells: pd.DataFrame) -> pd.DataFrame:
    """Questions by state: one row per CPTS and wave, `answered` and `questions` counted; never a percentage without both."""
    counts = pd.crosstab([cells["cpts"], cells["name_fr"], cells["wave"]], cells["state"])
    counts = counts.reindex(columns=[state for state in STATES if state in counts], fill_value=0)
    counts["answered"] = counts[[state for state in ANSWERED if state in counts]].sum(axis=1)
    counts["questions"] = cells.groupby(["cpts", "name_fr", "wave"])["question"].nunique()
    return counts.rename_axis(columns=None).reset_index()


def _unknown(cells: pd.DataFrame, instrument: Instrument) -> list[str]:
    known = set(cells.loc[cells["state"] != ABSENT, "question"])
    return [question.code for question in instrument if question.code not in known]


def in_words(text: str) -> str:
    """The text with a month written 2019-02 as a reader says it: a date, or the name of a wave."""
    return _MONTH.sub(lambda month: french.date(dt.date.fromisoformat(f"{month[0]}-01"), "month"), text)


def _labels(cells: pd.DataFrame) -> pd.Series[str]:
    several = cells.groupby("cpts")["wave"].transform("nunique") > 1
    alone = cells["name_fr"].astype(str)
    return alone.where(~several, alone + ", " + cells["wave"].astype(str).map(in_words))


def _wide(cells: pd.DataFrame, value: str) -> pd.DataFrame:
    labels = _labels(cells)
    wide = cells.assign(label=labels).pivot(index="question", columns="label", values=value)
    return wide[list(dict.fromkeys(labels))].rename_axis(columns=None)
