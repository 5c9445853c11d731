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
    def test_step_as_published(self):
        # Published: RR 0.894 (0.864 to 0.925), Poisson without season.
        row = effects(slope_change=False).loc["saut de niveau"]
        assert (round(row["value"], 3), round(row["lower"], 3), round(row["upper"], 3)) == (
            0.894,
            0.865,
            0.925,
        )

    def test_seasonal_quasi_poisson_as_published(self):
        # Published: RR 0.885 (0.839 to 0.933), quasi-Poisson with two harmonics of twelve months.
        row = effects(slope_change=False, family="quasi-poisson", season=12).loc["saut de niveau"]
        assert (round(row["value"], 3), round(row["lower"], 3), round(row["upper"], 3)) == (
            0.885,
            0.839,
            0.933,
        )

    def test_quasi_poisson_widens_by_the_square_root_of_the_dispersion(self):
        plain, quasi = effects().loc["saut de niveau"], effects(family="quasi-poisson").loc["saut de niveau"]
        dispersion = float(quasi["note"].removeprefix("dispersion ").replace(",", "."))
        ratio = np.log(quasi["upper"] / quasi["lower"]) / np.log(plain["upper"] / plain["lower"])
        assert quasi["value"] == pytest.approx(plain["value"])
        assert ratio == pytest.approx(dispersion**0.5, abs=0.01)

    def test_gaussian_newey_west_agrees_with_ols(self):
        times = np.arange(1, 60)
        after = times >= 37
        design = np.column_stack([np.ones(59), times - 1, after, np.where(after, times - 37, 0)])
        fit = sm.OLS(np.array(EVENTS, dtype=float), design).fit(cov_type="HAC", cov_kwds={"maxlags": 3})
        table = trends.interrupted(SERIES, 37, family="gaussian", newey_west=3).set_index("statistic")
        row = table.loc["changement de pente"]
        assert row["value"] == pytest.approx(fit.params[3])
        # The GLM has no small-sample factor; OLS neither, unless asked.
        assert row["upper"] - row["value"] == pytest.approx(1.959964 * fit.bse[3], rel=1e-3)
        assert row["unit"] == "différence"
        assert "Newey-West 3" in row["method"]

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
        # Bayesian criterion with two slopes, a constant and the place of the bend.
        assert table["bic"].iloc[0] == pytest.approx(12 * np.log(fit.ssr / 12) + 4 * np.log(12))

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

    @settings(max_examples=20)
    @given(st.lists(st.floats(1, 100), min_size=12, max_size=14), st.floats(0.1, 10))
    def test_scale_moves_no_criterion_on_logarithms(self, values, scale):
        assume(np.ptp(values) > 1)
        one = trends.joinpoint(range(len(values)), values, max_breaks=1)
        other = trends.joinpoint(range(len(values)), scale * np.array(values), max_breaks=1)
        assert other["bic"].iloc[0] == pytest.approx(one["bic"].iloc[0], rel=1e-6)
        assert (one["start"].iloc[0], one["end"].iloc[-1]) == (0, len(values) - 1)
