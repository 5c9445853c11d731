"""Two waves compared person by person, role by role, option by option: known changes come back, and nothing else."""

from __future__ import annotations

import random

import pandas as pd
import pytest

from helpers import french
from helpers.page import figures
from helpers.survey import instrument, steering
from helpers.survey.instrument.identity import ROLES, group_of
from tests.project import PROJECT

COLUMNS = ["cpts", "wave", "role", "respondent", "question", "option", "value", "status"]
NOTHING_AGREED = pd.DataFrame(
    columns=["cpts", "wave", "question", "option", "value", "decided_on", "decided_by_fr"]
)
TEN = [role.code for role in ROLES if role.code not in ("usager", "autre")][:10]
CPTS = ("nord", "sud", "est")
QUESTIONNAIRE = instrument.load("corrected", study=PROJECT)
CLOSED = [question for question in QUESTIONNAIRE if question.closed and question.condition is None]


def frame(rows):
    return pd.DataFrame(rows, columns=COLUMNS).astype("string")


def scripted():
    """Answers of ten roles of three CPTS at two waves, and the changes written into them by (cpts, role, question)."""
    chance = random.Random(17)
    rows, changed = [], {}
    for cpts in CPTS:
        for role in TEN:
            who = f"{role}-1"
            for question in CLOSED:
                codes = [option.code for option in question.options if option.kind != "aucun"]
                wanted = chance.sample(codes, min(2, len(codes))) if question.multiple else [codes[0]]
                after = list(wanted)
                if chance.random() < 0.2:
                    other = chance.choice([code for code in codes if code not in wanted] or [None])
                    if other is not None:
                        after = [*wanted[1:], other]
                        changed[cpts, role, question.code] = ({other}, {wanted[0]})
                for wave, said in (("w1", wanted), ("w2", after)):
                    rows += [(cpts, wave, role, who, question.code, code, None, "repondu") for code in said]
    return frame(rows), changed


ANSWERS, CHANGED = scripted()


@pytest.mark.parametrize("cpts", CPTS)
def test_the_changes_written_into_the_answers_and_no_other_come_back(cpts):
    compared = steering.compare(ANSWERS, NOTHING_AGREED, QUESTIONNAIRE, cpts, "w1", "w2")
    assert len(compared) == len(TEN) * len(CLOSED)
    found = {
        (cpts, row.role, row.question): (set(row.after - row.before), set(row.before - row.after))
        for row in compared[compared["change"] == "changée"].itertuples()
    }
    assert found == {key: moves for key, moves in CHANGED.items() if key[0] == cpts}
    assert set(compared["change"]) == {"changée", "inchangée"}


@pytest.mark.parametrize("cpts", CPTS)
def test_the_table_and_the_text_of_the_picture_count_the_same_changes(cpts):
    compared = steering.compare(ANSWERS, NOTHING_AGREED, QUESTIONNAIRE, cpts, "w1", "w2")
    moves = {}
    for (where, role, question), (gained, lost) in CHANGED.items():
        if where == cpts:
            for code, side in [*((c, 0) for c in gained), *((c, 1) for c in lost)]:
                moves.setdefault((question, code), ([], []))[side].append(role)
    options = steering.by_option(compared, QUESTIONNAIRE, PROJECT)
    assert {
        (row.question, row.option): (row.gained, row.lost, row.after - row.before)
        for row in options.itertuples()
    } == {key: (len(gained), len(lost), len(gained) - len(lost)) for key, (gained, lost) in moves.items()}
    picture = figures.arrows(
        options,
        "T",
        label="label",
        first="before",
        second="after",
        first_title="w1",
        second_title="w2",
        unit="p",
    )
    for row in options.itertuples():
        assert french.typography(f"{row.label} : {row.before} puis {row.after}") in picture.alt
    questions = steering.by_question(compared, QUESTIONNAIRE, PROJECT)
    assert questions["changée"].sum() == sum(key[0] == cpts for key in CHANGED)
    roles = steering.by_role(compared).set_index("role")["changée"]
    for role in TEN:
        label = next(item.label_fr for item in ROLES if item.code == role)
        assert roles[label] == sum(key[:2] == (cpts, role) for key in CHANGED)


def test_another_person_of_the_same_role_is_compared_as_a_role_and_a_role_met_once_is_not():
    rows = frame(
        [
            ("x", "w1", "cpam", "a", "Q33", "1", None, "repondu"),
            ("x", "w2", "cpam", "b", "Q33", "2", None, "repondu"),
            ("x", "w1", "ars", "c", "Q34", "1", None, "repondu"),
        ]
    )
    compared = steering.compare(rows, NOTHING_AGREED, QUESTIONNAIRE, "x", "w1", "w2").set_index("role")
    assert compared.loc["cpam", ["basis", "change"]].tolist() == ["même rôle", "changée"]
    assert compared.loc["ars", "change"] == "non comparable"
    table = steering.by_question(compared.reset_index(), QUESTIONNAIRE, PROJECT).set_index("question")
    assert table.loc["Q33 · Choix du médecin", "what_fr"] == "Oui → Non (Caisse primaire (CPAM))"
    assert table.loc["Q34 · Lien avec le SAS", "what_fr"] == "non comparable"


def test_one_more_person_who_says_the_same_is_no_change():
    rows = [("x", "w1", "infirmier", "a", "Q33", "1", None, "repondu")]
    rows += [("x", "w2", "infirmier", who, "Q33", "1", None, "repondu") for who in ("b", "c")]
    compared = steering.compare(frame(rows), NOTHING_AGREED, QUESTIONNAIRE, "x", "w1", "w2")
    assert compared["change"].tolist() == ["inchangée"]


def test_answers_given_once_are_new_or_lost():
    rows = frame(
        [
            ("x", "w1", "cpam", "a", "Q33", "1", None, "repondu"),
            ("x", "w2", "cpam", "a", "Q33", None, None, "sans_reponse"),
            ("x", "w2", "cpam", "a", "Q7", None, "12", "repondu"),
        ]
    )
    compared = steering.compare(rows, NOTHING_AGREED, QUESTIONNAIRE, "x", "w1", "w2")
    assert dict(zip(compared["question"], compared["change"], strict=True)) == {
        "Q33": "perdue",
        "Q7": "nouvelle",
    }


def test_the_agreed_value_is_followed_and_users_are_not():
    rows = frame(
        [("x", wave, role, "a", "Q33", code, None, "repondu")
         for wave, code in (("w1", "1"), ("w2", "2")) for role in ("usager", "ars")]
    )  # fmt: skip
    agreed = pd.DataFrame(
        [
            ("x", "w1", "Q30", "3", None, None, "bureau"),
            ("x", "w2", "Q30", "2", None, None, "bureau"),
        ],
        columns=NOTHING_AGREED.columns,
    )
    compared = steering.compare(rows, agreed, QUESTIONNAIRE, "x", "w1", "w2")
    assert "usager" not in set(compared["role"])
    table = steering.by_question(compared, QUESTIONNAIRE, PROJECT).set_index("question")
    assert table.loc["Q30 · Force de l'élan", "consensus_fr"] == "Moyenne → Importante"


def test_free_words_are_never_told():
    rows = frame(
        [("x", wave, "ars", "a", "Q17", "1", name, "repondu") for wave, name in (("w1", "Untel"), ("w2", "Autrui"))]
    )  # fmt: skip
    compared = steering.compare(rows, NOTHING_AGREED, QUESTIONNAIRE, "x", "w1", "w2")
    assert compared["change"].tolist() == ["changée"]
    assert "ntel" not in steering.by_question(compared, QUESTIONNAIRE, PROJECT).to_csv()


def test_a_wave_without_answers_and_one_wave_alone_give_nothing_to_compare():
    for second in ("w1", "w9"):
        assert steering.compare(ANSWERS, NOTHING_AGREED, QUESTIONNAIRE, "nord", "w1", second).empty


def test_every_role_has_a_group_and_a_short_code_of_its_own():
    assert len({role.short for role in ROLES}) == len(ROLES) == 17
    assert all(len(role.short) <= 5 for role in ROLES)
    assert group_of("medecin") == group_of("sage_femme") != group_of("cpam")
