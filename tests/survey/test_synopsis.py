"""The 3 × 3 matrix: every item in its cell, what is there, missing and planned, who disagrees, and what nobody asks."""

from __future__ import annotations

from html import escape

import pandas as pd
import pytest

from helpers.survey import instrument, steering
from helpers.survey.steering import synopsis
from tests.project import PROJECT
from tests.survey.test_waves import frame

QUESTIONNAIRE = instrument.load("corrected", study=PROJECT)
ANSWERS = frame(
    [
        *(("x", "w", role, role, "Q33", code, None, "repondu")
          for role, code in (("cpam", "1"), ("ars", "1"), ("medecin", "2"))),
        *(("x", "w", role, role, "Q14", "2", None, "repondu") for role in ("cpam", "ars")),
        ("x", "w", "cpam", "cpam", "Q10", "1", None, "repondu"),
        ("x", "w", "ars", "ars", "Q10", "2", None, "repondu"),
        ("x", "w", "ars", "ars", "Q34", "2", None, "repondu"),
        *(("x", "w", "ars", "ars", "Q30", "2", None, "repondu"),),
        *(("x", "w", "usager", f"u{n}", "Q35", "1", None, "repondu") for n in range(12)),
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def found():
    return steering.levers(ANSWERS, QUESTIONNAIRE, PROJECT, "x", "w")


@pytest.fixture(scope="module")
def table(found):
    return steering.constraint_matrix(found, QUESTIONNAIRE, PROJECT).set_index("dimension")


def row(found, question, state):
    return found[(found["question"] == question) & (found["state"] == state)]


def test_it_is_three_by_three_and_holds_every_item_once(table):
    assert table.shape == (3, 3)
    whole = "".join(table.to_numpy().ravel())
    items = PROJECT.table("miller2022/constraint_matrix")
    for item in items.itertuples():
        cell = table.loc[instrument.dimensions()[item.dimension], instrument.constraints()[item.constraint]]
        assert f"<strong>{escape(item.label_fr)}</strong>" in cell
    assert whole.count("<strong>") == len(items) == 24


def test_the_four_items_without_question_say_so(table):
    assert "".join(table.to_numpy().ravel()).count(synopsis.NO_QUESTION_FR) == 4
    assert steering.unasked(PROJECT) == [
        "Ancienneté de la structuration locale des soins primaires", "Réglementation",
        "Situations sanitaires exceptionnelles", "Politiques de santé",
    ]  # fmt: skip
    assert steering.gap_sentence(PROJECT).startswith("4 des 24 contraintes")


def test_a_lever_is_there_missing_or_planned(found):
    assert row(found, "Q33", "présent")[["n", "base"]].values.tolist() == [[2, 3]]
    assert row(found, "Q34", "absent")["n"].tolist() == [0]
    assert row(found, "Q14", "prévu")[["label", "n"]].values.tolist() == [["Poste de coordination", 2]]
    assert set(row(found, "Q10", "présent")["n"]) == {1}
    assert "Dispositif d'appui à la coordination (DAC)" in set(row(found, "Q10", "absent")["label"])
    assert row(found, "Q30", "réponse")["label"].tolist() == ["Force de l'élan : Importante"]


def test_who_disagrees_is_told_by_role(found):
    assert set(row(found, "Q33", "présent")["dissent_fr"]) == {"Médecin"}
    assert set(row(found, "Q10", "présent")["dissent_fr"]) == {"avis partagés"}
    assert set(row(found, "Q14", "prévu")["dissent_fr"]) == {""}


def test_users_are_not_counted(found):
    assert found[found["question"] == "Q35"].empty


def test_the_thesis_counts_cpts_and_never_a_hint():
    found = steering.levers_of_document(instrument.load(study=PROJECT), PROJECT)
    present = found[found["state"] == "présent"].set_index(["question", "label"])
    table = PROJECT.table("miller2022/recovered_answers")
    asv = table[
        (table["question"] == "Q10")
        & table["option"].astype("string").eq("1").fillna(False)
        & (table["state"] == "coche")
    ]
    label = next(name for code, name in present.index if code == "Q10" and "ASV" in name)
    assert present.loc[("Q10", label), "n"] == asv["cpts"].nunique()
    assert "Q18" not in set(found["question"]), "the rhythm of assemblies is not that of the bureau"
    assert found.loc[(found["question"] == "Q16") & (found["state"] == "prévu"), "n"].tolist() == [3]


def test_what_a_user_wrote_never_becomes_markup():
    rows = frame([("x", "w", "ars", "a", "Q10", "<b>", None, "repondu")])
    found = steering.levers(rows, QUESTIONNAIRE, PROJECT, "x", "w")
    assert "<b>" not in "".join(steering.constraint_matrix(found, QUESTIONNAIRE, PROJECT).to_numpy().ravel())
    assert isinstance(found, pd.DataFrame)


def test_themes_of_the_corrected_variant_are_a_yes_to_the_question_of_the_thesis():
    rows = [
        ("x", "w", "medecin", f"r{n}", "Q37", code, None, "repondu") for n, code in enumerate(("3", "4", "2"))
    ]
    for variant in ("original", "corrected"):
        made = instrument.load(variant, study=PROJECT)
        found = steering.levers(frame(rows), made, PROJECT, "x", "w")
        assert "présent" in set(found["state"]), variant
    printed = steering.levers(frame(rows), instrument.load("original", study=PROJECT), PROJECT, "x", "w")
    assert printed[["state", "n", "base"]].to_numpy().tolist() == [["présent", 2, 3]]


@pytest.mark.parametrize(
    ("codes", "variant"),
    [(["3", "4"], "corrected"), (["1"], "original"), (["2"], "corrected"), ([], "original")],
)
def test_the_questionnaire_of_the_answers_is_deduced(codes, variant):
    rows = [("x", "w", "medecin", f"r{n}", "Q37", code, None, "repondu") for n, code in enumerate(codes)]
    assert steering.questionnaire(steering.DEDUCED, frame(rows), PROJECT).variant == variant
    assert steering.questionnaire("original", frame(rows), PROJECT).variant == "original"


def test_an_actor_identified_and_met_is_told_apart():
    rows = [
        ("x", "w", "medecin", "r1", question, code, None, "repondu")
        for question, code in (("Q10", "4"), ("Q11", "5"))
    ]
    made = instrument.load("corrected", study=PROJECT)
    table = steering.constraint_matrix(steering.levers(frame(rows), made, PROJECT, "x", "w"), made, PROJECT)
    html = "".join(table.astype(str).to_numpy().ravel())
    assert "(DAC) (Q10) 1/1" in html
    assert "(DAC) (Q11) 1/1" in html


def dissent(codes, question="Q30", roles=()):
    """Minority of one question to which people of these roles (doctors, without) gave these codes."""
    roles = roles or ["medecin"] * len(codes)
    rows = [
        ("x", "w", role, f"r{n}", question, code, None, "repondu")
        for n, (role, code) in enumerate(zip(roles, codes, strict=True))
    ]
    return set(steering.levers(frame(rows), QUESTIONNAIRE, PROJECT, "x", "w")["dissent_fr"])


def test_without_a_majority_nobody_is_called_the_minority():
    roles = ["coordination", "presidence", "infirmier", "cpam", "ars"]
    # Two of five give the most frequent answer: those two are in the minority as well.
    assert dissent("33124", roles=roles) == {"avis partagés"}
    assert dissent("33312", roles=roles) == {"Caisse primaire (CPAM), Agence régionale de santé (ARS)"}


def test_a_role_that_is_split_says_how_many_of_it_are_in_the_minority():
    assert dissent("3331") == {"Médecin 1/4"}
    assert dissent("3331", roles=["medecin", "medecin", "ars", "ars"]) == {
        "Agence régionale de santé (ARS) 1/2"
    }


def test_an_answer_of_one_s_own_that_nobody_wrote_is_no_missing_lever(found):
    others = {q.code: q.other for q in QUESTIONNAIRE if q.other is not None and q.multiple}
    assert "Q10" in others
    absent = set(row(found, "Q10", "absent")["label"])
    assert absent
    assert others["Q10"].label_fr not in absent
    rows = frame([("x", "w", "ars", "a", "Q10", others["Q10"].code, "un autre", "repondu")])
    said = steering.levers(rows, QUESTIONNAIRE, PROJECT, "x", "w")
    assert set(row(said, "Q10", "présent")["n"]) == {1}
