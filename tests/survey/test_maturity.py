"""Stage and age of each CPTS: the scale of the thesis, its own five CPTS, and surveys that disagree or name no month."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers.survey import instrument, steering
from tests.project import PROJECT

QUESTIONNAIRE = instrument.load("corrected", study=PROJECT)


def cells(*rows):
    table = pd.DataFrame(
        rows, columns=["cpts", "wave", "role", "respondent", "question", "option", "value", "status"]
    ).astype("string")
    return steering.from_answers(table, QUESTIONNAIRE, PROJECT)


def said(role, question, option=None, value=None, wave="2026-05"):
    return ("x", wave, role, f"{role}-1", question, option, value, "repondu")


def test_the_five_of_the_thesis_stand_as_table_4_prints_them():
    printed = instrument.load("original", study=PROJECT)
    table = steering.maturity(steering.from_document(printed, PROJECT), printed, PROJECT)
    assert table["name_fr"].tolist() == ["CPTS A", "CPTS E", "CPTS D", "CPTS C", "CPTS B"]
    assert table["level"].tolist() == [4, 3, 3, 3, 2]
    # February 2019 to November 2020, then to May 2021.
    assert table.loc[0, ["created_fr", "age_fr"]].tolist() == ["février 2019", "21 à 27"]
    assert steering.maturity_sentence(table).startswith("L'étape est connue pour 5\u00a0CPTS sur 5")


@pytest.mark.parametrize(
    ("rows", "stage", "level", "age"),
    [
        ([said("ars", "Q2", "1"), said("cpam", "Q2", "1"), said("ars", "Q1", None, "2024-11")],
         "CPTS en fonctionnement", 4, "18"),
        ([said("ars", "Q2", "1"), said("cpam", "Q2", "2")], "réponses différentes", None, "—"),
        ([said("ars", "Q1", None, "2024-11"), said("cpam", "Q1", None, "2024-10")], "sans réponse", None, "—"),
        ([said("ars", "Q2", "4", wave="T0"), said("ars", "Q1", None, "2024-11", wave="T0")],
         "Initiative connue de l'ARS, intérêt déclaré sans formalisation", 1, "—"),
    ],
)  # fmt: skip
def test_a_survey_gives_a_stage_only_when_people_agree_and_an_age_only_with_a_month(rows, stage, level, age):
    (row,) = steering.maturity(cells(*rows), QUESTIONNAIRE, PROJECT).itertuples()
    assert row.stage_fr in (stage, "inconnu")
    assert (row.level if level else None) == level
    assert row.age_fr == age
