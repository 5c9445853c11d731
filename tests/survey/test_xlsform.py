"""The XLSForm is taken by pyxform without a warning, and its expressions are those of the questionnaire."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from pyxform.xls2xform import convert

from helpers.survey import instrument, to_xlsform
from tests.project import PROJECT

XF = "{http://www.w3.org/2002/xforms}"


@pytest.fixture(params=instrument.VARIANTS, scope="module")
def converted(request, tmp_path_factory):
    questionnaire = instrument.load(request.param, study=PROJECT)
    path = tmp_path_factory.mktemp("xlsform") / "questionnaire.xlsx"
    path.write_bytes(to_xlsform.workbook(questionnaire, "Outil de pilotage"))
    warnings: list[str] = []
    found = convert(path, warnings=warnings, validate=False)
    assert warnings == []
    assert found.warnings in (None, [])
    return questionnaire, ElementTree.fromstring(found.xform)


def binds(root):
    return {bind.get("nodeset").rpartition("/")[2]: bind for bind in root.iter(f"{XF}bind")}


def test_every_question_is_there_with_its_type(converted):
    questionnaire, root = converted
    found = binds(root)
    kinds = {"nombre": "int", "date": "date", "texte": "string"}
    for question in questionnaire:
        if question.fields:
            assert all(f"{question.code}_{option.code}" in found for option in question.fields)
        elif question.closed:
            control = "select" if question.multiple else "select1"
            refs = [node.get("ref").rpartition("/")[2] for node in root.iter(f"{XF}{control}")]
            assert question.code in refs
        else:
            assert found[question.code].get("type") == kinds[question.answer_type]


def test_every_answer_is_a_choice_of_its_code(converted):
    questionnaire, root = converted
    for question in questionnaire:
        if question.closed:
            (node,) = [node for node in root.iter(f"{XF}instance") if node.get("id") == question.code]
            assert [item.text for item in node.iter(f"{XF}name")] == [
                option.code for option in question.options
            ]


def test_conditions_and_free_answers(converted):
    questionnaire, root = converted
    found = binds(root)
    path = "/niveau_maturite/Q2"
    assert found["Q26"].get("relevant").replace(" ", "").endswith(f"{path}='1'")
    assert len(re.findall(path, found["Q28"].get("relevant"))) == 3
    for question in questionnaire:
        text = found.get(f"{question.code}_autre")
        assert (text is not None) is (question.other is not None)
        if text is not None:
            assert f"'{question.other.code}'" in text.get("relevant")
            assert text.get("relevant").startswith("selected(")


def test_none_excludes_the_rest(converted):
    questionnaire, root = converted
    found = binds(root)
    exclusive = {question.code for question in questionnaire if question.exclusive}
    assert exclusive
    for question in questionnaire:
        constraint = found[question.code].get("constraint", "") if question.closed else ""
        assert ("count-selected" in constraint) is (question.code in exclusive)


def test_who_answers_must_be_said_and_is_a_code(converted):
    _, root = converted
    found = binds(root)
    for name in ("cpts", "vague", "role", "repondant"):
        assert found[name].get("required") == "true()"
    assert "regex(" in found["repondant"].get("constraint")


def test_the_same_questionnaire_gives_the_same_bytes():
    questionnaire = instrument.load("corrected", study=PROJECT)
    assert to_xlsform.workbook(questionnaire, "Titre") == to_xlsform.workbook(questionnaire, "Titre")
