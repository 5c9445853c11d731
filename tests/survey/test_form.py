"""The paper form: whole, without network, readable by a screen reader; the template to type it in."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

import pytest
from openpyxl import load_workbook

from helpers.survey import instrument, to_paper, to_template
from tests.project import PROJECT


class Page(HTMLParser):
    """Tags with their attributes, in order, and what is open around each."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.inside = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.inside.append(list(self.open))
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def of(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(params=instrument.VARIANTS)
def made(request):
    questionnaire = instrument.load(request.param, study=PROJECT)
    text = to_paper.page(questionnaire, "Questionnaire", cpts="a-1", wave="2026-11")
    return questionnaire, text, Page(text)


def test_every_question_and_answer_is_printed(made):
    questionnaire, _, page = made
    assert page.open == []
    boxes = [
        box for box in page.of("input") if box["type"] in ("checkbox", "radio") and box["name"] != "role"
    ]
    wanted = [
        (question.code, option.code, "checkbox" if question.multiple else "radio")
        for question in questionnaire
        if question.closed
        for option in question.options
    ]
    assert [(box["name"], box["value"], box["type"]) for box in boxes] == wanted
    assert len(page.of("fieldset")) == 42 + 1
    others = {box["name"] for box in page.of("input") if box["name"].endswith("_autre")}
    assert others == {f"{question.code}_autre" for question in questionnaire if question.other}


def test_every_field_has_a_name_for_a_screen_reader(made):
    _, _, page = made
    labels = {label.get("for") for label in page.of("label")}
    for (tag, attributes), around in zip(page.tags, page.inside, strict=True):
        if tag == "input":
            assert "label" in around or attributes.get("aria-label") or attributes.get("id") in labels, (
                attributes
            )
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in page.of("fieldset") + page.of("section"):
        for target in (attributes.get("aria-describedby"), attributes.get("aria-labelledby")):
            assert target is None or target in ids
    assert page.of("html") == [{"lang": "fr"}]
    assert len(page.of("h1")) == 1


def test_it_asks_for_nothing_outside(made):
    _, text, page = made
    assert not re.search(r"https?:|url\(|@import|<script|<link|<img", text)
    assert "size: A4" in text
    assert not any(attributes.get("src") or attributes.get("href") for _, attributes in page.tags)


def test_what_is_known_is_filled_in(made):
    _, _, page = made
    values = {box["name"]: box.get("value") for box in page.of("input") if box.get("id")}
    assert (values["cpts"], values["vague"], values["repondant"]) == ("a-1", "2026-11", "")


def test_what_is_known_cannot_become_markup():
    text = to_paper.page(instrument.load(study=PROJECT), "Titre <b>", cpts='"><script>')
    assert "<script" not in text
    assert "<b>" not in text


def test_conditions_are_said_in_words(made):
    _, text, _ = made
    assert text.count("Seulement si vous avez répondu à Q2") == 3


def test_template_as_csv_opens_in_columns():
    content = to_template.as_csv(instrument.load("corrected", study=PROJECT))
    assert content.startswith(b"\xef\xbb\xbf# Source")
    assert b"\ncpts;vague;role;repondant;Q1;Q2;" in content
    assert b";Q17_1;Q17_2;Q17_3;Q17_4;Q17_5;" in content
    assert b";Q26;Q26_autre;" in content


def test_template_as_workbook_has_lists_and_codes():
    questionnaire = instrument.load("corrected", study=PROJECT)
    content = to_template.workbook(questionnaire)
    assert content == to_template.workbook(questionnaire)
    book = load_workbook(io.BytesIO(content))
    sheet = book["Réponses"]
    assert [cell.value for cell in sheet[1]] == to_template.header(questionnaire)
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert rules["F2:F201"] == '"1,2,3,4"'
    single = [question for question in questionnaire if question.closed and not question.multiple]
    assert len(rules) == len(single) + 1
    # Excel refuses a longer list.
    assert max(len(formula) for formula in rules.values()) < 256
    codes = [row for row in book["Codes"].iter_rows(values_only=True) if row[0] == "Q37"]
    assert [row[4] for row in codes] == [option.code for option in questionnaire.question("Q37").options]
