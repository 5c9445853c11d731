"""The cells of `answered` side by side: tables by dimension, the matrix of constraints, several CPTS, two waves."""

from __future__ import annotations

import pandas as pd

from helpers.catalog import Study
from helpers.errors import NotComputable, UnknownName
from helpers.survey.instrument import Instrument, constraints, dimensions, matrix
from helpers.survey.steering.answered import ABSENT, CONDITIONAL, DERIVED, DIRECT, DIVERGENT, PARTIAL, SILENT

# From the fullest to the emptiest, for the legend of figures.
STATES = (DIRECT, DIVERGENT, DERIVED, PARTIAL, CONDITIONAL, SILENT, ABSENT)
MARKS = dict(zip(STATES, "●◐◆◔–○?", strict=True))
ANSWERED = (DIRECT, DIVERGENT, DERIVED, PARTIAL)
ALL, SOME, NONE, NO_QUESTION = "toutes", "une partie", "aucune", "aucune question"
COVERAGE = (ALL, SOME, NONE, NO_QUESTION)


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
    counts = pd.crosstab([cells["cpts"], cells["wave"]], cells["state"])
    counts = counts.reindex(columns=[state for state in STATES if state in counts], fill_value=0)
    counts["answered"] = counts[[state for state in ANSWERED if state in counts]].sum(axis=1)
    counts["questions"] = cells.groupby(["cpts", "wave"])["question"].nunique()
    return counts.rename_axis(columns=None).reset_index()


def constraint_matrix(cells: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The matrix of constraints (Miller 2022, figure 6) filled: how much of each item the answers describe.

    Returns one row per item of the matrix: `item` ("Structure · interne · Gouvernance"), then one column per CPTS (and wave) that
    says whether all, some or none of the questions of the item were answered, or that no question describes it (COVERAGE).
    """
    items = matrix(study)
    merged = items.merge(cells.assign(label=_labels(cells)), on="question", how="left")
    answered = merged["state"].isin(ANSWERED)
    rows = {}
    for _, item in items.drop_duplicates("item").iterrows():
        head = f"{dimensions()[item['dimension']]} · {constraints()[item['constraint']].lower()} · {item['label_fr']}"
        own = merged["item"] == item["item"]
        asked = own & merged["label"].notna() & (merged["state"] != CONDITIONAL)
        counts = pd.DataFrame({"label": merged["label"], "asked": asked, "answered": answered & asked})
        totals = counts[own].dropna(subset=["label"]).groupby("label", sort=False).sum()
        rows[head] = {
            label: ALL if line["answered"] == line["asked"] > 0 else SOME if line["answered"] else NONE
            for label, line in totals.iterrows()
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(dict.fromkeys(_labels(cells))))
    # An item without question is one of the gaps of the tool, not of the CPTS.
    return table.fillna(NO_QUESTION).rename_axis("item").reset_index()


def changes(cells: pd.DataFrame, instrument: Instrument, cpts: str, first: str, second: str) -> pd.DataFrame:
    """Two waves of one CPTS: one row per question, both answers or their states, and what can be said of the change.

    Returns `question`, `before`, `after`, `change` ("inchangée", "changée", "non comparable": one of the two is missing or the
    people differ). No row when the two waves are the same. Raises NotComputable when a wave is unknown for this CPTS.
    """
    sides = [_side(cells, cpts, wave) for wave in (first, second)]
    rows = []
    for question in instrument if first != second else ():
        before, after = (side.loc[question.code] for side in sides)
        both = before["state"] == DIRECT and after["state"] == DIRECT
        same = both and before["answer_fr"] == after["answer_fr"]
        verdict = ("inchangée" if same else "changée") if both else "non comparable"
        texts = [
            side["answer_fr"] if pd.notna(side["answer_fr"]) else side["state"] for side in (before, after)
        ]
        rows.append((f"{question.code} · {question.label_fr}", *texts, verdict))
    return pd.DataFrame(rows, columns=["question", "before", "after", "change"])


def moves(cells: pd.DataFrame, instrument: Instrument, cpts: str, first: str, second: str) -> pd.DataFrame:
    """Ordered questions that one CPTS answered at both waves: rank of the answer in the offered order, for `figures.slopes`.

    Returns `question`, `first`, `second` (1 is the first answer offered) and `offered` (number of answers). The rank is not a
    score: some questions go from most to least, others the other way. No row when the two waves are the same.
    """
    sides = [_side(cells, cpts, wave) for wave in (first, second)]
    rows = []
    for question in instrument if first != second else ():
        codes = [side.loc[question.code, "options"] for side in sides]
        order = [option.code for option in question.options]
        if question.ordinal and all(len(code) == 1 and code[0] in order for code in codes):
            ranks = [float(order.index(code[0]) + 1) for code in codes]
            rows.append((f"{question.code} · {question.label_fr}", *ranks, len(order)))
    return pd.DataFrame(rows, columns=["question", "first", "second", "offered"])


def _side(cells: pd.DataFrame, cpts: str, wave: str) -> pd.DataFrame:
    own = cells[(cells["cpts"] == cpts) & (cells["wave"] == wave)]
    if own.empty:
        known = ", ".join(cells.loc[cells["cpts"] == cpts, "wave"].unique()) or "aucune"
        raise NotComputable(f"CPTS {cpts} : aucune réponse à la vague « {wave} » (vagues connues : {known}).")
    return own.set_index("question")


def _labels(cells: pd.DataFrame) -> pd.Series[str]:
    several = cells.groupby("cpts")["wave"].transform("nunique") > 1
    alone = "CPTS " + cells["cpts"].astype(str)
    return alone.where(~several, alone + ", " + cells["wave"].astype(str))


def _wide(cells: pd.DataFrame, value: str) -> pd.DataFrame:
    labels = _labels(cells)
    wide = cells.assign(label=labels).pivot(index="question", columns="label", values=value)
    return wide[list(dict.fromkeys(labels))].rename_axis(columns=None)
