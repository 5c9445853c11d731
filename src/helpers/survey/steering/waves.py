"""Two waves of one CPTS: the same person, else the same role, and the value agreed upon, option by option.

Two rows are the same person when they have the same role and the same code of respondent. Users of care are compared nowhere:
a change of one of them would show what that person said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.survey.instrument import Instrument
from helpers.survey.instrument.identity import ROLES, USERS
from helpers.survey.instrument.submissions import ANSWERED

SAME_PERSON, SAME_ROLE, CONSENSUS = "même personne", "même rôle", "valeur retenue"
CHANGED, UNCHANGED, NEW, LOST = "changée", "inchangée", "nouvelle", "perdue"
NOT_COMPARABLE = "non comparable"
VERDICTS = (CHANGED, UNCHANGED, NEW, LOST)
COLUMNS = ("question", "basis", "role", "respondent", "n_before", "n_after", "before", "after", "change")
KEY = ["role", "respondent"]
# One answer in comparable form: how many people gave each option or value.
Votes = Counter[str]


def compare(
    answers: pd.DataFrame,
    consensus: pd.DataFrame,
    instrument: Instrument,
    cpts: str,
    first: str,
    second: str,
) -> pd.DataFrame:
    """What each person, role and discussion answered at both waves: one row per question and comparison.

    Takes rows of `survey/answers` and `survey/consensus`. Returns `question`, `basis` ("même personne"; "même rôle" when nobody
    of that role answered twice; "valeur retenue"), `role`, `respondent`, `n_before`, `n_after` (people), `before`, `after`
    (Counter of options or values) and `change`: changée, inchangée, nouvelle (answered at the second wave only), perdue (at the
    first only), or non comparable (that role is at one wave only). No row when the two waves are the same, nor when no
    professional answered at one of them: `compared` refuses a wave that is not there.
    """
    own = answers[(answers["cpts"] == cpts) & (answers["role"] != USERS)]
    sides = [own[own["wave"] == wave] for wave in (first, second)]
    if first == second or any(side.empty for side in sides):
        return pd.DataFrame(columns=list(COLUMNS))
    present = [set(side[KEY].itertuples(index=False, name=None)) for side in sides]
    fields = frozenset(question.code for question in instrument if question.fields)
    said = [_said(side[side["status"] == ANSWERED], fields) for side in sides]
    rows: list[tuple[Any, ...]] = []
    for role in (item.code for item in ROLES if any(who[0] == item.code for who in present[0] | present[1])):
        rows += _of_role(role, present, said, instrument)
    agreed = consensus[consensus["cpts"] == cpts]
    decided = [_agreed(agreed[agreed["wave"] == wave], fields) for wave in (first, second)]
    for question in instrument:
        before, after = (side.get(question.code, Counter()) for side in decided)
        if before or after:
            rows.append(
                (question.code, CONSENSUS, "", "", int(bool(before)), int(bool(after)), before, after,
                 _verdict(before, after))
            )  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _of_role(
    role: str,
    present: list[set[tuple[str, str]]],
    said: list[dict[tuple[str, str, str], Votes]],
    instrument: Instrument,
) -> Iterable[tuple[Any, ...]]:
    here = [{who for kind, who in side if kind == role} for side in present]
    twice = sorted(here[0] & here[1])
    for question in instrument:
        if twice:
            for who in twice:
                before, after = (side.get((question.code, role, who), Counter()) for side in said)
                if before or after:
                    yield (
                        question.code, SAME_PERSON, role, who, int(bool(before)), int(bool(after)), before, after,
                        _verdict(before, after),
                    )  # fmt: skip
            continue
        sides = [
            [votes for who in sorted(group) if (votes := side.get((question.code, role, who)))]
            for group, side in zip(here, said, strict=True)
        ]
        if not sides[0] and not sides[1]:
            continue
        before, after = (sum(side, Counter()) for side in sides)
        sizes = [len(side) for side in sides]
        verdict = _verdict(before, after, sizes) if all(here) else NOT_COMPARABLE
        yield question.code, SAME_ROLE, role, "", *sizes, before, after, verdict


def _verdict(before: Votes, after: Votes, sizes: Iterable[int] = (1, 1)) -> str:
    if not before or not after:
        return NEW if after else LOST
    # Shares and not counts: one nurse, then two who say the same, is no change.
    n_before, n_after = sizes
    same = {code: count * n_after for code, count in before.items()} == {
        code: count * n_before for code, count in after.items()
    }
    return UNCHANGED if same else CHANGED


def _said(rows: pd.DataFrame, fields: frozenset[str]) -> dict[tuple[str, str, str], Votes]:
    found: dict[tuple[str, str, str], Votes] = {}
    for row in rows.itertuples(index=False):
        votes = found.setdefault((row.question, row.role, row.respondent), Counter())
        votes[_vote(row, fields)] = 1
    return found


def _agreed(rows: pd.DataFrame, fields: frozenset[str]) -> dict[str, Votes]:
    found: dict[str, Votes] = {}
    for row in rows.itertuples(index=False):
        found.setdefault(row.question, Counter())[_vote(row, fields)] = 1
    return found


def _vote(row: Any, fields: frozenset[str]) -> str:
    text = "" if pd.isna(row.value) else " ".join(str(row.value).split()).casefold()
    if pd.isna(row.option):
        return text
    # What a field holds is the answer; what completes "autre" is not compared.
    return f"{row.option} {text}" if row.question in fields else str(row.option)
