"""Interrupted series and joinpoints against a published tutorial and known lines; each refusal."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from helpers.errors import NotComputable, UnknownName
from helpers.methods import trends

# Lopez Bernal, Cummins and Gasparrini (2017), Int. J. Epidemiol. 46:348-355: acute coronary events in Sicily, January 2002 to
# November 2006, standardised population; smoking ban in January 2005, month 37.
EVENTS = [
    728, 659, 791, 734, 757, 726, 760, 740, 720, 814, 795, 858, 887, 766, 851, 769, 781, 756, 766, 752, 765, 831, 879, 928, 914,
    808, 937, 840, 916, 828, 845, 818, 860, 839, 887, 886, 831, 796, 833, 820, 877, 758, 767, 738, 781, 843, 850, 908, 1021, 859,
    976, 888, 962, 838, 810, 876, 843, 936, 912,
]  # fmt: skip
PEOPLE = [
    379875.3, 376495.5, 377040.8, 377116.4, 377383.4, 374113.1, 379513.3, 376295.5, 374653.2, 378485.6, 375955.5, 378349.7,
    376762.4, 379032.3, 379360.4, 376162, 377972.4, 381830.7, 379888.6, 380872.2, 380966.9, 381240.4, 382104.9, 381802.7,
    381656.3, 383680, 383504.2, 386462.9, 383783.1, 380836.8, 383483, 380906.2, 382926.8, 384052.4, 384449.6, 383428.4,
    388153.2, 388373.2, 386470.1, 386033.2, 383686.4, 385509.3, 385901.9, 386516.6, 388436.5, 383255.2, 390148.7, 385874.9,
    391613.6, 391750.4, 394005.6, 391364.9, 391664.6, 389022.3, 391878.5, 388575.3, 392989, 390018.8, 390712.3,
]  # fmt: skip
SERIES = pd.Series(EVENTS, index=range(1, 60))


def effects(**more):
    table = trends.interrupted(SERIES, 37, offset=PEOPLE, **more)
    return table[table["unit"].isin(["ratio", "différence"])].set_index("statistic")


class TestInterrupted:
    # Published: RR 0.894 without season, 0.885 with two harmonics. Limits and p: R, tools/oracles_trends.R.
    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, (0.8943765080144, 0.83800967418988, 0.95453472999738, 0.001122135590677)),
            ({"season": 12}, (0.88507154724384, 0.83834240770563, 0.93440536532616, 3.6422598737859e-05)),
        ],
    )
    def test_quasi_poisson_is_that_of_r(self, more, expected):
        row = effects(slope_change=False, correction="", **more).loc["saut de niveau"]
        assert tuple(row[["value", "lower", "upper", "p_value"]]) == pytest.approx(expected, rel=1e-9)

    def test_gaussian_is_that_of_r(self):
        table = trends.interrupted(SERIES, 37, family="gaussian", correction="").set_index("statistic")
        row = table.loc["saut de niveau"]
        expected = (-92.281815044858, -151.086303551, -33.477326538714, 0.0026788603957827)
        assert tuple(row[["value", "lower", "upper", "p_value"]]) == pytest.approx(expected, rel=1e-9)
        assert row["unit"] == "différence"

    def test_caution_widens_and_says_what_it_supposes(self):
        plain, careful = (effects(correction=name).loc["saut de niveau"] for name in ("", "prudente"))
        assert careful["value"] == pytest.approx(plain["value"])
        assert careful["lower"] < plain["lower"]
        assert careful["upper"] > plain["upper"]
        assert careful["p_value"] > plain["p_value"]
        assert "autocorrélation supposée 0,00" in plain["note"]
        assert "autocorrélation supposée 0,00" not in careful["note"]

    def test_counts_less_dispersed_than_poisson_are_held_to_it(self):
        flat = pd.Series([100, 101, 100, 99] * 5, index=range(20))
        plain, careful = (
            trends.interrupted(flat, 10, correction=name).set_index("statistic").loc["saut de niveau"]
            for name in ("", "prudente")
        )
        assert np.log(careful["upper"] / careful["lower"]) > 5 * np.log(plain["upper"] / plain["lower"])

    def test_a_stock_is_refused_and_its_flow_is_not(self):
        stock = pd.Series(np.cumsum(np.arange(20) % 3 + 5.0), index=range(20))
        with pytest.raises(NotComputable, match="un stock garde ce qu'il avait"):
            trends.interrupted(stock, 10, nature="stock", indicator="MSP")
        flow = trends.flow_of(stock)
        assert flow.index[0] == 1
        assert len(trends.interrupted(flow, 10, nature="flux"))

    def test_counterfactual_is_the_line_of_before(self):
        table = trends.interrupted(SERIES, 37, offset=PEOPLE, slope_change=False)
        fitted, without = (
            table[table["statistic"] == name].set_index("period") for name in ("ajusté", "contrefactuel")
        )
        step = table.loc[table["statistic"] == "saut de niveau", "value"].iloc[0]
        assert list(without.index) == [str(item) for item in range(37, 60)]
        assert len(fitted) == 59
        assert (fitted.loc[without.index, "value"] / without["value"]).tolist() == pytest.approx([step] * 23)
        assert (without["lower"] < without["value"]).all()
        assert without["numerator"].tolist() == EVENTS[36:]
        # Poisson with a constant and a level gives the observed total back on each side.
        assert fitted["value"].sum() == pytest.approx(sum(EVENTS))

    @pytest.mark.parametrize(
        ("series", "more", "sentence"),
        [
            (pd.Series(range(10, 18), index=range(8)), {"intervention": 2}, "2.points avant l'intervention"),
            (pd.Series(range(10, 18), index=range(8)), {"intervention": 9}, "0.point après l'intervention"),
            (
                pd.Series([1, 2, 3, 4, 5, -6, 7, 8], index=range(8)),
                {},
                r"ligne 6 \(5\) : un nombre d'événements",
            ),
            (pd.Series([1, 2, 3, 4, 5, None, 7, 8], index=range(8)), {}, r"ligne 6 \(5\) : la valeur manque"),
            (pd.Series(range(8), index=[0, 1, 2, 3, 4, 5, 6, 9]), {}, r"ligne 8 \(9\) : l'écart"),
            (pd.Series(range(8), index=[0, 1, 2, 3, 3, 5, 6, 7]), {}, "en double"),
            (pd.Series(range(1, 9), index=range(8)), {"season": 12}, "8 points ne suffisent pas"),
            (pd.Series(range(1, 9), index=range(8)), {"season": 1}, "saison"),
            (pd.Series(range(1, 9), index=range(8)), {"offset": [1, 2]}, "même longueur"),
            (
                pd.Series(range(1, 9), index=range(8)),
                {"offset": [1] * 7 + [0]},
                r"ligne 8 \(7\) : la population",
            ),
            (pd.Series(range(1, 9), index=range(8)), {"offset": [1] * 8, "family": "gaussian"}, "offset"),
        ],
    )
    def test_refuses(self, series, more, sentence):
        intervention = more.pop("intervention", 4)
        with pytest.raises(NotComputable, match=sentence):
            trends.interrupted(series, intervention, **more)

    def test_refuses_an_unknown_family(self):
        with pytest.raises(UnknownName, match="quasi-poisson"):
            trends.interrupted(SERIES, 37, family="quasipoisson")


def test_a_season_of_two_periods_is_found_whole():
    values = pd.Series([10 + 5 * (-1) ** t + 3 * (t >= 6) for t in range(12)], dtype=float)
    values += np.resize([1e-6, -1e-6, -1e-6, 1e-6], 12)  # no fit is perfect
    found = trends.interrupted(values, 6, family="gaussian", season=2).set_index("statistic")["value"]
    assert found["pente avant":"changement de pente"].tolist() == pytest.approx([0, 3, 0], abs=1e-4)


def test_limits_of_the_fitted_curve_are_those_of_least_squares():
    """An oracle apart: `get_prediction` of statsmodels on the same columns."""
    times = np.arange(14.0)
    values = 20 + times + np.random.default_rng(8).normal(0, 2, 14)
    after = times >= 7
    columns = np.column_stack([np.ones(14), times, after, np.where(after, times - 7, 0)])
    expected = sm.OLS(values, columns).fit().get_prediction().conf_int()
    table = trends.interrupted(pd.Series(values, index=times), 7, family="gaussian", correction="")
    fitted = table[table["statistic"] == "ajusté"]
    assert fitted[["lower", "upper"]].to_numpy() == pytest.approx(expected, rel=1e-9)


class TestJoinpoint:
    YEARS = np.arange(2000, 2020)

    def rows(self, values, **more):
        return trends.joinpoint(self.YEARS, values, **more)

    def test_one_known_bend(self):
        after = np.maximum(self.YEARS - 2010, 0)
        values = 100 * 1.05 ** np.minimum(self.YEARS - 2000, 10) * 0.97**after
        table = self.rows(values)
        assert table["period"].tolist() == ["2000-2010", "2010-2019"]
        assert table["value"].tolist() == pytest.approx([5, -3])
        assert table["n_breaks"].tolist() == [1, 1]

    def test_two_known_bends_under_noise(self):
        line = np.interp(self.YEARS, [2000, 2006, 2012, 2019], [10, 40, 20, 55])
        table = self.rows(line + np.random.default_rng(2).normal(0, 0.5, 20), logarithm=False, unit="CPTS")
        assert table["start"].tolist() == pytest.approx([2000, 2006, 2012], abs=1)
        assert table["value"].tolist() == pytest.approx([5, -20 / 6, 5], abs=0.4)
        assert table["unit"].iloc[0] == "CPTS par période"
        assert ((table["lower"] < table["value"]) & (table["value"] < table["upper"])).all()

    def test_a_straight_line_keeps_no_bend(self):
        table = self.rows(100 * 1.03 ** np.arange(20))
        assert (len(table), table["n_breaks"].iloc[0]) == (1, 0)
        assert table["value"].iloc[0] == pytest.approx(3)

    def test_slopes_agree_with_regression_at_the_chosen_bend(self):
        values = np.array([3, 5, 7, 8, 11, 13, 12, 11, 9, 8, 6, 5], dtype=float)
        table = trends.joinpoint(range(12), values, max_breaks=1, logarithm=False)
        bend = table["end"].iloc[0]
        fit = sm.OLS(
            values, np.column_stack([np.ones(12), np.arange(12), np.maximum(np.arange(12) - bend, 0)])
        ).fit()
        test = fit.t_test([0, 1, 1])
        assert table["value"].tolist() == pytest.approx([fit.params[1], fit.params[1] + fit.params[2]])
        assert [table["lower"].iloc[1], table["upper"].iloc[1]] == pytest.approx(test.conf_int()[0].tolist())

    def test_few_points_allow_one_bend_only(self):
        table = trends.joinpoint(range(8), [1, 9, 1, 9, 1, 9, 1, 9], logarithm=False)
        assert table["n_breaks"].iloc[0] <= 1

    @pytest.mark.parametrize(
        ("values", "more", "sentence"),
        [
            ([1] * 6, {}, "6.points, il en faut au moins 7"),
            ([1, 2, 3, 0, 5, 6, 7], {}, "ligne 4 : le logarithme"),
            ([1, 2, 3, None, 5, 6, 7], {}, "ligne 4 : la valeur manque"),
            ([1, 2, 3, 4, 5, 6, 7], {"max_breaks": 3}, "de 0 à 2"),
        ],
    )
    def test_refuses(self, values, more, sentence):
        with pytest.raises(NotComputable, match=sentence):
            trends.joinpoint(range(len(values)), values, **more)

    @settings(max_examples=8)
    @given(st.lists(st.floats(1, 100), min_size=12, max_size=14), st.floats(0.1, 10))
    def test_scale_moves_no_decision_on_logarithms(self, values, scale):
        assume(np.ptp(values) > 1)
        one = trends.joinpoint(range(len(values)), values, max_breaks=1)
        other = trends.joinpoint(range(len(values)), scale * np.array(values), max_breaks=1)
        assert other["p_value"].iloc[0] == pytest.approx(one["p_value"].iloc[0], abs=0.02)
        assert (one["start"].iloc[0], one["end"].iloc[-1]) == (0, len(values) - 1)

    @pytest.mark.parametrize("level", [1e6, 1e9, 1e12])
    def test_an_exact_line_far_from_zero_has_no_bend_for_chance_to_judge(self, level):
        """What is left of it is rounding: below the floor, whatever the bends."""
        table = trends.joinpoint(range(13), level / 3 + level / 700 * np.arange(13), logarithm=False)
        assert table[["n_breaks", "p_value"]].values.tolist() == [[0, 1.0]]

    @pytest.mark.parametrize("level", [1e6, 1e9])
    def test_a_bend_is_found_whatever_the_level(self, level):
        noise = np.random.default_rng(3).normal(0, 1, 13)
        values = 5.0 * np.array([0, 1, 2, 3, 4, 5, 6, 4, 2, 0, -2, -4, -6]) + noise
        near, far = (trends.joinpoint(range(13), values + added, logarithm=False) for added in (0, level))
        assert near["n_breaks"].tolist() == far["n_breaks"].tolist() == [1, 1]
        assert far["p_value"].iloc[0] == near["p_value"].iloc[0]
        assert far["value"].tolist() == pytest.approx(near["value"].tolist(), rel=1e-6)

    def test_noise_keeps_no_bend_and_gives_the_same_answer_twice(self):
        values = np.random.default_rng(5).normal(100, 5, 13)
        first, second = (trends.joinpoint(range(13), values, logarithm=False) for _ in range(2))
        assert first["n_breaks"].iloc[0] == 0
        assert first["p_value"].iloc[0] > 0.025
        pd.testing.assert_frame_equal(first, second)

    def test_a_stock_is_refused(self):
        with pytest.raises(NotComputable, match="flow_of"):
            trends.joinpoint(range(8), range(10, 18), nature="stock")


class TestDependence:
    """What the benchmark of false alarms rests on, on a few series whose alarms can be counted at once."""

    @pytest.mark.parametrize("rho", [0.0, 0.5])
    def test_few_alarms_where_nothing_happens(self, rho):
        random = np.random.default_rng(7)
        alarms = 0
        for _ in range(150):
            series = random.standard_normal(14)
            for step in range(1, 14):
                series[step] = rho * series[step - 1] + np.sqrt(1 - rho**2) * series[step]
            table = trends.interrupted(pd.Series(series), 7, family="gaussian").set_index("statistic")
            alarms += bool(table["p_value"]["saut de niveau"] < 0.05)
        # 5 % of 150 is 7.5; 16 would come once in 300 if the level were kept.
        assert alarms <= 16

    def test_a_jump_is_still_seen(self):
        series = pd.Series(np.random.default_rng(1).normal(0, 1, 24) + 6 * (np.arange(24) >= 12))
        table = trends.interrupted(series, 12, family="gaussian", slope_change=False).set_index("statistic")
        assert table["p_value"]["saut de niveau"] < 0.01


def test_a_bend_is_kept_when_chance_explains_it_just_as_often_as_the_risk():
    values = np.array([0, 1, 2, 3, 4, 4, 4, 4, 4, 4.0]) + 0.2 * np.cos(7.0 * np.arange(10))
    options = {"max_breaks": 1, "logarithm": False}
    found = float(trends.joinpoint(range(10), values, **options)["p_value"].iloc[0])
    at_risk = [
        trends.joinpoint(range(10), values, risk=risk, **options)["n_breaks"].iloc[0]
        for risk in (found, 0.99 * found)
    ]
    assert at_risk == [1, 0]
