"""Comparisons of territories against published tables and textbooks; each refusal; properties."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from helpers.errors import NotComputable, UnknownName
from helpers.methods import comparison, describe, inequality, polarity, rates


class TestQuantileGroups:
    def test_by_hand(self):
        table = comparison.quantile_groups([10, 40, 20, 30, 60, 50], 3)
        assert table["group"].tolist() == [1, 2, 1, 2, 3, 3]
        reverse = comparison.quantile_groups([10, 40, 20, 30, 60, 50], 3, lowest_group_is_highest_values=True)
        assert reverse["group"].tolist() == [3, 2, 3, 2, 1, 1]

    def test_agrees_with_pandas_when_groups_are_equal(self):
        values = np.random.default_rng(3).normal(size=60)
        assert (
            comparison.quantile_groups(values, 5)["group"].tolist()
            == (pd.qcut(values, 5, labels=False) + 1).tolist()
        )

    def test_ties_share_a_group_and_say_so_and_missing_has_none(self):
        table = comparison.quantile_groups([1, 2, 2, None, 4], 2, territory=list("abcde"))
        assert table["group"].astype(object).where(table["group"].notna(), None).tolist() == [
            1,
            1,
            1,
            None,
            2,
        ]
        assert table["note"].tolist()[1:4] == ["ex æquo : même groupe"] * 2 + [
            "valeur manquante : sans groupe"
        ]
        assert table["territory"].tolist() == list("abcde")

    @pytest.mark.parametrize(
        ("values", "groups", "sentence"),
        [([1, 2, None], 3, "2.territoires renseignés pour 3 groupes"), ([1, 2], 1, "deux groupes")],
    )
    def test_refuses(self, values, groups, sentence):
        with pytest.raises(NotComputable, match=sentence):
            comparison.quantile_groups(values, groups)

    @given(st.lists(st.integers(-99, 99), min_size=5, max_size=40), st.integers(2, 5), st.randoms())
    def test_groups_follow_values_whatever_the_order(self, values, groups, random):
        shuffled = random.sample(values, len(values))
        table = comparison.quantile_groups(shuffled, groups).sort_values("value", kind="stable")
        assert table["group"].is_monotonic_increasing
        assert table["group"].between(1, groups).all()
        assert (table.groupby("value")["group"].nunique() == 1).all()


class TestAgainstBenchmark:
    def table(self, way="hausse favorable", **more):
        return comparison.against_benchmark(
            [10, 20, 30, np.nan],
            [8, 18, 27, np.nan],
            [12, 22, 33, np.nan],
            20,
            polarity=way,
            territory=list("abcd"),
            **more,
        )

    def test_words_of_each_polarity(self):
        low, same, high = (
            "moins favorable que la référence",
            "non différent de la référence",
            "plus favorable que la référence",
        )
        assert self.table()["verdict"].tolist() == [low, same, high, "non calculable"]
        assert self.table("baisse favorable")["verdict"].tolist() == [high, same, low, "non calculable"]
        neutral = self.table("sans jugement")["verdict"].tolist()
        assert neutral == ["au-dessous de la référence", same, "au-dessus de la référence", "non calculable"]

    def test_an_area_without_interval_is_never_no_difference(self):
        row = self.table().iloc[3]
        assert (row["note"], pd.isna(row["direction"])) == ("intervalle absent", True)

    def test_the_reference_is_not_compared_with_itself(self):
        row = self.table(benchmark_territory="c").iloc[2]
        assert (row["verdict"], row["note"]) == (
            "non calculable",
            "territoire de référence, non comparé à lui-même",
        )

    def test_refuses(self):
        with pytest.raises(NotComputable, match=r"ligne 2 .*sort de son intervalle"):
            comparison.against_benchmark([1, 2], [0, 3], [2, 1], 1, polarity="sans jugement")
        with pytest.raises(NotComputable, match=r"[Vv]aleur de référence manque"):
            comparison.against_benchmark([1], [0], [2], float("nan"), polarity="sans jugement")
        with pytest.raises(UnknownName, match="hausse favorable"):
            comparison.against_benchmark([1], [0], [2], 1, polarity="hausse favorabl")

    @given(st.floats(-100, 100), st.floats(0, 50), st.floats(0, 50), st.floats(-100, 100))
    def test_the_three_verdicts_share_the_plane(self, value, below, above, benchmark):
        # Exactly one verdict everywhere, borders included: a limit equal to the reference does not leave it out.
        low, high = value - below, value + above
        row = comparison.against_benchmark(value, low, high, benchmark, polarity="sans jugement").iloc[0]
        expected = {low > benchmark: 1, high < benchmark: -1}.get(True, 0)
        assert row["direction"] == expected


class TestFunnel:
    # Public test tables of the R package PHEindicatormethods (tests/testthat/testdata_funnel_*_outputs.csv).
    @pytest.mark.parametrize(
        ("size", "limits"),
        [
            (1, [3.204264, 100, 0, 100]),
            (20, [63.326743, 97.958152, 53.341156, 100]),
            (234, [75.580155, 85.70474, 72.660842, 88.624054]),
            (110_000, [80.408963, 80.875933, 80.274317, 81.010578]),
        ],
    )
    def test_proportions_as_published(self, size, limits):
        table = comparison.funnel_limits("proportion", 80.642448, [size], per=100)
        # Their three-sigma column is at 99.8 %: z = 3.0902.
        assert table[["lower", "upper"]].to_numpy().ravel() == pytest.approx(limits, abs=1e-3)

    @pytest.mark.parametrize(
        ("count", "lower_expected", "lower", "upper_expected", "upper"),
        [
            (1, 5.571644585, 17.94802207, 0.025317898, 3949.774946),
            (10, 18.39035799, 54.3763205, 4.795387629, 208.5337156),
            (47, 62.50002175, 75.19997383, 34.5338404, 136.0983877),
            (100, 121.6268111, 82.21871402, 81.36400699, 122.9044681),
        ],
    )
    def test_ratios_as_published(self, count, lower_expected, lower, upper_expected, upper):
        # Their table gives, for an observed count, the expected count that puts it on the limit.
        table = comparison.funnel_limits(
            "ratio", 100, [lower_expected, upper_expected], per=100, confidence=[0.95]
        )
        assert table["lower"].iloc[0] == pytest.approx(lower, rel=3e-5)
        assert table["upper"].iloc[1] == pytest.approx(upper, rel=3e-5)

    def test_rates_as_published(self):
        # Three pooled years, average 116.1720835 per 100 000; their row of 466 events: the populations that put it on a limit.
        table = comparison.funnel_limits(
            "rate", 116.1720835, [3 * 146419.093, 3 * 121843.7136], per=100_000, confidence=[0.95]
        )
        assert table["lower"].iloc[0] == pytest.approx(106.088168, rel=1e-5)
        assert table["upper"].iloc[1] == pytest.approx(127.4857181, rel=1e-5)

    def test_significance_in_words_and_overdispersion(self):
        table = comparison.funnel_significance("proportion", [50, 62, 20], [100, 100, 100], 50, per=100)
        assert table["verdict"].tolist() == [
            "dans les limites",
            "au-delà de 95 %, au-dessus",
            "au-delà de 99,8 %, au-dessous",
        ]
        # z = 0, 2.4, -6: mean square 13.92.
        assert table["dispersion"].iloc[0] == pytest.approx(13.92)
        assert table["note"].iloc[0].startswith("surdispersion : 13,9 fois")
        calm = comparison.funnel_significance("rate", [10, 11], [100, 100], 10, per=100)
        assert calm["note"].tolist() == ["", ""]

    @given(st.integers(1, 400), st.floats(0.05, 0.95), st.floats(0, 1))
    def test_outside_exactly_when_wilson_leaves_the_average_out(self, size, average, share):
        inside = round(share * size)
        wilson = rates.proportion(inside, size).iloc[0]
        out = not wilson["lower"] <= 100 * average <= wilson["upper"]
        margin = min(abs(wilson["lower"] - 100 * average), abs(wilson["upper"] - 100 * average))
        row = comparison.funnel_significance("proportion", [inside], [size], average, per=1).iloc[0]
        if margin > 1e-9:
            assert (row["verdict"] != "dans les limites") == out

    @given(st.floats(0.01, 5000), st.sampled_from(["rate", "ratio"]))
    def test_limits_hold_the_average_and_widen(self, size, statistic):
        table = comparison.funnel_limits(statistic, 1.0, [size], per=1)
        assert (
            0
            <= table["lower"].iloc[1]
            <= table["lower"].iloc[0]
            <= 1
            <= table["upper"].iloc[0]
            <= table["upper"].iloc[1]
        )

    @pytest.mark.parametrize(
        ("arguments", "per", "error", "sentence"),
        [
            (("proportions", 50, [10]), 100, UnknownName, "proportion"),
            (("proportion", 120, [10]), 100, NotComputable, "sort du domaine"),
            (("rate", 0, [10]), 100, NotComputable, "sort du domaine"),
            (("rate", 10, [10, 0]), 100, NotComputable, "ligne 2 : le dénominateur"),
            (("rate", 10, [10]), 0, NotComputable, "unité"),
        ],
    )
    def test_refuses(self, arguments, per, error, sentence):
        with pytest.raises(error, match=sentence):
            comparison.funnel_limits(*arguments, per=per)

    def test_significance_refuses_impossible_counts(self):
        with pytest.raises(NotComputable, match=r"ligne 2 .*sort du dénominateur"):
            comparison.funnel_significance("proportion", [1, 3], [2, 2], 50, per=100)


VALUES, PEOPLE, ERRORS = [60.0, 66, 70, 75, 79], [200, 180, 220, 210, 190], [1.0, 1.2, 0.9, 1.1, 1.3]


class TestSlopeIndex:
    def test_by_hand_with_equal_groups(self):
        # Ranks 0.1, 0.3, 0.5, 0.7, 0.9: the values rise by 2 every 0.2, so by 10 from rank 0 to rank 1.
        table = comparison.slope_index_of_inequality(
            [2, 4, 6, 8, 10], [1] * 5, standard_errors=[0.1] * 5, seed=1
        ).iloc[0]
        assert table["value"] == pytest.approx(10)
        ratio = comparison.relative_index_of_inequality(
            [2, 4, 6, 8, 10], [1] * 5, standard_errors=[0.01] * 5, seed=1
        ).iloc[0]
        assert ratio["value"] == pytest.approx(11)  # the line goes from 1 to 11

    def test_agrees_with_weighted_regression(self):
        share = np.array(PEOPLE) / sum(PEOPLE)
        rank = np.cumsum(share) - share / 2
        fit = sm.WLS(VALUES, sm.add_constant(rank), weights=PEOPLE).fit()
        row = comparison.slope_index_of_inequality(VALUES, PEOPLE, standard_errors=ERRORS, seed=1).iloc[0]
        assert row["value"] == pytest.approx(fit.params[1])
        ratio = comparison.relative_index_of_inequality(VALUES, PEOPLE, standard_errors=ERRORS, seed=1).iloc[
            0
        ]
        assert ratio["value"] == pytest.approx(fit.params.sum() / fit.params[0])

    def test_simulated_interval_agrees_with_the_exact_one(self):
        # The slope is linear in independent normal values: its exact interval is value ± 1.96 sqrt(sum(c² se²)).
        share = np.array(PEOPLE) / sum(PEOPLE)
        rank = np.cumsum(share) - share / 2
        centred = rank - (share * rank).sum()
        weights = share * centred / (share * centred**2).sum()
        half = 1.959964 * np.sqrt((weights**2 * np.array(ERRORS) ** 2).sum())
        row = comparison.slope_index_of_inequality(VALUES, PEOPLE, standard_errors=ERRORS, seed=7).iloc[0]
        assert (row["lower"], row["upper"]) == pytest.approx(
            (row["value"] - half, row["value"] + half), abs=0.03 * half
        )

    def test_seed_decides_and_is_told(self):
        one, two, other = (
            comparison.slope_index_of_inequality(
                VALUES, PEOPLE, standard_errors=ERRORS, seed=seed, repetitions=2000
            )
            for seed in (1, 1, 2)
        )
        pd.testing.assert_frame_equal(one, two)
        assert one["lower"].iloc[0] != other["lower"].iloc[0]
        assert (one["seed"].iloc[0], one["repetitions"].iloc[0]) == (1, 2000)

    @given(st.floats(0.1, 100), st.floats(-50, 50))
    def test_scale_and_shift(self, scale, shift):
        plain = comparison.slope_index_of_inequality(
            VALUES, PEOPLE, standard_errors=ERRORS, seed=1, repetitions=1000
        ).iloc[0]
        moved = comparison.slope_index_of_inequality(
            scale * np.array(VALUES) + shift, [3 * item for item in PEOPLE], standard_errors=scale * np.array(ERRORS),
            seed=1, repetitions=1000,
        ).iloc[0]  # fmt: skip
        for name in ("value", "lower", "upper"):
            assert moved[name] == pytest.approx(scale * plain[name], rel=1e-6)

    @pytest.mark.parametrize(
        ("values", "people", "errors", "more", "sentence"),
        [
            ([1, 2], [1, 1], [1, 1], {}, "trois groupes"),
            ([1, 2, 3], [1, 0, 1], [1, 1, 1], {}, "ligne 2 : la population"),
            ([1, 2, 3], [1, 1, 1], [1, 1, -1], {}, "ligne 3 : une erreur type"),
            ([1, None, 3], [1, 1, 1], [1, 1, 1], {}, "ligne 2 : la valeur manque"),
            ([1, 2, 3], [1, 1], [1, 1, 1], {}, "même longueur"),
            ([1, 2, 3], [1, 1, 1], [1, 1, 1], {"repetitions": 10}, "10 répétitions"),
        ],
    )
    def test_refuses(self, values, people, errors, more, sentence):
        with pytest.raises(NotComputable, match=sentence):
            comparison.slope_index_of_inequality(values, people, standard_errors=errors, seed=1, **more)

    def test_relative_index_refuses_a_line_below_zero_or_too_uncertain(self):
        with pytest.raises(NotComputable, match="sous zéro"):
            comparison.relative_index_of_inequality(
                [0.1, 5, 10], [1, 1, 1], standard_errors=[0.1] * 3, seed=1
            )
        with pytest.raises(NotComputable, match="trop incertaine"):
            comparison.relative_index_of_inequality([2, 3, 4], [1, 1, 1], standard_errors=[2] * 3, seed=1)


class TestConcentration:
    # O'Donnell et al. (2008), Analyzing Health Equity Using Household Survey Data, World Bank, table 8.1:
    # under-five deaths in India 1982-92 by wealth fifth, concentration index -0.1694.
    RATE, BIRTHS = [154.7, 152.9, 119.5, 86.9, 54.3], [29939, 28776, 26528, 24689, 19739]

    def test_world_bank_table(self):
        row = comparison.concentration_index(self.RATE, self.BIRTHS).iloc[0]
        assert round(row["value"], 4) == -0.1694
        assert np.isnan(row["lower"])
        assert "erreurs types absentes" in row["note"]

    def test_interval_agrees_with_simulation(self):
        row = comparison.concentration_index(self.RATE, self.BIRTHS, standard_errors=[3] * 5).iloc[0]
        moved = np.random.default_rng(0).normal(self.RATE, 3, size=(4000, 5))
        share = np.array(self.BIRTHS) / sum(self.BIRTHS)
        rank = np.cumsum(share) - share / 2
        index = 2 * (moved * share) @ rank / (moved @ share) - 1
        assert (row["lower"], row["upper"]) == pytest.approx(
            tuple(np.quantile(index, [0.025, 0.975])), abs=0.001
        )

    @pytest.mark.parametrize(
        ("values", "sentence"), [([1, -1, 2], "ligne 2 .*positives"), ([0, 0, 0], "moyenne est nulle")]
    )
    def test_refuses(self, values, sentence):
        with pytest.raises(NotComputable, match=sentence):
            comparison.concentration_index(values, [1, 1, 1])

    @given(
        st.lists(st.tuples(st.floats(0.1, 100), st.integers(1, 50)), min_size=3, max_size=9),
        st.floats(0.1, 50),
    )
    def test_range_and_scale(self, groups, scale):
        values, people = map(np.array, zip(*groups, strict=True))
        index = comparison.concentration_index(values, people)["value"].iloc[0]
        assert -1 <= index <= 1
        assert comparison.concentration_index(scale * values, people)["value"].iloc[0] == pytest.approx(
            index, abs=1e-9
        )
        assert comparison.concentration_index(np.full(len(people), 4.0), people)["value"].iloc[
            0
        ] == pytest.approx(0, abs=1e-9)


def test_gini_is_that_of_describe_in_long_form():
    row = comparison.gini([3.0, 1.0]).iloc[0]
    assert (row["value"], row["numerator"], row["denominator"]) == (0.25, 4, 2)
    assert comparison.lorenz is describe.lorenz
    with pytest.raises(NotComputable, match="Gini"):
        comparison.gini([1.0, -1.0])


@given(st.lists(st.floats(0.01, 1e6), min_size=2, max_size=30), st.floats(0.01, 100))
def test_gini_bounds_order_and_scale(values, scale):
    index = comparison.gini(values)["value"].iloc[0]
    assert -1e-9 <= index <= 1 - 1 / len(values) + 1e-9
    assert comparison.gini(sorted(values))["value"].iloc[0] == pytest.approx(index, abs=1e-9)
    assert comparison.gini([scale * item for item in values])["value"].iloc[0] == pytest.approx(
        index, abs=1e-9
    )


def test_mixed_units_are_refused():
    with pytest.raises(NotComputable, match="ligne 2 : l'unité"):
        comparison.quantile_groups([1, 2, 3], 2, unit=["%", "‰", "%"])
    with pytest.raises(NotComputable, match="ligne 2 : l'unité"):
        comparison.against_benchmark([1, 2], [0, 1], [2, 3], 1, polarity="sans jugement", unit=["%", "‰"])


def test_polarity_has_words_for_every_way():
    assert [polarity.move(way, "baisse favorable") for way in (-1, 0, 1)] == [
        "baisse favorable", "pas d'évolution significative", "hausse défavorable",
    ]  # fmt: skip
    with pytest.raises(UnknownName):
        polarity.check("neutre")


def test_limits_of_the_relative_index_widen_with_the_confidence_as_those_of_a_normal_law():
    given = ([70, 65, 60, 55, 50], [1000] * 5)
    options = {"standard_errors": [1.5] * 5, "seed": 5}
    narrow, wide = (
        inequality.relative_index_of_inequality(*given, confidence=level, **options).iloc[0]
        for level in (0.5, 0.95)
    )
    for side in ("lower", "upper"):
        ratio = np.log(narrow[side] / narrow["value"]) / np.log(wide[side] / wide["value"])
        assert ratio == pytest.approx(stats.norm.ppf(0.75) / stats.norm.ppf(0.975), rel=0.06)


@pytest.mark.parametrize(("areas", "widened"), [(9, False), (10, True)])
def test_limits_are_widened_from_ten_areas_on(areas, widened):
    counts = [400 if rank % 2 else 600 for rank in range(areas)]
    table = comparison.funnel_significance("proportion", counts, [1000] * areas, 50, per=100)
    assert (table["factor"] > 1).all() == widened
