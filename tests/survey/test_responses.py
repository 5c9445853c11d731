"""Spread between roles worked by hand, users never counted with the others, small counts of users masked."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from helpers.survey import instrument
from helpers.survey.instrument import responses
from helpers.survey.instrument.submissions import COLUMNS, Given, Submission, report
from tests.project import PROJECT

CORRECTED = instrument.load("corrected", study=PROJECT)
STAFF = [("coordination", "r1"), ("presidence", "r2"), ("infirmier", "r3"), ("cpam", "r4")]


def answers(people, cpts="a", wave="2026-11"):
    """Rows for `(role, respondent, {question: Given})`."""
    made = [
        Submission(row, {"cpts": cpts, "wave": wave, "role": role, "respondent": code}, given)
        for row, (role, code, given) in enumerate(people, start=2)
    ]
    found = report(made, CORRECTED)
    assert found.faults == []
    return found.rows


def chose(*codes, **texts):
    return Given(set(codes), texts)


STAFF_ANSWERS = answers(
    [
        (role, code, {"Q2": chose("1"), "Q30": chose(option), "Q5": chose(*boxes)})
        for (role, code), option, boxes in zip(STAFF, "2234", ("13", "31", "1", "13"), strict=True)
    ]
)


def users(number, yes):
    return answers(
        [("usager", f"u{rank}", {"Q34": chose("1" if rank < yes else "2")}) for rank in range(number)]
    )


def row(table, **where):
    for column, value in where.items():
        table = table[table[column] == value]
    assert len(table) == 1
    return table.iloc[0]


def test_spread_is_the_share_of_the_most_frequent_answer():
    table = responses.spread(STAFF_ANSWERS)
    full = row(table, question="Q2")
    assert (full["n"], full["roles"], full["modal_share"], full["distinct"]) == (4, 4, 1.0, 1)
    mixed = row(table, question="Q30")
    assert (mixed["n"], mixed["modal_share"], mixed["distinct"]) == (4, 0.5, 3)
    assert mixed["roles_fr"].startswith("Coordination de la CPTS, Présidence")


def test_order_of_boxes_is_no_disagreement():
    assert row(responses.spread(STAFF_ANSWERS), question="Q5")["modal_share"] == 0.75


def test_texts_differ_by_more_than_their_case():
    people = [
        ("coordination", "r1", {"Q17": chose(**{"1": "Médecin "})}),
        ("presidence", "r2", {"Q17": chose(**{"1": "médecin"})}),
        ("cpam", "r3", {"Q17": chose(**{"2": "médecin"})}),
    ]
    found = row(responses.spread(answers(people)), question="Q17")
    assert found["distinct"] == 2
    assert found["modal_share"] == pytest.approx(2 / 3)


def test_one_person_does_not_agree_alone():
    found = row(responses.spread(answers([("ars", "r1", {"Q30": chose("1")})])), question="Q30")
    assert found["n"] == 1
    assert pd.isna(found["modal_share"])


def test_profile_counts_people_and_questions():
    found = row(responses.profile(STAFF_ANSWERS), role="cpam")
    # 42 questions, Q28 not asked, three answered.
    assert (found["respondents"], found["answered"], found["unanswered"], found["not_asked"]) == (1, 3, 38, 1)
    assert found["completion"] == pytest.approx(3 / 41)
    assert responses.profile(STAFF_ANSWERS)["role"].tolist() == [role for role, _ in STAFF]


def test_few_users_are_masked_everywhere_and_counted_with_nobody():
    both = pd.concat([STAFF_ANSWERS, users(10, 4)])
    person = row(responses.profile(both), role="usager")
    assert person["state"] == "masqué"
    assert person[["respondents", "answered", "completion"]].isna().all()
    spread = responses.spread(both)
    hidden = row(spread, question="Q34", group="usagers")
    assert hidden[["n", "modal_share", "distinct"]].isna().all()
    assert spread[spread["group"] == "hors_usagers"].equals(
        responses.spread(STAFF_ANSWERS).set_axis(spread.index[spread["group"] == "hors_usagers"])
    )


@pytest.mark.parametrize(
    ("number", "yes", "shown"),
    [(22, 11, True), (22, 12, False), (22, 22, False), (22, 10, False), (11, 0, False)],
)
def test_enough_users_are_shown_unless_one_answer_or_its_rest_is_small(number, yes, shown):
    found = row(responses.spread(users(number, yes)), question="Q34")
    assert bool(pd.notna(found["n"])) is shown
    assert found["state"] == ("publié" if shown else "masqué")


@pytest.mark.parametrize("said", [6, 15])
def test_no_table_gives_back_the_few_users_of_another(said):
    # 22 users answer three questions, one of which only some of them: 6 who answered, or 7 who did not.
    given = answers(
        [
            (
                "usager",
                f"u{rank}",
                {"Q30": chose("1" if rank < 11 else "2"), "Q34": chose("1" if rank < 11 else "2")}
                | ({"Q37": chose("3")} if rank < said else {}),
            )
            for rank in range(22)
        ]
    )
    spread = responses.spread(given)
    person = row(responses.profile(given), role="usager")
    assert person["respondents"] == 20
    assert row(spread, question="Q37")["state"] == "masqué"
    assert row(spread, question="Q34")["n"] == 20
    # Otherwise answered - 22 - 22 would be `said`.
    assert person[["answered", "unanswered", "not_asked", "completion"]].isna().all()
    every = row(responses.profile(users(20, 20)), role="usager")
    assert pd.isna(every["answered"])
    assert every["completion"] == 0.05


def test_one_user_more_between_two_reports_rarely_gives_that_user_back():
    """18 questions, 20 surveys, 30 then 31 users: what the tables tell of the newcomer's answer (all 360 before rounding)."""
    draw = random.Random(5)
    codes = [item.code for item in CORRECTED if item.answer_type == "oui_non"][:18]
    codes += [item.code for item in CORRECTED if item.answer_type == "choix_unique" and not item.condition][
        : 18 - len(codes)
    ]
    told = tried = 0
    for _ in range(20):
        people = [
            ("usager", f"u{rank}", {code: chose(draw.choice(["1", "1", "2"])) for code in codes})
            for rank in range(30)
        ]
        before = _shown_of_users(answers(people))
        after = {
            said: _shown_of_users(
                answers([*people, ("usager", "u30", {code: chose(said) for code in codes})])
            )
            for said in ("1", "2")
        }
        for code in codes:
            tried += 1
            # What the newcomer said shows when one answer would leave another table than the other.
            told += after["1"].get(code) != after["2"].get(code)
        assert set(before) == set(after["1"]) == set(after["2"])
    print(f"usagers : {told} réponses devinées sur {tried}")
    assert tried == 360
    assert told <= 180


def _shown_of_users(given):
    """Each row that the report prints of users, by question."""
    spread = responses.spread(given)
    columns = ["n", "modal_share", "distinct", "state"]
    return {line["question"]: tuple(str(line[c]) for c in columns) for _, line in spread.iterrows()}


def test_who_was_not_asked_does_not_give_back_who_said_no():
    # Q37 is put to the 14 of 20 users who said yes to Q34: its base would give the 6 who said no.
    given = answers(
        [
            ("usager", f"u{rank}", {"Q34": chose("1" if rank < 14 else "2"), "Q37": chose("3")})
            for rank in range(20)
        ]
    )
    skipped = (given["question"] == "Q37") & given["respondent"].isin([f"u{rank}" for rank in range(14, 20)])
    given.loc[skipped, ["status", "option"]] = ["non_posee", None]
    assert row(responses.spread(given), question="Q37")["state"] == "masqué"


def test_consensus_stands_beside_the_answers():
    consensus = pd.DataFrame(
        {
            "cpts": ["a", "a", "a"],
            "wave": ["2026-11"] * 3,
            "question": ["Q30", "Q5", "Q5"],
            "option": ["2", "1", "3"],
            "value": pd.array([pd.NA] * 3, dtype="string"),
            "decided_on": pd.to_datetime(["2026-12-01"] * 3),
            "decided_by_fr": ["bureau"] * 3,
        }
    )
    spreads = responses.spread(STAFF_ANSWERS)
    found = responses.beside_consensus(spreads, consensus)
    assert found[spreads.columns].equals(spreads)
    assert row(found, question="Q5")["consensus_options"] == "1 3"
    assert row(found, question="Q30")["decided_by_fr"] == "bureau"
    assert pd.isna(row(found, question="Q2")["consensus_options"])


def test_no_answer_gives_empty_tables_with_their_columns():
    nothing = pd.DataFrame(columns=list(COLUMNS), dtype="string")
    assert responses.profile(nothing).empty
    assert list(responses.spread(nothing).columns)[:4] == ["cpts", "wave", "question", "group"]
