"""The matrix of constraints as the thesis draws it, three dimensions by three constraints, each cell with its content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from helpers import french
from helpers.catalog import Study
from helpers.catalog import labels as names
from helpers.survey.instrument import (
    Instrument,
    Question,
    constraints,
    dimensions,
    matrix,
    option_labels,
)
from helpers.survey.instrument.identity import COLUMNS as PERSON
from helpers.survey.instrument.identity import ROLES, USERS
from helpers.survey.instrument.submissions import ANSWERED
from helpers.survey.steering.answered import Labels, chosen

PRESENT, PLANNED, ABSENT_LEVER, LEVEL = "présent", "prévu", "absent", "réponse"
STATES_FR = {PRESENT: "Présents", PLANNED: "Prévus", ABSENT_LEVER: "Absents", LEVEL: "Réponses"}
COLUMNS = ("question", "state", "label", "n", "base", "dissent_fr")
NO_QUESTION_FR = "aucune question de l’outil"
NO_ANSWER_FR = "aucune réponse"
SPLIT_FR = "avis partagés"
# What a cell can hold and still be read on one page; the file has everything.
_MOST = {PRESENT: 3, PLANNED: 2, ABSENT_LEVER: 2, LEVEL: 3}
_MOST_DISSENT = 1  # questions whose minority is named; beyond, only the questions are
_MOST_ROLES = 2


_Person = tuple[str, ...]


@dataclass(frozen=True)
class _Tally:
    """Answers to one question: units that answered, that chose each option, that plan it; roles and votes of people."""

    base: int
    chose: dict[str, int]
    planned: dict[str, int] = field(default_factory=dict)
    people: dict[_Person, str] = field(default_factory=dict)
    votes: dict[str, set[_Person]] = field(default_factory=dict)


def levers(answers: pd.DataFrame, instrument: Instrument, study: Study, cpts: str, wave: str) -> pd.DataFrame:
    """Levers of each question for one CPTS and wave, as its professionals and institutions answered (users are left out).

    Returns one row per lever: `question`, `state` (présent: somebody says so; prévu; absent: nobody does; réponse: a level,
    not a lever), `label`, `n` (people who say so), `base` (people who answered) and `dissent_fr` (roles of the minority on that
    question, "" when all agree).
    """
    own = answers[(answers["cpts"] == cpts) & (answers["wave"] == wave) & (answers["role"] != USERS)]
    said = own[own["status"] == ANSWERED]
    tallies = {str(code): _counted(part) for code, part in said.groupby("question", sort=False)}
    return _levers(tallies, instrument, study)


def levers_of_document(instrument: Instrument, study: Study) -> pd.DataFrame:
    """The same for CPTS A to E of the thesis: `n` and `base` count CPTS whose answer is found, never a neighbouring notion.

    What the text says to be planned is counted as such, whatever the question offers.
    """
    table = study.table("miller2022/recovered_answers")
    partial = table[(table["status"] == "partiel") & (table["state"] != "prevu")]
    hinted = set(zip(partial["cpts"], partial["question"], strict=True))
    known = table[[key not in hinted for key in zip(table["cpts"], table["question"], strict=True)]]
    tallies = {}
    for code, part in known.groupby("question", sort=False):
        ticked = part[(part["state"] == "coche") & part["option"].notna()].drop_duplicates(["cpts", "option"])
        planned = part[part["state"] == "prevu"].drop_duplicates(["cpts", "option"])
        tallies[str(code)] = _Tally(
            part["cpts"].nunique(),
            {str(key): int(value) for key, value in ticked["option"].astype("string").value_counts().items()},
            {
                str(key): int(value)
                for key, value in planned["option"].astype("string").fillna("").value_counts().items()
            },
        )
    return _levers(tallies, instrument, study)


def constraint_matrix(found: pd.DataFrame, instrument: Instrument, study: Study) -> pd.DataFrame:
    """The 3 × 3 matrix: one row per dimension, one column per constraint, every cell the ready HTML of its items.

    Takes the result of `levers`. An item that no question describes says so: it is a gap of the tool.
    """
    items = matrix(study)
    rows = []
    for dimension, name in dimensions().items():
        row: dict[str, str] = {"dimension": name}
        for constraint, head in constraints().items():
            inside = items[(items["dimension"] == dimension) & (items["constraint"] == constraint)]
            row[head] = "".join(
                _item(str(label), part, found) for label, part in inside.groupby("label_fr", sort=False)
            )
        rows.append(row)
    return pd.DataFrame(rows)


def unasked(study: Study) -> list[str]:
    """Items of the matrix that no question of the tool describes."""
    items = matrix(study)
    return [str(name) for name in items.loc[items["question"].isna(), "label_fr"].drop_duplicates()]


def gap_sentence(study: Study) -> str:
    """Which of the constraints of the matrix have no question, in French."""
    total, missing = matrix(study)["item"].nunique(), unasked(study)
    return (
        f"{french.number(len(missing))} des {french.number(total)} contraintes de la matrice n'ont aucune question "
        f"({french.listing(missing)}) : l'outil ne dira rien d'elles, quelles que soient les réponses."
    )


def _counted(said: pd.DataFrame) -> _Tally:
    people: dict[_Person, str] = {}
    votes: dict[str, set[_Person]] = {}
    who = zip(*(said[column] for column in PERSON), strict=True)
    for person, role, option in zip(who, said["role"], said["option"].fillna(""), strict=True):
        people.setdefault(person, role)
        votes.setdefault(str(option), set()).add(person)
    counts = {code: len(mine) for code, mine in votes.items()}
    return _Tally(len(people), counts, people=people, votes=votes)


def _levers(tallies: dict[str, _Tally], instrument: Instrument, study: Study) -> pd.DataFrame:
    labels = option_labels(instrument, study)
    reach = study.table("coding/planned_options").set_index(["question", "option"])["reach"].to_dict()
    rows: list[tuple[Any, ...]] = []
    for question in instrument:
        tally = tallies.get(question.code)
        if tally is None or not tally.base:
            continue
        dissent = _dissent(tally)
        for state, label, n in _of_question(question, tally, labels, reach):
            rows.append((question.code, state, label, n, tally.base, dissent))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_question(
    question: Question, tally: _Tally, labels: Labels, reach: dict[tuple[str, str], str]
) -> Iterable[tuple[str, str, int]]:
    for code, n in tally.planned.items():
        yield PLANNED, chosen(question.code, [code], labels) if code else question.label_fr, n
    if not question.closed:
        yield LEVEL, f"{question.label_fr} : renseigné", tally.base - sum(tally.planned.values())
        return
    negative = {option.code for option in question.options if option.kind == "aucun"}
    if question.answer_type == "oui_non":
        # Themes of the other variant are a yes.
        no = {option.code for option in question.options[1:]}
        yes = tally.base - max((tally.chose.get(code, 0) for code in no), default=0)
        yield (PRESENT if yes else ABSENT_LEVER), _as_far(question, "1", question.label_fr, reach), yes
        return
    codes = [option.code for option in question.options]
    codes += sorted(code for code in tally.chose if code not in codes)
    a_level = not question.multiple and not negative
    if not question.multiple and not any(n for code, n in tally.chose.items() if code not in negative):
        if not tally.planned:
            yield ABSENT_LEVER, question.label_fr, 0
        return
    for code in codes:
        n = tally.chose.get(code, 0)
        said = _as_far(question, code, chosen(question.code, [code], labels), reach)
        if code in negative or (not n and (not question.multiple or code in tally.planned)):
            continue
        # That nobody wrote an answer of their own is no lever that is missing.
        if not n and question.other is not None and code == question.other.code:
            continue
        if reach.get((question.code, code)) == "prevu":
            if n:
                yield PLANNED, question.label_fr if not question.multiple else said, n
        elif a_level:
            yield LEVEL, f"{question.label_fr} : {said}", n
        else:
            alone = said if question.multiple else f"{question.label_fr} : {said}"
            yield (PRESENT if n else ABSENT_LEVER), alone, n


def _as_far(question: Question, code: str, label: str, reach: dict[tuple[str, str], str]) -> str:
    return f"{label} (fait ou prévu)" if reach.get((question.code, code)) == "fait_ou_prevu" else label


def _dissent(tally: _Tally) -> str:
    """Roles of the people in the minority on some option, with how many of them ("1/4") when the role is split.

    "avis partagés" when two halves face each other, or when everybody is in the minority somewhere: there is then no majority.
    """
    everyone, found = set(tally.people), set[_Person]()
    for mine in tally.votes.values():
        if 2 * len(mine) == len(everyone):
            return SPLIT_FR
        found |= mine if 2 * len(mine) < len(everyone) else everyone - mine
    if found and found == everyone:
        return SPLIT_FR
    present, apart = Counter(tally.people.values()), Counter(tally.people[person] for person in found)
    said = [
        names.label("survey/answers", "role", role.code)
        + (f" {apart[role.code]}/{present[role.code]}" if apart[role.code] < present[role.code] else "")
        for role in ROLES
        if apart[role.code]
    ]
    more = len(said) - _MOST_ROLES
    return ", ".join(said[:_MOST_ROLES]) + (f" et {french.plural(more, 'autre')}" if more > 0 else "")


def _item(label: str, part: pd.DataFrame, found: pd.DataFrame) -> str:
    asked = part["question"].dropna().tolist()
    if not asked:
        lines = [f"<em>{escape(NO_QUESTION_FR)}</em>"]
    else:
        own = _told_apart(found[found["question"].isin(asked)])
        lines = [*_lines(own), *_disagreeing(own)] or [f"<em>{escape(NO_ANSWER_FR)}</em>"]
    return f'<p class="item"><strong>{escape(label)}</strong><br>{"<br>".join(lines)}</p>'


def _told_apart(own: pd.DataFrame) -> pd.DataFrame:
    """The rows with their question after a label that two questions share ("DAC" identified, and met)."""
    shared = own.groupby("label")["question"].transform("nunique") > 1
    return own.assign(label=own["label"].where(~shared, own["label"] + " (" + own["question"] + ")"))


def _lines(own: pd.DataFrame) -> Iterable[str]:
    for state, title in STATES_FR.items():
        if state == LEVEL:
            yield from _levels(own[own["state"] == LEVEL])
            continue
        part = own[own["state"] == state].sort_values("n", ascending=False, kind="stable")
        if part.empty:
            continue
        shown = part.head(_MOST[state])
        said = [
            row.label if state == ABSENT_LEVER else f"{row.label} {row.n}/{row.base}"
            for row in shown.itertuples(index=False)
        ]
        more = len(part) - len(shown)
        text = " · ".join(said) + (f" · et {more} de plus" if more else "")
        yield f"{title} : {escape(french.typography(text))}"


def _levels(part: pd.DataFrame) -> Iterable[str]:
    """Levels of each question on one line, its object said once: "Élan : Moyenne 2/5, Faible 1/5"."""
    for _, own in part.groupby("question", sort=False):
        ranked = own.sort_values("n", ascending=False, kind="stable")
        named, _, first = str(ranked["label"].iloc[0]).partition(" : ")
        said = [
            f"{str(row.label).partition(' : ')[2]} {row.n}/{row.base}"
            for row in ranked.itertuples(index=False)
        ]
        more = len(said) - _MOST[LEVEL]
        text = ", ".join(said[: _MOST[LEVEL]]) + (f" et {more} de plus" if more > 0 else "")
        yield escape(french.typography(f"{named} : {text}" if first else named))


def _disagreeing(own: pd.DataFrame) -> Sequence[str]:
    split = own[own["dissent_fr"] != ""].drop_duplicates("question")
    told = len(split) <= _MOST_DISSENT
    said = [
        f"{row.question} ({row.dissent_fr})" if told else row.question
        for row in split.itertuples(index=False)
    ]
    joined = (" ; " if told else ", ").join(said)
    return [f"<em>Désaccord : {escape(french.typography(joined))}</em>"] if said else []
