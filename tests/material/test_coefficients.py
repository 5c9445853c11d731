"""Agreement against textbook tables, published results and formulas written out here; what is undefined, perfect, by chance."""

from itertools import combinations, permutations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from helpers import material
from helpers.errors import NotComputable
from helpers.material import coefficients

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability", example C: four observers, twelve units, missing values.
K2011 = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
FIVE = ["1", "2", "3", "4", "5"]
# Cohen (1960), table 2, as 200 judgements; Fleiss, Levin and Paik (2003), table 18.1; Gwet, three abstractors' categories.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
FLEISS = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]
# Feinstein and Cicchetti (1990): the same 85 % of agreement, with balanced then with unbalanced totals.
BALANCED = [[40, 9], [6, 45]]
UNBALANCED = [[80, 10], [5, 5]]


def pairs(square) -> pd.DataFrame:
    """Units × two coders from a table coder 1 × coder 2."""
    rows = [
        (f"c{i}", f"c{j}")
        for i, row in enumerate(square)
        for j, count in enumerate(row)
        for _ in range(count)
    ]
    return pd.DataFrame(rows, columns=["A", "B"], dtype="string")


def by_unit(by_coder) -> pd.DataFrame:
    columns = {
        f"o{number}": [None if item is None else str(item) for item in row]
        for number, row in enumerate(by_coder)
    }
    return pd.DataFrame(columns, dtype="string")


def one(table: pd.DataFrame) -> pd.Series:
    assert len(table) == 1
    return table.iloc[0]


def kappa_by_hand(square) -> tuple[float, float]:
    """Kappa and its standard error with loops (Fleiss, Levin and Paik 2003, equations 18.9 and 18.13 to 18.16)."""
    share = np.array(square, float) / np.sum(square)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, chance = np.trace(share), float(rows @ columns)
    kappa = (observed - chance) / (1 - chance)
    k = len(share)
    a = sum(share[i, i] * (1 - (rows[i] + columns[i]) * (1 - kappa)) ** 2 for i in range(k))
    b = (
        sum(share[i, j] * (columns[i] + rows[j]) ** 2 for i in range(k) for j in range(k) if i != j)
        * (1 - kappa) ** 2
    )
    c = (kappa - chance * (1 - kappa)) ** 2
    return kappa, np.sqrt((a + b - c) / np.sum(square)) / (1 - chance)


def alpha_by_hand(by_coder, order=None) -> float:
    """Alpha as observed over expected disagreement of all pairs of values, with loops (Krippendorff 2011)."""
    units = [[row[unit] for row in by_coder if row[unit] is not None] for unit in range(len(by_coder[0]))]
    units = [values for values in units if len(values) >= 2]
    pooled = [value for values in units for value in values]

    def distance(first, second) -> float:
        if order is None:
            return float(first != second)
        low, high = sorted((order.index(first), order.index(second)))
        between = sum(pooled.count(value) for value in order[low : high + 1])
        return (between - (pooled.count(first) + pooled.count(second)) / 2) ** 2

    observed = sum(
        sum(distance(a, b) for a, b in permutations(values, 2)) / (len(values) - 1) for values in units
    ) / len(pooled)
    expected = sum(distance(a, b) for a, b in permutations(pooled, 2)) / (len(pooled) * (len(pooled) - 1))
    return 1 - observed / expected


class TestKappa:
    @pytest.mark.parametrize(
        ("square", "kappa", "low", "high"),
        [
            (COHEN, 0.492, 0.39, 0.59),  # interval: R psych, cohen.kappa, example of Cohen (1960)
            (FLEISS, 0.6765, 0.5046, 0.8484),  # SAS PROC FREQ
            (
                ABSTRACTORS,
                0.7964,
                0.680,
                0.913,
            ),  # R irrCAC, cont3x3abstractors (Student interval, hence three digits)
        ],
    )
    def test_published_tables(self, square, kappa, low, high):
        row = one(material.cohen_kappa(pairs(square)))
        assert row["value"] == pytest.approx(kappa, abs=5e-4)
        assert (row["lower"], row["upper"]) == pytest.approx((low, high), abs=6e-3)

    @pytest.mark.parametrize("square", [COHEN, FLEISS, ABSTRACTORS, BALANCED, UNBALANCED])
    def test_formulas_written_out(self, square):
        row = one(material.cohen_kappa(pairs(square), confidence=0.9))
        kappa, error = kappa_by_hand(square)
        assert row["value"] == pytest.approx(kappa, abs=1e-12)
        assert row["upper"] - row["value"] == pytest.approx(stats.norm.ppf(0.95) * error, rel=1e-9)
        assert row["denominator"] == np.sum(square)

    def test_the_paradox_of_feinstein_and_cicchetti(self):
        agreed = [
            one(material.percent_agreement(pairs(square)))["value"] for square in (BALANCED, UNBALANCED)
        ]
        kappas = [one(material.cohen_kappa(pairs(square)))["value"] for square in (BALANCED, UNBALANCED)]
        assert agreed == [0.85, 0.85]
        assert kappas == pytest.approx([0.70, 0.32], abs=5e-3)
        # AC1 hardly moves (Gwet 2008), and the prevalence shows why kappa did.
        ac1 = [one(material.gwet_ac1(pairs(square)))["value"] for square in (BALANCED, UNBALANCED)]
        assert ac1 == pytest.approx([0.70, 0.81], abs=5e-3)
        assert [material.prevalence(pairs(s), "c0") for s in (BALANCED, UNBALANCED)] == [0.475, 0.875]

    def test_extreme_prevalence_gives_a_negative_kappa_at_94_percent(self):
        table = pairs([[118, 5], [2, 0]])
        assert one(material.percent_agreement(table))["value"] == 0.944
        assert one(material.cohen_kappa(table))["value"] == pytest.approx(
            kappa_by_hand([[118, 5], [2, 0]])[0]
        )
        assert one(material.cohen_kappa(table))["value"] < 0
        assert one(material.gwet_ac1(table))["value"] > 0.93

    def test_chance_is_zero_and_opposition_is_minus_one(self):
        assert one(material.cohen_kappa(pairs([[25, 25], [25, 25]])))["value"] == 0
        assert one(material.cohen_kappa(pairs([[0, 10], [10, 0]])))["value"] == -1
        # Two coders of one category each, never the same: no agreement and none expected.
        assert one(material.cohen_kappa(pairs([[0, 10], [0, 0]])))["value"] == 0


class TestAlpha:
    def test_krippendorff_2011(self):
        table = by_unit(K2011)
        assert one(material.krippendorff_alpha(table))["value"] == pytest.approx(0.743, abs=5e-4)
        ordinal = one(material.krippendorff_alpha(table, order=FIVE))
        assert ordinal["value"] == pytest.approx(0.815, abs=5e-4)
        assert ordinal["statistic"] == coefficients.ALPHA_ORDINAL
        assert ordinal["denominator"] == 11  # the twelfth unit has one value

    def test_pairs_written_out(self):
        assert one(material.krippendorff_alpha(by_unit(K2011)))["value"] == pytest.approx(
            alpha_by_hand(K2011)
        )
        found = one(material.krippendorff_alpha(by_unit(K2011), order=FIVE))["value"]
        assert found == pytest.approx(alpha_by_hand(K2011, [1, 2, 3, 4, 5]))

    def test_two_observers_nominal_of_krippendorff(self):
        # Krippendorff (2011), example B: two observers, nominal, alpha 0.692.
        first = list("aabbdcccedda")
        second = list("babbbccceddd")
        table = pd.DataFrame({"A": first, "B": second}, dtype="string")
        by_coder = [first, second]
        assert one(material.krippendorff_alpha(table))["value"] == pytest.approx(alpha_by_hand(by_coder))
        assert one(material.krippendorff_alpha(table))["value"] == pytest.approx(0.692, abs=5e-4)

    def test_order_of_values_matters_for_ordinal_only(self):
        table = by_unit(K2011)
        shuffled = one(material.krippendorff_alpha(table, order=["3", "1", "5", "2", "4"]))["value"]
        assert shuffled != pytest.approx(
            one(material.krippendorff_alpha(table, order=FIVE))["value"], abs=1e-3
        )

    @settings(max_examples=60)
    @given(
        st.lists(st.lists(st.sampled_from([None, 1, 2, 3]), min_size=3, max_size=3), min_size=2, max_size=12),
        st.booleans(),
    )
    def test_any_data_agree_with_the_formula_or_are_refused(self, rows, ordinal):
        table = pd.DataFrame(
            [[None if item is None else str(item) for item in row] for row in rows],
            columns=list("ABC"),
            dtype="string",
        )
        kept = [[v for v in row if v is not None] for row in rows if sum(v is not None for v in row) >= 2]
        order = ["1", "2", "3"] if ordinal else ()
        if len({value for row in kept for value in row}) < 2:
            with pytest.raises(NotComputable, match="non défini"):
                material.krippendorff_alpha(table, order=order, draws=20)
            return
        by_coder = [[row[coder] for row in rows] for coder in range(3)]
        found = one(material.krippendorff_alpha(table, order=order, draws=20))["value"]
        assert found == pytest.approx(alpha_by_hand(by_coder, [1, 2, 3] if ordinal else None))

    @pytest.mark.parametrize("ordinal", [False, True])
    def test_each_bootstrap_sample_is_the_alpha_of_the_package(self, ordinal):
        counts = np.random.default_rng(1).multinomial(3, [0.4, 0.3, 0.2, 0.1], size=25).astype(float)
        weights = np.random.default_rng(2).multinomial(25, np.full(25, 1 / 25), size=40).astype(float)
        found = coefficients._alphas(counts, weights, ordinal=ordinal)
        for sampled, weight in zip(found, weights, strict=True):
            drawn = np.repeat(counts, weight.astype(int), axis=0).astype(int)
            scale = "ordinal" if ordinal else "nominal"
            assert sampled == pytest.approx(
                krippendorff.alpha(value_counts=drawn, level_of_measurement=scale)
            )

    def test_the_interval_is_the_same_on_every_run_and_another_with_another_seed(self):
        table = pairs(COHEN)
        first, again = (one(material.krippendorff_alpha(table)) for _ in range(2))
        assert (first["lower"], first["upper"]) == (again["lower"], again["upper"])
        assert one(material.krippendorff_alpha(table, seed=7))["lower"] != first["lower"]
        assert first["lower"] < first["value"] < first["upper"]

    def test_the_bootstrap_interval_covers_like_the_asymptotic_one(self):
        # With 200 units and two coders, alpha is nearly Scott's pi, whose interval is close to that of kappa.
        alpha, kappa = one(material.krippendorff_alpha(pairs(COHEN))), one(material.cohen_kappa(pairs(COHEN)))
        assert (alpha["lower"], alpha["upper"]) == pytest.approx((kappa["lower"], kappa["upper"]), abs=0.02)

    def test_undefined_samples_are_counted(self):
        row = one(material.krippendorff_alpha(pairs([[9, 0], [1, 0]]), draws=500))
        assert "tirages sur 500 non définis" in row["note"]
        assert row["value"] == pytest.approx(0, abs=1e-9)


class TestAC1:
    def test_two_abstractors_of_gwet(self):
        # R irrCAC, gwet.ac1.table(cont3x3abstractors): 0.8493305, s.e. 0.04321747, interval (0.763, 0.935).
        row = one(material.gwet_ac1(pairs(ABSTRACTORS)))
        assert row["value"] == pytest.approx(0.8493305, abs=1e-7)
        assert (row["lower"], row["upper"]) == pytest.approx((0.763, 0.935), abs=1.5e-3)

    @pytest.mark.parametrize("square", [COHEN, FLEISS, ABSTRACTORS, BALANCED, UNBALANCED])
    def test_variance_of_two_raters_written_out(self, square):
        # Gwet (2008), variance of AC1 for two raters with loops; divided by n - 1, as that of a sample is.
        share, size = np.array(square, float) / np.sum(square), np.sum(square)
        k, observed = len(share), np.trace(share)
        mean = (share.sum(axis=0) + share.sum(axis=1)) / 2
        chance = sum(mean * (1 - mean)) / (k - 1)
        ac1 = (observed - chance) / (1 - chance)
        agreed = sum(share[i, i] * (1 - mean[i]) for i in range(k)) / (k - 1)
        all_pairs = (
            sum(share[i, j] * (1 - (mean[i] + mean[j]) / 2) ** 2 for i in range(k) for j in range(k))
            / (k - 1) ** 2
        )
        variance = (
            observed * (1 - observed)
            - 4 * (1 - ac1) * (agreed - observed * chance)
            + 4 * (1 - ac1) ** 2 * (all_pairs - chance**2)
        ) / ((1 - chance) ** 2 * (size - 1))
        row = one(material.gwet_ac1(pairs(square), confidence=0.9))
        assert row["value"] == pytest.approx(ac1, abs=1e-12)
        half = stats.t.ppf(0.95, size - 1) * np.sqrt(variance)
        assert (row["lower"], row["upper"]) == pytest.approx((ac1 - half, ac1 + half), rel=1e-9)

    def test_four_raters_with_missing_values_of_gwet(self):
        # R irrCAC, gwet.ac1.raw(cac.raw4raters): 0.77544, s.e. 0.14295, interval (0.461, 1).
        row = one(material.gwet_ac1(by_unit(K2011)))
        assert row["value"] == pytest.approx(0.77544, abs=5e-6)
        assert row["lower"] == pytest.approx(0.461, abs=5e-4)
        assert row["upper"] == 1
        assert row["denominator"] == 11

    def test_chance_of_two_raters_written_out(self):
        share = np.array(COHEN) / 200
        mean = (share.sum(axis=0) + share.sum(axis=1)) / 2
        chance = (mean * (1 - mean)).sum() / 2
        expected = (np.trace(share) - chance) / (1 - chance)
        assert one(material.gwet_ac1(pairs(COHEN)))["value"] == pytest.approx(expected)

    def test_a_category_that_nobody_used_lowers_chance(self):
        table = pairs(BALANCED)
        more = one(material.gwet_ac1(table, categories=["c0", "c1", "c2"]))["value"]
        assert more > one(material.gwet_ac1(table))["value"]


class TestRaw:
    def test_two_coders_have_the_wilson_interval(self):
        row = one(material.percent_agreement(pairs(COHEN)))
        oracle = stats.binomtest(140, 200).proportion_ci(method="wilson")
        assert (row["value"], row["numerator"], row["denominator"]) == (0.7, 140, 200)
        assert (row["lower"], row["upper"]) == pytest.approx((oracle.low, oracle.high))

    def test_more_coders_average_their_pairs(self):
        row = one(material.percent_agreement(by_unit(K2011)))
        kept = [[r[u] for r in K2011 if r[u] is not None] for u in range(12)]
        shares = [np.mean([a == b for a, b in combinations(v, 2)]) for v in kept if len(v) > 1]
        assert row["value"] == pytest.approx(np.mean(shares))  # 0.81818 in irrCAC
        assert row["value"] == pytest.approx(0.81818, abs=1e-5)
        assert row["lower"] < row["value"] < row["upper"]


MEASURES = [material.cohen_kappa, material.krippendorff_alpha, material.gwet_ac1]


class TestEdges:
    @pytest.mark.parametrize("measure", MEASURES)
    def test_one_category_on_both_sides_is_not_defined(self, measure):
        with pytest.raises(NotComputable, match=r"non défini : .*une seule modalité \(« c0 »\)"):
            measure(pairs([[12, 0], [0, 0]]))

    @pytest.mark.parametrize("measure", [*MEASURES, material.percent_agreement])
    def test_nothing_coded_twice_is_not_defined(self, measure):
        table = pd.DataFrame({"A": ["x", None], "B": [None, "y"]}, dtype="string")
        with pytest.raises(NotComputable, match="aucune unité n'a été codée par deux codeurs"):
            measure(table)

    @pytest.mark.parametrize("measure", MEASURES)
    def test_perfect_is_one_without_a_false_certainty(self, measure):
        row = one(measure(pairs([[7, 0], [0, 5]])))
        assert row["value"] == 1
        assert np.isnan(row["lower"])
        assert np.isnan(row["upper"])
        assert row["note"] == "intervalle non défini : aucun désaccord observé"

    @pytest.mark.parametrize(
        ("rows", "why"),
        [
            (["xxx", "yyy", "xxx"], "aucun désaccord observé"),
            (["xxy"], "tous les tirages donnent la même valeur"),
            (["xyx"] * 4, "tous les tirages donnent la même valeur"),
        ],
    )
    @pytest.mark.parametrize("measure", [material.percent_agreement, material.krippendorff_alpha])
    def test_three_coders_have_no_interval_of_no_width(self, measure, rows, why):
        table = pd.DataFrame([list(row) for row in rows], columns=list("ABC"), dtype="string")
        row = one(measure(table, draws=50))
        assert np.isnan(row["lower"])
        assert np.isnan(row["upper"])
        assert row["note"] == f"intervalle non défini : {why}"

    def test_codes_written_as_numbers_are_codes(self):
        numbers = pd.DataFrame({"A": [1, 2, 2, 1], "B": [1, 2, 1, 1]})
        for tell in (
            lambda table: material.measures(table, indicator="x", draws=50),
            lambda table: material.by_code(table, draws=50),
        ):
            pd.testing.assert_frame_equal(tell(numbers), tell(numbers.astype("string")))
        assert material.prevalence(numbers, "1") == material.prevalence(numbers, 1) == 5 / 8
        asked = material.by_code(numbers, codes=[1], draws=50).set_index("statistic")
        assert asked.loc[coefficients.PREVALENCE, "value"] == 5 / 8
        assert asked.loc[coefficients.RAW, "value"] == 3 / 4
        assert asked.loc[coefficients.KAPPA, "value"] == 0.5

    def test_a_value_given_twice_in_the_order_counts_once(self):
        table = by_unit(K2011)
        twice = one(material.krippendorff_alpha(table, order=["1", *FIVE]))["value"]
        assert twice == one(material.krippendorff_alpha(table, order=FIVE))["value"]

    def test_chance_is_near_zero_for_all(self):
        table = pairs([[250, 250], [250, 250]])
        for measure in MEASURES:
            assert abs(one(measure(table))["value"]) < 1e-3

    def test_kappa_compares_two_coders(self):
        with pytest.raises(NotComputable, match="compare deux codeurs, il y en a 4"):
            material.cohen_kappa(by_unit(K2011))

    def test_a_value_out_of_the_order_is_named(self):
        with pytest.raises(NotComputable, match="« 5 » n'est pas dans la liste"):
            material.krippendorff_alpha(by_unit(K2011), order=["1", "2", "3", "4"])

    def test_kappa_leaves_units_of_one_coder_out(self):
        table = pd.concat([pairs(COHEN), pd.DataFrame({"A": ["c0"] * 9, "B": [None] * 9}, dtype="string")])
        assert one(material.cohen_kappa(table))["value"] == one(material.cohen_kappa(pairs(COHEN)))["value"]
        assert one(material.cohen_kappa(table))["denominator"] == 200

    @pytest.mark.parametrize("confidence", [0, 1, 1.5])
    def test_a_level_out_of_range_is_refused(self, confidence):
        with pytest.raises(NotComputable, match="entre 0 et 1"):
            material.cohen_kappa(pairs(COHEN), confidence=confidence)


def test_units_that_nobody_coded_change_nothing_to_ac1():
    table = pairs(ABSTRACTORS)
    empty = pd.DataFrame(pd.NA, index=["x", "y"], columns=table.columns)
    both = [one(material.gwet_ac1(each)) for each in (table, pd.concat([table.astype("string"), empty]))]
    assert both[0].equals(both[1])
