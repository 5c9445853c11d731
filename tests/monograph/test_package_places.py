"""CPTS of a package beside each other: shrunken values, an action begun at different dates, and the refusals in words."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.catalog import Study
from helpers.monograph import package_places
from tests.monograph.conftest import DEFINITIONS, action, value
from tests.project import PROJECT

NAMES = [f"c{rank:02}" for rank in range(12)]


def shares(moved=0.0):
    """Six years of twelve CPTS of their own size (what would give people back is masked); the first six move from 2022."""
    draw, rows = np.random.default_rng(7), []
    for rank, name in enumerate(NAMES):
        for year in range(2019, 2025):
            people = 9000 + 700 * rank + 113 * (year - 2019)
            share = 0.5 + 0.003 * draw.standard_normal() + moved / 100 * (rank < 6 and year >= 2022)
            rows.append(value("grippe", name, year, int(people * share), people))
    return rows


@pytest.fixture
def shown(package):
    def of(values, actions):
        others = [{"cpts": name, "name_fr": f"CPTS {name}", "status": "aci_signe"} for name in NAMES]
        return package_places.shown(
            Study(package(definitions=DEFINITIONS, values=values, actions=actions, others=others))
        )

    return of


def log(starts):
    return [action(f"a{rank}", start, cpts=NAMES[rank]) for rank, start in enumerate(starts)]


def test_an_action_that_moved_is_told_against_those_without(shown):
    html = shown(shares(moved=8), log(["2022-03-01"] * 6)).html.replace("\xa0", " ")
    assert "compatible avec un effet" in html
    assert "6, 6" in html
    assert "Valeur rapprochée" in html
    assert "12 comparaisons au risque de 0,2" in html.replace("\u202f", " ")


def test_an_action_after_which_nothing_moved(shown):
    assert "que le hasard n" in shown(shares(), log(["2022-03-01"] * 6)).html


def test_too_few_cpts_with_the_action(shown):
    said = shown(shares(), log(["2022-03-01"] * 2)).html
    assert "« Vaccination » : 2\xa0territoires avec l" in said
    assert "Callaway" not in said


def test_a_cpts_joined_lately_does_not_take_the_others_away(shown):
    dates = pd.to_datetime(["2020-12-31", "2021-12-31", "2020-12-31", "2021-12-31", "2021-12-31"])
    values = pd.DataFrame({"territory": list("aabbc"), "period_end": dates, "value": [1.0, 2, 3, 4, 5]})
    actions = pd.DataFrame({"cpts": ["a", "a"], "date_start": pd.to_datetime(["2021-05-01", "2021-02-01"])})
    rows = package_places.panel(values, actions)
    assert rows["territory"].tolist() == ["a", "a", "b", "b"]
    assert rows["start"].tolist()[:2] == [2021, 2021]
    assert rows["start"].isna().sum() == 2


def test_the_project_has_none():
    assert package_places.shown(PROJECT).html == ""
