"""Answers to the steering questionnaire: unknown is never "no", people who differ are never averaged, no index unasked."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable, UnknownName, UsageError
from helpers.survey import instrument, steering
from helpers.survey.steering import answered
from helpers.survey.steering.index import positions as index_positions
from tests.project import PROJECT

COLUMNS = ["cpts", "wave", "role", "respondent", "question", "option", "value", "status"]


def answers(*rows):
    """Rows (wave, role, respondent, question, option, value, status) of the CPTS "x"."""
    return pd.DataFrame([("x", *row) for row in rows], columns=COLUMNS).astype("string")


@pytest.fixture(scope="module")
def questionnaire():
    return instrument.load(study=PROJECT)


@pytest.fixture(scope="module")
def document(questionnaire):
    return steering.from_document(questionnaire, PROJECT)


@pytest.fixture
def two_waves(questionnaire):
    rows = answers(
        ("w1", "coordination", "r1", "Q2", "2", None, "repondu"),
        ("w1", "coordination", "r1", "Q30", "4", None, "repondu"),
        ("w1", "coordination", "r1", "Q7", None, "12", "repondu"),
        ("w2", "coordination", "r1", "Q2", "1", None, "repondu"),
        ("w2", "coordination", "r1", "Q30", "2", None, "repondu"),
        ("w2", "presidence", "r2", "Q30", "3", None, "repondu"),
        ("w2", "coordination", "r1", "Q38", "1", None, "repondu"),
        ("w2", "coordination", "r1", "Q28", None, None, "non_posee"),
        ("w2", "coordination", "r1", "Q4", None, None, "sans_reponse"),
        ("w2", "usager", "u1", "Q4", "1", None, "repondu"),
    )
    return steering.from_answers(rows, questionnaire, PROJECT)


def cell(cells, question, wave="w2"):
    return cells[(cells["question"] == question) & (cells["wave"] == wave)].iloc[0]


def test_every_cell_of_the_document_is_there_once(document):
    table = PROJECT.table("miller2022/recovered_answers")
    assert len(document) == 42 * 5
    assert not document.duplicated(["cpts", "question"]).any()
    known = document[document["state"] != answered.ABSENT]
    assert set(zip(known["cpts"], known["question"], strict=True)) == set(
        zip(table["cpts"], table["question"], strict=True)
    )
    assert document.loc[document["state"] == answered.ABSENT, "answer_fr"].isna().all()


def test_one_partial_piece_makes_the_answer_partial(document):
    table = PROJECT.table("miller2022/recovered_answers")
    partial = table.loc[table["status"] == "partiel", ["cpts", "question"]].drop_duplicates()
    states = document.merge(partial)["state"]
    assert len(states) == len(partial)
    assert set(states) == {answered.PARTIAL}


def test_a_survey_cell_says_its_state(two_waves):
    assert cell(two_waves, "Q2")["answer_fr"] == "CPTS en fonctionnement"
    assert cell(two_waves, "Q7", "w1")["answer_fr"] == "12"
    assert cell(two_waves, "Q28")["state"] == answered.CONDITIONAL
    assert cell(two_waves, "Q1")["state"] == answered.ABSENT


def test_people_who_differ_are_all_shown(two_waves):
    found = cell(two_waves, "Q30")
    assert (found["state"], found["n"], found["options"]) == (answered.DIVERGENT, 2, ())
    assert found["answer_fr"] == "Importante 1/2 · Moyenne 1/2"


def test_users_are_left_out(two_waves):
    assert cell(two_waves, "Q4")["state"] == answered.SILENT


def test_free_words_are_counted_and_not_shown(questionnaire):
    rows = answers(("w1", "coordination", "r1", "Q17", "1", "Madame Untel, médecin", "repondu"))
    said = cell(steering.from_answers(rows, questionnaire, PROJECT), "Q17", "w1")["answer_fr"]
    assert "Untel" not in said
    assert said.replace("\u00a0", " ") == "1 champ rempli"


def test_each_question_is_in_the_descriptive_tables_or_told_as_unknown(document, questionnaire):
    tables = [steering.descriptive(document, questionnaire, name) for name in instrument.dimensions()]
    shown = {text.split(" · ")[0] for table in tables for text in table["question"]}
    told = steering.unknown_sentence(document, questionnaire)
    unknown = set(re.findall(r"Q\d+", told))
    assert shown | unknown == {question.code for question in questionnaire}
    assert not shown & unknown
    assert told.startswith(f"{len(unknown)}\u00a0questions n'ont de réponse connue")
    assert not any((table.drop(columns="question") == answered.ABSENT).all(axis=1).any() for table in tables)
    created = tables[0].set_index("question").filter(like="Q1 ·", axis=0)
    assert "février 2019" in created.to_numpy(), "a month is said as everywhere else"
    with pytest.raises(UnknownName, match="processus"):
        steering.descriptive(document, questionnaire, "procesus")


def test_an_unknown_wave_or_cpts_is_refused(two_waves, questionnaire):
    with pytest.raises(NotComputable, match="« w9 »"):
        steering.compared(two_waves, "x", "w9")
    with pytest.raises(UnknownName):
        steering.compared(two_waves, "y")
    assert steering.compared(two_waves) == ("x", "w1", "w2")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("struct=1", "« struct » inconnue"),
        ("structure=un", "« un » n'est pas un nombre"),
        ("structure=-1", "positif ou nul"),
        ("structure=nan", "positif ou nul"),
        ("structure=1;structure=2", "a deux poids"),
        ("structure=0;processus=0", "au moins doit être positif"),
    ],
)
def test_bad_weights_are_refused(text, sentence):
    with pytest.raises(UsageError, match=sentence):
        steering.weights(text)


def test_no_index_unless_asked():
    assert steering.weights("") == {}
    assert steering.weights("structure=1; processus=0,5") == {"structure": 1.0, "processus": 0.5}
    assert steering.weights("structure 1 ; resultats 2") == {"structure": 1.0, "resultats": 2.0}


def index_cells(questionnaire):
    rows = answers(
        ("w", "coordination", "r", "Q2", "1", None, "repondu"),  # structure: most advanced, 1
        ("w", "coordination", "r", "Q27", "1", None, "repondu"),  # structure, other direction: 0
        ("w", "coordination", "r", "Q30", "3", None, "repondu"),  # process: middle, 0.5
        ("w", "coordination", "r", "Q6", "4", None, "repondu"),  # no favourable direction: not used
    )
    return steering.from_answers(rows, questionnaire, PROJECT)


def test_the_index_is_the_weighted_mean_by_hand(questionnaire):
    found = steering.index(
        index_cells(questionnaire), questionnaire, {"structure": 1, "processus": 3}, PROJECT
    ).iloc[0]
    assert found["structure"] == pytest.approx(0.5)
    assert found["questions"] == 3
    assert found["value"] == pytest.approx((1 * 0.5 + 3 * 0.5) / 4)


def test_a_weighted_dimension_without_answer_leaves_no_index(questionnaire):
    found = steering.index(
        index_cells(questionnaire), questionnaire, {"structure": 1, "resultats": 1}, PROJECT
    ).iloc[0]
    assert np.isnan(found["value"])


def test_sensitivity_lies_between_the_dimensions(questionnaire, document):
    cells = index_cells(questionnaire)
    cells.loc[cells["question"] == "Q27", "state"] = answered.ABSENT
    found = steering.sensitivity(
        cells, questionnaire, {"structure": 1, "processus": 1}, PROJECT, draws=4_000
    ).iloc[0]
    # Two weights uniform on the simplex: the index is uniform between the two dimensions (0.5 and 1).
    assert found["lower"] == pytest.approx(0.525, abs=0.01)
    assert found["upper"] == pytest.approx(0.975, abs=0.01)
    alone = steering.sensitivity(document, questionnaire, {"structure": 1}, PROJECT).dropna(subset=["value"])
    # With one weight nothing is drawn: a range of no width would be a false certainty.
    assert alone[["lower", "upper"]].isna().to_numpy().all()
    assert set(alone["weights_fr"]) == {"non testée"}
    assert found["weights_fr"] == "testée"


def test_sensitivity_to_each_question(questionnaire):
    cells = index_cells(questionnaire)
    row = steering.sensitivity(cells, questionnaire, {"structure": 1}, PROJECT).iloc[0]
    answers = index_positions(cells, questionnaire, PROJECT)
    places = answers.loc[answers["dimension"] == "structure", "position"].tolist()
    # A question of another dimension leaves the index as it is.
    left = [
        *(np.mean(places[:i] + places[i + 1 :]) for i in range(len(places)) if len(places) > 1),
        row["value"],
    ]
    assert (row["dropped_lower"], row["dropped_upper"]) == pytest.approx((min(left), max(left)))


def test_the_orientation_names_only_single_answers(questionnaire):
    table = PROJECT.table("coding/index_orientation")
    kinds = {questionnaire.question(code).answer_type for code in table["question"]}
    assert kinds == {"choix_unique", "oui_non"}


def test_disagreement_has_people_roles_and_the_agreed_value(questionnaire):
    rows = answers(
        ("w", "coordination", "r1", "Q30", "1", None, "repondu"),
        ("w", "presidence", "r2", "Q30", "2", None, "repondu"),
        ("w", "infirmier", "r3", "Q30", "2", None, "repondu"),
        ("w", "coordination", "r1", "Q2", "1", None, "repondu"),
    )
    agreed = PROJECT.table("survey/consensus", optional=True)
    agreed.loc[0, ["cpts", "wave", "question", "option"]] = ["x", "w", "Q30", "2"]
    table = steering.disagreement(rows, agreed, questionnaire, "x", "w", study=PROJECT)
    row = table.iloc[0]
    assert len(table) == 1
    assert (row["n"], row["dissent_fr"], row["consensus_options"]) == (
        3,
        "Coordination de la CPTS",
        "Importante",
    )
    assert "users" not in table
    assert row["modal_share"] == 67


def test_the_questions_that_are_the_most_disputed_are_told_together(questionnaire):
    rows = answers(
        *(("w", role, role, question, code, None, "repondu")
          for question in ("Q30", "Q33") for role, code in (("cpam", "1"), ("ars", "2"))),
    )  # fmt: skip
    table = steering.disagreement(
        rows, PROJECT.table("survey/consensus", optional=True), questionnaire, "x", "w", study=PROJECT
    )
    said = steering.agreement_sentence(table, "X", "mai 2026").replace("\u202f", " ").replace("\u00a0", " ")
    assert "les plus disputées sont Q30 · Force de l'élan et Q33 · Choix du médecin, où" in said
    assert "50 % des 2 personnes" in said


def test_a_survey_says_questions_answered_by_anybody_and_not_answers(questionnaire):
    one = answers(("w", "cpam", "a", "Q30", "1", None, "repondu"))
    said = steering.sentence(steering.from_answers(one, questionnaire, PROJECT)).replace("\u00a0", " ")
    assert said.startswith(
        "L'enquête donne au moins une réponse à 1 question sur 42 (2 %) ; 41 n'ont aucune ligne"
    )
    two = answers(*((wave, "cpam", "a", "Q30", "1", None, "repondu") for wave in ("v", "w")))
    said = steering.sentence(steering.from_answers(two, questionnaire, PROJECT)).replace("\u00a0", " ")
    assert "2 questions sur 84 (2 %), 42 par CPTS et par vague" in said


def test_the_sentence_counts(document):
    said = steering.sentence(document).replace("\u202f", " ").replace("\u00a0", " ")
    assert "42 des 210 réponses possibles (20 %)" in said
    assert "plus 34 indices" in said
    assert "134 autres" in said


def test_few_users_are_said_to_be_masked(questionnaire):
    rows = answers(*(("w", "usager", f"u{number}", "Q30", "1", None, "repondu") for number in range(4)))
    empty = PROJECT.table("survey/consensus", optional=True)
    table = steering.disagreement(rows, empty, questionnaire, "x", "w", study=PROJECT)
    assert len(table) == 1, "users do not double the rows"
    assert table.iloc[0]["users"] == "masqué"
    assert table.iloc[0]["n"] == 0
    assert steering.respondents(rows, PROJECT).iloc[0]["respondents"] == "masqué"
    some = answers(
        *(
            ("w", "usager", f"u{number}", "Q30", "1", None, "repondu" if number < 6 else "sans_reponse")
            for number in range(20)
        )
    )
    told = steering.respondents(some, PROJECT).iloc[0]
    assert told["respondents"] == 20
    assert (told[["answered", "unanswered", "not_asked", "completion"]] == "masqué").all()


def test_an_answer_of_the_other_variant_keeps_its_name(questionnaire):
    """Q37 offers yes or no when printed, themes when corrected: a survey of one must not stop a report on the other."""
    rows = answers(
        ("w1", "coordination", "r1", "Q37", "4", None, "repondu"),
        ("w1", "coordination", "r1", "Q2", "99", None, "repondu"),
    )
    cells = steering.from_answers(rows, questionnaire, PROJECT)
    assert cell(cells, "Q37", "w1")["answer_fr"] == "Dépistage des cancers"
    assert cell(cells, "Q2", "w1")["answer_fr"] == "réponse hors du questionnaire"
    assert steering.index(cells, questionnaire, {"structure": 1.0, "processus": 1.0}, PROJECT)[
        "questions"
    ].tolist() == [0]
    corrected = steering.from_answers(
        answers(("w1", "coordination", "r1", "Q37", "1", None, "repondu")),
        instrument.load("corrected", study=PROJECT),
        PROJECT,
    )
    assert cell(corrected, "Q37", "w1")["answer_fr"] == "Oui"


def test_a_cpts_that_users_alone_answered_for_is_unknown_and_not_lost(questionnaire):
    rows = answers(*[("w1", "usager", f"u{rank}", "Q4", "1", None, "repondu") for rank in range(3)])
    cells = steering.from_answers(rows, questionnaire, PROJECT)
    assert len(cells) == 42
    assert set(cells["state"]) == {answered.ABSENT}
    assert steering.compared(cells) == ("x", "w1", "w1")


def test_agreement_without_two_answers_is_said_for_what_it_is(questionnaire):
    alone = answers(("w1", "coordination", "r1", "Q2", "1", None, "repondu"))
    nothing = pd.DataFrame(
        columns=["cpts", "wave", "question", "option", "value", "decided_on", "decided_by_fr"]
    )
    assert steering.disagreement(alone, nothing, questionnaire, "x", "w1", study=PROJECT).empty
    said = steering.no_disagreement(alone, "x", "w1")
    assert "aucune question n'a reçu la réponse d'au moins deux personnes" in said
    assert "survey/answers" not in said
    assert steering.no_disagreement(alone.iloc[:0], "x", "w1") == "", (
        "without a survey the section is left out"
    )


def test_values_agreed_upon_without_answers_are_no_figure(questionnaire):
    """Everybody left the questions blank, a meeting decided: a table, and nothing to draw."""
    blank = answers(("w1", "coordination", "r1", "Q4", None, None, "sans_reponse"))
    decided = pd.DataFrame(
        [("x", "w1", "Q4", "2", None, pd.NaT, "bureau")],
        columns=["cpts", "wave", "question", "option", "value", "decided_on", "decided_by_fr"],
    )
    table = steering.disagreement(blank, decided, questionnaire, "x", "w1", study=PROJECT)
    assert table["consensus_options"].tolist() == ["Partiel"]


def test_the_title_of_the_map_counts_what_nobody_answered_or_says_that_all_is_known():
    matrix = pd.DataFrame(
        {"question": ["Q1", "Q2"], "A": [answered.ABSENT, "répondu"], "B": [answered.ABSENT] * 2}
    )
    assert steering.silent_caption(matrix).replace("\u00a0", " ").startswith("1 question sur 2 n'a")
    known = pd.DataFrame({"question": ["Q1", "Q2"], "A": ["répondu"] * 2})
    assert steering.silent_caption(known).startswith("Chacune des 2 questions")
