"""The corrected variant: defects of the printed questionnaire, one by one, with what we change and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from helpers.catalog import Study, labels, once_per_study
from helpers.errors import DataError, UnknownName
from helpers.survey.instrument import printed
from helpers.survey.instrument.model import VARIANTS, Instrument, Option, Question, answer_types, dimensions

DIFFERENCES_FR = {
    "question": "Question",
    "label_fr": "Objet",
    "field_fr": "Ce qui change",
    "option": "Code de la réponse",
    "before": "Variante originale",
    "after": "Variante corrigée",
    "reason_fr": "Raison (observatoire)",
    "line": "Ligne du texte",
}
# Where an added answer goes: the free one and the exclusive one stay last.
_ORDER = {"modalite": 0, "oui_non": 0, "champ": 0, "autre": 1, "aucun": 2}


def load(variant: str = "original", *, study: Study) -> Instrument:
    """The questionnaire as printed ("original": annex 4, with its tags) or with our corrections ("corrected").

    Codes of options are the printed ranks, as text; an option that a correction adds has a new code, so that answers to
    both variants can be compared. Raises UnknownName for another variant, DataError when a correction does not fit.
    """
    if variant not in VARIANTS:
        raise UnknownName("Variante du questionnaire", variant, VARIANTS)
    return _variant(study, variant)


@once_per_study
def _variant(study: Study, variant: str) -> Instrument:
    return (
        printed.questionnaire(study)
        if variant == "original"
        else corrected(_variant(study, "original"), study)
    )


def corrected(original: Instrument, study: Study) -> Instrument:
    """The printed questionnaire with every correction of `coding/instrument_corrections` applied in order.

    Raises DataError when a correction starts from a value that the printed questionnaire does not have.
    """
    questions = dict(original.by_code)
    for row in _corrections(study).itertuples(index=False):
        if row.decision == "corrige":
            questions[row.question] = _apply(questions[row.question], row)
    return Instrument("corrected", tuple(questions[item.code] for item in original))


def differences(study: Study) -> pd.DataFrame:
    """What the corrected variant changes: one row per change, columns of DIFFERENCES_FR, ready for `display.table`."""
    return _shown(_corrections(study).query("decision == 'corrige'"), study)


def kept_defects(study: Study) -> pd.DataFrame:
    """Defects that both variants keep, with the reason: `question`, `label_fr`, `field_fr`, `reason_fr`, `line`."""
    kept = _shown(_corrections(study).query("decision == 'conserve'"), study)
    return kept.drop(columns=["option", "before", "after"])


def option_labels(instrument: Instrument, study: Study) -> dict[tuple[str, str], str]:
    """Label of every answer of both variants by question and code, in the words of `instrument` where it offers it.

    A survey collected with one variant is read with the other: what people chose keeps its name.
    """
    return {
        (question.code, option.code): option.label_fr
        for variant in (*(load(known, study=study) for known in VARIANTS), instrument)
        for question in variant
        for option in question.options
    }


def evolution(study: Study) -> pd.DataFrame:
    """Questions by dimension in the first questionnaire, the interview guide and the final one (table 8).

    Returns one row per dimension and a total: `dimension`, `first`, `guide`, `final`.
    """
    counts = study.table("miller2022/question_counts")
    wide = counts.pivot_table(index="dimension", columns="questionnaire", values="value", aggfunc="sum")
    wide = wide.reindex(list(dimensions())).rename(columns={"premier": "first"})[["first", "guide", "final"]]
    wide.loc["total"] = wide.sum()
    return wide.astype("int64").rename_axis(columns=None).reset_index()


def _corrections(study: Study) -> pd.DataFrame:
    return study.table("coding/instrument_corrections")


def _shown(rows: pd.DataFrame, study: Study) -> pd.DataFrame:
    objects = study.table("miller2022/questions").set_index("question")["label_fr"]
    values = {**labels.codes("miller2022/question_options", "kind"), **dimensions(), **answer_types()}
    table = rows.assign(
        label_fr=rows["question"].map(objects),
        field_fr=rows["field"].map(labels.codes("coding/instrument_corrections", "field")),
        before=rows["before"].map(lambda value: values.get(value, value), na_action="ignore"),
        after=rows["after"].map(lambda value: values.get(value, value), na_action="ignore"),
    )
    for column in ("question", "label_fr", "before", "after"):
        table[column] = table[column].fillna("—")
    table["option"] = table["option"].astype("string").fillna("—")
    return table[list(DIFFERENCES_FR)].reset_index(drop=True)


def _apply(question: Question, row: Any) -> Question:
    if row.field == "option_added":
        kept = [*question.options, Option(str(row.option), row.after, row.option_kind, line=int(row.line))]
        return replace(question, options=tuple(sorted(kept, key=lambda option: _ORDER[option.kind])))
    if row.field == "option_removed":
        _expect(row, question.option(str(row.option)).label_fr)
        kept = [option for option in question.options if option.code != str(row.option)]
        return replace(question, options=tuple(kept))
    if row.field in _OPTION_FIELDS:
        attribute, cast = _OPTION_FIELDS[row.field]
        option = question.option(str(row.option))
        _expect(row, getattr(option, attribute))
        changed = replace(option, **{attribute: cast(row.after)})
        return replace(
            question, options=tuple(changed if item is option else item for item in question.options)
        )
    _expect(row, getattr(question, row.field))
    return replace(question, **{row.field: row.after})


_OPTION_FIELDS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "option_label": ("label_fr", str),
    "option_kind": ("kind", str),
    "option_upper": ("upper", int),
    "mission_status": ("mission_status", str),
}


def _expect(row: Any, found: object) -> None:
    wanted = None if pd.isna(row.before) else row.before
    if wanted != (None if found is None else str(found)):
        raise DataError(
            f"coding/instrument_corrections, ligne {row.correction} : la variante originale de {row.question} a « {found} » "
            f"et non « {wanted} ». Corrigez la colonne « before »."
        )
