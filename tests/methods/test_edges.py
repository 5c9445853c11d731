"""Edges that a change of one sign or one constant would move: found by `tools/mutants.py`, each held by one case."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.errors import NotComputable
from helpers.methods import comparison, trends


def test_a_line_that_ends_at_zero_exactly_has_no_ratio():
    # Ranks 1/8, 4/8, 7/8: values in proportion to them lie on a line through zero.
    with pytest.raises(NotComputable, match="sous zéro"):
        comparison.relative_index_of_inequality([1, 4, 7], [1, 2, 1], standard_errors=[0] * 3, seed=1)


def test_a_season_of_two_periods_is_a_season():
    series = pd.Series([10.0, 20, 11, 21, 10, 19, 12, 22, 30, 41, 31, 40], index=range(12))
    with_season = trends.interrupted(series, 8, season=2, family="gaussian").set_index("statistic")
    without = trends.interrupted(series, 8, family="gaussian").set_index("statistic")
    width = [
        table.loc["saut de niveau", "upper"] - table.loc["saut de niveau", "lower"]
        for table in (with_season, without)
    ]
    assert width[0] < width[1] / 3


@pytest.mark.parametrize("start", [0.1, 1e9 / 3, 7e12 / 9])
def test_an_exact_line_has_no_bend_however_large(start):
    line = start + start / 7 * np.arange(13)
    assert trends.joinpoint(range(13), line, logarithm=False)["n_breaks"].iloc[0] == 0


def test_one_lag_is_allowed():
    row = trends.mann_kendall(range(8), [3, 1, 4, 1, 5, 9, 2, 6], correction="hamed-rao", lags=1).iloc[0]
    assert row["variance"] > 0
    assert row["period"] == "0-7"


def test_the_five_point_rule_gives_the_last_year_and_its_own_limits():
    row = trends.recent_trend(
        range(2019, 2024),
        [52, 61, 60, 72, 80],
        [100, 110, 120, 130, 140],
        kind="proportion",
        polarity="hausse favorable",
    ).iloc[0]
    assert (row["numerator"], row["denominator"], row["period"]) == (80, 140, "2019-2023")
    assert row["lower"] < row["value"] < row["upper"]
    assert row["upper"] - row["value"] == pytest.approx(row["value"] - row["lower"])


def test_rates_near_one_in_a_hundred_thousand_still_rise():
    row = trends.recent_trend(
        range(5), [100, 200, 300, 400, 500], [1e7] * 5, kind="rate", polarity="sans jugement"
    ).iloc[0]
    assert row["verdict"] == "hausse"


def test_two_bends_are_sought_from_eleven_points():
    bent = np.array([0, 10, 20, 30, 20, 10, 0, 10, 20, 30, 40.0]) + np.tile([0.1, -0.1], 6)[:11]
    assert trends.joinpoint(range(11), bent, logarithm=False)["n_breaks"].iloc[0] == 2
    assert trends.joinpoint(range(10), bent[:10], logarithm=False)["n_breaks"].iloc[0] < 2


def test_power_and_risk_are_strictly_between_nought_and_one():
    for bounds in ({"power": 1}, {"alpha": 1}, {"power": 0}, {"alpha": 0}):
        with pytest.raises(NotComputable, match="entre 0 et 1"):
            trends.smallest_visible_change(1000, 50, **bounds)


@pytest.mark.parametrize(("correction", "year"), [("Erreygers", "2009"), ("Wagstaff", "2005")])
def test_a_correction_is_dated_by_its_author(correction, year):
    table = comparison.bounded_concentration_index([1, 2, 3], [1] * 3, bounds=(0, 9), correction=correction)
    assert table["method"].iloc[0] == f"{correction} ({year})"
