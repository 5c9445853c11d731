"""The cells of `answered` side by side: tables by dimension, states, several CPTS."""

from __future__ import annotations

import pandas as pd

from helpers.errors import UnknownName
from helpers.survey.instrument import Instrument, dimensions
from helpers.survey.steering.answered import ABSENT, CONDITIONAL, DERIVED, DIRECT, DIVERGENT, PARTIAL, SILENT

# From the fullest to the emptiest, for the legend of figures.
STATES = (DIRECT, DIVERGENT, DERIVED, PARTIAL, CONDITIONAL, SILENT, ABSENT)
MARKS = dict(zip(STATES, "●◐◆◔–○?", strict=True))
ANSWERED = (DIRECT, DIVERGENT, DERIVED)
# A neighbouring or incomplete notion says something, and answers nothing.
HINTED = (PARTIAL,)


def descriptive(cells: pd.DataFrame, instrument: Instrument, dimension: str) -> pd.DataFrame:
    """Answers of one dimension: a row per question, a column per CPTS (and wave when a CPTS has several).

    Cells without an answer say their state. Raises UnknownName for a dimension that the instrument does not have.
    """
    if dimension not in dimensions():
        raise UnknownName("Dimension", dimension, dimensions())
    heads = [question for question in instrument if question.dimension == dimension]
    said = cells["answer_fr"].fillna(cells["state"].astype("string"))
    wide = _wide(cells.assign(said=said), "said").reindex([question.code for question in heads])
    wide.insert(0, "question", [f"{question.code} · {question.label_fr}" for question in heads])
    return wide.reset_index(drop=True)


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


def _labels(cells: pd.DataFrame) -> pd.Series[str]:
    several = cells.groupby("cpts")["wave"].transform("nunique") > 1
    alone = cells["name_fr"].astype(str)
    return alone.where(~several, alone + ", " + cells["wave"].astype(str))


def _wide(cells: pd.DataFrame, value: str) -> pd.DataFrame:
    labels = _labels(cells)
    wide = cells.assign(label=labels).pivot(index="question", columns="label", values=value)
    return wide[list(dict.fromkeys(labels))].rename_axis(columns=None)
