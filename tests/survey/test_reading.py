"""Each question beside its answers, in both variants, printed for a reader: pytest -s tests/survey/test_reading.py."""

from __future__ import annotations

import re

import pytest

from helpers.survey import instrument
from tests.conftest import NEEDS_SOURCES, SOURCES
from tests.project import PROJECT

VARIANTS = {name: instrument.load(name, study=PROJECT) for name in ("original", "corrected")}
EACH = [(name, question.code) for name, made in VARIANTS.items() for question in made]
# The words of an acronym stand in the question or in its answers.
ACRONYMS = {
    "CLS": "contrat local de santé", "CLSM": "conseil local de santé mentale", "ASV": "atelier de santé",
    "GHT": "groupements hospitaliers",
    "SAS": "service d'accès aux soins", "URPS": "unions régionales", "DAC": "dispositif d'appui à la coordination",
    "CMP": "centre médico-psychologique", "CMPP": "médico-psycho-pédagogique", "ACI": "accord conventionnel",
}  # fmt: skip


@pytest.mark.parametrize(("variant", "code"), EACH)
def test_a_question_is_read_with_its_answers(variant, code):
    question = VARIANTS[variant].question(code)
    answers = [option.label_fr for option in question.options]
    text = " ".join([question.wording_fr, *answers])
    print(f"{code} ({variant}) {question.wording_fr} → {' | '.join(answers) or question.answer_type}")
    assert question.wording_fr.endswith((" ?", " :"))
    assert len(set(answers)) == len(answers)
    for acronym, words in ACRONYMS.items():
        if re.search(rf"\b{acronym}\b", text):
            assert words in text.lower(), acronym
    if question.answer_type == "oui_non":
        assert answers == ["Oui", "Non"]
        assert not re.match(
            r"(qu|combien|où|comment|lesquels|par quelles|sur quels)", question.wording_fr, re.IGNORECASE
        )
    if question.multiple:
        # Several answers: the question asks which or what, never whether.
        assert re.search(r"(qu['’]|quel|lesquel|où|oui pour qui)", question.wording_fr, re.IGNORECASE)


@pytest.mark.parametrize("code", ["Q8", "Q16", "Q18", "Q19"])
def test_the_corrected_variant_codes_what_the_five_cpts_said(code):
    added = {option.label_fr for option in VARIANTS["corrected"].question(code).options} - {
        option.label_fr for option in VARIANTS["original"].question(code).options
    }
    wanted = {
        "Q8": "Commune",
        "Q16": "Prévue, pas encore en place",
        "Q18": "Pas de bureau",
        "Q19": "Adhésion prévue, pas encore faite",
    }
    assert wanted[code] in added


@NEEDS_SOURCES
def test_no_wording_repeats_twelve_words_of_the_thesis():
    def words(text):
        return re.findall(r"\w+", text.lower())

    printed = " ".join(words((SOURCES / "000_8a7bd65e9d18265f.txt").read_text(encoding="utf-8")))
    for made in VARIANTS.values():
        for question in made:
            own = words(question.wording_fr)
            runs = [" ".join(own[start : start + 12]) for start in range(len(own) - 11)]
            assert not [run for run in runs if run in printed], question.code
