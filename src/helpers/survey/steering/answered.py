"""Answers as cells: one CPTS, one wave, one question, from a survey or from what a document lets us find again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.survey.instrument import Instrument, Question, option_labels
from helpers.survey.instrument.identity import COLUMNS as PERSON
from helpers.survey.instrument.identity import USERS
from helpers.survey.instrument.submissions import ANSWERED, NOT_ASKED

Labels = Mapping[tuple[str, str], str]
DIRECT, DERIVED, PARTIAL, DIVERGENT = "répondu", "déduit", "partiel", "réponses différentes"
SILENT, CONDITIONAL, ABSENT = "sans réponse", "non posée", "inconnu"
COLUMNS = ("cpts", "name_fr", "wave", "question", "state", "answer_fr", "options", "n")
# The five CPTS of the thesis were met once; the document is their only wave.
DOCUMENT_WAVE = "thèse 2022"
_STATUS = {"direct": DIRECT, "derive": DERIVED, "partiel": PARTIAL}
_SAID_AS = {"non_coche": "non", "prevu": "prévu"}


def from_document(instrument: Instrument, study: Study) -> pd.DataFrame:
    """Answers of CPTS A to E that the thesis lets us find again: one row per CPTS and question, all 42 of them.

    Columns `cpts`, `wave`, `question`, `state` (répondu: printed for that item; déduit: classed after a printed number;
    partiel: a neighbouring or incomplete notion; inconnu), `answer_fr` (labels of the instrument or our words), `options`
    (codes of ticked options), `n` (always one source), `name_fr` (of the CPTS). What is not found is unknown, never a "no".
    """
    table = study.table("miller2022/recovered_answers")
    letters = table["cpts"].drop_duplicates().sort_values().tolist()
    found = dict(iter(table.groupby(["cpts", "question"], sort=False)))
    rows: list[tuple[object, ...]] = []
    for letter in letters:
        for question in instrument:
            own = found.get((letter, question.code))
            if own is None:
                rows.append((letter, f"CPTS {letter}", DOCUMENT_WAVE, question.code, ABSENT, pd.NA, (), 0))
                continue
            states = [_STATUS[status] for status in own["status"]]
            # One partial piece makes the whole answer partial.
            state = next(item for item in (PARTIAL, DERIVED, DIRECT) if item in states)
            ticked = own[(own["state"] == "coche") & own["option"].notna()]
            said = " ; ".join(_piece(question, row) for row in own.itertuples(index=False))
            codes = tuple(str(code) for code in ticked["option"])
            rows.append((letter, f"CPTS {letter}", DOCUMENT_WAVE, question.code, state, said, codes, 1))
    return _cells(rows)


def from_answers(answers: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """Answers of a survey as cells: one row per CPTS, wave and question of the instrument. Users of care are left out.

    A CPTS for which users alone answered keeps its waves, with every question unknown.

    Takes rows of `survey/answers`. With several people `answer_fr` counts the options ("CLS 4/4 · ASV 1/4"); when they differ,
    `state` is "réponses différentes" and `options` is empty: no answer is chosen for them. `n` counts people who answered.
    """
    professionals = answers["role"] != USERS
    kept = answers[professionals | ~answers["cpts"].isin(answers.loc[professionals, "cpts"])]
    labels = option_labels(instrument, study)
    register = study.table("cpts/cpts", optional=True).dropna(subset=["name_fr"])
    names = dict(zip(register["cpts"], register["name_fr"], strict=True))
    rows: list[tuple[object, ...]] = []
    for (cpts, wave), part in kept.groupby(["cpts", "wave"], sort=True):
        by_question = dict(iter(part[part["role"] != USERS].groupby("question", sort=False)))
        for question in instrument:
            found = _survey_cell(by_question.get(question.code), question, labels)
            rows.append((cpts, names.get(cpts, f"CPTS {cpts}"), wave, question.code, *found))
    return _cells(rows)


def latest(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of the last wave of each CPTS (waves in alphabetical order, as 2025-11 and 2026-11 are)."""
    last = cells.groupby("cpts", sort=False)["wave"].transform("max")
    return cells[cells["wave"] == last].reset_index(drop=True)


def _survey_cell(
    rows: pd.DataFrame | None, question: Question, labels: Labels
) -> tuple[str, object, tuple[str, ...], int]:
    if rows is None:
        return ABSENT, pd.NA, (), 0
    said = rows[rows["status"] == ANSWERED]
    if said.empty:
        all_skipped = bool((rows["status"] == NOT_ASKED).all())
        return (CONDITIONAL if all_skipped else SILENT), pd.NA, (), 0
    given = _by_person(said)
    codes, _ = given[0]
    if len(given) == 1:
        return DIRECT, _said(question, given[0], labels), codes, 1
    agreed = len(set(given)) == 1
    text = counted(question, said, len(given), labels)
    return (DIRECT if agreed else DIVERGENT), text, codes if agreed else (), len(given)


def counted(question: Question, said: pd.DataFrame, base: int, labels: Labels) -> str:
    """What `base` people answered, in counts by option: "CLS 4/4 · ASV 1/4", the most chosen first, ties as offered.

    Takes the answered rows of one question. Free words are counted by field and never shown.
    """
    if question.closed or question.fields:
        votes = set(zip(*(said[column] for column in PERSON), said["option"].fillna(""), strict=True))
        chosen_by = Counter(option for *_, option in votes)
        offered = [option.code for option in question.options]
        order = sorted(chosen_by, key=lambda code: (-chosen_by[code], _rank(offered, code), code))
        named = [(chosen(question.code, [code], labels), chosen_by[code]) for code in order]
    elif question.answer_type == "texte":
        named = [("champ rempli", base)]
    else:
        values = said["value"].dropna().astype(str).str.strip().value_counts(sort=False)
        named = [(str(value), int(values[value])) for value in sorted(values.index)]
    return " · ".join(f"{name} {count}/{base}" for name, count in named)


def _rank(offered: list[str], code: str) -> int:
    return offered.index(code) if code in offered else len(offered)


def _by_person(said: pd.DataFrame) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Codes and texts that each person gave, by role then code of the person."""
    found: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    rows = zip(*(said[column] for column in ("role", "respondent", "option", "value")), strict=True)
    for role, person, option, value in rows:
        codes, texts = found.setdefault((role, person), ([], []))
        if pd.notna(option):
            codes.append(str(option))
        if pd.notna(value):
            texts.append(str(value).strip())
    return [
        (tuple(sorted(codes, key=lambda code: (len(code), code))), tuple(sorted(texts)))
        for _, (codes, texts) in sorted(found.items())
    ]


def chosen(question: str, codes: Iterable[str], labels: Labels) -> str:
    """Answers chosen to a question, in words; a code that no variant offers may be words of somebody: it is not repeated."""
    return french.listing([labels.get((question, code), "réponse hors du questionnaire") for code in codes])


def _said(question: Question, answer: tuple[tuple[str, ...], tuple[str, ...]], labels: Labels) -> str:
    codes, texts = answer
    if question.closed:
        return chosen(question.code, codes, labels)
    # Free words may name people: a report says how many fields were filled, not what they hold.
    if question.answer_type == "texte":
        return french.plural(len(texts), "champ rempli", "champs remplis")
    return french.listing(list(texts))


def _piece(question: Question, row: object) -> str:
    option, words, state = (getattr(row, name) for name in ("option", "answer_fr", "state"))
    parts = list(_words(question, option, words))
    printed = row.printed if pd.notna(row.printed) and not parts else ""  # type: ignore[attr-defined]
    said = [_SAID_AS[state]] if state in _SAID_AS else []
    return " : ".join([*said, *parts, *filter(None, [printed])])


def _words(question: Question, option: object, words: object) -> Iterator[str]:
    if pd.notna(option) and question.closed:
        yield question.option(str(option)).label_fr
    if pd.notna(words):
        yield str(words)


def _cells(rows: list[tuple[object, ...]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    kinds = {"answer_fr": "string", "n": "Int64"}
    return table.astype(kinds)
