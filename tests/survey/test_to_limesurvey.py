"""The survey structure against what the LimeSurvey manual says of it (Tab Separated Value survey structure)."""

from __future__ import annotations

import csv
import io
import re

import pytest

from helpers.survey import instrument, to_limesurvey
from tests.project import PROJECT

ORDER = ["S", "SL", "G", "Q"]
ANSWER_LESS = {"D", "N", "S", "T", "Y"}


def rows(variant):
    content = to_limesurvey.structure(instrument.load(variant, study=PROJECT), "Essai")
    assert content.startswith(b"\xef\xbb\xbf")
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter="\t")
    return [reader.fieldnames, list(reader)]


@pytest.fixture(params=instrument.VARIANTS)
def structure(request):
    return rows(request.param)


def of(structure, kind):
    return [row for row in structure[1] if row["class"] == kind]


def test_header_has_the_documented_columns_in_order(structure):
    wanted = "id related_id class type/scale name relevance text help language validation mandatory encrypted other default"
    assert structure[0][:14] == wanted.split()
    assert structure[0][14:16] == ["same_default", "same_script"]


def test_classes_come_in_order_and_each_row_after_its_owner(structure):
    kinds = [row["class"] for row in structure[1]]
    assert [kinds.index(kind) for kind in ORDER] == sorted(kinds.index(kind) for kind in ORDER)
    assert set(kinds) == {*ORDER, "SQ", "A"}
    owner = None
    for row in structure[1]:
        if row["class"] == "Q":
            owner = row
        elif row["class"] == "A":
            assert owner["type/scale"] == "L"
            assert row["id"] == owner["id"]
        elif row["class"] == "SQ":
            assert owner["type/scale"] in ("M", "Q")
    first_group = kinds.index("G")
    assert not {"S", "SL"} & set(kinds[first_group:])


def test_ids_are_unique(structure):
    groups = [row["id"] for row in of(structure, "G")]
    questions = [row["id"] for row in structure[1] if row["class"] in ("Q", "SQ")]
    assert len(groups) == len(set(groups)) == 20
    assert len(questions) == len(set(questions))


def test_codes_fit_what_limesurvey_can_hold(structure):
    names = [row["name"] for row in of(structure, "Q")]
    assert len(names) == len(set(names)) == 46
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,19}", name) for name in names)
    assert all(re.fullmatch(r"[A-Za-z0-9]{1,5}", row["name"]) for row in of(structure, "A"))
    assert all(re.fullmatch(r"SQ\d{3}", row["name"]) for row in of(structure, "SQ"))


def test_every_relevance_refers_to_a_question_and_an_answer_before_it(structure):
    known: dict[str, set[str]] = {}
    asked = 0
    current = ""
    for row in structure[1]:
        if row["class"] == "Q":
            current = row["name"]
            known[current] = set()
        if row["class"] == "A":
            known[current].add(row["name"])
        for name, code in re.findall(r'(\w+)\.NAOK == "(\w+)"', row["relevance"]):
            assert code in known[name]
            asked += 1
        assert re.sub(r'\w+\.NAOK == "\w+"|\bor\b|1|\s', "", row["relevance"]) == ""
    assert asked == 1 + 1 + 3


def test_questions_have_their_type_and_their_answers(structure):
    inside: dict[str, int] = {}
    for row in structure[1]:
        if row["class"] == "Q":
            current = row["name"]
            inside[current] = 0
        elif row["class"] in ("A", "SQ"):
            inside[current] += 1
    kinds = {row["name"]: row["type/scale"] for row in of(structure, "Q")}
    assert set(kinds.values()) == {"L", "M", "N", "D", "S", "Q", "Y"}
    for name, kind in kinds.items():
        assert (inside[name] == 0) is (kind in ANSWER_LESS), name
    assert (kinds["Q1"], kinds["Q7"], kinds["Q17"], kinds["Q22"]) == ("D", "N", "Q", "Y")
    # 26 printed professions, the 27th answer is the free one.
    assert inside["Q13"] == 26


def test_free_answers_and_exclusive_boxes(structure):
    by_name = {row["name"]: row for row in of(structure, "Q")}
    free = {name for name, row in by_name.items() if row["other"] == "Y"}
    assert {"Q5", "Q10", "Q13", "Q15", "Q19", "Q20", "Q21", "Q26", "Q28", "Q32", "Q36"} <= free
    assert by_name["Q10"]["exclude_all_others"] == "SQ006"
    assert by_name["Q12"]["exclude_all_others"] == ""


def test_everything_is_in_french_and_nothing_is_an_expression(structure):
    assert all(row["language"] == "fr" for row in structure[1] if row["class"] != "S")
    assert not any("{" in row["text"] or "\n" in row["text"] for row in structure[1])
    settings = {row["name"]: row["text"] for row in of(structure, "S")}
    assert settings["language"] == "fr"
    assert (settings["anonymized"], settings["ipaddr"]) == ("Y", "N")
    assert "surveyls_title" in {row["name"] for row in of(structure, "SL")}


@pytest.mark.parametrize("more", range(5))
def test_the_first_thousand_bytes_hold_whole_letters_for_the_guess_of_limesurvey(more):
    # TSVImportSurvey guesses the encoding from them; a title that moves the text by a few bytes must not change the guess.
    content = to_limesurvey.structure(instrument.load("corrected", study=PROJECT), "É" + "x" * more)
    content[:1000].decode("utf-8-sig")
    heads = content.decode("utf-8-sig").splitlines()[0].split("\t")
    assert [head.strip() for head in heads] == list(to_limesurvey.COLUMNS)


def test_who_answers_is_asked_first_and_must_be_said(structure):
    first = of(structure, "Q")[:4]
    assert [row["name"] for row in first] == ["cpts", "vague", "role", "repondant"]
    assert all(row["mandatory"] == "Y" for row in first)
    assert all(re.match(row["validation"].strip("/"), "2026-11") for row in first if row["validation"])
    assert not re.match(first[3]["validation"].strip("/"), "Jean Dupont")


def test_a_free_text_is_a_long_text():
    import dataclasses

    corrected = instrument.load("corrected", study=PROJECT)
    free = dataclasses.replace(corrected.question("Q7"), answer_type="texte")
    content = to_limesurvey.structure(instrument.Instrument("essai", (free,)), "Essai").decode("utf-8-sig")
    assert "\tQ\tT\tQ7\t" in content
