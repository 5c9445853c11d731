"""What several roles answered to the same questions: profile, spread between people, consensus beside.

Users of care are never counted with the others: a total would give back a count under 11 that is masked. What is shown of
them is rounded to 5 before anything is computed, so that one user more between two reports does not give that user's answers
back. All results are long; masked numbers are missing and `state` says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import pandas as pd

from helpers.catalog import labels
from helpers.methods import disclosure, people
from helpers.survey.instrument import identity
from helpers.survey.instrument.submissions import ANSWERED, NOT_ASKED

THRESHOLD = 11
USERS, OTHERS = "usagers", "hors_usagers"
GROUPS_FR = {OTHERS: "Professionnels et institutions", USERS: "Usagers"}
_WAVE = ["cpts", "wave"]
# Steps of the share of questions that users answered.
_STEPS = 20
_PERSON = list(identity.COLUMNS)
# What pages say of it, as long as users answered.
PROTECTION_FR = (
    "Les usagers sont comptés à part. Leurs effectifs sont arrondis à 5 près et leurs parts sont calculées sur ces arrondis ; le "
    "nombre de leurs réponses différentes et leurs sommes de questions ne sont pas donnés. Est masqué ce qui montrerait, ou "
    "laisserait retrouver dans ces tableaux, de 1 à 10 usagers. Ne sont pas protégés : un usager de plus ou de moins entre deux "
    "rapports, quand il change un arrondi (une fois sur quatre environ) ; ce qu'un lecteur sait par ailleurs ; les réponses des "
    "professionnels et des institutions, qui sont montrées telles quelles, rôle par rôle."
)


def profile(answers: pd.DataFrame) -> pd.DataFrame:
    """Who answered: one row per CPTS, wave and role, in the order of the roles.

    Takes rows of `survey/answers`. Returns `cpts`, `wave`, `role`, `respondents` (people), `answered`, `unanswered`,
    `not_asked` (questions, summed over people), `completion` (answered / asked, 0 to 1) and `state`; for fewer than 11 users
    everything is missing and `state` is "masqué". For users `respondents` is rounded to 5, `completion` to a twentieth, and the
    sums are missing: less those of the report before, they would say how many questions the newcomer answered. `completion` is
    missing too when from 1 to 10 of them answered, left out or were not asked some question.
    """
    columns = [
        *_WAVE, "role", "respondents", "answered", "unanswered", "not_asked", "completion", "state",
    ]  # fmt: skip
    rows = []
    for (cpts, wave, role), part in _by(answers, [*_WAVE, "role"]):
        questions = part.drop_duplicates([*_PERSON, "question"])
        answered = int((questions["status"] == ANSWERED).sum())
        not_asked = int((questions["status"] == NOT_ASKED).sum())
        asked = len(questions) - not_asked
        present = part["respondent"].nunique()
        completion = answered / asked if asked else None
        figures: list[float | None] = [present, answered, asked - answered, not_asked, completion]
        hidden = role == identity.USERS and present < THRESHOLD
        if role == identity.USERS:
            by_status = questions.groupby(["question", "status"]).size()
            few = bool(by_status.between(1, THRESHOLD - 1).any())
            told = None if few or completion is None else round(completion * _STEPS) / _STEPS
            figures = [people.coarse(present), None, None, None, told]
        state = disclosure.MASKED if hidden else disclosure.PUBLISHED
        rows.append([cpts, wave, role, *([None] * 5 if hidden else figures), state])
    table = _typed(
        pd.DataFrame(rows, columns=columns), ["respondents", "answered", "unanswered", "not_asked"]
    )
    order = {role.code: rank for rank, role in enumerate(identity.ROLES)}
    return table.sort_values(
        [*_WAVE, "role"],
        key=lambda column: column.map(order) if column.name == "role" else column,
        ignore_index=True,
    )


def spread(answers: pd.DataFrame) -> pd.DataFrame:
    """How far people disagree: one row per CPTS, wave, question and group (users apart).

    Takes rows of `survey/answers`; the answer of one person is the set of options chosen, or the number, month or texts given
    (case and outer spaces do not count). Returns `n` (people who answered), `roles` (distinct roles among them), `roles_fr`,
    `modal_share` (share of people who gave the most frequent answer, 0 to 1: 1 is full agreement), `distinct` (different
    answers) and `state`. With one person `modal_share` is missing: nobody can agree alone. Masked for fewer than 11 users,
    or when 1 to 10 of them gave, or at most 10 did not give, the most frequent answer: `profile` counts them all. For users
    `n` is rounded to 5, `modal_share` is that of the rounded counts, and `distinct` is missing: it grows with one new answer.
    """
    columns = [
        *_WAVE, "question", "group", "n", "roles", "roles_fr", "modal_share", "distinct", "state",
    ]  # fmt: skip
    everyone = _grouped(answers)
    present = everyone.drop_duplicates(_PERSON).groupby([*_WAVE, "group"]).size()
    said = everyone[everyone["status"] == ANSWERED]
    named = labels.codes("survey/answers", "role")
    rows = []
    for (cpts, wave, group, question), told in _whole_answers(said).items():
        frequencies = Counter(tuple(sorted(answer)) for answer in told.values())
        n, modal, distinct = frequencies.total(), max(frequencies.values()), len(frequencies)
        theirs = {person[_PERSON.index("role")] for person in told}
        roles = [role.code for role in identity.ROLES if role.code in theirs]
        names = ", ".join(named[code] for code in roles)
        hidden = group == USERS and _gives_away([int(present[cpts, wave, group]), n], [modal])
        figures: list[object] = [n, len(roles), names, modal / n if n > 1 else None, distinct]
        if group == USERS:
            figures = [people.coarse(n), 1, names, people.coarse(modal) / people.coarse(n), None]
        state = disclosure.MASKED if hidden else disclosure.PUBLISHED
        kept = [None, None, named[identity.USERS], None, None] if hidden else figures
        rows.append([cpts, wave, question, group, *kept, state])
    table = _typed(pd.DataFrame(rows, columns=columns), ["n", "roles", "distinct"])
    return table.sort_values([*_WAVE, "question", "group"], key=_question_order, ignore_index=True)


def beside_consensus(spreads: pd.DataFrame, consensus: pd.DataFrame) -> pd.DataFrame:
    """Spread of each question with the value agreed upon after discussion beside it, never instead of the answers.

    Takes the result of `spread` and rows of `survey/consensus`. Returns the rows of `spread` with `consensus_options` (codes,
    joined by spaces), `consensus_value`, `decided_on` and `decided_by_fr`; missing where nothing was decided. Questions that were
    decided without any answer are added, with a missing spread.
    """
    keys = [*_WAVE, "question"]
    decided = (
        consensus.groupby(keys, sort=False)
        .agg(
            consensus_options=("option", lambda codes: " ".join(codes.dropna()) or pd.NA),
            consensus_value=("value", lambda texts: " ; ".join(texts.dropna()) or pd.NA),
            decided_on=("decided_on", "max"),
            decided_by_fr=("decided_by_fr", "first"),
        )
        .reset_index()
    )
    joined = spreads.merge(decided, on=keys, how="outer")
    return joined.sort_values([*keys, "group"], key=_question_order, ignore_index=True)


def _grouped(answers: pd.DataFrame) -> pd.DataFrame:
    users = answers["role"] == identity.USERS
    return answers.assign(group=users.map({True: USERS, False: OTHERS}))


def _by(answers: pd.DataFrame, columns: list[str]) -> Any:
    return answers.groupby(columns, sort=False)


def _gives_away(sizes: list[int], counts: list[int]) -> bool:
    """Whether a count of people is from 1 to 10, or what is left of its base at most 10.

    `sizes` goes from all who are there to those who answered (the base): each less the next is a count as well.
    """
    small, base = range(1, THRESHOLD), sizes[-1]
    lost = [before - after for before, after in pairwise(sizes)]
    return (
        base < THRESHOLD
        or any(n in small for n in lost)
        # That all say the same is said of nobody: the next report would tell who came and said otherwise.
        or any(n in small or base - n < THRESHOLD for n in counts)
    )


def _whole_answers(said: pd.DataFrame) -> dict[tuple[Any, ...], dict[tuple[Any, ...], list[tuple[str, str]]]]:
    """By CPTS, wave, group and question, then by person: all that this person chose and wrote, which is one answer."""
    asked = [*_WAVE, "group", "question"]
    rows = said.dropna(subset=asked)
    options = rows["option"].fillna("").astype(str)
    texts = rows["value"].fillna("").astype(str).str.strip().str.casefold()
    found: dict[tuple[Any, ...], dict[tuple[Any, ...], list[tuple[str, str]]]] = {}
    # pandas takes ten times longer on the few rows of each question.
    for key, person, given in zip(
        _cells(rows[name] for name in asked),
        _cells(rows[name] for name in _PERSON),
        _cells([options, texts]),
        strict=True,
    ):
        found.setdefault(key, {}).setdefault(person, []).append(given)
    return found


def _cells(columns: Iterable[pd.Series[Any]]) -> Iterator[tuple[Any, ...]]:
    return zip(*(column.to_numpy(dtype=object) for column in columns), strict=True)


def _question_order(column: Any) -> Any:
    return column.str.removeprefix("Q").astype(int) if column.name == "question" else column


def _typed(table: pd.DataFrame, counts: list[str]) -> pd.DataFrame:
    kinds = dict.fromkeys(counts, "Int64")
    kinds |= {column: "float64" for column in ("completion", "modal_share") if column in table}
    return table.astype(kinds)
