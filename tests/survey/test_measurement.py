"""Silences, agreement, coherence and people needed, against values worked by hand or published."""

from __future__ import annotations

import pytest

from helpers.errors import NotComputable
from helpers.material import coefficients
from helpers.survey import instrument
from helpers.survey.steering import measurement
from tests.project import PROJECT
from tests.survey.test_waves import frame

QUESTIONNAIRE = instrument.load("corrected", study=PROJECT)


def people(question, codes, role="medecin", wave="w"):
    return [("x", wave, role, f"r{n}", question, code, None, "repondu") for n, code in enumerate(codes)]


def test_silences_leave_out_who_was_not_asked_and_users():
    rows = people("Q33", "12")
    rows += [("x", "w", "ars", who, "Q33", None, None, status)
             for who, status in (("a", "sans_reponse"), ("b", "non_posee"))]  # fmt: skip
    rows += [("x", "w", "usager", "u", "Q33", None, None, "sans_reponse")]
    table = measurement.silences(frame(rows), QUESTIONNAIRE, "x", "w")
    assert table[["numerator", "denominator"]].values.tolist() == [[1, 3]]
    assert "1 réponse manque sur 3" in measurement.silence_sentence(table).replace("\u00a0", " ").replace(
        "\u202f", " "
    )


def test_a_row_that_a_file_leaves_out_is_an_answer_that_is_missing():
    rows = [*people("Q33", "12"), *people("Q34", "1")]
    table = measurement.silences(frame(rows), QUESTIONNAIRE, "x", "w").set_index("question")
    assert table[["numerator", "denominator"]].values.tolist() == [[1, 2], [0, 2]]
    assert table.index[0].startswith("Q34")


def test_boxes_are_units_and_a_silent_person_has_no_cell():
    rows = [*people("Q33", "12"), ("x", "w", "ars", "a", "Q10", "1", None, "repondu")]
    table = measurement.boxes(frame(rows), QUESTIONNAIRE, "x", "w")
    assert table.loc["Q33.1"].tolist()[:3] != []
    assert table.loc["Q33.1", ["medecin r0", "medecin r1"]].tolist() == ["oui", "non"]
    assert table["medecin r0"].drop("Q33.1").isna().all()
    assert (table["ars a"].dropna() == "oui").sum() == 1


def test_full_agreement_is_one_and_groups_are_told_apart():
    rows = [
        *people("Q33", "11"),
        *people("Q34", "12"),
        *people("Q33", "2", role="cpam"),
        *people("Q34", "1", role="cpam"),
    ]
    table = measurement.boxes(frame(rows), QUESTIONNAIRE, "x", "w")
    found = measurement.agreement_by_group(table).set_index(["first", "second"])
    assert found.loc[("Professionnels de santé", "Professionnels de santé"), "value"] == 0.5
    assert found.loc[("Professionnels de santé", "CPAM et ARS"), "pairs"] == 2
    assert found.loc[("Professionnels de santé", "CPAM et ARS"), "value"] == pytest.approx((0.5 + 0.0) / 2)
    value = coefficients.gwet_ac1(table)["value"].iloc[0]
    assert -1 <= value < 1


def test_coherence_is_refused_where_it_has_no_sense_and_computed_where_it_has():
    few = measurement.reliability(frame(people("Q41", "12")), QUESTIONNAIRE, "x", "w").set_index("dimension")
    assert (
        few.loc["Structure", "said_fr"].startswith("pas de sens") or few.loc["Structure", "respondents"] == 0
    )
    assert "trop peu" in few.loc["Résultats", "said_fr"]
    codes = "12345" * 8
    rows = frame([*people("Q41", codes), *people("Q42", codes)])
    many = measurement.reliability(rows, QUESTIONNAIRE, "x", "w").set_index("dimension")
    assert many.loc["Résultats", "respondents"] == 40
    assert many.loc["Résultats", "value"] == pytest.approx(1.0)


def test_spearman_brown_by_hand():
    # r = 0.8 between (1, 2, 3, 4) and (1, 2, 4, 3): 2 × 0.8 / 1.8.
    assert measurement.spearman_brown([1, 2, 3, 4], [1, 2, 4, 3]) == pytest.approx(1.6 / 1.8)
    with pytest.raises(NotComputable):
        measurement.spearman_brown([1, 1], [1, 2])


def test_people_needed_for_a_paired_change():
    # Connor (1987): (1.959964 × √0.3 + 0.841621 × √(0.3 − 0.04))² / 0.04 = 56.4.
    assert measurement.people_needed(0.2, moving=0.3) == 57
    assert measurement.needed(0.3)["people"].is_monotonic_decreasing
    with pytest.raises(NotComputable, match="au moins"):
        measurement.people_needed(0.4, moving=0.3)


def test_questions_left_equally_are_all_the_most_left():
    silent = [("x", "w", "ars", "a", question, None, None, "sans_reponse") for question in ("Q33", "Q34")]
    rows = [*people("Q33", "12"), *people("Q34", "12"), *people("Q35", "12"), *silent]
    rows += [("x", "w", "ars", "a", "Q35", "1", None, "repondu")]
    said = measurement.silence_sentence(measurement.silences(frame(rows), QUESTIONNAIRE, "x", "w"))
    assert "Les plus délaissées : Q33 · Choix du médecin et Q34 · Lien avec le SAS (1 sur 3)" in said.replace(
        "\u00a0", " "
    )
    table = measurement.reliability(frame(rows), instrument.load("original", study=PROJECT), "x", "w")
    assert "1 question sur 1 porte sur un fait" in table["said_fr"].iloc[-1].replace("\u00a0", " ")
