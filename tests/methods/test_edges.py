"""Edges that a change of one sign or one constant would move: found by `tools/mutants.py`, each held by one case."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers.errors import NotComputable
from helpers.methods import comparison, controlled, rates, trends
from helpers.methods.trends import bends, breaks


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


# Its residuals swing from one point to the next: no autocorrelation is plausible, and nothing is to be widened.
SAW = [1, 5, 2, 6, 3, 7, 4, 8, 5, 9]


def test_caution_leaves_a_series_that_swings_as_it_is():
    plain, careful = (trends.sen_slope(range(10), SAW, correction=name).iloc[0] for name in ("", "prudente"))
    scipy = stats.theilslopes(SAW, range(10), alpha=0.95)
    for row in (plain, careful):
        assert (row["value"], row["lower"], row["upper"]) == (
            scipy.slope,
            scipy.low_slope,
            scipy.high_slope,
        )
    row = trends.mann_kendall(range(10), SAW).iloc[0]
    assert row["variance"] == (10 * 9 * 25 - 2 * 1 * 9) / 18  # one tie of two: 5
    assert row["note"] == "variance multipliée par 1,00 pour l'autocorrélation"
    row = trends.average_annual_change(range(10), SAW).iloc[0]
    assert row["note"] == "autocorrélation supposée 0,00"


def test_limits_of_a_trend_of_proportions_are_those_of_weighted_least_squares():
    counts, size = np.array([10, 40, 150]), np.array([100, 200, 300])
    row = trends.proportions_trend([1, 2, 3], counts, size).iloc[0]
    share, design = counts / size, sm.add_constant(np.array([1.0, 2, 3]))
    fit = sm.WLS(share, design, weights=size).fit()
    part = np.linalg.inv(design.T @ (size[:, None] * design)) @ (size[:, None] * design).T
    half = stats.norm.ppf(0.975) * np.sqrt((part[1] ** 2 * share * (1 - share) / size).sum())
    expected = [100 * fit.params[1], 100 * (fit.params[1] - half), 100 * (fit.params[1] + half)]
    assert row[["value", "lower", "upper"]].tolist() == pytest.approx(expected, rel=1e-9)


def test_the_first_step_is_the_one_that_others_are_compared_with():
    series = pd.Series(range(10), index=[1, 3, 4, 5, 6, 7, 8, 9, 10, 11])
    with pytest.raises(NotComputable, match=r"ligne 3 \(4\).*7\sautres lignes"):
        trends.interrupted(series, 7, family="gaussian")


def test_a_process_without_memory_is_its_noise_and_one_with_memory_keeps_its_variance():
    noise = np.random.default_rng(bends.SEED).standard_normal((bends.DRAWS, 6))
    assert (bends._process(6, 0.0) == noise).all()
    drawn = bends._process(6, 0.6)
    assert drawn.std(axis=0) == pytest.approx(np.ones(6), abs=0.06)
    assert np.corrcoef(drawn[:, 4], drawn[:, 5])[0, 1] == pytest.approx(0.6, abs=0.06)


def test_a_bend_is_sought_from_seven_points():
    bent = [0, 10, 20, 30, 20, 10, 0]
    table = trends.joinpoint(range(7), bent, logarithm=False)
    assert table[["period", "value"]].to_numpy().tolist() == [
        ["0-3", pytest.approx(10)],
        ["3-6", pytest.approx(-10)],
    ]
    with pytest.raises(NotComputable, match="au moins 7"):
        trends.joinpoint(range(6), bent[:6], logarithm=False)


def test_bends_lie_two_points_from_the_ends_and_three_apart():
    assert list(bends._places(7, 1)) == [(2,), (3,), (4,)]
    assert list(bends._places(11, 2)) == [
        (first, second) for first in range(2, 9) for second in range(first + 3, 9)
    ]


@pytest.mark.parametrize(
    ("gaps", "verdict"),
    [
        (((1, 0, 2), (1, 0, 2)), controlled.NO_EFFECT),
        (((-1, -2, 0), (-1, -2, 0)), controlled.NO_EFFECT),
        (((1, 0.01, 2), (1, 0, 2)), controlled.EFFECT),
        (((-1, -2, -0.01), (-1, -2, 0)), controlled.EFFECT),
        (((1, 0.01, 2), (1, 0.01, 2)), controlled.DIFFERENT_BEFORE),
        (((1, 0.01, 2), (-1, -2, -0.01)), controlled.DIFFERENT_BEFORE),
    ],
)
def test_an_interval_that_ends_at_zero_does_not_leave_it_out(gaps, verdict, monkeypatch):
    found = iter(gaps)
    monkeypatch.setattr(controlled, "_gap", lambda *_: next(found))
    pair = ((10, 100), (20, 100))
    table = controlled.difference_in_differences("proportion", pair, pair, before=pair)
    assert table["verdict"].iloc[0] == verdict


def test_an_effect_against_the_control_asks_for_less_than_the_risk():
    assert breaks._verdicts(np.array([0.05, 0.05, 0.04]), 0.05) == [
        "évolutions d'avant semblables",
        controlled.NO_EFFECT,
        controlled.EFFECT,
    ]
    assert set(breaks._verdicts(np.array([0.04, 0.5]), 0.05)) == {controlled.DIFFERENT_BEFORE}


@pytest.mark.parametrize(
    ("intervals", "said"),
    [
        (20, "20 intervalles à 95 % : en moyenne, 1,0 ne contiennent pas la valeur cherchée"),
        (2, "2 intervalles à 95 % : en moyenne, 0,1 ne contiennent pas la valeur cherchée"),
        (1, "1 intervalle à 95 % : en moyenne, 0,05 ne contiennent pas la valeur cherchée"),
    ],
)
def test_intervals_that_miss_are_told(intervals, said):
    assert controlled.missed_sentence(intervals).replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("comparisons", "told"),
    [
        (1, "0,05 en moyenne, et au moins une 5 fois"),
        (2, "0,1 en moyenne, et au moins une 10 fois"),
        (100, "5,0 en moyenne, et au moins une 99 fois"),
        (0, "0,00 en moyenne, et au moins une 0 fois"),
    ],
)
def test_alarms_are_told(comparisons, told):
    assert told in controlled.false_alarms_sentence(comparisons).replace("\xa0", " ")


@pytest.mark.parametrize(("kind", "value", "per"), [("proportion", 40, 100), ("rate", 120, 100_000)])
def test_a_planned_change_is_per_hundred_or_per_hundred_thousand(kind, value, per):
    plain, said = (
        trends.smallest_visible_change(50_000, value, kind=kind, target=-1, **more).iloc[0]
        for more in ({}, {"per": per})
    )
    assert plain.equals(said)


def test_a_target_that_leaves_the_range_is_never_seen():
    for kind, value, target in (("proportion", 99, 1.5), ("proportion", 1, -1.5), ("rate", 1, -1.5)):
        table = trends.smallest_visible_change(10, value, kind=kind, target=target)
        assert table["years_needed"].isna().all()
    # A rate has no ceiling: 60 % more each year of the population is possible.
    table = trends.smallest_visible_change(10, 90, kind="rate", per=100, target=60)
    assert table["years_needed"].iloc[0] == 3


def test_a_series_that_never_moves_gives_no_signal():
    table = trends.xmr(range(9), [5.0] * 9)
    assert table["signal"].tolist() == [""] * 9
    assert (table["lower"] == 5).all()
    assert (table["upper"] == 5).all()


@pytest.mark.filterwarnings("ignore:Perfect separation")
def test_an_exact_line_has_curves_without_width():
    series = pd.Series([1.0, 2, 3, 4, 15, 16, 17, 18], index=range(8))
    table = trends.interrupted(series, 4, family="gaussian")
    curve = table[table["statistic"] == "contrefactuel"]
    for column in ("value", "lower", "upper"):
        assert curve[column].tolist() == pytest.approx([5, 6, 7, 8], abs=1e-6)


def test_exact_limits_are_those_of_fewer_than_ten_events():
    table = rates.rate([9, 10], [1000, 1000], per=1000)
    assert table["method"].str.split(" ").str[0].tolist() == ["Poisson", "Byar"]
    exact = stats.chi2.ppf(0.025, 18) / 2, stats.chi2.ppf(0.975, 20) / 2
    assert table.loc[0, ["lower", "upper"]].tolist() == pytest.approx(exact)
    z = stats.norm.ppf(0.975)
    byar = 10 * (1 - 1 / 90 - z / (3 * 10**0.5)) ** 3, 11 * (1 - 1 / 99 + z / (3 * 11**0.5)) ** 3
    assert table.loc[1, ["lower", "upper"]].tolist() == pytest.approx(byar)


def test_notes_round_to_two_decimals():
    counts = pd.Series([12, 15, 11, 14, 13, 22, 25, 21, 24, 23], index=range(10))
    note = trends.interrupted(counts, 5)["note"].iloc[0]
    assert re.fullmatch(r"dispersion \d,\d\d, autocorrélation supposée \d,\d\d", note)
    note = trends.joinpoint(range(10), counts)["note"].iloc[0]
    assert re.fullmatch(r"ruptures tenues pour connues ; autocorrélation supposée \d,\d\d", note)


def test_a_start_of_one_territory_counts_with_the_others():
    rows = [
        {
            "territory": f"t{k}",
            "period": period,
            "start": start,
            "value": float(k * (period + 1) + 3 * (start <= period)),
        }
        for k, start in enumerate([2, 2, 2, 2, 3] + [np.inf] * 5)
        for period in range(5)
    ]
    panel = pd.DataFrame(rows)
    panel["start"] = panel["start"].replace(np.inf, np.nan)
    table = controlled.event_study(panel).set_index("elapsed")
    assert table.loc[0, ["territories", "controls"]].tolist() == [5, 5]
    assert table.loc[0, "value"] == pytest.approx(3 + np.mean([0, 1, 2, 3, 4]) - 0.8 * 6.5 - 0.2 * 7)


def test_methods_of_contrasts_are_named():
    for kind, names in (
        ("proportion", ["Newcombe (1998)", "Newcombe (2016), limites de Wilson"]),
        ("rate", None),
    ):
        found = [
            method(kind, (20, 400), (30, 400), polarity="sans jugement")["method"].iloc[0]
            for method in (comparison.difference, comparison.ratio)
        ]
        if names is None:
            assert found[0] == "Zou et Donner (2008), limites exactes ou de Byar"
            assert found[1].startswith("Newcombe (2016), limites e")
        else:
            assert found == names


def test_the_mean_of_a_bounded_indicator_is_told_with_its_floor():
    table = comparison.bounded_concentration_index([11, 12, 16], [1] * 3, bounds=(10, 20))
    assert table["numerator"].iloc[0] == pytest.approx(13)


def test_the_risk_of_a_bend_is_shared_between_the_tests():
    noise = np.random.default_rng(10).normal(size=12)
    p_value, *found = (
        trends.joinpoint(range(12), noise, logarithm=False, risk=risk).iloc[0]
        for risk in (1e-9, 0.067, 0.068)
    )
    assert p_value["p_value"] == pytest.approx(0.034)
    assert [row["n_breaks"] for row in found] == [0, 1]


def test_drawn_series_spread_as_the_residuals_of_the_line_they_start_from():
    times, y = np.arange(9.0), np.array([1, 4, 2, 8, 5, 7, 1, 3, 2.0])
    fit = sm.OLS(y, bends._bent(times, [3.0])).fit()
    drawn = bends._simulated(times, y, (3,), np.ones((1, 9)))[0]
    assert drawn - fit.fittedvalues == pytest.approx(np.full(9, np.sqrt(fit.mse_resid)))


@pytest.mark.parametrize(("beyond", "told"), [(71, True), (70, False)])
def test_overdispersion_is_told_above_what_chance_gives(beyond, told):
    # Scores of 1.42 or 1.40 standard deviations: eight areas make a mean square of up to 1 + 2 √(2/8) = 2 ordinary.
    counts = [5000 + sign * beyond for sign in (1, -1) * 4]
    table = comparison.funnel_significance("proportion", counts, [10_000] * 8, 50, per=100)
    assert (table["note"] == "surdispersion : 2,0 fois la variance attendue").all() == told
    assert (table["note"] == "").all() != told
    assert table["dispersion"].iloc[0] == pytest.approx((beyond / 50) ** 2)


@pytest.mark.parametrize(("kind", "value", "per"), [("proportion", 40, 100), ("rate", 120, 100_000)])
def test_visible_moves_are_the_distances_to_the_ends_of_the_band(kind, value, per):
    row = trends.smallest_visible_change(50_000, value, kind=kind, per=per).iloc[0]
    assert row["value"] == pytest.approx(value)
    assert row["lower"] < value < row["upper"]
    assert (row["down"], row["up"]) == pytest.approx((value - row["lower"], row["upper"] - value))
