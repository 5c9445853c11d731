"""Scales of the steering questionnaire: what is computed, what is refused, and that users are in none of it."""

import numpy as np
import pytest

from helpers.survey import instrument
from helpers.survey.steering import scales
from tests.project import PROJECT
from tests.survey.test_measurement import people
from tests.survey.test_waves import frame

QUESTIONNAIRE = instrument.load("corrected", study=PROJECT)
_DRAW = np.random.default_rng(21)
_THING = _DRAW.normal(size=30)
NOW = {
    code: "".join(str(int(one)) for one in np.clip(np.round(3 + _THING + _DRAW.normal(size=30)), 1, 5))
    for code in ("Q4", "Q30", "Q41", "Q42")
}
# Q27 begins at the least advanced answer.
NOW["Q27"] = "".join(str(6 - int(one)) for one in NOW["Q4"][3:] + "234")


def number(cell):
    return float(cell.replace(",", "."))


def rows_of(first, second, answers):
    return scales.coherence(frame(answers), QUESTIONNAIRE, "x", first, second, PROJECT).set_index(
        ["measure", "about"]
    )


def test_opinions_go_one_way_and_make_an_alpha_with_its_interval():
    answers = [row for code, said in NOW.items() for row in people(code, said)]
    answers += people("Q4", "1" * 20, role="usager")
    found = rows_of("w", "w", answers)
    ranks = np.array([[int(one) for one in said] for said in NOW.values()], dtype=float).T
    ranks[:, 4] = 6 - ranks[:, 4]
    spread = np.cov(ranks, rowvar=False)
    alpha = found.loc["Alpha de Cronbach"].iloc[0]
    assert number(alpha["value"]) == pytest.approx(5 / 4 * (1 - np.trace(spread) / spread.sum()), abs=0.005)
    assert (alpha["units"], alpha["interval"].startswith("[0,")) == ("30", True)
    assert number(found.loc["Oméga de McDonald"].iloc[0]["value"]) > 0.3
    assert found.loc["Corrélation intraclasse"].iloc[0]["units"] == "5"
    assert "Kappa pondéré" not in found.index.get_level_values("measure")


def test_the_same_people_twice_have_a_weighted_kappa():
    answers = (
        people("Q4", NOW["Q4"]) + people("Q4", NOW["Q4"][::-1], wave="v") + people("Q30", "12", wave="v")
    )
    found = rows_of("v", "w", answers)
    kappa = found.loc["Kappa pondéré"]
    assert kappa.index.tolist() == ["Q4, mêmes personnes à deux vagues"]
    first, second = (np.array([int(one) for one in said]) for said in (NOW["Q4"][::-1], NOW["Q4"]))
    chance = ((first[:, None] - second[None, :]) ** 2).mean()
    expected = 1 - ((first - second) ** 2).mean() / chance
    assert number(kappa["value"].iloc[0].replace("\u2212", "-")) == pytest.approx(expected, abs=0.005)


def test_what_the_answers_do_not_allow_is_refused_once_in_words():
    found = rows_of("v", "w", people("Q4", "123") + people("Q4", "123", wave="v"))
    assert set(found["value"]) == {"—"}
    assert len(found) == 4
    assert all("il " in said for said in found["said_fr"])
    assert scales.coherence(frame([]), QUESTIONNAIRE, "x", "v", "w", PROJECT).empty
