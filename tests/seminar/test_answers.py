"""Every exercise has one answer, each known mistake is another number, and where the ledger has the figure both agree."""

from __future__ import annotations

import random
import re

import pytest

from helpers import catalog
from helpers.documents import claims, reproductions
from helpers.seminar import checks, exercises, expected, sealing
from helpers.seminar.answers import answers
from helpers.seminar.exercises import EMPTY, KNOWN, RIGHT
from tests.project import PROJECT

ANSWERS = answers()
KNOWN_EXERCISES = exercises.exercises(PROJECT)


def told(exercise_id, answer):
    return checks.check(exercise_id, answer, study=PROJECT)


def test_tables_and_code_name_the_same_exercises_and_mistakes():
    assert set(ANSWERS) == set(KNOWN_EXERCISES)
    hints = exercises.hints(PROJECT)
    assert {name: set(answer.mistakes) for name, answer in ANSWERS.items()} == {
        name: set(own) for name, own in hints.items()
    }
    numbers = {item.number for item in KNOWN_EXERCISES.values()}
    assert numbers == {*(f"E{n}" for n in range(1, 13)), "B1", "B2", "F1", "F2", "F3"}
    assert sum(map(len, hints.values())) >= 45
    assert len({hint for own in hints.values() for hint in own.values()}) == sum(map(len, hints.values()))


@pytest.mark.parametrize("name", KNOWN_EXERCISES)
def test_each_mistake_gets_its_own_hint_and_no_other_number_is_right(name):
    item, answer = KNOWN_EXERCISES[name], ANSWERS[name]
    assert expected.collisions(item, answer, PROJECT) == []
    value = float(answer.value(PROJECT))
    assert told(name, value).verdict == RIGHT
    assert (
        told(name, f"{exercises.at_digits(value, item.decimals).replace('.', ',')} {item.unit}").verdict
        == RIGHT
    )
    for mistake, computed in answer.mistakes.items():
        found = told(name, float(computed(PROJECT)))
        assert (found.verdict, found.mistake) == (KNOWN, mistake)
        hint = exercises.hints(PROJECT)[name][mistake]
        assert not re.search(rf"\b{exercises.at_digits(value, item.decimals).replace('.', '[.,]')}\b", hint)
    chance = random.Random(name)
    for _ in range(50):
        wrong = value * chance.uniform(-3, 3) + chance.choice((0, 1, 10, 1000))
        same = exercises.at_digits(wrong, item.decimals) == exercises.at_digits(value, item.decimals)
        assert same or told(name, wrong).verdict != RIGHT


def test_the_answers_are_those_of_the_ledger():
    recomputed = reproductions.recompute(["miller2022_territories.densities"], study=PROJECT)
    assert float(recomputed["miller2022.t3.densite.e"]) == pytest.approx(ANSWERS["densite_e"].value(PROJECT))
    ledger = claims.verdicts(reproductions.recompute(["possible"], study=PROJECT), PROJECT)
    nearest = ledger.loc["miller2022.t5.mg_60_plus.b", "computed"]
    assert nearest == pytest.approx(100 * ANSWERS["mg_60_b"].value(PROJECT) / 60)


def test_the_figures_of_the_specification():
    shown = {
        name: exercises.at_digits(float(answer.value(PROJECT)), KNOWN_EXERCISES[name].decimals)
        for name, answer in ANSWERS.items()
    }
    assert shown == {
        "densite_e": "123.0", "mg_60_b": "35", "wilson_2_5": "76.9", "unanime_a2": "4", "total_733": "384",
        "base_couverture": "249", "hausse_aci": "20.3", "mg_10000": "6.49", "part_65_france": "20.5",
        "simpson_91_64": "52.9", "gini_71": "0.369", "tendance": "232.8", "retour_moyenne": "1.62",
        "kappa_c2b": "-0.02", "masque_a": "8", "relire_membres": "60.0", "redon_65": "23.3", "sol_commun": "94.0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("20,3", RIGHT), ("20,32 %", RIGHT), ("+20,3", RIGHT), ("20.3", RIGHT), (20.321, RIGHT), ("54,9", KNOWN),
        ("0,203", "erreur d'écriture"), ("20,4", "presque"), ("20", "pas encore"), ("vingt", "pas encore"),
        (float("nan"), "pas encore"), ([20.3], "pas encore"), ("", EMPTY), (None, EMPTY), (..., EMPTY),
    ],
)  # fmt: skip
def test_an_answer_is_read_as_it_is_written_and_never_raises(answer, verdict):
    assert told("hausse_aci", answer).verdict == verdict


@pytest.mark.parametrize("answer", ["34,8", 35.2, "34.5"])
def test_a_count_is_whole(answer):
    assert told("mg_60_b", answer).verdict != RIGHT


def test_the_third_wrong_try_names_the_helper_and_the_fifth_the_report(monkeypatch):
    monkeypatch.setattr(checks, "_tries", type(checks._tries)())
    monkeypatch.setattr(checks, "_seen", {})
    sentences = [told("densite_e", f"{number},7").sentence for number in (501, 502, 502, 503, 504, 505)]
    assert ["rates.per" in sentence for sentence in sentences] == [False, False, False, True, True, True]
    assert ["01_tableaux_cpts" in sentence for sentence in sentences] == [False] * 5 + [True]


def test_the_record_of_a_check_holds_no_answer():
    shown = told("hausse_aci", "54,9")._repr_mimebundle_()
    assert set(shown[checks.MIME]) == {"exercise", "verdict", "mistake", "try"}
    assert "54" not in str(shown[checks.MIME])
    assert 'role="status"' in shown["text/html"]


def test_the_sealed_answers_say_the_same_and_show_nothing(tmp_path, monkeypatch):
    one = {"hausse_aci": expected.of(KNOWN_EXERCISES["hausse_aci"], PROJECT)}
    content = sealing.sealed(one, KNOWN_EXERCISES, "sel")
    for value, verdict in ((20.321, RIGHT), (54.857, KNOWN), (20.4, "presque"), (2030, "erreur d'écriture")):
        assert sealing.opened(content, "hausse_aci", value).verdict == verdict
    assert sealing.opened(content, "hausse_aci", 33.0) is None
    lengths = {len(cipher) for cipher in content["exercises"]["hausse_aci"]["sealed"].values()}
    assert len(lengths) == 1
    text = str(content)
    assert not any(word in text for word in ("20.3", "20,3", "54,", "juste", "missions"))


@pytest.mark.parametrize("session", ["s1_refaire", "s2_comparer", "s3_juger"])
def test_the_duration_that_opens_a_session_is_the_sum_of_its_exercises(session):
    rows = PROJECT.table("seminar/exercises")
    own = rows[rows["session"] == session]
    path = catalog.DEFAULT_FOLDER.parent / "notebooks" / "seminaire" / f"{session}.ipynb"
    said = f"De {own['minutes_min'].sum()} à {own['minutes_max'].sum()} minutes"
    assert said in path.read_text(encoding="utf-8")
