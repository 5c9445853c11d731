"""Trends against published series, R, pyMannKendall and textbooks; each refusal; properties."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

from helpers.errors import NotComputable, UnknownName
from helpers.methods import rates, trends

YEARS = [2020, 2021, 2022, 2023, 2024]
# Annual flow of the Nile at Aswan, 1871-1970 (Cobb 1978; data set `Nile` of R).
NILE = [
    1120, 1160, 963, 1210, 1160, 1160, 813, 1230, 1370, 1140, 995, 935, 1110, 994, 1020, 960, 1180, 799, 958, 1140, 1100, 1210,
    1150, 1250, 1260, 1220, 1030, 1100, 774, 840, 874, 694, 940, 833, 701, 916, 692, 1020, 1050, 969, 831, 726, 456, 824, 702,
    1120, 1100, 832, 764, 821, 768, 845, 864, 862, 698, 845, 744, 796, 1040, 759, 781, 865, 845, 944, 984, 897, 822, 1010, 771,
    676, 649, 846, 812, 742, 801, 1040, 860, 874, 848, 890, 744, 749, 838, 1050, 918, 986, 797, 923, 975, 815, 1020, 906, 901,
    1170, 912, 746, 919, 718, 714, 740,
]  # fmt: skip


def recent(numerators, denominators, periods=YEARS, kind="proportion", polarity="hausse favorable", **more):
    return trends.recent_trend(periods, numerators, denominators, kind=kind, polarity=polarity, **more).iloc[
        0
    ]


class TestRecentTrend:
    # Counts published by Fingertips for England, with the marker that the site shows.
    def test_older_people_increase(self):
        # Indicator 93468. A test of the site expects "no change" because its fixture lost the limits.
        row = recent(
            [10588957, 10547929, 10851467, 11034431, 11246440], [60458658, 60744002, 61625745, 62418295, 63227624],
            polarity="sans jugement",
        )  # fmt: skip
        assert row["verdict"] == "hausse"
        assert row["chi_square"] == pytest.approx(3167.79879245)  # R: prop.trend.test
        assert row["unit"] == "points par période"

    def test_vaccination_falls(self):
        # Indicator 30309, Yorkshire and the Humber: "decreasing", which is bad.
        row = recent([57274, 55865, 53681, 51767, 53185], [61834, 60511, 59074, 57508, 59028])
        assert row["verdict"] == "baisse défavorable"

    def test_sight_loss_rises(self):
        # Indicator 41203, a rate: "increasing" in spite of the fall of 2021.
        people = [48246126, 48440507, 48753376, 49300918, 49866388]
        row = recent([1416, 935, 1344, 1415, 1502], people, kind="rate", polarity="baisse favorable")
        assert row["verdict"] == "hausse défavorable"
        assert (row["numerator"], row["denominator"]) == (1502, 49866388)  # of the last period
        assert row["unit"].replace("\u202f", " ") == "pour 100 000 par période"

    # Expected: R, prop.trend.test. The second, of a very small CPTS, was told "baisse" by a rule that was not this one.
    @pytest.mark.parametrize(
        ("counts", "size", "square"),
        [
            ([150, 170, 160, 190, 200], [1000] * 5, 10.0192034733),
            ([5, 3, 1, 1, 2], [5, 5, 5, 4, 4], 3.71988894796),
            ([12, 15, 9, 22, 30], [80, 90, 70, 100, 95], 8.51973320482),
        ],
    )
    def test_chi_square_of_proportions_is_that_of_cochran_and_armitage(self, counts, size, square):
        row = recent(counts, size)
        assert row["chi_square"] == pytest.approx(square)
        assert (row["verdict"] == "pas d'évolution significative") == (square < 9.5495)

    def test_nobody_every_year_is_flat(self):
        row = recent([0] * 5, [40] * 5)
        assert (row["verdict"], row["chi_square"]) == ("pas d'évolution significative", 0)

    def test_slope_of_rates_agrees_with_weighted_regression(self):
        counts, size = np.array([150, 170, 160, 190, 200]), np.full(5, 10_000)
        low, high = rates.poisson_limits(counts.astype(float), np.array([0.95]))
        weights = (2 * 1.959964 * size / (high - low)[:, 0]) ** 2
        fit = sm.WLS(counts / size, sm.add_constant(np.arange(5)), weights=weights).fit(
            cov_type="fixed scale"
        )
        row = recent(counts, size, kind="rate")
        assert row["value"] == pytest.approx(100_000 * fit.params[1])
        assert row["chi_square"] == pytest.approx((fit.params[1] / fit.bse[1]) ** 2, rel=1e-6)

    def test_threshold_is_p_0002(self):
        # chi-square 9.5495 on one degree: the slope must be beyond it, its interval at 99.8 % must leave zero out.
        for step in (1, 3, 5, 6, 7, 8, 9, 12):
            row = recent([500 + step * k for k in range(5)], [1000] * 5)
            assert (
                (row["verdict"] == "hausse favorable")
                == (row["chi_square"] > 9.54953570608324)
                == (row["lower"] > 0)
            )

    def test_one_point_cannot_make_the_trend(self):
        row = recent([500, 495, 490, 485, 900], [1000] * 5)
        assert row["chi_square"] > 9.55
        assert row["verdict"] == "pas d'évolution significative"
        assert row["note"] == "le sens de la pente dépend d'un seul point"

    def test_flat_series_has_no_excuse_to_give(self):
        row = recent([500] * 5, [1000] * 5)
        assert (row["verdict"], row["note"]) == ("pas d'évolution significative", "")

    def test_only_the_last_five_count(self):
        long = recent([900, 1, 500, 520, 540, 560, 580], [1000] * 7, periods=range(2018, 2025))
        assert long["value"] == recent([500, 520, 540, 560, 580], [1000] * 5)["value"]
        assert long["period"] == "2020-2024"

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (([1, 2, 3, 4], [9] * 4, YEARS[:4]), "4 points, la règle en demande 5"),
            (([1, 2, None, 4, 5], [9] * 5), "donnée manquante : 2022"),
            (([1, 2, 3, 4, 5], [9, 9, 9, 9, np.nan]), "donnée manquante : 2024"),
            (
                ([1, 2, 3, 4, 5], [9] * 5, [2018, 2020, 2021, 2022, 2023]),
                "les cinq dernières périodes ne se suivent pas",
            ),
        ],
    )
    def test_what_cannot_be_assessed_says_why_and_is_never_no_change(self, arguments, reason):
        row = recent(*arguments)
        assert (row["verdict"], row["note"]) == ("non calculable", reason)
        assert np.isnan(row["value"])

    def test_a_break_is_not_crossed(self):
        assert recent([1, 2, 3, 4, 5], [9] * 5, breaks=[2022])["note"] == "rupture de série en 2022"
        assert recent([1, 2, 3, 4, 5], [9] * 5, breaks=[2020])["verdict"] != "non calculable"

    @pytest.mark.parametrize(
        ("arguments", "sentence"),
        [
            (
                ([1, 2, 3, 4, 10], [9] * 5),
                r"ligne 5 \(2024\) : le numérateur \(10\) sort du dénominateur \(9\)",
            ),
            (([1, -2, 3, 4, 5], [9] * 5), r"ligne 2 \(2021\)"),
            (([1, 2, 3, 4, 5], [9, 9, 0, 9, 9]), r"ligne 3 \(2022\) : aucun effectif"),
            (([1, 2, 3, 4, 5], [9] * 5, [2020, 2021, 2021, 2022, 2023]), "la période 2021 est en double"),
            (
                ([1, 2, 3, 4, 5], [9] * 5, [2020, 2022, 2021, 2023, 2024]),
                "la période 2021 n'est pas dans l'ordre",
            ),
            (([1, 2, 3, 4], [9] * 5), "même longueur"),
        ],
    )
    def test_refuses_naming_the_row(self, arguments, sentence):
        with pytest.raises(NotComputable, match=sentence):
            recent(*arguments)

    def test_refuses_unknown_words(self):
        with pytest.raises(UnknownName, match="proportion"):
            recent([1] * 5, [9] * 5, kind="proportions")
        with pytest.raises(UnknownName, match="baisse favorable"):
            recent([1] * 5, [9] * 5, polarity="baisse")

    @given(st.lists(st.integers(0, 500), min_size=5, max_size=5))
    def test_reversed_series_turns_the_verdict(self, counts):
        words = {"hausse": "baisse", "baisse": "hausse"}
        one = recent(counts, [500] * 5, polarity="sans jugement")
        other = recent(counts[::-1], [500] * 5, polarity="sans jugement")
        assert other["verdict"] == words.get(one["verdict"], one["verdict"])
        assert other["value"] == pytest.approx(-one["value"], abs=1e-9)


class TestProportionsTrend:
    def test_smokers_of_r(self):
        # R, ?prop.trend.test: smokers 83, 90, 129, 70 of 86, 93, 136, 82: X-squared = 8.2249 with N, so 8.2249 x 396/397 here.
        row = trends.proportions_trend([1, 2, 3, 4], [83, 90, 129, 70], [86, 93, 136, 82]).iloc[0]
        assert row["z"] ** 2 == pytest.approx(8.2249 * 396 / 397, abs=1e-4)
        assert row["z"] < 0
        fit = sm.WLS(
            np.array([83, 90, 129, 70]) / [86, 93, 136, 82],
            sm.add_constant([1, 2, 3, 4]),
            weights=[86, 93, 136, 82],
        ).fit()
        assert row["value"] == pytest.approx(100 * fit.params[1])

    @pytest.mark.parametrize(
        ("periods", "counts", "sizes", "sentence"),
        [
            ([1, 2], [1, 2], [9, 9], "2.points renseignés, il en faut au moins 3"),
            ([1, 2, 3], [0, 0, 0], [9, 9, 9], "nulle ou totale partout"),
            ([1, 2, 3], [0, 10, 0], [9, 9, 9], "ligne 2 : le numérateur"),
            ([1, 1, 3], [0, 1, 0], [9, 9, 9], "ligne 2 : la période 1 est en double"),
        ],
    )
    def test_refuses(self, periods, counts, sizes, sentence):
        with pytest.raises(NotComputable, match=sentence):
            trends.proportions_trend(periods, counts, sizes)


class TestMannKendall:
    # Expected: pyMannKendall 1.4.3 (Hussain and Mahmud 2019) run on the same series.
    @pytest.mark.parametrize(
        ("more", "variance", "z", "p"),
        [
            ({"correction": ""}, 112728.33333333333, -4.128066522844101, 3.658262921657496e-05),
            ({"correction": "hamed-rao"}, 241565.3569166269, -2.8199791956451388, 0.004802676310182719),
            (
                {"correction": "hamed-rao", "lags": 3},
                282111.428078166,
                -2.609473498565488,
                0.009068166970294111,
            ),
        ],
    )
    def test_nile(self, more, variance, z, p):
        row = trends.mann_kendall(range(1871, 1971), NILE, **more).iloc[0]
        assert row["s"] == -1387
        assert (row["variance"], row["z"], row["p_value"]) == pytest.approx((variance, z, p))
        assert row["value"] == pytest.approx(-0.2802020202)

    def test_ties_agree_with_scipy(self):
        values = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]
        row = trends.mann_kendall(range(15), values, correction="").iloc[0]
        # scipy has the same variance without the continuity correction.
        p = stats.kendalltau(range(15), values, method="asymptotic").pvalue
        assert 2 * stats.norm.sf(abs(row["s"]) / np.sqrt(row["variance"])) == pytest.approx(p)

    def test_missing_values_are_counted(self):
        row = trends.mann_kendall(range(6), [1, None, 2, 3, np.nan, 5], correction="").iloc[0]
        assert (row["s"], row["denominator"]) == (6, 4)
        assert row["note"].replace("\xa0", " ") == "2 valeurs manquantes écartées"

    @pytest.mark.parametrize(
        ("periods", "values", "more", "sentence"),
        [
            (range(3), [1, 2, 3], {}, "au moins 4"),
            (range(5), [2] * 5, {}, "toutes les valeurs sont égales"),
            (range(5), [1, 2, None, 4, 5], {"correction": "hamed-rao"}, "périodes régulières"),
            ([1, 2, 3, 5, 6], [1, 3, 2, 4, 5], {"correction": "hamed-rao"}, "périodes régulières"),
            (range(5), [1, 3, 2, 4, 5], {"correction": "hamed-rao", "lags": 0}, "décalages"),
            ([1, 3, 2, 4], [1, 2, 3, 4], {}, "ligne 3 : la période 2 n'est pas dans l'ordre"),
        ],
    )
    def test_refuses(self, periods, values, more, sentence):
        with pytest.raises(NotComputable, match=f"(?i){sentence}"):
            trends.mann_kendall(periods, values, **more)

    def test_refuses_an_unknown_correction(self):
        with pytest.raises(UnknownName, match="hamed-rao"):
            trends.mann_kendall(range(5), range(5), correction="hamed")

    @given(st.lists(st.integers(-50, 50), min_size=5, max_size=25, unique=True), st.floats(0.1, 9))
    def test_only_order_matters(self, values, scale):
        periods = range(len(values))
        row = trends.mann_kendall(periods, values, correction="").iloc[0]
        assert -1 <= row["value"] <= 1
        assert (
            trends.mann_kendall(periods, np.exp(scale * np.array(values) / 50), correction="").iloc[0]["z"]
            == row["z"]
        )
        assert trends.mann_kendall(periods, values[::-1]).iloc[0]["s"] == -row["s"]

    @given(st.lists(st.integers(-50, 50), min_size=5, max_size=25, unique=True))
    def test_no_correction_narrows_the_variance(self, values):
        periods = range(len(values))
        plain, careful, theirs = (
            trends.mann_kendall(periods, values, correction=name).iloc[0]
            for name in ("", "prudente", "hamed-rao")
        )
        assert careful["variance"] >= plain["variance"]
        assert theirs["variance"] >= plain["variance"]
        assert len({row["method"] for row in (plain, careful, theirs)}) == 3

    def test_a_stock_is_refused(self):
        with pytest.raises(NotComputable, match=r"[Uu]n stock"):
            trends.mann_kendall(range(7), range(7), nature="stock", indicator="Rennes")


class TestSenSlope:
    def test_hollander_and_wolfe(self):
        # Hollander and Wolfe (1999), example 9.1, cloud seeding: slopes of the ten pairs, median (-0.0575 - 0.055)/2.
        row = trends.sen_slope([1, 2, 3, 4, 5], [1.26, 1.27, 1.12, 1.16, 1.03]).iloc[0]
        assert row["value"] == pytest.approx(-0.05625)

    def test_nile(self):
        assert trends.sen_slope(range(1871, 1971), NILE).iloc[0]["value"] == pytest.approx(
            -2.6
        )  # pyMannKendall

    def test_leaves_missing_out_and_refuses_too_few(self):
        row = trends.sen_slope([1, 2, 3, 4, 5], [2, 4, None, 8, 10], unit="CPTS").iloc[0]
        assert (row["value"], row["unit"], row["denominator"]) == (2, "CPTS par période", 4)
        with pytest.raises(NotComputable, match="au moins 4"):
            trends.sen_slope([1, 2, 3, 4], [2, 4, None, 8])

    def test_a_stock_is_refused_and_the_interval_is_wider_than_that_of_scipy(self):
        values = [5, 3, 6, 4, 8, 7, 9, 6, 10, 12]
        fit = stats.theilslopes(values, range(10))
        plain = trends.sen_slope(range(10), values, correction="").iloc[0]
        assert (plain["lower"], plain["upper"]) == pytest.approx((fit.low_slope, fit.high_slope))
        row = trends.sen_slope(range(10), values).iloc[0]
        assert row["upper"] - row["lower"] > 1.1 * (plain["upper"] - plain["lower"])
        for method in (trends.sen_slope, trends.average_annual_change):
            with pytest.raises(NotComputable, match=r"[Uu]n stock"):
                method(range(10), values, nature="stock")

    @given(st.lists(st.floats(-100, 100), min_size=4, max_size=12), st.floats(-5, 5))
    def test_a_line_added_adds_its_slope(self, values, slope):
        periods = np.arange(len(values))
        row = trends.sen_slope(periods, values).iloc[0]
        assert row["lower"] <= row["value"] + 1e-9
        assert row["value"] <= row["upper"] + 1e-9
        moved = trends.sen_slope(periods, np.array(values) + slope * periods).iloc[0]
        assert moved["value"] == pytest.approx(row["value"] + slope, abs=1e-6)


class TestAverageAnnualChange:
    def test_exact_growth(self):
        row = trends.average_annual_change(range(2016, 2024), 1000 * 1.07 ** np.arange(8)).iloc[0]
        assert (row["value"], row["lower"], row["upper"]) == pytest.approx((7, 7, 7))
        assert row["unit"] == "% par période"

    def test_agrees_with_scipy(self):
        values = [100, 110, 120, 135]
        fit = stats.linregress(range(4), np.log(values))
        row = trends.average_annual_change(range(4), values, correction="").iloc[0]
        half = stats.t.ppf(0.975, 2) * fit.stderr
        assert row["value"] == pytest.approx(100 * np.expm1(fit.slope))
        assert (row["lower"], row["upper"]) == pytest.approx(
            tuple(100 * np.expm1([fit.slope - half, fit.slope + half]))
        )

    @pytest.mark.parametrize(
        ("periods", "values", "sentence"),
        [
            ([1, 2, 3], [1, 0, 2], "ligne 2 .*positive"),
            ([1, 2], [1, 2], "au moins 3"),
            ([1, 2, 3], [1, None, 2], "ligne 2"),
        ],
    )
    def test_refuses(self, periods, values, sentence):
        with pytest.raises(NotComputable, match=sentence):
            trends.average_annual_change(periods, values)


class TestControlChart:
    # NIST/SEMATECH e-Handbook, 6.3.2.2: ten batches, mean 50.81, mean moving range 1.8778, limits 45.8159 and 55.8041.
    BATCHES = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)

    def test_nist(self):
        table = trends.xmr(range(1, 11), self.BATCHES)
        assert table[["centre", "lower", "upper"]].iloc[0].tolist() == pytest.approx(
            [50.81, 45.8159, 55.8041], abs=1e-4
        )
        assert table["signal"].tolist() == [""] * 10

    @pytest.mark.parametrize(
        ("values", "name", "rows"),
        [
            ([10, 11, 10, 11, 10, 11, 10, 30], "hors limites", [7]),
            ([12, 11, 12, 11, 12, 11, 12, 11, 5, 4, 5, 4, 5, 4, 5], "décalage", list(range(8))),
            ([5, 9, 1, 2, 3, 4, 5, 6, 1, 9, 5, 2], "dérive", [2, 3, 4, 5, 6, 7]),
            (
                [10, 11, 10, 11, 10, 11, 14, 14, 11, 10, 11, 10, 11, 10, 11, 10],
                "deux sur trois près d'une limite",
                [6, 7],
            ),
        ],
    )
    def test_each_rule_marks_its_points(self, values, name, rows):
        signal = trends.xmr(range(len(values)), values)["signal"]
        assert [row for row, text in enumerate(signal) if name in text] == rows

    def test_seven_on_one_side_are_not_a_shift(self):
        values = [12, 11, 12, 11, 12, 11, 12, 5, 4, 5, 4, 5, 4, 5]
        assert not trends.xmr(range(14), values)["signal"].str.contains("décalage").any()

    def test_new_base_needs_a_written_reason(self):
        values = [1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8]
        with pytest.raises(NotComputable, match="raison écrite"):
            trends.xmr(range(12), values, rebase=6)
        table = trends.xmr(range(12), values, rebase=6, reason="avenant 2 de l'ACI")
        assert table["centre"].tolist() == [1.5] * 6 + [8.5] * 6
        assert table["note"].iloc[6] == "nouvelle base : avenant 2 de l'ACI"
        assert np.isnan(table["moving_range"].iloc[6])

    @pytest.mark.parametrize(
        ("values", "more", "sentence"),
        [
            ([1] * 5, {}, "5.points dans une base"),
            ([1] * 8, {"rebase": 6, "reason": "x"}, "2.points"),
            ([1, None] * 3, {}, "ligne 2"),
        ],
    )
    def test_refuses(self, values, more, sentence):
        with pytest.raises(NotComputable, match=sentence):
            trends.xmr(range(len(values)), values, **more)


def test_one_lag_is_enough_for_hamed_and_rao():
    one = trends.mann_kendall(range(100), NILE, correction="hamed-rao", lags=1).iloc[0]
    plain = trends.mann_kendall(range(100), NILE, correction="").iloc[0]
    assert one["variance"] > plain["variance"]


@pytest.mark.parametrize("correction", ["prudente", "hamed-rao"])
def test_a_perfect_line_widens_no_variance(correction):
    corrected, plain = (
        trends.mann_kendall(range(8), range(8), correction=item).iloc[0] for item in (correction, "")
    )
    assert corrected["variance"] == plain["variance"]


def test_limits_of_a_recent_trend_are_those_of_its_test():
    row = recent([150, 170, 160, 190, 200], [1000] * 5)
    error = row["value"] / np.sqrt(row["chi_square"])
    assert row["upper"] - row["value"] == pytest.approx(stats.norm.isf(0.001) * error)


def test_a_large_move_is_seen_from_the_first_year():
    assert trends.smallest_visible_change(100_000, 30, target=5).iloc[0]["years_needed"] == 1


class TestSmallestVisibleChange:
    def test_agrees_with_the_power_of_statsmodels(self):
        row = trends.smallest_visible_change(1000, 20).iloc[0]
        effect = NormalIndPower().solve_power(nobs1=1000, alpha=0.05, power=0.8, ratio=1)
        assert abs(proportion_effectsize(row["upper"] / 100, 0.2)) == pytest.approx(effect, rel=1e-4)
        assert abs(proportion_effectsize(row["lower"] / 100, 0.2)) == pytest.approx(effect, rel=1e-4)

    def test_the_power_is_what_it_says(self):
        # Two years drawn at the bound of the band differ at 5 % in about 80 % of the draws.
        row = trends.smallest_visible_change(2000, 30).iloc[0]
        generator = np.random.default_rng(5)
        one, two = (
            generator.binomial(2000, 0.3, 20_000) / 2000,
            generator.binomial(2000, row["upper"] / 100, 20_000) / 2000,
        )
        z = (two - one) / np.sqrt((one + two) * (1 - (one + two) / 2) / 2000)
        assert (np.abs(z) > 1.959964).mean() == pytest.approx(0.8, abs=0.01)

    def test_longer_follow_up_is_the_slope_of_a_regression(self):
        # Five years, six points: variance of the slope 1/(4n) / 17.5 (sum of squares of 0..5 about their mean).
        row = trends.smallest_visible_change(1000, 20, periods=5).iloc[0]
        slope = (1.959964 + 0.841621) / np.sqrt(4 * 1000 * 17.5)
        assert row["upper"] == pytest.approx(100 * np.sin(np.arcsin(np.sqrt(0.2)) + 5 * slope) ** 2, rel=1e-6)

    def test_rates(self):
        # 40 events expected: square roots 6.3246 ± 2.8016/sqrt 2, half variance each.
        row = trends.smallest_visible_change(40_000, 100, kind="rate").iloc[0]
        assert row["upper"] * 0.4 == pytest.approx((40**0.5 + 2.801585 / 2**0.5) ** 2, rel=1e-5)
        assert row["method"].startswith("racine")

    def test_years_needed_for_a_target(self):
        table = trends.smallest_visible_change([300, 50_000, 100], [20, 20, 99], periods=[1, 5], target=0.75)
        needed = table["years_needed"].tolist()
        assert needed[0] == needed[1] > needed[2] == needed[3] == 1
        assert table["years_needed"].isna().tolist()[4:] == [
            True,
            True,
        ]  # 99 % + 0.75 a year leaves the range unseen
        # At that horizon the move is seen, the year before it is not.
        years = int(needed[0])
        for horizon, seen in ((years, True), (years - 1, False)):
            band = trends.smallest_visible_change(300, 20, periods=horizon).iloc[0]
            assert (20 + 0.75 * horizon >= band["upper"]) == seen

    def test_a_band_that_touches_the_end_says_so(self):
        row = trends.smallest_visible_change(20, 2).iloc[0]
        assert (row["lower"], row["reach_down"], row["reach_up"]) == (0, False, True)

    @pytest.mark.parametrize(
        ("arguments", "more", "error", "sentence"),
        [
            (([100, 0], [20, 20]), {}, NotComputable, "ligne 2 : le dénominateur"),
            (([100, 100], [20, 120]), {}, NotComputable, "ligne 2 : la valeur .*domaine possible"),
            ((100, 20), {"periods": 0}, NotComputable, "entier d'au moins 1"),
            ((100, 20), {"power": 1}, NotComputable, "puissance"),
            ((100, 20), {"kind": "count"}, UnknownName, "proportion"),
        ],
    )
    def test_refuses(self, arguments, more, error, sentence):
        with pytest.raises(error, match=sentence):
            trends.smallest_visible_change(*arguments, **more)

    @given(st.integers(5, 10**6), st.floats(0, 100), st.floats(0.55, 0.95))
    def test_band_holds_the_value_narrows_with_size_widens_with_power(self, size, value, power):
        row = trends.smallest_visible_change(size, value, power=power).iloc[0]
        assert 0 <= row["lower"] <= value + 1e-9
        assert value - 1e-9 <= row["upper"] <= 100 + 1e-9
        assert (
            trends.smallest_visible_change(4 * size, value, power=power).iloc[0]["upper"]
            <= row["upper"] + 1e-9
        )
        assert (
            trends.smallest_visible_change(size, value, power=power + 0.04).iloc[0]["upper"]
            >= row["upper"] - 1e-9
        )


@pytest.mark.parametrize("method", [trends.sen_slope, trends.xmr, trends.joinpoint])
def test_mixed_units_are_refused(method):
    more = {"logarithm": False} if method is trends.joinpoint else {}
    with pytest.raises(NotComputable, match=r"ligne 8 : l'unité \(« k€ »\)"):
        method(range(8), [1, 3, 2, 4, 6, 5, 7, 8], unit=["€"] * 7 + ["k€"], **more)


def test_every_name_of_the_contract_is_here():
    for name in trends.__all__:
        frame = getattr(trends, name)
        assert frame.__doc__
    assert isinstance(trends.sen_slope(range(4), [1, 2, 3, 5]), pd.DataFrame)


def test_a_series_that_never_moves_has_no_change_to_tell():
    row = trends.average_annual_change(range(6), [1.0] * 6).iloc[0]
    assert (row["value"], row["p_value"]) == (0, 1)


def test_the_confidence_of_a_planned_change_is_that_of_its_risk():
    assert trends.smallest_visible_change(1000, 20, alpha=0.1).iloc[0]["confidence"] == pytest.approx(0.9)
