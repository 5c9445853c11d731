"""Where the 42 questions come from, as the thesis tells it, and the number of corrections that the page prints."""

from __future__ import annotations

import re

from helpers.survey import instrument, steering, to_paper
from tests.project import PROJECT

TABLE = steering.genealogy(instrument.load(study=PROJECT), PROJECT).set_index("question")


def row(code):
    return TABLE[TABLE.index.str.startswith(f"{code} ·")].iloc[0]


def test_every_final_question_is_there_once_and_in_order():
    assert [name.split(" ", 1)[0] for name in TABLE.index] == [f"Q{n}" for n in range(1, 43)]


def test_the_changes_are_those_of_the_thesis():
    changes = PROJECT.table("miller2022/question_changes").dropna(subset=["final_question"])
    for code, part in changes.groupby("final_question"):
        for kind in part["kind"]:
            assert kind in row(code)["kind_fr"].lower()
    untouched = {f"Q{n}" for n in range(1, 43)} - set(changes["final_question"])
    assert {row(code)["kind_fr"] for code in untouched} == {"gardée ou reprise"}


def test_a_question_read_by_hand():
    asked = row("Q32")
    assert (asked["first_fr"], asked["kind_fr"], asked["line"]) == (
        "H1 Repérage des patients",
        "Modification",
        "1386",
    )
    assert row("Q4")["first_fr"] == "—"
    assert "G14" in row("Q14")["guide_fr"]


def test_the_guide_has_its_thirty_six_questions():
    parts = steering.guide(PROJECT)
    assert sum(len(questions) for _, _, questions in parts) == 36


def test_the_number_of_corrections_told_is_that_of_the_table():
    said = int(re.search(r"en (\d+)", steering.corrections_sentence(PROJECT).replace("\u00a0", " ")).group(1))
    assert said == len(steering.corrections(PROJECT))


def test_the_guide_prints_its_questions_after_its_notice():
    page = to_paper.guide(steering.guide(PROJECT), "Guide")
    assert page.count("<legend>") == 36
    assert page.index("Miller 2022") < page.index("<legend>")
    assert "annexe\u00a03" in page or "annexe 3" in page
