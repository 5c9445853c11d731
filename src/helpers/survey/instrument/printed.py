"""The questionnaire and the matrix of constraints as the thesis prints them (annex 4 and figure 6)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from helpers.catalog import Study, once_per_study
from helpers.survey.instrument.model import Condition, Instrument, Option, Question

# What the two printed conditions ask of the answer to the question on progress.
_STATES = {"en_fonctionnement": ("Q2", ("1",)), "non_fonctionnelle": ("Q2", ("2", "3", "4"))}


@once_per_study
def matrix(study: Study) -> pd.DataFrame:
    """Matrix of constraints (figure 6): one row per cell item and question that our correspondence places there.

    Columns `dimension`, `constraint`, `item`, `label_fr`, `subdimension`, `basis` and `question`; the last three are missing
    for an item that no question describes.
    """
    items = study.table("miller2022/constraint_matrix")[["dimension", "constraint", "item", "label_fr"]]
    links = study.table("coding/matrix_correspondence")
    questions = study.table("miller2022/questions")[["question", "subdimension"]]
    linked = links.merge(questions, on="subdimension", how="left")
    return items.merge(linked, on="item", how="left")


def questionnaire(study: Study) -> Instrument:
    """The questionnaire as printed: annex 4 with its tags, options coded by their rank."""
    questions = study.table("miller2022/questions")
    names = study.table("miller2022/subdimensions").set_index("subdimension")["label_fr"]
    cells = matrix(study).dropna(subset=["question"]).drop_duplicates("question")
    constraints = cells.set_index("question")["constraint"]
    offered: dict[str, list[Option]] = {}
    for row in study.table("miller2022/question_options").itertuples(index=False):
        offered.setdefault(row.question, []).append(
            Option(
                code=str(row.rank),
                label_fr=row.label_fr,
                kind=row.kind,
                lower=_given(row.lower),
                upper=_given(row.upper),
                mission_status=_given(row.mission_status),
                line=int(row.line),
            )
        )
    found = [
        Question(
            code=row.question,
            label_fr=row.label_fr,
            wording_fr=row.wording_fr,
            # The tag of annex 4, which table 8 contradicts for two questions.
            dimension=row.dimension_annex,
            subdimension=row.subdimension,
            subdimension_fr=names[row.subdimension],
            constraint=constraints[row.question],
            answer_type=row.answer_type,
            ordinal=bool(row.ordinal),
            condition=None if pd.isna(row.condition) else Condition(*_STATES[row.condition]),
            # The single field of a date or a number is the answer itself.
            options=tuple(offered.get(row.question, ())) if row.answer_type not in ("date", "nombre") else (),
            line=int(row.line),
        )
        for row in questions.itertuples(index=False)
    ]
    return Instrument("original", tuple(found))


def _given(value: Any) -> Any:
    return None if pd.isna(value) else value
