"""Rows are added to a user's package whole or not at all, and nothing already there is lost."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import DataError
from helpers.intake import check
from helpers.intake.deposit import deposit

ONE = pd.DataFrame(
    {"cpts": ["a"], "name_fr": ["CPTS A"], "aci_date": [pd.Timestamp("2024-05-02")], "population": [41_000]}
)


@pytest.fixture
def own(tmp_path):
    shutil.copytree(catalog.MODEL_FOLDER, tmp_path / "own")
    deposit({"cpts/cpts": ONE}, tmp_path / "own")
    return tmp_path / "own"


def content(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_rows_come_back_with_their_types(own):
    row = catalog.load("cpts/cpts", own).iloc[0]
    assert (row["cpts"], row["population"], row["aci_date"]) == ("a", 41_000, pd.Timestamp("2024-05-02"))
    assert check.check(own) == []


def test_the_same_rows_again_change_nothing(own):
    before = content(own)
    assert deposit({"cpts/cpts": ONE}, own) == [
        "cpts/cpts : 0 ligne(s) ajoutée(s), 0 remplacée(s), 1 déjà présente(s)."
    ]
    assert content(own) == before


def test_a_known_key_is_refused_unless_asked(own):
    before = content(own)
    other = ONE.assign(name_fr="Autre nom")
    with pytest.raises(DataError, match=r"cpts = a.*--replace"):
        deposit({"cpts/cpts": other}, own)
    assert content(own) == before
    assert "1 remplacée(s)" in deposit({"cpts/cpts": other}, own, replace=True)[0]
    assert catalog.load("cpts/cpts", own)["name_fr"].tolist() == ["Autre nom"]


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ({"cpts": ["b"], "nom": ["B"]}, "pas de colonne « nom »"),
        ({"cpts": ["b", "b"], "name_fr": ["B", "C"]}, "cpts = b est donnée deux fois"),
        ({"cpts": ["é b"], "name_fr": ["B"]}, "Rien n'a été écrit.*é b"),
    ],
)
def test_bad_rows_write_nothing(own, rows, sentence):
    before = content(own)
    with pytest.raises(DataError, match=sentence):
        deposit({"cpts/cpts": pd.DataFrame(rows)}, own)
    assert content(own) == before


def test_one_bad_table_keeps_the_other_from_being_written(own):
    before = content(own)
    codes = pd.DataFrame({"code": ["x"], "label_fr": ["X"]})
    with pytest.raises(DataError, match=r"cpts/facts"):
        deposit({"material/codes": codes, "cpts/facts": pd.DataFrame({"cpts": ["inconnue"]})}, own)
    assert content(own) == before


def test_a_table_of_the_model_is_added(own):
    descriptor = (own / "datapackage.json").read_text(encoding="utf-8")
    (own / "datapackage.json").write_text(
        descriptor.replace('"material/codes"', '"autre/codes"'), encoding="utf-8"
    )
    deposit({"material/codes": pd.DataFrame({"code": ["x"], "label_fr": ["X"]})}, own)
    assert catalog.load("material/codes", own)["code"].tolist() == ["x"]


def test_the_package_of_the_project_is_not_written(tmp_path):
    with pytest.raises(DataError, match="cpts new"):
        deposit({"cpts/cpts": ONE}, catalog.DEFAULT_FOLDER)


def answers(option):
    return pd.DataFrame(
        {
            "cpts": ["a", "a"],
            "wave": ["2026-11"] * 2,
            "role": ["cpam"] * 2,
            "respondent": ["r1"] * 2,
            "question": ["Q2", "Q26"],
            "option": [option, pd.NA],
            "status": ["repondu", "sans_reponse" if option == "1" else "non_posee"],
        }
    )


def test_the_answers_of_a_respondent_are_replaced_together(own):
    assert "2 ligne(s) ajoutée(s)" in deposit({"survey/answers": answers("1")}, own)[0]
    assert "2 déjà présente(s)" in deposit({"survey/answers": answers("1")}, own)[0]
    before = content(own)
    with pytest.raises(DataError, match=r"dont la ligne 2 de survey/answers.csv.*--replace"):
        deposit({"survey/answers": answers("2")}, own)
    assert content(own) == before
    assert "2 remplacée(s)" in deposit({"survey/answers": answers("2")}, own, replace=True)[0]
    assert catalog.load("survey/answers", own)["option"].dropna().tolist() == ["2"]
    other = answers("3").assign(respondent="r2")
    assert "2 ligne(s) ajoutée(s)" in deposit({"survey/answers": other}, own)[0]
    assert check.check(own) == []
