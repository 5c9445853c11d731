"""Answers to every type of question come back unchanged from the layout of each tool of collection."""

from __future__ import annotations

import csv
import dataclasses
import io
import string
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from helpers.survey import from_kobo, from_limesurvey, from_template, instrument, to_xlsform
from helpers.survey import to_limesurvey as structure_writer
from helpers.survey import to_template as template_writer
from helpers.survey.instrument.submissions import COLUMNS, Given
from tests.project import PROJECT
from tests.survey import layouts

# The questionnaire has no question with one free text: one is added, so that the round trip covers every type.
CORRECTED = instrument.load("corrected", study=PROJECT)
FREE = dataclasses.replace(
    CORRECTED.question("Q7"), code="Q43", wording_fr="Un mot libre ?", answer_type="texte"
)
VARIANTS = {
    "original": instrument.load("original", study=PROJECT),
    "corrected": CORRECTED,
    "all_types": instrument.Instrument("essai", (*CORRECTED.questions, FREE)),
}
CODES = st.text(string.ascii_letters + string.digits + "_-", min_size=1, max_size=12)
# What people type, with whatever could be taken for a separator, a quote, a formula or a line end.
TEXTS = (
    st.text(st.sampled_from("aéèçœÀ€ 0129;,\t|\"'=+-@/\\[]{}<>&%.\n\u00a0«»’"), min_size=1, max_size=12)
    .map(str.strip)
    .filter(bool)
)
MANY = settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    # A failing example is short enough: a few questions of a few people.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)


@st.composite
def answer(draw, question, other_needs_text):
    if question.answer_type == "date":
        return Given(texts={"": f"{draw(st.integers(1990, 2030))}-{draw(st.integers(1, 12)):02d}"})
    if question.answer_type == "nombre":
        return Given(texts={"": str(draw(st.integers(0, 10**6)))})
    if question.answer_type == "texte":
        codes = [option.code for option in question.fields] or [""]
        kept = draw(st.lists(st.sampled_from(codes), unique=True, min_size=1))
        return Given(texts={code: draw(TEXTS) for code in kept})
    codes = st.sampled_from([option.code for option in question.options])
    chosen = set(draw(st.lists(codes, unique=True, min_size=1, max_size=4 if question.multiple else 1)))
    texts = {}
    if question.other and question.other.code in chosen and (other_needs_text or draw(st.booleans())):
        texts = {question.other.code: draw(TEXTS)}
    return Given(chosen, texts)


@st.composite
def respondents(draw, variant, *, other_needs_text=False):
    keys = draw(
        st.lists(
            st.tuples(CODES, CODES, st.sampled_from(list(layouts.ROLES)), CODES),
            min_size=1,
            max_size=3,
            unique=True,
        )
    )
    people = []
    for key in keys:
        person = layouts.Respondent(*key)
        answered = draw(st.sets(st.sampled_from(list(variant.by_code)), max_size=12)) | {"Q2"}
        for question in (question for question in variant if question.code in answered):
            condition = question.condition
            if condition is None or person.get(condition.question).options & set(condition.options):
                # LimeSurvey has no box for the free answer of a multiple choice: its text is the tick.
                needs_text = other_needs_text and question.multiple
                person.given[question.code] = draw(answer(question, needs_text))
        people.append(person)
    return people


def back(reader, content, variant, people, path):
    path.write_bytes(content)
    found = reader.read(path, variant)
    assert found.faults == []
    rows = [tuple(row) for row in found.rows.astype(object).where(found.rows.notna(), None).to_numpy()]
    assert list(found.rows.columns) == list(COLUMNS)
    assert rows == layouts.expected_rows(people, variant)
    assert found.respondents == len(people)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("answers")


@pytest.mark.parametrize("heads", layouts.LIMESURVEY_HEADS)
@pytest.mark.parametrize("full", [False, True])
@MANY
@given(data=st.data())
def test_limesurvey(place, full, heads, data):
    variant = data.draw(st.sampled_from(list(VARIANTS.values())))
    people = data.draw(respondents(variant, other_needs_text=True))
    numbers = data.draw(st.booleans())
    table = layouts.limesurvey(people, variant, heads=heads, full=full, numbers_for_boxes=numbers)
    content = data.draw(st.sampled_from(["csv", "semicolon", "tab", "bom", "utf-16", "cp1252", "xlsx"]))
    back(from_limesurvey, written(table, content), variant, people, place / "limesurvey")


@pytest.mark.parametrize(("joined", "split"), [(True, False), (False, True), (True, True)])
@MANY
@given(data=st.data())
def test_kobo_and_odk(place, joined, split, data):
    variant = data.draw(st.sampled_from(list(VARIANTS.values())))
    people = data.draw(respondents(variant))
    mark = data.draw(st.sampled_from("/-"))
    table = layouts.kobo(people, variant, joined=joined, split=split, mark=mark)
    content = data.draw(st.sampled_from(["csv", "semicolon", "bom", "xlsx", "numbers"]))
    back(from_kobo, written(table, content), variant, people, place / "kobo")


@pytest.mark.parametrize("mark", [" ", ";", ", "])
@MANY
@given(data=st.data())
def test_our_template(place, mark, data):
    variant = data.draw(st.sampled_from(list(VARIANTS.values())))
    people = data.draw(respondents(variant))
    table = layouts.template(people, template_writer.header(variant), variant, mark=mark)
    content = data.draw(st.sampled_from(["csv", "semicolon", "bom", "cp1252", "xlsx", "numbers"]))
    back(from_template, written(table, content), variant, people, place / "template")


def written(table, content):
    if content in ("xlsx", "numbers"):
        return layouts.as_xlsx(table, numbers=content == "numbers")
    delimiter = {"semicolon": ";", "tab": "\t"}.get(content, ",")
    encoding = {"bom": "utf-8-sig", "utf-16": "utf-16", "cp1252": "cp1252"}.get(content, "utf-8")
    return layouts.as_csv(table, delimiter=delimiter, encoding=encoding)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_type_is_in_the_round_trip(name):
    kinds = {question.answer_type for question in VARIANTS[name]}
    assert kinds == set(instrument.answer_types())
    free = [
        question for question in VARIANTS[name] if question.answer_type == "texte" and not question.fields
    ]
    assert bool(free) is (name == "all_types")


@pytest.mark.parametrize("name", ["original", "corrected"])
def test_titles_are_those_of_the_questionnaire_given_to_limesurvey(name):
    variant = VARIANTS[name]
    text = structure_writer.structure(variant, "Essai").decode("utf-8-sig")
    wanted, current = set(), {}
    for row in csv.DictReader(io.StringIO(text, newline=""), delimiter="\t"):
        if row["class"] == "Q":
            current = row
            wanted |= {row["name"]} if row["type/scale"] not in ("M", "Q") else set()
            wanted |= {f"{row['name']}[other]"} if row["other"] == "Y" else set()
        elif row["class"] == "SQ":
            wanted.add(f"{current['name']}[{row['name']}]")
    titles = layouts.limesurvey([], variant)[0][5:]
    assert set(titles) == wanted


@pytest.mark.parametrize("name", ["original", "corrected"])
def test_titles_are_those_of_the_questionnaire_given_to_kobo(name, tmp_path):
    variant = VARIANTS[name]
    (tmp_path / "q.xlsx").write_bytes(to_xlsform.workbook(variant, "Essai"))
    root = ElementTree.fromstring(convert(tmp_path / "q.xlsx", validate=False).xform)
    record = next(node for node in root.iter() if node.get("id") == f"outil_pilotage_cpts_{name}")

    def leaves(node, path=""):
        for child in node:
            inner = f"{path}/{child.tag.rpartition('}')[2]}"
            yield from leaves(child, inner) if len(child) else [inner[1:]]

    own = {"start", "_uuid", "_submission_time"}
    assert {leaf for leaf in leaves(record) if not leaf.startswith("notice_")} - {
        "meta/instanceID",
        "meta/instanceName",
    } == set(layouts.kobo([], variant)[0]) - own
