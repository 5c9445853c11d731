"""The 42 questions in both variants, against what the extraction of annex 4 says by hand."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from helpers import catalog
from helpers.errors import DataError, UnknownName
from helpers.page import display
from helpers.survey import instrument
from tests.project import PROJECT

ORIGINAL, CORRECTED = (instrument.load(variant, study=PROJECT) for variant in instrument.VARIANTS)


def counts(variant, column):
    return variant.table()[column].value_counts().to_dict()


def test_the_printed_questionnaire_has_its_printed_tags():
    assert len(ORIGINAL) == 42
    assert [item.code for item in ORIGINAL] == [f"Q{rank}" for rank in range(1, 43)]
    assert counts(ORIGINAL, "dimension") == {"structure": 29, "processus": 12, "resultats": 1}
    assert len(ORIGINAL.sections()) == 19


def test_the_corrected_one_counts_as_table_8_does():
    table = instrument.evolution(PROJECT).set_index("dimension")
    assert table["final"].drop("total").to_dict() == counts(CORRECTED, "dimension")
    assert table.loc["total"].tolist() == [31, 36, 42]


@pytest.mark.parametrize(
    ("code", "kind", "options", "line"),
    [
        ("Q1", "date", 0, 2613),
        ("Q7", "nombre", 0, 2637),
        ("Q13", "choix_multiple", 27, 2693),
        ("Q17", "texte", 5, 2707),
        ("Q18", "choix_unique", 6, 2708),
        ("Q37", "oui_non", 2, 2763),
    ],
)
def test_questions_as_read_by_hand(code, kind, options, line):
    question = ORIGINAL.question(code)
    assert (question.answer_type, len(question.options), question.line) == (kind, options, line)


def test_every_question_has_a_place_in_the_matrix():
    assert set(counts(ORIGINAL, "constraint")) == set(instrument.constraints())
    assert ORIGINAL.question("Q5").constraint == "externe"
    assert ORIGINAL.question("Q30").constraint == "interne"
    assert ORIGINAL.question("Q7").constraint == "environnementale"
    items = instrument.matrix(PROJECT)
    assert items["item"].nunique() == 24
    assert set(items["question"].dropna()) == set(ORIGINAL.by_code)
    # Nothing asked: seniority of local structures, regulation, exceptional situations themselves, health policies.
    assert items["question"].isna().sum() == 4


def test_conditions_follow_the_question_on_progress():
    running, others = ORIGINAL.question("Q26").condition, ORIGINAL.question("Q28").condition
    assert running.holds({"Q2": frozenset("1")})
    assert not running.holds({"Q2": frozenset("2")})
    assert others.holds({"Q2": frozenset("4")})
    assert not others.holds({})
    assert [item.code for item in ORIGINAL if item.condition] == ["Q26", "Q27", "Q28"]
    assert ORIGINAL.asked_if(ORIGINAL.question("Q26")) == "Q2 : CPTS en fonctionnement"


def test_prevention_themes_replace_yes_and_no():
    question = CORRECTED.question("Q37")
    assert question.multiple
    assert [option.code for option in question.exclusive] == ["2"]
    assert "1" not in {option.code for option in question.options}
    assert [option.kind for option in question.options][-2:] == ["autre", "aucun"]


def test_classes_of_members_no_longer_overlap():
    def classes(variant):
        return [(option.lower, option.upper) for option in variant.question("Q12").options]

    assert [
        right[0] - left[1] for left, right in zip(classes(ORIGINAL), classes(ORIGINAL)[1:], strict=False)
    ][-1] == 0
    gaps = [
        right[0] - left[1] for left, right in zip(classes(CORRECTED), classes(CORRECTED)[1:], strict=False)
    ]
    assert gaps == [1] * 7


def test_nothing_changes_but_what_the_differences_say():
    touched = set(instrument.differences(PROJECT)["question"])
    for question in ORIGINAL:
        same = question == CORRECTED.question(question.code)
        assert same is (question.code not in touched), question.code


def test_a_code_keeps_its_meaning_in_both_variants():
    removed = {("Q37", "1")}
    for question in ORIGINAL:
        left = {option.code for option in CORRECTED.question(question.code).options}
        lost = {(question.code, option.code) for option in question.options} - {
            (question.code, code) for code in left
        }
        assert lost <= removed


def test_none_can_be_told_from_no_answer():
    always_some = {"Q5", "Q13", "Q15"}
    silent = {item.code for item in CORRECTED if item.multiple and not item.exclusive}
    assert silent == always_some


def test_differences_are_ready_for_a_table():
    shown = display.table(instrument.differences(PROJECT), "Différences", heads=instrument.DIFFERENCES_FR)
    assert "donnée manquante" not in shown.html
    kept = instrument.kept_defects(PROJECT)
    assert kept["question"].tolist() == ["Q29", "Q25", "Q39", "Q28", "—", "Q27"]


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: instrument.load("corrige", study=PROJECT), "Variante du questionnaire inconnu.*corrected"),
        (lambda: ORIGINAL.question("Q43"), "Question inconnu.*Q43"),
        (lambda: ORIGINAL.question("Q2").option("5"), "Réponse à Q2 inconnu"),
    ],
)
def test_unknown_names(call, sentence):
    with pytest.raises(UnknownName, match=sentence):
        call()


def test_a_correction_that_starts_from_another_value_is_refused(tmp_path):
    source = catalog.Package(catalog.DEFAULT_FOLDER)
    rows = PROJECT.table("coding/instrument_corrections").assign(before=pd.NA)
    rows.to_csv(tmp_path / "corrections.csv", index=False)
    resource = {**source.resource("coding/instrument_corrections"), "path": "corrections.csv"}
    descriptor = {"name": "essai", "extends": "observatoire-cpts", "resources": [resource]}
    (tmp_path / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    with pytest.raises(DataError, match=r"ligne K01 : .*Q41 a « processus »"):
        instrument.load("corrected", study=catalog.Study(tmp_path))
