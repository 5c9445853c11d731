"""Where each of the 42 questions comes from: first questionnaire, interview guide, what the interviews added or changed."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study, labels
from helpers.survey.instrument import Instrument, dimensions

GENEALOGY_FR = {
    "question": "Question finale",
    "first_fr": "Premier questionnaire",
    "guide_fr": "Guide d'entretien, même sous-dimension",
    "kind_fr": "Ce que les entretiens ont changé",
    "reason_fr": "Raison : freins et leviers de la sous-dimension",
    "line": "Ligne du texte",
}
_NONE = "—"


def genealogy(instrument: Instrument, study: Study) -> pd.DataFrame:
    """One row per final question, in order (GENEALOGY_FR).

    The first questionnaire is linked by the thesis's own correspondence (`first_questionnaire.final_question`); the guide by
    the questions that the thesis quotes beside the change, else by sub-dimension; `kind_fr` says added, modified, or kept as it
    was; `reason_fr` the themes of the interviews that the thesis gives in the same sub-dimension. `line` is that of the change,
    else of the question.
    """
    first = study.table("miller2022/first_questionnaire").dropna(subset=["final_question"])
    guide = study.table("miller2022/interview_guide")
    changes = study.table("miller2022/question_changes").dropna(subset=["final_question"])
    quoted = study.table("miller2022/initial_questions")
    themes = study.table("miller2022/themes")
    kinds = labels.codes("miller2022/question_changes", "kind")
    rows = []
    for question in instrument:
        changed = changes[changes["final_question"] == question.code]
        blocks = quoted[quoted["block_line"].isin(changed["block_line"])]
        cited = blocks.loc[blocks["instrument"] == "guide", "item"].dropna()
        in_guide = guide[
            guide["guide_question"].isin(cited)
            if len(cited)
            else guide["subdimension"] == question.subdimension
        ]
        why = themes[themes["subdimension"] == question.subdimension]
        rows.append(
            (
                f"{question.code} · {question.label_fr}",
                _said(first[first["final_question"] == question.code], "question"),
                _said(in_guide, "guide_question"),
                french.listing([kinds[kind] for kind in changed["kind"].drop_duplicates()])
                if len(changed)
                else "gardée ou reprise",
                " ; ".join(why["label_fr"].drop_duplicates()) or _NONE if len(changed) else _NONE,
                int(changed["line"].iloc[0]) if len(changed) else question.line,
            )
        )
    return pd.DataFrame(rows, columns=list(GENEALOGY_FR)).astype({"line": "string"})


def genealogy_sentence(table: pd.DataFrame) -> str:
    """How many of the final questions the interviews added, changed or left as they were, in French."""
    counts = table["kind_fr"].value_counts()
    said = [f"{french.number(int(count))} : {name}" for name, count in counts.items()]
    new = int((table["first_fr"] == _NONE).sum())
    return (
        f"Des {french.number(len(table))} questions finales, {french.number(new)} n'ont pas d'ancêtre dans le premier "
        f"questionnaire. Effet des entretiens, {' ; '.join(said)}."
    )


def guide(study: Study) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The interview guide of 36 questions as parts to print: dimension, section, questions (code, object in our words)."""
    table = study.table("miller2022/interview_guide")
    sections = labels.codes("miller2022/interview_guide", "section")
    parts = []
    for (dimension, section), own in table.groupby(["dimension", "section"], sort=False):
        questions = list(zip(own["guide_question"], own["label_fr"], strict=True))
        parts.append((dimensions()[str(dimension)], sections.get(str(section), str(section)), questions))
    return parts


def _said(rows: pd.DataFrame, code: str) -> str:
    found = rows.drop_duplicates(code)
    return (
        " ; ".join(f"{name} {said}" for name, said in zip(found[code], found["label_fr"], strict=True))
        or _NONE
    )
