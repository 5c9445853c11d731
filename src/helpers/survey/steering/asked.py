"""The questionnaire itself, ready to show: its questions, its two variants, how it came about."""

from __future__ import annotations

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.survey.instrument import (
    VARIANTS,
    Instrument,
    Question,
    answer_types,
    constraints,
    differences,
    dimensions,
    evolution,
    kept_defects,
    load,
)

VARIANTS_FR = {
    "original": "questionnaire de la thèse",
    "corrected": "questionnaire corrigé par l'observatoire",
}
DEDUCED = "déduite"
EVOLUTION_FR = {
    "dimension": "Dimension",
    "first": "Premier questionnaire",
    "guide": "Guide d'entretien",
    "final": "Questionnaire final",
}
QUESTIONS_FR = {
    "question": "Question (nos mots)",
    "place": "Dimension et sous-dimension",
    "constraint": "Contrainte de l'action",
    "form": "Forme de la réponse",
    "line": "Ligne du texte",
}
CORRECTIONS_FR = {
    "question": "Question",
    "change": "Ce qui change",
    "before": "Variante originale",
    "after": "Variante corrigée",
    "reason_fr": "Raison (observatoire)",
    "line": "Ligne du texte",
}


def questions(instrument: Instrument) -> pd.DataFrame:
    """The questionnaire as a table to show (QUESTIONS_FR): one row per question, codes in French."""
    rows = [
        (
            f"{item.code} · {item.wording_fr}",
            f"{dimensions()[item.dimension]} : {item.subdimension_fr}",
            constraints()[item.constraint],
            _form(item, instrument.asked_if(item)),
            str(item.line),
        )
        for item in instrument
    ]
    return pd.DataFrame(rows, columns=list(QUESTIONS_FR))


def corrections(study: Study) -> pd.DataFrame:
    """What the corrected variant changes, as a table to show (CORRECTIONS_FR)."""
    return _corrections(differences(study))[list(CORRECTIONS_FR)]


def questionnaire(asked: str, answers: pd.DataFrame, study: Study) -> Instrument:
    """The variant `asked`; when it is DEDUCED, the one that offers most of the answers, and the printed one without answers.

    Raises UnknownName for another name.
    """
    if asked != DEDUCED:
        return load(asked, study=study)
    variants = {name: load(name, study=study) for name in VARIANTS}
    given = answers[["question", "option"]].dropna().drop_duplicates()

    def offered(instrument: Instrument) -> int:
        codes = {(question.code, option.code) for question in instrument for option in question.options}
        return sum(pair in codes for pair in given.itertuples(index=False, name=None))

    # As many in both: what `cpts instrument export` gives when nothing is asked.
    order = ("original", "corrected") if given.empty else ("corrected", "original")
    return max((variants[name] for name in order), key=offered)


def corrections_sentence(study: Study) -> str:
    """How many corrections make the corrected variant, on how many questions, in French: what the table under it holds."""
    table = differences(study)
    asked = table.loc[table["question"] != "—", "question"].nunique()
    return (
        f"La variante corrigée tient en {french.plural(len(table), 'correction')} sur {french.plural(asked, 'question')}, "
        "chacune avec sa raison ; la variante originale reste disponible."
    )


def kept(study: Study) -> pd.DataFrame:
    """Defects that both variants keep, as a table to show (CORRECTIONS_FR without the two variants)."""
    return _corrections(kept_defects(study))[["question", "change", "reason_fr", "line"]]


def evolution_table(study: Study) -> pd.DataFrame:
    """Questions by dimension in the three versions of the questionnaire, dimensions in French (EVOLUTION_FR)."""
    table = evolution(study)
    return table.assign(dimension=table["dimension"].map({**dimensions(), "total": "Ensemble"}))


def evolution_bars(study: Study) -> pd.DataFrame:
    """The counts of `evolution_table` for `figures.stacked_bars`: one row per version, one column per dimension in French."""
    counts = evolution_table(study).set_index("dimension").drop(index="Ensemble").T
    return counts.rename(index=EVOLUTION_FR).rename_axis(index="step", columns=None).reset_index()


def evolution_caption(study: Study) -> str:
    """Title of that figure: how many questions the first version had, the guide and the last one."""
    first, guide, final = (
        evolution_table(study).set_index("dimension").loc["Ensemble", ["first", "guide", "final"]]
    )
    return f"De {first} à {final} questions, en passant par un guide de {guide}"


def _corrections(table: pd.DataFrame) -> pd.DataFrame:
    option = table["option"] if "option" in table else pd.Series("—", index=table.index)
    change = table["field_fr"].where(option == "—", table["field_fr"] + " (code " + option + ")")
    whole = table["question"] == "—"
    heads = (table["question"] + " · " + table["label_fr"]).where(~whole, "Tout le questionnaire")
    return table.assign(question=heads, change=change, line=table["line"].astype(str))


def _form(question: Question, asked_if: str) -> str:
    offered = len(question.options) if question.closed or question.fields else 0
    form = answer_types()[question.answer_type]
    if offered and question.answer_type != "oui_non":
        form += (
            f", {french.plural(offered, 'réponse') if question.closed else french.plural(offered, 'champ')}"
        )
    return f"{form}. Posée si {asked_if}" if asked_if else form
